package ethereum

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/sessiontop/sessiontop/model"
)

// FuzzTypes has go-ethereum's types read the text, each as its own, and write
// what they have read: of that the fingerprint must know the kind, and name what
// the value names.
func FuzzTypes(f *testing.F) {
	for _, file := range []string{"pairs.jsonl", "examples.jsonl"} {
		for _, p := range pairs(f, file) {
			f.Add([]byte(p.Reply.Result))
			var elements []json.RawMessage
			if json.Unmarshal(p.Reply.Result, &elements) == nil && len(elements) > 0 {
				f.Add([]byte(elements[0]))
			}
		}
	}
	for _, s := range []string{`"0x0"`, `"0xffffffffffffffff"`, `"0x"`, `"0x00"`, `true`, `[]`} {
		f.Add([]byte(s))
	}
	d := New()
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, v := range typed(text) {
			again, err := json.Marshal(v.value)
			if err != nil {
				continue // a transaction without a signature, or the like
			}
			got := d.Reply(again)
			if got.Kinds == 0 || got.Kinds&^v.kinds != 0 {
				t.Errorf("%T %s: %v, want of %v", v.value, again, KindNames(got.Kinds), KindNames(v.kinds))
			}
			got.Kinds, got.Aux = 0, 0
			if got != v.names {
				t.Errorf("%T %s:\n got %+v\nwant %+v", v.value, again, got, v.names)
			}
		}
	})
}

// typedValue is a value of a type of go-ethereum's: of which kinds it may be,
// and what it names.
type typedValue struct {
	value any
	kinds model.Kinds
	names model.Fingerprint
}

// typed is what the text is to each of the types that can read it.
func typed(text []byte) []typedValue {
	var all []typedValue
	add := func(value any, kinds model.Kinds, names model.Fingerprint) {
		all = append(all, typedValue{value, kinds, names})
	}
	if v, ok := read[hexutil.Uint64](text); ok {
		add(v, quantity, named(uint64(v)))
	}
	if v, ok := read[common.Address](text); ok {
		add(v, kindAddress|kindAddress0, model.Fingerprint{Addr: digestOf(v[:])})
	}
	if v, ok := read[common.Hash](text); ok {
		add(v, kindWord|kindWord0, model.Fingerprint{Tx: digestOf(v[:])})
	}
	if v, ok := read[types.Header](text); ok && v.Number.IsUint64() {
		names := named(v.Number.Uint64())
		hash := v.Hash()
		names.Block = digestOf(hash[:])
		add(&v, kindHeader, names)
	}
	if v, ok := read[types.Transaction](text); ok {
		hash := v.Hash()
		add(&v, kindTx, model.Fingerprint{Tx: digestOf(hash[:])})
	}
	if v, ok := read[types.Receipt](text); ok && v.BlockNumber != nil && v.BlockNumber.IsUint64() {
		names := named(v.BlockNumber.Uint64())
		names.Tx, names.Block = digestOf(v.TxHash[:]), digestOf(v.BlockHash[:])
		add(&v, kindReceipt, names)
	}
	if v, ok := read[types.Log](text); ok {
		names := named(v.BlockNumber)
		names.Tx, names.Block, names.Addr = digestOf(v.TxHash[:]), digestOf(v.BlockHash[:]), digestOf(v.Address[:])
		add(&v, kindLog, names)
	}
	return all
}

func read[T any](text []byte) (T, bool) {
	var v T
	err := json.Unmarshal(text, &v)
	return v, err == nil && strings.TrimSpace(string(text)) != "null"
}

// named names one block by its number; the greatest number has no name.
func named(n uint64) model.Fingerprint { return model.Fingerprint{Lo: n + 1, Hi: n + 1} }

func digestOf(b []byte) uint64 { return model.Digest([]byte(common.Bytes2Hex(b))) }
