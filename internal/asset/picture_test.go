package asset

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"
)

// painted is a picture whose four corners differ, so that turning it shows.
func painted(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{uint8(255 * x / w), uint8(255 * y / h), 90, 255})
		}
	}
	return m
}

// seeThrough has transparency.
func seeThrough(w, h int) *image.RGBA {
	m := painted(w, h)
	m.SetRGBA(0, 0, color.RGBA{})
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asGIF(t testing.TB, frames ...image.Image) []byte {
	t.Helper()
	g := &gif.GIF{}
	for _, m := range frames {
		p := image.NewPaletted(m.Bounds(), []color.Color{color.Black, color.White, color.Transparent})
		for i := range p.Pix {
			p.Pix[i] = uint8(i % 2)
		}
		g.Image, g.Delay = append(g.Image, p), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// chunk is a chunk of a PNG.
func chunk(kind string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// afterHeader puts chunks behind the header of a PNG.
func afterHeader(raw []byte, chunks ...[]byte) []byte {
	return slices.Concat(append([][]byte{raw[:33]}, append(chunks, raw[33:])...)...)
}

// pngOf is the beginning of a PNG that says it has this size.
func pngOf(w, h int) []byte {
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(size, 8, 2, 0, 0, 0)), chunk("IDAT", []byte{0x78, 0x9c, 1}), chunk("IEND", nil))
}

// exif is what a camera writes: an orientation and where the picture was taken.
func exif(orientation byte) []byte {
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x02")
	tiff = append(tiff, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0)
	tiff = append(tiff, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0x26)
	return append(tiff, "GPS 59.3293N 18.0686E"...)
}

// withExif puts EXIF into a JPEG.
func withExif(raw []byte, orientation byte) []byte {
	body := append([]byte("Exif\x00\x00"), exif(orientation)...)
	head := []byte{0xff, 0xd8, 0xff, 0xe1, 0, 0}
	binary.BigEndian.PutUint16(head[4:], uint16(len(body)+2))
	return slices.Concat(head, body, raw[2:])
}

func take(t testing.TB, raw []byte) Picture {
	t.Helper()
	h, err := Inspect(raw)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Process(raw, h)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func whole(p Picture) []byte { return p.Files[len(p.Files)-1].Body }

func decoded(t testing.TB, raw []byte) image.Image {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func near(a color.Color, r, g uint8) bool {
	x := color.RGBAModel.Convert(a).(color.RGBA)
	far := func(a, b uint8) bool { return max(a, b)-min(a, b) > 24 }
	return !far(x.R, r) && !far(x.G, g)
}
