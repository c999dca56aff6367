package collector

import "github.com/prometheus/procfs"

// runs says that the process is there, and more than a zombie.
func runs(l life) bool {
	p, err := procfs.NewProc(int(l.pid))
	if err != nil {
		return false
	}
	stat, err := p.Stat()
	return err == nil && stat.Starttime == l.start && stat.State != "Z" && stat.State != "X"
}
