//sonata:pure

package asset

import (
	"bytes"
	"encoding/binary"
	"image/gif"
	"strings"

	"golang.org/x/image/webp"

	"sonata.ai/sonata/internal/fault"
)

// The limits of a picture. All but the last are checked before anything is decoded.
const (
	MaxBytes  = 10 << 20   // of the file that is uploaded
	MaxPixels = 40_000_000 // width times height
	MaxSide   = 16_384     // pixels on either side
	maxScans  = 100        // passes of a progressive JPEG: each costs time for every pixel
	maxStored = 64 << 20   // bytes of one stored file
)

// The formats that are taken.
const (
	formatJPEG = "jpeg"
	formatPNG  = "png"
	formatWebP = "webp"
	formatGIF  = "gif"
)

// Header is what the beginning of a picture says about it.
type Header struct {
	Format      string
	Width       int // as stored, before the orientation is applied
	Height      int
	Orientation int // of EXIF: 1 to 8; 1 when it says nothing
}

// unsupported is the fault code of what is no picture that is taken.
const unsupported = "UNSUPPORTED_MEDIA_TYPE"

// Inspect tells by content alone what picture this is and refuses what would not be decoded: other formats, animations,
// and sizes beyond the limits. It decodes nothing. Faults: Invalid, with the code UNSUPPORTED_MEDIA_TYPE for what is no
// picture of a format that is taken; Exhausted for sizes.
func Inspect(raw []byte) (Header, error) {
	h := Header{Orientation: 1}
	var err error
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xd8\xff")):
		h.Format = formatJPEG
		err = h.readJPEG(raw)
	case bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")):
		h.Format = formatPNG
		err = h.readPNG(raw)
	case len(raw) >= 12 && string(raw[:4]) == "RIFF" && string(raw[8:12]) == "WEBP":
		h.Format = formatWebP
		err = h.readWebP(raw)
	case bytes.HasPrefix(raw, []byte("GIF87a")), bytes.HasPrefix(raw, []byte("GIF89a")):
		h.Format = formatGIF
		err = h.readGIF(raw)
	default:
		return h, fault.Invalidf("this is %s: upload a JPEG, PNG, WebP or still GIF picture", whatElse(raw)).WithCode(unsupported)
	}
	if err != nil {
		return h, err
	}
	return h, h.checkSize()
}

func (h *Header) checkSize() error {
	switch {
	case h.Width < 1 || h.Height < 1:
		return broken("it has no size")
	case h.Width > MaxSide || h.Height > MaxSide:
		return fault.Exhaustedf("a picture is at most %d pixels on each side; this one is %d × %d: make it smaller", MaxSide, h.Width, h.Height)
	case h.Width*h.Height > MaxPixels:
		return fault.Exhaustedf("a picture has at most 40 megapixels; this one is %d × %d: make it smaller", h.Width, h.Height)
	}
	return nil
}

// whatElse names what people upload by mistake.
func whatElse(raw []byte) string {
	head := strings.ToLower(string(raw[:min(len(raw), 512)]))
	switch start := strings.TrimLeft(head, " \t\r\n\ufeff"); {
	case len(raw) == 0:
		return "empty"
	case strings.Contains(head, "<svg"):
		return "an SVG drawing, which can hold script"
	case strings.HasPrefix(start, "<!doctype"), strings.HasPrefix(start, "<html"), strings.HasPrefix(start, "<script"):
		return "an HTML page"
	case strings.HasPrefix(start, "%pdf"):
		return "a PDF document"
	case strings.HasPrefix(start, "pk\x03\x04"):
		return "a ZIP archive"
	case len(head) >= 12 && head[4:8] == "ftyp":
		return "an AVIF, HEIC or video file"
	case strings.HasPrefix(head, "bm"):
		return "a BMP picture"
	case strings.HasPrefix(head, "ii*\x00"), strings.HasPrefix(head, "mm\x00*"):
		return "a TIFF picture"
	}
	return "no picture that can be read"
}

func broken(why string) *fault.Error {
	return fault.Invalidf("the picture is broken: %s; save it again and upload the new file", why)
}

func animated() *fault.Error {
	return fault.Invalidf("this picture is animated, and only still pictures are taken: upload a single frame of it")
}

const endsTooEarly = "it ends too early"

// readJPEG walks the segments to the end of the picture: for the size, the orientation, and the number of scans.
func (h *Header) readJPEG(raw []byte) error {
	scans, at := 0, 2
	for {
		marker, body, next := jpegSegment(raw, at)
		at = next
		switch {
		case marker == 0:
			if h.Width == 0 {
				return broken(endsTooEarly)
			}
			return nil // whether the pixels are whole is seen when they are decoded
		case marker == 0xd9:
			return nil
		case marker == 0xc0, marker == 0xc1, marker == 0xc2:
			if h.Width > 0 || len(body) < 5 {
				return broken("it does not say how large it is")
			}
			h.Height, h.Width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
			if err := h.checkSize(); err != nil {
				return err
			}
		case marker == 0xda:
			if scans++; scans > maxScans {
				return fault.Exhaustedf("a progressive JPEG has at most %d scans: save it again", maxScans)
			}
		case marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			h.Orientation = orientationOf(body[6:])
		}
	}
}

// jpegSegment finds the next marker that has a body or ends the picture; 0 at the end of the bytes. Between segments are
// the pixels, in which 0xff is followed by 0 or by a restart marker.
func jpegSegment(raw []byte, at int) (marker byte, body []byte, next int) {
	for {
		i := bytes.IndexByte(raw[at:], 0xff)
		if i < 0 || at+i+1 >= len(raw) {
			return 0, nil, len(raw)
		}
		at += i + 1
		m := raw[at]
		switch {
		case m == 0xff: // a fill byte
		case m == 0xd9:
			return m, nil, at + 1
		case m == 0, m == 1, m >= 0xd0 && m <= 0xd8:
			at++
		default:
			if at+3 > len(raw) {
				return 0, nil, len(raw)
			}
			size := int(binary.BigEndian.Uint16(raw[at+1:]))
			if end := at + 1 + size; size >= 2 && end <= len(raw) {
				return m, raw[at+3 : end], end
			}
			return 0, nil, len(raw)
		}
	}
}

func (h *Header) readPNG(raw []byte) error {
	for at, first := 8, true; at+12 <= len(raw); first = false {
		size, kind := int64(binary.BigEndian.Uint32(raw[at:])), string(raw[at+4:at+8])
		if first != (kind == "IHDR") || int64(at)+12+size > int64(len(raw)) {
			break
		}
		body := raw[at+8 : at+8+int(size)]
		switch kind {
		case "IHDR":
			if size != 13 {
				return broken("it does not say how large it is")
			}
			h.Width, h.Height = int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:]))
			if err := h.checkSize(); err != nil {
				return err
			}
		case "acTL":
			return animated()
		case "eXIf":
			h.Orientation = orientationOf(body)
		case "IEND":
			return nil
		}
		at += 12 + int(size)
	}
	return broken(endsTooEarly)
}

func (h *Header) readWebP(raw []byte) error {
	for at := 12; at+8 <= len(raw); {
		size, kind := int64(binary.LittleEndian.Uint32(raw[at+4:])), string(raw[at:at+4])
		if int64(at)+8+size > int64(len(raw)) {
			break
		}
		body := raw[at+8 : at+8+int(size)]
		switch kind {
		case "ANIM", "ANMF":
			return animated()
		case "EXIF":
			h.Orientation = orientationOf(bytes.TrimPrefix(body, []byte("Exif\x00\x00")))
		}
		at += 8 + int(size) + int(size)%2
	}
	config, err := webp.DecodeConfig(bytes.NewReader(raw)) // reads no pixels; the decoder refuses frames of another size
	if err != nil {
		return broken("it does not say how large it is")
	}
	h.Width, h.Height = config.Width, config.Height
	return nil
}

func (h *Header) readGIF(raw []byte) error {
	config, err := gif.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return broken("it does not say how large it is")
	}
	h.Width, h.Height = config.Width, config.Height
	at, frames := 13+colorTable(raw[10]), 0
	for at < len(raw) {
		block := raw[at]
		at++
		switch block {
		case 0x21: // an extension: a label, then blocks
			at++
		case 0x2c: // a frame: its place, its colors, the code size, then blocks
			if frames++; frames > 1 {
				return animated()
			}
			if at+9 > len(raw) {
				return broken(endsTooEarly)
			}
			at += 9 + colorTable(raw[at+8]) + 1
		default:
			at = len(raw) // the end of the picture; what follows is never looked at
			continue
		}
		for at < len(raw) && raw[at] > 0 {
			at += 1 + int(raw[at])
		}
		at++
	}
	if frames == 0 {
		return broken("it has no frame")
	}
	return nil
}

// colorTable is the bytes of a GIF's color table, from the flags that announce it.
func colorTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (1 + flags&7)
}
