// Package tap records the JSON-RPC messages that pass a net.Conn: those of
// go-ethereum's rpc.Client over WebSocket and IPC, or of anything else that
// speaks a protocol which package wire knows. Over HTTP, record.Transport is
// better: it sees timeouts, and what is inside TLS.
//
// WebSocket, where the client makes its connections itself and makes new ones
// when they break:
//
//	plain, secure := new(net.Dialer), new(tls.Dialer)
//	client, err := rpc.DialOptions(ctx, url, rpc.WithWebsocketDialer(websocket.Dialer{
//		NetDialContext:    tap.Dialer(plain.DialContext, w, url),
//		NetDialTLSContext: tap.Dialer(secure.DialContext, w, url),
//	}))
//
// IPC, where rpc.Client takes any stream. Such a client does not connect again
// and does not close the connection: its Close waits until the program has, so
// close conn first.
//
//	conn, err := tap.Dialer(new(net.Dialer).DialContext, w, "")(ctx, "unix", path)
//	client, err := rpc.DialIO(ctx, conn, conn)
//
// Nothing that is sent or read is changed. A message is recorded where it
// passes: a request before its last byte is written, a reply after its last
// byte was read. That a call was given up is not seen here.
package tap
