// Package e2e holds the end-to-end suite: real nodes, real clients, and the
// truth about every reply.
//
// Between the clients and a node stands a proxy. On each connection it knows
// the order of the requests and that of the replies, hence whose request each
// reply answers, and it writes that into a header of the reply; each worker
// notes what it sent and what it got. Neither is in the session logs, so what
// sessiontop finds in those can be held against it.
//
//	go test -tags e2e -v ./collector/recorders/e2e     # or: make e2e
//
// The suite fetches what it needs (geth as a Go module, web3.py and its like
// from PyPI, anvil, ganache, ethers, viem and web3.js from npm) into a cache,
// sessiontop-e2e in the user's cache folder or the folder that
// SESSIONTOP_E2E_CACHE names. What cannot be had is skipped, and said. With
// -short it needs one geth, and two releases of web3.py, and forks less often.
//
// What fails it does not hang on how busy the machine is: a healthy client has
// no finding and shares no connection; each line that is missing is counted; of
// all the replies that went astray and differ from the right one, at least 97 %
// are found; of all findings, at most 5 % are false, where those about two
// replies that are equal byte for byte do not count, for of these only stamps
// tell, and a process may be interrupted before it stamps. What a single affected
// client shows is chance; it is told, and fails nothing.
//
// Where SESSIONTOP_E2E_KEEP names a folder, the logs and the truth of each cell
// that shows a missed or a false finding are kept there.
package e2e
