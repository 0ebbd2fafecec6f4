package passkey

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"slices"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
)

// The flags of authenticator data.
const (
	present  = 1 << 0
	verified = 1 << 2
	attested = 1 << 6
)

// device is a browser with an authenticator in software: it answers options as
// the two would, or wrongly where a test changes a field.
type device struct {
	t       testing.TB
	key     *ecdsa.PrivateKey
	id      []byte // of its one credential
	handle  []byte // of the account, learnt from the options
	counter uint32

	origin   string
	rpID     string
	flags    byte
	ceremony string // empty: the right one
}

func newDevice(t testing.TB) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	_, _ = rand.Read(id)
	return &device{t: t, key: key, id: id, origin: "https://radio.example", rpID: "radio.example", flags: present | verified}
}

// asked is what the options say to a device.
type asked struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID, Name, DisplayName string
		} `json:"user"`
		RP struct {
			ID, Name string
		} `json:"rp"`
		RPID               string `json:"rpId"`
		Timeout            int    `json:"timeout"`
		Attestation        string `json:"attestation"`
		UserVerification   string `json:"userVerification"`
		ExcludeCredentials []struct {
			ID, Type   string
			Transports []string
		} `json:"excludeCredentials"`
		AllowCredentials       []any `json:"allowCredentials"`
		AuthenticatorSelection struct {
			ResidentKey, UserVerification string
			RequireResidentKey            bool
		} `json:"authenticatorSelection"`
	} `json:"publicKey"`
}

func readOptions(t testing.TB, options []byte) asked {
	t.Helper()
	var a asked
	if err := json.Unmarshal(options, &a); err != nil {
		t.Fatalf("options: %v", err)
	}
	return a
}

// create answers the options of BeginAdd.
func (d *device) create(options []byte) []byte {
	d.t.Helper()
	a := readOptions(d.t, options)
	handle, err := base64.RawURLEncoding.DecodeString(a.PublicKey.User.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	d.handle = handle
	return d.created(d.clientData("webauthn.create", a.PublicKey.Challenge), d.attestation())
}

func (d *device) attestation() []byte {
	return d.cbor(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": d.data(attested, d.credentialData())})
}

func (d *device) created(client, attestation []byte) []byte {
	return d.answer(map[string]any{
		"clientDataJSON": b64(client), "attestationObject": b64(attestation), "transports": []string{"internal", "hybrid"},
	})
}

// get answers the options of BeginLogin.
func (d *device) get(options []byte) []byte {
	d.t.Helper()
	client := d.clientData("webauthn.get", readOptions(d.t, options).PublicKey.Challenge)
	data := d.data(0, nil)
	return d.got(client, data, d.sign(client, data))
}

func (d *device) sign(client, data []byte) []byte {
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(slices.Concat(data, hash[:]))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return signature
}

func (d *device) got(client, data, signature []byte) []byte {
	return d.answer(map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data),
		"signature": b64(signature), "userHandle": b64(d.handle),
	})
}

func (d *device) answer(response map[string]any) []byte {
	return d.json(map[string]any{
		"id": b64(d.id), "rawId": b64(d.id), "type": "public-key", "response": response,
		"authenticatorAttachment": "platform",
		// Nobody asked; some password managers say so all the same.
		"clientExtensionResults": map[string]any{"credProps": map[string]any{"rk": true}},
	})
}

func (d *device) clientData(ceremony, challenge string) []byte {
	if d.ceremony != "" {
		ceremony = d.ceremony
	}
	return d.json(map[string]any{"type": ceremony, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
}

// data is authenticator data: whose name, which flags, how often used.
func (d *device) data(flags byte, credential []byte) []byte {
	name := sha256.Sum256([]byte(d.rpID))
	data := append(name[:], d.flags|flags)
	return append(binary.BigEndian.AppendUint32(data, d.counter), credential...)
}

func (d *device) credentialData() []byte {
	point, err := d.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		d.t.Fatal(err)
	}
	const keyType, algorithm, curve, x, y = 1, 3, -1, -2, -3
	key := d.cbor(map[int]any{keyType: 2, algorithm: -7, curve: 1, x: point[1:33], y: point[33:]})
	data := binary.BigEndian.AppendUint16(make([]byte, 16), uint16(len(d.id))) // after an AAGUID of zeros
	return slices.Concat(data, d.id, key)
}

func (d *device) cbor(v any) []byte {
	d.t.Helper()
	b, err := webauthncbor.Marshal(v)
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func (d *device) json(v any) []byte {
	d.t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
