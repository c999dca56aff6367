package collector

import "github.com/sessiontop/sessiontop/model"

// firstProblem is the SourceStat.ID of the first path that yields no source;
// sources count from 0 and are never so many.
const firstProblem = 1 << 31

// problems are the paths that yield no source, as rows beside the sources:
// those that are new, have changed, or are no problem any more.
func (f *Files) problems() []model.SourceStat {
	var changed []model.SourceStat
	now := make(map[string]string)
	for _, p := range f.set.Problems() {
		now[p.Path] = p.Err.Error()
	}
	for path, why := range now {
		if row, known := f.wrong[path]; !known || row.Err != why {
			if !known {
				row = model.SourceStat{ID: firstProblem + uint32(len(f.wrong)), Name: path, Path: path, Done: true}
			}
			row.Err = why
			f.show(row)
			changed = append(changed, row)
		}
	}
	for path, row := range f.wrong {
		if row.Err != "" && now[path] == "" {
			row.Err = ""
			f.show(row)
			changed = append(changed, row)
		}
	}
	return changed
}

func (f *Files) show(row model.SourceStat) {
	if f.wrong == nil {
		f.wrong = make(map[string]model.SourceStat)
	}
	f.wrong[row.Path] = row
}
