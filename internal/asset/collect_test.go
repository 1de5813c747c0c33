package asset_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sonata.ai/sonata/ent"
	entasset "sonata.ai/sonata/ent/asset"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/testkit"
)

const day = 24 * time.Hour

// onePixel is a picture of its own for each shade.
func onePixel(t testing.TB, shade uint8) io.Reader {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 1, 1))
	m.SetRGBA(0, 0, color.RGBA{shade, shade, shade, 128 + shade/2})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return &b
}

func upload(t testing.TB, a *asset.Assets, frontend string, shade uint8) *ent.Asset {
	t.Helper()
	row, _, err := a.Upload(testkit.Context(t), asset.UploadInput{Frontend: frontend, Name: "x.png", Body: onePixel(t, shade)})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func picture(of *ent.Asset) map[string]any {
	return map[string]any{"photo": map[string]any{"$asset": of.Hash, "alt": "x"}}
}

// shop is a frontend with a screen that can show pictures.
func shop(t testing.TB) (*testkit.Kit, *ent.Screen) {
	t.Helper()
	k := testkit.New(t)
	k.Frontend("shop")
	k.Register("shop", "1", testkit.Component("page", "1.0", ""), testkit.Component("hero", "1.0", `"photo":{"type":"object","format":"asset"}`))
	return k, k.Screen("shop", "home", "/")
}

func isStored(t testing.TB, k *testkit.Kit, of *ent.Asset) bool {
	t.Helper()
	f, err := k.Storage.Open(testkit.Context(t), of.Hash, asset.Whole)
	if fault.KindOf(err) == fault.NotFound {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	return true
}

func isListed(t testing.TB, k *testkit.Kit, of *ent.Asset) bool {
	t.Helper()
	listed, err := k.Store.Reader(testkit.Context(t)).Asset.Query().Where(entasset.ID(of.ID)).Exist(testkit.Context(t))
	if err != nil {
		t.Fatal(err)
	}
	return listed
}

func TestCollectionTakesOnlyWhatNothingUses(t *testing.T) {
	k, home := shop(t)
	k.Frontend("other")
	shown, released, given, unused := upload(t, k.Assets, "shop", 1), upload(t, k.Assets, "shop", 2), upload(t, k.Assets, "shop", 3), upload(t, k.Assets, "shop", 4)
	deleted, elsewhere, young := upload(t, k.Assets, "shop", 5), upload(t, k.Assets, "other", 4), upload(t, k.Assets, "shop", 6)
	k.Edit(home, testkit.Insert("hero", "hero", picture(released)))
	k.Publish("shop", "First")
	k.Edit(home, testkit.SetProps("hero", picture(given)))
	k.Edit(home, testkit.SetProps("hero", picture(shown)))
	gone := k.Screen("shop", "gone", "/gone")
	row := k.Edit(gone, testkit.Insert("hero", "hero", picture(deleted)))
	if err := k.Screens.Delete(testkit.Context(t), gone.ID, row.Version); err != nil {
		t.Fatal(err)
	}
	all := map[string]*ent.Asset{
		"shown": shown, "released": released, "given up": given, "unused": unused, "deleted": deleted, "elsewhere": elsewhere, "young": young,
	}
	check := func(when string, listed, stored []string) {
		t.Helper()
		for name, a := range all {
			if got := isListed(t, k, a); got != slices.Contains(listed, name) {
				t.Errorf("%s: %s listed: %t", when, name, got)
			}
			if got := isStored(t, k, a); got != slices.Contains(stored, name) {
				t.Errorf("%s: %s stored: %t", when, name, got)
			}
		}
	}
	everything := []string{"shown", "released", "given up", "unused", "deleted", "elsewhere", "young"}
	now := time.Now()
	collect(t, k.Assets, now.Add(29*day))
	check("after 29 days", everything, everything)

	touched(t, k, young, now.Add(5*day))
	touched(t, k, elsewhere, now.Add(5*day))
	collect(t, k.Assets, now.Add(31*day))
	check("after 31 days", []string{"shown", "released", "elsewhere", "young"},
		[]string{"shown", "released", "elsewhere", "unused", "young"}) // unused is the picture of elsewhere, too

	collect(t, k.Assets, now.Add(400*day))
	check("after 400 days", []string{"shown", "released"}, []string{"shown", "released"})
}

func collect(t testing.TB, a *asset.Assets, at time.Time) []string {
	t.Helper()
	a.At(at)
	gone, err := a.Collect(testkit.Context(t))
	if err != nil {
		t.Fatal(err)
	}
	return gone
}

// touched sets when a picture was taken or given up last.
func touched(t testing.TB, k *testkit.Kit, a *ent.Asset, at time.Time) {
	t.Helper()
	err := k.Store.WithTx(testkit.Context(t), func(ctx context.Context, tx *store.Tx) error {
		return tx.Asset.UpdateOneID(a.ID).SetTouchedAt(at.UTC()).Exec(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A picture that an edit gave up is there as long as the edit can be undone.
func TestAnEditKeepsWhatItGaveUp(t *testing.T) {
	k, home := shop(t)
	old, new := upload(t, k.Assets, "shop", 1), upload(t, k.Assets, "shop", 2)
	k.Edit(home, testkit.Insert("hero", "hero", picture(old)))
	for _, a := range []*ent.Asset{old, new} {
		touched(t, k, a, time.Now().Add(-90*day))
	}
	k.Edit(home, testkit.SetProps("hero", picture(new)))
	if gone := collect(t, k.Assets, time.Now().Add(29*day)); len(gone) > 0 {
		t.Errorf("collected %v", gone)
	}
	if gone := collect(t, k.Assets, time.Now().Add(31*day)); len(gone) != 1 || gone[0] != old.Hash {
		t.Errorf("collected %v", gone)
	}
}

// unwilling is a storage that cannot remove.
type unwilling struct{ asset.Storage }

func (unwilling) Delete(context.Context, string) error { return errors.New("cut off") }

func TestACollectionThatWasCutOffIsFinishedLater(t *testing.T) {
	k, _ := shop(t)
	a := asset.New(k.Store, unwilling{k.Storage})
	row := upload(t, a, "shop", 1)
	a.At(time.Now().Add(31 * day))
	if _, err := a.Collect(testkit.Context(t)); err == nil || isListed(t, k, row) || !isStored(t, k, row) {
		t.Fatalf("%v; listed %t, stored %t", err, isListed(t, k, row), isStored(t, k, row))
	}
	collect(t, k.Assets, time.Now().Add(time.Hour))
	if !isStored(t, k, row) {
		t.Fatal("files that may be those of an upload were removed")
	}
	collect(t, k.Assets, time.Now().Add(26*time.Hour))
	if isStored(t, k, row) {
		t.Fatal("files without a row stay")
	}
	if again := upload(t, k.Assets, "shop", 1); again.Hash != row.Hash || !isStored(t, k, again) {
		t.Fatal("the picture cannot be uploaded again")
	}
}

// A server that is pointed at the pictures of another one removes none.
func TestPicturesOfAnotherDatabaseAreLeftAlone(t *testing.T) {
	k, home := shop(t)
	row := upload(t, k.Assets, "shop", 1)
	k.Edit(home, testkit.Insert("hero", "hero", picture(row)))
	collect(t, k.Assets, time.Now())
	stranger := asset.New(testkit.New(t).Store, k.Storage)
	stranger.At(time.Now().Add(60 * day))
	if _, err := stranger.Collect(testkit.Context(t)); fault.KindOf(err) != fault.Conflict || !isStored(t, k, row) {
		t.Fatalf("%v; stored %t", err, isStored(t, k, row))
	}
}

func TestADiskKeepsNothingOfWhatWasCutOff(t *testing.T) {
	root := t.TempDir()
	d, err := asset.OpenDisk(root)
	if err != nil {
		t.Fatal(err)
	}
	hash := "sha256:" + string(bytes.Repeat([]byte("ab"), 32))
	files := []asset.File{{Name: "160", Body: []byte("small")}, {Name: asset.Whole, Body: []byte("whole")}}
	for range 2 { // the second time it is there
		if err := d.Put(testkit.Context(t), hash, files); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Put(testkit.Context(t), "sha256:../../etc", files); err == nil {
		t.Error("a path was taken for a hash")
	}
	if left, err := filepath.Glob(filepath.Join(root, "tmp", "*")); err != nil || len(left) > 0 {
		t.Errorf("left aside: %v %v", left, err)
	}
	if stored, err := filepath.Glob(filepath.Join(root, "ab", "*", "*")); err != nil || len(stored) != 2 {
		t.Errorf("stored: %v %v", stored, err)
	}
	for range 2 {
		if err := d.Delete(testkit.Context(t), hash); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Open(testkit.Context(t), hash, asset.Whole); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
}

func TestCollectable(t *testing.T) {
	const month = 30 * 24 * 60 * 60
	all := []asset.Candidate{{Hash: "used", Touched: 0}, {Hash: "young", Touched: 1}, {Hash: "old", Touched: 0}}
	got := asset.Collectable(all, map[string]bool{"used": true}, month)
	if len(got) != 1 || got[0].Hash != "old" {
		t.Errorf("%v", got)
	}
}
