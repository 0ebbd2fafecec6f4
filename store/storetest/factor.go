package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

func testSecondFactor(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := addUser(t, s, "ada"), addUser(t, s, "bob")
	f := paywall.SecondFactor{
		UserID: ada.ID, Secret: []byte{0, 0xff}, CreatedAt: stored(start),
		ConfirmedAt: stored(start.Add(time.Minute)), LastStep: 58_000_000,
	}
	must(t, s.PutSecondFactor(ctx, f))
	wantSame(t, read[paywall.SecondFactor](t)(s.SecondFactorOf(ctx, ada.ID)), f)
	_, err := s.SecondFactorOf(ctx, bob.ID)
	wantErr(t, err, paywall.ErrNotFound)

	f = paywall.SecondFactor{UserID: ada.ID, Secret: []byte{1}, CreatedAt: stored(start.Add(time.Hour))}
	must(t, s.PutSecondFactor(ctx, f))
	wantSame(t, read[paywall.SecondFactor](t)(s.SecondFactorOf(ctx, ada.ID)), f)
	if err := s.PutSecondFactor(ctx, paywall.SecondFactor{UserID: "nobody"}); err == nil {
		t.Error("nobody's second factor was stored")
	}

	must(t, s.PutRecoveryCodes(ctx, ada.ID, [][]byte{{1}}))
	must(t, s.PutSecondFactor(ctx, paywall.SecondFactor{UserID: bob.ID, Secret: []byte{2}}))
	must(t, s.PutRecoveryCodes(ctx, bob.ID, [][]byte{{1}}))
	for range 2 { // nothing to remove is no error
		must(t, s.DeleteSecondFactor(ctx, ada.ID))
		_, err = s.SecondFactorOf(ctx, ada.ID)
		wantErr(t, err, paywall.ErrNotFound)
		wantSame(t, read[int](t)(s.RecoveryCodesLeft(ctx, ada.ID)), 0)
	}
	wantSame(t, read[paywall.SecondFactor](t)(s.SecondFactorOf(ctx, bob.ID)).Secret, []byte{2})
	wantSame(t, read[int](t)(s.RecoveryCodesLeft(ctx, bob.ID)), 1)
}

func testUseStep(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := addUser(t, s, "ada"), addUser(t, s, "bob")
	for _, u := range []paywall.User{ada, bob} {
		must(t, s.PutSecondFactor(ctx, paywall.SecondFactor{UserID: u.ID, LastStep: 10}))
	}
	for n, step := range []struct {
		step int64
		want bool
	}{{10, false}, {9, false}, {11, true}, {11, false}, {13, true}, {12, false}, {14, true}} {
		if got := read[bool](t)(s.UseStep(ctx, ada.ID, step.step)); got != step.want {
			t.Errorf("%d: step %d: %v", n, step.step, got)
		}
	}
	wantSame(t, read[paywall.SecondFactor](t)(s.SecondFactorOf(ctx, ada.ID)).LastStep, int64(14))
	wantSame(t, read[bool](t)(s.UseStep(ctx, "nobody", 99)), false)

	wantSame(t, race(t, 20, func() (bool, error) { return s.UseStep(ctx, bob.ID, 11) }), 1)
}

func testRecoveryCodes(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := addUser(t, s, "ada"), addUser(t, s, "bob")
	one, two := []byte{0, 1}, []byte{0, 2}
	use := func(u paywall.User, mark []byte) bool {
		t.Helper()
		return read[bool](t)(s.UseRecoveryCode(ctx, u.ID, mark, start))
	}
	must(t, s.PutRecoveryCodes(ctx, ada.ID, [][]byte{one, two}))
	must(t, s.PutRecoveryCodes(ctx, bob.ID, [][]byte{one}))
	wantSame(t, use(ada, one), true)
	wantSame(t, use(ada, one), false)
	wantSame(t, use(ada, []byte("none")), false)
	wantSame(t, use(bob, two), false)
	wantSame(t, read[int](t)(s.RecoveryCodesLeft(ctx, ada.ID)), 1)
	wantSame(t, read[int](t)(s.RecoveryCodesLeft(ctx, bob.ID)), 1)

	wantErr(t, s.PutRecoveryCodes(ctx, ada.ID, [][]byte{one, one}), paywall.ErrExists)
	wantSame(t, use(ada, two), true) // the old ones are still there
	must(t, s.PutRecoveryCodes(ctx, ada.ID, [][]byte{one}))
	wantSame(t, use(ada, two), false)
	wantSame(t, race(t, 20, func() (bool, error) { return s.UseRecoveryCode(ctx, ada.ID, one, start) }), 1)
	wantSame(t, read[int](t)(s.RecoveryCodesLeft(ctx, ada.ID)), 0)
	must(t, s.PutRecoveryCodes(ctx, bob.ID, nil))
	wantSame(t, use(bob, one), false)
}

func addDevice(t *testing.T, s paywall.Store, userID string, seen time.Time) paywall.Device {
	t.Helper()
	d := paywall.Device{
		ID: paywall.NewID(), UserID: userID, SecretHash: []byte{0, 0xff}, CreatedAt: stored(start), SeenAt: stored(seen),
	}
	must(t, s.CreateDevice(t.Context(), d))
	return d
}

func testDevices(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := addUser(t, s, "ada"), addUser(t, s, "bob")
	left := func(u paywall.User) int { t.Helper(); return read[int](t)(s.CountDevices(ctx, u.ID)) }
	a, b, other := addDevice(t, s, ada.ID, start), addDevice(t, s, ada.ID, start), addDevice(t, s, bob.ID, start)
	wantErr(t, s.CreateDevice(ctx, a), paywall.ErrExists)
	must(t, s.TouchDevice(ctx, a.ID, start.Add(time.Hour)))
	a.SeenAt = stored(start.Add(time.Hour))
	wantSame(t, read[paywall.Device](t)(s.DeviceByID(ctx, a.ID)), a)
	wantSame(t, read[paywall.Device](t)(s.DeviceByID(ctx, b.ID)), b)
	wantErr(t, s.TouchDevice(ctx, "none", start), paywall.ErrNotFound)
	_, err := s.DeviceByID(ctx, "none")
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, left(ada), 2)

	must(t, s.DeleteIdleDevices(ctx, stored(start))) // exactly at the instant: stays
	wantSame(t, left(ada), 2)
	must(t, s.DeleteIdleDevices(ctx, start.Add(time.Minute)))
	wantSame(t, left(ada), 1)
	wantSame(t, left(bob), 0)

	b, other = addDevice(t, s, ada.ID, start), addDevice(t, s, bob.ID, start)
	must(t, s.DeleteDevicesOf(ctx, ada.ID, b.ID))
	wantSame(t, read[paywall.Device](t)(s.DeviceByID(ctx, b.ID)), b)
	wantSame(t, left(ada), 1)
	must(t, s.DeleteDevicesOf(ctx, ada.ID, other.ID))
	wantSame(t, left(ada), 0)
	wantSame(t, left(bob), 1)
}
