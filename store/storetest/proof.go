package storetest

import (
	"testing"
	"time"

	"usher/paywall"
)

// newProof is an open proof of nobody in particular, not stored yet.
func newProof(kind paywall.ProofKind) paywall.Proof {
	id := paywall.NewID()
	return paywall.Proof{
		ID: id, Kind: kind, WindowHash: []byte("window " + id), LinkHash: []byte("link " + id),
		CreatedAt: stored(start), CodeUntil: stored(start.Add(paywall.CodeLife)),
		ExpiresAt: stored(start.Add(paywall.LinkLife)),
	}
}

func addProof(t *testing.T, s paywall.Store, kind paywall.ProofKind, change func(*paywall.Proof)) paywall.Proof {
	t.Helper()
	p := changed(newProof(kind), change)
	must(t, s.CreateProof(t.Context(), p))
	return p
}

// reread finds a proof again by its link.
func reread(t *testing.T, s paywall.Store, p paywall.Proof) paywall.Proof {
	t.Helper()
	return read[paywall.Proof](t)(s.ProofByLink(t.Context(), p.LinkHash))
}

func testProofs(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	full := paywall.Proof{
		ID: "full", Kind: paywall.ProofAddress, UserID: "ada", Email: "ada@example.org", WindowHash: []byte{0, 0xff, 1},
		CodeMark: []byte{0, 2}, LinkHash: []byte{0, 3}, Next: "/listen/a?b=c", Payload: []byte{0, 4}, Tries: 3,
		CreatedAt: stored(start), CodeUntil: stored(start.Add(time.Minute)),
		ExpiresAt: stored(start.Add(time.Hour)), SpentAt: stored(start.Add(time.Second)),
	}
	must(t, s.CreateProof(ctx, full))
	bare := paywall.Proof{ID: "bare", Kind: paywall.ProofSignUp}
	must(t, s.CreateProof(ctx, bare))
	wantSame(t, reread(t, s, full), full)
	wantSame(t, read[paywall.Proof](t)(s.ProofByWindow(ctx, full.WindowHash)), full)
	wantSame(t, reread(t, s, paywall.Proof{LinkHash: []byte{}}), bare)

	_, err := s.ProofByLink(ctx, []byte("none"))
	wantErr(t, err, paywall.ErrNotFound)
	_, err = s.ProofByWindow(ctx, []byte("none"))
	wantErr(t, err, paywall.ErrNotFound)
	_, err = s.ProofByWindow(ctx, nil)
	wantErr(t, err, paywall.ErrNotFound)

	twin := newProof(paywall.ProofSignIn)
	twin.ID = full.ID
	wantErr(t, s.CreateProof(ctx, twin), paywall.ErrExists)
	twin = newProof(paywall.ProofSignIn)
	twin.LinkHash = full.LinkHash
	wantErr(t, s.CreateProof(ctx, twin), paywall.ErrExists)
}

// testProofWindow: the newest proof of a window counts, used up or not.
func testProofWindow(t *testing.T, s paywall.Store) {
	window := []byte("my window")
	var newest paywall.Proof
	for _, n := range []int{1, 3, 2} {
		p := addProof(t, s, paywall.ProofSignIn, func(p *paywall.Proof) {
			p.WindowHash, p.CreatedAt = window, stored(start.Add(time.Duration(n)*time.Second))
			p.SpentAt = p.CreatedAt
		})
		if n == 3 {
			newest = p
		}
	}
	addProof(t, s, paywall.ProofSignIn, func(p *paywall.Proof) { p.CreatedAt = stored(start.Add(time.Hour)) })
	wantSame(t, read[paywall.Proof](t)(s.ProofByWindow(t.Context(), window)), newest)
}

func testVoidProofs(t *testing.T, s paywall.Store) {
	ctx, at, early := t.Context(), stored(start.Add(time.Minute)), stored(start.Add(time.Second))
	proof := func(kind paywall.ProofKind, email, userID string, spent time.Time) paywall.Proof {
		return addProof(t, s, kind, func(p *paywall.Proof) { p.Email, p.UserID, p.SpentAt = email, userID, spent })
	}
	const kind = paywall.ProofReset
	byEmail := proof(kind, "ada@example.org", "", time.Time{})
	byUser := proof(kind, "old@example.org", "ada", time.Time{})
	others := []paywall.Proof{
		proof(kind, "ada@example.org", "ada", early), // keeps the instant of its use
		proof(paywall.ProofSignIn, "ada@example.org", "ada", time.Time{}),
		proof(kind, "bob@example.org", "bob", time.Time{}),
		proof(kind, "", "", time.Time{}),
		proof(kind, "ADA@example.org", "", time.Time{}),
	}

	must(t, s.VoidProofs(ctx, kind, "", "", at))
	wantSame(t, reread(t, s, byEmail), byEmail)
	must(t, s.VoidProofs(ctx, kind, "ada@example.org", "", at))
	byEmail.SpentAt = at
	wantSame(t, reread(t, s, byEmail), byEmail)
	wantSame(t, reread(t, s, byUser), byUser)
	must(t, s.VoidProofs(ctx, kind, "", "ada", at))
	byUser.SpentAt = at
	wantSame(t, reread(t, s, byUser), byUser)
	for _, p := range others {
		wantSame(t, reread(t, s, p), p)
	}
}

func testProofTries(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	p := addProof(t, s, paywall.ProofSignIn, nil)
	other := addProof(t, s, paywall.ProofSignIn, nil)
	for n := range 5 {
		if ok := read[bool](t)(s.CountTry(ctx, p.ID, 3)); ok != (n < 3) {
			t.Errorf("try %d of 3: %v", n+1, ok)
		}
	}
	wantSame(t, reread(t, s, p).Tries, 3)
	wantSame(t, reread(t, s, other).Tries, 0)
	wantSame(t, read[bool](t)(s.CountTry(ctx, "none", 3)), false)

	must(t, s.SpendProof(ctx, other.ID, start))
	wantSame(t, read[bool](t)(s.CountTry(ctx, other.ID, 3)), false)

	p = addProof(t, s, paywall.ProofSignIn, nil)
	wantSame(t, race(t, 20, func() (bool, error) { return s.CountTry(ctx, p.ID, paywall.MaxCodeTries) }), paywall.MaxCodeTries)
	wantSame(t, reread(t, s, p).Tries, paywall.MaxCodeTries)
}

func testSpendProof(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	p, other := addProof(t, s, paywall.ProofSignIn, nil), addProof(t, s, paywall.ProofSignIn, nil)
	must(t, s.SpendProof(ctx, p.ID, start))
	wantErr(t, s.SpendProof(ctx, p.ID, start.Add(time.Hour)), paywall.ErrNotFound)
	wantErr(t, s.SpendProof(ctx, "none", start), paywall.ErrNotFound)
	p.SpentAt = stored(start)
	wantSame(t, reread(t, s, p), p)
	wantSame(t, reread(t, s, other), other)

	wantSame(t, race(t, 20, func() (bool, error) { return found(s.SpendProof(ctx, other.ID, start)) }), 1)
}

func testOpenProofs(t *testing.T, s paywall.Store) {
	ctx, now := t.Context(), stored(start.Add(time.Minute))
	invite := func(made time.Duration, change func(*paywall.Proof)) paywall.Proof {
		return addProof(t, s, paywall.ProofInvite, func(p *paywall.Proof) {
			p.CreatedAt = stored(start.Add(made))
			if change != nil {
				change(p)
			}
		})
	}
	old := invite(0, nil)
	young := invite(time.Second, func(p *paywall.Proof) { p.ExpiresAt = now.Add(time.Millisecond) })
	invite(0, func(p *paywall.Proof) { p.ExpiresAt = now })
	invite(0, func(p *paywall.Proof) { p.SpentAt = stored(start) })
	addProof(t, s, paywall.ProofSignIn, nil)
	wantSame(t, read[[]paywall.Proof](t)(s.OpenProofs(ctx, paywall.ProofInvite, now)), []paywall.Proof{young, old})
	wantSame(t, len(read[[]paywall.Proof](t)(s.OpenProofs(ctx, paywall.ProofAct, now))), 0)
}

func testOldProofs(t *testing.T, s paywall.Store) {
	ctx, before := t.Context(), stored(start.Add(time.Hour))
	var proofs []paywall.Proof
	var challenges []paywall.Challenge
	for _, end := range []time.Time{before.Add(-time.Millisecond), before} {
		proofs = append(proofs, addProof(t, s, paywall.ProofInvite, func(p *paywall.Proof) { p.ExpiresAt = end }))
		challenges = append(challenges, addChallenge(t, s, end))
	}
	must(t, s.DeleteOldProofs(ctx, before))
	_, err := s.ProofByLink(ctx, proofs[0].LinkHash)
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, reread(t, s, proofs[1]), proofs[1])
	for n, c := range challenges {
		_, err := s.ChallengeByID(ctx, c.ID, c.Kind, c.WindowHash)
		if (err == nil) != (n == 1) {
			t.Errorf("challenge %d: %v", n, err)
		}
	}
}

func addChallenge(t *testing.T, s paywall.Store, end time.Time) paywall.Challenge {
	t.Helper()
	c := paywall.Challenge{
		ID: paywall.NewID(), Kind: paywall.ChallengeSecondFactor, WindowHash: []byte{0, 0xff}, UserID: "ada",
		Data: []byte{0, 1}, ExpiresAt: end,
	}
	must(t, s.CreateChallenge(t.Context(), c))
	return c
}

func testChallenges(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	c := addChallenge(t, s, stored(start.Add(-time.Hour))) // found although it ended
	other := addChallenge(t, s, stored(start))
	wantSame(t, read[paywall.Challenge](t)(s.ChallengeByID(ctx, c.ID, c.Kind, c.WindowHash)), c)
	wantErr(t, s.CreateChallenge(ctx, c), paywall.ErrExists)
	for name, ask := range map[string]paywall.Challenge{
		"another id":     {ID: "none", Kind: c.Kind, WindowHash: c.WindowHash},
		"another kind":   {ID: c.ID, Kind: paywall.ChallengePasskeyAdd, WindowHash: c.WindowHash},
		"another window": {ID: c.ID, Kind: c.Kind, WindowHash: []byte{0}},
		"no window":      {ID: c.ID, Kind: c.Kind},
	} {
		if _, err := s.ChallengeByID(ctx, ask.ID, ask.Kind, ask.WindowHash); paywall.KindOf(err) != paywall.KindNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}

	wantSame(t, race(t, 20, func() (bool, error) { return found(s.DeleteChallenge(ctx, c.ID)) }), 1)
	wantErr(t, s.DeleteChallenge(ctx, c.ID), paywall.ErrNotFound)
	_, err := s.ChallengeByID(ctx, c.ID, c.Kind, c.WindowHash)
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, read[paywall.Challenge](t)(s.ChallengeByID(ctx, other.ID, other.Kind, other.WindowHash)), other)
}
