package asset

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/fault"
)

// A WebP of one pixel, with and without loss.
const (
	lossyPixel    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	losslessPixel = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
)

func fromBase64(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// riff is a WebP of these chunks.
func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), slices.Concat(chunks...)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func riffChunk(kind string, body []byte) []byte {
	out := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body))), body...)
	if len(body)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

// canvas is the header of a WebP with features.
func canvas(flags byte, w, h int) []byte {
	body := []byte{flags, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), byte((w - 1) >> 16), byte(h - 1), byte((h - 1) >> 8), byte((h - 1) >> 16)}
	return riffChunk("VP8X", body)
}

// hostile is what people and programs send in place of a picture.
func hostile(t testing.TB) map[string]struct {
	raw  []byte
	kind fault.Kind
	says string
} {
	whole := asJPEG(t, painted(64, 64))
	scan := bytes.Index(whole, []byte{0xff, 0xda})
	header := whole[scan : scan+2+int(binary.BigEndian.Uint16(whole[scan+2:]))]
	huge := bytes.Clone(whole)
	frame := bytes.Index(huge, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(huge[frame+5:], 50_000)
	binary.BigEndian.PutUint16(huge[frame+7:], 50_000)
	hugeGIF := bytes.Clone(asGIF(t, painted(4, 4)))
	binary.LittleEndian.PutUint16(hugeGIF[6:], 50_000)
	binary.LittleEndian.PutUint16(hugeGIF[8:], 50_000)
	emptyGIF := bytes.Clone(asGIF(t, painted(4, 4)))
	copy(emptyGIF[6:], []byte{0, 0, 0, 0})
	return map[string]struct {
		raw  []byte
		kind fault.Kind
		says string
	}{
		"nothing":                 {nil, fault.Invalid, "empty"},
		"svg with script":         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), fault.Invalid, "SVG"},
		"svg behind a prolog":     {[]byte("\ufeff<?xml version=\"1.0\"?>\n<!DOCTYPE svg>\n<svg onload='alert(1)'/>"), fault.Invalid, "SVG"},
		"html":                    {[]byte("\n<!DOCTYPE html><script>alert(1)</script>"), fault.Invalid, "HTML"},
		"pdf":                     {[]byte("%PDF-1.7\n"), fault.Invalid, "PDF"},
		"zip":                     {[]byte("PK\x03\x04rest"), fault.Invalid, "ZIP"},
		"avif":                    {[]byte("\x00\x00\x00\x20ftypavif"), fault.Invalid, "AVIF"},
		"bmp":                     {[]byte("BM0000000000"), fault.Invalid, "BMP"},
		"script behind a space":   {append([]byte(" "), whole...), fault.Invalid, "no picture"},
		"only a mark, jpeg":       {[]byte("\xff\xd8\xff"), fault.Invalid, "ends too early"},
		"only a mark, png":        {[]byte("\x89PNG\r\n\x1a\n"), fault.Invalid, "ends too early"},
		"only a mark, webp":       {[]byte("RIFF\x04\x00\x00\x00WEBP"), fault.Invalid, "how large"},
		"only a mark, gif":        {[]byte("GIF89a"), fault.Invalid, "how large"},
		"png, 50k × 50k":          {pngOf(50_000, 50_000), fault.Exhausted, "50000 × 50000"},
		"png, one long line":      {pngOf(1, 40_000_000), fault.Exhausted, "each side"},
		"png, 4 billion":          {pngOf(1<<32-1, 1<<32-1), fault.Exhausted, "each side"},
		"png, 41 megapixels":      {pngOf(8200, 5000), fault.Exhausted, "40 megapixels"},
		"png, zero":               {pngOf(0, 10), fault.Invalid, "no size"},
		"jpeg, 50k × 50k":         {huge, fault.Exhausted, "50000 × 50000"},
		"webp, 16k × 16k":         {riff(canvas(0, 16_384, 16_384)), fault.Exhausted, "40 megapixels"},
		"gif, 50k × 50k":          {hugeGIF, fault.Exhausted, "50000 × 50000"},
		"gif, zero":               {emptyGIF, fault.Invalid, "no size"},
		"gif without a frame":     {append(bytes.Clone(asGIF(t, painted(4, 4))[:13]), 0x3b), fault.Invalid, "no frame"},
		"animated gif":            {asGIF(t, painted(4, 4), painted(4, 4)), fault.Invalid, "animated"},
		"animated png":            {afterHeader(asPNG(t, painted(4, 4)), chunk("acTL", make([]byte, 8))), fault.Invalid, "animated"},
		"animated webp":           {riff(canvas(2, 4, 4), riffChunk("ANIM", make([]byte, 6))), fault.Invalid, "animated"},
		"progressive without end": {slices.Concat(whole[:scan], bytes.Repeat(header, maxScans+1), whole[scan:]), fault.Exhausted, "scans"},
	}
}

func TestWhatIsNoPictureIsRefusedBeforeDecoding(t *testing.T) {
	for name, c := range hostile(t) {
		_, err := Inspect(c.raw)
		if fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What Inspect lets through and no decoder takes is refused all the same.
func TestWhatLiesIsRefusedWhenItIsDecoded(t *testing.T) {
	jpg, whole := asJPEG(t, painted(64, 64)), asPNG(t, painted(64, 64))
	for name, raw := range map[string][]byte{
		"truncated jpeg":         jpg[:len(jpg)/2],
		"png with broken pixels": slices.Concat(whole[:60], make([]byte, 40), whole[100:]),
		"png, size only":         pngOf(5000, 5000),
		"webp of another size":   riff(canvas(0, 5, 5), fromBase64(t, lossyPixel)[12:]),
		"gif with a frame outside": func() []byte {
			raw := bytes.Clone(asGIF(t, painted(4, 4)))
			binary.LittleEndian.PutUint16(raw[6:], 2)
			return raw
		}(),
	} {
		h, err := Inspect(raw)
		if err == nil {
			_, err = Process(raw, h)
		}
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever else a picture carries, or is at the same time, does not survive: pixels come out and nothing else.
func TestNothingButPixelsSurvives(t *testing.T) {
	const evil = `<html><script>alert(document.domain)</script></html>`
	zip := "PK\x03\x04evil.zip"
	bomb := bytes.Repeat([]byte{0}, 1<<20)
	gifScript := bytes.Clone(asGIF(t, painted(20, 20)))
	for name, raw := range map[string][]byte{
		"gif and script":          append(gifScript, "=1;alert(1)/*"+evil...),
		"gif with a comment":      slices.Concat(gifScript[:13], []byte{0x21, 0xfe, byte(len(evil))}, []byte(evil), []byte{0}, gifScript[13:]),
		"jpeg and html":           append(asJPEG(t, painted(20, 20)), evil...),
		"jpeg and zip":            append(asJPEG(t, painted(20, 20)), zip+evil...),
		"jpeg with a comment":     slices.Concat([]byte{0xff, 0xd8, 0xff, 0xfe, 0, byte(len(evil) + 2)}, []byte(evil), asJPEG(t, painted(20, 20))[2:]),
		"png with text":           afterHeader(asPNG(t, painted(20, 20)), chunk("tEXt", []byte("Comment\x00"+evil))),
		"png with a profile bomb": afterHeader(asPNG(t, painted(20, 20)), chunk("iCCP", append([]byte("x\x00\x00"+evil), bomb...)), chunk("zTXt", bomb)),
		"png and html":            append(asPNG(t, seeThrough(20, 20)), evil...),
	} {
		p := take(t, raw)
		for _, f := range p.Files {
			if bytes.Contains(f.Body, []byte("alert")) || bytes.Contains(f.Body, []byte("PK\x03\x04")) || len(f.Body) > 4096 {
				t.Errorf("%s: it is still in the file %s (%d bytes)", name, f.Name, len(f.Body))
			}
		}
		if p.Width != 20 || p.Height != 20 {
			t.Errorf("%s: %d × %d", name, p.Width, p.Height)
		}
	}
}

func FuzzInspect(f *testing.F) {
	f.Add(asJPEG(f, painted(8, 8)))
	f.Add(withExif(asJPEG(f, painted(8, 8)), 6))
	f.Add(asPNG(f, seeThrough(8, 8)))
	f.Add(asGIF(f, painted(8, 8)))
	f.Add(asGIF(f, painted(8, 8), painted(8, 8)))
	f.Add(fromBase64(f, lossyPixel))
	f.Add(fromBase64(f, losslessPixel))
	f.Add(riff(canvas(0x10, 4, 4), riffChunk("EXIF", exif(3)), fromBase64(f, lossyPixel)[12:]))
	for _, c := range hostile(f) {
		f.Add(c.raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		h, err := Inspect(raw)
		if err != nil {
			if fault.As(err) == nil {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		if h.Width < 1 || h.Height < 1 || h.Width*h.Height > MaxPixels || h.Orientation < 1 || h.Orientation > 8 {
			t.Fatalf("let through: %+v", h)
		}
		if h.Width*h.Height > 100_000 { // what is left to try is the decoders' own business
			return
		}
		p, err := Process(raw, h)
		if err != nil {
			if fault.As(err) == nil {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		if again, err := Process(raw, h); err != nil || again.Hash != p.Hash {
			t.Fatalf("the same bytes gave another picture: %v", err)
		}
	})
}
