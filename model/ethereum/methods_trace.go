package ethereum

// opcodeTrace is the answer to a trace without a tracer; namesTracer widens it
// where the parameters name one.
const (
	opcodeTrace  = kindStructLogs | kindObject
	blockTraces  = kindEmptyArray | kindTxTraces | kindObjects
	parityTraces = kindEmptyArray | kindParityTraces | kindObjects | kindNull
	replay       = kindReplay | kindObject | kindNull
)

var debugMethods = map[string]spec{
	"accountAt":                   {returns: anyObject | kindNull},
	"accountRange":                {returns: anyObject},
	"chainConfig":                 {returns: kindObject},
	"chaindbProperty":             {returns: kindText},
	"dbAncient":                   {returns: anyBytes},
	"dbAncients":                  {returns: kindNumber},
	"dbGet":                       {returns: anyBytes},
	"dumpBlock":                   {returns: anyObject},
	"executionWitness":            {returns: anyObject},
	"getBadBlocks":                {returns: objects | kindNull},
	"getModifiedAccountsByHash":   {returns: addresses | kindNull},
	"getModifiedAccountsByNumber": {returns: addresses | kindNull},
	"getRawBlock":                 {returns: anyBytes | kindNull, names: namesState},
	"getRawBlockAccessList":       {returns: anyBytes | kindNull},
	"getRawHeader":                {returns: anyBytes | kindNull, names: namesState},
	"getRawReceipts":              {returns: hexes | kindNull},
	"getRawTransaction":           {returns: anyBytes | kindNull},
	"gcStats":                     {returns: kindObject},
	"intermediateRoots":           {returns: kindEmptyArray | kindWords},
	"memStats":                    {returns: kindObject},
	"preimage":                    {returns: anyBytes | kindNull},
	"printBlock":                  {returns: kindText},
	"setHead":                     {returns: done},
	"stacks":                      {returns: kindText},
	"standardTraceBadBlockToFile": {returns: texts},
	"standardTraceBlockToFile":    {returns: texts},
	"storageRangeAt":              {returns: anyObject},
	"traceBadBlock":               {returns: blockTraces, names: namesTracer, at: 1},
	"traceBlock":                  {returns: blockTraces | kindNull, names: namesTracer, at: 1},
	"traceBlockByHash":            {returns: blockTraces | kindNull, names: namesTracer, at: 1},
	"traceBlockByNumber":          {returns: blockTraces | kindNull, names: namesTracer, at: 1},
	"traceCall":                   {returns: opcodeTrace, names: namesTracer, at: 2},
	"traceTransaction":            {returns: opcodeTrace | kindNull, names: namesTracer, at: 1},
}

// traceMethods are those of Erigon, Nethermind, Reth, Besu and Parity.
var traceMethods = map[string]spec{
	"block":                   {returns: parityTraces, names: namesBlock},
	"call":                    {returns: replay},
	"callMany":                {returns: kindEmptyArray | kindReplays | kindObjects | kindNull},
	"filter":                  {returns: parityTraces, names: namesRange},
	"get":                     {returns: kindParityTrace | kindObject | kindNull, names: namesTx},
	"rawTransaction":          {returns: replay},
	"replayBlockTransactions": {returns: kindEmptyArray | kindReplays | kindObjects | kindNull},
	"replayTransaction":       {returns: replay, names: namesTx},
	"transaction":             {returns: parityTraces, names: namesTx},
}
