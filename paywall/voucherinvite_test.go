package paywall_test

import (
	"testing"
	"time"

	"usher/paywall"
)

// ask goes from a code to the mail that makes an account.
func (b booth) ask(t testing.TB, c paywall.Caller, email, code string) error {
	t.Helper()
	return b.auth().SignUp(t.Context(), c, paywall.SignUpInput{Email: email, Voucher: paywall.RedeemInput{Code: code}})
}

// TestVoucherInvites: by invitation a code that can be redeemed makes an account
// and is redeemed by it; every other code is refused in the same words.
func TestVoucherInvites(t *testing.T) {
	s := newBooth(t)
	_, codes := s.batch(t)
	_, later := s.batch(t, func(in *paywall.VoucherInput) { in.ValidFrom = opening.Add(time.Hour) })
	c := s.visit()
	wantKey(t, s.ask(t, c, "ada@example.org", codes[0]), paywall.KindForbidden, "signup.error.closed")
	s.signUpBy(t, paywall.SignUpInvitation, "Be kind.")
	wantKey(t, s.ask(t, c, "ada@example.org", ""), paywall.KindForbidden, "signup.error.closed")
	for _, code := range []string{"FEST-0000-0000-0000-0000", "nonsense", later[0]} {
		wantCode(t, s.ask(t, c, "ada@example.org", code), "voucher.error.code")
	}
	s.noPost(t)
	must(t, s.ask(t, c, "ada@example.org", codes[0]))
	mail := s.posted(t, paywall.MailConfirm, "ada@example.org")
	s.clock.Pass(time.Second)
	must(t, s.auth().Again(t.Context(), c, paywall.Viewer{}))
	again := s.posted(t, paywall.MailConfirm, "ada@example.org")
	if again.Code == mail.Code {
		t.Error("the second mail brings the first code")
	}
	o, err := s.confirm(t, c, again.Code)
	must(t, err)
	wantSame(t, []any{o.Redeemed, o.Next}, []any{true, "/account"})
	grants := get(s.GrantsOf(t.Context(), o.User.ID))(t)
	wantSame(t, []any{len(grants), grants[0].Origin}, []any{1, paywall.OriginVoucher})
	wantCode(t, s.ask(t, c, "bea@example.org", codes[0]), "voucher.error.code")
}

// TestVoucherInvites_oncePerUse: a code of one use makes one account, however many
// asked for one while it could still be redeemed.
func TestVoucherInvites_oncePerUse(t *testing.T) {
	s := newBooth(t)
	s.signUpBy(t, paywall.SignUpInvitation, "")
	_, codes := s.batch(t)
	const crowd = 20
	callers := make([]paywall.Caller, crowd)
	mails := make([]letter, crowd)
	for n := range crowd {
		callers[n] = stranger(networkOf(n))
		must(t, s.ask(t, callers[n], networkOf(n)[:4]+string(rune('a'+n))+"@example.org", codes[0]))
		mails[n] = s.post(t)[0]
	}
	worked := atOnce(crowd, func(n int) error {
		_, _, err := s.auth().UseLink(t.Context(), callers[n], paywall.Viewer{}, mails[n].link(), paywall.Answer{})
		return err
	})
	total := get(s.CountMembers(t.Context(), paywall.MemberFilter{}))(t)
	if worked != 1 || total != 1 {
		t.Errorf("%d uses of the link worked, %d accounts", worked, total)
	}
}

// TestVoucherInvites_closedMeanwhile: who asked while accounts were made by
// invitation gets none after sign-up was closed; where it was opened they get one
// whose code is redeemed all the same.
func TestVoucherInvites_closedMeanwhile(t *testing.T) {
	s := newBooth(t)
	s.signUpBy(t, paywall.SignUpInvitation, "")
	_, codes := s.batch(t)
	c := s.visit()
	must(t, s.ask(t, c, "ada@example.org", codes[0]))
	mail := s.post(t)[0]
	s.signUpBy(t, paywall.SignUpClosed, "")
	_, err := s.confirm(t, c, mail.Code)
	wantKey(t, err, paywall.KindForbidden, "signup.error.closed")
	wantKey(t, s.auth().Again(t.Context(), c, paywall.Viewer{}), paywall.KindForbidden, "signup.error.closed")
	s.signUpBy(t, paywall.SignUpOpen, "")
	o, err := s.confirm(t, c, mail.Code)
	must(t, err)
	wantSame(t, o.Redeemed, true)
}

// TestVoucherInvites_tries: strangers who guess are held up by their network, and
// use up no tries of members elsewhere.
func TestVoucherInvites_tries(t *testing.T) {
	s := newBooth(t)
	s.signUpBy(t, paywall.SignUpInvitation, "")
	_, codes := s.batch(t)
	limits := paywall.DefaultLimits()
	c := stranger("198.51.100.0/24")
	for range limits.VoucherNetwork.Burst {
		wantCode(t, s.ask(t, c, "ada@example.org", "FEST-0000-0000-0000-0000"), "voucher.error.code")
	}
	wantKey(t, s.ask(t, c, "ada@example.org", codes[0]), paywall.KindTooMany, "voucher.error.busy")
	bea := s.addUser(t, "bea")
	_, err := s.Redeem(t.Context(), c, paywall.Viewer{User: bea, SessionID: "s"}, paywall.RedeemInput{Code: codes[0]})
	wantKey(t, err, paywall.KindTooMany, "voucher.error.busy")
	_, err = s.redeem(t, bea, codes[0])
	must(t, err)
}
