package paywall_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
	"usher/store/storetest"
)

// booth makes and redeems vouchers of a site.
type booth struct {
	*site
	*paywall.Vouchers
}

func newBooth(t testing.TB) booth {
	t.Helper()
	s := newSite(t)
	return booth{s, paywall.NewVouchers(paywall.VoucherDeps{
		Store: s.DB, Vault: theVault(), Outbox: paywall.NewOutbox(theVault(), s.clock.Now), Grants: s.grants(),
		Limits: paywall.DefaultLimits(), Clock: s.clock.Now,
	})}
}

// plain is a batch of single-use codes for everything, for ever.
var plain = paywall.VoucherInput{Name: "Fair", Prefix: "fest", Codes: 3, Uses: 1, Scope: paywall.ScopeEverything}

// batch makes a batch, changed at will, and reads its codes.
func (b booth) batch(t testing.TB, changes ...func(in *paywall.VoucherInput)) (paywall.VoucherBatch, []string) {
	t.Helper()
	in := plain
	for _, change := range changes {
		change(&in)
	}
	batch := get(b.Create(t.Context(), by, in))(t)
	var codes []string
	for _, line := range get(b.List(t.Context(), batch.ID, in.Codes, 0))(t) {
		codes = append(codes, get(b.Code(line.Voucher))(t))
	}
	return batch, codes
}

func (b booth) redeem(t testing.TB, u paywall.User, code string) (paywall.Redeemed, error) {
	t.Helper()
	return b.Redeem(t.Context(), stranger("192.0.2.0/24"), paywall.Viewer{User: u, SessionID: "s"}, paywall.RedeemInput{Code: code})
}

func wantCode(t testing.TB, err error, key string) {
	t.Helper()
	wantInvalid(t, err, map[string]string{"code": key})
}

func TestVouchers_Codes(t *testing.T) {
	b := newBooth(t)
	_, codes := b.batch(t, func(in *paywall.VoucherInput) { in.Codes = paywall.MaxVoucherCodes })
	form, seen := regexp.MustCompile(`^FEST(-[0-9A-HJKMNP-TV-Z]{4}){4}$`), map[string]bool{}
	counts := map[rune]int{}
	for _, code := range codes {
		if !form.MatchString(code) || seen[code] {
			t.Fatalf("code %q, seen %v", code, seen[code])
		}
		seen[code] = true
		for _, r := range strings.ReplaceAll(strings.TrimPrefix(code, "FEST"), "-", "") {
			counts[r]++
		}
	}
	// 16 characters of 32 are 80 bits, if each of them is as likely as the others.
	want := len(codes) * 16 / 32
	if len(counts) != 32 {
		t.Errorf("%d characters are used", len(counts))
	}
	for r, n := range counts {
		if n < want*8/10 || n > want*12/10 {
			t.Errorf("%c stands %d times, want about %d", r, n, want)
		}
	}
}

// TestVouchers_CopiedDatabase: whoever has the database has no code.
func TestVouchers_CopiedDatabase(t *testing.T) {
	b := newBooth(t)
	batch, codes := b.batch(t)
	must(t, b.CreateUser(t.Context(), storetest.NewUser("ada")))
	get(b.Mail(t.Context(), by, batch.ID, "ada@example.org", "en"))(t)
	for _, suffix := range []string{"", "-wal"} {
		file, err := os.ReadFile(b.path + suffix)
		if err != nil {
			continue
		}
		for _, code := range codes {
			bare := strings.ReplaceAll(code, "-", "")
			if bytes.Contains(file, []byte(code)) || bytes.Contains(file, []byte(bare)) || bytes.Contains(file, []byte(bare[4:])) {
				t.Errorf("%s stands in the database%s", code, suffix)
			}
		}
	}
}

func TestVouchers_Redeem(t *testing.T) {
	b := newBooth(t)
	item := b.addItem(t, "concert")
	ada := b.addUser(t, "ada")
	batch, codes := b.batch(t, func(in *paywall.VoucherInput) {
		in.Scope, in.TargetID, in.Days = paywall.ScopeItem, item.ID, 30
	})
	b.clock.Pass(time.Hour)
	done := get(b.redeem(t, ada, codes[0]))(t)
	now := opening.Add(time.Hour)
	want := paywall.Grant{
		ID: done.Grant.ID, UserID: ada.ID, Scope: paywall.ScopeItem, TargetID: item.ID, From: now, Until: now.Add(30 * 24 * time.Hour),
		Origin: paywall.OriginVoucher, Note: "Fair", CreatedAt: now,
	}
	wantSame(t, done, paywall.Redeemed{Grant: want, Path: item.Path()})
	wantSame(t, get(b.GrantsOf(t.Context(), ada.ID))(t), []paywall.Grant{want})
	mail := b.posted(t, paywall.MailRedeemed, ada.Email)
	if mail.Opens != item.Title || !mail.Until.Equal(want.Until) || mail.Voucher != "" {
		t.Errorf("the mail says %+v", mail.MailParams)
	}
	lines := b.audit(t)
	last := lines[len(lines)-1]
	if last.Action != "voucher.redeem" || last.Subject != want.ID || last.Actor.UserID != ada.ID || !strings.HasSuffix(last.Detail, "\nbatch: Fair\ncode: 1") {
		t.Errorf("the record says %+v", last)
	}
	for _, line := range lines {
		for _, code := range codes {
			if strings.Contains(line.Detail, code) {
				t.Errorf("the record holds a code: %s", line.Detail)
			}
		}
	}
	wantSame(t, get(b.Batch(t.Context(), batch.ID))(t).Tally, paywall.VoucherTally{Used: 1, Left: 2})
}

// TestVouchers_Forgiving: a code may be typed as people type.
func TestVouchers_Forgiving(t *testing.T) {
	b := newBooth(t)
	_, codes := b.batch(t, func(in *paywall.VoucherInput) { in.Prefix, in.Codes, in.Again = "OIL", 8, true })
	ada := b.addUser(t, "ada")
	for n, typed := range []string{
		strings.ToLower(codes[0]), strings.ReplaceAll(codes[1], "-", ""), " " + strings.ReplaceAll(codes[2], "-", " – ") + "\n",
		strings.ReplaceAll(codes[3], "0", "O"), strings.ReplaceAll(codes[4], "1", "I"), strings.ReplaceAll(codes[5], "1", "l"),
		strings.Replace(codes[6], "OIL", "01L", 1), strings.ReplaceAll(codes[7], "-", "\u2011"),
	} {
		if _, err := b.redeem(t, ada, typed); err != nil {
			t.Errorf("%d: %q was refused: %v", n, typed, err)
		}
	}
	for _, typed := range []string{"", "-", "OIL", codes[0][:19], codes[0] + "00000000000000", "ÄÖÜ", strings.Repeat("0", 300), codes[0] + "'"} {
		_, err := b.redeem(t, ada, typed)
		wantCode(t, err, "voucher.error.code")
	}
}

// TestVouchers_SameAnswer: what cannot be used looks like what does not exist.
func TestVouchers_SameAnswer(t *testing.T) {
	b := newBooth(t)
	ada, bob := b.addUser(t, "ada"), b.addUser(t, "bob")
	batch, codes := b.batch(t)
	get(b.redeem(t, bob, codes[0]))(t)
	lines := get(b.List(t.Context(), batch.ID, 3, 0))(t)
	must(t, b.Void(t.Context(), by, batch.ID, lines[1].Voucher.ID))
	_, later := b.batch(t, func(in *paywall.VoucherInput) { in.ValidFrom = opening.Add(time.Hour) })
	_, ended := b.batch(t, func(in *paywall.VoucherInput) { in.ValidUntil = opening.Add(time.Minute) })
	_, fixed := b.batch(t, func(in *paywall.VoucherInput) { in.Until = opening.Add(time.Minute) })
	b.clock.Pass(2 * time.Minute)
	b.post(t)
	_, wrong := b.redeem(t, ada, "FEST-0000-0000-0000-0000")
	for name, code := range map[string]string{
		"used up": codes[0], "void": codes[1], "not yet": later[0], "ended": ended[0], "opens nothing any more": fixed[0],
	} {
		_, err := b.redeem(t, ada, code)
		wantCode(t, err, "voucher.error.code")
		if asError(t, err).Kind != asError(t, wrong).Kind {
			t.Errorf("%s differs from a wrong code: %v", name, err)
		}
	}
	b.noPost(t)
	if grants := get(b.GrantsOf(t.Context(), ada.ID))(t); len(grants) != 0 {
		t.Errorf("grants %+v", grants)
	}
	// Who used it may be told, and who has used another of the batch.
	_, err := b.redeem(t, bob, codes[0])
	wantCode(t, err, "voucher.error.yours")
	_, err = b.redeem(t, bob, codes[2])
	wantCode(t, err, "voucher.error.once")
	_, err = b.redeem(t, bob, codes[1])
	wantCode(t, err, "voucher.error.code")
}

// TestVouchers_Throttled: guesses are counted before a code is looked up, by
// account, by network and in all.
func TestVouchers_Throttled(t *testing.T) {
	b := newBooth(t)
	_, codes := b.batch(t, func(in *paywall.VoucherInput) { in.Codes, in.Again = 3, true })
	guess := func(u paywall.User, network, code string) error {
		_, err := b.Redeem(t.Context(), stranger(network), paywall.Viewer{User: u, SessionID: "s"}, paywall.RedeemInput{Code: code})
		return err
	}
	wantBusyCode := func(err error) {
		t.Helper()
		if e := asError(t, err); e.Kind != paywall.KindTooMany || e.Key != "voucher.error.busy" || e.RetryAfter <= 0 {
			t.Errorf("error = %v", err)
		}
	}
	ada := b.addUser(t, "ada")
	for range 10 {
		wantCode(t, guess(ada, "192.0.2.0/24", "FEST-0000-0000-0000-0000"), "voucher.error.code")
	}
	for _, network := range []string{"192.0.2.0/24", "198.51.100.0/24"} {
		wantBusyCode(guess(ada, network, "FEST-0000-0000-0000-0000"))
		wantBusyCode(guess(ada, network, codes[0])) // the right one says no more
	}
	if bob := b.addUser(t, "bob"); guess(bob, "192.0.2.0/24", codes[1]) != nil {
		t.Error("a neighbour cannot redeem")
	}
	b.clock.Pass(5 * time.Minute)
	must(t, guess(ada, "192.0.2.0/24", codes[0]))

	// Accounts are cheap: a network with many of them is stopped too.
	b.clock.Pass(24 * time.Hour)
	tried := 0
	for n := range 20 {
		u := b.addUser(t, fmt.Sprint("crowd", n))
		for range 10 {
			err := guess(u, "203.0.113.0/24", "FEST-0000-0000-0000-0000")
			if asError(t, err).Kind == paywall.KindInvalid {
				tried++
			}
		}
	}
	if tried != 100 {
		t.Errorf("one network tried %d codes", tried)
	}
	last := b.addUser(t, "last")
	wantBusyCode(guess(last, "203.0.113.0/24", codes[2]))
	must(t, guess(last, "198.51.100.0/24", codes[2]))
}

func TestVouchers_WhereToGoOn(t *testing.T) {
	b := newBooth(t)
	inside := get(b.catalogue(t).CreateCollection(t.Context(), by, "Tapes"))(t)
	item := b.addItem(t, "concert", func(i *paywall.Item) { i.CollectionID = inside.ID })
	other, hidden := b.addItem(t, "talk"), b.addItem(t, "draft", draft)
	everything := func(*paywall.VoucherInput) {}
	scoped := func(scope paywall.GrantScope, target string) func(*paywall.VoucherInput) {
		return func(in *paywall.VoucherInput) { in.Scope, in.TargetID = scope, target }
	}
	n := 0
	for _, test := range []struct {
		opens func(*paywall.VoucherInput)
		item  string
		want  string
	}{
		{everything, "concert", item.Path()}, {everything, "", "/account"}, {everything, "nothing", "/account"}, {everything, "draft", "/account"},
		{scoped(paywall.ScopeCollection, inside.ID), "concert", item.Path()}, {scoped(paywall.ScopeCollection, inside.ID), "talk", "/account"},
		{scoped(paywall.ScopeItem, other.ID), "concert", other.Path()}, {scoped(paywall.ScopeItem, other.ID), "", other.Path()},
		{scoped(paywall.ScopeItem, hidden.ID), "", "/account"},
	} {
		_, codes := b.batch(t, test.opens)
		n++
		u := b.addUser(t, fmt.Sprint("person", n))
		done := get(b.Redeem(t.Context(), stranger("192.0.2.0/24"), paywall.Viewer{User: u}, paywall.RedeemInput{Code: codes[0], Item: test.item}))(t)
		if done.Path != test.want {
			t.Errorf("%d: from %q on to %s, want %s", n, test.item, done.Path, test.want)
		}
	}
}

func TestVouchers_Keep(t *testing.T) {
	b := newBooth(t)
	in := paywall.RedeemInput{Code: "FEST-0000-0000-0000-0000", Item: "concert"}
	kept := b.Keep(in)
	if strings.Contains(kept, "FEST") || len(kept) > 300 {
		t.Errorf("kept as %q", kept)
	}
	wantSame(t, b.Kept(kept), in)
	for _, wrong := range []string{"", "x", "?", kept[1:], kept + "A"} {
		wantSame(t, b.Kept(wrong), paywall.RedeemInput{})
	}
}

func TestVouchers_Create_refuses(t *testing.T) {
	b := newBooth(t)
	past, soon := opening.Add(-time.Hour), opening.Add(time.Hour)
	for name, test := range map[string]struct {
		change func(in *paywall.VoucherInput)
		want   map[string]string
	}{
		"no name":      {func(in *paywall.VoucherInput) { in.Name = " " }, map[string]string{"name": "voucher.error.name"}},
		"prefix":       {func(in *paywall.VoucherInput) { in.Prefix = "A-B" }, map[string]string{"prefix": "voucher.error.prefix"}},
		"long prefix":  {func(in *paywall.VoucherInput) { in.Prefix = "ABCDEFGHIJKLM" }, map[string]string{"prefix": "voucher.error.prefix"}},
		"no codes":     {func(in *paywall.VoucherInput) { in.Codes, in.Uses = 0, 0 }, map[string]string{"codes": "voucher.error.codes", "uses": "voucher.error.uses"}},
		"many codes":   {func(in *paywall.VoucherInput) { in.Codes = 10_001 }, map[string]string{"codes": "voucher.error.codes"}},
		"days":         {func(in *paywall.VoucherInput) { in.Days = -1 }, map[string]string{"days": "voucher.error.days"}},
		"both":         {func(in *paywall.VoucherInput) { in.Days, in.Until = 1, soon }, map[string]string{"until": "voucher.error.both"}},
		"past":         {func(in *paywall.VoucherInput) { in.Until = past }, map[string]string{"until": "grant.error.until"}},
		"over already": {func(in *paywall.VoucherInput) { in.ValidUntil = opening }, map[string]string{"valid_until": "voucher.error.valid_until"}},
		"backwards":    {func(in *paywall.VoucherInput) { in.ValidFrom, in.ValidUntil = soon, soon }, map[string]string{"valid_until": "voucher.error.valid_until"}},
		"note":         {func(in *paywall.VoucherInput) { in.Note = "a\nb" }, map[string]string{"note": "grant.error.note"}},
		"no target":    {func(in *paywall.VoucherInput) { in.Scope = paywall.ScopeItem }, map[string]string{"opens": "grant.error.scope"}},
		"nothing":      {func(in *paywall.VoucherInput) { in.Scope, in.TargetID = paywall.ScopeItem, "none" }, map[string]string{"opens": "grant.error.scope"}},
	} {
		t.Run(name, func(t *testing.T) {
			in := plain
			test.change(&in)
			_, err := b.Create(t.Context(), by, in)
			wantInvalid(t, err, test.want)
		})
	}
	if lines, total, err := b.Batches(t.Context(), "", "", 9, 0); err != nil || total != 0 || len(lines) != 0 {
		t.Errorf("%d batches were made (%v)", total, err)
	}
}

func TestVouchers_VoidAndExtend(t *testing.T) {
	b := newBooth(t)
	ada := b.addUser(t, "ada")
	batch, codes := b.batch(t, func(in *paywall.VoucherInput) { in.Codes, in.Uses, in.ValidUntil = 4, 2, opening.Add(time.Hour) })
	get(b.redeem(t, ada, codes[0]))(t)
	lines := get(b.List(t.Context(), batch.ID, 9, 0))(t)
	must(t, b.Void(t.Context(), by, batch.ID, lines[0].Voucher.ID))
	if err := b.Void(t.Context(), by, batch.ID, lines[0].Voucher.ID); asError(t, err).Key != "voucher.error.nothing_left" {
		t.Errorf("voided twice: %v", err)
	}
	wantErr(t, b.Void(t.Context(), by, "none", lines[1].Voucher.ID), paywall.ErrNotFound)
	wantSame(t, get(b.Batch(t.Context(), batch.ID))(t).Tally, paywall.VoucherTally{Used: 1, Left: 6, Void: 1})

	b.clock.Pass(time.Hour)
	wantSame(t, get(b.Batch(t.Context(), batch.ID))(t).Tally, paywall.VoucherTally{Used: 1, Gone: 6, Void: 1})
	wantInvalid(t, b.Extend(t.Context(), by, batch.ID, opening), map[string]string{"valid_until": "voucher.error.valid_until"})
	must(t, b.Extend(t.Context(), by, batch.ID, opening.Add(2*time.Hour)))
	get(b.redeem(t, b.addUser(t, "bob"), codes[1]))(t)
	if n := get(b.VoidAll(t.Context(), by, batch.ID))(t); n != 3 {
		t.Errorf("%d codes were voided", n)
	}
	tally := get(b.Batch(t.Context(), batch.ID))(t).Tally
	wantSame(t, tally, paywall.VoucherTally{Used: 2, Void: 6})
	_, err := b.redeem(t, b.addUser(t, "carl"), codes[2])
	wantCode(t, err, "voucher.error.code")
	var acts []string
	for _, line := range b.audit(t) {
		acts = append(acts, line.Action)
	}
	slices.Sort(acts)
	wantSame(t, acts, []string{"voucher.create", "voucher.extend", "voucher.redeem", "voucher.redeem", "voucher.void", "voucher.void_all"})
}

func TestVouchers_Mail(t *testing.T) {
	b := newBooth(t)
	b.addUser(t, "ada", func(u *paywall.User) { u.Language = "it" })
	batch, codes := b.batch(t, func(in *paywall.VoucherInput) { in.Days, in.ValidUntil = 30, opening.Add(48*time.Hour) })
	done := get(b.Mail(t.Context(), by, batch.ID, "ADA@example.org, no address\nEve <eve@example.org>;;ada@example.org\r\n", "fr"))(t)
	wantSame(t, done, paywall.Mailing{Sent: 2, Problems: []paywall.AddressProblem{
		{Address: "no address", Key: "user.error.email"}, {Address: "ada@example.org", Key: "voucher.error.twice"},
	}})
	sent := map[string]letter{}
	for _, l := range b.post(t) {
		sent[l.To] = l
	}
	ada, eve := sent["ada@example.org"], sent["eve@example.org"]
	if ada.Voucher != codes[2] || eve.Voucher != codes[1] || ada.Language != "it" || eve.Language != "fr" {
		t.Errorf("ada got %q in %s, eve %q in %s; codes %v", ada.Voucher, ada.Language, eve.Voucher, eve.Language, codes)
	}
	if ada.Path != "/redeem/"+codes[2] || ada.Days != 30 || !ada.RedeemBy.Equal(batch.ValidUntil) || ada.Kind != paywall.MailVoucher {
		t.Errorf("the letter says %+v", ada.MailParams)
	}
	if !ada.NextAt.Equal(opening) || !eve.NextAt.After(opening) {
		t.Errorf("sent at %v and %v: many mails at once would hold the others up", ada.NextAt, eve.NextAt)
	}

	// None goes out twice, and none that is used or void.
	get(b.redeem(t, b.addUser(t, "bob"), codes[0]))(t)
	b.post(t)
	done = get(b.Mail(t.Context(), by, batch.ID, "eve@example.org\ncarl@example.org", "fr"))(t)
	wantSame(t, done, paywall.Mailing{Problems: []paywall.AddressProblem{
		{Address: "eve@example.org", Key: "voucher.error.had"}, {Address: "carl@example.org", Key: "voucher.error.none_left"},
	}})
	b.noPost(t)
	for name, text := range map[string]string{"nobody": " \n;", "too many": strings.Repeat("a@b.example\n", paywall.MaxVoucherMails+1)} {
		if _, err := b.Mail(t.Context(), by, batch.ID, text, "en"); asError(t, err).Fields["addresses"] != "voucher.error.addresses" {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.clock.Pass(48 * time.Hour)
	if _, err := b.Mail(t.Context(), by, batch.ID, "dan@example.org", "en"); asError(t, err).Key != "voucher.error.over" {
		t.Errorf("mailed after the end: %v", err)
	}
}

func TestVouchers_Export(t *testing.T) {
	b := newBooth(t)
	batch, codes := b.batch(t)
	b.clock.Pass(time.Second)
	got, lines, err := b.Export(t.Context(), by, batch.ID)
	must(t, err)
	wantSame(t, got, batch)
	for n, line := range lines {
		if get(b.Code(line.Voucher))(t) != codes[n] {
			t.Errorf("code %d differs", n)
		}
	}
	if lines := b.audit(t); lines[len(lines)-1].Action != "voucher.export" {
		t.Errorf("the record says %+v", lines)
	}
	if masked := paywall.MaskCode("FEST-7K3M-9QRT-04XA-HW2C"); masked != "FEST-••••-••••-••••-HW2C" {
		t.Errorf("masked as %s", masked)
	}
	if masked := paywall.MaskCode("7K3M-9QRT-04XA-HW2C"); masked != "••••-••••-••••-HW2C" {
		t.Errorf("masked as %s", masked)
	}
}
