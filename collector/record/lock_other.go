//go:build !linux && !darwin

package record

import (
	"io"
	"strings"
)

// lockFolder does nothing: folders cannot be locked here.
func lockFolder(string) (io.Closer, error) { return io.NopCloser(strings.NewReader("")), nil }
