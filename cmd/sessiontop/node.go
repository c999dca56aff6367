package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/sessiontop/sessiontop/model"
)

// askFor is how long a node has to answer one request.
const askFor = 10 * time.Second

// dial prepares to ask the node at address. The error does not show what may
// be a secret in it.
func dial(ctx context.Context, address string) (*rpc.Client, error) {
	if !strings.Contains(address, "://") && !strings.HasPrefix(address, "/") {
		return nil, fmt.Errorf("%q is no URL of a node; write for example http://127.0.0.1:8545", model.RedactURL(address))
	}
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	client, err := rpc.DialContext(ctx, address)
	if err != nil {
		return nil, unreachable(address, err)
	}
	return client, nil
}

// unreachable says that the node at address gave no answer, and why.
func unreachable(address string, err error) error {
	var bad *url.Error
	if errors.As(err, &bad) { // it names the URL with its secrets
		err = bad.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("no answer within %s", askFor)
	}
	return fmt.Errorf("the node at %s cannot be asked: %s", model.RedactURL(address), model.RedactText(err.Error()))
}

// answered says that the error is the node's own answer.
func answered(err error) bool {
	var said rpc.Error
	return errors.As(err, &said)
}

// nodeOf is the URL at which the session's node can be asked.
func nodeOf(c *model.ConnInfo) (string, error) {
	switch {
	case c.URL != "":
		if hidden(c.URL) {
			return "", errors.New("the log holds the endpoint's URL without its secrets, so it cannot be asked; start with --verify URL to name it")
		}
		for _, scheme := range []string{"ipc:", "unix:"} {
			if path, ok := strings.CutPrefix(c.URL, scheme); ok {
				return strings.TrimPrefix(path, "//"), nil
			}
		}
		if strings.HasPrefix(c.URL, "stdio:") {
			return "", fmt.Errorf("%s is no node that can be asked from here; start with --verify URL to name one", c.URL)
		}
		return c.URL, nil
	case strings.HasPrefix(c.Peer, "/"):
		return c.Peer, nil
	case c.Peer != "":
		return "http://" + c.Peer, nil
	}
	return "", errors.New("the log does not say where the node is; start with --verify URL to name it")
}

// hidden says that something in the URL was redacted.
func hidden(raw string) bool {
	if text, err := url.PathUnescape(raw); err != nil || strings.Contains(text, model.Redacted) {
		return true
	}
	u, err := url.Parse(raw)
	return err != nil || u.User != nil
}
