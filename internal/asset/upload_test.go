package asset_test

import (
	"context"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/testkit"
)

// Many people who upload the very same at the same time get one picture.
func TestUploadsOfTheSameAtOnce(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("shop")
	var created atomic.Int32
	var wait sync.WaitGroup
	ids := make([]string, 20)
	for i := range ids {
		wait.Go(func() {
			row, made, err := k.Assets.Upload(testkit.Context(t), asset.UploadInput{Frontend: "shop", Name: "x", Body: onePixel(t, 7)})
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = row.ID
			if made {
				created.Add(1)
			}
		})
	}
	wait.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("ids %v", ids)
		}
	}
	if created.Load() != 1 {
		t.Errorf("made %d times", created.Load())
	}
}

// stalled is a body that never ends and never comes.
type stalled struct{ until context.Context }

func (s stalled) Read([]byte) (int, error) {
	<-s.until.Done()
	return 0, io.ErrUnexpectedEOF
}

// Bodies that do not come hold at most the room of the uploads: who waits behind them is told to come again, and is
// served once they are gone.
func TestUploadsThatStallAreBounded(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("shop")
	stall, goOn := context.WithCancel(testkit.Context(t))
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			_, _, err := k.Assets.Upload(testkit.Context(t), asset.UploadInput{Frontend: "shop", Body: stalled{stall}})
			if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "did not arrive whole") {
				t.Error(err)
			}
		})
	}
	for refused := false; !refused; {
		hurried, cancel := context.WithTimeout(testkit.Context(t), 200*time.Millisecond)
		_, _, err := k.Assets.Upload(hurried, asset.UploadInput{Frontend: "shop", Body: onePixel(t, 1)})
		cancel()
		if refused = fault.KindOf(err) == fault.Unavailable; err != nil && !refused {
			t.Fatal(err)
		}
	}
	goOn()
	wait.Wait()
	if _, _, err := k.Assets.Upload(testkit.Context(t), asset.UploadInput{Frontend: "shop", Body: onePixel(t, 1)}); err != nil {
		t.Fatal(err)
	}
}
