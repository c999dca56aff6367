/* TLS: what processes hand to their TLS library and get from it, and the socket
 * that the ciphertext passes. A library that reads and writes the socket itself
 * does so within its call, in the same thread, or goroutine. One that is handed
 * the ciphertext (Node.js, asyncio) is called by the thread that has just
 * received it, or that sends it next. */
#ifndef TLS_H
#define TLS_H

/* Functions; the low byte of the cookies with which they are attached. Above it
 * is the file's number. */
enum { TLS_READ = 1, TLS_READ_EX, TLS_WRITE, TLS_WRITE_EX, TLS_HANDSHAKE, TLS_FREE, TLS_GO_READ, TLS_GO_WRITE };

/* The function, or 0 while its file has not all its probes: a reply would be
 * seen whose request was not. */
static __always_inline __u8 tls_function(struct pt_regs *r)
{
	__u64 cookie = bpf_get_attach_cookie(r);
	return cookie >> 8 < tls_ready ? cookie : 0;
}

struct tls_session {
	__u64 session;
	__u32 pid, pad;
};

/* The cookie of the socket that a session is on. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 16);
	__type(key, struct tls_session);
	__type(value, __u64);
} tls_sessions SEC(".maps");

/* Calls that goroutines are in. */
struct goroutine {
	__u64 g;
	__u32 pid, pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 16);
	__type(key, struct goroutine);
	__type(value, struct tls_call);
} go_calls SEC(".maps");

/* The call of a TLS library that this thread is in, 0: none. */
static __always_inline struct tls_call *tls_call_of(struct in_call *in, struct task_struct *t)
{
	if (in && in->tls.kind)
		return &in->tls;
	if (!go_tls || t->flags & PF_KERNEL_WORK)
		return 0;
	struct pt_regs *r = (struct pt_regs *)bpf_task_pt_regs(t);
	struct goroutine g = { .g = GOROUTINE(r), .pid = t->tgid };
	return bpf_map_lookup_elem(&go_calls, &g);
}

/* Notes which socket a session is on, and says so: user space may hold bytes of
 * it, as of a server whose handshake has read the first request as well. */
static __noinline int join(__u64 session, __u32 pid, __u64 cookie)
{
	struct tls_session key = { .session = session, .pid = pid };
	struct tls_conn none = {};
	__u64 *was = bpf_map_lookup_elem(&tls_sessions, &key);
	if (was && *was == cookie)
		return 0;
	bpf_map_update_elem(&tls_conns, &cookie, &none, BPF_NOEXIST);
	bpf_map_update_elem(&tls_sessions, &key, &cookie, BPF_ANY);
	struct header *h = bpf_ringbuf_reserve(&ring, sizeof(*h), 0);
	if (!h)
		return 0;
	stamp(h, JOINED, 0);
	h->cookie = cookie;
	h->offset = session;
	bpf_ringbuf_submit(h, 0);
	return 0;
}

/* Copies n bytes of the call's buffer to the ring. */
static __noinline int tell_plaintext(struct tls_call *call, struct task_struct *t, __u8 type, __u32 n)
{
	__u32 pid = t->tgid;
	struct tls_session key = { .session = call->session, .pid = pid };
	struct tls_conn *c = 0;
	struct bytes b = {};
	stamp(&b.h, type, 0);
	__u64 now = b.h.mono, cookie = call->cookie;
	if (!recording)
		return 0;
	if (!cookie) {
		__u64 *joined = bpf_map_lookup_elem(&tls_sessions, &key);
		cookie = joined ? *joined : 0;
	}
	if (cookie)
		c = bpf_map_lookup_elem(&tls_conns, &cookie);
	if (type == SENT)
		b.h.mono = call->mono;
	b.buf = call->buf;
	b.left = b.buf_left = n;
	b.h.flags = PLAINTEXT | UNJOINED;
	b.h.cookie = b.h.offset = call->session;
	if (c) {
		__u64 *until = bpf_map_lookup_elem(&skip, &cookie);
		if (until && *until > now)
			return 0;
		b.h.flags = PLAINTEXT | HAS_OFFSET;
		b.h.cookie = cookie;
		b.h.offset = __sync_fetch_and_add(type == SENT ? &c->sent : &c->received, (__u64)n);
		b.h.lost = c->lost;
	}
	if (by_content && !(c && c->wanted)) {
		if (type != SENT || !looks_like_rpc(&b))
			return 0;
		if (c)
			c->wanted = 1;
	}
	/* A session that may go to any port makes nobody a process to watch. */
	if ((c || !(any_process && by_port)) && !introduce(t, pid))
		return 0;
	__u32 lost_before = b.h.lost;
	bpf_loop(2048, tell_piece, &b, 0);
	count_lost(c ? &c->lost : 0, b.h.lost - lost_before, n);
	return 0;
}

/* Bytes that a socket moved within a call of a TLS library. */
static __always_inline void on_ciphertext(struct tls_call *call, struct in_call *in, struct sock_state *st, struct sock *sk, struct task_struct *t, __u8 type)
{
	st->tls = 1;
	if (!st->announced && tell_connection(st, sk)) {
		count_lost(&st->lost, 1, 0);
		return;
	}
	call->cookie = st->cookie;
	join(call->session, t->tgid, st->cookie);
	if (type != SENT || call->sent)
		return;
	call->sent = 1;
	if (in && in->send_sk == (__u64)sk)
		call->mono = in->send_at; /* under the socket's lock: the order of those who share it */
	if (call->kind == TLS_GO_WRITE) /* now: a goroutine of its own may read the reply before the call ends */
		tell_plaintext(call, t, SENT, call->len);
}

static __always_inline bool looks_like_tls(struct bytes *b)
{
	__u8 c[3] = {};
	if (next_buffer(b) || bpf_probe_read_user(c, sizeof(c), (void *)b->buf))
		return false;
	return c[0] >= 20 && c[0] <= 23 && c[1] == 3 && c[2] <= 4; /* RFC 8446, 5.1 */
}

/* Ciphertext that moved outside of any call that is seen. */
static __noinline int on_bare_ciphertext(struct sock_state *st, struct sock *sk, struct task_struct *t, __u8 type)
{
	if (!st->tls) {
		struct header *h;
		if (!st->announced && tell_connection(st, sk))
			return 0;
		h = bpf_ringbuf_reserve(&ring, sizeof(*h), 0);
		if (!h)
			return 0;
		stamp(h, ENCRYPTED, 0);
		h->cookie = st->cookie;
		bpf_ringbuf_submit(h, 0);
		st->tls = 1;
	}
	if (bpf_map_lookup_elem(&tls_conns, &st->cookie))
		return 0;
	struct in_call *in = bpf_task_storage_get(&calls, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!in)
		return 0;
	if (type == RECEIVED) {
		in->received_on = st->cookie;
	} else if (in->unjoined) {
		join(in->unjoined, t->tgid, st->cookie);
		in->unjoined = 0;
	}
	return 0;
}

/* OpenSSL's and its like: SSL_read(ssl, buf, len), SSL_read_ex(ssl, buf, len,
 * &size), and so for writing. */
SEC("uprobe.multi")
int on_tls_call(struct pt_regs *r)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct tls_session key = { .session = ARG0(r), .pid = t->tgid };
	__u8 kind = tls_function(r);
	struct in_call *in;
	if (!kind || (!any_process && !watched(key.pid)))
		return 0;
	if (kind == TLS_FREE) {
		bpf_map_delete_elem(&tls_sessions, &key);
		return 0;
	}
	in = bpf_task_storage_get(&calls, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!in)
		return 0;
	/* Not where it is the same once more, as LibreSSL's SSL_read_ex calls SSL_read,
	 * nor where the call before was left by a jump. */
	if (in->tls.kind && r->sp < in->tls.sp && (kind == TLS_HANDSHAKE || in->tls.session != key.session))
		in->outer = in->tls;
	else
		in->outer.kind = 0;
	in->tls.session = key.session;
	in->tls.buf = ARG1(r);
	in->tls.len = ARG2(r);
	in->tls.size_at = ARG3(r);
	in->tls.mono = bpf_ktime_get_ns();
	in->tls.cookie = 0;
	in->tls.sp = r->sp;
	in->tls.sent = 0;
	in->tls.kind = kind;
	if (in->received_on) {
		join(key.session, key.pid, in->received_on);
		in->received_on = in->unjoined = 0;
	} else if (!bpf_map_lookup_elem(&tls_sessions, &key)) {
		in->unjoined = key.session;
	}
	return 0;
}

SEC("uretprobe.multi")
int on_tls_return(struct pt_regs *r)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct in_call *in = bpf_task_storage_get(&calls, t, 0, 0);
	__s64 n = (int)RESULT(r);
	struct tls_call call;
	__u8 kind;
	if (!in || !in->tls.kind)
		return 0;
	call = in->tls;
	kind = call.kind;
	in->tls = in->outer;
	in->outer.kind = 0;
	if (call.cookie)
		in->unjoined = 0;
	if (kind == TLS_HANDSHAKE || n <= 0)
		return 0;
	if ((kind == TLS_READ_EX || kind == TLS_WRITE_EX) && bpf_probe_read_user(&n, sizeof(n), (void *)call.size_at))
		return 0;
	if (n <= 0 || n > call.len)
		return 0;
	tell_plaintext(&call, t, kind == TLS_READ || kind == TLS_READ_EX ? RECEIVED : SENT, n);
	return 0;
}

/* crypto/tls: (*Conn).Read(b) and Write(b). A stack that grows begins the call
 * once more. */
SEC("uprobe.multi")
int on_go_tls_call(struct pt_regs *r)
{
	struct goroutine g = { .g = GOROUTINE(r), .pid = bpf_get_current_pid_tgid() >> 32 };
	struct tls_call call = {
		.session = GO_ARG0(r), .buf = GO_ARG1(r), .len = GO_ARG2(r),
		.mono = bpf_ktime_get_ns(), .kind = tls_function(r),
	};
	if (call.kind && (any_process || watched(g.pid)))
		bpf_map_update_elem(&go_calls, &g, &call, BPF_ANY);
	return 0;
}

/* The call as it stands in the caller's frame, where Go keeps the arguments: for
 * one that began before this was attached. */
static __always_inline bool find_go_read(struct tls_call *call, struct pt_regs *r, __u32 pid)
{
	struct { __u64 conn, buf, len; } arguments;
	struct tls_session key = { .pid = pid };
	if (bpf_probe_read_user(&arguments, sizeof(arguments), (void *)(r->sp + sizeof(__u64))))
		return false;
	key.session = call->session = arguments.conn;
	call->buf = arguments.buf;
	call->len = arguments.len;
	return bpf_map_lookup_elem(&tls_sessions, &key);
}

SEC("uprobe.multi")
int on_go_tls_return(struct pt_regs *r)
{
	struct goroutine g = { .g = GOROUTINE(r), .pid = bpf_get_current_pid_tgid() >> 32 };
	struct tls_call *call = bpf_map_lookup_elem(&go_calls, &g);
	struct tls_call found = {};
	__s64 n = RESULT(r);
	if (call) {
		found = *call;
		bpf_map_delete_elem(&go_calls, &g);
	} else if (!any_process && !watched(g.pid)) {
		return 0;
	}
	if (tls_function(r) != TLS_GO_READ || n <= 0)
		return 0;
	if (!call && !find_go_read(&found, r, g.pid))
		return 0;
	if (n <= found.len)
		tell_plaintext(&found, bpf_get_current_task_btf(), RECEIVED, n);
	return 0;
}

#endif
