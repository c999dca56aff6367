package ethereum

import (
	"crypto/ecdsa"
	"encoding/json"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/crypto/kzg4844"
	"github.com/holiman/uint256"
)

// chain is a block made with go-ethereum's types, in the forms in which a node
// gives it out.
type chain struct {
	block    *types.Block
	receipts types.Receipts
	from     common.Address
}

var (
	testChain = big.NewInt(1337)
	testTo    = common.HexToAddress("0x7dcd17433742f4c0ca53122ab541d0ba67fc27df")
)

func testKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := crypto.ToECDSA(crypto.Keccak256([]byte("sessiontop")))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// testTransactions are signed transactions of every type, 0 to 4.
func testTransactions(t testing.TB) []*types.Transaction {
	t.Helper()
	key, u := testKey(t), uint256.NewInt
	auth, err := types.SignSetCode(key, types.SetCodeAuthorization{ChainID: *u(1337), Address: testTo, Nonce: 5})
	if err != nil {
		t.Fatal(err)
	}
	list := types.AccessList{{Address: testTo, StorageKeys: []common.Hash{{1}}}}
	var txs []*types.Transaction
	for _, data := range []types.TxData{
		&types.LegacyTx{Nonce: 0, GasPrice: big.NewInt(9), Gas: 21000, To: &testTo, Value: big.NewInt(1)},
		&types.AccessListTx{ChainID: testChain, Nonce: 1, GasPrice: big.NewInt(9), Gas: 50000, To: &testTo, Value: big.NewInt(1), AccessList: list},
		&types.DynamicFeeTx{ChainID: testChain, Nonce: 2, GasTipCap: big.NewInt(1), GasFeeCap: big.NewInt(9), Gas: 50000, Data: []byte{1, 2}},
		&types.BlobTx{ChainID: u(1337), Nonce: 3, GasTipCap: u(1), GasFeeCap: u(9), Gas: 50000, To: testTo, BlobFeeCap: u(1), Value: u(0), BlobHashes: []common.Hash{{1}}},
		&types.SetCodeTx{ChainID: u(1337), Nonce: 4, GasTipCap: u(1), GasFeeCap: u(9), Gas: 50000, To: testTo, Value: u(0), AuthList: []types.SetCodeAuthorization{auth}},
	} {
		tx, err := types.SignNewTx(key, types.LatestSignerForChainID(testChain), data)
		if err != nil {
			t.Fatal(err)
		}
		txs = append(txs, tx)
	}
	return txs
}

// withSidecars are the network forms of a blob transaction: EIP-4844's, and
// EIP-7594's with cell proofs.
func withSidecars(tx *types.Transaction) []*types.Transaction {
	blobs, commitments := make([]kzg4844.Blob, 1), make([]kzg4844.Commitment, 1)
	return []*types.Transaction{
		tx.WithBlobTxSidecar(types.NewBlobTxSidecar(types.BlobSidecarVersion0, blobs, commitments, make([]kzg4844.Proof, 1))),
		tx.WithBlobTxSidecar(types.NewBlobTxSidecar(types.BlobSidecarVersion1, blobs, commitments, make([]kzg4844.Proof, kzg4844.CellProofsPerBlob))),
	}
}

func newChain(t testing.TB) *chain {
	t.Helper()
	txs := testTransactions(t)
	c := &chain{from: crypto.PubkeyToAddress(testKey(t).PublicKey)}
	for i, tx := range txs {
		r := &types.Receipt{Type: tx.Type(), Status: 1, CumulativeGasUsed: uint64(i+1) * 21000, GasUsed: 21000,
			TxHash: tx.Hash(), EffectiveGasPrice: big.NewInt(9), TransactionIndex: uint(i), BlockNumber: big.NewInt(27),
			Logs: []*types.Log{{Address: testTo, Topics: []common.Hash{{2}}, Data: []byte{3}, BlockNumber: 27, TxHash: tx.Hash(), TxIndex: uint(i), Index: uint(i)}}}
		r.Bloom = types.CreateBloom(r)
		c.receipts = append(c.receipts, r)
	}
	zero := uint64(0)
	header := &types.Header{Number: big.NewInt(27), Difficulty: big.NewInt(0), GasLimit: 3e7, GasUsed: 105000, Time: 1, BaseFee: big.NewInt(7),
		Extra: []byte("test"), BlobGasUsed: &zero, ExcessBlobGas: &zero, ParentBeaconRoot: &common.Hash{}, RequestsHash: &types.EmptyRequestsHash}
	body := &types.Body{Transactions: txs, Withdrawals: types.Withdrawals{{Index: 1, Validator: 2, Address: testTo, Amount: 3}}}
	c.block = types.NewBlock(header, body, c.receipts, &Trie{})
	for _, r := range c.receipts {
		r.BlockHash = c.block.Hash()
		for _, l := range r.Logs {
			l.BlockHash = r.BlockHash
		}
	}
	return c
}

type members = map[string]any

// plain turns a value into maps by its own JSON form.
func plain(t testing.TB, v any) members {
	t.Helper()
	var o members
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &o)
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (c *chain) txJSON(t testing.TB, i int) members {
	o := plain(t, c.block.Transactions()[i])
	o["from"], o["blockHash"], o["blockNumber"] = c.from, c.block.Hash(), hexutil.Uint64(c.block.NumberU64())
	o["transactionIndex"] = hexutil.Uint64(i)
	return o
}

// blockJSON is eth_getBlockBy…'s form, with transaction objects or hashes.
func (c *chain) blockJSON(t testing.TB, bodies bool) members {
	o := plain(t, c.block.Header())
	txs := []any{}
	for i, tx := range c.block.Transactions() {
		if bodies {
			txs = append(txs, c.txJSON(t, i))
		} else {
			txs = append(txs, tx.Hash())
		}
	}
	o["hash"], o["transactions"], o["uncles"], o["withdrawals"] = c.block.Hash(), txs, []any{}, c.block.Withdrawals()
	o["size"] = hexutil.Uint64(c.block.Size())
	return o
}

func (c *chain) receiptJSON(t testing.TB, i int) members {
	o := plain(t, c.receipts[i])
	o["from"], o["to"] = c.from, c.block.Transactions()[i].To()
	return o
}

func (c *chain) receiptsJSON(t testing.TB) []any {
	var all []any
	for i := range c.receipts {
		all = append(all, c.receiptJSON(t, i))
	}
	return all
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
