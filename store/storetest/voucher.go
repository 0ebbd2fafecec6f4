package storetest

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"usher/paywall"
)

// voucherGroups are about codes that turn into grants.
var voucherGroups = []group{
	{"voucher batches", testVoucherBatches},
	{"voucher lists", testVoucherLists},
	{"vouchers", testVouchers},
	{"use vouchers", testUseVouchers},
	{"voucher race", testVoucherRace},
	{"void vouchers", testVoidVouchers},
	{"any voucher", testAnyVoucher},
	{"voucher mails", testVoucherMails},
	{"voucher mails end", testVoucherMailsEnd},
	{"redemptions", testRedemptions},
	{"batches on something", testBatchesOn},
	{"newest sealed", testNewestSealed},
}

// NewVoucherBatch is a batch of single-use codes for everything, not stored yet.
func NewVoucherBatch(name string, codes int) paywall.VoucherBatch {
	return paywall.VoucherBatch{
		ID: paywall.NewID(), Name: name, Codes: codes, Uses: 1, Scope: paywall.ScopeEverything, Days: 30, CreatedAt: stored(start),
	}
}

// addVouchers stores a batch, changed at will, and its codes.
func addVouchers(t testing.TB, s paywall.Store, b paywall.VoucherBatch, change func(*paywall.VoucherBatch)) (paywall.VoucherBatch, []paywall.Voucher) {
	t.Helper()
	b = changed(b, change)
	must(t, s.CreateVoucherBatch(t.Context(), b))
	var codes []paywall.Voucher
	for n := range b.Codes {
		codes = append(codes, paywall.Voucher{
			ID: paywall.NewID(), BatchID: b.ID, Number: n + 1, Mark: []byte(b.ID + strconv.Itoa(n)), Sealed: []byte{0, 0xff, byte(n)}, Uses: b.Uses,
		})
	}
	must(t, s.CreateVouchers(t.Context(), codes))
	return b, codes
}

func testVoucherBatches(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	b, _ := addVouchers(t, s, NewVoucherBatch("Fair", 3), func(b *paywall.VoucherBatch) {
		b.Prefix, b.Uses, b.Again, b.Note = "FAIR", 2, true, "at the door"
		b.Scope, b.TargetID, b.Days, b.Until = paywall.ScopeItem, "some item", 0, stored(start.Add(72*time.Hour))
		b.ValidFrom, b.ValidUntil = stored(start), stored(start.Add(24*time.Hour))
	})
	want := paywall.VoucherBatchLine{Batch: b, Tally: paywall.VoucherTally{Left: 6}}
	wantSame(t, read[paywall.VoucherBatchLine](t)(s.VoucherBatch(ctx, b.ID)), want)
	wantErr(t, s.CreateVoucherBatch(ctx, b), paywall.ErrExists)
	_, err := s.VoucherBatch(ctx, "none")
	wantErr(t, err, paywall.ErrNotFound)

	must(t, s.SetVoucherEnd(ctx, b.ID, start.Add(48*time.Hour)))
	want.Batch.ValidUntil = stored(start.Add(48 * time.Hour))
	must(t, s.InTx(ctx, func(tx paywall.Store) error {
		wantSame(t, read[paywall.VoucherBatchLine](t)(tx.VoucherBatch(ctx, b.ID)), want)
		_, err := tx.VoucherBatch(ctx, "none")
		wantErr(t, err, paywall.ErrNotFound)
		return nil
	}))
	must(t, s.SetVoucherEnd(ctx, b.ID, time.Time{}))
	wantErr(t, s.SetVoucherEnd(ctx, "none", start), paywall.ErrNotFound)
	for name, change := range map[string]func(*paywall.VoucherBatch){
		"no codes":              func(b *paywall.VoucherBatch) { b.Codes = 0 },
		"no uses":               func(b *paywall.VoucherBatch) { b.Uses = 0 },
		"an unknown scope":      func(b *paywall.VoucherBatch) { b.Scope = "moon" },
		"everything and a item": func(b *paywall.VoucherBatch) { b.TargetID = "x" },
	} {
		if err := s.CreateVoucherBatch(ctx, changed(NewVoucherBatch(name, 1), change)); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
}

func testVoucherLists(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	names := []string{"beta", "Alpha", "gamma 100%", "delta"}
	for n, name := range names {
		addVouchers(t, s, NewVoucherBatch(name, n+1), func(b *paywall.VoucherBatch) {
			b.CreatedAt = stored(start.Add(time.Duration(n) * time.Second))
			b.ValidUntil = stored(start.Add(time.Duration(9-n) * time.Hour))
			switch n {
			case 0:
				b.ValidUntil = time.Time{}
			case 1:
				b.Prefix = "XMAS"
			case 3:
				b.Note = "press"
			}
		})
	}
	list := func(text string, sort paywall.VoucherSort, limit, offset int) (got []string) {
		lines, total, err := s.VoucherBatches(ctx, text, sort, limit, offset)
		must(t, err)
		for _, line := range lines {
			got = append(got, line.Batch.Name)
			if line.Tally.Left != line.Batch.Codes {
				t.Errorf("%s has %d left", line.Batch.Name, line.Tally.Left)
			}
		}
		return append(got, strconv.Itoa(total))
	}
	for _, test := range []struct {
		text          string
		sort          paywall.VoucherSort
		limit, offset int
		want          []string
	}{
		{"", paywall.VoucherSortNewest, 9, 0, []string{"delta", "gamma 100%", "Alpha", "beta", "4"}},
		{"", "nonsense; DROP TABLE users", 2, 1, []string{"gamma 100%", "Alpha", "4"}},
		{"", paywall.VoucherSortName, 9, 0, []string{"Alpha", "beta", "delta", "gamma 100%", "4"}},
		{"", paywall.VoucherSortEnds, 9, 0, []string{"delta", "gamma 100%", "Alpha", "beta", "4"}},
		{"TA", paywall.VoucherSortName, 9, 0, []string{"beta", "delta", "2"}},
		{"xmas", paywall.VoucherSortName, 9, 0, []string{"Alpha", "1"}},
		{"Press", paywall.VoucherSortName, 9, 0, []string{"delta", "1"}},
		{"0%", paywall.VoucherSortName, 9, 0, []string{"gamma 100%", "1"}},
		{"_", paywall.VoucherSortName, 9, 0, []string{"0"}},
	} {
		wantSame(t, list(test.text, test.sort, test.limit, test.offset), test.want)
	}
}

func testVouchers(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	other, _ := addVouchers(t, s, NewVoucherBatch("other", 1), nil)
	b, codes := addVouchers(t, s, NewVoucherBatch("many", 1203), nil)
	wantSame(t, read[paywall.VoucherBatchLine](t)(s.VoucherBatch(ctx, b.ID)).Tally.Left, 1203)
	page := read[[]paywall.VoucherLine](t)(s.Vouchers(ctx, b.ID, 3, 1199))
	wantSame(t, page, []paywall.VoucherLine{{Voucher: codes[1199]}, {Voucher: codes[1200]}, {Voucher: codes[1201]}})

	voucher, batch, err := s.VoucherByMark(ctx, codes[7].Mark)
	must(t, err)
	wantSame(t, voucher, codes[7])
	wantSame(t, batch, b)
	wantSame(t, read[paywall.Voucher](t)(s.VoucherByID(ctx, b.ID, codes[7].ID)), codes[7])
	_, err = s.VoucherByID(ctx, other.ID, codes[7].ID)
	wantErr(t, err, paywall.ErrNotFound)
	_, _, err = s.VoucherByMark(ctx, []byte("none"))
	wantErr(t, err, paywall.ErrNotFound)

	again := codes[7]
	again.ID, again.Number = paywall.NewID(), 5000
	wantErr(t, s.CreateVouchers(ctx, []paywall.Voucher{again}), paywall.ErrExists) // the same code
	again.Mark, again.Number = []byte("new"), 7
	wantErr(t, s.CreateVouchers(ctx, []paywall.Voucher{again}), paywall.ErrExists) // the same number
	must(t, s.CreateVouchers(ctx, nil))
}

func testUseVouchers(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	b, codes := addVouchers(t, s, NewVoucherBatch("three", 2), func(b *paywall.VoucherBatch) {
		b.Uses, b.ValidFrom, b.ValidUntil = 3, stored(start), stored(start.Add(time.Hour))
	})
	id := codes[0].ID
	wantErr(t, s.UseVoucher(ctx, id, start.Add(-time.Second)), paywall.ErrNotFound)
	wantErr(t, s.UseVoucher(ctx, id, start.Add(time.Hour)), paywall.ErrNotFound)
	for range 3 {
		must(t, s.UseVoucher(ctx, id, start.Add(time.Minute)))
	}
	wantErr(t, s.UseVoucher(ctx, id, start.Add(time.Minute)), paywall.ErrNotFound)
	wantErr(t, s.UseVoucher(ctx, "none", start.Add(time.Minute)), paywall.ErrNotFound)
	wantSame(t, read[paywall.VoucherBatchLine](t)(s.VoucherBatch(ctx, b.ID)).Tally, paywall.VoucherTally{Used: 3, Left: 3})

	_, fixed := addVouchers(t, s, NewVoucherBatch("fixed end", 1), func(b *paywall.VoucherBatch) {
		b.Days, b.Uses, b.Until = 0, 2, stored(start.Add(time.Hour))
	})
	must(t, s.UseVoucher(ctx, fixed[0].ID, start))
	wantErr(t, s.UseVoucher(ctx, fixed[0].ID, start.Add(time.Hour)), paywall.ErrNotFound)
}

func testVoucherRace(t *testing.T, s paywall.Store) {
	ctx := bounded(t)
	_, codes := addVouchers(t, s, NewVoucherBatch("race", 2), nil)
	wantSame(t, race(t, 20, func() (bool, error) { return found(s.UseVoucher(ctx, codes[0].ID, start)) }), 1)
	_, three := addVouchers(t, s, NewVoucherBatch("three", 1), func(b *paywall.VoucherBatch) { b.Uses = 3 })
	wantSame(t, race(t, 20, func() (bool, error) { return found(s.UseVoucher(ctx, three[0].ID, start)) }), 3)
	wantSame(t, race(t, 10, func() (bool, error) {
		return found(s.SendVoucher(ctx, paywall.VoucherMail{
			VoucherID: codes[1].ID, BatchID: codes[1].BatchID, Recipient: paywall.NewID() + "@example.org", CreatedAt: start,
		}))
	}), 1)
}

func testVoidVouchers(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	b, codes := addVouchers(t, s, NewVoucherBatch("void", 4), func(b *paywall.VoucherBatch) { b.Uses = 2 })
	other, _ := addVouchers(t, s, NewVoucherBatch("other", 1), nil)
	must(t, s.UseVoucher(ctx, codes[0].ID, start)) // one left
	must(t, s.UseVoucher(ctx, codes[1].ID, start))
	must(t, s.UseVoucher(ctx, codes[1].ID, start)) // none left
	must(t, s.VoidVoucher(ctx, b.ID, codes[0].ID, start))
	wantErr(t, s.VoidVoucher(ctx, b.ID, codes[0].ID, start), paywall.ErrNotFound)
	wantErr(t, s.VoidVoucher(ctx, b.ID, codes[1].ID, start), paywall.ErrNotFound)
	wantErr(t, s.VoidVoucher(ctx, other.ID, codes[2].ID, start), paywall.ErrNotFound)
	wantErr(t, s.UseVoucher(ctx, codes[0].ID, start), paywall.ErrNotFound)
	wantSame(t, read[paywall.VoucherBatchLine](t)(s.VoucherBatch(ctx, b.ID)).Tally, paywall.VoucherTally{Used: 3, Left: 4, Void: 1})

	wantSame(t, read[int](t)(s.VoidVouchers(ctx, b.ID, start.Add(time.Minute))), 2)
	wantSame(t, read[int](t)(s.VoidVouchers(ctx, b.ID, start)), 0)
	wantSame(t, read[paywall.VoucherBatchLine](t)(s.VoucherBatch(ctx, b.ID)).Tally, paywall.VoucherTally{Used: 3, Void: 5})
	wantSame(t, read[paywall.Voucher](t)(s.VoucherByID(ctx, b.ID, codes[2].ID)).VoidAt, stored(start.Add(time.Minute)))
	wantSame(t, read[paywall.VoucherBatchLine](t)(s.VoucherBatch(ctx, other.ID)).Tally.Left, 1)
}

// testAnyVoucher: there is a code to redeem as long as one is left, not void, and
// its batch counts.
func testAnyVoucher(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	left := func(at time.Time) bool {
		t.Helper()
		return read[bool](t)(s.AnyVoucher(ctx, at))
	}
	wantSame(t, left(start), false)
	b, codes := addVouchers(t, s, NewVoucherBatch("any", 2), func(b *paywall.VoucherBatch) {
		b.Uses, b.ValidFrom, b.ValidUntil = 1, start, start.Add(time.Hour)
	})
	wantSame(t, []bool{left(start.Add(-time.Millisecond)), left(start), left(b.ValidUntil)}, []bool{false, true, false})
	must(t, s.UseVoucher(ctx, codes[0].ID, start))
	wantSame(t, left(start), true)
	must(t, s.VoidVoucher(ctx, b.ID, codes[1].ID, start))
	wantSame(t, left(start), false)
	addVouchers(t, s, NewVoucherBatch("ends", 1), func(b *paywall.VoucherBatch) { b.Days, b.Until = 0, start.Add(time.Hour) })
	wantSame(t, []bool{left(start), left(start.Add(time.Hour))}, []bool{true, false})
}

func testVoucherMails(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	b, codes := addVouchers(t, s, NewVoucherBatch("mail", 5), nil)
	must(t, s.UseVoucher(ctx, codes[4].ID, start))
	must(t, s.VoidVoucher(ctx, b.ID, codes[3].ID, start))
	voucherID := func(v paywall.Voucher) string { return v.ID }
	free := read[[]paywall.Voucher](t)(s.FreeVouchers(ctx, b.ID, 2))
	wantSame(t, ids(free, voucherID), []string{codes[2].ID, codes[1].ID})

	m := paywall.VoucherMail{VoucherID: codes[2].ID, BatchID: b.ID, Recipient: "ada@example.org", CreatedAt: stored(start)}
	wantSame(t, read[bool](t)(s.HasVoucherMail(ctx, b.ID, m.Recipient)), false)
	must(t, s.SendVoucher(ctx, m))
	wantSame(t, read[bool](t)(s.HasVoucherMail(ctx, b.ID, m.Recipient)), true)
	wantSame(t, read[bool](t)(s.HasVoucherMail(ctx, "other", m.Recipient)), false)
	wantErr(t, s.SendVoucher(ctx, m), paywall.ErrNotFound) // not free any more
	for _, taken := range []int{3, 4} {
		bad := m
		bad.VoucherID, bad.Recipient = codes[taken].ID, "bob@example.org"
		wantErr(t, s.SendVoucher(ctx, bad), paywall.ErrNotFound)
	}
	second := m
	second.VoucherID = codes[1].ID
	wantErr(t, s.SendVoucher(ctx, second), paywall.ErrExists)
	lines := read[[]paywall.VoucherLine](t)(s.Vouchers(ctx, b.ID, 9, 0))
	wantSame(t, lines[2].SentTo, m.Recipient)
	wantSame(t, lines[2].Voucher.AssignedAt, stored(start))
	wantSame(t, lines[1], paywall.VoucherLine{Voucher: codes[1]})
	wantSame(t, len(read[[]paywall.Voucher](t)(s.FreeVouchers(ctx, b.ID, 9))), 2)
}

func testRedemptions(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	ada, bob := addUser(t, s, "ada"), addUser(t, s, "bob")
	b, codes := addVouchers(t, s, NewVoucherBatch("one each", 3), nil)
	free, more := addVouchers(t, s, NewVoucherBatch("as many as you like", 1), func(b *paywall.VoucherBatch) { b.Again, b.Uses = true, 5 })
	redeem := func(v paywall.Voucher, u paywall.User, again bool, second int) paywall.Redemption {
		return paywall.Redemption{
			ID: paywall.NewID(), VoucherID: v.ID, BatchID: v.BatchID, UserID: u.ID, GrantID: paywall.NewID(), Again: again,
			At: stored(start.Add(time.Duration(second) * time.Second)),
		}
	}
	first, other := redeem(codes[0], ada, false, 1), redeem(codes[1], bob, false, 2)
	must(t, s.CreateRedemption(ctx, first))
	wantErr(t, s.CreateRedemption(ctx, redeem(codes[2], ada, false, 3)), paywall.ErrExists)
	must(t, s.CreateRedemption(ctx, other))
	two := []paywall.Redemption{redeem(more[0], ada, true, 4), redeem(more[0], ada, true, 5)}
	for _, r := range two {
		must(t, s.CreateRedemption(ctx, r))
	}
	wantSame(t, read[[]paywall.Redemption](t)(s.RedemptionsOf(ctx, b.ID, ada.ID)), []paywall.Redemption{first})
	wantSame(t, read[[]paywall.Redemption](t)(s.RedemptionsOf(ctx, free.ID, ada.ID)), two)
	wantSame(t, len(read[[]paywall.Redemption](t)(s.RedemptionsOf(ctx, free.ID, bob.ID))), 0)

	lines, total, err := s.Redemptions(ctx, b.ID, 9, 0)
	must(t, err)
	wantSame(t, total, 2)
	wantSame(t, lines, []paywall.RedemptionLine{
		{Redemption: other, Email: bob.Email, Number: 2}, {Redemption: first, Email: ada.Email, Number: 1},
	})
	lines, _, err = s.Redemptions(ctx, b.ID, 1, 1)
	must(t, err)
	wantSame(t, lines, []paywall.RedemptionLine{{Redemption: first, Email: ada.Email, Number: 1}})
	if err := s.CreateRedemption(ctx, redeem(more[0], NewUser("nobody"), true, 6)); err == nil {
		t.Error("nobody redeemed a code")
	}
	must(t, s.ErasePersonal(ctx, ada, gone))
	lines, _, err = s.Redemptions(ctx, b.ID, 9, 0)
	must(t, err)
	if !slices.ContainsFunc(lines, func(l paywall.RedemptionLine) bool { return l.Email == "deleted-"+ada.ID+"@deleted.invalid" }) {
		t.Errorf("the books lost a use: %+v", lines)
	}
}

// testBatchesOn: only batches with something left count, for what they open alone.
func testBatchesOn(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	end := start.Add(time.Hour)
	for name, change := range map[string]func(*paywall.VoucherBatch){
		"open": nil, "later": func(b *paywall.VoucherBatch) { b.ValidFrom = end },
		"over": func(b *paywall.VoucherBatch) { b.ValidUntil = start }, "ended": func(b *paywall.VoucherBatch) { b.Days, b.Until = 0, start },
		"other":      func(b *paywall.VoucherBatch) { b.TargetID = "two" },
		"collection": func(b *paywall.VoucherBatch) { b.Scope = paywall.ScopeCollection },
		"all":        func(b *paywall.VoucherBatch) { b.Scope, b.TargetID = paywall.ScopeEverything, "" },
	} {
		b := NewVoucherBatch(name, 2)
		b.Scope, b.TargetID = paywall.ScopeItem, "one"
		addVouchers(t, s, b, change)
	}
	void := NewVoucherBatch("void", 1)
	void.Scope, void.TargetID = paywall.ScopeItem, "one"
	void, _ = addVouchers(t, s, void, nil)
	count := func(want int, scope paywall.GrantScope, id string) {
		t.Helper()
		wantSame(t, read[int](t)(s.CountBatchesOn(ctx, scope, id, start)), want)
	}
	count(3, paywall.ScopeItem, "one")
	wantSame(t, read[int](t)(s.VoidVouchers(ctx, void.ID, start)), 1)
	count(2, paywall.ScopeItem, "one")
	count(1, paywall.ScopeItem, "two")
	count(1, paywall.ScopeCollection, "one")
	count(0, paywall.ScopeEverything, "")
}

// testNewestSealed: there is one text of each kind, the newest.
func testNewestSealed(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	wantSame(t, len(read[[]paywall.SealedText](t)(s.NewestSealed(ctx))), 0)
	must(t, s.PutConnection(ctx, paywall.StoredConnection{Account: "7"}))
	wantSame(t, len(read[[]paywall.SealedText](t)(s.NewestSealed(ctx))), 0)

	must(t, s.PutConnection(ctx, paywall.StoredConnection{Sealed: []byte("token")}))
	for n, name := range []string{"ada", "bob"} {
		user := NewUser(name)
		must(t, s.CreateUser(ctx, user))
		at := start.Add(time.Duration(n) * time.Hour)
		must(t, s.PutSecondFactor(ctx, paywall.SecondFactor{UserID: user.ID, Secret: []byte(name), CreatedAt: at}))
		must(t, s.AddMail(ctx, paywall.Mail{ID: name, State: paywall.MailQueued, Sealed: []byte(name), NextAt: at}))
		b := NewVoucherBatch(name, 1)
		b.CreatedAt = stored(at)
		addVouchers(t, s, b, nil)
	}
	must(t, s.AddMail(ctx, paywall.Mail{ID: "sent", State: paywall.MailSent, Sealed: []byte("sent"), NextAt: start.Add(9 * time.Hour)}))
	must(t, s.AddMail(ctx, paywall.Mail{ID: "empty", State: paywall.MailQueued, NextAt: start.Add(9 * time.Hour)}))
	found := map[paywall.SealedKind]string{}
	for _, text := range read[[]paywall.SealedText](t)(s.NewestSealed(ctx)) {
		found[text.Kind] = string(text.Sealed)
	}
	wantSame(t, found, map[paywall.SealedKind]string{
		paywall.SealedToken: "token", paywall.SealedFactor: "bob", paywall.SealedMail: "bob", paywall.SealedVoucher: "\x00\xff\x00",
	})
}

// testVoucherMailsEnd: who was mailed a code is forgotten when it is long ago and
// no code of the batch can be redeemed any more.
func testVoucherMailsEnd(t *testing.T, s paywall.Store) {
	ctx := t.Context()
	end := start.Add(time.Hour)
	open, openCodes := addVouchers(t, s, NewVoucherBatch("open", 2), nil)
	over, overCodes := addVouchers(t, s, NewVoucherBatch("over", 2), func(b *paywall.VoucherBatch) { b.ValidUntil = end })
	void, voidCodes := addVouchers(t, s, NewVoucherBatch("void", 2), nil)
	for _, code := range []paywall.Voucher{openCodes[0], overCodes[0], voidCodes[0]} {
		must(t, s.SendVoucher(ctx, paywall.VoucherMail{VoucherID: code.ID, BatchID: code.BatchID, Recipient: "ada@example.org", CreatedAt: start}))
	}
	must(t, s.VoidVoucher(ctx, void.ID, voidCodes[0].ID, start)) // the other can be redeemed still
	kept := func(want ...string) {
		t.Helper()
		var got []string
		for _, b := range []paywall.VoucherBatch{open, over, void} {
			if read[bool](t)(s.HasVoucherMail(ctx, b.ID, "ada@example.org")) {
				got = append(got, b.Name)
			}
		}
		wantSame(t, got, want)
	}
	must(t, s.DeleteOldVoucherMails(ctx, end, start)) // not long ago
	must(t, s.DeleteOldVoucherMails(ctx, end.Add(-time.Millisecond), start.Add(time.Minute)))
	kept("open", "over", "void")
	must(t, s.DeleteOldVoucherMails(ctx, end, start.Add(time.Minute)))
	kept("open", "void")
	wantSame(t, read[int](t)(s.VoidVouchers(ctx, void.ID, start)), 1)
	must(t, s.DeleteOldVoucherMails(ctx, end, start.Add(time.Minute)))
	kept("open")
	wantSame(t, len(read[[]paywall.Voucher](t)(s.FreeVouchers(ctx, over.ID, 9))), 1) // a code is given to one person only
}
