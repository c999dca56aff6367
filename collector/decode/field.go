package decode

import "math"

// field is a key of the session log.
type field uint8

// The first ones, up to numIdentity, say who wrote the line and on which
// session: they are the same on most lines of a process.
const (
	fHost field = iota
	fPID
	fPPID
	fNSPID
	fStart
	fComm
	fSess
	fCookie
	fIno
	fLocal
	fPeer
	fOpener
	fURL
	fClient
	numIdentity
)

const (
	fV field = iota + numIdentity
	fTS
	fMono
	fTID
	fEv
	fOff
	fUpTo
	fSize
	fMsg
	fRaw
	fPart
	fRest
	fBefore
	fStatus
	fErr
	fID
	fChild
	fCode
	fN
	fSeq
	fOther // any key that means nothing here
	numFields
)

// onSession are the fields that speak of a session.
const onSession = 1<<fSess | 1<<fCookie | 1<<fIno | 1<<fLocal | 1<<fPeer | 1<<fOpener | 1<<fURL | 1<<fClient

// String is the field's key.
func (f field) String() string {
	return [numFields]string{
		fHost: "host", fPID: "pid", fPPID: "ppid", fNSPID: "nspid", fStart: "start", fComm: "comm", fSess: "sess",
		fCookie: "cookie", fIno: "ino", fLocal: "local", fPeer: "peer", fOpener: "opener", fURL: "url",
		fClient: "client", fV: "v", fTS: "ts", fMono: "mono", fTID: "tid", fEv: "ev", fOff: "off",
		fUpTo: "upto", fSize: "size",
		fMsg: "msg", fRaw: "raw", fPart: "part", fRest: "rest", fBefore: "before", fStatus: "status", fErr: "err", fID: "id",
		fChild: "child", fCode: "code", fN: "n", fSeq: "seq",
	}[f]
}

// bounds are the least and the greatest value of a field that is an integer.
func (f field) bounds() (lo int64, hi uint64) {
	switch f {
	case fPID, fChild:
		return 1, math.MaxInt32
	case fPPID, fNSPID, fTID, fOpener:
		return 0, math.MaxInt32
	case fStart, fCookie, fIno, fSeq:
		return 0, math.MaxUint64
	case fV:
		return 1, math.MaxUint64
	case fMono:
		return math.MinInt64, math.MaxInt64
	case fOff, fUpTo, fN:
		return 0, math.MaxInt64
	case fSize:
		return 0, math.MaxUint32
	case fStatus:
		return 0, math.MaxUint16
	case fCode:
		return math.MinInt32, math.MaxUint32
	}
	return 0, 0
}

// fieldOf is the field of a key.
func fieldOf(key word) field {
	switch key {
	case 'h' | 'o'<<8 | 's'<<16 | 't'<<24:
		return fHost
	case 'p' | 'i'<<8 | 'd'<<16:
		return fPID
	case 'p' | 'p'<<8 | 'i'<<16 | 'd'<<24:
		return fPPID
	case 'n' | 's'<<8 | 'p'<<16 | 'i'<<24 | 'd'<<32:
		return fNSPID
	case 's' | 't'<<8 | 'a'<<16 | 'r'<<24 | 't'<<32:
		return fStart
	case 'c' | 'o'<<8 | 'm'<<16 | 'm'<<24:
		return fComm
	case 's' | 'e'<<8 | 's'<<16 | 's'<<24:
		return fSess
	case 'c' | 'o'<<8 | 'o'<<16 | 'k'<<24 | 'i'<<32 | 'e'<<40:
		return fCookie
	case 'i' | 'n'<<8 | 'o'<<16:
		return fIno
	case 'l' | 'o'<<8 | 'c'<<16 | 'a'<<24 | 'l'<<32:
		return fLocal
	case 'p' | 'e'<<8 | 'e'<<16 | 'r'<<24:
		return fPeer
	case 'o' | 'p'<<8 | 'e'<<16 | 'n'<<24 | 'e'<<32 | 'r'<<40:
		return fOpener
	case 'u' | 'r'<<8 | 'l'<<16:
		return fURL
	case 'c' | 'l'<<8 | 'i'<<16 | 'e'<<24 | 'n'<<32 | 't'<<40:
		return fClient
	case 'v':
		return fV
	case 't' | 's'<<8:
		return fTS
	case 'm' | 'o'<<8 | 'n'<<16 | 'o'<<24:
		return fMono
	case 't' | 'i'<<8 | 'd'<<16:
		return fTID
	case 'e' | 'v'<<8:
		return fEv
	case 'o' | 'f'<<8 | 'f'<<16:
		return fOff
	case 'u' | 'p'<<8 | 't'<<16 | 'o'<<24:
		return fUpTo
	case 's' | 'i'<<8 | 'z'<<16 | 'e'<<24:
		return fSize
	case 'm' | 's'<<8 | 'g'<<16:
		return fMsg
	case 'r' | 'a'<<8 | 'w'<<16:
		return fRaw
	case 'p' | 'a'<<8 | 'r'<<16 | 't'<<24:
		return fPart
	case 'r' | 'e'<<8 | 's'<<16 | 't'<<24:
		return fRest
	case 'b' | 'e'<<8 | 'f'<<16 | 'o'<<24 | 'r'<<32 | 'e'<<40:
		return fBefore
	case 's' | 't'<<8 | 'a'<<16 | 't'<<24 | 'u'<<32 | 's'<<40:
		return fStatus
	case 'e' | 'r'<<8 | 'r'<<16:
		return fErr
	case 'i' | 'd'<<8:
		return fID
	case 'c' | 'h'<<8 | 'i'<<16 | 'l'<<24 | 'd'<<32:
		return fChild
	case 'c' | 'o'<<8 | 'd'<<16 | 'e'<<24:
		return fCode
	case 'n':
		return fN
	case 's' | 'e'<<8 | 'q'<<16:
		return fSeq
	}
	return fOther
}
