// Package ui draws model.Snapshots on a terminal and lets the user move in
// them. It imports model and never the collector.
//
//	tick ─► Config.Source ─► Snapshot ─► Query (a command) ─► list ─┐
//	keys, mouse ─► overlay? ─► page? ─► detail? ─► list ─► App ─────┤
//	                                                               ▼
//	                 Snapshot + rows ─► canvas ─► one string ─► Bubble Tea
//
// There is one tea.Model, App. What it shows are plain structs with imperative
// methods: lists, views (ladder, evidence, payload, …), overlays. All of them
// belong to Bubble Tea's goroutine; what takes time (a query, reading a body)
// runs in a command and comes back as a message.
//
// A frame is drawn only when something changed; View returns the same string
// until then. Every string goes through package sanitize on its way to the
// canvas.
package ui
