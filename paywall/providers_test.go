package paywall_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

// fakeProvider is another service: the code names what it says about a person.
type fakeProvider struct {
	id     string
	people map[string]paywall.Claims
}

func (p fakeProvider) ID() string   { return p.id }
func (p fakeProvider) Name() string { return "Service " + p.id }

func (p fakeProvider) AuthURL(_ context.Context, redirectURL, state, nonce, verifier string) (string, error) {
	q := url.Values{"to": {redirectURL}, "state": {state}, "nonce": {nonce}, "verifier": {verifier}}
	return "https://" + p.id + ".example/?" + q.Encode(), nil
}

func (p fakeProvider) Claims(_ context.Context, redirectURL, code, nonce, verifier string) (paywall.Claims, error) {
	claims, ok := p.people[code]
	if !ok || nonce == "" || verifier == "" || nonce == verifier || !strings.Contains(redirectURL, p.id) {
		return paywall.Claims{}, paywall.E(paywall.KindInvalid, "oidc.error.cancelled", "Name", p.Name())
	}
	claims.Issuer, claims.Subject = "https://"+p.id+".example", code
	return claims, nil
}

var abroad = []paywall.IdentityProvider{
	fakeProvider{"one", map[string]paywall.Claims{
		"ada":        {Email: "Ada@Example.org", EmailVerified: true, Name: " Ada L."},
		"ada-unsure": {Email: "ada@example.org", Name: "Ada"},
		"eve":        {Email: "eve@example.org", EmailVerified: true, Name: "E\nve"},
		"eve-unsure": {Email: "eve@example.org"},
		"nameless":   {},
		"nonsense":   {Email: "x\r\n@y", EmailVerified: true},
	}},
	fakeProvider{"two", map[string]paywall.Claims{"ada": {Email: "ada@example.org", EmailVerified: true}}},
}

func (s *site) abroad() *paywall.Auth {
	return authOf(s, newHasher(), s.clock.Now, func(d *paywall.AuthDeps) { d.Providers = abroad })
}

// leave goes to a provider and gives the state that comes back.
func (s *site) leave(t testing.TB, c paywall.Caller, v paywall.Viewer, provider string) string {
	t.Helper()
	address := get(s.abroad().GoToProvider(t.Context(), c, v, provider, "/watch/film"))(t)
	q := get(url.Parse(address))(t).Query()
	wantSame(t, q.Get("to"), "https://radio.example/login/with/"+provider+"/return")
	return q.Get("state")
}

// travel signs in at a provider as somebody and comes back.
func (s *site) travel(t testing.TB, c paywall.Caller, v paywall.Viewer, person string) (paywall.Return, error) {
	t.Helper()
	return s.abroad().ReturnFromProvider(t.Context(), c, v, "one", s.leave(t, c, v, "one"), person)
}

func (s *site) tie(t testing.TB, user paywall.User, subject string) {
	t.Helper()
	must(t, s.CreateIdentity(t.Context(), paywall.Identity{
		Issuer: "https://one.example", Subject: subject, UserID: user.ID, Provider: "one", CreatedAt: opening,
	}))
}

var nobody paywall.Viewer

// TestProviders_Known: a login that is connected enters, whatever address the
// service tells.
func TestProviders_Known(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "countess")
	s.tie(t, ada, "ada")
	r := get(s.travel(t, s.visit(), nobody, "ada"))(t)
	wantSame(t, r, paywall.Return{Outcome: paywall.Outcome{User: ada, Method: paywall.MethodProvider, Next: "/watch/film"}})
	held := get(s.IdentitiesOf(t.Context(), ada.ID))(t)
	if len(held) != 1 || held[0].Email != "ada@example.org" || !held[0].UsedAt.Equal(s.clock.Now()) {
		t.Errorf("kept %+v", held)
	}
	must(t, s.auth().Disable(t.Context(), by, ada.ID))
	r, err := s.travel(t, s.visit(), nobody, "ada")
	wantKey(t, err, paywall.KindInvalid, "oidc.error.disabled")
	wantSame(t, r, paywall.Return{})
}

// TestProviders_Factor: another service is one factor.
func TestProviders_Factor(t *testing.T) {
	s := newSecured(t)
	s.tie(t, s.ada, "ada")
	c := s.visit()
	r := get(s.travel(t, c, nobody, "ada"))(t)
	if r.Ask == "" || r.User.ID != "" {
		t.Fatalf("return %+v", r)
	}
	o := get(s.answer(t, c, r.Ask, s.app.code(t, s.clock.Now(), 0)))(t)
	wantSame(t, o.Method, paywall.MethodProvider)
}

// TestProviders_Address: the address alone connects nothing. A code from that
// mailbox does, typed in the window that came from the service; there is no link
// that somebody could follow who never asked.
func TestProviders_Address(t *testing.T) {
	for _, person := range []string{"ada", "ada-unsure"} {
		t.Run(person, func(t *testing.T) {
			s := newSite(t)
			ada := s.addUser(t, "ada", withPassword(t))
			c := s.visit()
			r := get(s.travel(t, c, nobody, person))(t)
			wantSame(t, r, paywall.Return{Outcome: paywall.Outcome{Next: "/watch/film"}, Mailed: true})
			wantSame(t, len(get(s.IdentitiesOf(t.Context(), ada.ID))(t)), 0)
			mail := s.posted(t, paywall.MailSignIn, ada.Email)
			if mail.Path != "" {
				t.Errorf("a link: %q", mail.Path)
			}
			_, err := s.useCode(t, s.visit(), mail.Code)
			wantWrongCode(t, err)
			s.clock.Pass(time.Second)
			must(t, s.auth().Again(t.Context(), c, nobody))
			mail = s.posted(t, paywall.MailSignIn, ada.Email)
			_, o, err := s.abroad().UseCode(t.Context(), c, nobody, mail.Code, paywall.Answer{})
			must(t, err)
			wantSame(t, o, paywall.Outcome{User: ada, Method: paywall.MethodProvider, Next: "/watch/film"})
			wantSame(t, s.posted(t, paywall.MailIdentityAdded, ada.Email).Name, "Service one")
			wantSame(t, s.actions(t), []string{"user.identity_add"})
			r = get(s.travel(t, s.visit(), nobody, person))(t)
			wantSame(t, r.User.ID, ada.ID)
		})
	}
}

// TestProviders_Join: where sign-up is open, an address that the service vouches
// for makes an account at once; another has to be confirmed.
func TestProviders_Join(t *testing.T) {
	s := openSite(t)
	r := get(s.travel(t, s.visit(), nobody, "ada"))(t)
	wantSame(t, r.User, paywall.User{
		ID: r.User.ID, Email: "ada@example.org", Name: "Ada L.", Role: paywall.RoleMember, Language: "fr",
		ConfirmedAt: s.clock.Now(), CreatedAt: s.clock.Now(),
	})
	wantSame(t, get(s.ConsentsOf(t.Context(), r.User.ID))(t)[0].Version, 1)
	s.noPost(t)
	c := s.visit()
	r = get(s.travel(t, c, nobody, "eve-unsure"))(t)
	wantSame(t, r, paywall.Return{Outcome: paywall.Outcome{Next: "/watch/film"}, Mailed: true})
	mail := s.posted(t, paywall.MailConfirm, "eve@example.org")
	_, err := s.UserByEmail(t.Context(), "eve@example.org")
	wantErr(t, err, paywall.ErrNotFound)
	o := get(s.confirm(t, c, mail.Code))(t)
	wantSame(t, []any{o.User.Email, o.Method}, []any{"eve@example.org", paywall.MethodProvider})
	wantSame(t, get(s.ConsentsOf(t.Context(), o.User.ID))(t)[0].Version, 1)
	r = get(s.travel(t, s.visit(), nobody, "eve-unsure"))(t)
	wantSame(t, r.User.ID, o.User.ID)
}

// TestProviders_Alike: with an address that nobody vouches for, the page is the
// same for one with an account and one without.
func TestProviders_Alike(t *testing.T) {
	for _, mode := range []paywall.SignUpMode{paywall.SignUpOpen, paywall.SignUpClosed} {
		s := newSite(t)
		s.signUpBy(t, mode, "")
		s.addUser(t, "ada")
		var seen []any
		for _, person := range []string{"ada-unsure", "eve-unsure"} {
			c := s.visit()
			r := get(s.travel(t, c, nobody, person))(t)
			p := get(s.auth().Pending(t.Context(), c))(t)
			seen = append(seen, []any{r, p.Kind, p.Next, p.ExpiresAt.Sub(p.CreatedAt)})
		}
		wantSame(t, seen[0], seen[1])
	}
}

func TestProviders_Closed(t *testing.T) {
	s := newSite(t)
	_, err := s.travel(t, s.visit(), nobody, "ada")
	wantKey(t, err, paywall.KindForbidden, "signup.error.closed")
	get(s.travel(t, s.visit(), nobody, "ada-unsure"))(t)
	wantSame(t, s.posted(t, paywall.MailNoAccount, "ada@example.org").Code, "")
	s.signUpBy(t, paywall.SignUpOpen, "")
	c := s.visit()
	get(s.travel(t, c, nobody, "eve-unsure"))(t)
	mail := s.posted(t, paywall.MailConfirm, "eve@example.org")
	s.signUpBy(t, paywall.SignUpClosed, "")
	_, err = s.confirm(t, c, mail.Code)
	wantKey(t, err, paywall.KindForbidden, "signup.error.closed")
	total, err := s.CountMembers(t.Context(), paywall.MemberFilter{})
	must(t, err)
	wantSame(t, total, 0)
}

func TestProviders_NoAddress(t *testing.T) {
	s := openSite(t)
	for _, person := range []string{"nameless", "nonsense"} {
		_, err := s.travel(t, s.visit(), nobody, person)
		wantKey(t, err, paywall.KindInvalid, "oidc.error.no_email")
	}
	_, err := s.travel(t, s.visit(), nobody, "somebody refused")
	wantKey(t, err, paywall.KindInvalid, "oidc.error.cancelled")
}

// TestProviders_State: what comes back belongs to one window, one provider, one
// person and one use.
func TestProviders_State(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	s.tie(t, ada, "ada")
	c := s.visit()
	_, viewer := s.signIn(t, ada)
	state := s.leave(t, c, nobody, "one")
	back := func(c paywall.Caller, v paywall.Viewer, provider, state string) error {
		_, err := s.abroad().ReturnFromProvider(t.Context(), c, v, provider, state, "ada")
		return err
	}
	wantOver(t, back(s.visit(), nobody, "one", state))
	wantOver(t, back(paywall.Caller{}, nobody, "one", state))
	wantOver(t, back(c, nobody, "two", state))
	wantOver(t, back(c, viewer, "one", state)) // signed in meanwhile
	wantOver(t, back(c, nobody, "one", "unknown"))
	wantErr(t, back(c, nobody, "three", state), paywall.ErrNotFound)
	if worked := atOnce(8, func(int) error { return back(c, nobody, "one", state) }); worked != 1 {
		t.Errorf("one state worked %d times", worked)
	}
	state = s.leave(t, c, nobody, "one")
	s.clock.Pass(paywall.ChallengeLife)
	wantOver(t, back(c, nobody, "one", state))
}

// TestProviders_Connect: a signed-in person connects a login, a short while after
// a proof, and the other sessions end.
func TestProviders_Connect(t *testing.T) {
	s := newSite(t)
	ada, bob := s.addUser(t, "countess"), s.addUser(t, "bob")
	s.signIn(t, ada)
	home, viewer := s.signIn(t, ada)
	s.post(t)
	_, err := s.abroad().GoToProvider(t.Context(), home, stale(viewer), "one", "")
	wantNotFresh(t, err)
	r := get(s.travel(t, home, viewer, "ada"))(t)
	wantSame(t, r, paywall.Return{Outcome: paywall.Outcome{Next: "/watch/film"}, Connected: true})
	s.posted(t, paywall.MailIdentityAdded, ada.Email)
	wantSame(t, s.sessionIDs(t, ada.ID), []string{viewer.SessionID})
	bobs, bobViewer := s.signIn(t, bob)
	_, err = s.travel(t, bobs, bobViewer, "ada")
	wantKey(t, err, paywall.KindInvalid, "oidc.error.taken")
	wantSame(t, len(get(s.IdentitiesOf(t.Context(), bob.ID))(t)), 0)
	s.noPost(t)
	wantNotFresh(t, s.abroad().Disconnect(t.Context(), home, stale(viewer), "one"))
	wantErr(t, s.abroad().Disconnect(t.Context(), bobs, bobViewer, "one"), paywall.ErrNotFound)
	must(t, s.auth().Disconnect(t.Context(), home, viewer, "one")) // also one that is configured no more
	wantSame(t, s.posted(t, paywall.MailIdentityRemoved, ada.Email).Name, "one")
	wantSame(t, len(get(s.IdentitiesOf(t.Context(), ada.ID))(t)), 0)
}

// TestProviders_TakenMeanwhile: a login that somebody else connected while the
// code was on its way stays theirs.
func TestProviders_TakenMeanwhile(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	c := s.visit()
	get(s.travel(t, c, nobody, "ada"))(t)
	mail := s.posted(t, paywall.MailSignIn, ada.Email)
	s.tie(t, s.addUser(t, "bob"), "ada")
	_, _, err := s.abroad().UseCode(t.Context(), c, nobody, mail.Code, paywall.Answer{})
	wantKey(t, err, paywall.KindInvalid, "oidc.error.taken")
	wantSame(t, len(get(s.IdentitiesOf(t.Context(), ada.ID))(t)), 0)
}

// stateIn is the state in the address of a provider.
func stateIn(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Query().Get("state")
}

// slowProvider lets something happen while a code is traded.
type slowProvider struct {
	fakeProvider
	meanwhile func()
}

func (p slowProvider) Claims(ctx context.Context, redirectURL, code, nonce, verifier string) (paywall.Claims, error) {
	p.meanwhile()
	return p.fakeProvider.Claims(ctx, redirectURL, code, nonce, verifier)
}

// TestProviders_SignedOut: the trade takes seconds. A session that ended within
// them connects no login.
func TestProviders_SignedOut(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "countess", withPassword(t))
	thief, viewer := s.signIn(t, ada)
	state := s.leave(t, thief, viewer, "one")
	a := authOf(s, newHasher(), s.clock.Now, func(d *paywall.AuthDeps) {
		d.Providers = []paywall.IdentityProvider{slowProvider{abroad[0].(fakeProvider), func() {
			must(t, s.auth().SetPassword(t.Context(), by, ada.Email, newPassword, ""))
		}}}
	})
	_, err := a.ReturnFromProvider(t.Context(), thief, viewer, "one", state, "eve")
	wantKey(t, err, paywall.KindUnauthenticated, "error.sign_in")
	wantSame(t, len(get(s.IdentitiesOf(t.Context(), ada.ID))(t)), 0)
}

// TestProviders_ConnectFactor: a code from the mailbox is one factor. It connects
// no login to an account with a second one before that is answered too.
func TestProviders_ConnectFactor(t *testing.T) {
	s := newSecured(t)
	c := s.visit()
	wantSame(t, get(s.travel(t, c, nobody, "ada"))(t).Mailed, true)
	_, o, err := s.abroad().UseCode(t.Context(), c, nobody, s.posted(t, paywall.MailSignIn, s.ada.Email).Code, paywall.Answer{})
	must(t, err)
	_, err = s.answer(t, c, o.Ask, "000000")
	wantWrongFactor(t, err)
	wantSame(t, len(get(s.IdentitiesOf(t.Context(), s.ada.ID))(t)), 0)
	s.noPost(t)
	s.clock.Pass(time.Minute)
	o = get(s.abroad().AnswerFactor(t.Context(), c, o.Ask, s.app.code(t, s.clock.Now(), 0)))(t)
	wantSame(t, []any{o.User.ID, o.Strong}, []any{s.ada.ID, true})
	wantSame(t, len(get(s.IdentitiesOf(t.Context(), s.ada.ID))(t)), 1)
	s.posted(t, paywall.MailIdentityAdded, s.ada.Email)
}
