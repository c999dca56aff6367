package live

import "slices"

// pids is a set of processes, ascending. Most connections have one or a few: a
// child is added to, and taken from, all that its parent has.
type pids []int32

func (s pids) has(pid int32) bool {
	_, is := slices.BinarySearch(s, pid)
	return is
}

// add adds a process; false where it is in the set.
func (s *pids) add(pid int32) bool {
	i, is := slices.BinarySearch(*s, pid)
	if !is {
		*s = slices.Insert(*s, i, pid)
	}
	return !is
}

// remove takes a process out; false where it is not in the set.
func (s *pids) remove(pid int32) bool {
	i, is := slices.BinarySearch(*s, pid)
	if is {
		*s = slices.Delete(*s, i, i+1)
	}
	return is
}
