package tail

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// candidate is a path that a look at the disk came across.
type candidate struct {
	path string
	name logName
	st   fileStat
	// wanted files become sources; the others were looked at only because they
	// may continue a source that has lost its file.
	wanted bool
}

func (c *candidate) key() string { return filepath.Join(filepath.Dir(c.path), c.name.stem) }

// listing is what one look at the disk found.
type listing struct {
	found    []candidate
	at       map[string]fileID
	folders  map[string]bool // read in full
	parents  map[string]bool // of files that were named
	problems []Problem
	waiting  []string // given paths in which there is nothing
	full     bool
}

// list expands the given paths. It stats every file once.
func (s *Set) list() *listing {
	l := &listing{at: make(map[string]fileID, len(s.byID)), folders: map[string]bool{}, parents: map[string]bool{}}
	for _, sp := range s.specs {
		if any := l.expand(sp); !any {
			l.waiting = append(l.waiting, sp.path)
		}
	}
	for folder, stems := range s.orphans() {
		l.mates(folder, stems)
	}
	return l
}

// expand takes a path or pattern that was given, and says whether there was
// anything.
func (l *listing) expand(sp spec) (any bool) {
	if !sp.glob {
		return l.named(sp.path)
	}
	matches, err := filepath.Glob(sp.path)
	if err != nil {
		l.problem(sp.path, err)
	}
	l.parents[globBase(sp.path)] = true
	for _, m := range matches {
		any = l.named(m) || any
	}
	return any || err != nil
}

// named takes a path that was given, whatever its name, and says whether there
// was anything: a file, a folder with one in it, or a problem.
func (l *listing) named(path string) bool {
	st, err := statPath(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.parents[filepath.Dir(path)] = true
		return false
	case err != nil:
		l.problem(path, err)
	case st.kind == kindFolder:
		before, twice := len(l.found)+len(l.problems), l.folders[path]
		l.walk(path, maxDepth)
		return twice || len(l.found)+len(l.problems) > before
	case st.kind == kindOther:
		l.problem(path, errors.New("neither a file nor a folder nor a FIFO"))
	default:
		l.parents[filepath.Dir(path)] = true
		l.add(path, parseName(filepath.Base(path)), st, true)
	}
	return true
}

func (l *listing) walk(folder string, depth int) {
	if l.folders[folder] {
		return
	}
	l.folders[folder] = true
	entries, err := os.ReadDir(folder)
	if err != nil {
		l.problem(folder, err)
	}
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir() && depth == 0:
			l.problem(path, fmt.Errorf("more than %d folders deep: name it to have it read", maxDepth))
		case e.IsDir():
			l.walk(path, depth-1)
		default:
			if n := parseName(e.Name()); n.listed() {
				l.visit(path, n, true)
			}
		}
	}
}

// mates takes the rotated forms of stems in a folder.
func (l *listing) mates(folder string, stems map[string]bool) {
	if l.folders[folder] {
		return
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return // the file that is missed there has its own error
	}
	for _, e := range entries {
		if n := parseName(e.Name()); stems[n.stem] && !e.IsDir() {
			l.visit(filepath.Join(folder, e.Name()), n, false)
		}
	}
}

func (l *listing) visit(path string, n logName, wanted bool) {
	st, err := statPath(path)
	switch {
	case errors.Is(err, fs.ErrNotExist): // gone since the folder was read
	case err != nil:
		l.problem(path, err)
	case st.kind == kindFile:
		l.add(path, n, st, wanted)
	}
}

func (l *listing) add(path string, n logName, st fileStat, wanted bool) {
	if _, twice := l.at[path]; twice || l.full {
		return
	}
	if len(l.found) == maxFiles {
		l.full = true
		l.problem(path, fmt.Errorf("more than %d files: this and further ones are not read; name fewer folders", maxFiles))
		return
	}
	l.at[path] = st.id
	l.found = append(l.found, candidate{path: path, name: n, st: st, wanted: wanted})
}

func (l *listing) problem(path string, err error) {
	l.problems = append(l.problems, Problem{Path: path, Err: err})
}

// orphans are the stems, by folder, of the sources without a file; s.mu is
// held.
func (s *Set) orphans() map[string]map[string]bool {
	orphans := map[string]map[string]bool{}
	for key, files := range s.byKey {
		for _, f := range files {
			if !f.orphan() {
				continue
			}
			folder := filepath.Dir(key)
			if orphans[folder] == nil {
				orphans[folder] = map[string]bool{}
			}
			orphans[folder][filepath.Base(key)] = true
			break
		}
	}
	return orphans
}

func (f *File) orphan() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.stream == nil && (f.home == nil || f.home.missed > 0)
}
