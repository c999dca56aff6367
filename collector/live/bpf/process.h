/* Processes: which are watched, and what becomes of them. */
#ifndef PROCESS_H
#define PROCESS_H

/* Of the process that t is a thread of: a thread has a name and a start of its own. */
static __noinline int tell_process(__u8 type, struct task_struct *t, __u32 pid, __u32 parent, __u32 code)
{
	struct process *p = bpf_ringbuf_reserve(&ring, sizeof(*p), 0);
	if (!p) {
		count_lost(0, 1, 0);
		return -1;
	}
	stamp(&p->h, type, sizeof(*p) - sizeof(p->h));
	p->h.pid = pid;
	p->start_boottime = t->group_leader->start_boottime;
	p->parent = parent;
	p->code = code;
	bpf_probe_read_kernel(p->comm, sizeof(p->comm), t->group_leader->comm);
	bpf_ringbuf_submit(p, 0);
	return 0;
}

/* Watches the process, and tells user space of it if that doesn't know it. */
static __noinline bool introduce(struct task_struct *t, __u32 pid)
{
	struct watched stranger = { .forked = 1 }, *w = watched(pid);
	if (!w) {
		bpf_map_update_elem(&processes, &pid, &stranger, BPF_NOEXIST);
		w = watched(pid);
		if (!w)
			return false;
	}
	if (!w->known && !tell_process(PROCESS, t, pid, t->real_parent->tgid, 0))
		w->known = 1;
	return true;
}

/* The same for one that most likely has used the connection last, and is known. */
static __always_inline bool introduce_on(struct sock_state *st, struct task_struct *t)
{
	__u32 pid = t->tgid;
	if (st->user == pid)
		return true;
	if (!introduce(t, pid))
		return false;
	struct watched *w = watched(pid);
	if (w && w->known)
		st->user = pid;
	return true;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 pid = child->tgid, ppid = parent->tgid;
	struct watched born = { .known = 1 }, *w = watched(ppid);
	if (pid == ppid)
		return 0;
	if (!w) { /* who had its PID and was watched has ended, untold */
		bpf_map_delete_elem(&processes, &pid);
		return 0;
	}
	w->forked = 1;
	introduce(parent, ppid);
	bpf_map_update_elem(&processes, &pid, &born, BPF_ANY);
	tell_process(FORKED, child, pid, ppid, 0);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *t, int old, struct linux_binprm *b)
{
	__u32 pid = t->tgid;
	struct comm c = {};
	if (watched(pid)) {
		tell_process(EXECED, t, pid, t->real_parent->tgid, 0);
		return 0;
	}
	bpf_probe_read_kernel_str(c.name, sizeof(c.name), t->comm);
	if (bpf_map_lookup_elem(&comms, &c)) {
		struct watched stranger = { .known = !tell_process(EXECED, t, pid, t->real_parent->tgid, 0), .forked = 1 };
		bpf_map_update_elem(&processes, &pid, &stranger, BPF_NOEXIST);
	} else if (watch_exec) {
		tell_process(EXECED, t, pid, t->real_parent->tgid, 0);
	}
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *t)
{
	__u32 pid = t->tgid;
	if (!watched(pid) || t->signal->live.counter > 0)
		return 0;
	__u32 code = t->signal->group_exit_code;
	tell_process(EXITED, t, pid, t->real_parent->tgid, code ? code : t->exit_code);
	bpf_map_delete_elem(&processes, &pid);
	return 0;
}

#endif
