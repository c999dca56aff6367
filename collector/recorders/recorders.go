// Package recorders holds the recorders of other languages as files.
package recorders

import (
	"embed"
	"io/fs"
)

//go:embed python/sessiontop_record/*.py python/sessiontop_record/site/*.py
//go:embed node/package.json node/register.* node/lib/*.js
var files embed.FS

// Files are the recorders as they stand in a folder: PythonPath is to be on
// PYTHONPATH, NodeRequire to be given to node's --require, both with
// SESSIONTOP_LOG_DIR set.
func Files() fs.FS { return files }

// Where in Files the languages find their recorder.
const (
	PythonPath  = "python/sessiontop_record/site"
	NodeRequire = "node/register.cjs"
)
