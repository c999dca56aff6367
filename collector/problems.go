package collector

import "github.com/sessiontop/sessiontop/model"

// firstProblem is the SourceStat.ID of the first path that yields no source;
// sources count from 0 and are never so many.
const firstProblem = 1 << 31

// problems are the paths that yield no source, as rows beside the sources:
// those that are new or have changed, and, as Gone, those that do by now.
func (f *Files) problems() []model.SourceStat {
	var rows []model.SourceStat
	for _, p := range f.set.Problems() {
		rows = append(rows, model.SourceStat{Path: p.Path, Err: p.Err.Error(), Done: true})
	}
	if f.opt.Follow {
		for _, path := range f.set.Waiting() {
			rows = append(rows, model.SourceStat{Path: path, Waiting: true})
		}
	}
	var changed []model.SourceStat
	now := make(map[string]bool, len(rows))
	for _, row := range rows {
		if now[row.Path] {
			continue // the first that is wrong with it will do
		}
		now[row.Path] = true
		known, is := f.wrong[row.Path]
		if row.ID, row.Name = known.ID, row.Path; !is {
			row.ID = firstProblem + f.nextProblem
			f.nextProblem++
		}
		if row != known {
			f.wrong[row.Path] = row
			changed = append(changed, row)
		}
	}
	for path, row := range f.wrong {
		if !now[path] {
			delete(f.wrong, path)
			changed = append(changed, model.SourceStat{ID: row.ID, Gone: true})
		}
	}
	return changed
}
