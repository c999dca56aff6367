// Package strace translates the output of strace into a session log: what every
// process of a trace wrote to and read from its sockets.
//
//	strace -f -yy -ttt -T -s 65536 -o trace.log \
//	       -e trace=read,write,readv,writev,%network,%process,close,dup,dup2,dup3,fcntl worker
//
//	line ─► call (an unfinished one waits for its end) ─► process and socket ─► wire.Assembler ─► Records
//
// A trace shows a connection that fork has handed on under one name in all of
// its processes, and the order in which they read from it: so every reply that
// went astray can be told, without root.
//
// Needed are -f and strings that are not cut (-s). Without -yy sockets are
// followed from the call that made them; without -ttt or -tt every line stands
// for a microsecond; with -T a read is stamped when it ended even where nothing
// happened meanwhile. All styles of strings (-x, -xx), of time stamps (-t, -tt,
// -ttt, -r) and of PIDs (-o, standard error, -ff, -Y) are read.
//
// Of two calls that were under way at once, the one that ended first counts as
// the first. What strace -p has found running may be the threads of one process
// or several processes: see loose.go. What strace -ff writes, a file for each
// thread, is put together again: see family.go.
//
// strace's documentation is strace(1); the forms of its lines are those of
// version 4.26 to 6.12.
package strace
