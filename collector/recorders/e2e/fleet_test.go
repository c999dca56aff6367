//go:build e2e

package e2e

import (
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A fleet is a way to run workers, with one provider that they inherit or one
// each.
type fleet struct {
	name    string
	node    func() *node
	shared  bool
	again   bool // the program itself forks its workers again and again, after a call each time
	command func(t *testing.T, interpreter string) []string
	drive   func(t *testing.T, r *recording, jobs int) // nil: the program does its jobs by itself
}

var fleets = []fleet{
	{"gunicorn --preload", newestGeth, true, false, gunicornCommand("--preload"), driveGunicorn},
	{"gunicorn", newestGeth, false, false, gunicornCommand(), driveGunicorn},
	{"celery, prefork", func() *node { return anvil }, true, false, celeryCommand, nil},
	{"multiprocessing.Pool", func() *node { return ganache }, true, true, poolCommand, nil},
	{"multiprocessing.Pool", func() *node { return ganache }, false, true, poolCommand, nil},
}

// fleetReleases of web3.py: the last that caches sessions for all providers,
// and the newest.
var fleetReleases = []string{"6.20.4", "8.0.0"}

func TestFleets(t *testing.T) {
	for _, version := range fleetReleases {
		for _, f := range fleets {
			t.Run(fmt.Sprintf("%s/%s/shared=%t", version, f.name, f.shared), func(t *testing.T) {
				f.run(t, version)
			})
		}
	}
}

func (f *fleet) run(t *testing.T, version string) {
	provider, mode := "each", "a provider per job"
	if f.shared {
		provider, mode = "shared", "one provider, used before the fork"
	}
	row := parallel(t, f.name+", web3.py "+version, mode, f.node().name)
	interpreter := python(t, version)
	starts, rounds := 1, trials()
	if !f.again { // what workers inherit they spoil at once
		starts, rounds = max(1, trials()/5), 6
	}
	total := &score{}
	for range starts {
		p := newProxy(t, f.node().start(t))
		r := record(t, p, []string{"HOME=" + t.TempDir(), "NODE=" + p.url, "PROVIDER=" + provider, fmt.Sprintf("TRIALS=%d", rounds)},
			f.command(t, interpreter)...)
		if f.drive != nil {
			f.drive(t, r, 4*rounds)
		}
		r.wait(t)
		total.add(r.score(t))
	}
	row.fill(t, total, f.shared || f.again && version < "7")
}

func poolCommand(t *testing.T, interpreter string) []string {
	return []string{interpreter, filepath.Join(programs(t), "pool.py")}
}

func celeryCommand(t *testing.T, interpreter string) []string {
	return []string{interpreter, "-m", "celery", "-A", "jobs", "worker", "-c", "4", "-P", "prefork",
		"--without-mingle", "--without-gossip", "--without-heartbeat", "-l", "error"}
}

const gunicornSocket = "web.sock"

func gunicornCommand(more ...string) func(*testing.T, string) []string {
	return func(_ *testing.T, interpreter string) []string {
		return append([]string{interpreter, "-m", "gunicorn", "-w", "4", "-b", "unix:" + gunicornSocket,
			"web:app"}, more...)
	}
}

// driveGunicorn has the application do its jobs, four at a time, and ends it.
func driveGunicorn(t *testing.T, r *recording, jobs int) {
	socket := filepath.Join(r.dir, gunicornSocket)
	deadline := time.Now().Add(time.Minute)
	for { // the file is there before it is listened at
		conn, err := net.Dial("unix", socket)
		if err == nil {
			conn.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("gunicorn does not start: %v; %s", err, tail(r.said.String()))
		}
		time.Sleep(20 * time.Millisecond)
	}
	client := &http.Client{Timeout: runLimit, Transport: &http.Transport{DialContext: unixDialer(socket), DisableKeepAlives: true}}
	var inFlight sync.WaitGroup
	for range 4 {
		inFlight.Go(func() {
			for range jobs / 4 {
				resp, err := client.Get("http://app/")
				if err != nil {
					t.Errorf("the application: %v", err)
					return
				}
				resp.Body.Close()
			}
		})
	}
	inFlight.Wait()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
}
