//go:build e2e

package e2e

import (
	"flag"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

var trialsFlag = flag.Int("trials", 0, "times that a program forks its workers (default 20, 6 with -short)")

func trials() int {
	switch {
	case *trialsFlag > 0:
		return *trialsFlag
	case testing.Short():
		return 6
	}
	return 20
}

// web3py are the releases under test: the last one whose cache of sessions has
// the endpoint's URI and the thread for its key in 5, that of the first report
// of the fault, the last of 6, the last of 7 and of 8 (a cache for each
// provider).
var web3py = []string{"5.31.4", "6.15.1", "6.20.4", "7.16.0", "8.0.0"}

// affected says whether a release shares connections across a fork: those
// before 7 wherever there was a call before it, all of them where the
// children use the parent's provider.
func affected(version, whose, state string) bool {
	return state == "warm" && (whose == "inherited" || version < "7")
}

// releases are those under test: the last that is affected however it is used,
// and the newest, where time is short.
func releases() []string {
	if testing.Short() {
		return fleetReleases
	}
	return web3py
}

var web3pyVenvs = func() map[string]*install {
	all := map[string]*install{}
	for _, v := range web3py {
		packages := []string{"web3==" + v, "setuptools<81"}
		if slices.Contains(fleetReleases, v) {
			packages = append(packages, "gunicorn==27.0.1", "celery==5.7.0", "httpx==0.28.1")
		}
		all[v] = venv("web3.py-"+v, packages...)
		if v == "5.31.4" { // the last that its eth-abi allows calls what Python 3.11 no longer has
			all[v].make = append(all[v].make, pip("--no-deps", "parsimonious==0.9.0"))
		}
	}
	return all
}()

func python(t *testing.T, version string) string {
	return filepath.Join(web3pyVenvs[version].dir(t), "bin", "python")
}

func TestWeb3py(t *testing.T) {
	for _, version := range releases() {
		for _, whose := range []string{"own", "inherited"} {
			for _, state := range []string{"warm", "cold"} {
				t.Run(version+"/"+whose+"/"+state, func(t *testing.T) {
					seed(t, version, whose, state)
				})
			}
		}
	}
}

// seed runs the program of the first report.
func seed(t *testing.T, version, whose, state string) {
	provider := map[string]string{"own": "a provider per child", "inherited": "the parent's provider"}[whose]
	row := parallel(t, "web3.py "+version, provider+", "+state, personalGeth.name)
	interpreter := python(t, version)
	var accounts []string
	if err := ask(personalGeth.start(t), "eth_accounts", &accounts); err != nil {
		t.Fatal(err)
	}
	p := newProxy(t, personalGeth.url)
	r := record(t, p, nil, interpreter, filepath.Join(programs(t), "seed.py"), p.url, whose, state, strconv.Itoa(trials()), accounts[0])
	r.wait(t)
	row.fill(t, r.score(t), affected(version, whose, state))
}
