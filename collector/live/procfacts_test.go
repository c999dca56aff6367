//go:build linux && (amd64 || arm64)

package live

import (
	"os"
	"testing"

	"github.com/sessiontop/sessiontop/collector/record"
)

func TestProcFacts(t *testing.T) {
	var facts procFacts
	self := record.Self()
	bare := record.Process{PID: os.Getpid()}
	facts.complete(&bare)
	if bare.Comm != self.Comm || bare.PPID != self.PPID || bare.Start != self.Start {
		t.Errorf("%+v, want %+v", bare, self)
	}
	told := record.Process{PID: os.Getpid(), Start: self.Start, Comm: "as told"}
	facts.complete(&told)
	if told.Comm != "as told" || told.PPID != 0 {
		t.Errorf("what was told became %+v", told)
	}
	facts.ended(told.PID)
	none := record.Process{PID: 1 << 30}
	facts.complete(&none)
	if none != (record.Process{PID: 1 << 30}) {
		t.Errorf("nobody is %+v", none)
	}
}
