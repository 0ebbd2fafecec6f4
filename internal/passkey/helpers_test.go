package passkey

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"usher/paywall"
)

// Ids as paywall.NewID makes them.
var (
	anna = paywall.User{ID: "annaannaannaannaannaanna22", Email: "anna@example.org", Name: "Anna"}
	ben  = paywall.User{ID: "benbenbenbenbenbenbenben33", Email: "ben@example.org"}
)

func newVerifier(t testing.TB, base string, hosts ...string) *Verifier {
	t.Helper()
	v, err := New(parse(t, base), named("Radio Example"), hosts...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func parse(t testing.TB, base string) *url.URL {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (v *Verifier) beginAdd(t testing.TB, user paywall.User, held ...paywall.Passkey) (options, state []byte) {
	t.Helper()
	options, state, err := v.BeginAdd(user, held)
	if err != nil {
		t.Fatal(err)
	}
	return options, state
}

func (v *Verifier) beginLogin(t testing.TB) (options, state []byte) {
	t.Helper()
	options, state, err := v.BeginLogin()
	if err != nil {
		t.Fatal(err)
	}
	return options, state
}

// add gives the account a passkey on the device.
func (v *Verifier) add(t testing.TB, user paywall.User, d *device) paywall.Passkey {
	t.Helper()
	options, state := v.beginAdd(t, user)
	p, err := v.FinishAdd(user, nil, state, d.create(options))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// wallet is what a store knows.
type wallet []paywall.Passkey

func (w wallet) find(passkeyID, userID string) (paywall.Passkey, error) {
	for _, p := range w {
		if p.ID == passkeyID && p.UserID == userID {
			return p, nil
		}
	}
	return paywall.Passkey{}, paywall.ErrNotFound
}

func wantRefused(t testing.TB, err error) {
	t.Helper()
	if paywall.KindOf(err) != paywall.KindInvalid {
		t.Errorf("the answer came through with %v; want a refusal", err)
	}
}

// late is a state whose time is over.
func late(t testing.TB, state []byte) []byte {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(state, &fields); err != nil {
		t.Fatal(err)
	}
	end, err := time.Parse(time.RFC3339, fields["expires"].(string))
	if left := time.Until(end); err != nil || left > Timeout || left < Timeout-time.Minute {
		t.Fatalf("the state ends at %v (%v), want in %v", end, err, Timeout)
	}
	fields["expires"] = time.Now().Add(-time.Second)
	state, err = json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func named(name string) func() string { return func() string { return name } }
