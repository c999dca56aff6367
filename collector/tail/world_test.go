package tail_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// generation is what the model knows of the bytes between two truncations.
type generation struct {
	content []byte
	// mayLose: some of it was destroyed before a reader can have seen it.
	mayLose bool
	seen    bool // read from under its first name
}

// physical is one file on disk.
type physical struct {
	gen *generation
	// opened: the reader has it open, so that removing its name loses nothing.
	opened bool
}

// world is a folder with writers that rotate their logs, and a model of it.
type world struct {
	*rand.Rand
	t     testing.TB
	r     *reader
	dir   string
	few   bool // the reader may not keep all files open
	named bool // the reader was given the logs, not their folder
	gens  []*generation
	files map[string]*physical // by base name
	logs  []*writer
	done  []string // what happened, for the report of a failure
}

// writer has one log open and appends to it.
type writer struct {
	name    string
	file    *os.File
	to      *physical
	partial bool // its last line has no newline yet
}

func (w *world) say(format string, args ...any) {
	format = fmt.Sprintf("[%d] ", len(w.gens)) + format
	w.done = append(w.done, fmt.Sprintf(format, args...))
}

func (w *world) fatalf(format string, args ...any) {
	w.t.Helper()
	var b strings.Builder
	for i, g := range w.gens {
		fmt.Fprintf(&b, "%d: %d bytes %.30q mayLose=%v", i, len(g.content), g.content, g.mayLose)
		for name, p := range w.files {
			if p.gen == g {
				b.WriteString(" " + name)
			}
		}
		b.WriteString("\n")
	}
	w.t.Fatalf("%s\nhistory:\n  %s\ngenerations:\n%ssources:\n%s", fmt.Sprintf(format, args...), strings.Join(w.done, "\n  "), b.String(), w.r.describe())
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.fatalf("%v", err)
	}
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }

// text is n random letters: no two parts of any two files are alike.
func (w *world) text(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a' + byte(w.IntN(26))
	}
	return string(b)
}

func (w *world) open(l *writer) {
	f, err := os.OpenFile(w.path(l.name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	w.must(err)
	l.file = f
	if l.to = w.files[l.name]; l.to == nil {
		g := &generation{}
		w.gens = append(w.gens, g)
		l.to = &physical{gen: g}
		w.files[l.name] = l.to
	}
	l.partial = false
	w.say("%s: open", l.name)
}

func (w *world) reopen(l *writer) {
	w.must(l.file.Close())
	w.open(l)
}

func (w *world) add(l *writer, text string) {
	_, err := l.file.WriteString(text)
	w.must(err)
	l.to.gen.content = append(l.to.gen.content, text...)
	l.partial = !strings.HasSuffix(text, "\n")
}

func (w *world) writeLines(l *writer) {
	n := 1 + w.IntN(5)
	w.say("%s: write %d lines", l.name, n)
	for range n {
		size := 20 + w.IntN(30)
		if w.IntN(20) == 0 {
			size = 1500 + w.IntN(3000) // longer than a block
		}
		w.add(l, w.text(size)+"\n")
	}
}

func (w *world) writePartial(l *writer) {
	w.say("%s: write part of a line", l.name)
	w.add(l, w.text(20))
}

// shift renames the rotated files of a log to make room for .1.
func (w *world) shift(l *writer) {
	for n := 6; n >= 1; n-- {
		for _, end := range []string{"", ".gz", ".zst"} {
			old := fmt.Sprintf("%s.%d%s", l.name, n, end)
			if w.files[old] == nil {
				continue
			}
			if n == 6 {
				w.remove(old)
				continue
			}
			w.rename(old, fmt.Sprintf("%s.%d%s", l.name, n+1, end))
		}
	}
}

func (w *world) rename(old, new string) {
	w.must(os.Rename(w.path(old), w.path(new)))
	w.files[new] = w.files[old]
	delete(w.files, old)
	w.maybeRead()
}

func (w *world) remove(name string) {
	w.say("remove %s", name)
	p := w.files[name]
	if w.few || !p.opened {
		p.gen.mayLose = true
	}
	w.must(os.Remove(w.path(name)))
	delete(w.files, name)
}

func (w *world) rotate(l *writer) {
	if w.files[l.name] == nil {
		w.reopen(l)
		return
	}
	w.shift(l)
	w.say("%s: rename to .1", l.name)
	w.rename(l.name, l.name+".1")
	if w.IntN(3) > 0 {
		w.reopen(l)
	}
}

func (w *world) copyTruncate(l *writer) {
	if w.files[l.name] != l.to || l.to == nil {
		w.reopen(l) // its writer still has the file that was rotated
		return
	}
	w.shift(l)
	w.say("%s: copy to .1", l.name)
	old := l.to
	w.writeSlowly(l.name+".1", old.gen, old.gen.content)
	if w.named && w.bytesRead(old.gen) == 0 {
		old.gen.mayLose = true // nothing tells the copy of it from other files
	}
	w.say("%s: truncate", l.name)
	w.must(os.Truncate(w.path(l.name), 0))
	w.newGeneration(l)
}

func (w *world) bytesRead(g *generation) int {
	for _, got := range w.r.got {
		if len(got) > 0 && bytes.HasPrefix(g.content, got) {
			return len(got)
		}
	}
	return 0
}

func (w *world) newGeneration(l *writer) {
	g := &generation{}
	w.gens = append(w.gens, g)
	l.to = &physical{gen: g}
	w.files[l.name] = l.to
	l.partial = false
}

func (w *world) truncate(l *writer) {
	if w.files[l.name] != l.to {
		return
	}
	w.say("%s: truncate without a copy", l.name)
	l.to.gen.mayLose = true
	w.must(os.Truncate(w.path(l.name), 0))
	w.newGeneration(l)
}

func (w *world) recreate(l *writer) {
	if w.files[l.name] != nil {
		w.remove(l.name)
	}
	if w.IntN(2) == 0 {
		w.writeLines(l) // the writer does not know yet
		l.to.gen.mayLose = l.to.gen.mayLose || w.few || !l.to.opened
	}
	w.maybeRead()
	w.reopen(l)
}

// putBack removes a log and puts the same bytes in its place, as tools do that
// copy folders.
func (w *world) putBack(l *writer) {
	p := w.files[l.name]
	if p == nil || p != l.to || w.bytesRead(p.gen) < 64 || l.partial {
		return // nothing tells it from a new log, or its last line is given for whole
	}
	w.say("%s: put back", l.name)
	w.must(os.Remove(w.path(l.name)))
	delete(w.files, l.name)
	w.maybeRead()
	part := w.path("." + l.name)
	w.must(os.WriteFile(part, p.gen.content, 0o600))
	w.must(os.Rename(part, w.path(l.name)))
	w.files[l.name] = &physical{gen: p.gen}
	for range 3 { // what becomes of it before it is known is another matter
		w.r.look()
		w.r.drain()
	}
	w.files[l.name].opened = p.opened
	w.reopen(l)
}

// writeSlowly makes a file in steps, between which the reader may look.
func (w *world) writeSlowly(name string, g *generation, data []byte) {
	f, err := os.OpenFile(w.path(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	w.must(err)
	w.files[name] = &physical{gen: g}
	for {
		w.maybeRead()
		n := min(len(data), 1+w.IntN(4096))
		_, err := f.Write(data[:n])
		w.must(err)
		if data = data[n:]; len(data) == 0 {
			break
		}
	}
	w.must(f.Close())
}

func (w *world) compress(l *writer) {
	n := 1 + w.IntN(5)
	name := fmt.Sprintf("%s.%d", l.name, n)
	p := w.files[name]
	if p == nil || p == l.to {
		return
	}
	pack, end := gz, ".gz"
	if w.IntN(3) == 0 {
		pack, end = zst, ".zst"
	}
	w.say("compress %s", name+end)
	w.writeSlowly(name+end, p.gen, pack(w.t, p.gen.content))
	w.maybeRead()
	w.must(os.Remove(w.path(name)))
	delete(w.files, name)
	w.say("removed %s", name)
}

func (w *world) maybeRead() {
	if w.IntN(4) == 0 {
		w.read()
	}
}

// read lets the reader do a part of its work.
func (w *world) read() {
	switch w.IntN(5) {
	case 0:
		w.say("scan")
		w.scan()
	case 1:
		w.say("read one block of each")
		for _, f := range append([]*tail.File(nil), w.r.live...) {
			w.r.step(f)
		}
		w.r.drain() // those that ended leave the list
	case 2:
		w.say("drain")
		w.r.drain()
	default:
		w.say("scan and drain")
		there := w.scan()
		w.r.drain()
		w.scan() // what was truncated is a new file
		w.r.drain()
		for _, p := range there {
			p.opened = !w.named || p.gen.seen
		}
		for _, l := range w.logs {
			if p := w.files[l.name]; p != nil {
				p.opened, p.gen.seen = true, true
			}
		}
	}
}

// scan lets the reader look at the disk, whether it is due or not, and returns
// the files that it saw.
func (w *world) scan() []*physical {
	var there []*physical
	for _, p := range w.files {
		there = append(there, p)
	}
	w.r.look()
	return there
}

func (w *world) step() {
	l := w.logs[w.IntN(len(w.logs))]
	switch k := w.IntN(100); {
	case k < 35:
		w.writeLines(l)
	case k < 42:
		w.writePartial(l)
	case k < 50:
		w.rotate(l)
	case k < 58:
		w.copyTruncate(l)
	case k < 66:
		w.compress(l)
	case k < 69:
		w.recreate(l)
	case k < 71:
		w.truncate(l)
	case k < 74:
		w.putBack(l)
	default:
		w.read()
	}
}
