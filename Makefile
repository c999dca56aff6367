# Everything here is also a plain command; see README.md.
.PHONY: build test lint bench fuzz screenshots

build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o sessiontop ./cmd/sessiontop

test:
	go test ./...

lint:
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

bench:
	go test -run '^$$' -bench . -benchmem ./...

fuzz:
	.ci/fuzz 30s

screenshots:
	go run ./cmd/sessiontop/shots -out screenshots
