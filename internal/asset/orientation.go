//sonata:pure

package asset

import (
	"encoding/binary"
	"image"
)

// orientationTag is where EXIF says how the camera was held.
const orientationTag = 0x0112

// orientationOf reads the one thing of EXIF that a picture needs: 1 to 8, 1 for everything that is not plainly that.
func orientationOf(tiff []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	switch {
	case len(tiff) < 8:
		return 1
	case string(tiff[:4]) == "II*\x00":
		order = binary.LittleEndian
	case string(tiff[:4]) != "MM\x00*":
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	for n := int64(order.Uint16(tiff[at:])); n > 0; n-- {
		entry := at + 2 + (n-1)*12
		if entry+12 > int64(len(tiff)) || order.Uint16(tiff[entry:]) != orientationTag {
			continue
		}
		if value := int(order.Uint16(tiff[entry+8:])); order.Uint16(tiff[entry+2:]) == 3 && value >= 1 && value <= 8 {
			return value
		}
		return 1
	}
	return 1
}

// upright turns and mirrors a picture so that it needs no orientation. It may change the picture that it is given.
func upright(m *image.RGBA, orientation int) *image.RGBA {
	if orientation >= 5 {
		m = transposed(m)
	}
	// What is left after swapping the axes is mirroring either of them.
	switch orientation {
	case 2, 6:
		mirrorColumns(m)
	case 4, 8:
		mirrorRows(m)
	case 3, 7:
		mirrorColumns(m)
		mirrorRows(m)
	}
	return m
}

func transposed(m *image.RGBA) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, h, w))
	for y := range h {
		for x := range w {
			copy(out.Pix[x*out.Stride+y*4:][:4], m.Pix[y*m.Stride+x*4:][:4])
		}
	}
	return out
}

func mirrorColumns(m *image.RGBA) {
	w := m.Rect.Dx()
	for y := range m.Rect.Dy() {
		row := m.Pix[y*m.Stride:]
		for x := range w / 2 {
			swapPixel(row[x*4:][:4], row[(w-1-x)*4:][:4])
		}
	}
}

func mirrorRows(m *image.RGBA) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	for y := range h / 2 {
		a, b := m.Pix[y*m.Stride:], m.Pix[(h-1-y)*m.Stride:]
		for x := range w {
			swapPixel(a[x*4:][:4], b[x*4:][:4])
		}
	}
}

func swapPixel(a, b []byte) {
	var kept [4]byte
	copy(kept[:], a)
	copy(a, b)
	copy(b, kept[:])
}
