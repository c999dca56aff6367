package demo

import (
	"errors"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/sessiontop/sessiontop/cmd/sessiontop/demo/node"
)

// page serves one page of a wallet's web site. A page that gets an answer it
// cannot use is given up, as an exception would end it; the next one is tried.
func (w *worker) page(c *client) {
	me := w.accounts[w.Number%len(w.accounts)]
	pages := []func(*client, node.Account) error{login, login, login, overview, overview, newestBlock, pay}
	_ = pages[w.rng.IntN(len(pages))](c, me)
}

func login(c *client, me node.Account) error {
	var unlocked bool
	if err := c.call(&unlocked, "personal_unlockAccount", me.Address, me.Passphrase, 300); err != nil {
		return err
	}
	var owned []common.Address
	if err := c.call(&owned, "eth_accounts"); err != nil {
		return err
	}
	var balance hexutil.Big
	return c.call(&balance, "eth_getBalance", me.Address, "latest")
}

func overview(c *client, me node.Account) error {
	var number, nonce hexutil.Uint64
	if err := c.call(&number, "eth_blockNumber"); err != nil {
		return err
	}
	var balance, price hexutil.Big
	if err := c.call(&balance, "eth_getBalance", me.Address, "latest"); err != nil {
		return err
	}
	if err := c.call(&nonce, "eth_getTransactionCount", me.Address, "latest"); err != nil {
		return err
	}
	return c.call(&price, "eth_gasPrice")
}

func newestBlock(c *client, _ node.Account) error {
	var number hexutil.Uint64
	if err := c.call(&number, "eth_blockNumber"); err != nil {
		return err
	}
	var block struct{ Hash common.Hash }
	return c.call(&block, "eth_getBlockByNumber", number, false)
}

func pay(c *client, me node.Account) error {
	var unlocked bool
	if err := c.call(&unlocked, "personal_unlockAccount", me.Address, me.Passphrase, 300); err != nil {
		return err
	}
	var owned []common.Address
	if err := c.call(&owned, "eth_accounts"); err != nil {
		return err
	}
	if len(owned) == 0 { // null is a reply to another call
		return errors.New("no accounts")
	}
	var sent common.Hash
	order := map[string]any{"from": me.Address, "to": owned[len(owned)-1], "value": "0x2540be400"}
	if err := c.call(&sent, "eth_sendTransaction", order); err != nil {
		return err
	}
	var receipt *struct{ Status hexutil.Uint64 }
	return c.call(&receipt, "eth_getTransactionReceipt", sent)
}
