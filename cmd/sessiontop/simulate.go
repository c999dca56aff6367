package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/sessiontop/sessiontop/collector/synth"
	"github.com/sessiontop/sessiontop/model"
)

// presets are the simulations that --preset names.
var presets = []struct {
	name   string
	config func(seed uint64) synth.Config
}{
	{"healthy", synth.Healthy},
	{"shared", synth.SharedSockets},
	{"shared-offsets", synth.SharedWithOff},
	{"names", synth.BareNames},
	{"multiplexed", synth.Multiplexed},
	{"shared-websocket", synth.SharedWebSocket},
	{"everything", synth.Everything},
}

func presetNames() []string {
	var names []string
	for _, p := range presets {
		names = append(names, p.name)
	}
	return names
}

// simulation is what the flags ask for.
func (d *demoFlags) simulation() (synth.Config, error) {
	for _, p := range presets {
		if p.name != d.preset {
			continue
		}
		cfg := p.config(d.seed)
		cfg.Calls = cmp.Or(d.calls, cfg.Calls)
		for i := range cfg.Fleets {
			stamp := &cfg.Fleets[i].Stamp
			stamp.Sigma = cmp.Or(d.jitter, stamp.Sigma)
		}
		return cfg, nil
	}
	return synth.Config{}, fmt.Errorf("--preset: %q is unknown; one of %s", d.preset, strings.Join(presetNames(), ", "))
}

// simulate writes simulated logs to dir and looks at them, or prints their
// findings and how they compare with the truth.
func (a *app) simulate(ctx context.Context, d *demoFlags, dir string) error {
	cfg, err := d.simulation()
	if err != nil {
		return err
	}
	if there, err := os.ReadDir(dir); err == nil && len(there) > 0 {
		return fmt.Errorf("--out: %s is not empty, and logs of other runs would be mixed with the simulated ones; name another folder", dir)
	}
	truth, err := synth.Write(dir, cfg)
	if err != nil {
		return err
	}
	if d.headless {
		return a.score(ctx, dir, truth)
	}
	return a.runUI(ctx, []string{dir}, "simulation: "+d.preset)
}

// score prints the findings of the logs in dir, then how they compare with the
// truth. That there are findings is no failure.
func (a *app) score(ctx context.Context, dir string, truth *synth.Truth) error {
	r, snap, err := a.readAll(ctx, []string{dir})
	if err != nil {
		return err
	}
	defer r.close()
	rep, err := newReport(ctx, newRecords(snap, r.source), a.filter)
	if err != nil {
		return err
	}
	if err := a.writeText(rep); err != nil {
		return err
	}
	table := synth.Score(snap, truth, func(o model.Origin) (string, int64) { return rep.files[o.Source], o.Offset })
	if _, err := fmt.Fprintf(a.stdout, "\nAgainst the truth: %s\n%s", table.Summary(), table); err != nil {
		return err
	}
	if err := a.verdict(rep, []string{dir}); !errors.Is(err, errFindings) {
		return err
	}
	return nil
}
