package asset

import (
	"context"
	"io"

	"sonata.ai/sonata/internal/fault"
)

// Content is a file that can be sent.
type Content struct {
	io.ReadSeekCloser
	Type string // media type
}

// Open opens a picture at a width of the ladder, or whole for 0. A picture that is not that wide is opened whole. It asks
// no database: who knows a hash may see the picture. Fault: NotFound.
func (a *Assets) Open(ctx context.Context, hash string, width int) (Content, error) {
	f, err := a.storage.Open(ctx, hash, FileName(width))
	if fault.KindOf(err) == fault.NotFound && width > 0 {
		f, err = a.storage.Open(ctx, hash, Whole)
	}
	if err != nil {
		return Content{}, err
	}
	kind, err := kindOf(f)
	if err != nil {
		f.Close()
		return Content{}, err
	}
	return Content{ReadSeekCloser: f, Type: kind}, nil
}

// kindOf tells the two formats that are stored apart.
func kindOf(f io.ReadSeeker) (string, error) {
	var first [1]byte
	if _, err := io.ReadFull(f, first[:]); err != nil {
		return "", err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	if first[0] == 0x89 {
		return "image/png", nil
	}
	return "image/jpeg", nil
}
