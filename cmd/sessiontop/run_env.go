package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/sessiontop/sessiontop/collector/recorders"
)

// recordingEnv is env for a program whose processes are to write session logs
// to dir, by the recorders that stand in the folder unpacked. What the
// variables held before stays.
func recordingEnv(env []string, dir, unpacked string) []string {
	site := filepath.Join(unpacked, filepath.FromSlash(recorders.PythonPath))
	require := "--require " + nodeQuoted(filepath.Join(unpacked, filepath.FromSlash(recorders.NodeRequire)))
	old := func(name string) (value string) {
		for _, kv := range env {
			if k, v, _ := strings.Cut(kv, "="); k == name {
				value = v
			}
		}
		return value
	}
	if before := old("PYTHONPATH"); before != "" {
		site += string(os.PathListSeparator) + before
	}
	if before := old("NODE_OPTIONS"); before != "" {
		require = before + " " + require
	}
	return append(env[:len(env):len(env)], // the last of a name counts
		"SESSIONTOP_LOG_DIR="+dir, "PYTHONPATH="+site, "NODE_OPTIONS="+require)
}

// nodeQuoted is a word of NODE_OPTIONS (node's CLI documentation: words may
// stand in double quotes, with "\" before what would end them).
func nodeQuoted(word string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(word) + `"`
}
