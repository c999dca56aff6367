package ethereum

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/rpc"
)

// ErrNotFixed says that a request is not asked again: it changes state, its
// answer may change by itself (a tag instead of a block number, a result that
// is null yet), or nothing is known of its method.
var ErrNotFixed = errors.New("the answer to this request is not fixed")

// Verifier asks a node again. It may be used from any goroutine.
type Verifier struct{ Client *rpc.Client }

// Ask sends the request to the node once more and lists in which values the
// logged result (Got) and the answer (Want) differ, and what Verify finds; of
// eth_getBlockReceipts also whether the receipts are those of the block's root.
// Letter case, leading zeros of hex strings and the order of members make no
// difference. The error is ErrNotFixed, nothing having been sent, or the
// node's.
func (v Verifier) Ask(ctx context.Context, method string, params, result []byte) ([]Difference, error) {
	if !Fixed(method, params, result) {
		return nil, fmt.Errorf("%s: %w", method, ErrNotFixed)
	}
	var args []any
	if len(params) > 0 {
		if err := json.Unmarshal(params, &args); err != nil {
			return nil, fmt.Errorf("parameters of %s: %w", method, err)
		}
	}
	found := Verify(method, params, result)
	var answer json.RawMessage
	if err := v.Client.CallContext(ctx, &answer, method, args...); err != nil {
		return found, fmt.Errorf("asking %s again: %w", method, err)
	}
	different, err := diff(result, answer)
	if err != nil {
		return found, fmt.Errorf("answer to %s: %w", method, err)
	}
	found = append(found, different...)
	if method == "eth_getBlockReceipts" {
		roots, err := v.receiptsRoot(ctx, args[0], result)
		return append(found, roots...), err
	}
	return found, nil
}

// receiptsRoot holds receipts against the block that they are of.
func (v Verifier) receiptsRoot(ctx context.Context, block any, receipts []byte) ([]Difference, error) {
	method := "eth_getBlockByNumber"
	switch b := block.(type) {
	case map[string]any:
		if hash, ok := b["blockHash"]; ok {
			method, block = "eth_getBlockByHash", hash
		} else {
			block = b["blockNumber"]
		}
	case string:
		if fixedDigest([]byte(b), wordDigits) != 0 {
			method = "eth_getBlockByHash"
		}
	}
	var header json.RawMessage
	if err := v.Client.CallContext(ctx, &header, method, block, false); err != nil {
		return nil, fmt.Errorf("asking for the block of the receipts: %w", err)
	}
	return VerifyReceipts(header, receipts), nil
}

// Fixed says whether the request only reads, and what it reads does not change
// once it is there: whether Verifier.Ask would send it.
func Fixed(method string, params, result []byte) bool {
	d := cursor{b: result}
	if d.peek() == 'n' || d.peek() == 0 {
		return false
	}
	switch method {
	case "eth_chainId", "net_version", "web3_sha3", "eth_getBlockByHash", "eth_getHeaderByHash",
		"eth_getTransactionByBlockHashAndIndex", "eth_getUncleByBlockHashAndIndex", "eth_getUncleCountByBlockHash",
		"eth_getBlockTransactionCountByHash":
		return true
	case "eth_getTransactionByHash", "eth_getTransactionReceipt":
		f, _ := object(&d, 0)
		return f.Block != 0 // else it is pending
	case "eth_getBlockByNumber", "eth_getHeaderByNumber", "eth_getBlockReceipts", "eth_getTransactionByBlockNumberAndIndex",
		"eth_getUncleByBlockNumberAndIndex", "eth_getUncleCountByBlockNumber", "eth_getBlockTransactionCountByNumber",
		"debug_getRawBlock", "debug_getRawHeader", "debug_getRawReceipts":
		return numbered(params, 0)
	case "eth_getBalance", "eth_getCode", "eth_getTransactionCount", "eth_call", "eth_feeHistory":
		return numbered(params, 1)
	case "eth_getStorageAt", "eth_getProof":
		return numbered(params, 2)
	case "eth_getLogs":
		return fixedFilter(params)
	}
	return false
}

// numbered says whether that parameter is a block by its number or hash.
func numbered(params []byte, n int) bool {
	c, ok := argument(params, n)
	if !ok {
		return false
	}
	number, hash := c.block()
	return number != 0 || hash != 0
}

// fixedFilter says whether both ends of a log filter are fixed.
func fixedFilter(params []byte) bool {
	var filters []struct{ FromBlock, ToBlock, BlockHash string }
	if json.Unmarshal(params, &filters) != nil || len(filters) == 0 {
		return false
	}
	f := filters[0]
	return f.BlockHash != "" || hexNumber([]byte(f.FromBlock)) != 0 && hexNumber([]byte(f.ToBlock)) != 0
}
