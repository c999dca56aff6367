package node

import (
	"crypto/ecdsa"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// stretching is PBKDF2's iterations for a passphrase, as in a key file that
// uses that function, but few: it takes about a millisecond.
const stretching = 2048

// keystore is the node's accounts: who may use them, and until when.
type keystore struct {
	order  []common.Address
	locked map[common.Address]lockedKey

	mu       sync.Mutex
	unlocked map[common.Address]time.Time // until when
}

type lockedKey struct {
	key    *ecdsa.PrivateKey
	digest []byte // of the passphrase, stretched
}

func newKeystore(accounts []Account) *keystore {
	k := &keystore{locked: map[common.Address]lockedKey{}, unlocked: map[common.Address]time.Time{}}
	for _, a := range accounts {
		k.order = append(k.order, a.Address)
		k.locked[a.Address] = lockedKey{a.Key, stretch(a.Passphrase, a.Address)}
	}
	return k
}

func stretch(passphrase string, salt common.Address) []byte {
	digest, err := pbkdf2.Key(sha256.New, passphrase, salt[:], stretching, sha256.Size)
	if err != nil { // only in FIPS mode, for short salts
		panic(err)
	}
	return digest
}

func (k *keystore) unlock(a common.Address, passphrase string, until time.Time) error {
	locked, ok := k.locked[a]
	digest := stretch(passphrase, a)
	if !ok {
		return errors.New("no key for given address or file")
	}
	if subtle.ConstantTimeCompare(digest, locked.digest) != 1 {
		return errors.New("could not decrypt key with given password")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.unlocked[a] = until
	return nil
}

func (k *keystore) lock(a common.Address) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.unlocked, a)
}

// key is an unlocked account's key.
func (k *keystore) key(a common.Address, now time.Time) (*ecdsa.PrivateKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	locked, ok := k.locked[a]
	if !ok {
		return nil, errors.New("unknown account")
	}
	if k.unlocked[a].Before(now) {
		return nil, errors.New("authentication needed: password or unlock")
	}
	return locked.key, nil
}
