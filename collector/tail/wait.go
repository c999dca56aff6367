package tail

import (
	"context"
	"time"
)

// maxNap bounds how long notices are gathered, in units of PollMin.
const maxNap = 8

// Wait sleeps until something may have changed: a notice from the system, data
// in a stream, the time for the next look at the disk, idle (if it is greater
// than zero), or the end of the context. It sleeps for PollMin at the least,
// and some times that while notices come in fast, so that the lines of busy
// writers come in blocks.
func (s *Set) Wait(ctx context.Context, idle time.Duration) {
	start := time.Now()
	pause := s.opt.PollMax
	if s.opt.Follow {
		s.mu.Lock()
		pause = s.dueAt().Sub(start)
		s.mu.Unlock()
	}
	if idle > 0 {
		pause = min(pause, idle)
	}
	timer := time.NewTimer(max(pause, s.opt.PollMin))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return
	case <-s.closing:
		return
	case <-timer.C:
		s.nap.Store(0)
		return
	case <-s.wake:
	}
	nap := max(time.Duration(s.nap.Load()), s.opt.PollMin)
	waited := time.Since(start)
	if waited > nap {
		s.nap.Store(0)
		return
	}
	s.nap.Store(int64(min(2*nap, maxNap*s.opt.PollMin)))
	timer.Reset(nap - waited)
	select {
	case <-ctx.Done():
	case <-s.closing:
	case <-timer.C:
	}
}
