package node

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"
)

// Config says what chain a node has. The same seed gives the same accounts.
type Config struct {
	Seed     uint64
	Accounts int           // that the node manages; 0: 4
	Period   time.Duration // between two blocks; 0: a second
}

const (
	history     = 48               // blocks that there are at the start
	richEther   = 1_000_000        // of everyone at the start
	weiPerEther = 1e18             // also units per token
	headerWait  = 10 * time.Second // for a request's header
)

// Node is a running node. Its methods may be called from any goroutine.
type Node struct {
	URL string // http://127.0.0.1:port

	server *http.Server
	rpc    *rpc.Server
	stop   chan struct{}
	done   sync.WaitGroup
}

// Start makes a chain with some history and serves it on a free port of
// 127.0.0.1.
func Start(cfg Config) (*Node, error) {
	if cfg.Accounts == 0 {
		cfg.Accounts = 4
	}
	if cfg.Period == 0 {
		cfg.Period = time.Second
	}
	accounts := Accounts(cfg.Seed, cfg.Accounts)
	others := newCrowd(cfg.Seed)
	c := begin(accounts, others, time.Now(), cfg.Period)

	server := rpc.NewServer()
	keys := newKeystore(accounts)
	for name, api := range map[string]any{
		"eth":      &ethAPI{c, keys},
		"personal": &personalAPI{keys},
		"net":      netAPI{},
		"web3":     web3API{},
	} {
		if err := server.RegisterName(name, api); err != nil {
			return nil, fmt.Errorf("demo node: %w", err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("demo node: %w", err)
	}
	n := &Node{
		URL: "http://" + listener.Addr().String(),
		server: &http.Server{
			Handler:           server,
			ReadHeaderTimeout: headerWait,
			ErrorLog:          log.New(io.Discard, "", 0), // torn requests are what the demo is about
		},
		rpc:  server,
		stop: make(chan struct{}),
	}
	n.done.Go(func() { _ = n.server.Serve(listener) }) // it returns when it is closed
	n.done.Go(func() { n.mine(c, others, cfg.Period) })
	return n, nil
}

// Close stops the node and closes its connections.
func (n *Node) Close() {
	close(n.stop)
	_ = n.server.Close()
	n.rpc.Stop()
	n.done.Wait()
}

func (n *Node) mine(c *chain, others *crowd, period time.Duration) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-n.stop:
			return
		case at := <-tick.C:
			others.pay(c)
			c.mine(at)
		}
	}
}

// begin makes the chain: everyone is rich, and some blocks lie behind.
func begin(accounts []Account, others *crowd, now time.Time, period time.Duration) *chain {
	s := newState(Token(accounts))
	wealth := new(uint256.Int).Mul(uint256.NewInt(richEther), uint256.NewInt(weiPerEther))
	for _, group := range [][]Account{accounts, others.people} {
		for _, a := range group {
			h := s.at(a.Address)
			h.ether, h.tokens = *wealth, *wealth
		}
	}
	at := now.Add(-history * max(period, time.Second))
	c := newChain(s, at)
	for range history {
		at = at.Add(max(period, time.Second))
		others.pay(c)
		c.mine(at)
	}
	return c
}

// Token is the address of the ERC-20 token of the node with these accounts.
func Token(accounts []Account) common.Address {
	return crypto.CreateAddress(accounts[0].Address, 0)
}
