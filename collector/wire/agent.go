package wire

import "bytes"

// maxAgent bounds the User-Agent that is kept, in bytes.
const maxAgent = 256

// setAgent takes note of a request's User-Agent.
func (c *conn) setAgent(b []byte) {
	if len(b) == 0 || len(b) > maxAgent || string(b) == c.userAgent {
		return
	}
	c.userAgent = string(b)
	c.agent = string(product(b))
}

// product is the first product of a User-Agent with its version (RFC 9110,
// 10.1.5), nothing where it is none: "web3.py/6.15.1" of
// "web3.py/6.15.1/<class 'web3.providers.rpc.HTTPProvider'>".
func product(b []byte) []byte {
	b, _, _ = bytes.Cut(b, []byte(" "))
	name, rest, _ := bytes.Cut(b, []byte("/"))
	version, _, _ := bytes.Cut(rest, []byte("/"))
	switch {
	case !isToken(name):
		return nil
	case !isToken(version):
		return name
	}
	return b[:len(name)+1+len(version)]
}
