package main

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/sessiontop/sessiontop/ui"
)

// runGrace is how long a program may take to end once it was asked to.
const runGrace = 10 * time.Second

// runWithUI runs the program apart from the terminal, with the screens on its
// logs, until the user leaves.
func (a *app) runWithUI(ctx context.Context, program *exec.Cmd, dir string) error {
	stdout, err := outputFile(dir, "stdout.txt")
	if err != nil {
		return err
	}
	defer stdout.Close()
	stderr, err := outputFile(dir, "stderr.txt")
	if err != nil {
		return err
	}
	defer stderr.Close()
	program.Stdout, program.Stderr = stdout, stderr
	program.SysProcAttr = ownGroup()
	if err := program.Start(); err != nil {
		return a.notStarted(program.Args[0], err)
	}
	p := follow(program)
	defer func() {
		ctx, stop := signal.NotifyContext(context.WithoutCancel(ctx), os.Interrupt, syscall.SIGTERM)
		defer stop()
		p.end(ctx)
		note(a.stderr, "the session logs are in %s", dir)
	}()
	err = a.showProgram(ctx, p, program.Args, dir, stderr.Name())
	if how := p.fault(); how != "" {
		note(a.stderr, "%s ended: %s; see %s", program.Args[0], how, stderr.Name())
	}
	return err
}

// showProgram follows the program's logs on the screen, which says how it ended,
// until the user leaves.
func (a *app) showProgram(ctx context.Context, p *started, args []string, dir, stderr string) error {
	r, err := a.open([]string{dir}, true)
	if err != nil {
		return err
	}
	defer r.close()
	cfg := a.uiConfig(r, strings.Join(append([]string{filepath.Base(args[0])}, args[1:]...), " "))
	cfg.Ended = func() ui.Ending { return p.ending(args[0], stderr) }
	return a.show(ctx, r, cfg)
}

// started is a program that runs in a process group of its own.
type started struct {
	leader *os.Process
	ended  chan struct{} // closed when leader has ended
	how    string        // it ended, if not as it should
	gone   bool          // and nobody of its group was left
}

func follow(program *exec.Cmd) *started {
	p := &started{leader: program.Process, ended: make(chan struct{})}
	go func() {
		p.how = endOf(program.Wait())
		p.gone = !groupLives(p.leader)
		close(p.ended)
	}()
	return p
}

// fault is how the program ended by itself, "" if it runs or ended as it should.
func (p *started) fault() string {
	select {
	case <-p.ended:
		return p.how
	default:
		return ""
	}
}

// ending is fault for the screen: there, that it ended as it should is news, too.
func (p *started) ending(name, stderr string) ui.Ending {
	select {
	case <-p.ended:
	default:
		return ui.Ending{}
	}
	over := p.gone || !groupLives(p.leader)
	if p.how == "" {
		return ui.Ending{Text: name + " ended", Over: over}
	}
	return ui.Ending{Text: name + " ended: " + p.how, See: stderr, Over: over}
}

// end asks what is left of the group to end, and kills it after runGrace or
// when ctx is done. A group that was gone with its leader is let be: its number
// may be another's by now.
func (p *started) end(ctx context.Context) {
	select {
	case <-p.ended:
		if p.gone {
			return
		}
	default:
	}
	ctx, stop := context.WithTimeout(ctx, runGrace)
	defer stop()
	askGroup(p.leader)
	for groupLives(p.leader) && ctx.Err() == nil {
		time.Sleep(20 * time.Millisecond)
	}
	killGroup(p.leader)
	<-p.ended
}

// outputFile is a file for what the program prints. Its name ends so that no
// reader of the folder takes it for a session log.
func outputFile(dir, name string) (*os.File, error) {
	return os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
}
