package record

import (
	"runtime"
	"runtime/debug"
	"strings"
)

const goEthereum = "github.com/ethereum/go-ethereum"

// CallingClient names the JSON-RPC library among the callers, with its version
// by the build: go-ethereum/1.17.10; "" if none is known. It walks the stack, so
// ask once a connection.
func CallingClient() string {
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(2, pc)])
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if strings.HasPrefix(f.Function, goEthereum+"/rpc.") {
			return "go-ethereum" + version(goEthereum)
		}
	}
	return ""
}

// version is "/" and the version of a module in this build, "" if it isn't
// known: tests are built without a list of their modules.
func version(module string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return versionIn(info, module)
}

func versionIn(info *debug.BuildInfo, module string) string {
	for _, m := range info.Deps {
		if m.Path != module {
			continue
		}
		if m.Replace != nil {
			m = m.Replace
		}
		if v, ok := strings.CutPrefix(m.Version, "v"); ok {
			return "/" + v
		}
	}
	return ""
}
