//go:build ignore

/* What processes write to and read from their connections, as they do it.
 *
 *   sock_send_length, sock_recv_length   the bytes, in the caller's context
 *   tcp_sendmsg_locked, tcp_rcv_space_adjust   where in the stream they stand
 *   inet_sock_set_state                  who connects, and when a socket ends
 *   sched_process_fork, _exec, _exit     processes
 *   iter/task_file                       who holds which socket now
 *
 * All are tracepoints: no kernel text is changed and nothing outlives the
 * program that loaded this. */

#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define SOCK_STREAM 1
#define IPPROTO_TCP 6
#define MSG_PEEK 2
#define TCP_SYN_SENT 2
#define TCP_CLOSE 7
#define TCP_LISTEN 10
#define PF_KERNEL_WORK (0x00200000 | 0x00000010 | 0x00004000) /* KTHREAD, IO_WORKER, USER_WORKER */

enum { SENT = 1, RECEIVED, CONNECTION, CLOSED, PROCESS, FORKED, EXECED, EXITED };
enum { HAS_OFFSET = 1 };

/* Settings, filled in before the program is loaded. */
volatile const bool any_process = false;  /* not only those in processes */
volatile const bool by_port = false;      /* only connections whose peer's port is in ports */
volatile const bool by_content = false;   /* only connections whose bytes look like RPC */
volatile const bool watch_exec = false;   /* tell of programs that other processes start */
volatile const bool send_offsets = false; /* tcp_sendmsg_locked is there */

/* What user space reads from the ring: a header, then the bytes or a detail. */
struct header {
	__u8 type, flags;
	__u16 pad;
	__u32 size;    /* of what follows */
	__u64 mono;    /* CLOCK_MONOTONIC */
	__u64 cookie;
	__u64 offset;  /* of the first byte in its direction (HAS_OFFSET) */
	__u32 pid, tid;
	__u32 missing; /* bytes after these that could not be read */
	__u32 lost;    /* records of this connection that found no room so far */
};

struct connection {
	struct header h;
	__u64 ino, opened; /* opened: CLOCK_MONOTONIC, 0: not seen */
	__u32 opener;
	__u16 family, local_port, peer_port, path_len, peer_path_len, listens;
	__u8 local[16], peer[16];
	char path[108], peer_path[108];
};

struct process {
	struct header h;
	__u64 start_boottime;
	__u32 parent, code;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 << 20);
} ring SEC(".maps");

/* Processes that are watched; the value says whether user space knows it. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1 << 16);
	__type(key, __u32);
	__type(value, __u32);
} processes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u16);
	__type(value, __u8);
} ports SEC(".maps");

struct comm {
	char name[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, struct comm);
	__type(value, __u8);
} comms SEC(".maps");

/* Connections of no interest, by cookie, and until when (CLOCK_MONOTONIC). */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 16);
	__type(key, __u64);
	__type(value, __u64);
} skip SEC(".maps");

struct losses {
	__u64 records, bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct losses);
} lost SEC(".maps");

struct sock_state {
	__u64 cookie;
	__u64 skip_until;
	__u64 sent, received; /* bytes that passed, where the kernel has no offset */
	__u64 opened;
	__u32 opener;
	__u32 lost;
	__u8 announced, wanted;
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct sock_state);
} socks SEC(".maps");

/* What the hooks inside a write or read leave for the one at its end. */
struct in_call {
	__u64 send_sk, send_at, send_offset;
	__u64 recv_sk, recv_end;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct in_call);
} calls SEC(".maps");

static __always_inline __u32 *watched(__u32 pid)
{
	return bpf_map_lookup_elem(&processes, &pid);
}

static __always_inline void count_lost(struct sock_state *st, __u32 records, __u32 bytes)
{
	__u32 zero = 0;
	if (!records)
		return;
	struct losses *l = bpf_map_lookup_elem(&lost, &zero);
	if (l) {
		l->records += records;
		l->bytes += bytes;
	}
	if (st)
		__sync_fetch_and_add(&st->lost, records);
}

static __always_inline void stamp(struct header *h, __u8 type, __u32 size)
{
	__u64 id = bpf_get_current_pid_tgid();
	__builtin_memset(h, 0, sizeof(*h));
	h->type = type;
	h->size = size;
	h->mono = bpf_ktime_get_ns();
	h->pid = id >> 32;
	h->tid = (__u32)id;
}

/* ---- processes ---- */

static __always_inline int tell_process(__u8 type, struct task_struct *t, __u32 pid, __u32 parent, __u32 code)
{
	struct process *p = bpf_ringbuf_reserve(&ring, sizeof(*p), 0);
	if (!p) {
		count_lost(0, 1, 0);
		return -1;
	}
	stamp(&p->h, type, sizeof(*p) - sizeof(p->h));
	p->h.pid = pid;
	p->start_boottime = t->start_boottime;
	p->parent = parent;
	p->code = code;
	bpf_probe_read_kernel(p->comm, sizeof(p->comm), t->comm);
	bpf_ringbuf_submit(p, 0);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 pid = child->tgid, ppid = parent->tgid, known = 1;
	if (pid == ppid || !watched(ppid))
		return 0;
	bpf_map_update_elem(&processes, &pid, &known, BPF_ANY);
	tell_process(FORKED, child, pid, ppid, 0);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *t, int old, struct linux_binprm *b)
{
	__u32 pid = t->tgid, unknown = 0;
	__u32 *known = watched(pid);
	if (!known) {
		struct comm c = {};
		bpf_probe_read_kernel_str(c.name, sizeof(c.name), t->comm);
		if (bpf_map_lookup_elem(&comms, &c)) {
			bpf_map_update_elem(&processes, &pid, &unknown, BPF_NOEXIST);
			return 0;
		}
		if (!watch_exec)
			return 0;
	}
	tell_process(EXECED, t, pid, t->real_parent->tgid, 0);
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

/* ---- connections ---- */

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

static __always_inline struct sock_state *state_of(struct sock *sk)
{
	struct sock_state *st = bpf_sk_storage_get(&socks, sk, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (st && !st->cookie)
		st->cookie = bpf_get_socket_cookie(sk);
	return st;
}

static __always_inline int tell_connection(struct sock_state *st, struct sock *sk)
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

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state, struct sock *sk, int old, int new)
{
	if (new == TCP_SYN_SENT) {
		__u32 pid = bpf_get_current_pid_tgid() >> 32, unknown = 0;
		if (!any_process && !watched(pid))
			return 0;
		if (any_process && by_port && has_port(sk))
			bpf_map_update_elem(&processes, &pid, &unknown, BPF_NOEXIST);
		struct sock_state *st = state_of(sk);
		if (st) {
			st->opener = pid;
			st->opened = bpf_ktime_get_ns();
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
		count_lost(st, 1, 0);
		return 0;
	}
	stamp(h, CLOSED, 0);
	h->cookie = st->cookie;
	h->lost = st->lost;
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
	__u32 pid = t->tgid, unknown = 0;
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

/* ---- bytes ---- */

/* Where in the caller's memory the bytes are: one buffer, or an iovec. */
struct bytes {
	struct header h;
	__u64 buf, iov;
	__u32 buf_left, iov_left; /* bytes of buf; further elements of iov */
	__u32 left;
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

#if defined(__TARGET_ARCH_x86)
#define SYSCALL(r) ((r)->orig_ax)
#define ARG0(r) ((r)->di)
#define ARG1(r) ((r)->si)
#define ARG2(r) ((r)->dx)
enum { SYS_READ = 0, SYS_WRITE = 1, SYS_READV = 19, SYS_WRITEV = 20, SYS_SENDTO = 44, SYS_RECVFROM = 45, SYS_SENDMSG = 46, SYS_RECVMSG = 47 };
#else
#define SYSCALL(r) ((r)->syscallno)
#define ARG0(r) ((r)->regs[0])
#define ARG1(r) ((r)->regs[1])
#define ARG2(r) ((r)->regs[2])
enum { SYS_READ = 63, SYS_WRITE = 64, SYS_READV = 65, SYS_WRITEV = 66, SYS_SENDTO = 206, SYS_RECVFROM = 207, SYS_SENDMSG = 211, SYS_RECVMSG = 212 };
#endif

/* The system call's descriptor must be the socket: else the buffer is not its
 * own (sendfile, splice, io_uring). */
static __always_inline bool is_fd_of(struct task_struct *t, __u32 fd, struct sock *sk)
{
	struct fdtable *table = t->files->fdt;
	struct file *f = 0;
	if (fd >= table->max_fds)
		return false;
	if (bpf_probe_read_kernel(&f, sizeof(f), table->fd + fd) || !f)
		return false;
	void *s = BPF_CORE_READ(f, private_data);
	return s && s == (void *)sk->sk_socket;
}

/* Finds the buffers of the system call that this task is in. */
static __always_inline bool find_buffers(struct bytes *b, struct task_struct *t, struct sock *sk)
{
	if (t->flags & PF_KERNEL_WORK)
		return false;
	struct pt_regs *r = (struct pt_regs *)bpf_task_pt_regs(t);
	if (!is_fd_of(t, (__u32)ARG0(r), sk))
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
	__u64 *until = bpf_map_lookup_elem(&skip, &st->cookie);
	if (!until || *until <= now)
		return false;
	st->skip_until = *until;
	return true;
}

/* Puts the bytes' place in the stream and their time into b. */
static __always_inline void place(struct bytes *b, struct sock_state *st, struct sock *sk, struct task_struct *t, __u32 n)
{
	struct in_call *in;
	if (sk->__sk_common.skc_family == AF_UNIX) {
		b->h.offset = __sync_fetch_and_add(b->h.type == SENT ? &st->sent : &st->received, (__u64)n);
		b->h.flags |= HAS_OFFSET;
		return;
	}
	in = bpf_task_storage_get(&calls, t, 0, 0);
	if (!in)
		return;
	if (b->h.type == SENT && in->send_sk == (__u64)sk) {
		b->h.offset = in->send_offset;
		b->h.mono = in->send_at;
		b->h.flags |= HAS_OFFSET;
	} else if (b->h.type == RECEIVED && in->recv_sk == (__u64)sk) {
		b->h.offset = in->recv_end - n;
		b->h.flags |= HAS_OFFSET;
		in->recv_sk = 0;
	}
}

static __always_inline void forget_send(struct task_struct *t)
{
	struct in_call *in = bpf_task_storage_get(&calls, t, 0, 0);
	if (in)
		in->send_sk = 0;
}

static __always_inline int on_bytes(struct sock *sk, int n, __u8 type)
{
	struct task_struct *t = bpf_get_current_task_btf();
	__u32 pid = bpf_get_current_pid_tgid() >> 32, unknown = 0;
	__u32 *known = watched(pid);
	if (!known && !any_process)
		return 0;
	if (!is_stream(sk) || (by_port && !has_port(sk)))
		return 0;
	struct sock_state *st = state_of(sk);
	if (!st)
		return 0;
	struct bytes b = {};
	stamp(&b.h, type, 0);
	b.left = n;
	b.h.offset = st->sent; /* any number: a constant would have the verifier count the loop */
	place(&b, st, sk, t, n);
	if (skipped(st, b.h.mono))
		return 0;
	bool readable = find_buffers(&b, t, sk);
	if (by_content && !st->wanted) {
		if (type != SENT || !readable || !looks_like_rpc(&b))
			return 0;
		st->wanted = 1;
	}
	if (!known) {
		bpf_map_update_elem(&processes, &pid, &unknown, BPF_NOEXIST);
		known = watched(pid);
		if (!known)
			return 0;
	}
	if (!*known && !tell_process(PROCESS, t, pid, t->real_parent->tgid, 0))
		*known = 1;
	if (!st->announced && tell_connection(st, sk)) {
		count_lost(st, 1, n);
		return 0;
	}
	__u32 lost_before = st->lost;
	b.h.cookie = st->cookie;
	b.h.lost = lost_before;
	if (readable)
		bpf_loop(2048, tell_piece, &b, 0);
	if (b.left && tell_missing(&b))
		b.h.lost++;
	count_lost(st, b.h.lost - lost_before, n);
	return 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(on_send, struct sock *sk, int ret, int flags)
{
	if (ret > 0)
		on_bytes(sk, ret, SENT);
	if (send_offsets)
		forget_send(bpf_get_current_task_btf());
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(on_recv, struct sock *sk, int ret, int flags)
{
	if (ret > 0 && !(flags & MSG_PEEK))
		on_bytes(sk, ret, RECEIVED);
	return 0;
}

static __always_inline bool in_scope(struct sock *sk)
{
	if (by_port && !has_port(sk))
		return false;
	return any_process || watched(bpf_get_current_pid_tgid() >> 32);
}

/* Both are under the socket's lock, so offsets are exact. That of the stream
 * from its start is the count of bytes that the other side has acknowledged, or
 * that came from it, and what the sequence numbers say of the rest. */
SEC("tp_btf/tcp_sendmsg_locked")
int BPF_PROG(on_send_locked, struct sock *sk, struct msghdr *msg, struct sk_buff *skb, int size_goal)
{
	if (!in_scope(sk))
		return 0;
	struct in_call *in = bpf_task_storage_get(&calls, bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!in || in->send_sk == (__u64)sk)
		return 0;
	struct tcp_sock *tp = (struct tcp_sock *)sk;
	in->send_sk = (__u64)sk;
	in->send_at = bpf_ktime_get_ns();
	in->send_offset = BPF_CORE_READ(tp, bytes_acked) + (__u32)(BPF_CORE_READ(tp, write_seq) - BPF_CORE_READ(tp, snd_una));
	return 0;
}

SEC("tp_btf/tcp_rcv_space_adjust")
int BPF_PROG(on_recv_locked, struct sock *sk)
{
	if (!in_scope(sk))
		return 0;
	struct in_call *in = bpf_task_storage_get(&calls, bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!in)
		return 0;
	struct tcp_sock *tp = (struct tcp_sock *)sk;
	in->recv_sk = (__u64)sk;
	in->recv_end = BPF_CORE_READ(tp, bytes_received) - (__u32)(BPF_CORE_READ(tp, rcv_nxt) - BPF_CORE_READ(tp, copied_seq));
	return 0;
}
