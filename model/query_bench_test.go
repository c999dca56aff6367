package model

import (
	"fmt"
	"testing"
)

// BenchmarkRun filters and sorts as a screen does when it changes.
func BenchmarkRun(b *testing.B) {
	snap := world(1, 100_000, 1000, 1_000_000, 10_000)
	for _, c := range []struct {
		screen Screen
		filter string
		sort   string
	}{
		{ScreenSessions, "is:mismatch calls>2", "calls"},
		{ScreenSessions, "is:mismatch lat>100ms -is:closed", "calls"},
		{ScreenSessions, "pid:4120", ""},
		{ScreenSessions, "51", ""},
		{ScreenSessions, "url:node", ""},
		{ScreenSessions, "method:eth_get*", "calls"},
		{ScreenSessions, "", "calls"},
		{ScreenSessions, "", "session"},
		{ScreenSessions, "", "endpoint"},
		{ScreenCalls, "", ""},
		{ScreenCalls, "method:eth_get*", ""},
		{ScreenCalls, "pid:4120 lat>100ms", ""},
		{ScreenCalls, "gunicorn", ""},
		{ScreenCalls, "", "latency"},
		{ScreenCalls, "", "method"},
		{ScreenMethods, "pid:4120", ""},
	} {
		q := NewQuery(c.screen)
		q.Sort = c.sort
		f, err := ParseFilter(c.filter)
		if err != nil {
			b.Fatal(err)
		}
		q.Filter = f
		b.Run(fmt.Sprintf("%d,%s,%s", c.screen, c.filter, c.sort), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := snap.Run(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkComplete(b *testing.B) {
	snap := world(1, 100_000, 100_000, 10, 10)
	for _, text := range []string{"pid:99", "session:z", "method:"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				Complete(text, len(text), snap)
			}
		})
	}
}

// BenchmarkNamed is what a list of processes does once for a snapshot.
func BenchmarkNamed(b *testing.B) {
	snap := world(1, 100_000, 1000, 10, 100_000)
	b.Run("processes", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			snap.NamedProcesses()
		}
	})
	b.Run("sessions", func(b *testing.B) {
		for b.Loop() {
			snap.NamedSessions()
		}
	})
}
