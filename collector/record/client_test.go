package record

import (
	"runtime/debug"
	"testing"
)

func TestVersionIn(t *testing.T) {
	const module = "github.com/ethereum/go-ethereum"
	for want, deps := range map[string][]*debug.Module{
		"/1.17.10": {{Path: "example.org/a", Version: "v1.0.0"}, {Path: module, Version: "v1.17.10"}},
		"/1.17.9":  {{Path: module, Version: "v1.17.10", Replace: &debug.Module{Path: "example.org/fork", Version: "v1.17.9"}}},
		"":         {{Path: module, Version: "(devel)"}},
	} {
		if got := versionIn(&debug.BuildInfo{Deps: deps}, module); got != want {
			t.Errorf("versionIn = %q, want %q", got, want)
		}
	}
}
