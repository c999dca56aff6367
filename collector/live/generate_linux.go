package live

// The object files are committed, so that building needs no compiler for C.
// To make them again: clang 14 or newer and the headers of libbpf 1.1 or newer.

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go -go-package live -target amd64,arm64 -cflags "-O2 -g -Wall -Werror" -tags linux capture bpf/capture.c
//go:generate llvm-objcopy --remove-section=.rel.BTF.ext capture_x86_bpfel.o
//go:generate llvm-objcopy --remove-section=.rel.BTF.ext capture_arm64_bpfel.o
