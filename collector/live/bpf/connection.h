/* Connections: their ends, their opening and closing, and who holds them. */
#ifndef CONNECTION_H
#define CONNECTION_H

static __always_inline __u16 unix_path(struct sock *sk, char *to)
{
	struct unix_address *a = BPF_CORE_READ((struct unix_sock *)sk, addr);
	if (!a)
		return 0;
	__u64 n = (__u32)(BPF_CORE_READ(a, len) - 2);
	asm volatile("" : "+r"(n));
	if (n == 0 || n > 108)
		return 0;
	asm volatile("" : "+r"(n));
	if (bpf_probe_read_kernel(to, n, &a->name[0].sun_path))
		return 0;
	return n;
}

static __always_inline void describe(struct connection *c, struct sock *sk)
{
	struct socket *s = sk->sk_socket;
	c->ino = 0;
	if (s)
		c->ino = BPF_CORE_READ((struct socket_alloc *)s, vfs_inode.i_ino);
	c->family = sk->__sk_common.skc_family;
	c->local_port = c->peer_port = c->path_len = c->peer_path_len = 0;
	c->listens = sk->__sk_common.skc_state == TCP_LISTEN;
	if (c->family == AF_UNIX) {
		c->path_len = unix_path(sk, c->path);
		struct sock *peer = BPF_CORE_READ((struct unix_sock *)sk, peer);
		if (peer)
			c->peer_path_len = unix_path(peer, c->peer_path);
		return;
	}
	c->local_port = sk->__sk_common.skc_num;
	c->peer_port = __builtin_bswap16(sk->__sk_common.skc_dport);
	if (c->family == AF_INET) {
		*(__u32 *)c->local = sk->__sk_common.skc_rcv_saddr;
		*(__u32 *)c->peer = sk->__sk_common.skc_daddr;
	} else {
		BPF_CORE_READ_INTO(&c->local, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&c->peer, sk, __sk_common.skc_v6_daddr);
	}
}

static __always_inline bool is_stream(struct sock *sk)
{
	__u16 family = sk->__sk_common.skc_family;
	if (family == AF_UNIX)
		return sk->sk_type == SOCK_STREAM;
	return (family == AF_INET || family == AF_INET6) && sk->sk_protocol == IPPROTO_TCP;
}

static __always_inline bool has_port(struct sock *sk)
{
	__u16 port = __builtin_bswap16(sk->__sk_common.skc_dport);
	return sk->__sk_common.skc_family != AF_UNIX && bpf_map_lookup_elem(&ports, &port);
}

/* Of two that create it at the same time one gets nothing: it is there then. */
static __always_inline struct sock_state *nameless_state_of(struct sock *sk)
{
	struct sock_state *st = bpf_sk_storage_get(&socks, sk, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!st)
		st = bpf_sk_storage_get(&socks, sk, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	return st;
}

static __always_inline struct sock_state *state_of(struct sock *sk)
{
	struct sock_state *st = nameless_state_of(sk);
	if (st && !st->cookie)
		st->cookie = bpf_get_socket_cookie(sk);
	return st;
}

/* Whether what passes the socket is told, and its state (0: no memory). It is if
 * the process is watched, or if something of the connection was told, or is being
 * told: who else uses it is of interest, however they came by it. */
static __always_inline bool in_scope(struct sock *sk, struct task_struct *t, struct sock_state **st)
{
	*st = bpf_sk_storage_get(&socks, sk, 0, 0);
	if (!recording)
		return false;
	if (*st && ((*st)->announced || (*st)->send_begun))
		return true;
	if (!any_process && !watched(t->tgid))
		return false;
	if (!is_stream(sk) || (by_port && !has_port(sk)))
		return false;
	*st = state_of(sk);
	return true;
}

static __noinline int tell_connection(struct sock_state *st, struct sock *sk)
{
	struct connection *c = bpf_ringbuf_reserve(&ring, sizeof(*c), 0);
	if (!c)
		return -1;
	stamp(&c->h, CONNECTION, sizeof(*c) - sizeof(c->h));
	c->h.cookie = st->cookie;
	c->opened = st->opened;
	c->opener = st->opener;
	describe(c, sk);
	bpf_ringbuf_submit(c, 0);
	st->announced = 1;
	return 0;
}

/* What has come to a socket, and its processes have not read yet: TCP has ended
 * before they have where they had shut down their side, or where it was reset. */
static __always_inline __u32 unread(struct sock *sk)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	if (!tp || !sk->sk_socket)
		return 0;
	return tp->rcv_nxt - tp->copied_seq - (sk->sk_shutdown & RCV_SHUTDOWN); /* the FIN counts */
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state, struct sock *sk, int old, int new)
{
	if (new == TCP_SYN_SENT) {
		__u32 pid = bpf_get_current_pid_tgid() >> 32;
		struct watched unknown = {};
		if (!any_process && !watched(pid))
			return 0;
		if (any_process && by_port && has_port(sk))
			bpf_map_update_elem(&processes, &pid, &unknown, BPF_NOEXIST);
		struct sock_state *st = state_of(sk);
		if (st) {
			/* The socket may have been another connection (connect(2) with AF_UNSPEC). */
			st->announced = st->wanted = st->tls = st->send_begun = st->recv_begun = 0;
			st->lost = 0;
			st->opener = pid;
			st->opened = recording ? bpf_ktime_get_ns() : 0; /* else its first bytes may pass untold */
		}
		return 0;
	}
	if (new != TCP_CLOSE)
		return 0;
	struct sock_state *st = bpf_sk_storage_get(&socks, sk, 0, 0);
	if (!st || !st->announced)
		return 0;
	struct header *h = bpf_ringbuf_reserve(&ring, sizeof(*h), 0);
	if (!h) {
		count_lost(&st->lost, 1, 0);
		return 0;
	}
	stamp(h, CLOSED, 0);
	h->cookie = st->cookie;
	h->missing = unread(sk);
	h->lost = st->lost + lost_plaintext(st->cookie);
	bpf_ringbuf_submit(h, 0);
	return 0;
}

/* Rows of who holds which socket, for user space to read at once. */
SEC("iter/task_file")
int holders(struct bpf_iter__task_file *ctx)
{
	struct task_struct *t = ctx->task;
	struct file *file = ctx->file;
	if (!t || !file)
		return 0;
	__u32 pid = t->tgid;
	struct watched unknown = {};
	struct socket *s = bpf_sock_from_file(file);
	if (!s)
		return 0;
	struct sock *sk = s->sk;
	if (!sk || !is_stream(sk))
		return 0;
	if (by_port && !has_port(sk))
		return 0;
	if (any_process && by_port)
		bpf_map_update_elem(&processes, &pid, &unknown, BPF_NOEXIST);
	else if (!watched(pid))
		return 0;
	if (!listed && sk->__sk_common.skc_family == AF_UNIX) { /* who else may have it, nobody has seen */
		struct sock_state *st = state_of(sk);
		if (st)
			st->shared = 1;
	}
	struct connection c;
	__builtin_memset(&c, 0, sizeof(c));
	c.h.type = CONNECTION;
	c.h.size = sizeof(c) - sizeof(c.h);
	c.h.pid = pid;
	c.h.cookie = bpf_get_socket_cookie(sk);
	describe(&c, sk);
	bpf_seq_write(ctx->meta->seq, &c, sizeof(c));
	return 0;
}

#endif
