package node

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// The recorder redacts as the reader does: its own tests read the same list.
func TestTheListOfRedactionsIsTheReaders(t *testing.T) {
	text, err := os.ReadFile("testdata/redact.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Kind, In, Want string }
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	redact := map[string]func(string) string{
		"url":     model.RedactURL,
		"text":    model.RedactText,
		"message": func(s string) string { return string(ethereum.Redact([]byte(s))) },
	}
	if len(cases) == 0 {
		t.Fatal("the list is empty")
	}
	for _, c := range cases {
		if got := redact[c.Kind](c.In); got != c.Want {
			t.Errorf("%s %q: %q, the list has %q", c.Kind, c.In, got, c.Want)
		}
	}
}
