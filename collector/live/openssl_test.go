//go:build linux && (amd64 || arm64)

package live_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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
