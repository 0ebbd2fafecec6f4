package passkey

import (
	"bytes"
	"testing"
)

// FuzzAnswer: whatever a browser sends, nothing panics, and nobody gets in
// without the key: the options of each run have a new challenge, which no input
// can have signed.
func FuzzAnswer(f *testing.F) {
	v := newVerifier(f, "https://radio.example")
	d := newDevice(f)
	known := wallet{v.add(f, anna, d)}
	addOptions, _ := v.beginAdd(f, anna)
	loginOptions, _ := v.beginLogin(f)
	made, used := newDevice(f).create(addOptions), d.get(loginOptions)
	for _, seed := range [][]byte{made, used, made[:len(made)/2], used[:len(used)/2], nil,
		[]byte("null"), []byte("[]"), []byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{}}`),
		bytes.Repeat([]byte("["), 10000), bytes.Replace(used, []byte("userHandle"), []byte("userhandle"), 1),
		bytes.Replace(made, []byte(`"attestationObject":"`), []byte(`"attestationObject":"v7-_`), 1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		_, state := v.beginAdd(t, anna)
		p, err := v.FinishAdd(anna, known, state, answer)
		wantRefused(t, err)
		_, state = v.beginLogin(t)
		q, err := v.FinishLogin(state, answer, known.find)
		wantRefused(t, err)
		if p.ID != "" || q.ID != "" || p.Credential != nil || q.Credential != nil {
			t.Errorf("a refused answer gives %+v and %+v", p, q)
		}
	})
}

// FuzzParts is FuzzAnswer for what lies deeper: all is right but the bytes that
// a device makes. Without the key no signature fits.
func FuzzParts(f *testing.F) {
	v := newVerifier(f, "https://radio.example")
	d := newDevice(f)
	known := wallet{v.add(f, anna, d)}
	addOptions, addState := v.beginAdd(f, anna)
	loginOptions, loginState := v.beginLogin(f)
	addClient := d.clientData("webauthn.create", readOptions(f, addOptions).PublicKey.Challenge)
	loginClient := d.clientData("webauthn.get", readOptions(f, loginOptions).PublicKey.Challenge)
	f.Add(newDevice(f).attestation(), d.data(0, nil), newDevice(f).sign(loginClient, d.data(0, nil)))
	f.Add(newDevice(f).attestation(), d.data(attested, d.credentialData()), d.sign(addClient, d.data(0, nil)))
	f.Add([]byte("\xa0"), []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, attestation, data, signature []byte) {
		d := *d
		d.t = t
		// Attestation none proves nothing, so it is the id that stops a good one:
		// the account has it already.
		_, err := v.FinishAdd(anna, known, addState, d.created(addClient, attestation))
		wantRefused(t, err)
		_, err = v.FinishLogin(loginState, d.got(loginClient, data, signature), known.find)
		wantRefused(t, err)
	})
}
