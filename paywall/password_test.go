package paywall_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"usher/paywall"
)

const password = "correct horse battery"

func newHasher() *paywall.Hasher { return paywall.NewHasher(2, time.Minute) }

// passwordHash is a hash of password, made once: each takes 20 ms and more.
var passwordHash = sync.OnceValues(func() (string, error) {
	return newHasher().Hash(context.Background(), password)
})

func TestHasher_Hash(t *testing.T) {
	first, second := get(passwordHash())(t), get(newHasher().Hash(t.Context(), password))(t)
	if first == second {
		t.Error("two hashes share their salt")
	}
	for _, hash := range []string{first, second} {
		if want := "$argon2id$v=19$m=19456,t=2,p=1$"; !strings.HasPrefix(hash, want) {
			t.Errorf("hash %q does not begin with %q", hash, want)
		}
		parts := strings.Split(hash, "$")
		if len(parts) != 6 || len(parts[4]) != 22 || len(parts[5]) != 43 {
			t.Errorf("hash %q has no salt of 16 and key of 32 bytes", hash)
		}
		if strings.Contains(hash, password) {
			t.Errorf("hash %q contains the password", hash)
		}
	}
}

func TestHasher_Verify(t *testing.T) {
	hash := get(passwordHash())(t)
	for name, test := range map[string]struct {
		hash, password string
		want           bool
	}{
		"right":                   {hash, password, true},
		"wrong":                   {hash, "wrong horse battery", false},
		"empty":                   {hash, "", false},
		"other case":              {hash, strings.ToUpper(password), false},
		"space in front":          {hash, " " + password, false},
		"space behind":            {hash, password + " ", false},
		"NUL behind":              {hash, password + "\x00", false},
		"no password login":       {"", password, false},
		"no password, no login":   {"", "", false},
		"the hash itself":         {hash, hash, false},
		"longer than allowed":     {hash, strings.Repeat("x", paywall.MaxPassword+1), false},
		"long, no password login": {"", strings.Repeat("x", paywall.MaxPassword+1), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := get(newHasher().Verify(t.Context(), test.hash, test.password))(t); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// TestHasher_Bytes: a password counts exactly as typed, up to its last byte.
func TestHasher_Bytes(t *testing.T) {
	h := newHasher()
	longest := strings.Repeat("ü", paywall.MaxPassword/2)
	hash := get(h.Hash(t.Context(), longest))(t)
	for text, want := range map[string]bool{
		longest: true, longest[:len(longest)-2] + "ö": false, longest[:len(longest)-1]: false,
	} {
		if got := get(h.Verify(t.Context(), hash, text))(t); got != want {
			t.Errorf("%q verifies %v, want %v", text, got, want)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	for name, test := range map[string]struct{ password, key string }{
		"empty":                     {"", "user.error.password_short"},
		"one too short":             {strings.Repeat("x", paywall.MinPassword-1), "user.error.password_short"},
		"shortest":                  {strings.Repeat("x", paywall.MinPassword), ""},
		"spaces count":              {strings.Repeat(" ", paywall.MinPassword), ""},
		"longest":                   {strings.Repeat("x", paywall.MaxPassword), ""},
		"one too long":              {strings.Repeat("x", paywall.MaxPassword+1), "user.error.password_long"},
		"bytes count, not letters":  {strings.Repeat("ü", paywall.MaxPassword/2+1), "user.error.password_long"},
		"no rules about characters": {"aaaaaaaaaaaa", ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := paywall.CheckPassword(test.password)
			if test.key == "" {
				must(t, err)
				return
			}
			wantInvalid(t, err, map[string]string{"password": test.key})
			hash, err := newHasher().Hash(t.Context(), test.password)
			wantInvalid(t, err, map[string]string{"password": test.key})
			if hash != "" {
				t.Errorf("a refused password has the hash %q", hash)
			}
		})
	}
}

// hostileHashes are what a damaged or planted row could hold. The last part is
// the right key, so that only the reading can refuse them.
func hostileHashes(hash string) map[string]string {
	parts := strings.Split(hash, "$")
	salt, key := parts[4], parts[5]
	with := func(version, costs string) string {
		return fmt.Sprintf("$argon2id$%s$%s$%s$%s", version, costs, salt, key)
	}
	return map[string]string{
		"garbage":          "garbage",
		"dollars":          "$$$$$",
		"bcrypt":           "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
		"argon2i":          strings.Replace(hash, "argon2id", "argon2i", 1),
		"a part too few":   strings.TrimSuffix(hash, "$"+key),
		"a part too many":  hash + "$x",
		"old version":      with("v=16", "m=19456,t=2,p=1"),
		"no version":       with("", "m=19456,t=2,p=1"),
		"no costs":         with("v=19", ""),
		"words for costs":  with("v=19", "m=all,t=2,p=1"),
		"enormous memory":  with("v=19", "m=4294967295,t=2,p=1"),
		"memory overflow":  with("v=19", "m=4294986752,t=2,p=1"),
		"negative memory":  with("v=19", "m=-1,t=2,p=1"),
		"2 GiB":            with("v=19", "m=2097152,t=1,p=1"),
		"no passes":        with("v=19", "m=19456,t=0,p=1"),
		"endless passes":   with("v=19", "m=8,t=4294967295,p=1"),
		"too many passes":  with("v=19", "m=8,t=17,p=1"),
		"no lanes":         with("v=19", "m=19456,t=2,p=0"),
		"lanes overflow":   with("v=19", "m=19456,t=2,p=257"),
		"salt not base 64": fmt.Sprintf("$argon2id$v=19$m=19456,t=2,p=1$%s$%s", "???", key),
		"key not base 64":  fmt.Sprintf("$argon2id$v=19$m=19456,t=2,p=1$%s$%s", salt, "???"),
		"no key":           fmt.Sprintf("$argon2id$v=19$m=19456,t=2,p=1$%s$", salt),
		"short key":        fmt.Sprintf("$argon2id$v=19$m=19456,t=2,p=1$%s$%s", salt, key[:40]),
	}
}

func TestHasher_Hostile(t *testing.T) {
	for name, hash := range hostileHashes(get(passwordHash())(t)) {
		t.Run(name, func(t *testing.T) {
			if get(newHasher().Verify(t.Context(), hash, password))(t) {
				t.Errorf("%q lets in", hash)
			}
		})
	}
}

// TestHasher_OtherCosts: hashes made with other costs still verify, so that the
// costs can be raised one day.
func TestHasher_OtherCosts(t *testing.T) {
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	for text, want := range map[string]bool{"password": true, "Password": false} { // argon2's own test vector
		if got := get(newHasher().Verify(t.Context(), hash, text))(t); got != want {
			t.Errorf("%q verifies %v, want %v", text, got, want)
		}
	}
}

// TestHasher_EqualWork: who has no readable hash costs as much as who has one.
// The memory that is filled tells the costs, without any watch.
func TestHasher_EqualWork(t *testing.T) {
	hash := get(passwordHash())(t)
	for name, hash := range map[string]string{
		"right": hash, "unknown account": "", "garbage": "garbage",
		"hostile": hostileHashes(hash)["enormous memory"], "other": hostileHashes(hash)["argon2i"],
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		get(newHasher().Verify(t.Context(), hash, password))(t)
		runtime.ReadMemStats(&after)
		if used := (after.TotalAlloc - before.TotalAlloc) >> 10; used < 19*1024 || used > 20*1024 {
			t.Errorf("%s: %d KiB, want about 19 MiB", name, used)
		}
	}
}

// TestHasher_Queue: with one slot and many callers, one hashes at a time and
// those who waited too long are told to come back.
func TestHasher_Queue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const callers, wait = 5, 500 * time.Millisecond
		h := paywall.NewHasher(1, wait)
		leave := h.Occupy()
		start := time.Now()
		errs := make(chan error, callers)
		for range callers {
			go func() {
				_, err := h.Verify(t.Context(), "", password)
				errs <- err
			}()
		}
		for range callers {
			wantBusy(t, <-errs, "login.error.busy", 5*time.Second)
		}
		if waited := time.Since(start); waited != wait {
			t.Errorf("they were told after %v, want %v", waited, wait)
		}
		_, err := h.Hash(t.Context(), password)
		wantBusy(t, err, "login.error.busy", 5*time.Second)
		leave()
		if _, err := h.Verify(t.Context(), "", password); err != nil {
			t.Errorf("the free slot is refused: %v", err)
		}
	})
}

// TestHasher_QueueMoves: who waits gets the slot when it becomes free.
func TestHasher_QueueMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := paywall.NewHasher(0, time.Hour) // at least one slot all the same
		leave := h.Occupy()
		hash := get(passwordHash())(t)
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				if ok, err := h.Verify(t.Context(), hash, password); !ok || err != nil {
					t.Errorf("%v, %v", ok, err)
				}
			})
		}
		synctest.Wait()
		leave()
		group.Wait()
	})
}

func TestHasher_Cancel(t *testing.T) {
	h := paywall.NewHasher(1, time.Hour)
	defer h.Occupy()()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ok, err := h.Verify(ctx, get(passwordHash())(t), password)
	if ok || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v, want %v", ok, err, context.Canceled)
	}
	_, err = h.Hash(ctx, password)
	wantErr(t, err, context.Canceled)
}

// TestHasher_PretendVaries: refused tries take as long as real ones do, one like
// this and one like that. The same time again and again would tell them apart.
func TestHasher_PretendVaries(t *testing.T) {
	h := newHasher()
	if got := h.Pretended(); got <= 0 {
		t.Errorf("before the first hash it waits %v", got)
	}
	h.Costs(time.Nanosecond)
	get(h.Verify(t.Context(), "", password))(t)
	seen := map[time.Duration]bool{}
	for range 1000 {
		seen[h.Pretended()] = true
	}
	if len(seen) != 2 {
		t.Errorf("of two lengths that hashes had, %d come", len(seen))
	}
}
