//sonata:pure

package asset

import "image"

// scaled makes a picture smaller: each pixel becomes the mean of the area that it covers, colors weighted by their
// opacity. It counts in whole numbers, so that every machine makes the same bytes, and needs memory for one row; the
// kernels of golang.org/x/image/draw keep 32 bytes for each pixel of a column, which is half a gigabyte here.
func scaled(m *image.RGBA, width, height int) *image.RGBA {
	sw, sh := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	row, sum := make([]uint64, width*4), make([]uint64, width*4)
	for sy := range sh {
		squeezeRow(row, m.Pix[sy*m.Stride:][:sw*4], sw, width)
		// A row of the source is height units high, one of the result sh units; a source row touches two of them at most.
		y := sy * height / sh
		left := (y+1)*sh - sy*height // units until the row of the result is full
		if left > height {
			add(sum, row, height)
			continue
		}
		add(sum, row, left)
		write(out.Pix[y*out.Stride:], sum, uint64(sw)*uint64(sh))
		clear(sum)
		add(sum, row, height-left)
	}
	return out
}

// squeezeRow sums one row of a source that is sw pixels wide into width pixels.
func squeezeRow(into []uint64, pix []byte, sw, width int) {
	clear(into)
	for sx := range sw {
		x := sx * width / sw
		first := min((x+1)*sw-sx*width, width)
		for c, v := range pix[sx*4:][:4] {
			into[x*4+c] += uint64(v) * uint64(first)
			if rest := width - first; rest > 0 {
				into[(x+1)*4+c] += uint64(v) * uint64(rest)
			}
		}
	}
}

func add(sum, row []uint64, weight int) {
	if weight == 0 {
		return
	}
	for i, v := range row {
		sum[i] += v * uint64(weight)
	}
}

func write(pix []byte, sum []uint64, total uint64) {
	for i, v := range sum {
		pix[i] = byte((v + total/2) / total)
	}
}
