package ethereum

// member is a name of an object's member that says what the object is; a set
// of them fits in 64 bits.
type member uint64

const (
	mAccessList member = 1 << iota
	mAccountProof
	mAction
	mAddress
	mBlock
	mBlockHash
	mBlockNumber
	mCalls
	mCaps
	mCumulativeGasUsed
	mCurrent
	mCurrentBlock
	mData
	mEnode
	mExecutionPayload
	mFeeRecipient
	mFrom
	mFullblock
	mGasUsed
	mHash
	mHead
	mHighestBlock
	mInput
	mLatestValidHash
	mLogs
	mLogsBloom
	mMiner
	mNetwork
	mNext
	mNonce
	mNumber
	mOldestBlock
	mOutput
	mParentHash
	mPayloadStatus
	mPending
	mProtocols
	mQueued
	mRaw
	mReceiptsRoot
	mResult
	mStateDiff
	mStatus
	mState
	mStateRoot
	mStructLogs
	mSubtraces
	mTopics
	mTrace
	mTraceAddress
	mTransactionHash
	mTransactionIndex
	mTransactions
	mTx
	mTxHash
	mType
	mValidationError
	mVMTrace
)

// memberOf is 0 for a name that says nothing.
func memberOf(name []byte) member {
	switch string(name) {
	case "accessList":
		return mAccessList
	case "accountProof":
		return mAccountProof
	case "action":
		return mAction
	case "address":
		return mAddress
	case "block":
		return mBlock
	case "blockHash":
		return mBlockHash
	case "blockNumber":
		return mBlockNumber
	case "calls":
		return mCalls
	case "caps":
		return mCaps
	case "cumulativeGasUsed":
		return mCumulativeGasUsed
	case "current":
		return mCurrent
	case "currentBlock":
		return mCurrentBlock
	case "data":
		return mData
	case "enode":
		return mEnode
	case "executionPayload":
		return mExecutionPayload
	case "feeRecipient":
		return mFeeRecipient
	case "from":
		return mFrom
	case "fullblock":
		return mFullblock
	case "gasUsed":
		return mGasUsed
	case "hash":
		return mHash
	case "head":
		return mHead
	case "highestBlock":
		return mHighestBlock
	case "input":
		return mInput
	case "latestValidHash":
		return mLatestValidHash
	case "logs":
		return mLogs
	case "logsBloom":
		return mLogsBloom
	case "miner":
		return mMiner
	}
	return memberOfRest(name)
}

func memberOfRest(name []byte) member {
	switch string(name) {
	case "network":
		return mNetwork
	case "next":
		return mNext
	case "nonce":
		return mNonce
	case "number":
		return mNumber
	case "oldestBlock":
		return mOldestBlock
	case "output":
		return mOutput
	case "parentHash":
		return mParentHash
	case "payloadStatus":
		return mPayloadStatus
	case "pending":
		return mPending
	case "protocols":
		return mProtocols
	case "queued":
		return mQueued
	case "raw":
		return mRaw
	case "receiptsRoot":
		return mReceiptsRoot
	case "result":
		return mResult
	case "stateDiff":
		return mStateDiff
	case "status":
		return mStatus
	case "state":
		return mState
	case "stateRoot":
		return mStateRoot
	case "structLogs":
		return mStructLogs
	case "subtraces":
		return mSubtraces
	case "topics":
		return mTopics
	case "trace":
		return mTrace
	case "traceAddress":
		return mTraceAddress
	case "transactionHash":
		return mTransactionHash
	case "transactionIndex":
		return mTransactionIndex
	case "transactions":
		return mTransactions
	case "tx":
		return mTx
	case "txHash":
		return mTxHash
	case "type":
		return mType
	case "validationError":
		return mValidationError
	case "vmTrace":
		return mVMTrace
	}
	return 0
}
