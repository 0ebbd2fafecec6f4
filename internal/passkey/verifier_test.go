package passkey

import (
	"errors"
	"slices"
	"testing"

	"usher/paywall"
)

func TestNew_NeedsName(t *testing.T) {
	for _, base := range []string{"http://127.0.0.1:8080", "http://[::1]:8080", "https://192.0.2.7"} {
		if _, err := New(parse(t, base), named("Radio")); !errors.Is(err, ErrNoName) {
			t.Errorf("New(%s) = %v, want ErrNoName", base, err)
		}
	}
	if _, err := New(parse(t, "https://not_a_name.example."), named("Radio")); err == nil || errors.Is(err, ErrNoName) {
		t.Errorf("a broken name gives %v", err)
	}
	if _, err := New(parse(t, "https://radio.example"), named("")); err != nil {
		t.Errorf("a site without a title: %v", err)
	}
}

func TestNew_Origins(t *testing.T) {
	tests := []struct {
		base  string
		hosts []string
		want  []string
	}{
		{"https://radio.example", nil, []string{"https://radio.example"}},
		{"https://radio.example:8443", []string{"radio.example"}, []string{"https://radio.example:8443", "https://radio.example"}},
		{"https://radio.example", []string{"www.radio.example", "other.example", "badradio.example", "example", "a@www.radio.example", "www.radio.example/x", ""},
			[]string{"https://radio.example", "https://www.radio.example"}},
		{"http://localhost:8080", []string{"localhost:8080", "localhost:9090", "127.0.0.1:8080", "a.localhost"}, []string{"http://localhost:8080"}},
	}
	for _, test := range tests {
		v := newVerifier(t, test.base, test.hosts...)
		if got := v.site.Config.RPOrigins; !slices.Equal(got, test.want) {
			t.Errorf("%s with %q: origins %q, want %q", test.base, test.hosts, got, test.want)
		}
	}
}

func TestBeginAdd_Options(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	held := v.add(t, anna, newDevice(t))
	options, _ := v.beginAdd(t, anna, held)
	o := readOptions(t, options).PublicKey
	switch {
	case o.RP.ID != "radio.example" || o.RP.Name != "Radio Example":
		t.Errorf("site %+v", o.RP)
	case o.User.ID != b64([]byte(anna.ID)) || o.User.Name != anna.Email || o.User.DisplayName != anna.Name:
		t.Errorf("user %+v", o.User)
	case o.AuthenticatorSelection.ResidentKey != "required" || !o.AuthenticatorSelection.RequireResidentKey:
		t.Errorf("not discoverable: %+v", o.AuthenticatorSelection)
	case o.AuthenticatorSelection.UserVerification != "required":
		t.Errorf("no verification: %+v", o.AuthenticatorSelection)
	case o.Attestation != "none" || o.Timeout != 300_000:
		t.Errorf("attestation %q, timeout %d", o.Attestation, o.Timeout)
	case len(o.ExcludeCredentials) != 1 || o.ExcludeCredentials[0].ID != held.ID || len(o.ExcludeCredentials[0].Transports) != 2:
		t.Errorf("left out %+v, want %s", o.ExcludeCredentials, held.ID)
	}
	options, _ = v.beginAdd(t, ben)
	if got := readOptions(t, options).PublicKey.User.DisplayName; got != ben.Email {
		t.Errorf("somebody without a name is shown as %q", got)
	}
}

func TestBeginLogin_Options(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	options, first := v.beginLogin(t)
	o := readOptions(t, options).PublicKey
	if o.RPID != "radio.example" || o.UserVerification != "required" || o.Timeout != 300_000 || o.AllowCredentials != nil {
		t.Errorf("options %s", options)
	}
	if again, second := v.beginLogin(t); slices.Equal(options, again) || slices.Equal(first, second) {
		t.Error("two beginnings have one challenge")
	}
}

// A stored credential that cannot be read is trouble of ours, not the person's.
func TestBrokenCredential(t *testing.T) {
	v := newVerifier(t, "https://radio.example")
	d := newDevice(t)
	p := v.add(t, anna, d)
	p.Credential = []byte("{")
	if _, _, err := v.BeginAdd(anna, []paywall.Passkey{p}); paywall.KindOf(err) != paywall.KindInternal || err == nil {
		t.Errorf("BeginAdd = %v", err)
	}
	options, state := v.beginLogin(t)
	if _, err := v.FinishLogin(state, d.get(options), wallet{p}.find); paywall.KindOf(err) != paywall.KindInternal || err == nil {
		t.Errorf("FinishLogin = %v", err)
	}
}
