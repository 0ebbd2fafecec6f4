package paywall_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"usher/paywall"
)

// fakePasskeys believes an answer that names a passkey and its account.
type fakePasskeys struct{}

func (fakePasskeys) BeginAdd(user paywall.User, held []paywall.Passkey) (options, state []byte, err error) {
	return fmt.Appendf(nil, "add, %d held", len(held)), []byte("add " + user.ID), nil
}

var errAnswer = paywall.E(paywall.KindInvalid, "passkey.error.answer")

func (fakePasskeys) FinishAdd(user paywall.User, _ []paywall.Passkey, state, answer []byte) (paywall.Passkey, error) {
	if string(state) != "add "+user.ID || len(answer) == 0 {
		return paywall.Passkey{}, errAnswer
	}
	return paywall.Passkey{ID: string(answer), Credential: []byte("key")}, nil
}

func (fakePasskeys) BeginLogin() (options, state []byte, err error) {
	return []byte("any"), []byte("login"), nil
}

func (fakePasskeys) FinishLogin(state, answer []byte, find func(passkeyID, userID string) (paywall.Passkey, error)) (paywall.Passkey, error) {
	passkeyID, userID, _ := strings.Cut(string(answer), " of ")
	found, err := find(passkeyID, userID)
	if err != nil || string(state) != "login" {
		return paywall.Passkey{}, errAnswer.Because(err)
	}
	found.Credential = []byte("key, used")
	return found, nil
}

func (s *site) withPasskeys(p paywall.PasskeyVerifier) *paywall.Auth {
	return authOf(s, newHasher(), s.clock.Now, func(d *paywall.AuthDeps) { d.Passkeys = p })
}

// addPasskey registers a passkey as a page does.
func (s *site) addPasskey(t testing.TB, c paywall.Caller, v paywall.Viewer, id, name string) error {
	t.Helper()
	a := s.withPasskeys(fakePasskeys{})
	question, _, err := a.BeginPasskey(t.Context(), c, v)
	if err != nil {
		return err
	}
	return a.FinishPasskey(t.Context(), c, v, question, []byte(id), name)
}

// answerPasskey signs in with a passkey as a page does.
func (s *site) answerPasskey(t testing.TB, c paywall.Caller, answer string) (paywall.Outcome, error) {
	t.Helper()
	a := s.withPasskeys(fakePasskeys{})
	question, options, err := a.BeginPasskeyLogin(t.Context(), c)
	must(t, err)
	wantSame(t, string(options), "any")
	return a.FinishPasskeyLogin(t.Context(), c, question, []byte(answer), "/account")
}

// TestPasskeys_Add tells the person, ends the other sessions and makes the own
// one strong.
func TestPasskeys_Add(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	s.signIn(t, ada)
	c, viewer := s.signIn(t, ada)
	s.post(t)
	must(t, s.addPasskey(t, c, viewer, "key-1", "  Blue key "))
	held := get(s.PasskeysOf(t.Context(), ada.ID))(t)
	wantSame(t, held, []paywall.Passkey{{
		ID: "key-1", UserID: ada.ID, Name: "Blue key", Credential: []byte("key"), CreatedAt: s.clock.Now(),
	}})
	wantSame(t, s.sessionIDs(t, ada.ID), []string{viewer.SessionID})
	if !s.viewer(t, viewer.SessionID).Strong {
		t.Error("the session is not strong")
	}
	mail := s.posted(t, paywall.MailPasskeyAdded, ada.Email)
	wantSame(t, mail.Name, "Blue key")
	_, options, err := s.withPasskeys(fakePasskeys{}).BeginPasskey(t.Context(), c, viewer)
	must(t, err)
	wantSame(t, string(options), "add, 1 held")
}

func TestPasskeys_AddRefused(t *testing.T) {
	s := newSite(t)
	ada, bob := s.addUser(t, "ada"), s.addUser(t, "bob")
	c, viewer := s.signIn(t, ada)
	bobs, bobViewer := s.signIn(t, bob)
	wantNotFresh(t, s.addPasskey(t, c, stale(viewer), "key-1", "Key"))
	wantNotFresh(t, s.addPasskey(t, c, paywall.Viewer{}, "key-1", "Key"))
	for _, name := range []string{"", "  ", strings.Repeat("é", paywall.MaxPasskeyName+1), "a\nb", "\xff"} {
		wantInvalid(t, s.addPasskey(t, c, viewer, "key-1", name), map[string]string{"name": "passkey.error.name"})
	}
	wantErr(t, s.addPasskey(t, c, viewer, "", "Key"), errAnswer)
	a := s.withPasskeys(fakePasskeys{})
	question, _, err := a.BeginPasskey(t.Context(), c, viewer)
	must(t, err)
	wantOver(t, a.FinishPasskey(t.Context(), s.visit(), viewer, question, []byte("key-1"), "Key"))
	wantOver(t, a.FinishPasskey(t.Context(), c, bobViewer, question, []byte("key-1"), "Key"))
	wantOver(t, a.FinishPasskey(t.Context(), c, viewer, "unknown", []byte("key-1"), "Key"))
	wantNotFresh(t, a.FinishPasskey(t.Context(), c, stale(viewer), question, []byte("key-1"), "Key"))
	wantInvalid(t, a.FinishPasskey(t.Context(), c, viewer, question, []byte("key-1"), ""), map[string]string{"name": "passkey.error.name"})
	must(t, a.FinishPasskey(t.Context(), c, viewer, question, []byte("key-1"), "Key")) // still open
	wantOver(t, a.FinishPasskey(t.Context(), c, viewer, question, []byte("key-2"), "Key"))
	err = s.addPasskey(t, bobs, bobViewer, "key-1", "Key") // of another account
	wantKey(t, err, paywall.KindInvalid, "passkey.error.answer")
	question, _, err = a.BeginPasskey(t.Context(), c, viewer)
	must(t, err)
	s.clock.Pass(paywall.ChallengeLife)
	wantOver(t, a.FinishPasskey(t.Context(), c, viewer, question, []byte("key-3"), "Key"))
	for n := range paywall.MaxPasskeys - 1 {
		must(t, s.CreatePasskey(t.Context(), paywall.Passkey{ID: fmt.Sprint(n), UserID: ada.ID, CreatedAt: opening}))
	}
	wantKey(t, s.addPasskey(t, c, viewer, "one too many", "Key"), paywall.KindInvalid, "passkey.error.many")
}

// TestPasskeys_Login counts as two factors, and answers a question once.
func TestPasskeys_Login(t *testing.T) {
	s := newSite(t)
	ada := s.addUser(t, "ada")
	home, viewer := s.signIn(t, ada)
	must(t, s.addPasskey(t, home, viewer, "key-1", "Key"))
	s.enrol(t, home, viewer)
	s.clock.Pass(paywall.FreshFor)
	c := s.visit()
	o := get(s.answerPasskey(t, c, "key-1 of "+ada.ID))(t)
	wantSame(t, o, paywall.Outcome{User: ada, Method: paywall.MethodPasskey, Strong: true, Next: "/account"})
	used := get(s.PasskeyByID(t.Context(), "key-1"))(t)
	if !used.UsedAt.Equal(s.clock.Now()) || string(used.Credential) != "key, used" {
		t.Errorf("kept %+v", used)
	}
	a := s.withPasskeys(fakePasskeys{})
	question, _, err := a.BeginPasskeyLogin(t.Context(), c)
	must(t, err)
	answer := []byte("key-1 of " + ada.ID)
	for name, caller := range map[string]paywall.Caller{"another window": s.visit(), "no window": {}} {
		_, err = a.FinishPasskeyLogin(t.Context(), caller, question, answer, "")
		if err == nil {
			t.Error(name)
		}
		wantOver(t, err)
	}
	worked := atOnce(10, func(int) error {
		_, err := a.FinishPasskeyLogin(t.Context(), c, question, answer, "")
		return err
	})
	if worked != 1 {
		t.Errorf("one answer worked %d times", worked)
	}
	question, _, err = a.BeginPasskeyLogin(t.Context(), c)
	must(t, err)
	s.clock.Pass(paywall.ChallengeLife)
	_, err = a.FinishPasskeyLogin(t.Context(), c, question, answer, "")
	wantOver(t, err)
}

func TestPasskeys_LoginRefused(t *testing.T) {
	s := newSite(t)
	ada, bob := s.addUser(t, "ada"), s.addUser(t, "bob")
	home, viewer := s.signIn(t, ada)
	must(t, s.addPasskey(t, home, viewer, "key-1", "Key"))
	for _, answer := range []string{"key-1 of " + bob.ID, "key-2 of " + ada.ID, "key-1 of ", ""} {
		_, err := s.answerPasskey(t, s.visit(), answer)
		wantKey(t, err, paywall.KindInvalid, "passkey.error.answer")
	}
	must(t, s.auth().Disable(t.Context(), by, ada.ID))
	o, err := s.answerPasskey(t, s.visit(), "key-1 of "+ada.ID)
	wantKey(t, err, paywall.KindInvalid, "passkey.error.answer")
	wantSame(t, o, paywall.Outcome{})
}

// TestPasskeys_Prove: a passkey of the account renews the proof, one of another
// does not.
func TestPasskeys_Prove(t *testing.T) {
	s := newSite(t)
	ada, bob := s.addUser(t, "ada"), s.addUser(t, "bob")
	home, viewer := s.signIn(t, ada)
	must(t, s.addPasskey(t, home, viewer, "key-1", "Key"))
	bobs, bobViewer := s.signIn(t, bob)
	must(t, s.addPasskey(t, bobs, bobViewer, "key-2", "Key"))
	s.clock.Pass(paywall.FreshFor)
	a := s.withPasskeys(fakePasskeys{})
	prove := func(answer string) error {
		question, _, err := a.BeginPasskeyLogin(t.Context(), home)
		must(t, err)
		return a.ProveByPasskey(t.Context(), home, viewer, question, []byte(answer))
	}
	wantKey(t, prove("key-2 of "+bob.ID), paywall.KindInvalid, "passkey.error.answer")
	if s.viewer(t, viewer.SessionID).Fresh(s.clock.Now()) {
		t.Error("proved by the passkey of another")
	}
	must(t, prove("key-1 of "+ada.ID))
	if !s.viewer(t, viewer.SessionID).Fresh(s.clock.Now()) {
		t.Error("not proved")
	}
}

func TestPasskeys_RenameAndRemove(t *testing.T) {
	s := newSite(t)
	ada, bob := s.addUser(t, "ada"), s.addUser(t, "bob")
	home, viewer := s.signIn(t, ada)
	must(t, s.addPasskey(t, home, viewer, "key-1", "Key"))
	bobs, bobViewer := s.signIn(t, bob)
	other := get(s.sessions().Start(t.Context(), arrival(ada, "")))(t).Session.ID
	s.post(t)
	wantErr(t, s.auth().RenamePasskey(t.Context(), bobViewer, "key-1", "Mine"), paywall.ErrNotFound)
	wantErr(t, s.auth().RemovePasskey(t.Context(), bobs, bobViewer, "key-1"), paywall.ErrNotFound)
	wantErr(t, s.auth().RemovePasskey(t.Context(), home, viewer, "unknown"), paywall.ErrNotFound)
	wantNotFresh(t, s.auth().RemovePasskey(t.Context(), home, stale(viewer), "key-1"))
	wantInvalid(t, s.auth().RenamePasskey(t.Context(), viewer, "key-1", " "), map[string]string{"name": "passkey.error.name"})
	must(t, s.auth().RenamePasskey(t.Context(), viewer, "key-1", " Red key"))
	wantSame(t, get(s.PasskeyByID(t.Context(), "key-1"))(t).Name, "Red key")
	s.noPost(t)
	must(t, s.auth().RemovePasskey(t.Context(), home, viewer, "key-1"))
	wantSame(t, s.posted(t, paywall.MailPasskeyRemoved, ada.Email).Name, "Red key")
	if slices.Contains(s.sessionIDs(t, ada.ID), other) {
		t.Error("another session goes on")
	}
	_, err := s.PasskeyByID(t.Context(), "key-1")
	wantErr(t, err, paywall.ErrNotFound)
}

// TestPasskeys_Off: where passkeys cannot work there are none.
func TestPasskeys_Off(t *testing.T) {
	s := newSite(t)
	c, viewer := s.signIn(t, s.addUser(t, "ada"))
	_, _, err := s.auth().BeginPasskeyLogin(t.Context(), c)
	wantKey(t, err, paywall.KindNotFound, "error.not_found")
	_, err = s.auth().FinishPasskeyLogin(t.Context(), c, "", nil, "")
	wantKey(t, err, paywall.KindNotFound, "error.not_found")
	_, _, err = s.auth().BeginPasskey(t.Context(), c, viewer)
	wantKey(t, err, paywall.KindNotFound, "error.not_found")
	wantKey(t, s.auth().FinishPasskey(t.Context(), c, viewer, "", nil, "Key"), paywall.KindNotFound, "error.not_found")
}
