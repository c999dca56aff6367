package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// dialect is what reads the messages: Ethereum's methods, and those of the
// document that --openrpc names.
func (a *app) dialect() (model.Dialect, error) {
	if a.openrpc == "" {
		return ethereum.New(), nil
	}
	f, err := os.Open(a.openrpc)
	if err != nil {
		return nil, fmt.Errorf("--openrpc: %s: %w", a.openrpc, pathless(err))
	}
	defer f.Close()
	document, err := ethereum.LoadOpenRPC(f)
	if err != nil {
		return nil, fmt.Errorf("--openrpc: %s: %w", a.openrpc, err)
	}
	if unclear := document.Unclear(); len(unclear) > 0 {
		names := strings.Join(unclear[:min(3, len(unclear))], ", ")
		if len(unclear) > 3 {
			names += " …"
		}
		note(a.stderr, "%s does not determine the results of %s: %s", a.openrpc, counted(uint64(len(unclear)), "method"), names)
	}
	return described{ethereum.New(), document}, nil
}

// described is the Ethereum dialect with an OpenRPC document before it. Both
// know results by the same kinds, so that one Reply serves both: where the
// document says what a method returns, that counts. What a result must name
// (a block, a hash) no document says, so of Ethereum's methods that stays.
type described struct {
	*ethereum.Dialect
	document *ethereum.OpenRPC
}

// Ask is what the method can return and what its result must name.
func (d described) Ask(method string, params []byte) model.Fingerprint {
	f := d.Dialect.Ask(method, params)
	if k := d.document.Ask(method, params).Kinds; k != 0 {
		f.Kinds = k
	}
	return f
}
