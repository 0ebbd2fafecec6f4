package paywall

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"
)

// Lengths of a password in bytes. Twelve for the least follows NIST 800-63B-4's
// advice for sites without a required second factor only half way: eight is the
// floor it allows, fifteen what it prefers. The upper bound keeps the input of
// the hash small; longer ones are refused, never cut.
const (
	MinPassword = 12
	MaxPassword = 256
)

// argonParams are the costs of argon2id. The second recommendation of RFC 9106
// is heavier; OWASP's minimum is 19 MiB, 2 passes, 1 lane, which takes 20-30 ms.
type argonParams struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

var currentParams = argonParams{memory: 19 * 1024, passes: 2, threads: 1}

const (
	saltBytes = 16
	keyBytes  = 32
)

// Hasher makes and checks password hashes, a few at a time. Each hash takes
// 20 MB, so an unbounded number of parallel logins would take gigabytes.
type Hasher struct {
	slots chan struct{}
	wait  time.Duration
	costs costs
}

// NewHasher allows that many hashes at once; a caller waits for a slot for at
// most wait and is then told that the service is busy.
func NewHasher(atOnce int, wait time.Duration) *Hasher {
	return &Hasher{slots: make(chan struct{}, max(1, atOnce)), wait: wait}
}

// Hash makes a hash in PHC notation.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails, see crypto/rand
	p := currentParams
	key, err := h.derive(ctx, password, salt, p)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.passes, p.threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// Verify tells whether the password belongs to the hash. An empty or unreadable
// hash costs as much time as a real one and never matches.
func (h *Hasher) Verify(ctx context.Context, hash, password string) (bool, error) {
	if len(password) > MaxPassword {
		return false, nil
	}
	p, salt, want, err := parsePHC(hash)
	if err != nil {
		p, salt, want = currentParams, make([]byte, saltBytes), nil
	}
	got, err := h.derive(ctx, password, salt, p)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// CheckPassword checks the rules for a new password.
func CheckPassword(password string) error {
	switch {
	case len(password) < MinPassword:
		return invalidField("password", "user.error.password_short")
	case len(password) > MaxPassword:
		return invalidField("password", "user.error.password_long")
	}
	return nil
}

func (h *Hasher) derive(ctx context.Context, password string, salt []byte, p argonParams) ([]byte, error) {
	timer := time.NewTimer(h.wait)
	defer timer.Stop()
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
		start := monotonic()
		key := argon2.IDKey([]byte(password), salt, p.passes, p.memory, p.threads, keyBytes)
		h.costs.add(time.Since(start))
		return key, nil
	case <-timer.C:
		return nil, &Error{Kind: KindUnavailable, Key: "login.error.busy", RetryAfter: 5 * time.Second}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// monotonic reads this machine's stopwatch. It measures; no rule depends on it.
var monotonic = time.Now

// usualCost stands for the time of a hash before the first one was made.
const usualCost = 30 * time.Millisecond

// costs are how long the last hashes took. One alone would not do: what is
// refused makes no hash, so the same time would come again and again, and tell
// that nothing is checked any more.
type costs struct {
	mu   sync.Mutex
	last [32]time.Duration
	made int
}

func (c *costs) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last[c.made%len(c.last)] = d
	c.made++
}

// any is one of them by chance.
func (c *costs) any() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made == 0 {
		return usualCost
	}
	return c.last[mathrand.IntN(min(c.made, len(c.last)))]
}

// Pretend waits as long as one of the last hashes took, without its work: a try
// that is refused before the hash must not be told by its speed.
func (h *Hasher) Pretend(ctx context.Context) error {
	timer := time.NewTimer(h.costs.any())
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// outdated tells whether a hash was made with other costs than today's.
func outdated(hash string) bool {
	p, _, _, err := parsePHC(hash)
	return err == nil && p != currentParams
}

var errPHC = errors.New("not an argon2id hash")

// parsePHC reads $argon2id$v=19$m=…,t=…,p=…$salt$key.
func parsePHC(hash string) (p argonParams, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return p, nil, nil, errPHC
	}
	var version int
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return p, nil, nil, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.threads); err != nil {
		return p, nil, nil, errPHC
	}
	// A row must not be able to order a hash that takes the machine down.
	if p.memory > 1<<18 || p.passes < 1 || p.passes > 16 || p.threads < 1 {
		return p, nil, nil, errPHC
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return p, nil, nil, errPHC
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(key) != keyBytes {
		return p, nil, nil, errPHC
	}
	return p, salt, key, nil
}
