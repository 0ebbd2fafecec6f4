package sandbox

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	nonceSize = 16
	// vodMACSize leaves room for the nonce in the 64 hexadecimal digits that the documented
	// shape has for its hmac.
	vodMACSize = sha256.Size - nonceSize
)

// signer makes and checks tokens. A token is bound to one thing and to the key of its Sandbox, and
// holds a nonce, so that two tokens of the same second differ.
type signer struct {
	key []byte
	now func() time.Time
}

func newSigner(now func() time.Time) signer {
	key := make([]byte, sha256.Size)
	rand.Read(key) // never fails (crypto/rand)
	return signer{key: key, now: now}
}

// sign makes the token of a thing, good for window seconds, as the bare query string that the
// token API answers.
func (s signer) sign(t thing, window int64) string {
	nonce := make([]byte, nonceSize)
	rand.Read(nonce)
	if t.kind == kindShare {
		return "token=" + s.vodToken(t, window, nonce)
	}
	return "token=" + s.radioToken(t, window, nonce)
}

// valid says whether raw, the unescaped-by-nobody value of the query parameter, opens the thing now.
func (s signer) valid(t thing, raw string) bool {
	if t.kind == kindShare {
		return s.validVOD(t, raw)
	}
	return s.validRadio(t, raw)
}

// vodToken has the documented shape st=…~exp=…~acl=…~hmac=… (FAQ 1366).
func (s signer) vodToken(t thing, window int64, nonce []byte) string {
	st := s.now().Unix()
	claims := fmt.Sprintf("st=%d~exp=%d~acl=%s", st, st+window, t.acl())
	mac := s.mac(t, []byte(claims), nonce)[:vodMACSize]
	return claims + "~hmac=" + hex.EncodeToString(append(nonce, mac...))
}

func (s signer) validVOD(t thing, raw string) bool {
	claims, tag, ok := strings.Cut(raw, "~hmac=")
	got, err := hex.DecodeString(tag)
	if !ok || err != nil || len(got) != nonceSize+vodMACSize || tag != strings.ToLower(tag) {
		return false
	}
	want := s.mac(t, []byte(claims), got[:nonceSize])[:vodMACSize]
	if !hmac.Equal(got[nonceSize:], want) {
		return false
	}
	st, exp, ok := vodTimes(claims)
	now := s.now().Unix()
	return ok && st <= now && now < exp
}

// vodTimes reads st and exp out of claims whose hmac has been checked.
func vodTimes(claims string) (st, exp int64, ok bool) {
	parts := strings.Split(claims, "~")
	if len(parts) != 3 {
		return 0, 0, false
	}
	st, err := strconv.ParseInt(strings.TrimPrefix(parts[0], "st="), 10, 64)
	if err != nil {
		return 0, 0, false
	}
	exp, err = strconv.ParseInt(strings.TrimPrefix(parts[1], "exp="), 10, 64)
	return st, exp, err == nil
}

// radioToken is opaque on purpose: the inner shape of Infomaniak's radio tokens is documented
// nowhere, so nothing may learn to read it here.
func (s signer) radioToken(t thing, window int64, nonce []byte) string {
	claims := binary.BigEndian.AppendUint64(nil, uint64(s.now().Unix()+window))
	tag := s.mac(t, claims, nonce)
	return base64.RawURLEncoding.EncodeToString(bytes.Join([][]byte{nonce, claims, tag}, nil))
}

func (s signer) validRadio(t thing, raw string) bool {
	// Strict, because otherwise a bent last character could decode to the same bytes.
	all, err := base64.RawURLEncoding.Strict().DecodeString(raw)
	if err != nil || len(all) != nonceSize+8+sha256.Size {
		return false
	}
	nonce, claims, tag := all[:nonceSize], all[nonceSize:nonceSize+8], all[nonceSize+8:]
	if !hmac.Equal(tag, s.mac(t, claims, nonce)) {
		return false
	}
	return s.now().Unix() < int64(binary.BigEndian.Uint64(claims))
}

// mac binds claims and nonce to one thing. The lengths of kind and reference are fixed by the
// separators, which occur in neither.
func (s signer) mac(t thing, claims, nonce []byte) []byte {
	m := hmac.New(sha256.New, s.key)
	fmt.Fprintf(m, "%s\x00%s\x00%s\x00", t.kind, t.ref, nonce)
	m.Write(claims)
	return m.Sum(nil)
}

// rawToken is the value of the query parameter "token" exactly as it was sent. Infomaniak's front
// server compares it without unescaping (as Kaltura's nginx token module, whose format this is, does),
// so a client that escapes it is refused, there and here.
func rawToken(r *http.Request) string {
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		if value, ok := strings.CutPrefix(pair, "token="); ok {
			return value
		}
	}
	return ""
}
