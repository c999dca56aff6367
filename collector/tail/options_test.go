package tail_test

import (
	"flag"

	"github.com/sessiontop/sessiontop/collector/tail"
)

var histories = flag.Int("histories", 300, "how many random histories TestHistories runs")

var optionsOnce = tail.Options{SpillSize: 1 << 20}
