package pcap_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/foreigntest"
	"github.com/sessiontop/sessiontop/collector/foreign/pcap"
	"github.com/sessiontop/sessiontop/collector/foreign/strace"
)

const ethernet = 14 // bytes

// calls is what happens in calls.pcap and its like.
func calls() []string {
	want := []string{"open"}
	for i := range 8 {
		want = append(want, fmt.Sprintf("send %d at %d", 1+i, 108*i), fmt.Sprintf("recv %d at %d", 1+i, 97*i))
	}
	return append(want, "close")
}

// TestCalls reads what tcpdump writes of one interface, and of any in both forms,
// and what Wireshark makes of it.
func TestCalls(t *testing.T) {
	for _, name := range []string{"calls.pcap", "sll.pcap", "sll2.pcap", "calls.pcapng"} {
		t.Run(name, func(t *testing.T) {
			capture := foreigntest.Read(t, name)
			if !pcap.Format().Sniff(capture) || !pcap.Format().Sniff(capture[:24]) {
				t.Error("is not taken for a capture")
			}
			lines, stats := translate(t, capture)
			told, _ := story(t, lines)
			if d := cmp.Diff(calls(), told); d != "" {
				t.Error(d)
			}
			if stats.Bad > 0 || stats.Read != 27 {
				t.Errorf("%+v", stats)
			}
		})
	}
}

// TestForms: the same packets in every form of file and on every link layer
// are the same log.
func TestForms(t *testing.T) {
	le, be := binary.LittleEndian, binary.BigEndian
	frames, ip := packets(t, "calls.pcap", 0), packets(t, "calls.pcap", ethernet)
	want, _ := translate(t, foreigntest.Read(t, "calls.pcap"))
	mac := make([]byte, 12)
	for name, capture := range map[string][]byte{
		"pcap, big-endian":            classic(be, false, 1, frames),
		"pcap, nanoseconds":           classic(le, true, 1, frames),
		"pcapng, little-endian":       ng(le, 6, 1, 6, 1e6, 0, frames),
		"pcapng, big-endian":          ng(be, 6, 1, 6, 1e6, 0, frames),
		"pcapng, nanoseconds":         ng(le, 6, 1, 9, 1e9, 0, frames),
		"pcapng, powers of two":       ng(le, 6, 1, 0x80|40, 1<<40, 1<<30, frames),
		"pcapng, an offset":           ng(le, 6, 1, 6, 1e6, 1_000_000_000, frames),
		"pcapng, obsolete blocks":     ng(le, 2, 1, 6, 1e6, 0, frames),
		"pcapng, two sections":        append(ng(le, 6, 1, 6, 1e6, 0, frames[:9]), ng(be, 6, 101, 9, 1e9, 0, ip[9:])...),
		"pcapng, two interfaces":      twoInterfaces(be, frames, ip),
		"each packet twice":           classic(le, true, 1, twice(frames)),
		"each packet twice, cooked":   classic(le, true, 113, twice(link(ip, 0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0))),
		"raw IP":                      classic(le, false, 101, ip),
		"raw IP of BSD":               classic(le, false, 12, ip),
		"BSD loopback":                classic(le, false, 0, link(ip, 2, 0, 0, 0)),
		"BSD loopback, big-endian":    classic(be, false, 0, link(ip, 0, 0, 0, 2)),
		"OpenBSD loopback":            classic(le, false, 108, link(ip, 0, 0, 0, 2)),
		"VLAN":                        classic(le, false, 1, link(ip, append(slices.Clone(mac), 0x81, 0, 0, 7, 8, 0)...)),
		"VLAN within VLAN":            classic(le, false, 1, link(ip, append(slices.Clone(mac), 0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 8, 0)...)),
		"IPv6":                        classic(le, false, 101, ipv6(ip)),
		"fragments":                   classic(le, false, 101, fragmented(ip, 16)),
		"fragments, IPv6":             classic(le, false, 101, fragmented6(ipv6(ip), 48)),
		"IPv6, BSD loopback of macOS": classic(le, false, 0, link(ipv6(ip), 30, 0, 0, 0)),
	} {
		t.Run(name, func(t *testing.T) {
			got, stats := translate(t, capture)
			for i, line := range got {
				line = strings.ReplaceAll(line, "[2001:db8::7f00:1]", "127.0.0.1")
				got[i] = strings.ReplaceAll(line, "2001:db8::7f00:1", "127.0.0.1")
			}
			if name == "pcapng, powers of two" || strings.Contains(name, "twice") { // which are no round microseconds
				got, want := withoutTimes(got), withoutTimes(want)
				if d := cmp.Diff(want, got); d != "" {
					t.Error(d)
				}
				return
			}
			if d := cmp.Diff(want, got); d != "" || stats.Bad > 0 {
				t.Errorf("%+v\n%s", stats, d)
			}
		})
	}
	simple, _ := translate(t, ng(le, 3, 1, 6, 1e6, 0, frames))
	if d := cmp.Diff(withoutTimes(want), withoutTimes(simple)); d != "" {
		t.Errorf("pcapng, simple packets:\n%s", d)
	}
}

// withoutTimes are the lines from "host" on.
func withoutTimes(lines []string) (short []string) {
	for _, line := range lines {
		_, rest, _ := strings.Cut(line, `"host"`)
		short = append(short, rest)
	}
	return short
}

// TestDisorder: what the network does to segments makes no difference.
func TestDisorder(t *testing.T) {
	all := packets(t, "fleet.pcap", 0)
	lines, _ := translate(t, foreigntest.Read(t, "fleet.pcap"))
	want, _ := story(t, lines)
	want = messages(want)
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		shuffled := slices.Clone(all)
		for i := range shuffled {
			j := min(i+r.IntN(4), len(shuffled)-1)
			if !opens(shuffled[i]) && !opens(shuffled[j]) { // who opens a connection waits for the answer
				shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
			}
			if r.IntN(3) == 0 { // sent again
				shuffled = append(shuffled, shuffled[i])
			}
		}
		for i := range shuffled { // in the order of capture
			shuffled[i].at = all[0].at + uint64(i)*1000
		}
		lines, stats := translate(t, classic(binary.LittleEndian, false, 1, shuffled))
		got, _ := story(t, lines)
		if d := cmp.Diff(want, messages(got)); d != "" || stats.Bad > 0 {
			t.Fatalf("seed %d: %+v\n%s", seed, stats, d)
		}
	}
}

// opens says whether a packet has the flag SYN.
func opens(p packet) bool { return p.data[ethernet+20+13]&2 != 0 }

// messages are the sends and receives that are told, sorted.
func messages(told []string) []string {
	told = slices.DeleteFunc(told, func(s string) bool { return s == "open" || s == "close" })
	slices.Sort(told)
	return told
}

// TestLoss: of what the capture lacks it is said so, and the rest is found.
func TestLoss(t *testing.T) {
	all := packets(t, "calls.pcap", 0)
	size := func(p packet) int { return len(p.data) - ethernet - 52 } // headers with time stamps
	lost := 0
	for i := range all {
		if size(all[i]) < 50 {
			continue
		}
		lost++
		lines, _ := translate(t, classic(binary.LittleEndian, false, 1, slices.Delete(slices.Clone(all), i, i+1)))
		told, _ := story(t, lines)
		missing := 0
		for _, want := range calls() {
			if !slices.Contains(told, want) {
				missing++
			}
		}
		if missing > 1 {
			t.Errorf("without packet %d, %d lines are missing: %q", i, missing, told)
		}
	}
	if lost != 16 {
		t.Errorf("%d packets with messages", lost)
	}
}

// TestSnapLength: of packets that are cut off it is said that messages are lost.
func TestSnapLength(t *testing.T) {
	lines, stats := translate(t, foreigntest.Read(t, "short.pcap"))
	told, _ := story(t, lines)
	want := []string{"open", "lost", "lost", "send 2 at 108", "lost", "lost"}
	if d := cmp.Diff(want, told); d != "" || stats.Bad > 0 {
		t.Errorf("%+v\n%s", stats, d)
	}
}

// TestMidway: a capture that begins within a connection knows its client by
// what is said, whichever speaks first.
func TestMidway(t *testing.T) {
	all := packets(t, "calls.pcap", 0)
	for from := 3; from < 20; from++ {
		lines, stats := translate(t, classic(binary.LittleEndian, false, 1, all[from:]))
		told, store := story(t, lines)
		if len(told) < 5 || stats.Bad > 0 || !strings.HasPrefix(store.Snapshot().Sessions.At(0).Conn.Label(), "127.0.0.1:45096>") {
			t.Errorf("from %d: %q, %+v", from, told, stats)
		}
	}
}

// TestPortsUsedAgain: a connection with the ports of one before is another one.
func TestPortsUsedAgain(t *testing.T) {
	all := packets(t, "calls.pcap", 0)
	for name, first := range map[string][]packet{"ended": all, "without its end": all[:10]} {
		t.Run(name, func(t *testing.T) {
			twice := slices.Clone(first)
			for _, p := range all {
				p.data = bytes.Clone(p.data)
				tcp := p.data[ethernet+20:]
				for _, at := range []int{4, 8} { // sequence numbers of both directions
					binary.BigEndian.PutUint32(tcp[at:], binary.BigEndian.Uint32(tcp[at:])+1e9)
				}
				twice = append(twice, packet{p.at + 1e7, p.data})
			}
			lines, stats := translate(t, classic(binary.LittleEndian, false, 1, twice))
			told, _ := story(t, lines)
			again := told[len(told)-len(calls()):]
			if d := cmp.Diff(calls(), again); d != "" || stats.Bad > 0 {
				t.Errorf("%+v\n%s", stats, d)
			}
		})
	}
}

// TestFleet: the wire of forked workers that share a connection is correct, and
// its messages stand where strace saw each worker write and read them.
func TestFleet(t *testing.T) {
	lines, _ := translate(t, foreigntest.Read(t, "fleet.pcap"))
	told, store := story(t, lines)
	if n := found(store); n > 0 || len(told) < 50 {
		t.Errorf("%d findings in %d lines", n, len(told))
	}
	trace, err := os.ReadFile("../strace/testdata/fleet.strace")
	if err != nil {
		t.Fatal(err)
	}
	log, _ := foreigntest.Translate(t, strace.Format(), foreign.Source{}, trace, len(trace))
	shared := 0
	for line := range strings.Lines(log) {
		_, local, _ := strings.Cut(line, `"local":`)
		place, rest, ok := strings.Cut(local, `"off":`)
		if !ok {
			continue
		}
		shared++
		place, _, _ = strings.Cut(place, `,"opener"`)
		off, msg, _ := strings.Cut(rest, `,`)
		if !slices.ContainsFunc(lines, func(l string) bool {
			return strings.Contains(l, place) && strings.Contains(l, `"off":`+off+`,`) && strings.Contains(l, strings.TrimSpace(msg))
		}) {
			t.Errorf("is not on the wire: %s", line)
		}
	}
	if shared < 40 {
		t.Errorf("%d messages on a shared connection", shared)
	}
}

// TestBad: what cannot be read is counted, and what follows is read.
func TestBad(t *testing.T) {
	le := binary.LittleEndian
	all := packets(t, "calls.pcap", 0)
	ip := packets(t, "calls.pcap", ethernet)
	change := func(at int, to ...byte) []packet {
		odd := packet{all[0].at, bytes.Clone(ip[4].data)}
		copy(odd.data[at:], to)
		return append([]packet{odd}, ip...)
	}
	longest := slices.MaxFunc(ip, func(a, b packet) int { return len(a.data) - len(b.data) })
	big := packet{all[0].at, append(bytes.Clone(longest.data[:20]), make([]byte, 65512)...)}
	copy(big.data[2:], []byte{0xff, 0xfc, 0, 0, 0x20, 1}) // its length, fragmented's number, more behind eight bytes
	again := append(slices.Repeat([]packet{big}, 4), fragmented([]packet{longest}, 16)...)
	long := le.AppendUint32(make([]byte, 8), 2<<20)
	long = append(append(long, long[8:]...), make([]byte, 2<<20)...)
	head, rest := classic(le, false, 1, nil), classic(le, false, 1, all)[24:]
	for name, test := range map[string]struct {
		capture []byte
		why     string
	}{
		"link layer":      {classic(le, false, 147, all), "link layer"},
		"fragment":        {classic(le, false, 101, change(6, 0x20, 0)), "1 packets lack some of their fragments"},
		"fragments":       {classic(le, false, 101, append(fragmented(ip[4:5], 16)[1:], ip...)), "1 packets lack some of their fragments"},
		"fragments again": {classic(le, false, 101, append(again, ip...)), "1 packets lack some of their fragments"},
		"IP header":       {classic(le, false, 101, change(0, 0x41)), "whose IP header makes no sense"},
		"TCP header":      {classic(le, false, 101, change(32, 0x10)), "whose TCP header makes no sense"},
		"sequence number": {classic(le, false, 101, append(slices.Clone(ip[:6]), change(24, ip[4].data[24]+0x60)...)), "sequence number"},
		"long packet":     {slices.Concat(head, long, rest), "a packet of 2097152 bytes"},
		"end":             {classic(le, false, 1, all)[:1000], "without its end"},
		"section":         {append(ng(le, 6, 1, 6, 1e6, 0, all), block(le, 0x0a0d0d0a, make([]byte, 16))...), "order of bytes"},
		"block":           {append(ng(le, 6, 1, 6, 1e6, 0, all), make([]byte, 12)...), "a block of 0 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			lines, stats := translate(t, test.capture)
			if stats.Bad == 0 || !strings.Contains(stats.BadReason, test.why) {
				t.Errorf("%+v", stats)
			}
			if want := len(calls()); name != "link layer" && name != "end" && len(lines) < want {
				t.Errorf("%d lines, want %d", len(lines), want)
			}
		})
	}
}

func TestEncrypted(t *testing.T) {
	all := packets(t, "calls.pcap", 0)
	for i := range all {
		if tcp := all[i].data[ethernet+20:]; len(tcp) > 32 {
			copy(tcp[32:], "\x16\x03\x01")
		}
	}
	lines, stats := translate(t, classic(binary.LittleEndian, false, 1, all))
	if len(lines) != 0 || stats.Bad != 1 || !strings.Contains(stats.BadReason, "encrypted") {
		t.Errorf("%q, %+v", lines, stats)
	}
}

// FuzzCapture reads anything, as a file, and as the packets of one.
func FuzzCapture(f *testing.F) {
	le := binary.LittleEndian
	all := packets(f, "calls.pcap", ethernet)
	foreigntest.Fuzz(f, pcap.Format(),
		classic(le, false, 101, all[:9]), classic(binary.BigEndian, true, 101, ipv6(all[:9])),
		classic(le, false, 101, fragmented(all[:6], 32)), ng(le, 6, 101, 6, 1e6, 0, all[:9]), ng(le, 3, 101, 0x8a, 1<<10, 5, all[:6]))
}
