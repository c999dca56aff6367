//go:build amd64 || arm64

package live

import (
	"errors"
	"fmt"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"golang.org/x/sys/unix"
)

// watch adds a process to those watched, if it isn't one.
func (k *kernel) watch(pid int32) error {
	var w captureWatched
	if len(k.links) > 0 { // it was there, and may have forked, unwatched
		w.Forked = 1
	}
	err := k.Maps[captureMapProcesses].Update(uint32(pid), w, ebpf.UpdateNoExist)
	if err != nil && !errors.Is(err, ebpf.ErrKeyExist) {
		return fmt.Errorf("process %d can't be watched: %w", pid, err)
	}
	return nil
}

// selectBy tells the kernel what it can itself select by.
func (k *kernel) selectBy(sel *Selector) error {
	for _, p := range sel.Ports {
		if err := k.Maps[captureMapPorts].Put(p, uint8(1)); err != nil {
			return fmt.Errorf("port %d can't be watched: %w", p, err)
		}
	}
	for _, name := range sel.Comms {
		var comm [16]byte
		copy(comm[:], cutComm(name))
		if err := k.Maps[captureMapComms].Put(comm, uint8(1)); err != nil {
			return fmt.Errorf("programs called %s can't be watched: %w", name, err)
		}
	}
	return nil
}

// ignore passes over a connection for a while. Where that fails, it is asked
// again at the connection's next bytes.
func (k *kernel) ignore(cookie uint64, d time.Duration) {
	until := uint64(monotonic() + int64(d))
	_ = k.Maps[captureMapSkip].Put(cookie, until)
	k.skips++
	_ = k.Variables[captureVarSkips].Set(k.skips)
}

// lost is what found no room in the ring so far.
func (k *kernel) lost() (records, bytes uint64) {
	var each []captureLosses
	if err := k.Maps[captureMapLost].Lookup(uint32(0), &each); err != nil {
		return 0, 0
	}
	for i := range each {
		records += each[i].Records
		bytes += each[i].Bytes
	}
	return records, bytes
}

// holdings reads who holds which of the sockets that are wanted, of the processes
// watched.
func (k *kernel) holdings(wanted func(cookie uint64) bool) (holdings, error) {
	it, err := link.AttachIter(link.IterOptions{Program: k.Programs[captureProgHolders]})
	if err != nil {
		return nil, whyNot(err)
	}
	defer it.Close()
	rows, err := it.Open()
	if err != nil {
		return nil, fmt.Errorf("sockets can't be listed: %w", err)
	}
	defer rows.Close()
	all, err := readHoldings(rows, wanted)
	if err != nil {
		return nil, fmt.Errorf("sockets can't be listed: %w", err)
	}
	return all, nil
}

func monotonic() int64 {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) // cannot fail for this clock
	return t.Nano()
}
