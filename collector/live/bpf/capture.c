//go:build ignore

/* What processes write to and read from their connections, as they do it.
 *
 *   sock_send_length, sock_recv_length   the bytes, in the caller's context
 *   tcp_sendmsg_locked, tcp_rcv_space_adjust   where in the stream they stand
 *   sk_data_ready                        when a Unix socket was written to
 *   skb_copy_datagram_iovec              where in its stream stands what is read of it
 *   inet_sock_set_state                  who connects, and when a socket ends
 *   sched_process_fork, _exec, _exit     processes
 *   iter/task_file                       who holds which socket now
 *   SSL_read, SSL_write, crypto/tls      what stands in TLS, in the process itself
 *
 * All but the last are tracepoints, and those are uprobes; where the kernel has
 * not all of these tracepoints, functions of it are traced (functions.h). Nothing
 * outlives the program that loaded this. */

#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#include "ring.h"
#include "process.h"
#include "connection.h"
#include "bytes.h"
#include "unix.h"
#include "tls.h"
#include "traffic.h"

char LICENSE[] SEC("license") = "GPL";

/* The first of two programs takes note that it has been at work. */
static __always_inline void take(struct sock *sk, bool taken)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct sock_state *st;
	if (!preemptible || !in_scope(sk, t, &st))
		return;
	struct in_call *in = bpf_task_storage_get(&calls, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (in)
		in->taken = taken;
}

/* Whether it has; asked by the second. */
static __always_inline bool was_taken(void)
{
	struct in_call *in = bpf_task_storage_get(&calls, bpf_get_current_task_btf(), 0, 0);
	bool taken = in && in->taken;
	if (taken)
		in->taken = 0;
	return taken;
}

static __always_inline void sent(struct sock *sk, int ret)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct in_call *in = bpf_task_storage_get(&calls, t, 0, 0);
	if (ret > 0)
		on_bytes(sk, t, in, ret, SENT, 0);
	if (in)
		in->send_sk = in->ready_sk = 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(on_send, struct sock *sk, int ret, int flags)
{
	take(sk, false);
	sent(sk, ret);
	take(sk, true);
	return 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(on_send_again, struct sock *sk, int ret, int flags)
{
	if (!was_taken())
		sent(sk, ret);
	return 0;
}

static __always_inline void received(struct sock *sk, int ret, int flags)
{
	bool counted = sk->__sk_common.skc_family == AF_UNIX;
	if (ret <= 0 && !counted)
		return;
	struct task_struct *t = bpf_get_current_task_btf();
	struct in_call *in = bpf_task_storage_get(&calls, t, 0, 0);
	__u32 n = ret > 0 && !(flags & (MSG_PEEK | MSG_ERRQUEUE | MSG_OOB)) ? ret : 0; /* of the stream */
	if (counted && in)
		settle_copy(sk, t, in, n);
	if (n)
		on_bytes(sk, t, in, n, RECEIVED, flags);
	else if (flags & MSG_PEEK)
		forget_peek(in, sk);
	if (in)
		in->copy_n = 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(on_recv, struct sock *sk, int ret, int flags)
{
	take(sk, false);
	received(sk, ret, flags);
	take(sk, true);
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(on_recv_again, struct sock *sk, int ret, int flags)
{
	if (!was_taken())
		received(sk, ret, flags);
	return 0;
}

/* Both are under the socket's lock, so offsets are exact. That of the stream
 * from its start is the count of bytes that the other side has acknowledged, or
 * that came from it, and what the sequence numbers say of the rest. */
static __always_inline int sends_under_lock(struct sock *sk)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct sock_state *st;
	if (!in_scope(sk, t, &st))
		return 0;
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct in_call *in = bpf_task_storage_get(&calls, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!tp || !in || in->send_sk == (__u64)sk)
		return 0;
	in->send_first = st && is_first(&st->send_begun);
	in->send_sk = (__u64)sk;
	in->send_at = bpf_ktime_get_ns();
	in->send_offset = tp->bytes_acked + (__u32)(tp->write_seq - tp->snd_una);
	return 0;
}

SEC("tp_btf/tcp_sendmsg_locked")
int BPF_PROG(on_send_locked, struct sock *sk, struct msghdr *msg, struct sk_buff *skb, int size_goal)
{
	return sends_under_lock(sk);
}

SEC("tp_btf/tcp_rcv_space_adjust")
int BPF_PROG(on_recv_locked, struct sock *sk)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct sock_state *st;
	if (!in_scope(sk, t, &st))
		return 0;
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct in_call *in = bpf_task_storage_get(&calls, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!tp || !in)
		return 0;
	if (in->recv_sk != (__u64)sk) {
		in->recv_first = st && is_first(&st->recv_begun);
		in->recv_sk = (__u64)sk;
	}
	in->recv_end = tp->bytes_received - (__u32)(tp->rcv_nxt - tp->copied_seq);
	return 0;
}

/* The writer of a Unix socket is here before its reader is woken. When the call
 * ends, the reply may have been read. */
static __always_inline int readable(struct sock *reader)
{
	if (reader->__sk_common.skc_family != AF_UNIX || !recording)
		return 0;
	struct task_struct *t = bpf_get_current_task_btf();
	if (!any_process && !watched(t->tgid))
		return 0;
	struct in_call *in = bpf_task_storage_get(&calls, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!in || in->ready_sk == (__u64)reader)
		return 0;
	in->ready_sk = (__u64)reader;
	in->ready_at = bpf_ktime_get_ns();
	struct sock *sk = peer_of(reader);
	struct sock_state *st;
	if (sk && in_scope(sk, t, &st) && st && !st->shared)
		st->shared = may_share(reader, t->tgid);
	return 0;
}

/* A reader of a Unix socket is here under its lock. */
static __always_inline void on_copied(struct sk_buff *skb, int n)
{
	struct sock *writer = skb->sk;
	if (writer && writer->__sk_common.skc_family == AF_UNIX && recording)
		copied(writer, bpf_get_current_task_btf(), n);
}

SEC("tp_btf/skb_copy_datagram_iovec")
int BPF_PROG(on_copy, struct sk_buff *skb, int n)
{
	on_copied(skb, n);
	struct in_call *in = preemptible ? bpf_task_storage_get(&calls, bpf_get_current_task_btf(), 0, 0) : 0;
	if (in)
		in->taken = 1;
	return 0;
}

SEC("tp_btf/skb_copy_datagram_iovec")
int BPF_PROG(on_copy_again, struct sk_buff *skb, int n)
{
	if (!was_taken())
		on_copied(skb, n);
	return 0;
}

SEC("tp_btf/sk_data_ready")
int BPF_PROG(on_ready, struct sock *reader)
{
	return readable(reader);
}

#include "functions.h"
