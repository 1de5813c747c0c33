package asset_test

import (
	"sync"
	"testing"

	"sonata.ai/sonata/internal/asset"
)

// Whoever asks while another names the owner hears a whole name, and everybody hears the same.
func TestOneOwnerOfAFolder(t *testing.T) {
	for range 50 {
		disk, err := asset.OpenDisk(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		owners := make([]string, 8)
		var asked sync.WaitGroup
		for i := range owners {
			asked.Go(func() {
				var err error
				if owners[i], err = disk.Owner(t.Context(), "one of "+string(rune('a'+i))); err != nil {
					t.Error(err)
				}
			})
		}
		asked.Wait()
		for _, owner := range owners {
			if owner == "" || owner != owners[0] {
				t.Fatalf("owners %q", owners)
			}
		}
	}
}
