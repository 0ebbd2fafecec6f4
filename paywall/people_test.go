package paywall_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

// letter is a mail as its reader has it.
type letter struct {
	paywall.Mail
	paywall.MailParams
}

// post gives the mails since the last look, by kind.
func (s *site) post(t testing.TB) []letter {
	t.Helper()
	mails, _, err := s.Mails(t.Context(), "", "", 1000, 0)
	must(t, err)
	var letters []letter
	for _, m := range mails {
		if s.read[m.ID] {
			continue
		}
		s.read[m.ID] = true
		l := letter{Mail: m}
		if len(m.Sealed) > 0 { // else a newer one took its place
			must(t, json.Unmarshal(get(theVault().Open("mail "+m.ID, m.Sealed))(t), &l.MailParams))
		}
		letters = append(letters, l)
	}
	slices.SortFunc(letters, func(a, b letter) int { return cmp.Compare(a.Kind, b.Kind) })
	return letters
}

// posted checks that one mail came since the last look, and gives it.
func (s *site) posted(t testing.TB, kind paywall.MailKind, to string) letter {
	t.Helper()
	letters := s.post(t)
	if len(letters) != 1 || letters[0].Kind != kind || letters[0].To != to {
		t.Fatalf("post %+v, want one mail: %s to %s", letters, kind, to)
	}
	return letters[0]
}

func (s *site) noPost(t testing.TB) {
	t.Helper()
	if letters := s.post(t); len(letters) > 0 {
		t.Errorf("mails %+v", letters)
	}
}

// link is the secret of the letter's link.
func (l letter) link() string { return strings.TrimPrefix(l.Path, paywall.LinkPath("")) }

// visit lets a moment pass and gives a browser that never signed in: what is
// asked for later is newer.
func (s *site) visit() paywall.Caller {
	s.clock.Pass(time.Second)
	return stranger("192.0.2.0/24")
}

// signUpBy sets who may make an account.
func (s *site) signUpBy(t testing.TB, mode paywall.SignUpMode, terms string) {
	t.Helper()
	in := paywall.Settings{SignUp: mode, KeepNetworks: 30, KeepMails: 90, KeepPlays: 90}
	must(t, paywall.NewSiteSettings(s, s.clock.Now).Change(t.Context(), by, in))
	save(t, s.front(t), paywall.PlaceTerms, "fr", terms)
}

// signIn gives a person who has just signed in, and the browser in which that
// was: known from now on.
func (s *site) signIn(t testing.TB, user paywall.User) (paywall.Caller, paywall.Viewer) {
	t.Helper()
	caller := s.visit()
	started := get(s.sessions().Start(t.Context(), paywall.Arrival{User: user, Method: paywall.MethodPassword, Caller: caller}))(t)
	caller.Known, caller.SessionID = started.Known.Reveal(), started.Session.ID
	return caller, s.viewer(t, started.Session.ID)
}

// viewer is who has a session, as a page sees them.
func (s *site) viewer(t testing.TB, sessionID string) paywall.Viewer {
	t.Helper()
	session, user, err := s.SessionByID(t.Context(), sessionID)
	must(t, err)
	return paywall.Viewer{User: user, SessionID: sessionID, Strong: session.Strong, ProvedAt: session.ProvedAt}
}

// stale is the viewer a good while after the sign-in.
func stale(v paywall.Viewer) paywall.Viewer {
	v.ProvedAt = v.ProvedAt.Add(-paywall.FreshFor)
	return v
}

// wantKey checks the kind and the words of a refusal.
func wantKey(t testing.TB, err error, kind paywall.Kind, key string) {
	t.Helper()
	if e := asError(t, err); e.Kind != kind || e.Key != key {
		t.Errorf("error = %v, want %v: %s", err, kind, key)
	}
}

// wantOver checks that a question or a mailed code or link is over.
func wantOver(t testing.TB, err error) {
	t.Helper()
	wantKey(t, err, paywall.KindInvalid, "login.error.over")
}

func wantDeadLink(t testing.TB, err error) {
	t.Helper()
	wantKey(t, err, paywall.KindInvalid, "link.error.over")
}

func wantWrongCode(t testing.TB, err error) {
	t.Helper()
	wantInvalid(t, err, map[string]string{"code": "code.error.wrong"})
}

func wantNotFresh(t testing.TB, err error) {
	t.Helper()
	wantKey(t, err, paywall.KindForbidden, "error.prove")
}

// useCode types a code in a window where nobody is signed in.
func (s *site) useCode(t testing.TB, c paywall.Caller, code string) (paywall.Outcome, error) {
	t.Helper()
	_, o, err := s.auth().UseCode(t.Context(), c, paywall.Viewer{}, code, paywall.Answer{Password: newPassword})
	return o, err
}

// useLink follows a link in a browser where nobody is signed in.
func (s *site) useLink(t testing.TB, c paywall.Caller, secret string) (paywall.Outcome, error) {
	t.Helper()
	_, o, err := s.auth().UseLink(t.Context(), c, paywall.Viewer{}, secret, paywall.Answer{Password: newPassword})
	return o, err
}

const newPassword = "another horse battery"

// hasPassword tells whether a password opens an account.
func (s *site) hasPassword(t testing.TB, user paywall.User, password string) bool {
	t.Helper()
	return get(newHasher().Verify(t.Context(), get(s.UserByID(t.Context(), user.ID))(t).PasswordHash, password))(t)
}

// actions are the actions in the record of changes, oldest first.
func (s *site) actions(t testing.TB) []string {
	t.Helper()
	var actions []string
	for _, line := range s.audit(t) {
		actions = append(actions, line.Action)
	}
	return actions
}

// wantNowhere checks that no text stands in the files of the database.
func (s *site) wantNowhere(t testing.TB, texts ...string) {
	t.Helper()
	for _, path := range []string{s.path, s.path + "-wal"} {
		content := get(os.ReadFile(path))(t)
		for _, text := range texts {
			if text == "" || bytes.Contains(content, []byte(text)) {
				t.Errorf("%q stands in %s", text, path)
			}
		}
	}
}

// atOnce does a work many times at the same time and tells how often it worked.
func atOnce(times int, work func(n int) error) (worked int) {
	errs := make(chan error, times)
	begin := make(chan struct{})
	for n := range times {
		go func() {
			<-begin
			errs <- work(n)
		}()
	}
	close(begin)
	for range times {
		if <-errs == nil {
			worked++
		}
	}
	return worked
}
