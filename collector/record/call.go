package record

import (
	"bytes"
	"encoding/json"
	"slices"
)

// call is what the recorder has to know of a request.
type call struct {
	Version string          `json:"jsonrpc"`
	Method  string          `json:"method"`
	ID      json.RawMessage `json:"id"`
	Params  json.RawMessage `json:"params"`
}

// answered is whether a reply is to be expected: a notification has no id.
func (c call) answered() bool { return c.ID != nil }

func anyAnswered(calls []call) bool { return slices.ContainsFunc(calls, call.answered) }

// parseCalls takes a body apart, and says whether it is a JSON-RPC call, or a
// batch of them: version 1.0 has no "jsonrpc", but always "params".
func parseCalls(body []byte) ([]call, bool) {
	body = bytes.TrimLeft(body, " \t\r\n")
	if len(body) == 0 {
		return nil, false
	}
	calls := make([]call, 1)
	var err error
	if body[0] == '[' {
		err = json.Unmarshal(body, &calls)
	} else {
		err = json.Unmarshal(body, &calls[0])
	}
	if err != nil || len(calls) == 0 {
		return nil, false
	}
	for _, c := range calls {
		if c.Method == "" || c.Version == "" && c.Params == nil {
			return nil, false
		}
	}
	return calls, true
}
