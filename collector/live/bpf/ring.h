/* Settings, what user space reads, and the maps. */
#ifndef RING_H
#define RING_H

#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define SOCK_STREAM 1
#define IPPROTO_TCP 6
#define MSG_OOB 1
#define MSG_PEEK 2
#define MSG_TRUNC 0x20
#define MSG_ERRQUEUE 0x2000
#define RCV_SHUTDOWN 1
#define TCP_SYN_SENT 2
#define TCP_CLOSE 7
#define TCP_LISTEN 10
#define PF_KERNEL_WORK (0x00200000 | 0x00000010 | 0x00004000) /* KTHREAD, IO_WORKER, USER_WORKER */

enum { SENT = 1, RECEIVED, CONNECTION, CLOSED, PROCESS, FORKED, EXECED, EXITED, ENCRYPTED, JOINED, TAKEN };
enum { HAS_OFFSET = 1, PLAINTEXT = 2, UNJOINED = 4, FIRST = 8, GUESSED = 16, SHARED = 32 };

/* Settings, filled in before the program is loaded. */
volatile const bool any_process = false;  /* not only those in processes */
volatile const bool by_port = false;      /* only connections whose peer's port is in ports */
volatile const bool by_content = false;   /* only connections whose bytes look like RPC */
volatile const bool watch_exec = false;   /* tell of programs that other processes start */
volatile const bool send_offsets = false; /* tcp_sendmsg_locked is there */

/* Tracepoints are preemptible (Linux 7.0): whose bytes pass while a program is at
 * work for another process on this CPU is passed over by it. So what must not be
 * missed has two programs, the second of which takes what the first did not. */
volatile const bool preemptible = false;

/* Bytes are told while this is set: not before all programs are attached, nor
 * while they are detached one by one, else there would be replies whose requests
 * were not seen. */
volatile __u32 recording = 0;

volatile __u32 listed = 0;    /* set once the sockets that were there before are listed */
volatile __u32 go_tls = 0;    /* set once a Go program's TLS is watched */
volatile __u32 skips = 0;     /* counts the changes of skip */
volatile __u32 tls_ready = 0; /* files in which all probes are: those with lesser numbers */

/* What user space reads from the ring: a header, then the bytes or a detail. */
struct header {
	__u8 type, flags;
	__u16 pad;
	__u32 size;    /* of what follows */
	__u64 mono;    /* CLOCK_MONOTONIC */
	__u64 cookie;  /* UNJOINED: the TLS session, whose socket is not known yet */
	__u64 offset;  /* of the first byte in its direction (HAS_OFFSET; FIRST: none before it is told; GUESSED: counted too late); JOINED: the TLS session */
	__u32 pid, tid;
	__u32 missing; /* bytes after these that could not be read; CLOSED: that have come, and may yet be read */
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

struct watched {
	__u8 known;  /* to user space */
	__u8 forked; /* or may have: children may hold what it has opened */
	__u16 pad;
};

/* Processes that are watched. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1 << 16);
	__type(key, __u32);
	__type(value, struct watched);
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
	__u64 sent, received; /* bytes that passed a Unix socket, counted when a call had ended */
	__u64 taken;          /* bytes of what was sent that the other end has read, counted under its lock */
	__u64 opened;
	__u32 opener;
	__u32 lost;
	__u32 user;  /* the process that used it last, if user space knows it */
	__u32 skips; /* as they were when it was last looked for in skip */
	__u8 announced, wanted, tls;
	__u8 shared; /* a Unix socket that others than its opener may hold */
	__u8 send_begun, recv_begun; /* the first bytes that are told have passed */
	__u8 take_begun;             /* at the other end */
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct sock_state);
} socks SEC(".maps");

/* A call of a TLS library. */
struct tls_call {
	__u64 session;      /* SSL *, *tls.Conn */
	__u64 buf, len;     /* of the caller */
	__u64 size_at;      /* where the library says how much it moved */
	__u64 mono;         /* when it began, or its first bytes were sent */
	__u64 cookie;       /* of the socket that it has used, 0: of none so far */
	__u64 sp;           /* where the stack ended when it began */
	__u8 kind, sent;
};

/* What the hooks inside a call leave for the one at its end, or for the next. */
struct in_call {
	__u64 send_sk, send_at, send_offset;
	__u64 recv_sk, recv_end;
	__u64 copy_from, copy_at, copy_of; /* the Unix socket that it reads what was sent by, where that stands, the cookie if it is told */
	__u32 copy_n;                      /* bytes so far, 0: none */
	__u8 copy_first, copy_wanted;
	__u64 ready_sk, ready_at; /* a Unix socket that can be read since, by what this task has written */
	__u8 send_first, recv_first; /* none before these are told */
	struct tls_call tls, outer; /* outer: the one within which tls was called, as by BoringSSL or a callback */
	__u64 received_on; /* the socket of the ciphertext read last, if no session is known to be on it */
	__u64 unjoined;    /* the TLS session called last, if its socket is not known */
	__u8 taken; /* the first of two programs has taken what has just passed */
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct in_call);
} calls SEC(".maps");

/* The plaintext of a connection. */
struct tls_conn {
	__u64 sent, received;
	__u32 lost;
	__u8 wanted;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 16);
	__type(key, __u64);
	__type(value, struct tls_conn);
} tls_conns SEC(".maps");

static __always_inline __u32 lost_plaintext(__u64 cookie)
{
	struct tls_conn *c = bpf_map_lookup_elem(&tls_conns, &cookie);
	return c ? c->lost : 0;
}

static __always_inline struct watched *watched(__u32 pid)
{
	return bpf_map_lookup_elem(&processes, &pid);
}

/* Counts what found no room; of: the connection's own count, 0: none. */
static __always_inline void count_lost(__u32 *of, __u32 records, __u32 bytes)
{
	__u32 zero = 0;
	if (!records)
		return;
	struct losses *l = bpf_map_lookup_elem(&lost, &zero);
	if (l) {
		l->records += records;
		l->bytes += bytes;
	}
	if (of)
		__sync_fetch_and_add(of, records);
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

#endif
