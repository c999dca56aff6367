// Command screenshots draws the pictures of the README: it opens the program's
// screens on recorded logs of the demo, presses keys as a user would, and
// writes each frame as SVG. The same logs give the same bytes.
//
//	go run ./screenshots -logs screenshots/logs -out screenshots
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

func main() {
	logs := flag.String("logs", "screenshots/logs", "folder of session logs")
	out := flag.String("out", "screenshots", "folder to write to")
	flag.Parse()
	if err := run(*logs, *out); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func run(logs, out string) error {
	engine := model.NewEngine(model.Options{}, nil)
	files, err := collector.NewFiles([]string{logs}, collector.Options{
		Strings: engine.Strings(), Dialect: ethereum.New(), Redact: ethereum.Redact,
	})
	if err != nil {
		return err
	}
	defer files.Close()
	if err := files.Run(context.Background(), engine); err != nil {
		return err
	}
	engine.Finish()
	snap := engine.Snapshot()
	for _, p := range pictures() {
		for _, theme := range []string{"dark", "light"} {
			s := newStage(snap, files, theme, p.width, p.height)
			s.press(p.keys...)
			if err := write(filepath.Join(out, p.name+"-"+theme+".svg"), s.svg(p.title)); err != nil {
				return err
			}
			s.close()
		}
	}
	return film(snap, files, filepath.Join(out, "frames"))
}

// picture is one screen, and the keys that lead to it.
type picture struct {
	name, title   string
	width, height int
	keys          []string
}

func pictures() []picture {
	return []picture{
		{"sessions", "Sessions, and the ladder of the sick one", 140, 40, []string{"g"}},
		{"ladder", "The ladder: replies that cross into the wrong lane", 120, 36, []string{"g", "tab", "z", "E", "e", "e", "e", "e"}},
		{"calls", "Calls: who asked, and who read the reply", 140, 36, []string{"2", "!", "g"}},
		{"processes", "Processes, a tree by fork", 120, 34, []string{"3", "g"}},
		{"findings", "Findings, the evidence and what to do", 140, 40, []string{"4", "g", "j", "j"}},
		{"evidence", "One swapped reply: asked, got, and whose it was", 140, 44, []string{"4", "g", "j", "j", "enter"}},
		{"methods", "Methods, with their latency", 120, 36, []string{"5", "g"}},
		{"filter", "A filter that has a mistake in it", 100, 28, []string{"2", "/", "type:method:eth_get* and lat>abc"}},
		{"help", "All keys", 120, 44, []string{"?"}},
		{"small", "80 by 24", 80, 24, []string{"g"}},
	}
}

// film writes the frames of a walk along the ladder.
func film(snap *model.Snapshot, files *collector.Files, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	s := newStage(snap, files, "dark", 120, 36)
	defer s.close()
	steps := []string{"g", "tab", "z", "e", "e", "e", "e", "e", "enter"}
	for i, key := range steps {
		s.press(key)
		if err := write(filepath.Join(dir, fmt.Sprintf("%02d.svg", i)), s.svg("the ladder")); err != nil {
			return err
		}
	}
	return nil
}

func write(path, svg string) error {
	return os.WriteFile(path, []byte(svg), 0o644)
}

// still is how long a frame must not have changed to be taken.
const still = 300 * time.Millisecond
