package node

import (
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
)

// unlockedFor is how long an account stays unlocked if the caller does not say.
const unlockedFor = 300 * time.Second

// personalAPI is the personal namespace, as go-ethereum had it before 1.15.
type personalAPI struct{ keys *keystore }

func (p *personalAPI) ListAccounts() []common.Address { return p.keys.order }

// UnlockAccount takes a duration in seconds.
func (p *personalAPI) UnlockAccount(a common.Address, passphrase string, seconds *uint32) (bool, error) {
	d := unlockedFor
	if seconds != nil {
		d = time.Duration(*seconds) * time.Second
	}
	if err := p.keys.unlock(a, passphrase, time.Now().Add(d)); err != nil {
		return false, err
	}
	return true, nil
}

func (p *personalAPI) LockAccount(a common.Address) bool {
	p.keys.lock(a)
	return true
}

// netAPI is the net namespace.
type netAPI struct{}

func (netAPI) Version() string         { return "1337" }
func (netAPI) Listening() bool         { return true }
func (netAPI) PeerCount() hexutil.Uint { return 0 }

// web3API is the web3 namespace.
type web3API struct{}

func (web3API) ClientVersion() string { return "sessiontop/demo/go-ethereum-rpc" }
