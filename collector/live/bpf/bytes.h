/* Bytes: finding them in the caller's memory, and copying them to the ring. */
#ifndef BYTES_H
#define BYTES_H

/* Where in the caller's memory the bytes are: one buffer, or an iovec. */
struct bytes {
	struct header h;
	__u64 buf, iov;
	__u32 buf_left, iov_left; /* bytes of buf; further elements of iov */
	__u32 left;
	bool discarded; /* they were read, and copied to nobody (MSG_TRUNC) */
};

static __always_inline int next_buffer(struct bytes *b)
{
	struct iovec v;
	if (b->buf_left)
		return 0;
	if (!b->iov_left || bpf_probe_read_user(&v, sizeof(v), (void *)b->iov))
		return -1;
	b->iov += sizeof(v);
	b->iov_left--;
	b->buf = v.iov_base;
	b->buf_left = v.iov_len > b->left ? b->left : v.iov_len;
	return 0;
}

#define MAX_PIECE (64 << 10)

/* A record of one of these sizes is reserved, since the size must be known to
 * the verifier; what is too long for one becomes several. */
#define PIECE(SIZE)                                                                   \
	if (n <= (SIZE)) {                                                            \
		__u8 *p = bpf_ringbuf_reserve(&ring, sizeof(struct header) + (SIZE), 0); \
		if (!p)                                                               \
			return -1;                                                    \
		__u64 k = n;                                                          \
		asm volatile("" : "+r"(k));                                           \
		if (k > (SIZE))                                                       \
			k = (SIZE);                                                   \
		asm volatile("" : "+r"(k));                                           \
		if (bpf_probe_read_user(p + sizeof(struct header), k, (void *)buf)) { \
			h->missing = n;                                               \
			h->size = 0;                                                  \
		}                                                                     \
		*(struct header *)p = *h;                                             \
		bpf_ringbuf_submit(p, 0);                                             \
		return 0;                                                             \
	}

__noinline int tell_bytes(struct header *h, __u64 buf, __u32 n)
{
	if (!h)
		return -1;
	h->size = n;
	h->missing = 0;
	PIECE(128)
	PIECE(256)
	PIECE(512)
	PIECE(1 << 10)
	PIECE(2 << 10)
	PIECE(4 << 10)
	PIECE(8 << 10)
	PIECE(16 << 10)
	PIECE(32 << 10)
	PIECE(MAX_PIECE)
	return -1;
}

static long tell_piece(__u32 i, struct bytes *b)
{
	if (!b->left || next_buffer(b))
		return 1;
	__u32 n = b->buf_left > MAX_PIECE ? MAX_PIECE : b->buf_left;
	if (n > b->left)
		n = b->left;
	if (!n)
		return 0;
	struct header h = b->h;
	if (tell_bytes(&h, b->buf, n))
		b->h.lost++;
	b->h.offset += n;
	b->buf += n;
	b->buf_left -= n;
	b->left -= n;
	return 0;
}

/* Says that bytes passed that cannot be read. */
static __always_inline int tell_missing(struct bytes *b)
{
	struct header *h = bpf_ringbuf_reserve(&ring, sizeof(*h), 0);
	if (!h)
		return -1;
	*h = b->h;
	h->missing = b->left;
	bpf_ringbuf_submit(h, 0);
	return 0;
}

/* Tells n bytes; b->h.lost grows by the records that found no room. */
static __always_inline void tell(struct bytes *b, bool readable, __u32 n)
{
	if (readable && b->buf_left == n && n <= MAX_PIECE) { /* the usual write or read */
		b->h.lost += !!tell_bytes(&b->h, b->buf, n);
		b->left = 0;
	} else if (readable) {
		bpf_loop(2048, tell_piece, b, 0);
	}
	if (b->left && tell_missing(b))
		b->h.lost++;
}

#if defined(__TARGET_ARCH_x86)
#define SYSCALL(r) ((r)->orig_ax)
#define ARG0(r) ((r)->di)
#define ARG1(r) ((r)->si)
#define ARG2(r) ((r)->dx)
#define ARG3(r) ((r)->cx)
#define RESULT(r) ((r)->ax)
#define SYSCALL_ARG3(r) ((r)->r10)
#define GO_ARG0(r) ((r)->ax) /* Go's own convention: https://go.dev/s/regabi */
#define GO_ARG1(r) ((r)->bx)
#define GO_ARG2(r) ((r)->cx)
#define GOROUTINE(r) ((r)->r14)
enum { SYS_READ = 0, SYS_WRITE = 1, SYS_READV = 19, SYS_WRITEV = 20, SYS_SENDTO = 44, SYS_RECVFROM = 45, SYS_SENDMSG = 46, SYS_RECVMSG = 47, SYS_RECVMMSG = 299 };
#else
#define SYSCALL(r) ((r)->syscallno)
#define ARG0(r) ((r)->regs[0])
#define ARG1(r) ((r)->regs[1])
#define ARG2(r) ((r)->regs[2])
#define ARG3(r) ((r)->regs[3])
#define RESULT(r) ((r)->regs[0])
#define SYSCALL_ARG3 ARG3
#define GO_ARG0 ARG0
#define GO_ARG1 ARG1
#define GO_ARG2 ARG2
#define GOROUTINE(r) ((r)->regs[28])
enum { SYS_READ = 63, SYS_WRITE = 64, SYS_READV = 65, SYS_WRITEV = 66, SYS_SENDTO = 206, SYS_RECVFROM = 207, SYS_SENDMSG = 211, SYS_RECVMSG = 212, SYS_RECVMMSG = 243 };
#endif

/* The system call's descriptor must be the socket: else the buffer is not its
 * own (sendfile, splice, io_uring). */
static __always_inline bool is_fd_of(struct task_struct *t, __u32 fd, struct sock *sk)
{
	struct fdtable *table = t->files->fdt;
	struct socket *s = sk->sk_socket;
	struct file *f = 0;
	if (!s || fd >= table->max_fds)
		return false;
	if (bpf_probe_read_kernel(&f, sizeof(f), table->fd + fd))
		return false;
	return f && f == s->file;
}

/* Whether a system call moves bytes that way. While a task returns from another
 * one, io_uring may move some of the same socket. */
static __always_inline bool moves(__u64 call, __u8 type)
{
	switch (call) {
	case SYS_WRITE:
	case SYS_WRITEV:
	case SYS_SENDTO:
	case SYS_SENDMSG:
		return type == SENT;
	}
	return type == RECEIVED;
}

/* Finds the buffers of the system call that this task is in. */
static __always_inline bool find_buffers(struct bytes *b, struct task_struct *t, struct sock *sk)
{
	if (t->flags & PF_KERNEL_WORK || b->discarded)
		return false;
	struct pt_regs *r = (struct pt_regs *)bpf_task_pt_regs(t);
	if (!moves(SYSCALL(r), b->h.type) || !is_fd_of(t, (__u32)ARG0(r), sk))
		return false;
	__u64 at = ARG1(r);
	switch (SYSCALL(r)) {
	case SYS_READ:
	case SYS_WRITE:
	case SYS_SENDTO:
	case SYS_RECVFROM:
		b->buf = at;
		b->buf_left = b->left;
		return true;
	case SYS_READV:
	case SYS_WRITEV:
		b->iov = at;
		b->iov_left = ARG2(r);
		return true;
	case SYS_SENDMSG:
	case SYS_RECVMSG: {
		struct user_msghdr m;
		if (bpf_probe_read_user(&m, sizeof(m), (void *)at))
			return false;
		b->iov = m.msg_iov;
		b->iov_left = m.msg_iovlen;
		return true;
	}
	}
	return false;
}

/* Whether bytes may be the start of JSON-RPC from a client: HTTP/1 or 2, a
 * WebSocket frame, a JSON value, a Content-Length header. */
static __always_inline bool looks_like_rpc(struct bytes *b)
{
	char c[4] = {};
	if (next_buffer(b) || bpf_probe_read_user(c, sizeof(c), (void *)b->buf))
		return false;
	__u8 first = c[0], second = c[1];
	return first == '{' || first == '[' ||
	       (first == 'P' && (second == 'O' || second == 'R')) ||
	       (first == 'G' && second == 'E' && c[2] == 'T') ||
	       (first == 'C' && second == 'o' && c[2] == 'n' && c[3] == 't') ||
	       ((first & 0x8f) == 0x81 && second & 0x80) || ((first & 0x8f) == 0x82 && second & 0x80);
}

static __always_inline bool skipped(struct sock_state *st, __u64 now)
{
	if (st->skip_until > now)
		return true;
	if (st->skips == skips)
		return false;
	st->skips = skips;
	__u64 *until = bpf_map_lookup_elem(&skip, &st->cookie);
	if (!until || *until <= now)
		return false;
	st->skip_until = *until;
	return true;
}

/* Whether bytes are the first of their direction that are told. Of TCP it is
 * asked under the socket's lock. */
static __always_inline __u8 is_first(__u8 *begun)
{
	if (*begun)
		return 0;
	*begun = 1;
	return 1;
}

/* Puts the time of the bytes and their place in the stream into b; what is written
 * to a Unix socket has none. */
static __always_inline void place(struct bytes *b, struct sock *sk, struct in_call *in, __u32 n)
{
	if (!in)
		return;
	if (sk->__sk_common.skc_family == AF_UNIX) {
		__u64 peer = (__u64)BPF_CORE_READ((struct unix_sock *)sk, peer);
		if (b->h.type == SENT && in->ready_sk && in->ready_sk == peer)
			b->h.mono = in->ready_at;
		if (b->h.type == RECEIVED && in->copy_n && in->copy_from == peer) {
			b->h.offset = in->copy_at;
			b->h.flags |= HAS_OFFSET;
			if (in->copy_first)
				b->h.flags |= FIRST;
		}
	} else if (b->h.type == SENT && in->send_sk == (__u64)sk) {
		b->h.offset = in->send_offset;
		b->h.mono = in->send_at;
		b->h.flags |= HAS_OFFSET;
		if (in->send_first)
			b->h.flags |= FIRST;
	} else if (b->h.type == RECEIVED && in->recv_sk == (__u64)sk) {
		b->h.offset = in->recv_end - n;
		b->h.flags |= HAS_OFFSET;
		if (in->recv_first)
			b->h.flags |= FIRST;
		in->recv_sk = 0;
	}
}

/* Bytes that were looked at are not the first that were read. */
static __always_inline void forget_peek(struct in_call *in, struct sock *sk)
{
	if (!in || in->recv_sk != (__u64)sk)
		return;
	struct sock_state *st = bpf_sk_storage_get(&socks, sk, 0, 0);
	if (st && in->recv_first)
		st->recv_begun = 0;
	in->recv_sk = 0;
}

#endif
