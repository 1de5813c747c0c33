package asset

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"
)

func TestOpaquePicturesBecomeJPEGAndOthersPNG(t *testing.T) {
	cases := map[string]struct {
		raw  []byte
		kind string
	}{
		"jpeg":             {asJPEG(t, painted(40, 30)), "image/jpeg"},
		"png":              {asPNG(t, painted(40, 30)), "image/jpeg"},
		"png see-through":  {asPNG(t, seeThrough(40, 30)), "image/png"},
		"gif":              {asGIF(t, painted(40, 30)), "image/jpeg"},
		"webp":             {fromBase64(t, lossyPixel), "image/jpeg"},
		"webp see-through": {fromBase64(t, losslessPixel), "image/png"},
		"png with 16 bits": {asPNG(t, image.NewGray16(image.Rect(0, 0, 40, 30))), "image/jpeg"},
	}
	for name, c := range cases {
		p := take(t, c.raw)
		if p.ContentType != c.kind {
			t.Errorf("%s is stored as %s", name, p.ContentType)
		}
		m := decoded(t, whole(p))
		if m.Bounds().Dx() != p.Width || m.Bounds().Dy() != p.Height {
			t.Errorf("%s: stored with %v, said to be %d × %d", name, m.Bounds(), p.Width, p.Height)
		}
		if again := take(t, c.raw); again.Hash != p.Hash || again.Placeholder != p.Placeholder {
			t.Errorf("%s: the same bytes gave another picture", name)
		}
	}
}

func TestSmallerWidthsAreMadeAtUpload(t *testing.T) {
	p := take(t, asPNG(t, painted(1000, 500)))
	var names []string
	for _, f := range p.Files {
		names = append(names, f.Name)
		if f.Name == Whole {
			continue
		}
		b := decoded(t, f.Body).Bounds()
		if fmt.Sprint(b.Dx()) != f.Name || b.Dy() != b.Dx()/2 {
			t.Errorf("the file %s is %v", f.Name, b)
		}
		if c := decoded(t, f.Body).At(b.Dx()-1, b.Dy()-1); !near(c, 255, 255) {
			t.Errorf("the file %s ends with %v", f.Name, c)
		}
	}
	if got := strings.Join(names, " "); got != "960 640 480 320 160 full" {
		t.Errorf("made %s", got)
	}
	if p.Width != 1000 || p.Height != 500 {
		t.Errorf("%d × %d", p.Width, p.Height)
	}
}

func TestAVeryFlatPictureKeepsARow(t *testing.T) {
	p := take(t, asPNG(t, painted(16000, 1)))
	if m := decoded(t, p.Files[len(p.Files)-2].Body).Bounds(); m.Dx() != 160 || m.Dy() != 1 {
		t.Errorf("the smallest is %v", m)
	}
}

func TestPlaceholdersAreTiny(t *testing.T) {
	for _, m := range []image.Image{painted(2000, 1500), seeThrough(300, 900), painted(1, 1), painted(1, 900)} {
		p := take(t, asPNG(t, m))
		if !strings.HasPrefix(p.Placeholder, "data:image/png;base64,") || len(p.Placeholder) > 1024 {
			t.Errorf("%v: %d characters, %.40s", m.Bounds(), len(p.Placeholder), p.Placeholder)
		}
	}
}

// A picture taken with the camera turned is stored upright, and where it was taken is gone.
func TestOrientationIsAppliedAndMetadataIsGone(t *testing.T) {
	// Where the corner that was stored first ends up, in a picture of 60 × 40.
	corner := map[byte]image.Point{
		1: {0, 0}, 2: {59, 0}, 3: {59, 39}, 4: {0, 39}, 5: {0, 0}, 6: {39, 0}, 7: {39, 59}, 8: {0, 59},
	}
	for orientation, at := range corner {
		for kind, raw := range map[string][]byte{
			"jpeg": withExif(asJPEG(t, painted(60, 40)), orientation),
			"png":  afterHeader(asPNG(t, painted(60, 40)), chunk("eXIf", exif(orientation))),
		} {
			p := take(t, raw)
			if turned := p.Width == 40 && p.Height == 60; turned != (orientation >= 5) {
				t.Errorf("%s, orientation %d: %d × %d", kind, orientation, p.Width, p.Height)
			}
			m := decoded(t, whole(p))
			opposite := image.Pt(p.Width-1-at.X, p.Height-1-at.Y)
			if !near(m.At(at.X, at.Y), 0, 0) || !near(m.At(opposite.X, opposite.Y), 255, 255) {
				t.Errorf("%s, orientation %d: %v at %v, %v at %v", kind, orientation, m.At(at.X, at.Y), at, m.At(opposite.X, opposite.Y), opposite)
			}
			for _, f := range p.Files {
				for _, rest := range []string{"Exif", "GPS", "59.3293"} {
					if bytes.Contains(f.Body, []byte(rest)) {
						t.Errorf("%s: %s is still in the file %s", kind, rest, f.Name)
					}
				}
			}
		}
	}
}

func TestScalingKeepsTheMean(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 301, 97))
	for y := range 97 {
		for x := range 301 {
			v := uint8((x + y) % 2 * 200)
			m.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	out := scaled(m, 7, 5)
	for i := 0; i < len(out.Pix); i += 4 {
		if out.Pix[i] < 98 || out.Pix[i] > 102 || out.Pix[i+3] != 255 {
			t.Fatalf("a checkerboard became %v", out.Pix[i:i+4])
		}
	}
	if same := scaled(m, 301, 97); !bytes.Equal(same.Pix, m.Pix) {
		t.Error("the same size is another picture")
	}
}
