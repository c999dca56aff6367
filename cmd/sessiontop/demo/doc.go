// Package demo is a real node and a real fleet of processes that share its
// sockets the way forked clients do.
//
//	Start ─ node (this process)
//	  ├─ web            opens a connection, warms it up, hands it to its children
//	  │   ├─ web        ┐ each sends on the same socket and reads from it whatever
//	  │   ├─ web        │ comes next, as a blocking HTTP client does
//	  │   └─ web        ┘
//	  ├─ indexer        a socket of its own
//	  └─ keeper         a socket of its own
//
// The processes are this program again (Worker). A Go program cannot fork, so
// a descriptor passed at exec stands for one inherited by fork: to the kernel
// they are the same thing, two processes with one open socket. The children
// also go on counting request ids from the same number, as forked ones would.
//
// No fault is scripted. Whose reply a child reads is decided by the kernel:
// all children that wait on the socket are woken when bytes arrive, and the
// first to read takes them. A child whose reply was taken waits until its time
// is out, and then, as HTTP clients do, opens a connection of its own; so that
// the fault goes on, web replaces its children from time to time, as gunicorn
// does with max_requests, and hands a fresh connection to the new ones.
//
// Every process writes a session log (collector/record). All of them end when
// the program ends, however it does: each reads a pipe that its parent holds
// open, and on Linux the kernel kills it with its parent.
package demo
