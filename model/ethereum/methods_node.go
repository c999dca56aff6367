package ethereum

import "github.com/sessiontop/sessiontop/model"

// done is what methods that only do something answer.
const done = kindNull | kindBool

var netMethods = map[string]spec{
	"net_listening":      {returns: kindBool},
	"net_localAddress":   {returns: anyString},
	"net_localEnode":     {returns: kindText},
	"net_peerCount":      {returns: quantity | kindNumber},
	"net_version":        {returns: kindDecimal | kindNumber | price, rule: model.RuleConstant},
	"net_services":       {returns: anyObject},
	"rpc_modules":        {returns: kindObject},
	"web3_clientVersion": {returns: kindText},
	"web3_sha3":          {returns: word, names: namesSHA3},
}

// personalMethods were taken out of go-ethereum in 1.15; others have them yet.
var personalMethods = map[string]spec{
	"deriveAccount":    {returns: kindObject},
	"ecRecover":        {returns: address},
	"importRawKey":     {returns: address},
	"initializeWallet": {returns: kindText},
	"listAccounts":     {returns: addresses},
	"listWallets":      {returns: objects},
	"lockAccount":      {returns: kindBool},
	"newAccount":       {returns: address},
	"openWallet":       {returns: kindNull},
	"sendTransaction":  {returns: word},
	"sign":             {returns: kindSignature},
	"signTransaction":  {returns: kindSigned | kindTx | kindObject | kindBytes},
	"signTypedData":    {returns: kindSignature},
	"unlockAccount":    {returns: kindBool},
	"unpair":           {returns: kindNull},
}

var nodeMethods = map[string]spec{
	"admin_addPeer":                  {returns: done | kindText},
	"admin_addTrustedPeer":           {returns: done | kindText},
	"admin_changeLogLevel":           {returns: done | kindText},
	"admin_datadir":                  {returns: kindText},
	"admin_dataDir":                  {returns: kindText},
	"admin_exportChain":              {returns: done | kindText},
	"admin_importChain":              {returns: done | kindText},
	"admin_nodeInfo":                 {returns: kindNodeInfo | kindObject},
	"admin_peers":                    {returns: kindEmptyArray | kindPeers | kindObjects | kindNull},
	"admin_removePeer":               {returns: done | kindText},
	"admin_removeTrustedPeer":        {returns: done | kindText},
	"admin_startHTTP":                {returns: done},
	"admin_startRPC":                 {returns: done},
	"admin_startWS":                  {returns: done},
	"admin_stopHTTP":                 {returns: done},
	"admin_stopRPC":                  {returns: done},
	"admin_stopWS":                   {returns: done},
	"miner_getHashrate":              {returns: bigQuantity | kindNumber},
	"miner_hashrate":                 {returns: bigQuantity | kindNumber},
	"miner_setEtherbase":             {returns: done},
	"miner_setExtra":                 {returns: done},
	"miner_setGasLimit":              {returns: done},
	"miner_setGasPrice":              {returns: done},
	"miner_setMinPriorityFee":        {returns: done},
	"miner_setRecommitInterval":      {returns: done},
	"miner_start":                    {returns: done},
	"miner_stop":                     {returns: done},
	"txpool_content":                 {returns: kindPoolContent | kindObject},
	"txpool_contentFrom":             {returns: kindPoolContent | kindObject},
	"txpool_inspect":                 {returns: kindPoolInspect | kindObject},
	"txpool_status":                  {returns: kindPoolStatus | kindObject},
	"txpool_besuPendingTransactions": {returns: txs},
	"txpool_besuTransactions":        {returns: objects},
	"txpool_besuStatistics":          {returns: kindObject},
}

var engineMethods = map[string]spec{
	"engine_exchangeCapabilities":              {returns: texts},
	"engine_exchangeTransitionConfigurationV1": {returns: kindObject},
	"engine_forkchoiceUpdatedV1":               {returns: kindForkchoice | kindObject, names: namesForkchoice},
	"engine_forkchoiceUpdatedV2":               {returns: kindForkchoice | kindObject, names: namesForkchoice},
	"engine_forkchoiceUpdatedV3":               {returns: kindForkchoice | kindObject, names: namesForkchoice},
	"engine_forkchoiceUpdatedV4":               {returns: kindForkchoice | kindObject, names: namesForkchoice},
	"engine_forkchoiceUpdatedV5":               {returns: kindForkchoice | kindObject, names: namesForkchoice},
	"engine_getBlobsV1":                        {returns: maybeObjects},
	"engine_getBlobsV2":                        {returns: maybeObjects},
	"engine_getBlobsV3":                        {returns: maybeObjects},
	"engine_getBlobsV4":                        {returns: maybeObjects},
	"engine_getClientVersionV1":                {returns: objects},
	"engine_getInclusionListV1":                {returns: hexes},
	"engine_getPayloadBodiesByHashV1":          {returns: maybeObjects},
	"engine_getPayloadBodiesByHashV2":          {returns: maybeObjects},
	"engine_getPayloadBodiesByRangeV1":         {returns: maybeObjects},
	"engine_getPayloadBodiesByRangeV2":         {returns: maybeObjects},
	"engine_getPayloadV1":                      {returns: kindPayload | kindObject},
	"engine_getPayloadV2":                      {returns: kindPayload | kindObject},
	"engine_getPayloadV3":                      {returns: kindPayload | kindObject},
	"engine_getPayloadV4":                      {returns: kindPayload | kindObject},
	"engine_getPayloadV5":                      {returns: kindPayload | kindObject},
	"engine_getPayloadV6":                      {returns: kindPayload | kindObject},
	"engine_newPayloadV1":                      {returns: kindPayloadStatus | kindObject, names: namesPayload},
	"engine_newPayloadV2":                      {returns: kindPayloadStatus | kindObject, names: namesPayload},
	"engine_newPayloadV3":                      {returns: kindPayloadStatus | kindObject, names: namesPayload},
	"engine_newPayloadV4":                      {returns: kindPayloadStatus | kindObject, names: namesPayload},
	"engine_newPayloadV5":                      {returns: kindPayloadStatus | kindObject, names: namesPayload},
	"engine_newPayloadV6":                      {returns: kindPayloadStatus | kindObject, names: namesPayload},
	"testing_buildBlockV1":                     {returns: kindPayload | kindObject},
	"testing_commitBlockV1":                    {returns: word},
}

// maybeObjects is an array of objects some of which, or all, may be null, or
// nothing.
const maybeObjects = objects | kindNulls | kindNull
