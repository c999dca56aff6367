/* Unix sockets. The kernel has no count of their bytes. But it copies them out of
 * a queue in their order, under the reader's lock, and there they are counted. In
 * which order several processes put them in, nothing tells: so what the other end
 * reads of theirs is told, too. */
#ifndef UNIX_H
#define UNIX_H

static __always_inline struct sock *peer_of(struct sock *sk)
{
	struct unix_sock *u = bpf_skc_to_unix_sock(sk);
	return u ? u->peer : 0;
}

/* Whether the task only looks at what is in the queue. */
static __always_inline bool peeks(struct task_struct *t)
{
	if (t->flags & PF_KERNEL_WORK)
		return false;
	struct pt_regs *r = (struct pt_regs *)bpf_task_pt_regs(t);
	switch (SYSCALL(r)) {
	case SYS_RECVFROM:
	case SYS_RECVMMSG:
		return SYSCALL_ARG3(r) & MSG_PEEK;
	case SYS_RECVMSG:
		return ARG2(r) & MSG_PEEK;
	}
	return false;
}

/* Whether others than the process may hold the socket that it writes to, whose
 * reader is at the other end: it was not the one that connected it, or may have
 * handed it on to a child. */
static __always_inline bool may_share(struct sock *reader, __u32 pid)
{
	struct watched *w = watched(pid);
	return !w || w->forked || BPF_CORE_READ(reader, sk_peer_pid, numbers[0].nr) != pid;
}

/* Counts n bytes of the writer's that are about to be copied to the task. */
static __always_inline void copied(struct sock *writer, struct task_struct *t, __u32 n)
{
	struct sock_state *from = bpf_sk_storage_get(&socks, writer, 0, 0);
	struct in_call *in;
	if (!from && (by_port || (!any_process && !watched(t->tgid))))
		return;
	if (!from)
		from = nameless_state_of(writer); /* of this one, the kernel may not be asked for its cookie */
	if (!from || peeks(t))
		return;
	in = bpf_task_storage_get(&calls, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!in)
		return;
	if (!in->copy_n || in->copy_from != (__u64)writer) {
		in->copy_from = (__u64)writer;
		in->copy_at = from->taken;
		in->copy_n = 0;
		in->copy_first = is_first(&from->take_begun);
		in->copy_wanted = from->wanted;
		in->copy_of = from->shared && !from->tls && !skipped(from, bpf_ktime_get_ns()) ? from->cookie : 0;
	}
	in->copy_n += n;
	from->taken += n;
}

/* What was not counted when it was copied is as it passes. */
static __always_inline void count(struct bytes *b, struct sock *sk, struct sock_state *st, __u32 n)
{
	if (b->h.flags & HAS_OFFSET)
		return;
	struct sock *writer = b->h.type == RECEIVED ? peer_of(sk) : 0;
	struct sock_state *from = writer ? bpf_sk_storage_get(&socks, writer, 0, 0) : 0;
	__u64 *counter = b->h.type == SENT ? &st->sent : from ? &from->taken : &st->received;
	b->h.offset = __sync_fetch_and_add(counter, (__u64)n);
	b->h.flags |= HAS_OFFSET | GUESSED;
	if (b->h.offset == 0)
		b->h.flags |= FIRST;
}

/* The first bytes of a direction are not told. */
static __always_inline void begins_later(struct sock *sk, struct sock_state *st, __u8 type)
{
	struct sock *writer = sk->__sk_common.skc_family == AF_UNIX ? peer_of(sk) : 0;
	struct sock_state *from = writer ? bpf_sk_storage_get(&socks, writer, 0, 0) : 0;
	if (type == SENT)
		st->send_begun = 0;
	else if (from)
		from->take_begun = 0;
	else
		st->recv_begun = 0;
}

/* Tells what the task has read from a socket that several processes may write to. */
static __always_inline void tell_taken(struct sock *sk, struct task_struct *t, struct in_call *in, __u32 n)
{
	struct bytes b = {};
	stamp(&b.h, RECEIVED, 0);
	b.h.flags = HAS_OFFSET;
	b.h.cookie = in->copy_of;
	b.h.offset = in->copy_at;
	b.left = n;
	bool readable = find_buffers(&b, t, sk);
	b.h.type = TAKEN;
	if (by_content && !in->copy_wanted && (!readable || !looks_like_rpc(&b)))
		return;
	tell(&b, readable, n);
	count_lost(0, b.h.lost, n);
}

/* The call ends with n bytes: less than were counted if copying failed. */
static __always_inline void settle_copy(struct sock *sk, struct task_struct *t, struct in_call *in, __u32 n)
{
	struct sock *writer = peer_of(sk);
	if (!in->copy_n || !writer || in->copy_from != (__u64)writer)
		return;
	if (n != in->copy_n) {
		struct sock_state *from = bpf_sk_storage_get(&socks, writer, 0, 0);
		if (from)
			__sync_fetch_and_add(&from->taken, (__u64)n - in->copy_n);
		if (from && !n && in->copy_first)
			from->take_begun = 0;
		in->copy_n = n;
	}
	if (n && in->copy_of)
		tell_taken(sk, t, in, n);
}

#endif
