package tail_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// withoutPrivilege makes the file system treat this test's thread as nobody,
// where it is root otherwise, for whom no permission counts.
func withoutPrivilege(t *testing.T) {
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	runtime.LockOSThread() // never unlocked: the thread ends with the test
	must(t, unix.Setfsuid(nobody))
	if id, _ := unix.SetfsuidRetUid(-1); id != nobody {
		t.Skip("root, and not allowed to act as another user")
	}
}

func TestFileWithoutPermission(t *testing.T) {
	dir := t.TempDir()
	for d := dir; d != filepath.Dir(d) && d != os.TempDir(); d = filepath.Dir(d) {
		must(t, os.Chmod(d, 0o755))
	}
	secret, open := filepath.Join(dir, "secret.log"), filepath.Join(dir, "open.log")
	write(t, secret, "secret\n")
	write(t, open, "open\n")
	must(t, os.Chmod(open, 0o644))
	must(t, os.Chmod(secret, 0))
	once := newReader(t, []string{dir}, tail.Options{})
	r := newReader(t, []string{dir}, fast())
	withoutPrivilege(t)

	once.all()
	denied := func(r *reader) bool {
		s, _ := r.source("secret.log")
		return s.Err != nil && os.IsPermission(unwrap(s.Err)) && strings.Contains(s.Err.Error(), secret)
	}
	if !denied(once) || once.text("open.log") != "open\n" {
		t.Errorf("once: %s", once.describe())
	}
	r.until("the error", func() bool { return denied(r) && r.text("open.log") == "open\n" })

	if os.Geteuid() == 0 {
		must(t, unix.Setfsuid(0))
	} else {
		must(t, os.Chmod(secret, 0o600))
	}
	r.until("another try", func() bool { return r.text("secret.log") == "secret\n" })
	if s, _ := r.source("secret.log"); s.Err != nil {
		t.Errorf("the error stayed: %v", s.Err)
	}
}

// TestTooManyOpenFiles: with fewer files allowed than it counts on, the set
// closes those that it can do without.
func TestTooManyOpenFiles(t *testing.T) {
	dir := t.TempDir()
	const files = 100
	for i := range files {
		write(t, filepath.Join(dir, fmt.Sprintf("w%d.log", i)), strings.Repeat("line\n", 100))
	}
	var old unix.Rlimit
	must(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &old))
	tight := unix.Rlimit{Cur: uint64(openFiles(t)) + 20, Max: old.Max}
	must(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &tight))
	defer unix.Setrlimit(unix.RLIMIT_NOFILE, &old)
	r := newReader(t, []string{dir}, tail.Options{MaxHandles: 1000, BlockSize: 64})
	r.all()
	for _, s := range r.set.Sources() {
		if len(r.got[s.ID]) != 500 || s.Err != nil {
			t.Fatal(r.describe())
		}
	}
}

func unwrap(err error) error {
	for {
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return err
		}
		err = u.Unwrap()
	}
}
