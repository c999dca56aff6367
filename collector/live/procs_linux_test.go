//go:build amd64 || arm64

package live

import (
	"errors"
	"os/exec"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/prometheus/procfs"
)

// TestZombie: a process that has ended is none to watch, though nobody has waited
// for it yet.
func TestZombie(t *testing.T) {
	ended := exec.Command("true")
	if err := ended.Start(); err != nil {
		t.Skip(err)
	}
	defer ended.Wait()
	pid := ended.Process.Pid
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		p, err := procfs.NewProc(pid)
		if err != nil {
			t.Fatal(err)
		}
		if stat, err := p.Stat(); err == nil && stat.State == "Z" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("it doesn't end")
		}
	}
	all, err := runningProcesses()
	if err != nil {
		t.Fatal(err)
	}
	if _, is := all[int32(pid)]; is {
		t.Errorf("%d is said to run", pid)
	}
}

// loadForTest loads what runs in the kernel, where it and who runs this allow it.
func loadForTest(t *testing.T, s *Selector) *kernel {
	t.Helper()
	k, err := load(s)
	var missing *RequirementError
	switch {
	case errors.As(err, &missing):
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	t.Cleanup(func() { k.close() })
	return k
}

// TestPIDOfAnother: whoever is born is watched for its parent's sake alone, and
// not since one with the same PID was.
func TestPIDOfAnother(t *testing.T) {
	k := loadForTest(t, &Selector{PIDs: []int32{1 << 30}})
	if err := k.attach(); err != nil {
		t.Fatal(err)
	}
	const next = 200 // PIDs; others may start programs, too
	from := int32(0)
	for range 100 {
		child := exec.Command("sleep", "60")
		if err := child.Start(); err != nil {
			t.Skip(err)
		}
		pid, known := int32(child.Process.Pid), uint32(0)
		err := k.Maps[captureMapProcesses].Lookup(uint32(pid), &known)
		child.Process.Kill()
		child.Wait()
		if from < pid && pid < from+next {
			if !errors.Is(err, ebpf.ErrKeyNotExist) {
				t.Errorf("%d is watched (%v)", pid, err)
			}
			return
		}
		for from = pid; from < pid+next; from++ {
			if err := k.watch(from + 1); err != nil {
				t.Fatal(err)
			}
		}
		from = pid
	}
	t.Skip("PIDs jump")
}
