package live

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// TestHoldings: of millions of rows, only those of sockets that are wanted are
// kept, and of those each process once.
func TestHoldings(t *testing.T) {
	var rows bytes.Buffer
	for _, pid := range []uint32{12, 10, 11} {
		for cookie := range uint64(100) {
			for range 2 { // descriptors
				b := make([]byte, headerSize+connectionSize)
				le := binary.LittleEndian
				b[0] = byte(sampleConnection)
				le.PutUint32(b[4:], connectionSize)
				le.PutUint64(b[16:], cookie)
				le.PutUint32(b[32:], pid)
				le.PutUint16(b[headerSize+20:], afUnix)
				copy(b[headerSize+172:], "/run/geth.ipc")
				le.PutUint16(b[headerSize+28:], 13)
				rows.Write(b)
			}
		}
	}
	rows.WriteString("half a row")
	all, err := readHoldings(&rows, func(cookie uint64) bool { return cookie == 7 })
	if err != nil || len(all) != 1 {
		t.Fatalf("%d sockets, %v; want one", len(all), err)
	}
	if h := all[7]; !slices.Equal(h.pids, pids{10, 11, 12}) || h.conn.Peer != "/run/geth.ipc" || h.conn.Cookie != 7 {
		t.Errorf("%+v", h)
	}
}
