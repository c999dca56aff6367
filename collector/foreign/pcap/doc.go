// Package pcap translates captures of packets, pcap and pcapng, into a session
// log: what passed on the wire.
//
//	file ─► packet ─► IP ─► TCP segment ─► wire.Assembler (order, loss, HTTP) ─► Records
//
// A capture knows no process. Where the workers' logs tell of its calls, it tells
// which connections they used, and nothing twice (join). The rest it shows as the
// client should have seen it: so where it has no findings and the workers' logs
// have, the fault is with the clients. As a process stands for it what is known of
// the client: its address as the host, its port as the PID, and "port" as the name.
// The host also keeps a connection here apart from the same one in the workers'
// logs; local and peer are the same there, and off is the order on the wire.
//
// Read are Ethernet with VLANs, BSD loopback, Linux cooked captures (SLL, SLL2)
// and raw IP, IPv4 and IPv6 with fragments, in pcap (libpcap, pcap-savefile(5))
// and pcapng (draft-ietf-opsawg-pcapng). What is encrypted is counted, and so is
// what the capture has lost.
//
// The readers of these formats and headers are its own: gopacket's add 2.2 MB to
// the program.
package pcap
