package synth_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// Permuting the files, or the processes, permutes the findings and nothing else.
func TestPermutation(t *testing.T) {
	for n, c := range scenarios() {
		t.Run(c.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(9, uint64(n)))
			c.small(30)
			// Where many lines have one time, it cannot be said what an endpoint
			// answered before another reply.
			fine := c.cfg.Log.Resolution < time.Second && !c.cfg.Log.Constant
			r := simulate(t, c.cfg)
			want := r.verdicts(nil, fine)
			names := slices.Clone(r.names)
			random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
			again := &run{truth: r.truth, names: names, files: r.files}
			again.apply(t, ethereum.New())
			if diff := cmp.Diff(want, again.verdicts(nil, fine)); diff != "" {
				t.Errorf("files in another order (-want +got):\n%.2000s", diff)
			}
			names = r.pids()
			other := slices.Clone(names)
			random.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
			got := r.renamed(t, substitution(names, other)).verdicts(substitution(other, names), fine)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("processes in another order (-want +got):\n%.2000s", diff)
			}
		})
	}
}

// small bounds what the scenario takes to run.
func (c *scenario) small(calls int) {
	c.cfg.Calls = min(c.cfg.Calls, calls)
	for i := range c.cfg.Fleets {
		c.cfg.Fleets[i].Parents = min(c.cfg.Fleets[i].Parents, 6)
	}
}

func substitution(from, to []string) map[string]string {
	m := make(map[string]string)
	for i := range from {
		m[from[i]] = to[i]
	}
	return m
}

// verdicts are the findings of a run in words that do not depend on the order
// in which anything was read. Process ids are replaced as the map says.
func (r *run) verdicts(names map[string]string, evidence bool) []string {
	var all []string
	for i := range r.snap.Findings.Len() {
		f := r.snap.Findings.At(i)
		if f.Void {
			continue
		}
		se := r.snap.Session(f.Session)
		who := []model.ProcID{f.Reader}
		if f.Kind == model.SharedSession || f.Kind == model.InheritedSession {
			who = slices.Concat([]model.ProcID{se.Owner}, se.Sharers, se.Holders)
		}
		text := fmt.Sprintf("%s %s %s on %s%s: call %s, owner %s, reply %s", r.processes(who, names), f.Kind, f.Certainty, r.host(se.Owner),
			se.Conn.Label(), r.where(f.Call.Origin, names), r.where(f.Owner.Origin, names), r.where(f.Reply, names))
		if evidence {
			text += fmt.Sprint(" ", f.Evidence.Names())
		}
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

func (r *run) processes(ids []model.ProcID, names map[string]string) string {
	var all []string
	for _, id := range ids {
		pid := fmt.Sprint(r.snap.PID(id))
		if to, ok := names[pid]; ok {
			pid = to
		}
		all = append(all, r.host(id)+pid)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ",")
}

func (r *run) host(id model.ProcID) string { return r.snap.Process(id).Info.Host + " " }

func (r *run) where(o model.Origin, names map[string]string) string {
	if o.Len == 0 {
		return "none"
	}
	file, offset := r.resolve(o)
	return fmt.Sprint(renameFile(file, names), ":", 1+bytes.Count(r.files[file][:offset], []byte("\n")))
}

// renamed is the run with other process ids, and files named after them.
func (r *run) renamed(t *testing.T, names map[string]string) *run {
	o := &run{truth: r.truth, files: make(map[string][]byte)}
	for _, name := range r.names {
		text := pidFields.ReplaceAllFunc(r.files[name], func(b []byte) []byte {
			m := pidFields.FindSubmatch(b)
			if to, ok := names[string(m[2])]; ok {
				return fmt.Appendf(nil, `"%s":%s`, m[1], to)
			}
			return b
		})
		name = renameFile(name, names)
		o.names, o.files[name] = append(o.names, name), text
	}
	slices.Sort(o.names)
	o.apply(t, ethereum.New())
	return o
}

var (
	pidFields = regexp.MustCompile(`"(pid|ppid|tid|opener|child)":(\d+)`)
	pidOfFile = regexp.MustCompile(`-(\d+)\.jsonl`)
)

func renameFile(name string, names map[string]string) string {
	return pidOfFile.ReplaceAllStringFunc(name, func(s string) string {
		if to, ok := names[pidOfFile.FindStringSubmatch(s)[1]]; ok {
			return "-" + to + ".jsonl"
		}
		return s
	})
}

// pids are the ids of the processes, all of four digits.
func (r *run) pids() []string {
	seen := make(map[string]bool)
	for _, text := range r.files {
		for _, m := range pidFields.FindAllSubmatch(text, -1) {
			if len(m[2]) == 4 {
				seen[string(m[2])] = true
			}
		}
	}
	var all []string
	for pid := range seen {
		all = append(all, pid)
	}
	slices.Sort(all)
	return all
}
