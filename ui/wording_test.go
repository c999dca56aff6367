package ui

import (
	"context"
	"testing"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/internal/world"
)

// A block number that goes back is unlike what the endpoint answered before:
// the request named nothing, and one process alone counts ids.
func TestEvidenceOfWhatTheEndpointAnsweredBefore(t *testing.T) {
	w := world.New(false)
	c := world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://node:8545")
	for i := range 20 {
		w.Call(float64(i)*100, 1, 300, c, i, "eth_blockNumber", "[]", `"0x10d4e0"`)
	}
	w.Call(2000, 1, 300, c, 20, "eth_blockNumber", "[]", `"0x0"`)
	drive(t, w.End(), func(cfg *Config) { cfg.Bodies = w.Bodies() }).Press("4").
		Sees("wrong-echo · possible by echo", "and read a result unlike what the endpoint had answered before", "echo  the result is unlike", "says nothing against it: the ids are equal").
		SeesNot("both processes", "than the request did")
}

func TestRepliesThatNobodyAskedForAmongTheMethods(t *testing.T) {
	torn(t).Press("5").Sees("(nobody asked)").
		Press("G").Sees("(nobody asked)   0 calls", "replies that nobody asked for: 1")
}

func TestNothingToVerifyWhereNobodyAsked(t *testing.T) {
	d := torn(t)
	d.app.cfg.Verify = func(context.Context, *model.Snapshot, *model.Call) (string, error) { return "", nil }
	d.Press("2", "/").Type("is:orphan").Press("enter", "v").Sees("nobody asked for this reply")
}

func TestForksOverALongTimeAreToldFromTheFirstToTheLast(t *testing.T) {
	w := world.New(false)
	c := world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://node:8545")
	w.Open(0, 100, c)
	for i, pid := range []int{101, 102} {
		ms := float64(i+1) * 60_000
		w.Proc(pid, 100, "worker")
		w.Fork(ms, 100, pid)
		w.Call(ms+10, 1, pid, c, i, "eth_chainId", "[]", `"0x1"`)
	}
	drive(t, w.End()).Size(200, 60).Sees("in 101 and 102 since their forks from 09:01:00 to 09:02:00")
}

func TestAPIDIsNeverCut(t *testing.T) {
	w := world.New(false)
	w.Proc(4194301, 1, "block-indexer")
	w.Call(0, 1, 4194301, world.Conn("10.0.0.5:1", "10.0.0.7:8545", ""), 1, "eth_chainId", "[]", `"0x1"`)
	drive(t, w.End()).Sees("bloc… 4194301").Size(200, 60).Sees("block-index… 4194301")
}

func TestOfAUnixSocketTheEndOfItsPathIsShown(t *testing.T) {
	w := world.New(false)
	w.Call(0, 1, 100, world.Conn("", "/var/lib/ethereum/mainnet/data/geth.ipc", ""), 1, "eth_chainId", "[]", `"0x1"`)
	drive(t, w.End()).Size(80, 24).Sees(" >…m/mainnet/data/geth.ipc ", " > …")
}
