package main

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// cmdHAR checks that a file is an HTTP Archive 1.2 with as many entries: that
// all is there which the format demands, and of its type.
//
//	har out.har 4
func cmdHAR(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: har file entries")
	}
	var archive map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &archive))
	log := archive["log"].(map[string]any)
	if log["version"] != "1.2" {
		ts.Fatalf("version %v", log["version"])
	}
	demand(ts, "creator", log["creator"], map[string]any{"name": "", "version": ""})
	entries := log["entries"].([]any)
	if got := strconv.Itoa(len(entries)); got != args[1] {
		ts.Fatalf("%s has %s entries, want %s", args[0], got, args[1])
	}
	for _, e := range entries {
		demand(ts, "entry", e, harDemands)
		_, err := time.Parse(time.RFC3339Nano, e.(map[string]any)["startedDateTime"].(string))
		ts.Check(err)
	}
}

// harDemands is an entry with the members that HAR 1.2 demands.
var harDemands = map[string]any{
	"startedDateTime": "", "time": 0.0, "cache": map[string]any{},
	"request": map[string]any{"method": "", "url": "", "httpVersion": "", "cookies": []any{}, "headers": []any{},
		"queryString": []any{}, "postData": map[string]any{"mimeType": "", "text": ""}, "headersSize": 0.0, "bodySize": 0.0},
	"response": map[string]any{"status": 0.0, "statusText": "", "httpVersion": "", "cookies": []any{}, "headers": []any{},
		"content": map[string]any{"size": 0.0, "mimeType": "", "text": ""}, "redirectURL": "", "headersSize": 0.0, "bodySize": 0.0},
	"timings": map[string]any{"send": 0.0, "wait": 0.0, "receive": 0.0},
}

// demand checks that got has the members of want, of their types.
func demand(ts *testscript.TestScript, path string, got any, want any) {
	ok := false
	switch w := want.(type) {
	case string:
		_, ok = got.(string)
	case float64:
		_, ok = got.(float64)
	case []any:
		_, ok = got.([]any)
	case map[string]any:
		var g map[string]any
		g, ok = got.(map[string]any)
		for name, v := range w {
			demand(ts, path+"."+name, g[name], v)
		}
	}
	if !ok {
		ts.Fatalf("%s is %v", path, got)
	}
}
