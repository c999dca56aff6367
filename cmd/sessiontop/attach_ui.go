package main

import (
	"context"
	"errors"
	"time"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui"
)

// attachUI shows what is captured on the screen until the user leaves.
func (a *app) attachUI(ctx context.Context, l *watched, title string) error {
	config := a.uiConfig(&reader{engine: l.engine}, title)
	config.Bodies = l.capture
	config.Verify = func(ctx context.Context, s *model.Snapshot, c *model.Call) (string, error) {
		return a.verifyCall(ctx, l.capture, s, c)
	}
	config.Export = func(ctx context.Context, e ui.Export) (string, error) {
		return exportRows(ctx, l.capture, e, time.Now())
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // ui.Run has its own way with signals
	defer cancel()
	done := make(chan error, 1)
	go func() {
		err := l.run(ctx)
		if err != nil {
			cancel()
		}
		done <- err
	}()
	err := ui.Run(ctx, config)
	cancel()
	if broken := <-done; broken != nil {
		return broken
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
