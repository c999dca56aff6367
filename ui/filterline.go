package ui

import (
	"errors"

	"github.com/sessiontop/sessiontop/model"
)

// filterLine is the filter that lists are made with.
type filterLine struct {
	text string             // as written
	live *model.Filter      // the last that was valid
	err  *model.FilterError // what is wrong with text
}

func (f *filterLine) start(text string) {
	if text != "" {
		f.set(text)
	}
}

// set takes a new text. While it is not valid, the filter before stays live.
func (f *filterLine) set(text string) {
	f.text, f.err = text, nil
	live, err := model.ParseFilter(text)
	if err == nil {
		f.live = live
		return
	}
	if !errors.As(err, &f.err) {
		f.err = &model.FilterError{Len: len(text), Msg: err.Error()}
	}
}
