package passkey

import (
	"bytes"
	"testing"

	"usher/paywall"
)

func TestFinishAdd(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	d := newDevice(t)
	p := v.add(t, anna, d)
	if p.ID != b64(d.id) || p.UserID != anna.ID || len(p.Credential) == 0 {
		t.Errorf("passkey %+v", p)
	}
}

func TestFinishAdd_Refuses(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*device)
	}{
		{"another origin", func(d *device) { d.origin = "https://evil.example" }},
		{"a name below", func(d *device) { d.origin = "https://www.radio.example" }},
		{"plain http", func(d *device) { d.origin = "http://radio.example" }},
		{"another site", func(d *device) { d.rpID = "evil.example" }},
		{"no verification", func(d *device) { d.flags = present }},
		{"nobody present", func(d *device) { d.flags = verified }},
		{"the wrong ceremony", func(d *device) { d.ceremony = "webauthn.get" }},
	}
	v := newVerifier(t, "https://radio.example")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := newDevice(t)
			test.spoil(d)
			options, state := v.beginAdd(t, anna)
			_, err := v.FinishAdd(anna, nil, state, d.create(options))
			wantRefused(t, err)
		})
	}
}

// An answer belongs to one beginning of one person.
func TestFinishAdd_OtherState(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	options, state := v.beginAdd(t, anna)
	answer := newDevice(t).create(options)
	_, other := v.beginAdd(t, anna)
	_, login := v.beginLogin(t)

	_, err := v.FinishAdd(anna, nil, other, answer)
	wantRefused(t, err)
	_, err = v.FinishAdd(ben, nil, state, answer)
	wantRefused(t, err)
	_, err = v.FinishAdd(anna, nil, login, answer)
	wantRefused(t, err)
	_, err = v.FinishAdd(anna, nil, late(t, state), answer)
	wantRefused(t, err)
	if _, err = v.FinishAdd(anna, nil, []byte("{"), answer); err == nil || paywall.KindOf(err) != paywall.KindInternal {
		t.Errorf("a broken state gives %v", err)
	}
	if _, err = v.FinishAdd(anna, nil, state, answer); err != nil {
		t.Errorf("the right state gives %v", err)
	}
}

func TestFinishAdd_Held(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	d := newDevice(t)
	held := []paywall.Passkey{v.add(t, anna, d)}
	options, state := v.beginAdd(t, anna, held...)
	_, err := v.FinishAdd(anna, held, state, d.create(options))
	wantRefused(t, err)
}

func TestFinishAdd_Size(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	options, state := v.beginAdd(t, anna)
	answer := newDevice(t).create(options)
	fits := append(answer, bytes.Repeat([]byte(" "), maxAnswer-len(answer))...)
	if _, err := v.FinishAdd(anna, nil, state, fits); err != nil {
		t.Errorf("an answer of %d bytes: %v", len(fits), err)
	}
	_, err := v.FinishAdd(anna, nil, state, append(fits, ' '))
	wantRefused(t, err)
}
