package graph

import (
	"encoding/base64"
	"strconv"
	"strings"

	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/fault"
)

// maxPage is how many edges one page can have.
const maxPage = 100

// window is one page of a connection: rows behind the cursor's key, one more than asked for to see whether there are.
type window struct {
	first int
	after string // sort key of the last row before the page; "" for the first page
}

func (w window) limit() int { return w.first + 1 }

// number is after as the number that it is in connections sorted by one, or otherwise when there is none.
func (w window) number(otherwise int) (int, error) {
	if w.after == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(w.after)
	if err != nil {
		return 0, badCursor()
	}
	return n, nil
}

func badCursor() error {
	return fault.Invalidf("after is not a cursor of this connection: pass the endCursor of the page before").At("after")
}

const cursorMark = "c:"

func readWindow(first *int, after *string, otherwise int) (window, error) {
	w := window{first: otherwise}
	if first != nil {
		w.first = *first
	}
	if w.first < 0 || w.first > maxPage {
		return w, fault.Invalidf("first: choose 0 to %d", maxPage).At("first")
	}
	if after == nil {
		return w, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(*after)
	key, ok := strings.CutPrefix(string(raw), cursorMark)
	if err != nil || !ok || key == "" {
		return w, badCursor()
	}
	w.after = key
	return w, nil
}

func cursorOf(key string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorMark + key))
}

// paginate makes edges and page info out of the rows that were read with the window.
func paginate[R, E any](w window, rows []R, key func(R) string, edge func(cursor string, row R) E) ([]E, *model.PageInfo) {
	info := &model.PageInfo{HasNextPage: len(rows) > w.first, HasPreviousPage: w.after != ""}
	if info.HasNextPage {
		rows = rows[:w.first]
	}
	edges := make([]E, len(rows))
	for i, row := range rows {
		cursor := cursorOf(key(row))
		edges[i] = edge(cursor, row)
		if i == 0 {
			info.StartCursor = &cursor
		}
		info.EndCursor = &cursor
	}
	return edges, info
}
