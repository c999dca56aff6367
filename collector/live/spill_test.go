package live

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/sessiontop/sessiontop/model"
)

// TestSpill: what is among the newest bytes comes back as it was; what is not
// is refused.
func TestSpill(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, 64).Draw(t, "size")
		s, err := newSpill(dir, size)
		if err != nil {
			t.Fatal(err)
		}
		defer s.close()
		var all []byte
		for _, b := range rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 0, 100)).Draw(t, "writes") {
			all = append(all, b...)
			if err := s.write(b); err != nil {
				t.Fatal(err)
			}
		}
		from := rapid.Int64Range(-2, int64(len(all))+2).Draw(t, "from")
		n := rapid.Uint32Range(0, 80).Draw(t, "n")
		got, err := s.read(model.Origin{Offset: from, Len: n})
		kept := from >= 0 && from >= int64(len(all))-size && from+int64(n) <= int64(len(all))
		if (err == nil) != kept {
			t.Fatalf("%d bytes at %d of %d, %d kept: %v", n, from, len(all), size, err)
		}
		if kept && !bytes.Equal(got, all[from:from+int64(n)]) {
			t.Fatalf("%q, want %q", got, all[from:from+int64(n)])
		}
	})
}
