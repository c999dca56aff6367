package strace

// signalNumber is the number of a signal that ends processes, as on all
// architectures of Linux but Alpha, MIPS, PA-RISC and SPARC (signal(7)); 9 where
// it is another.
func signalNumber(name string) int {
	for n, s := range [...]string{
		1: "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
		"SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM",
	} {
		if s == name && n > 0 {
			return n
		}
	}
	return 9
}
