package asset_test

import (
	"context"
	"testing"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/testkit"
)

// slow is a storage that waits in the middle of things, as one in another room does.
type slow struct {
	asset.Storage
	put, removing chan struct{} // closed once a Put is done, once a Delete begins; nil to go on
	goOn          chan struct{}
}

func (s *slow) Put(ctx context.Context, hash string, files []asset.File) error {
	err := s.Storage.Put(ctx, hash, files)
	if s.put != nil {
		close(s.put)
		s.put = nil
		<-s.goOn
	}
	return err
}

func (s *slow) Delete(ctx context.Context, hash string) error {
	if s.removing != nil {
		close(s.removing)
		s.removing = nil
		<-s.goOn
	}
	return s.Storage.Delete(ctx, hash)
}

// uploading uploads in the background.
func uploading(t *testing.T, a *asset.Assets, shade uint8) <-chan *ent.Asset {
	t.Helper()
	done := make(chan *ent.Asset, 1)
	body := onePixel(t, shade)
	go func() {
		row, _, err := a.Upload(testkit.Context(t), asset.UploadInput{Frontend: "shop", Name: "x.png", Body: body})
		if err != nil {
			t.Error(err)
		}
		done <- row
	}()
	return done
}

// One process is about to remove the files of a picture; who uploads the same through another gets files that stay.
func TestAnUploadWaitsForARemovalOfTheSame(t *testing.T) {
	k, _ := shop(t)
	upload(t, k.Assets, "shop", 1)
	storage := &slow{Storage: k.Storage, removing: make(chan struct{}), goOn: make(chan struct{})}
	removing := storage.removing
	collector := asset.New(k.Store, storage)
	collector.At(time.Now().Add(31 * day))
	collected := make(chan error, 1)
	go func() {
		_, err := collector.Collect(testkit.Context(t))
		collected <- err
	}()
	<-removing
	done := uploading(t, k.Assets, 1)
	select {
	case <-done:
		t.Error("the upload did not wait")
	case <-time.After(300 * time.Millisecond):
	}
	close(storage.goOn)
	if err := <-collected; err != nil {
		t.Fatal(err)
	}
	if row := <-done; row == nil || !isListed(t, k, row) || !isStored(t, k, row) {
		t.Error("the picture was uploaded and is not there")
	}
}

// One process found the files of a picture; before it keeps a row for them, another removes them.
func TestAnUploadNoticesThatItsFilesWereRemoved(t *testing.T) {
	k, _ := shop(t)
	upload(t, k.Assets, "shop", 1)
	storage := &slow{Storage: k.Storage, put: make(chan struct{}), goOn: make(chan struct{})}
	put := storage.put
	done := uploading(t, asset.New(k.Store, storage), 1)
	<-put
	collector := asset.New(k.Store, k.Storage)
	if gone := collect(t, collector, time.Now().Add(31*day)); len(gone) != 1 {
		t.Fatalf("collected %v", gone)
	}
	close(storage.goOn)
	if row := <-done; row == nil || !isListed(t, k, row) || !isStored(t, k, row) {
		t.Error("the picture was uploaded and is not there")
	}
}

// Two processes that collect at the same time remove each picture once, and nothing that is used.
func TestTwoCollections(t *testing.T) {
	k, home := shop(t)
	used := upload(t, k.Assets, "shop", 1)
	k.Edit(home, testkit.Insert("hero", "hero", picture(used)))
	unused := map[string]bool{}
	for shade := range uint8(20) {
		unused[upload(t, k.Assets, "shop", 10+shade).Hash] = true
	}
	results := make(chan []string, 2)
	for range 2 {
		a := asset.New(k.Store, k.Storage)
		a.At(time.Now().Add(31 * day))
		go func() {
			gone, err := a.Collect(testkit.Context(t))
			if err != nil {
				t.Error(err)
			}
			results <- gone
		}()
	}
	if all := append(<-results, <-results...); len(all) != len(unused) || !isStored(t, k, used) || !isListed(t, k, used) {
		t.Errorf("%d were removed of %d", len(all), len(unused))
	}
}
