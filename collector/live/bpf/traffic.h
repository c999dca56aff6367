/* What passes a socket: told as it is, or left to those who can read it. */
#ifndef TRAFFIC_H
#define TRAFFIC_H

static __always_inline int on_bytes(struct sock *sk, struct task_struct *t, struct in_call *in, int n, __u8 type, int flags)
{
	struct sock_state *st;
	if (!in_scope(sk, t, &st))
		return 0;
	if (!st) {
		count_lost(0, 1, n);
		return 0;
	}
	struct tls_call *call = tls_call_of(in, t);
	if (call) {
		on_ciphertext(call, in, st, sk, t, type);
		return 0;
	}
	if (st->tls) {
		on_bare_ciphertext(st, sk, t, type);
		return 0;
	}
	struct bytes b = {};
	bool counted = sk->__sk_common.skc_family == AF_UNIX;
	b.h.type = type;
	b.h.pid = t->tgid;
	b.h.tid = t->pid;
	b.left = n;
	b.discarded = type == RECEIVED && flags & MSG_TRUNC && !counted;
	b.h.offset = st->sent; /* any number: a constant would have the verifier count the loop */
	place(&b, sk, in, n);
	if (!b.h.mono)
		b.h.mono = bpf_ktime_get_ns();
	if (!counted && send_offsets && type == SENT && !(b.h.flags & HAS_OFFSET)) {
		if (!st->opened || !is_first(&st->send_begun))
			return 0; /* it began before recording did */
		b.h.offset = 0; /* the SYN has carried them (TCP Fast Open) */
		b.h.mono = st->opened;
		b.h.flags |= HAS_OFFSET | FIRST;
	}
	if (skipped(st, b.h.mono)) {
		if (counted)
			count(&b, sk, st, n);
		return 0;
	}
	bool readable = find_buffers(&b, t, sk);
	if (readable && looks_like_tls(&b)) {
		on_bare_ciphertext(st, sk, t, type);
		return 0;
	}
	if (by_content && !st->wanted) {
		if (type != SENT || !readable || !looks_like_rpc(&b)) {
			if (b.h.flags & FIRST)
				begins_later(sk, st, type);
			return 0;
		}
		st->wanted = 1;
	}
	if (counted)
		count(&b, sk, st, n);
	if (counted && type == SENT) {
		if (st->user && st->user != b.h.pid)
			st->shared = 1;
		if (st->shared)
			b.h.flags |= SHARED;
	}
	if (!introduce_on(st, t))
		return 0;
	if (!st->announced && tell_connection(st, sk)) {
		count_lost(&st->lost, 1, n);
		return 0;
	}
	__u32 lost_before = st->lost;
	b.h.cookie = st->cookie;
	b.h.lost = lost_before;
	tell(&b, readable, n);
	count_lost(&st->lost, b.h.lost - lost_before, n);
	return 0;
}

#endif
