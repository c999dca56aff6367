//go:build linux && (amd64 || arm64)

package live_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/collector/record"
)

// TestOpenSSL: of either release of OpenSSL everything is captured, however the
// library gets at its socket. It takes the libraries of the system and those in
// the folders of LD_LIBRARY_PATH.
func TestOpenSSL(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip(err)
	}
	for _, release := range []string{"1.1", "3"} {
		t.Run(release, func(t *testing.T) {
			library := findOpenSSL(t, release)
			said, err := exec.Command(python, "testdata/openssl.py", library).Output()
			if err != nil {
				t.Fatalf("%s: %v", library, err)
			}
			t.Logf("%s is %s", library, strings.TrimSpace(string(said)))
			for _, each := range [][2]string{
				{"fd", "started later"}, {"fds", "connected already"}, {"ex", "started later"}, {"bio", "connected already"},
			} {
				how, when := each[0], each[1]
				t.Run(how+", "+when, func(t *testing.T) {
					captureTLSClient(t, when, python, "testdata/openssl.py", library, how, serveTLS(t), "40")
				})
			}
		})
	}
}

// findOpenSSL is the path of a libssl of the release; the test is skipped where
// there is none.
func findOpenSSL(t *testing.T, release string) string {
	t.Helper()
	dirs := append(filepath.SplitList(os.Getenv("LD_LIBRARY_PATH")), "/lib", "/lib/*", "/usr/lib", "/usr/lib/*", "/usr/lib64")
	for _, dir := range dirs {
		// A library in a Python package has its checksum in its name.
		if found, _ := filepath.Glob(filepath.Join(dir, "libssl[.\\-]*so."+release)); len(found) > 0 {
			return found[0]
		}
	}
	t.Skipf("there is no libssl.so.%s, neither in the system's folders nor in those of LD_LIBRARY_PATH", release)
	return ""
}

// TestTLSNested: a call of the library within another one hides neither.
func TestTLSNested(t *testing.T) {
	t.Parallel()
	f := startScript(t, "testdata/nested.py", findOpenSSL(t, "3"), serveTLS(t))
	c := attach(t, live.Selector{PIDs: []int32{f.pid()}})
	f.step("call")
	c.end()
	var got []string
	for _, r := range c.told(record.Send) {
		got = append(got, between(r.Msg, `["`, `"`))
	}
	slices.Sort(got)
	want := []string{"around", "first", "second", "within"}
	if n := len(c.told(record.Recv)); !slices.Equal(got, want) || n != len(want) {
		t.Errorf("sent %q, %d received; want %q", got, n, want)
	}
	if found := c.found(); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}
