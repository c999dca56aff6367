package tail

import (
	"slices"
	"testing"
)

func TestParseName(t *testing.T) {
	for base, want := range map[string]logName{
		"worker-7.jsonl":                       {stem: "worker-7.jsonl"},
		"worker-7.jsonl.1":                     {stem: "worker-7.jsonl", mark: ".1"},
		"worker-7.jsonl.2.gz":                  {stem: "worker-7.jsonl", mark: ".2", pack: gzipped},
		"worker-7.jsonl.3.zst":                 {stem: "worker-7.jsonl", mark: ".3", pack: zstded},
		"a.log-20261122":                       {stem: "a.log", mark: "-20261122"},
		"a.log-20261122-1763800000.gz":         {stem: "a.log", mark: "-20261122-1763800000", pack: gzipped},
		"a.log.2026-11-22_09-00-00":            {stem: "a.log", mark: ".2026-11-22_09-00-00"},
		"a.ndjson.gz":                          {stem: "a.ndjson", pack: gzipped},
		"worker-4121":                          {stem: "worker-4121"},
		"worker-4121.1":                        {stem: "worker-4121", mark: ".1"},
		"app-2026-11-22T09-00-00.000.log":      {stem: "app-2026-11-22T09-00-00.000.log"},
		".1":                                   {stem: ".1"},
		"-1":                                   {stem: "-1"},
		"x.":                                   {stem: "x."},
		"":                                     {stem: ""},
		".gz":                                  {stem: "", pack: gzipped},
		"a.log.T1":                             {stem: "a.log.T1"},
		"worker.jsonl.1.2":                     {stem: "worker.jsonl.1", mark: ".2"},
		"sessions.jsonl-2026-11-22.3.zst":      {stem: "sessions.jsonl-2026-11-22", mark: ".3", pack: zstded},
		"unusual name with spaces.jsonl.10.gz": {stem: "unusual name with spaces.jsonl", mark: ".10", pack: gzipped},
	} {
		if got := parseName(base); got != want {
			t.Errorf("parseName(%q) = %+v, want %+v", base, got, want)
		}
	}
}

func TestListed(t *testing.T) {
	for base, want := range map[string]bool{
		"a.jsonl": true, "a.jsonl.2.gz": true, "a.log-20261122": true, "calls.har": true,
		"tcpdump.pcap": true, "tcpdump.pcap.gz": true, "wireshark.pcapng": true, "tcpdump.pcap1": true, "tcpdump.pcap12": true,
		"worker.strace": true, "worker.strace.1": true, "worker.strace.4121": true,
		"trace.4121": true, "trace.1234567": true, "strace.4121.gz": true, "my-trace.4121": true,

		"notes.txt": false, "trace": false, "trace.txt": false, "trace.2026-11-22": false, "a.jsonl2": false, "a.pcaps": false,
		".pcap": false, "core.4121": false, "pcap1": false,
	} {
		if got := parseName(base).listed(); got != want {
			t.Errorf("%s: %v", base, got)
		}
	}
}

func TestComparePathsOldestFirst(t *testing.T) {
	want := []string{
		"a/w.jsonl-20261120.gz", "a/w.jsonl-20261121", "a/w.jsonl.10.gz", "a/w.jsonl.2.gz",
		"a/w.jsonl.1", "a/w.jsonl", "a/x.jsonl", "b/w.jsonl",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, comparePaths)
	if !slices.Equal(got, want) {
		t.Errorf("order\n got %q\nwant %q", got, want)
	}
}

func TestCommonFolder(t *testing.T) {
	for _, c := range []struct {
		in   []string
		want string
	}{
		{nil, ""},
		{[]string{"logs"}, "logs"},
		{[]string{"/a/b", "/a/c"}, "/a"},
		{[]string{"/a/b", "/a/b/c"}, "/a/b"},
		{[]string{"/a", "/b"}, "/"},
		{[]string{"x", "y"}, "."},
	} {
		if got := commonFolder(c.in); got != c.want {
			t.Errorf("commonFolder(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
