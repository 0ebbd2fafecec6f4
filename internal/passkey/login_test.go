package passkey

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"usher/paywall"
)

func TestFinishLogin(t *testing.T) {
	v := newVerifier(t, "https://radio.example", "www.radio.example")
	d := newDevice(t)
	made := v.add(t, anna, d)
	made.Name = "My phone"
	known := wallet{v.add(t, ben, newDevice(t)), made}
	for _, origin := range []string{"https://radio.example", "https://www.radio.example"} {
		d.counter++
		d.origin = origin
		options, state := v.beginLogin(t)
		got, err := v.FinishLogin(state, d.get(options), known.find)
		if err != nil {
			t.Fatalf("from %s: %v", origin, err)
		}
		if got.ID != made.ID || got.UserID != anna.ID || got.Name != made.Name || bytes.Equal(got.Credential, known[1].Credential) {
			t.Errorf("passkey %+v after %+v", got, known[1])
		}
		known[1] = got
	}
}

// Passkeys that live on several devices do not count.
func TestFinishLogin_NoCounter(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	d := newDevice(t)
	p := v.add(t, anna, d)
	for range 2 {
		options, state := v.beginLogin(t)
		var err error
		if p, err = v.FinishLogin(state, d.get(options), wallet{p}.find); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFinishLogin_Cloned(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	d := newDevice(t)
	p := v.add(t, anna, d)
	d.counter = 7
	options, state := v.beginLogin(t)
	p, err := v.FinishLogin(state, d.get(options), wallet{p}.find)
	if err != nil {
		t.Fatal(err)
	}
	for _, counter := range []uint32{7, 6, 0} {
		d.counter = counter
		options, state := v.beginLogin(t)
		got, err := v.FinishLogin(state, d.get(options), wallet{p}.find)
		wantRefused(t, err)
		if !errors.Is(err, errCloned) || got.ID != "" {
			t.Errorf("counter %d after 7: %+v, %v", counter, got, err)
		}
	}
}

func TestFinishLogin_Refuses(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*device)
	}{
		{"another origin", func(d *device) { d.origin = "https://evil.example" }},
		{"another port", func(d *device) { d.origin = "https://radio.example:8443" }},
		{"another site", func(d *device) { d.rpID = "evil.example" }},
		{"no verification", func(d *device) { d.flags = present }},
		{"nobody present", func(d *device) { d.flags = verified }},
		{"the wrong ceremony", func(d *device) { d.ceremony = "webauthn.create" }},
		{"another key", func(d *device) { d.key = newDevice(d.t).key }},
		{"an unknown passkey", func(d *device) { d.id = []byte("unknown") }},
		{"a foreign account", func(d *device) { d.handle = []byte(ben.ID) }},
		{"no account", func(d *device) { d.handle = nil }},
	}
	v := newVerifier(t, "https://radio.example")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := newDevice(t)
			known := wallet{v.add(t, anna, d), v.add(t, ben, newDevice(t))}
			test.spoil(d)
			options, state := v.beginLogin(t)
			_, err := v.FinishLogin(state, d.get(options), known.find)
			wantRefused(t, err)
		})
	}
}

// A store that answers with another passkey must not open another account.
func TestFinishLogin_WrongFind(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	d := newDevice(t)
	right := v.add(t, anna, d)
	otherUser, otherID := right, right
	otherUser.UserID, otherID.ID = ben.ID, "other"
	for handle, found := range map[string]paywall.Passkey{ben.ID: right, anna.ID: otherUser, anna.ID + " ": right} {
		d.handle = []byte(handle)
		options, state := v.beginLogin(t)
		_, err := v.FinishLogin(state, d.get(options), func(string, string) (paywall.Passkey, error) { return found, nil })
		wantRefused(t, err)
	}
	d.handle = []byte(anna.ID)
	options, state := v.beginLogin(t)
	_, err := v.FinishLogin(state, d.get(options), func(string, string) (paywall.Passkey, error) { return otherID, nil })
	wantRefused(t, err)
}

// The store is asked nothing that it could choke on.
func TestFinishLogin_StrangeNames(t *testing.T) {
	tests := []struct{ id, handle string }{
		{"id", "\x00"}, {"id", "\xff\xfe"}, {"id", "a b"}, {"id", strings.Repeat("a", 65)}, {strings.Repeat("i", maxID+1), anna.ID},
	}
	v := newVerifier(t, "https://radio.example")
	for _, test := range tests {
		d := newDevice(t)
		d.id, d.handle = []byte(test.id), []byte(test.handle)
		options, state := v.beginLogin(t)
		_, err := v.FinishLogin(state, d.get(options), func(passkeyID, userID string) (paywall.Passkey, error) {
			t.Errorf("find(%q, %q)", passkeyID, userID)
			return paywall.Passkey{}, paywall.ErrNotFound
		})
		wantRefused(t, err)
	}
}

func TestFinishLogin_OtherState(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	d := newDevice(t)
	known := wallet{v.add(t, anna, d)}
	options, state := v.beginLogin(t)
	answer := d.get(options)
	_, other := v.beginLogin(t)
	_, add := v.beginAdd(t, anna)
	for name, wrong := range map[string][]byte{"another": other, "of adding": add, "late": late(t, state)} {
		if _, err := v.FinishLogin(wrong, answer, known.find); paywall.KindOf(err) != paywall.KindInvalid {
			t.Errorf("state %s: %v", name, err)
		}
	}
	for _, broken := range []string{"", "{", "null", "{}"} {
		if _, err := v.FinishLogin([]byte(broken), answer, known.find); err == nil {
			t.Errorf("state %q is accepted", broken)
		}
	}
	if _, err := v.FinishLogin(state, answer, known.find); err != nil {
		t.Errorf("the right state gives %v", err)
	}
}

// Trouble of the store is no wrong answer.
func TestFinishLogin_Trouble(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	d := newDevice(t)
	v.add(t, anna, d)
	options, state := v.beginLogin(t)
	busy := paywall.E(paywall.KindUnavailable, "error.unavailable")
	_, err := v.FinishLogin(state, d.get(options), func(string, string) (paywall.Passkey, error) { return paywall.Passkey{}, busy })
	if !errors.Is(err, busy) || paywall.KindOf(err) != paywall.KindUnavailable {
		t.Errorf("err = %v, want the store's", err)
	}
}

func TestFinishLogin_Size(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	d := newDevice(t)
	known := wallet{v.add(t, anna, d)}
	options, state := v.beginLogin(t)
	answer := d.get(options)
	fits := append(answer, bytes.Repeat([]byte(" "), maxAnswer-len(answer))...)
	if _, err := v.FinishLogin(state, fits, known.find); err != nil {
		t.Errorf("an answer of %d bytes: %v", len(fits), err)
	}
	_, err := v.FinishLogin(state, append(fits, ' '), known.find)
	wantRefused(t, err)
}

// The log says which origin an answer came from: a wrong base URL is the usual
// reason why no passkey works. It never gets a whole answer.
func TestRefuse_SaysWhy(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	d := newDevice(t)
	known := wallet{v.add(t, anna, d)}
	d.origin = "https://www.radio.example/" + strings.Repeat("a", 5000)
	options, state := v.beginLogin(t)
	_, err := v.FinishLogin(state, d.get(options), known.find)
	wantRefused(t, err)
	if text := err.Error(); !strings.Contains(text, "https://www.radio.example") || len(text) > 500 {
		t.Errorf("the log gets %d bytes: %.500s", len(text), text)
	}
}
