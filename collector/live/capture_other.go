//go:build !linux || (!amd64 && !arm64)

package live

import (
	"context"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/model"
)

// Capture is the Source of what running processes do. There is none on this
// system.
type Capture struct{}

// Attach fails with ErrUnsupported.
func Attach(Options) (*Capture, error) { return nil, ErrUnsupported }

// Run fails with ErrUnsupported.
func (*Capture) Run(context.Context, collector.Sink) error { return ErrUnsupported }

// Body fails with ErrUnsupported.
func (*Capture) Body(model.Origin) ([]byte, error) { return nil, ErrUnsupported }

// Stats is empty.
func (*Capture) Stats() Stats { return Stats{} }

// Close does nothing.
func (*Capture) Close() error { return nil }
