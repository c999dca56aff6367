package synth_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/synth"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// run is one simulation, held in memory, and what the model says of it.
type run struct {
	truth *synth.Truth
	names []string // of the files, by source
	files map[string][]byte
	out   decode.Out // events in the order in which they were applied
	store *model.Store
	snap  *model.Snapshot
}

// simulate generates cfg, decodes it, merges it by time and applies it.
func simulate(t testing.TB, cfg synth.Config) *run {
	t.Helper()
	return simulateWith(t, cfg, ethereum.New())
}

// simulateWith is simulate for a reader that knows another dialect.
func simulateWith(t testing.TB, cfg synth.Config, dialect model.Dialect) *run {
	t.Helper()
	r := &run{files: make(map[string][]byte)}
	var err error
	r.truth, err = synth.Generate(cfg, func(file string, line []byte) error {
		if _, ok := r.files[file]; !ok {
			r.names = append(r.names, file)
		}
		r.files[file] = append(r.files[file], line...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(r.names)
	r.apply(t, dialect)
	return r
}

// apply has the model read the files.
func (r *run) apply(t testing.TB, dialect model.Dialect) {
	t.Helper()
	r.store = model.NewStore(model.Options{})
	r.decode(t, dialect)
	r.store.Apply(&model.Batch{Events: r.out.Events, Messages: r.out.Messages})
	r.store.Finish()
	r.snap = r.store.Snapshot()
}

func (r *run) decode(t testing.TB, dialect model.Dialect) {
	d := decode.New(r.store.Strings(), dialect)
	for i, name := range r.names {
		d.Block(uint32(i), 0, r.files[name], &r.out)
		if st := r.out.Stats; st.Malformed > 0 {
			t.Fatalf("%s: %d malformed lines, the first at %d: %s", name, st.Malformed, st.BadOffset, st.BadReason)
		}
	}
	slices.SortStableFunc(r.out.Events, byTime)
}

// byTime is the order in which files are merged.
func byTime(a, b model.Event) int {
	return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Proc.PID, b.Proc.PID), cmp.Compare(a.Seq, b.Seq))
}

func (r *run) resolve(o model.Origin) (string, int64) { return r.names[o.Source], o.Offset }

func (r *run) score() *synth.Table { return synth.Score(r.snap, r.truth, r.resolve) }

// line is the text of the line at l.
func (r *run) line(l synth.Line) string {
	if l.Offset < 0 {
		return "(not in the log)"
	}
	return string(r.files[l.File][l.Offset : l.Offset+int64(l.Len)])
}
