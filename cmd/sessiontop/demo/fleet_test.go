package demo_test

import (
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/sessiontop/sessiontop/cmd/sessiontop/demo"
	"github.com/sessiontop/sessiontop/cmd/sessiontop/demo/node"
)

const (
	seed     = 11
	patience = 90 * time.Second
)

func start(t *testing.T, cfg demo.Config) *demo.Fleet {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the tests tell sockets apart by their inodes")
	}
	cfg.Dir, cfg.Seed = filepath.Join(t.TempDir(), "logs"), seed
	f, err := demo.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Stop)
	return f
}

func until(t *testing.T, what string, met func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !met(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// TestTheFaultIsReal runs the fleet until the kernel has swapped replies, and
// then looks at every socket with the knowledge of all processes.
func TestTheFaultIsReal(t *testing.T) {
	f := start(t, demo.Config{Rate: 300, Generation: 2 * time.Second, Timeout: time.Second})
	until(t, "two generations, and eth_accounts says true", func() bool {
		lines, _ := readLogs(t, f.Dir)
		shared, swapped, lying := 0, 0, 0
		for _, s := range judge(t, lines) {
			if len(s.pids) > 2 {
				shared++
			}
			swapped += s.wrongID
			lying += s.lyingTrue
		}
		return shared >= 2 && swapped > 0 && lying > 0
	})
	f.Stop()
	if err := f.Wait(); err != nil {
		t.Fatal(err)
	}
	lines, _ := readLogs(t, f.Dir)
	healthy := 0
	for ino, s := range judge(t, lines) {
		t.Logf("socket %d: %s %v: %d asked, %d read, %d failed; %d with a wrong id, eth_accounts said true %d times",
			ino, s.comm, s.pids, len(s.asked), len(s.read), s.fails, s.wrongID, s.lyingTrue)
		// Nobody made replies up: they are the others' own, once each.
		slices.Sort(s.asked)
		slices.Sort(s.read)
		if s.fails+s.torn == 0 && !slices.Equal(s.asked, s.read) {
			t.Errorf("socket %d: ids asked %v, read %v", ino, s.asked, s.read)
		}
		if len(s.pids) > 1 {
			continue
		}
		healthy++
		if s.wrongID+s.lyingTrue+s.sawBlock > 0 {
			t.Errorf("socket %d belongs to %s %v alone, yet replies are wrong: %+v", ino, s.comm, s.pids, s)
		}
	}
	if healthy < 2 {
		t.Errorf("%d sockets of one process alone, want the indexer's and the keeper's", healthy)
	}
}

// TestTheLogsTellTheStory: who opened, who forked whom, who inherited what.
func TestTheLogsTellTheStory(t *testing.T) {
	f := start(t, demo.Config{Workers: 2, Rate: 200})
	until(t, "all have called", func() bool {
		lines, _ := readLogs(t, f.Dir)
		sends := map[int]int{}
		for _, l := range lines {
			if l.Ev == "send" {
				sends[l.PID]++
			}
		}
		return len(sends) == 5 && slices.Min(values(sends)) >= 3
	})
	f.Stop()
	lines, _ := readLogs(t, f.Dir)
	i := slices.IndexFunc(lines, func(l line) bool { return l.Comm == "web" && l.Ev == "open" })
	if i < 0 {
		t.Fatal("nobody named web opened a connection")
	}
	opened := lines[i]
	parent := opened.PID
	children := map[int]int{} // the id of the first call
	exits := 0
	for _, l := range lines {
		switch {
		case l.Ev == "fork":
			if l.PID != parent {
				t.Errorf("%d forked", l.PID)
			}
			children[l.Child] = -1
		case l.Ev == "exit":
			if exits++; l.Code == nil || *l.Code != 0 {
				t.Errorf("%s %d did not end well: %v", l.Comm, l.PID, l.Code)
			}
		}
	}
	for _, l := range lines {
		first, isChild := children[l.PID]
		if l.Ev != "send" || !isChild || l.Ino != opened.Ino {
			continue
		}
		if l.Cookie != opened.Cookie || l.Local != opened.Local || l.Opener != parent || l.URL != f.URL || l.Off != nil || l.Comm != "web" {
			t.Errorf("child %d on another connection than %+v: %+v", l.PID, opened, l)
		}
		if first < 0 {
			children[l.PID] = l.messages(t)[0].ID
		}
	}
	if got := values(children); len(got) != 2 || got[0] != 3 || got[1] != 3 {
		t.Errorf("children's first ids %v, want 3 for both: the parent had three calls", children)
	}
	if exits != 5 {
		t.Errorf("%d exits of 5 processes", exits)
	}
	ownOffsetsGrow(t, lines)
}

// ownOffsetsGrow: who has a connection alone says where its messages start.
func ownOffsetsGrow(t *testing.T, lines []line) {
	t.Helper()
	type direction struct {
		ino uint64
		ev  string
	}
	ends := map[direction]int64{} // of the message before
	for _, l := range lines {
		if l.Comm == "web" || l.Ev != "send" && l.Ev != "recv" {
			continue
		}
		d := direction{l.Ino, l.Ev}
		end, again := ends[d]
		if l.Off == nil {
			t.Fatalf("%+v: no offset", d)
		}
		if *l.Off < end || !again && *l.Off != 0 {
			t.Fatalf("%+v: offset %d after one that ends at %d", d, *l.Off, end)
		}
		ends[d] = *l.Off + int64(len(l.Msg))
	}
}

func values(m map[int]int) (out []int) {
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

func TestNoSecretIsLogged(t *testing.T) {
	f := start(t, demo.Config{Rate: 200})
	until(t, "accounts are unlocked", func() bool {
		_, text := readLogs(t, f.Dir)
		return strings.Count(text, "personal_unlockAccount") > 10
	})
	f.Stop()
	_, text := readLogs(t, f.Dir)
	for _, a := range node.Accounts(seed, 16) {
		if strings.Contains(text, a.Passphrase) {
			t.Errorf("the passphrase of %s is in the logs", a.Address)
		}
		if strings.Contains(text, hex.EncodeToString(crypto.FromECDSA(a.Key))) {
			t.Errorf("the private key of %s is in the logs", a.Address)
		}
	}
	if !strings.Contains(text, `"<redacted>"`) {
		t.Error("nothing is redacted")
	}
	files, err := os.ReadDir(f.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range files {
		if info, err := e.Info(); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: mode %v, %v; want 0600", e.Name(), info.Mode(), err)
		}
	}
}

func TestStopAtOnce(t *testing.T) {
	f := start(t, demo.Config{})
	f.Stop()
	f.Stop()
	if err := f.Wait(); err != nil {
		t.Error(err)
	}
}

func TestTheContextStopsTheFleet(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f, err := demo.Start(ctx, demo.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := f.Wait(); err != nil {
		t.Error(err)
	}
}

func TestStartSaysWhatIsMissing(t *testing.T) {
	if _, err := demo.Start(t.Context(), demo.Config{}); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("no directory: %v", err)
	}
}

// TestAWorkerThatFailsIsReported: the logs cannot be written.
func TestAWorkerThatFailsIsReported(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := demo.Start(t.Context(), demo.Config{Dir: file})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Wait(); err == nil || !strings.Contains(err.Error(), "session log") || !strings.Contains(err.Error(), "keeper") {
		t.Errorf("error %v", err)
	}
}
