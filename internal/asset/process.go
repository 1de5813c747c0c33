//sonata:pure

package asset

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"

	"golang.org/x/image/webp"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// Picture is an uploaded picture as it is stored: pixels alone, whatever else the file held.
type Picture struct {
	Hash string // over the bytes of the whole picture
	Size int    // of the whole picture
	Meta
	Files []File // the whole picture last
}

// File is one stored size of a picture.
type File struct {
	Name string // see FileName
	Body []byte
}

const quality = 85

// Process decodes a picture that Inspect let through and makes what is stored of it: upright, without metadata, as JPEG
// or, when it has transparency, as PNG; and each width of the ladder that is smaller. The same bytes give the same
// result. Faults: Invalid for a picture that is broken, Exhausted for one that is too large when stored.
func Process(raw []byte, h Header) (Picture, error) {
	m, err := decode(raw, h)
	if err != nil {
		return Picture{}, err
	}
	m = upright(m, h.Orientation)
	p := Picture{Meta: Meta{Width: m.Rect.Dx(), Height: m.Rect.Dy(), ContentType: "image/png"}}
	if m.Opaque() {
		p.ContentType = "image/jpeg"
	}
	whole, err := encode(m, p.ContentType)
	if err != nil {
		return Picture{}, err
	}
	p.Hash, p.Size = canonical.Hash(whole), len(whole)
	for _, width := range slices.Backward(Ladder()) {
		if width >= p.Width {
			continue
		}
		m = scaled(m, width, inProportion(p.Height, width, p.Width))
		body, err := encode(m, p.ContentType)
		if err != nil {
			return Picture{}, err
		}
		p.Files = append(p.Files, File{Name: FileName(width), Body: body})
	}
	p.Files = append(p.Files, File{Name: Whole, Body: whole})
	p.Placeholder, err = placeholderOf(m)
	return p, err
}

func inProportion(height, width, of int) int { return max(1, (height*width+of/2)/of) }

// decode reads the pixels. The decoders are other people's code and the bytes are anybody's, so a panic is a broken
// picture too.
func decode(raw []byte, h Header) (out *image.RGBA, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			out, err = nil, broken("it cannot be decoded").Because(fmt.Errorf("panic: %v", cause))
		}
	}()
	read := map[string]func(io.Reader) (image.Image, error){
		formatJPEG: jpeg.Decode, formatPNG: png.Decode, formatWebP: webp.Decode, formatGIF: gif.Decode,
	}[h.Format]
	m, err := read(bytes.NewReader(raw))
	if err != nil {
		return nil, broken("it cannot be decoded").Because(err)
	}
	canvas := image.Rect(0, 0, h.Width, h.Height)
	if m.Bounds() != canvas && (h.Format != formatGIF || !m.Bounds().In(canvas)) { // the frame of a GIF may be smaller
		return nil, broken("it has another size than it says")
	}
	out = image.NewRGBA(canvas)
	draw.Draw(out, m.Bounds(), m, m.Bounds().Min, draw.Src)
	return out, nil
}

// quickPixels is from where a PNG is written quickly rather than small: it would take longer than a request may.
const quickPixels = 10_000_000

func encode(m *image.RGBA, contentType string) ([]byte, error) {
	b := &bounded{left: maxStored}
	var err error
	if contentType == "image/jpeg" {
		err = jpeg.Encode(b, m, &jpeg.Options{Quality: quality})
	} else {
		e := png.Encoder{}
		if m.Rect.Dx()*m.Rect.Dy() > quickPixels {
			e.CompressionLevel = png.BestSpeed
		}
		err = e.Encode(b, m)
	}
	if b.left < 0 {
		return nil, fault.Exhaustedf("the picture is larger than %d MB when it is stored: make it smaller, or leave its transparency out", maxStored>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("encode picture: %w", err)
	}
	return b.Bytes(), nil
}

// bounded is a buffer that ends who writes too much.
type bounded struct {
	bytes.Buffer
	left int
}

var errTooMuch = errors.New("too much")

// Write keeps what there is room for.
func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errTooMuch
	}
	return b.Buffer.Write(p)
}

// The placeholder: at most this many pixels on its longer side, at most this many characters.
const (
	placeholderSide = 12
	placeholderMax  = 1024
)

// placeholderOf makes a tiny picture that fits into a page.
func placeholderOf(m *image.RGBA) (string, error) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	for side := placeholderSide; ; side-- {
		longer := max(w, h, side)
		tiny := scaled(m, max(1, w*side/longer), max(1, h*side/longer))
		body, err := encode(tiny, "image/png")
		if err != nil {
			return "", err
		}
		if text := "data:image/png;base64," + base64.StdEncoding.EncodeToString(body); len(text) <= placeholderMax || side == 1 {
			return text, nil
		}
	}
}
