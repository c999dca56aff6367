package tail

import (
	"cmp"
	"path/filepath"
	"strings"
)

// packing says how a file's bytes are compressed.
type packing uint8

const (
	plain packing = iota
	gzipped
	zstded
)

// logName is a base name taken apart: "worker-7.jsonl.2.gz" is the stem
// "worker-7.jsonl", the rotation mark ".2" and the packing gzip.
type logName struct {
	stem string
	mark string
	pack packing
}

// logEndings are the endings that a stem needs to be read from a folder.
var logEndings = [...]string{".jsonl", ".ndjson", ".log", ".har", ".strace", ".pcap", ".pcapng"}

// otherPackings are compressed forms that this package cannot read.
var otherPackings = [...]string{".bz2", ".xz", ".lz4", ".Z", ".zip", ".br"}

func parseName(base string) logName {
	n := logName{stem: base}
	if s, ok := strings.CutSuffix(n.stem, ".gz"); ok {
		n.stem, n.pack = s, gzipped
	} else if s, ok := strings.CutSuffix(n.stem, ".zst"); ok {
		n.stem, n.pack = s, zstded
	}
	if s, mark := cutMark(n.stem); mark != "" {
		n.stem, n.mark = s, mark
	}
	return n
}

// cutMark splits a rotation mark off: '.' or '-', a digit, then digits, '-',
// '_', ':' and 'T' (".1", "-20261122", ".2026-11-22_09-00-00"). After a '-' it
// counts only behind a log's ending, for "worker-4121" is not a rotated form
// of "worker".
func cutMark(s string) (stem, mark string) {
	i := len(s)
	for i > 0 && strings.IndexByte("0123456789-_:T", s[i-1]) >= 0 {
		i--
	}
	tail := s[i:]
	switch {
	case i > 1 && s[i-1] == '.' && tail != "" && isDigit(tail[0]):
		return s[:i-1], s[i-1:]
	case i > 0 && len(tail) > 1 && tail[0] == '-' && isDigit(tail[1]) && isLog(s[:i]):
		return s[:i], tail
	}
	return s, ""
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// listed says that the file is read where only its folder is named: its stem has
// a log's ending, or it is one of those that tcpdump -C writes, dump.pcap1, or
// strace -ff -o trace, trace.4121.
func (n logName) listed() bool {
	const digits = "0123456789"
	stem := strings.TrimRight(n.stem, digits)
	switch {
	case isLog(n.stem), stem != n.stem && isLog(stem) && strings.HasPrefix(filepath.Ext(stem), ".pcap"):
		return true
	}
	pid, ok := strings.CutPrefix(n.mark, ".")
	return ok && strings.HasSuffix(n.stem, "trace") && strings.Trim(pid, digits) == ""
}

func isLog(stem string) bool {
	for _, e := range logEndings {
		if len(stem) > len(e) && strings.HasSuffix(stem, e) {
			return true
		}
	}
	return false
}

// unreadable returns the ending of a compressed form that is not supported.
func unreadable(path string) string {
	for _, e := range otherPackings {
		if strings.HasSuffix(path, e) {
			return e
		}
	}
	return ""
}

// rotated tells a name that a rotation gives from the name that is written to.
func (n logName) rotated() bool { return n.mark != "" || n.pack != plain }

// count is the rotation number of ".3", or -1 for a date or no mark.
func (n logName) count() int {
	if len(n.mark) < 2 || len(n.mark) > 5 || n.mark[0] != '.' {
		return -1
	}
	c := 0
	for _, d := range []byte(n.mark[1:]) {
		if !isDigit(d) {
			return -1
		}
		c = c*10 + int(d-'0')
	}
	return c
}

// comparePaths orders files: by folder and stem, and within a stem from the
// oldest to the one being written (dates upwards, numbers downwards, no mark).
func comparePaths(a, b string) int {
	na, nb := parseName(filepath.Base(a)), parseName(filepath.Base(b))
	return cmp.Or(
		cmp.Compare(filepath.Dir(a), filepath.Dir(b)),
		cmp.Compare(na.stem, nb.stem),
		cmp.Compare(na.age(), nb.age()),
		cmp.Compare(nb.count(), na.count()),
		cmp.Compare(na.mark, nb.mark),
		cmp.Compare(na.pack, nb.pack),
		cmp.Compare(a, b),
	)
}

func (n logName) age() int {
	switch {
	case n.count() >= 0:
		return 1
	case n.mark != "":
		return 0
	case n.pack != plain:
		return 2
	}
	return 3
}

// commonFolder returns the deepest folder that holds all of the folders.
func commonFolder(folders []string) string {
	if len(folders) == 0 {
		return ""
	}
	root := filepath.Clean(folders[0])
	for _, f := range folders[1:] {
		for !within(root, filepath.Clean(f)) {
			up := filepath.Dir(root)
			if up == root {
				return ""
			}
			root = up
		}
	}
	return root
}

func within(root, path string) bool {
	rel, err := filepath.Rel(root, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
