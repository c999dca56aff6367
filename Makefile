# Everything here is also a plain command; see README.md.
.PHONY: build test e2e lint bench fuzz screenshots

build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o sessiontop ./cmd/sessiontop

test:
	go test ./...

e2e: # needs Python and Node.js; fetches the rest
	go test -tags e2e -count 1 -timeout 60m -v ./collector/recorders/e2e

lint:
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

bench:
	go test -run '^$$' -bench . -benchmem ./...

fuzz:
	.ci/fuzz 100000x

screenshots:
	go run ./screenshots
	cd screenshots && for f in *.svg; do rsvg-convert -z 1.5 "$$f" -o "$${f%.svg}.png"; done
	cd screenshots/frames && for f in *.svg; do rsvg-convert "$$f" -o "$${f%.svg}.png"; done
	ffmpeg -y -loglevel error -framerate 1 -i screenshots/frames/%02d.png -vf "split[a][b];[a]palettegen=max_colors=64[p];[b][p]paletteuse=dither=none" screenshots/ladder.gif
	rm -r screenshots/frames
