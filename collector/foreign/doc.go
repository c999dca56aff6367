// Package foreign reads the logs of other programs: each is translated into
// lines of a session log (collector/record/SESSION-LOG.md), which then go the
// way of any.
//
//	bytes ─► Translator (one a log) ─► Lines ─► session log ─► tail, decode, merge
//
// A Format knows its log by the first bytes and makes Translators; each has a
// package of its own below this one. The table of them is collector.Formats.
//
// What is read is hostile: a Translator bounds what it holds, counts what it
// cannot read, and goes on. Of one log, Write and Close have one caller at a
// time; different logs are translated in parallel.
package foreign
