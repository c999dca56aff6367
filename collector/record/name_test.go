package record

import "testing"

func TestParseLogName(t *testing.T) {
	for text, want := range map[string]logName{
		"worker-7.jsonl":      {"worker-7.jsonl", 0, false},
		"worker-7.jsonl.1":    {"worker-7.jsonl", 1, false},
		"worker-7.jsonl.12":   {"worker-7.jsonl", 12, false},
		"worker-7.jsonl.2.gz": {"worker-7.jsonl", 2, true},
		"a.b-c-7.jsonl.1":     {"a.b-c-7.jsonl", 1, false},
	} {
		if got, ok := parseLogName(text); !ok || got != want || got.String() != text {
			t.Errorf("%s is %+v, %v", text, got, ok)
		}
	}
	for _, other := range []string{
		"", ".", "worker.jsonl", "worker-x.jsonl", "-7.jsonl", "worker-0.jsonl", "worker-7.json", "worker-7.jsonl.gz",
		"worker-7.jsonl.0", "worker-7.jsonl.01", "worker-7.jsonl.-1", "worker-7.jsonl.1.zst", "worker-7.jsonl.gz.tmp", "worker-7.jsonl.1.1",
	} {
		if got, ok := parseLogName(other); ok {
			t.Errorf("%q is taken for %+v", other, got)
		}
	}
}
