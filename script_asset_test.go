package main

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// pictureCommand paints a picture. The same arguments make the same bytes.
func pictureCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 3, "picture FILE WIDTH HEIGHT [SEED]")
	w, err := strconv.Atoi(args[1])
	ts.Check(err)
	h, err := strconv.Atoi(args[2])
	ts.Check(err)
	seed := 0
	if len(args) > 3 {
		seed, err = strconv.Atoi(args[3])
		ts.Check(err)
	}
	m := image.NewPaletted(image.Rect(0, 0, w, h), palette(strings.HasPrefix(filepath.Base(args[0]), "clear")))
	for i := range m.Pix {
		m.Pix[i] = uint8((i + seed*(i/7)) % len(m.Palette))
	}
	var b bytes.Buffer
	switch filepath.Ext(args[0]) {
	case ".png":
		err = png.Encode(&b, m)
	case ".jpg":
		err = jpeg.Encode(&b, m, nil)
	case ".gif":
		err = gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{m, m}, Delay: []int{10, 10}})
	default:
		ts.Fatalf("a picture is a .png, .jpg or (animated) .gif")
	}
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o600))
}

func palette(clear bool) color.Palette {
	p := color.Palette{color.RGBA{200, 30, 40, 255}, color.RGBA{20, 90, 160, 255}, color.RGBA{240, 220, 120, 255}}
	if clear {
		p = append(p, color.RGBA{})
	}
	return p
}

// putCommand uploads a file as a program would: its bytes are the body, and nothing says what they are.
func putCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 2, "put PATH FILE ['Header: value'…]")
	header := http.Header{}
	for _, arg := range args[2:] {
		name, value, _ := strings.Cut(arg, ": ")
		header.Add(name, fill(ts, value))
	}
	raw, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	s := of(ts)
	s.last = send(ts, http.MethodPut, fill(ts, args[0]), header, raw)
	s.say(ts)
}
