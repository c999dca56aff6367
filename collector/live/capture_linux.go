//go:build amd64 || arm64

package live

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/cilium/ebpf/ringbuf"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/model"
)

const (
	// pace is how long the ring is left to fill between two looks at it: long
	// enough for a busy process to wake this one seldom. busyPace is for one so
	// busy that this one would take turns with it.
	pace     = 5 * time.Millisecond
	busyPace = 20 * time.Millisecond
	busy     = 4 << 10 // bytes in the ring at a look
	// settle is how long an event is held for earlier ones: longer than a
	// write takes from its stamp to its sample, but when it has to wait.
	settle      = 20 * time.Millisecond
	maxDrain    = 1 << 12                // samples taken between two deliveries
	clockEvery  = 64                     // samples taken between two looks at the clock
	idle        = 100 * time.Millisecond // how long to wait for a sample
	reportEvery = 100 * time.Millisecond
	rescanEvery = 2 * time.Second
)

// Capture is the Source of what running processes do, and the model.Bodies of
// it.
type Capture struct {
	opt     Options
	kernel  *kernel
	reader  *ringbuf.Reader
	tracker *tracker
	tls     *tlsProbes
	lines   lines
	order   reorder
	stats   atomic.Pointer[Stats]
	shown   model.SourceStat
	mono    int64 // of the newest sample
	found   int   // bytes in the ring at the latest look
}

// Attach begins to capture what the selected processes do. The error is a
// RequirementError where the system lacks something.
func Attach(opt Options) (*Capture, error) {
	opt = opt.withDefaults()
	if err := opt.Select.check(); err != nil {
		return nil, err
	}
	kept, err := newSpill(opt.Dir, opt.Keep)
	if err != nil {
		return nil, err
	}
	c := &Capture{
		opt: opt, tracker: newTracker(),
		lines: lines{
			source: opt.Source, spill: kept, tee: opt.Record,
			decoder: decode.New(opt.Strings, opt.Dialect),
		},
	}
	c.tracker.narrow = len(opt.Select.Ports) > 0
	c.stats.Store(&Stats{})
	if err := c.start(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Capture) start() (err error) {
	sel := &c.opt.Select
	if c.kernel, err = load(sel); err != nil {
		return err
	}
	c.tls = &tlsProbes{kernel: c.kernel, files: map[fileID]seenFile{}, looks: map[int32]*look{}}
	if c.reader, err = ringbuf.NewReader(c.kernel.Maps[captureMapRing]); err != nil {
		return fmt.Errorf("live capture: %w", err)
	}
	t := c.tracker
	t.redact, t.write, t.ignore = c.opt.Redact, c.lines.write, c.kernel.ignore
	t.lost = func() uint64 { n, _ := c.kernel.lost(); return n }
	t.wall = time.Now().UnixNano() - monotonic()
	if err := c.kernel.selectBy(sel); err != nil {
		return err
	}
	if _, err := c.watch(); err != nil { // those that are there before the first fork is seen
		return err
	}
	began := monotonic()
	if err := c.kernel.attach(); err != nil {
		return err
	}
	all, err := c.watch() // and those that came meanwhile
	if err != nil {
		return err
	}
	held, err := c.kernel.holdings(func(uint64) bool { return true })
	if err != nil {
		return err
	}
	if err := c.kernel.Variables[captureVarListed].Set(uint32(1)); err != nil {
		return fmt.Errorf("live capture: %w", err)
	}
	for _, h := range held {
		for _, pid := range h.pids {
			c.meet(pid, all)
		}
	}
	t.known(held, began)
	c.findTLS(all)
	return nil
}

// findTLS watches the TLS libraries of the processes that may be watched, and
// those that such processes may load.
func (c *Capture) findTLS(all running) {
	now := time.Now()
	for pid := range c.tracker.procs {
		c.tls.soon(pid, now, 0)
	}
	if c.opt.Select.All || !c.opt.Select.named() {
		for pid := range all {
			c.tls.soon(pid, now, 0)
		}
	}
	c.tls.look(now, c.tracker.seesTLS)
	c.tls.system()
}

// watch has the kernel watch the processes that are selected now, and returns
// all that run.
func (c *Capture) watch() (running, error) {
	all, err := runningProcesses()
	if err != nil {
		return nil, err
	}
	for _, pid := range all.selected(&c.opt.Select) {
		if err := c.kernel.watch(pid); err != nil {
			return nil, err
		}
		c.meet(pid, all)
	}
	return all, nil
}

// meet takes what is known of a process, if nothing is yet.
func (c *Capture) meet(pid int32, all running) {
	if p := c.tracker.proc(pid); p.info.Start == 0 {
		p.info = all.record(pid)
		c.tls.soon(pid, time.Now(), looksFor)
	}
}

// Close ends the capture; nothing of it stays in the kernel. Bodies cannot be
// read afterwards. Run must have returned.
func (c *Capture) Close() error {
	var errs []error
	if c.reader != nil {
		errs = append(errs, c.reader.Close())
	}
	if c.kernel != nil {
		errs = append(errs, c.kernel.close())
	}
	return errors.Join(append(errs, c.lines.spill.close())...)
}

// Stats is what has been seen so far.
func (c *Capture) Stats() Stats { return *c.stats.Load() }

// Body reads a message back. It is model.Bodies.
func (c *Capture) Body(o model.Origin) ([]byte, error) { return c.lines.spill.read(o) }

// Run hands what is captured to sink until ctx ends. It may be called once.
func (c *Capture) Run(ctx context.Context, sink collector.Sink) error {
	var rec ringbuf.Record
	var reported, rescanned time.Time
	for ctx.Err() == nil {
		now, err := c.drain(&rec)
		if err != nil {
			return err
		}
		c.tls.look(time.Now(), c.tracker.seesTLS)
		if err := c.deliver(sink, now, settle); err != nil {
			return err
		}
		if now.Sub(reported) >= reportEvery {
			reported = now
			if err := c.report(sink, false); err != nil {
				return err
			}
		}
		if now.Sub(rescanned) >= rescanEvery {
			rescanned = now
			if err := c.rescan(); err != nil {
				return err
			}
		}
		wait(ctx, c.pause())
	}
	return c.finish(&rec, sink)
}

// rescan looks for what no tracepoint tells: processes that are selected by what
// they have become, and sockets of which a process has let go.
func (c *Capture) rescan() error {
	if c.opt.Select.changing() {
		if _, err := c.watch(); err != nil {
			return err
		}
	}
	if !c.tracker.shared() {
		return nil
	}
	now := monotonic()
	held, err := c.kernel.holdings(c.tracker.letsGo)
	if err != nil {
		return err
	}
	c.tracker.held(held, now)
	return nil
}

// pause is how long to wait for the next look at the ring: not at all where much
// is left in it, and not for long where much came, or what is to be watched may
// just have begun.
func (c *Capture) pause() time.Duration {
	much := c.reader.BufferSize() / 8
	switch {
	case c.reader.AvailableBytes() > much:
		return 0
	case c.found < busy || c.found > much || len(c.tls.looks) > 0 || c.opt.Select.changing():
		return pace
	}
	return busyPace
}

// wait waits for d, or until ctx ends.
func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// now is the time as samples are stamped: that of the wall when the capture began,
// and CLOCK_MONOTONIC since, which nobody sets.
func (c *Capture) now() time.Time { return time.Unix(0, monotonic()+c.tracker.wall) }

// drain takes the samples that there are, up to a bound; where there are none it
// waits for one. It returns a time before which there are no others.
func (c *Capture) drain(rec *ringbuf.Record) (time.Time, error) {
	patience := idle
	if len(c.tls.looks) > 0 {
		patience = firstLook
	}
	c.found = c.reader.AvailableBytes()
	now := c.now()
	c.reader.SetDeadline(time.Now().Add(patience))
	for i := range maxDrain {
		if i%clockEvery == 1 {
			now = c.now()
		}
		err := c.reader.ReadInto(rec)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return now, nil
		}
		if err != nil {
			return now, fmt.Errorf("live capture: %w", err)
		}
		if s, ok := parseSample(rec.RawSample); ok {
			c.take(&s)
		}
		if c.reader.AvailableBytes() == 0 {
			return now, nil
		}
	}
	return time.Unix(0, c.mono+c.tracker.wall), nil
}

// take takes a sample; programs that were started elsewhere may be selected.
func (c *Capture) take(s *sample) {
	c.mono = max(c.mono, s.mono)
	if s.kind == sampleExeced && c.tracker.procs[s.pid] == nil {
		if o, ok := parseProcess(s.data); ok && c.opt.Select.changing() {
			p := programOf(s.pid, o.comm, &c.opt.Select)
			if !c.opt.Select.selects(&p) || c.kernel.watch(s.pid) != nil {
				return
			}
		}
	}
	switch s.kind {
	case sampleExeced:
		c.tls.soon(s.pid, time.Now(), looksFor)
	case sampleProcess, sampleEncrypted:
		c.tls.soon(s.pid, time.Now(), 0)
	case sampleExited:
		delete(c.tls.looks, s.pid)
	}
	c.tracker.take(s)
}

// deliver hands over the events that no earlier one can precede any more.
func (c *Capture) deliver(sink collector.Sink, now time.Time, hold time.Duration) error {
	c.tracker.flush(now.UnixNano())
	out, err := c.lines.flush()
	if err != nil {
		return err
	}
	c.order.add(out.Events, out.Messages)
	mark := now.Add(-hold).UnixNano()
	if since := c.tracker.since; since > 0 {
		mark = min(mark, since+c.tracker.wall-1)
	}
	if b := c.order.release(mark); len(b.Events) > 0 {
		if err := sink.Emit(&b); err != nil {
			return err
		}
	}
	sink.Advance(mark)
	stats := c.tracker.stats
	c.stats.Store(&stats)
	return nil
}

// report hands over how much was captured and lost, if that has changed.
func (c *Capture) report(sink collector.Sink, done bool) error {
	st := &c.tracker.stats
	st.Lost, st.LostBytes = c.kernel.lost()
	row := model.SourceStat{
		ID: c.opt.Source, Name: "live", Path: c.opt.Select.String(),
		Read: int64(st.Bytes), Lines: c.lines.written, Lost: st.Lost + st.Incomplete, Late: c.order.late, Done: done,
		Waiting: st.Processes == 0 && c.lines.written == 0 && c.opt.Select.changing(),
	}
	switch {
	case st.Encrypted > 0 && c.tls.err != nil:
		row.Err = fmt.Sprintf("%d connections are encrypted (TLS) and can't be read, for no probes can be attached: %v", st.Encrypted, c.tls.err)
	case st.Encrypted > 0 && st.Messages == 0:
		row.Err = connections(st.Encrypted, " is", " are") + " encrypted (TLS) by no library that can be watched, and nothing else was seen"
	case st.Servers > 0 && st.Messages == 0:
		row.Err = fmt.Sprintf("what is selected is the server of %s, and nothing else was seen; select the clients, on the machine where they run", connections(st.Servers, "", ""))
	}
	if row == c.shown {
		return nil
	}
	c.shown = row
	return sink.Emit(&model.Batch{Sources: []model.SourceStat{row}})
}

// connections is how many, with the verb for one or for more.
func connections(n uint64, one, more string) string {
	if n == 1 {
		return "1 connection" + one
	}
	return fmt.Sprintf("%d connections%s", n, more)
}

// finish hands over what is still in the ring.
func (c *Capture) finish(rec *ringbuf.Record, sink collector.Sink) error {
	if err := c.kernel.detach(); err != nil {
		return fmt.Errorf("live capture: %w", err)
	}
	for c.reader.AvailableBytes() > 0 {
		if _, err := c.drain(rec); err != nil {
			return err
		}
	}
	if err := c.deliver(sink, c.now().Add(time.Hour), 0); err != nil { // nothing is waited for any more
		return err
	}
	return c.report(sink, true)
}
