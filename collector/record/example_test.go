package record_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/sessiontop/sessiontop/collector/record"
)

// A program that uses ethclient records its calls.
func ExampleTransport() {
	server := rpc.NewServer()
	if err := server.RegisterName("eth", eth{}); err != nil {
		log.Fatal(err)
	}
	web := httptest.NewServer(server)
	defer web.Close()
	dir, err := os.MkdirTemp("", "logs-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	w, err := record.Create(dir, record.Self()) // dir: $SESSIONTOP_LOG_DIR
	if err != nil {
		log.Fatal(err)
	}
	base := http.DefaultTransport.(*http.Transport).Clone()
	raw, err := rpc.DialOptions(context.Background(), web.URL,
		rpc.WithHTTPClient(&http.Client{Transport: record.Transport(base, w)}))
	if err != nil {
		log.Fatal(err)
	}
	client := ethclient.NewClient(raw)
	height, err := client.BlockNumber(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	base.CloseIdleConnections()
	w.Close()

	fmt.Println("block", height)
	lines, err := os.ReadFile(dir + "/" + record.Self().FileName())
	if err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(string(lines)) {
		_, msg, _ := strings.Cut(line, `,"msg":`)
		msg, _, _ = strings.Cut(msg, `,"seq":`)
		fmt.Println(msg)
	}
	// Output:
	// block 16
	//
	// {"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}
	// {"jsonrpc":"2.0","id":1,"result":"0x10"},"status":200
}
