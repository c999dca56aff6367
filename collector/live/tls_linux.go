//go:build amd64 || arm64

package live

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/prometheus/procfs"
)

// tlsProbes watches the TLS libraries of processes, those in programs included.
// A file is looked at once: what is put into it is there for all processes that
// map it, now or later.
type tlsProbes struct {
	kernel *kernel
	files  map[fileID]seenFile
	looks  map[int32]*look // processes to look at again
	count  uint32          // files with probes
	err    error           // why the kernel lets none be watched
}

type fileID struct{ dev, ino uint64 }

// seenFile is a file that was looked at.
type seenFile struct {
	since   int64            // CLOCK_MONOTONIC since when its TLS is seen; 0: it had none
	changed syscall.Timespec // when its inode did (st_ctim of stat(2))
}

// look is how a process is looked at that may still load libraries.
type look struct {
	next  time.Time
	pause time.Duration
	until time.Time
}

const (
	firstLook = 10 * time.Millisecond
	looksFor  = 5 * time.Second // after which what a program loads is found when it is used
	maxFiles  = 1 << 14
)

// soon has a process looked at, and again for a while.
func (p *tlsProbes) soon(pid int32, now time.Time, again time.Duration) {
	l := &look{next: now, pause: firstLook, until: now.Add(again)}
	if was := p.looks[pid]; was != nil && was.until.After(l.until) {
		l.until = was.until
	}
	p.looks[pid] = l
}

// look looks at the processes whose turn it is. seen gets those that use TLS,
// with the time since when it is seen.
func (p *tlsProbes) look(now time.Time, seen func(pid int32, since int64)) {
	for _, pid := range slices.Sorted(maps.Keys(p.looks)) {
		l := p.looks[pid]
		if now.Before(l.next) {
			continue
		}
		if l.next = now.Add(l.pause); l.next.After(l.until) {
			delete(p.looks, pid)
		}
		l.pause *= 2
		if since := p.process(pid); since != 0 {
			seen(pid, since)
		}
	}
}

// process watches the TLS of a process, and returns since when it is seen; 0: it
// has none so far. Files that can't be read are left out.
func (p *tlsProbes) process(pid int32) (since int64) {
	proc, err := procfs.NewProc(int(pid))
	if err != nil {
		return 0
	}
	mapped, _ := proc.ProcMaps() // what can't be read is left out
	for _, m := range mapped {
		if !m.Perms.Execute || !strings.HasPrefix(m.Pathname, "/") {
			continue
		}
		since = max(since, p.file(fmt.Sprintf("/proc/%d/root%s", pid, m.Pathname), fmt.Sprintf("/proc/%d/map_files/%x-%x", pid, m.StartAddr, m.EndAddr)))
	}
	return since
}

// system watches the libraries that programs will load which start later.
func (p *tlsProbes) system() {
	for _, dir := range []string{"/lib*", "/lib/*", "/usr/lib*", "/usr/lib/*", "/usr/local/lib*"} {
		found, _ := filepath.Glob(dir + "/libssl.so.*") // the pattern is well-formed
		for _, path := range found {
			p.file(path)
		}
	}
}

// file watches the TLS library that a file has, if any. paths are ways to it, of
// which the first that leads there is taken. A file that had none is looked at
// again once it has changed: another may have its inode since. (The kernel keeps
// the inode of one that has.)
func (p *tlsProbes) file(paths ...string) (since int64) {
	for _, path := range paths {
		id, changed, ok := idOf(os.Stat(path))
		if !ok {
			continue
		}
		seen, known := p.files[id]
		if known && (seen.since != 0 || seen.changed == changed) {
			return seen.since
		}
		if len(p.files) >= maxFiles {
			maps.DeleteFunc(p.files, func(_ fileID, f seenFile) bool { return f.since == 0 })
		}
		if len(p.files) >= maxFiles {
			return 0
		}
		since = p.attach(path, id)
		p.files[id] = seenFile{since, changed}
		return since
	}
	return 0
}

// idOf is what names a regular file, and when that last changed; false where it
// is none.
func idOf(info fs.FileInfo, err error) (id fileID, changed syscall.Timespec, ok bool) {
	if err != nil || !info.Mode().IsRegular() {
		return id, changed, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return id, changed, false
	}
	return fileID{uint64(stat.Dev), stat.Ino}, stat.Ctim, true
}

// attach puts probes into the file, and returns the time since when they are
// there; 0: it has no TLS library. The path belongs to the process, which may be
// hostile: what is opened must be what was asked for, and must not block.
func (p *tlsProbes) attach(path string, id fileID) int64 {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return 0
	}
	defer file.Close()
	if opened, _, ok := idOf(file.Stat()); !ok || opened != id {
		return 0
	}
	f, err := readELF(file)
	if err != nil {
		return 0
	}
	path = fmt.Sprintf("/proc/self/fd/%d", file.Fd())
	if functions := openSSL(f); functions[tlsRead] != 0 && functions[tlsWrite] != 0 {
		err = p.attachOpenSSL(path, functions)
	} else if g, ok := findGoTLS(f); ok {
		err = p.attachGo(path, &g)
	} else {
		return 0
	}
	if errors.Is(err, ebpf.ErrNotSupported) || errors.Is(err, fs.ErrPermission) {
		p.err = rootCause(err)
	}
	if err != nil || p.kernel.Variables[captureVarTlsReady].Set(p.count+1) != nil {
		return 0
	}
	p.count++
	return monotonic()
}

// points are places in the file of a number, each with the function that stands
// there.
type points struct {
	file               uint32
	addresses, cookies []uint64
}

func (p *points) add(is tlsFunction, addresses ...uint64) {
	for _, at := range addresses {
		p.addresses, p.cookies = append(p.addresses, at), append(p.cookies, uint64(is)|uint64(p.file)<<8)
	}
}

func (p *tlsProbes) attachOpenSSL(path string, functions map[tlsFunction]uint64) error {
	calls, returns := points{file: p.count}, points{file: p.count}
	for is, at := range functions {
		calls.add(is, at)
		if is != tlsFree {
			returns.add(is, at)
		}
	}
	return p.attachPair(path, captureProgOnTlsReturn, &returns, captureProgOnTlsCall, &calls)
}

func (p *tlsProbes) attachGo(path string, g *goTLS) error {
	if err := p.kernel.Variables[captureVarGoTls].Set(uint32(1)); err != nil {
		return err
	}
	calls, returns := points{file: p.count}, points{file: p.count}
	calls.add(tlsGoRead, g.read.entry)
	calls.add(tlsGoWrite, g.write.entry)
	returns.add(tlsGoRead, g.read.returns...)
	returns.add(tlsGoWrite, g.write.returns...)
	return p.attachPair(path, captureProgOnGoTlsReturn, &returns, captureProgOnGoTlsCall, &calls)
}

// attachPair attaches a program to where calls end, then one to where they
// begin: a call whose end isn't seen would seem to last.
func (p *tlsProbes) attachPair(path string, onReturn string, returns *points, onCall string, calls *points) error {
	ex, err := link.OpenExecutable(path)
	if err != nil {
		return err
	}
	if err := p.kernel.probe(ex, onReturn, returns); err != nil {
		return err
	}
	return p.kernel.probe(ex, onCall, calls)
}
