package ethereum

import "github.com/sessiontop/sessiontop/model"

// shape is what an object is, judged by the names of its members.
type shape uint8

const (
	shapeOther shape = iota
	shapeEmpty
	shapeAddressMap
	shapeBlock
	shapeHeader
	shapeTx
	shapeReceipt
	shapeLog
	shapeProof
	shapeFeeHistory
	shapeSyncing
	shapePool
	shapeSimulated
	shapeTxTrace
	shapeCallTrace
	shapeStructLogs
	shapeParityTrace
	shapeReplay
	shapeAccessList
	shapeSigned
	shapePeer
	shapePayloadStatus
	shapeForkchoice
	shapePayload
	shapeConfig
	shapeWrapped // a block inside another object (ots_getBlockDetails)
)

// rules in the order in which they are tried: all of all, one of any (where
// not 0) and none of no. What only some nodes write is in none of them.
var rules = [...]struct {
	all, any, no member
	is           shape
}{
	{mTopics | mData, 0, mCumulativeGasUsed, shapeLog},
	{mTransactionHash, mCumulativeGasUsed | mLogsBloom | mLogs, mAction, shapeReceipt},
	{mAction, mTraceAddress | mSubtraces, 0, shapeParityTrace},
	{mCalls, mNumber | mHash | mParentHash, mFrom, shapeSimulated},
	{mParentHash | mBlockHash, mFeeRecipient, 0, shapePayload},
	{mParentHash | mTransactions, mStateRoot | mReceiptsRoot | mMiner | mLogsBloom, 0, shapeBlock},
	{mParentHash, mStateRoot | mReceiptsRoot | mMiner | mLogsBloom, 0, shapeHeader},
	{mHash, mInput | mNonce, mParentHash, shapeTx},
	{mOutput, mTrace | mStateDiff | mVMTrace, mCalls, shapeReplay},
	{mFrom, mCalls | mGasUsed, mHash | mTransactionHash, shapeCallTrace},
	{mStructLogs, 0, 0, shapeStructLogs},
	{mAccountProof | mAddress, 0, 0, shapeProof},
	{mOldestBlock, 0, mHead, shapeFeeHistory},
	{mCurrentBlock | mHighestBlock, 0, 0, shapeSyncing},
	{mPending | mQueued, 0, mHash, shapePool},
	{mAccessList | mGasUsed, 0, mHash | mFrom, shapeAccessList},
	{mRaw | mTx, 0, mHash, shapeSigned},
	{mPayloadStatus, 0, 0, shapeForkchoice},
	{mStatus, mLatestValidHash | mValidationError, 0, shapePayloadStatus},
	{mExecutionPayload, 0, 0, shapePayload},
	{mEnode, mProtocols | mNetwork | mCaps, 0, shapePeer},
	{mCaps | mNetwork, 0, 0, shapePeer},
	{mCurrent | mNext, 0, 0, shapeConfig},
	{mHead | mState, 0, 0, shapeConfig},
	{mTxHash, mResult, 0, shapeTxTrace},
	{mBlock, 0, 0, shapeWrapped},
	{mFullblock, 0, 0, shapeWrapped},
}

func shapeOf(seen member) shape {
	for i := range rules {
		r := &rules[i]
		if seen&r.all == r.all && (r.any == 0 || seen&r.any != 0) && seen&r.no == 0 {
			return r.is
		}
	}
	return shapeOther
}

// alone and listed are the kinds of a shape as a result and as the elements of
// one. A block's and a pool's depend on more than their members' names.
var alone = [...]model.Kinds{
	shapeOther: kindObject, shapeEmpty: kindEmptyObject, shapeAddressMap: kindAddressMap,
	shapeBlock: kindBlockHashes | kindBlockBodies | kindBlockBare, shapeHeader: kindHeader,
	shapeTx: kindTx, shapeReceipt: kindReceipt, shapeLog: kindLog, shapeProof: kindProof,
	shapeFeeHistory: kindFeeHistory, shapeSyncing: kindSyncing,
	shapePool:      kindPoolContent | kindPoolInspect | kindPoolStatus,
	shapeSimulated: kindObject, shapeTxTrace: kindObject, shapeCallTrace: kindCallTrace,
	shapeStructLogs: kindStructLogs, shapeParityTrace: kindParityTrace, shapeReplay: kindReplay,
	shapeAccessList: kindAccessList, shapeSigned: kindSigned, shapePeer: kindNodeInfo,
	shapePayloadStatus: kindPayloadStatus, shapeForkchoice: kindForkchoice, shapePayload: kindPayload,
	shapeConfig: kindConfig, shapeWrapped: kindObject,
}

func listed(s shape) model.Kinds {
	switch s {
	case shapeLog:
		return kindLogs
	case shapeReceipt:
		return kindReceipts
	case shapeTx:
		return kindTxs
	case shapeSimulated:
		return kindSimulated
	case shapeParityTrace:
		return kindParityTraces
	case shapeReplay:
		return kindReplays
	case shapeTxTrace:
		return kindTxTraces
	case shapePeer:
		return kindPeers
	}
	return kindObjects
}
