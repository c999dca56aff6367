package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sessiontop/sessiontop/model"
)

// rpcMessage is a JSON-RPC message as it was read back.
type rpcMessage struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// messages reads back what lies at o: one message, or the items of a batch
// without its brackets.
func (r *records) messages(o model.Origin) ([]rpcMessage, error) {
	body, err := r.bodies.Body(o)
	if err != nil {
		return nil, err
	}
	var all []rpcMessage
	if err := json.Unmarshal(fmt.Appendf(nil, "[%s]", body), &all); err != nil {
		return nil, errors.New("what was read there is no JSON-RPC message")
	}
	return all, nil
}

// exchange is a request and what was read for it.
type exchange struct {
	method         string
	params, result json.RawMessage
}

// exchange reads back the request at ask and the result at reply. Of a batch's
// replies it takes the one with the request's id.
func (r *records) exchange(ask, reply model.Origin) (exchange, error) {
	asked, err := r.messages(ask)
	if err != nil {
		return exchange{}, err
	}
	got, err := r.messages(reply)
	if err != nil {
		return exchange{}, err
	}
	if len(asked) != 1 || len(got) == 0 {
		return exchange{}, errors.New("the request is not one message")
	}
	answer := &got[0]
	for i := range got {
		if bytes.Equal(got[i].ID, asked[0].ID) {
			answer = &got[i]
			break
		}
	}
	if answer.Result == nil {
		return exchange{}, errors.New("the reply has no result")
	}
	return exchange{asked[0].Method, asked[0].Params, answer.Result}, nil
}
