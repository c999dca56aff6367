package live

import (
	"crypto/tls"
	"debug/elf"
	"encoding/binary"
	"os"
	"reflect"
	"testing"
)

// TestFindGoTLS: in this program the functions are where it says itself, and
// each ends somewhere.
func TestFindGoTLS(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g, ok := findGoTLS(f)
	if !ok {
		t.Fatal("not found")
	}
	slide := uint64(0) // where a position-independent program has been put
	if f.Type == elf.ET_DYN {
		slide = uint64(reflect.ValueOf((*tls.Conn).Read).Pointer()) - addressOf(f, g.read.entry)
	}
	for _, fn := range []struct {
		name  string
		found goFunction
		is    any
	}{{"Read", g.read, (*tls.Conn).Read}, {"Write", g.write, (*tls.Conn).Write}} {
		want := uint64(reflect.ValueOf(fn.is).Pointer()) - slide
		if got := addressOf(f, fn.found.entry); got != want {
			t.Errorf("%s is at %#x, not %#x", fn.name, want, got)
		}
		for _, at := range fn.found.returns {
			if at <= fn.found.entry || at > fn.found.entry+1<<14 {
				t.Errorf("%s at %#x returns at %#x", fn.name, fn.found.entry, at)
			}
		}
		if n := len(fn.found.returns); n < 2 {
			t.Errorf("%s returns in %d places, want all of them", fn.name, n)
		}
	}
}

// addressOf is where what stands in the file is loaded.
func addressOf(f *elf.File, offset uint64) uint64 {
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD && offset >= p.Off && offset-p.Off < p.Filesz {
			return offset - p.Off + p.Vaddr
		}
	}
	return 0
}

// table is a pclntab of one function, whose stack pointer moves as steps say:
// pairs of by how much, and for how many bytes.
func table(name string, steps ...int64) []byte {
	b := make([]byte, pclntabHeader)
	le := binary.LittleEndian
	le.PutUint32(b, 0xfffffff1)
	b[6], b[7] = 1, 8
	le.PutUint64(b[8:], 1)
	le.PutUint64(b[32:], uint64(len(b)))
	b = append(b, "\x00"+name+"\x00"...)
	le.PutUint64(b[56:], uint64(len(b)))
	for i := 0; i < len(steps); i += 2 {
		b = binary.AppendVarint(b, steps[i])
		b = binary.AppendUvarint(b, uint64(steps[i+1]))
	}
	b = append(b, 0)
	le.PutUint64(b[64:], uint64(len(b)))
	b = le.AppendUint32(b, 0x40) // entry
	b = le.AppendUint32(b, 8)
	b = le.AppendUint32(b, 0x40)
	b = le.AppendUint32(b, 1)
	return le.AppendUint64(b, 0) // arguments, deferreturn; then pcsp
}

func TestPclntab(t *testing.T) {
	b := append(table("main.f", 1, 4, 32, 20, -32, 1, 32, 10, -32, 9), 0, 0, 0, 0)
	p, ok := parsePclntab(b)
	if !ok {
		t.Fatal("it is none")
	}
	f, ok := p.find("main.f")
	if want := (goFunction{0x40, []uint64{0x58, 0x63}}); !ok || !reflect.DeepEqual(f, want) {
		t.Errorf("%v %+v, want %+v", ok, f, want)
	}
	if _, ok := p.find("main.g"); ok {
		t.Error("main.g is found")
	}
}

// FuzzPclntab: whatever stands in the table, nothing breaks.
func FuzzPclntab(f *testing.F) {
	f.Add(table("main.f", 1, 4, 32, 20, -32, 1))
	f.Add(append(table("main.f", 1, 4, 32, 20, -32, 1, 32, 10, -32, 9), 0, 0, 0, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, ok := parsePclntab(b)
		if !ok {
			return
		}
		if fn, ok := p.find("main.f"); ok && len(fn.returns) > len(b) {
			t.Errorf("%d returns in %d bytes", len(fn.returns), len(b))
		}
	})
}
