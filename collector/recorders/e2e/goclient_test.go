//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/ethereum/go-ethereum/version"
	"github.com/gorilla/websocket"

	logs "github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/record/tap"
)

// With goClientURL set, this binary is the Go program under test.
const goClientURL = "SESSIONTOP_E2E_GO_CLIENT"

func TestGoClient(t *testing.T) {
	for _, how := range []string{"http", "ws"} {
		t.Run(how, func(t *testing.T) {
			row := parallel(t, fmt.Sprintf("ethclient %d.%d.%d", version.Major, version.Minor, version.Patch), map[string]string{"http": "http, batches", "ws": "websocket, batches"}[how], newestGeth().name)
			p := newProxy(t, newestGeth().start(t))
			r := &recording{proxy: p, dir: t.TempDir()}
			r.logs = filepath.Join(r.dir, "logs")
			ctx, stop := context.WithTimeout(t.Context(), runLimit)
			defer stop()
			client := exec.CommandContext(ctx, os.Args[0])
			client.Env = append(os.Environ(), goClientURL+"="+how+p.url[len("http"):], "SESSIONTOP_LOG_DIR="+r.logs)
			endWithUs(client)
			if out, err := client.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			total := &score{}
			r.silent(t, total)
			row.fill(t, total, false)
		})
	}
}

// goClient makes calls from several goroutines, which share a client, and holds
// each result against what only that call can have.
func goClient(url string) error {
	w, err := logs.Create(os.Getenv("SESSIONTOP_LOG_DIR"), logs.Self())
	if err != nil {
		return err
	}
	defer w.Close()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	client, err := rpc.DialOptions(ctx, url,
		rpc.WithHTTPClient(&http.Client{Transport: logs.Transport(http.DefaultTransport, w)}),
		rpc.WithWebsocketDialer(websocket.Dialer{NetDialContext: tap.Dialer(new(net.Dialer).DialContext, w, url)}))
	if err != nil {
		return err
	}
	defer client.Close()
	failed := make([]error, 8)
	var all sync.WaitGroup
	for i := range failed {
		all.Go(func() { failed[i] = manyGoCalls(ctx, client, i*1000) })
	}
	all.Wait()
	return errors.Join(failed...)
}

func manyGoCalls(ctx context.Context, client *rpc.Client, from int) error {
	for n := range 25 {
		if err := goCalls(ctx, client, from+n); err != nil {
			return err
		}
	}
	return nil
}

func goCalls(ctx context.Context, client *rpc.Client, n int) error {
	eth := ethclient.NewClient(client)
	if id, err := eth.ChainID(ctx); err != nil || id.Cmp(big.NewInt(1337)) != 0 {
		return fmt.Errorf("chain id %v, %w", id, err)
	}
	if head, err := eth.HeaderByNumber(ctx, new(big.Int)); err != nil || head.Number.Sign() != 0 {
		return fmt.Errorf("header %v, %w", head, err)
	}
	batch := make([]rpc.BatchElem, 3)
	for i := range batch {
		batch[i] = rpc.BatchElem{Method: "web3_sha3", Args: []any{hexutil.Encode(fmt.Appendf(nil, "%d %d", n, i))}, Result: new(hexutil.Bytes)}
	}
	if err := client.BatchCallContext(ctx, batch); err != nil {
		return err
	}
	for i, b := range batch {
		want := crypto.Keccak256(fmt.Appendf(nil, "%d %d", n, i))
		if got := *b.Result.(*hexutil.Bytes); b.Error != nil || !bytes.Equal(got, want) {
			return fmt.Errorf("hash %v, not %x: %w", got, want, b.Error)
		}
	}
	return nil
}
