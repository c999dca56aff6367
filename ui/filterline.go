package ui

import (
	"errors"
	"strings"
	"unicode"

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

// typing is set while the text is being typed: a field at its end that is not
// whole yet is not there yet, so that the list does not follow half a word.
func (f *filterLine) typing(text string) {
	if rest, half := unfinished(text); half {
		f.set(rest)
		f.text = text
		f.err = nil
		return
	}
	f.set(text)
}

// unfinished says whether text ends in the beginning of a field, or in a field
// without its value, and what stands before that.
func unfinished(text string) (rest string, half bool) {
	if strings.Count(text, `"`)%2 == 1 {
		return text, false
	}
	head := strings.TrimRight(text, ":=!<>")
	at := strings.LastIndexAny(head, " \t()-") + 1
	word := head[at:]
	if word == "" || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return text, false
	}
	options := model.Complete(head, len(head), nil)
	for _, o := range options {
		if o.From == at && strings.HasSuffix(o.Text, ":") {
			return strings.TrimRight(text[:at], " \t-"), true
		}
	}
	return text, false
}

// ages says that rows may pass the filter, or pass no longer, because time goes
// by.
func (f *filterLine) ages() bool {
	return f.live != nil && (strings.Contains(f.text, "age") || strings.Contains(f.text, "idle") || strings.Contains(f.text, "time"))
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
