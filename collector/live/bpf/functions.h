/* Functions of the kernel, traced where it has no tracepoint for what they do. */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

SEC("fentry/tcp_sendmsg_locked")
int BPF_PROG(at_send_locked, struct sock *sk, struct msghdr *msg, __u64 size)
{
	return sends_under_lock(sk);
}

SEC("fentry/sock_def_readable")
int BPF_PROG(at_ready, struct sock *reader)
{
	return readable(reader);
}

SEC("fexit/inet_sendmsg")
int BPF_PROG(at_inet_send, struct socket *s, struct msghdr *msg, __u64 size, int ret)
{
	sent(s->sk, ret);
	return 0;
}

SEC("fexit/inet6_sendmsg")
int BPF_PROG(at_inet6_send, struct socket *s, struct msghdr *msg, __u64 size, int ret)
{
	sent(s->sk, ret);
	return 0;
}

SEC("fexit/unix_stream_sendmsg")
int BPF_PROG(at_unix_send, struct socket *s, struct msghdr *msg, __u64 size, int ret)
{
	sent(s->sk, ret);
	return 0;
}

SEC("fexit/inet_recvmsg")
int BPF_PROG(at_inet_recv, struct socket *s, struct msghdr *msg, __u64 size, int flags, int ret)
{
	received(s->sk, ret, flags);
	return 0;
}

SEC("fexit/inet6_recvmsg")
int BPF_PROG(at_inet6_recv, struct socket *s, struct msghdr *msg, __u64 size, int flags, int ret)
{
	received(s->sk, ret, flags);
	return 0;
}

SEC("fexit/unix_stream_recvmsg")
int BPF_PROG(at_unix_recv, struct socket *s, struct msghdr *msg, __u64 size, int flags, int ret)
{
	received(s->sk, ret, flags);
	return 0;
}

#endif
