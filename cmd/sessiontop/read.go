package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// reader is a model with the source that fills it.
type reader struct {
	engine *model.Engine
	source source
}

// source is files or a live capture.
type source interface {
	collector.Source
	model.Bodies
	io.Closer
}

// open opens the paths; follow goes on reading as they grow.
func (a *app) open(paths []string, follow bool) (*reader, error) {
	dialect, err := a.dialect()
	if err != nil {
		return nil, err
	}
	engine := model.NewEngine(model.Options{Memory: int64(a.memory), Live: follow}, nil)
	files, err := collector.NewFiles(paths, collector.Options{
		Follow:  follow,
		Strings: engine.Strings(),
		Dialect: dialect,
		Redact:  ethereum.Redact,
		Stdin:   a.stdin,
		Format:  string(a.format),
	})
	if err != nil {
		return nil, err
	}
	return &reader{engine, files}, nil
}

// run reads until there is no more or ctx ends. A panic in it is an error, so
// that the terminal is put in order before anybody reads of it.
func (r *reader) run(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = internalError(p)
		}
	}()
	err = r.source.Run(ctx, r.engine)
	r.engine.Finish()
	return err
}

func (r *reader) close() error { return r.source.Close() }

// readAll reads the paths to their end and gives what the model makes of them.
func (a *app) readAll(ctx context.Context, paths []string) (*reader, *model.Snapshot, error) {
	r, err := a.open(paths, false)
	if err != nil {
		return nil, nil, err
	}
	err = r.run(ctx)
	if err == nil && ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	snap := r.engine.Snapshot()
	if err == nil && len(snap.Sources) == 0 {
		err = fmt.Errorf("there is no session log in %s", strings.Join(paths, ", "))
	}
	if err != nil {
		return nil, nil, errors.Join(err, r.close())
	}
	return r, snap, nil
}

// reportSources says on w what of the paths could not be read. The error says
// that there is something which check cannot vouch for: a source that could not
// be read, or paths without a call or a reply in them. Of a live capture, which
// has no paths, attach says that itself.
func reportSources(w io.Writer, paths []string, snap *model.Snapshot) error {
	var broken uint64
	for _, path := range voidPaths(paths, snap.Sources) {
		note(w, "%s: there is no session log in it", path)
	}
	for i := range snap.Sources {
		s := &snap.Sources[i]
		if s.Err != "" {
			broken++
			if text := s.Err; strings.Contains(text, s.Name) {
				note(w, "%s", text)
			} else {
				note(w, "%s: %s", s.Name, text)
			}
		}
		if s.Malformed > 0 {
			note(w, "%s: %s of %s lines could not be used; the first, at offset %d: %s",
				s.Name, thousands(s.Malformed), thousands(s.Lines), s.BadOffset, s.BadReason)
		}
		switch {
		case s.Lost == 0:
		case len(paths) == 0:
			note(w, "%s: %s missing: dropped in the kernel, or cut off as the connection ended", s.Name, counted(s.Lost, "message"))
		default:
			note(w, "%s: %s missing, as the numbers or the writer say", s.Name, counted(s.Lost, "line"))
		}
	}
	if n := snap.Totals.LetGo.Findings; n > 0 {
		note(w, "%s findings were let go to stay within --memory; a larger one keeps them", thousands(n))
	}
	switch {
	case broken > 0 && len(paths) == 0:
		return errors.New("not all that was selected could be read")
	case broken > 0:
		return fmt.Errorf("%s of %s files could not be read to the end", thousands(broken), thousands(uint64(len(snap.Sources))))
	case len(paths) > 0 && nothingSeen(snap):
		return nothingRead(snap)
	}
	return nil
}

// nothingSeen says that there is nothing to judge: no call, no reply, and no log
// of urllib3's, which tells of connections alone.
func nothingSeen(snap *model.Snapshot) bool {
	t := &snap.Totals
	return t.Calls+t.Replies == 0 && (t.Sessions == 0 || !slices.ContainsFunc(snap.Sources, func(s model.SourceStat) bool {
		return otherFormat(&s) == "urllib3"
	}))
}

// nothingRead is the error for sources without a call or a reply in them.
func nothingRead(snap *model.Snapshot) error {
	const none = "no JSON-RPC call or reply could be read"
	for i := range snap.Sources {
		s := &snap.Sources[i]
		if s.Lines > 0 && s.Lines == s.Malformed && otherFormat(s) == "" {
			return fmt.Errorf("%s; %s was taken for a session log, of which each line is a JSON object with \"pid\" and \"ev\"", none, s.Name)
		}
	}
	if bad := snap.Totals.Malformed; bad > 0 {
		return fmt.Errorf("%s, for %s could not be used", none, counted(bad, "line"))
	}
	return errors.New(none + ": there is none in the input")
}

// voidPaths lists the folders among the paths in which there is no source. A
// file or a pattern without one is an error from the start.
func voidPaths(paths []string, sources []model.SourceStat) []string {
	var void []string
	for _, path := range paths {
		st, err := os.Stat(path)
		if err != nil || !st.IsDir() {
			continue
		}
		if !slices.ContainsFunc(sources, func(s model.SourceStat) bool { return within(path, s.Path) }) {
			void = append(void, path)
		}
	}
	return void
}

// within says that the file is somewhere in the folder, by whatever links.
func within(folder, file string) bool {
	rel, err := filepath.Rel(resolved(folder), resolved(file))
	return err == nil && filepath.IsLocal(rel)
}

// resolved is the path without links, as far as it leads.
func resolved(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if to, err := filepath.EvalSymlinks(path); err == nil {
		return to
	}
	return path
}
