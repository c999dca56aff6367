package synth

import "time"

// Config is what is simulated. The zero values of its parts are the plainest
// case: one process, its own socket, a server that answers at once, exact
// stamps, a log that says nothing but what it must.
type Config struct {
	Seed   uint64
	Start  int64 // wall clock when the simulation begins, Unix nanoseconds
	Block  time.Duration
	Calls  int // how many each process makes; a batch counts as one
	Fleets []Fleet
	Log    Log
	// FaultsOnly leaves the replies that went to their reader's own call out of
	// the Truth, for runs that would not fit into memory.
	FaultsOnly bool
}

// Fleet is processes that run the same program.
type Fleet struct {
	Comm      string
	Host      string
	Chain     uint8         // that its node follows: 0 is the first of several
	Ahead     time.Duration // by which the host's wall clock is ahead of true time
	Parents   int           // how many, at least 1
	Children  int           // that each forks; 0: the parents work themselves
	Warm      int           // calls that a parent makes before it forks
	Sharing   Sharing
	Transport Transport
	InFlight  int  // calls of a process at a time, where the connection is multiplexed; 0: 1
	OwnIDs    bool // a process counts its ids from a number of its own, not on from its parent's
	// Subscribes has a process begin with a subscription to new blocks, where
	// the connection is multiplexed.
	Subscribes bool
	Parent     bool // the parent goes on working after it has forked
	Mix        Mix
	LockStep   bool    // siblings call the same methods in the same order
	Same       float64 // share of the calls in which they pass the same parameters, too
	Think      Delay   // between a reply and the next call
	Net        Delay   // from one end to the other
	Speed      float64 // by which the node is faster than the table of methods; 0: 1
	Spread     float64 // sigma of the logarithm of its service times
	Wake       Wake
	Waking     Delay // until a process that is woken runs
	Stamp      Stamp
	Timeout    time.Duration // after which a client gives up on a call; 0: never
	Keeps      bool          // and goes on using the connection, as with a multiplexed one
	Stall      Tail          // of the node's service times
	Writes     Delay         // between a request's header and its body, over HTTP; 0: one write
	Parts      Tail          // of the replies over HTTP: one arrives in two parts, so much apart
	OverReads  bool          // a reader takes whatever has arrived, and drops what is not its reply
	Checks     bool          // a client looks for stray bytes before it uses a connection, and drops it
	Batch      float64       // share of the calls that are batches
	Faults     Faults
}

// Sharing is what forked children do about their parent's connection.
type Sharing uint8

const (
	PrivateSockets Sharing = iota // each opens its own
	SharedSocket                  // all go on with the parent's
)

// Wake is which of the processes that wait on one socket is woken.
type Wake uint8

const (
	WakeFirst  Wake = iota // who has waited longest
	WakeRandom             // any
	WakeLast               // who came last
)

// Stamp is how a stamp in the log differs from the moment on the wire.
type Stamp struct {
	Sigma time.Duration // of the clock, normally distributed; a process's own stamps never go back
	Send  Delay         // from the stamp of a send to its write
	Recv  Delay         // from the end of a read to its stamp
	Tail  Tail          // the process loses its processor in between
}

// Faults are the shares of replies, or of calls, with which a server or a
// client library does what it must not.
type Faults struct {
	Duplicate   float64 // the server sends a reply twice
	Unsolicited float64 // the server sends a reply that nobody asked for
	WrongID     float64 // the reply's id is another
	WrongType   float64 // the result is another method's, as from a broken cache
	WrongEcho   float64 // the result is of another block or transaction
	Malformed   float64 // both result and error
	BatchItem   float64 // an item of a batch is missing or there twice
	SameID      float64 // a call gets the id of another in flight, or two items of a batch one id
}

// Log is what stands in the session log.
type Log struct {
	OneFile bool // for all processes
	Mono    bool
	Off     bool
	Counts  bool // the kernel's counts of a connection's bytes, taken on the way to the stamp
	Cookie  bool // and the inode
	NoAddrs bool // no local and peer addresses
	Names   bool // the client's name of its session
	Opener  bool
	Forks   bool // fork, open, close and exit lines
	Seq     bool
	// Resolution cuts ts to its multiples; 0: nanoseconds. With Constant all
	// are equal.
	Resolution time.Duration
	Constant   bool
	Late       float64 // share of the lines that are written after later ones
	Lost       float64 // share of the lines that are missing
}

func (c *Config) blockTime() time.Duration {
	if c.Block <= 0 {
		return 2 * time.Second
	}
	return c.Block
}
