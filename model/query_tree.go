package model

// byTree brings the processes of the tree, in their order, into the order of the
// tree: each after its parent and before its parent's next child. One whose
// parent is not listed is a root. A circle of parents, which only a made-up log
// has, starts at its first.
func (b *binder) byTree(order []uint32) []uint32 {
	const none = -1
	n := b.snap.Processes.Len()
	first := make([]int32, n) // child of each process, by slot
	next := make([]int32, n)  // sibling
	for i := range first {
		first[i] = none
	}
	root := int32(none)
	for i := len(order) - 1; i >= 0; i-- {
		id := int32(order[i])
		if parent := b.snap.Processes.At(int(id)).Parent; b.tree.has(int(parent)) {
			next[id], first[parent] = first[parent], id
		} else {
			next[id], root = root, id
		}
	}
	out := make([]uint32, 0, len(order))
	seen := make(set, n)
	walk := func(at int32) { // at, its later siblings, and all below them
		stack := []int32{at}
		for len(stack) > 0 {
			at := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if at == none || seen[at] {
				continue
			}
			seen[at] = true
			out = append(out, uint32(at))
			stack = append(stack, next[at], first[at])
		}
	}
	walk(root)
	for _, id := range order {
		if !seen[id] {
			walk(int32(id))
		}
	}
	return out
}
