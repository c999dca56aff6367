//go:build unix

package ui

import (
	"errors"
	"os"
	"syscall"
	"testing"
)

func TestRunEndsWithASignal(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		x := runIn(t, Config{Source: source})
		x.waits("opened by gunicorn 4119")
		if err := syscall.Kill(os.Getpid(), s); err != nil {
			t.Fatal(err)
		}
		var se *SignalError
		if err := x.end(); !errors.As(err, &se) || se.Signal != s {
			t.Errorf("%v: Run: %v", s, err)
		}
	}
}
