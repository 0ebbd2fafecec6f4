package paywall_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

var firstOwner = paywall.NewUser{Email: "Olivia@Radio.example", Name: "Olivia", Password: "three quiet lamps by the lake"}

// offer makes the address of the set-up and gives its secret.
func (s *site) offer(t testing.TB) string {
	t.Helper()
	path, until, err := s.auth().OfferSetup(t.Context(), by)
	must(t, err)
	wantSame(t, until, s.clock.Now().Add(paywall.SetupLife))
	secret, ok := strings.CutPrefix(path, "/setup/")
	if !ok || len(secret) < 50 {
		t.Fatalf("the address is %q", path)
	}
	return secret
}

func TestAuth_SetUp(t *testing.T) {
	s := newSite(t)
	secret := s.offer(t)
	s.clock.Pass(time.Second)
	for range 3 {
		must(t, s.auth().MaySetUp(t.Context(), s.visit(), secret))
	}
	out, err := s.auth().SetUp(t.Context(), s.visit(), secret, firstOwner)
	must(t, err)
	user := get(s.UserByEmail(t.Context(), "olivia@radio.example"))(t)
	wantSame(t, []any{user.ID, user.Role, user.Name, user.Language, user.Confirmed()}, []any{out.User.ID, paywall.RoleOwner, "Olivia", "fr", true})
	wantSame(t, get(s.login(t, user.Email, firstOwner.Password))(t).User.ID, user.ID)
	wantSame(t, slices.Sorted(slices.Values(s.actions(t))), []string{"site.look", "site.setup", "site.setup_offer"})
	wantSame(t, s.front(t).Now().Language, "fr")
	wantSame(t, get(s.checklist().Guided(t.Context()))(t), true)
	s.noPost(t)
	s.wantNowhere(t, secret)
}

func TestAuth_SetUp_refused(t *testing.T) {
	for name, test := range map[string]struct {
		change func(in *paywall.NewUser)
		fields map[string]string
	}{
		"address":       {func(in *paywall.NewUser) { in.Email = "olivia" }, map[string]string{"email": "user.error.email"}},
		"no password":   {func(in *paywall.NewUser) { in.Password = "" }, map[string]string{"password": "user.error.password_short"}},
		"short":         {func(in *paywall.NewUser) { in.Password = "short" }, map[string]string{"password": "user.error.password_short"}},
		"easy to guess": {func(in *paywall.NewUser) { in.Password = "olivia-olivia" }, map[string]string{"password": "user.error.password_weak"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			secret, in := s.offer(t), firstOwner
			test.change(&in)
			_, err := s.auth().SetUp(t.Context(), s.visit(), secret, in)
			wantInvalid(t, err, test.fields)
			must(t, s.auth().MaySetUp(t.Context(), s.visit(), secret)) // and the address still works
		})
	}
}

// TestAuth_SetUp_role: no form can ask for another role.
func TestAuth_SetUp_role(t *testing.T) {
	s := newSite(t)
	in := firstOwner
	in.Role = paywall.RoleMember
	get(s.auth().SetUp(t.Context(), s.visit(), s.offer(t), in))(t)
	wantSame(t, get(s.CountOwners(t.Context()))(t), 1)
}

func TestAuth_SetUp_once(t *testing.T) {
	s := newSite(t)
	secret := s.offer(t)
	wantSame(t, atOnce(6, func(n int) error {
		in := firstOwner
		in.Email = string(rune('a'+n)) + "@radio.example"
		_, err := s.auth().SetUp(context.WithoutCancel(t.Context()), stranger("192.0.2.0/24"), secret, in)
		return err
	}), 1)
	wantSame(t, len(get(s.Staff(t.Context()))(t)), 1)
}

// TestAuth_SetUp_forGood: nothing opens it again, not the loss of all accounts,
// nor that of the row that says so.
func TestAuth_SetUp_forGood(t *testing.T) {
	s := newSite(t)
	secret := s.offer(t)
	get(s.auth().SetUp(t.Context(), s.visit(), secret, firstOwner))(t)
	wantClosed := func(when string) {
		t.Helper()
		if _, _, err := s.auth().OfferSetup(t.Context(), by); paywall.KindOf(err) != paywall.KindNotFound {
			t.Errorf("%s: a new address: %v", when, err)
		}
		if _, err := s.auth().SetUp(t.Context(), s.visit(), secret, firstOwner); paywall.KindOf(err) != paywall.KindNotFound {
			t.Errorf("%s: the old address: %v", when, err)
		}
	}
	wantClosed("after the set-up")
	s.spoil(t, `DELETE FROM users`)
	wantClosed("without accounts")
	s.spoil(t, `DELETE FROM audit_entries`, `DELETE FROM settings`)
	wantClosed("without a record")
	s.spoil(t, `DELETE FROM setup`)
	wantClosed("without its row")
}

// spoil changes the database behind the program's back.
func (s *site) spoil(t testing.TB, statements ...string) {
	t.Helper()
	db := get(sql.Open("sqlite", s.path))(t)
	defer db.Close()
	for _, statement := range statements {
		get(db.ExecContext(t.Context(), statement))(t)
	}
}

// TestAuth_SetUp_otherOwner: an owner made by the command line closes it, also
// one whom somebody then loses.
func TestAuth_SetUp_otherOwner(t *testing.T) {
	s := newSite(t)
	secret := s.offer(t)
	get(s.auth().CreateConfirmed(t.Context(), by, paywall.NewUser{Email: "a@radio.example", Role: paywall.RoleMember}))(t)
	must(t, s.auth().MaySetUp(t.Context(), s.visit(), secret)) // a listener is no owner
	get(s.auth().CreateConfirmed(t.Context(), by, paywall.NewUser{Email: "b@radio.example", Role: paywall.RoleOwner}))(t)
	wantKind(t, s.auth().MaySetUp(t.Context(), s.visit(), secret), paywall.KindNotFound)
	s.spoil(t, `DELETE FROM users`)
	_, _, err := s.auth().OfferSetup(t.Context(), by)
	wantKind(t, err, paywall.KindNotFound)
}

// TestAuth_OfferSetup_owned: owners who are there without the marker close it.
func TestAuth_OfferSetup_owned(t *testing.T) {
	s := newSite(t)
	secret := s.offer(t)
	s.addUser(t, "olivia", owner, disabled)
	_, err := s.auth().SetUp(t.Context(), s.visit(), secret, firstOwner)
	wantKind(t, err, paywall.KindNotFound)
	_, _, err = s.auth().OfferSetup(t.Context(), by)
	wantKind(t, err, paywall.KindNotFound)
	wantSame(t, get(s.Setup(t.Context()))(t).ClosedAt.IsZero(), false)
}

func TestAuth_SetUp_limits(t *testing.T) {
	s := newSite(t)
	secret := s.offer(t)
	for range paywall.DefaultLimits().AskNetwork.Burst {
		wantKind(t, s.auth().MaySetUp(t.Context(), stranger("192.0.2.0/24"), "wrong"), paywall.KindNotFound)
	}
	wantKind(t, s.auth().MaySetUp(t.Context(), stranger("192.0.2.0/24"), secret), paywall.KindNotFound)
	must(t, s.auth().MaySetUp(t.Context(), stranger("198.51.100.0/24"), secret))
	s.clock.Pass(paywall.SetupLife)
	wantKind(t, s.auth().MaySetUp(t.Context(), stranger("198.51.100.0/24"), secret), paywall.KindNotFound)
}

func wantKind(t testing.TB, err error, want paywall.Kind) {
	t.Helper()
	if paywall.KindOf(err) != want || err == nil {
		t.Errorf("error = %v, want %v", err, want)
	}
}

func (s *site) checklist(changes ...func(d *paywall.ChecklistDeps)) *paywall.Checklist {
	deps := paywall.ChecklistDeps{Store: s, Clock: s.clock.Now, Connection: connectionOf(s), Front: frontOf(s, s.clock.Now)}
	for _, change := range changes {
		change(&deps)
	}
	return paywall.NewChecklist(deps)
}

// step is how far one step is: its state and its words.
func (s *site) step(t testing.TB, c *paywall.Checklist, step paywall.Step) string {
	t.Helper()
	all := append(get(c.First(t.Context()))(t), get(c.Later(t.Context()))(t)...)
	todo, ok := all.Of(step)
	if !ok {
		t.Fatalf("no step %s", step)
	}
	return string(todo.State) + " " + strings.TrimPrefix(todo.Key, "setup.fact.")
}

// TestChecklist_facts: each step follows what is there, forth and back.
func TestChecklist_facts(t *testing.T) {
	s := newSite(t)
	c := s.checklist()
	want := func(step paywall.Step, fact string) {
		t.Helper()
		wantSame(t, string(step)+": "+s.step(t, c, step), string(step)+": "+fact)
	}
	want(paywall.StepOwner, "open owner.none")
	olivia := s.addUser(t, "olivia", owner)
	want(paywall.StepOwner, "done owner")
	want(paywall.StepSite, "open site.none")
	wantSame(t, s.step(t, s.checklist(func(d *paywall.ChecklistDeps) { d.Named = true }), paywall.StepSite), "done site.named")
	in := someLook
	in.Accent = "#1a5fb4"
	must(t, s.front(t).ChangeLook(t.Context(), by, in, noLogo)) // a colour is no name
	want(paywall.StepSite, "open site.none")
	in.Name = "Radio Nuit"
	must(t, s.front(t).ChangeLook(t.Context(), by, in, noLogo))
	want(paywall.StepSite, "done site.named")

	front := s.front(t)
	written := s.checklist(func(d *paywall.ChecklistDeps) { d.Front = front })
	for n, place := range []paywall.TextPlace{paywall.PlaceTerms, paywall.PlacePrivacy, paywall.PlaceImprint} {
		wantSame(t, s.step(t, written, paywall.StepTexts), "open texts.missing")
		todos := get(written.Later(t.Context()))(t)
		wantSame(t, todos[0].Count, 3-n)
		must(t, front.SaveText(t.Context(), by, paywall.Text{Place: place, Language: "fr", Body: "Bien."}))
	}
	wantSame(t, s.step(t, written, paywall.StepTexts), "done texts")

	want(paywall.StepItems, "open items.none")
	item := s.addItem(t, "night", draft)
	want(paywall.StepItems, "open items.drafts")
	must(t, s.catalogue(t).SetPublished(t.Context(), by, item.ID, true))
	want(paywall.StepItems, "done items.on")
	must(t, s.catalogue(t).SetPublished(t.Context(), by, item.ID, false))
	want(paywall.StepItems, "open items.drafts")

	want(paywall.StepSignUp, "open sign_up.closed")
	must(t, s.settings().ChangeKeeping(t.Context(), by, paywall.Keeping{Networks: 7, Mails: 7, Plays: 7})) // another page is no choice
	want(paywall.StepSignUp, "open sign_up.closed")
	must(t, s.settings().ChangeSignUp(t.Context(), by, paywall.SignUpClosed))
	want(paywall.StepSignUp, "done sign_up.closed")
	must(t, s.settings().ChangeSignUp(t.Context(), by, paywall.SignUpInvitation))
	want(paywall.StepSignUp, "done sign_up.invitation")

	want(paywall.StepInvite, "open invite.none")
	must(t, s.auth().Invite(t.Context(), by, "nora@example.org"))
	want(paywall.StepInvite, "done invite.waits")
	s.addUser(t, "nora")
	want(paywall.StepInvite, "done invite.members")

	want(paywall.StepDeputy, "open deputy")
	want(paywall.StepFactor, "open factor.missing")
	must(t, s.CreatePasskey(t.Context(), paywall.Passkey{ID: "key", UserID: olivia.ID, Name: "Key", Credential: []byte("x"), CreatedAt: opening}))
	want(paywall.StepFactor, "done factor")
	s.addUser(t, "oscar", owner)
	want(paywall.StepDeputy, "done deputy")
	want(paywall.StepFactor, "open factor.missing")
}

// TestChecklist_mail: only what a server answered counts.
func TestChecklist_mail(t *testing.T) {
	s := newSite(t)
	wantSame(t, s.step(t, s.checklist(func(d *paywall.ChecklistDeps) { d.MailOff = true }), paywall.StepMail), "open mail.off")
	c, mails := s.checklist(), paywall.NewMails(s, paywall.NewOutbox(theVault(), s.clock.Now), s.clock.Now)
	wantSame(t, s.step(t, c, paywall.StepMail), "open mail.none")
	send := func(change func(m *paywall.Mail)) paywall.Mail {
		t.Helper()
		s.clock.Pass(time.Minute)
		m := get(mails.Test(t.Context(), by, "olivia@example.org"))(t)
		change(&m)
		must(t, s.UpdateMail(t.Context(), m))
		return m
	}
	waits := send(func(*paywall.Mail) {})
	wantSame(t, s.step(t, c, paywall.StepMail), "open mail.none")
	must(t, s.DeleteMail(t.Context(), waits.ID))
	send(func(m *paywall.Mail) { m.State, m.SentAt = paywall.MailSent, s.clock.Now() })
	wantSame(t, s.step(t, c, paywall.StepMail), "done mail.taken")
	send(func(m *paywall.Mail) { m.State, m.Answer = paywall.MailFailed, "550 no" })
	wantSame(t, s.step(t, c, paywall.StepMail), "trouble mail.failed")
	send(func(m *paywall.Mail) { m.State, m.SentAt = paywall.MailSent, s.clock.Now() })
	wantSame(t, s.step(t, c, paywall.StepMail), "done mail.taken")
	wantSame(t, get(mails.NewestTest(t.Context(), "olivia@example.org"))(t).State, paywall.MailSent)
	_, err := mails.NewestTest(t.Context(), "nobody@example.org")
	wantKind(t, err, paywall.KindNotFound)
}

func TestChecklist_Skip(t *testing.T) {
	s := newSite(t)
	c := s.checklist()
	before := get(c.First(t.Context()))(t)
	next, ok := before.Next()
	wantSame(t, []any{next.Step, ok, before.Done(), before.Skipped(), before.Left()}, []any{paywall.StepOwner, true, 0, 0, 9})
	must(t, c.Skip(t.Context(), by, paywall.StepMail, true))
	after := get(c.First(t.Context()))(t)
	todo, _ := after.Of(paywall.StepMail)
	wantSame(t, []any{todo.Skipped(), todo.Settled(), todo.State, after.Done(), after.Skipped(), after.Left()},
		[]any{true, true, paywall.StepOpen, 0, 1, 8})
	s.clock.Pass(time.Second)
	must(t, c.Skip(t.Context(), by, paywall.StepMail, false))
	wantSame(t, get(c.First(t.Context()))(t), before)
	wantSame(t, s.actions(t), []string{"site.step_skip", "site.step_resume"})
	for _, step := range []paywall.Step{paywall.StepOwner, "nosuchstep"} {
		wantKind(t, c.Skip(t.Context(), by, step, true), paywall.KindNotFound)
	}
}

// TestTodos_Ready: steps can be skipped, but with some facts nobody can play.
func TestTodos_Ready(t *testing.T) {
	done := paywall.Todo{Step: paywall.StepItems, State: paywall.StepDone}
	open := paywall.Todo{Step: paywall.StepMail, State: paywall.StepOpen}
	skipped, late := open, done
	skipped.SkippedAt, late.SkippedAt = opening, opening
	stops := skipped
	stops.Stops = true
	for name, test := range map[string]struct {
		todos paywall.Todos
		ready bool
	}{
		"all done":               {paywall.Todos{done, late}, true},
		"one is skipped":         {paywall.Todos{done, skipped}, true},
		"one is left":            {paywall.Todos{done, open}, false},
		"what was skipped stops": {paywall.Todos{done, stops}, false},
	} {
		if got := test.todos.Ready(); got != test.ready {
			t.Errorf("%s: ready %t", name, got)
		}
	}
	all := paywall.Todos{late, skipped, open}
	wantSame(t, []int{all.Done(), all.Skipped(), all.Left()}, []int{1, 1, 1})

	s := newSite(t)
	stopping := func() (steps []paywall.Step) {
		for _, todo := range get(s.checklist().First(t.Context()))(t) {
			if todo.Stops {
				steps = append(steps, todo.Step)
			}
		}
		return steps
	}
	wantSame(t, stopping(), []paywall.Step{paywall.StepConnection, paywall.StepItems})
	s.addItem(t, "night")
	wantSame(t, stopping(), []paywall.Step{paywall.StepConnection})
}

// TestAuth_InviteTo keeps what was promised with an invitation, and lets the
// person in where the thing has gone since.
func TestAuth_InviteTo(t *testing.T) {
	for name, gone := range map[string]bool{"still there": false, "gone": true} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.signUpBy(t, paywall.SignUpInvitation, "")
			item := s.addItem(t, "night")
			in := paywall.Invitation{Email: "nora@example.org", Opens: paywall.Opens{Scope: paywall.ScopeItem, TargetID: item.ID}}
			must(t, s.auth().InviteTo(t.Context(), by, in))
			mail := s.posted(t, paywall.MailInvite, "nora@example.org")
			if gone {
				s.spoil(t, `DELETE FROM items`)
			}
			_, out, err := s.auth().UseLink(t.Context(), s.visit(), paywall.Viewer{}, mail.link(), paywall.Answer{})
			must(t, err)
			grants := get(s.GrantsOf(t.Context(), out.User.ID))(t)
			if gone {
				wantSame(t, len(grants), 0)
				return
			}
			wantSame(t, []any{len(grants), grants[0].TargetID, grants[0].Origin, out.Next}, []any{1, item.ID, paywall.OriginOwner, "/listen/night"})
		})
	}
	s := newSite(t)
	s.signUpBy(t, paywall.SignUpInvitation, "")
	for _, opens := range []paywall.Opens{{Scope: "nonsense"}, {Scope: paywall.ScopeItem, TargetID: "nosuch"}, {Scope: paywall.ScopeEverything, TargetID: "x"}} {
		err := s.auth().InviteTo(t.Context(), by, paywall.Invitation{Email: "nora@example.org", Opens: opens})
		wantInvalid(t, err, map[string]string{"opens": "grant.error.scope"})
	}
	s.noPost(t)
}

// TestChecklist_connection: a token counts when a check found that it works.
func TestChecklist_connection(t *testing.T) {
	s := newSite(t)
	connection := connectionOf(s)
	c := s.checklist(func(d *paywall.ChecklistDeps) { d.Connection = connection })
	want := func(fact string) {
		t.Helper()
		wantSame(t, s.step(t, c, paywall.StepConnection), fact)
	}
	want("open connection.none")
	must(t, connection.Change(t.Context(), by, goodConnection()))
	want("open connection.untested")
	stored := get(s.Connection(t.Context()))(t)
	report := func(finding paywall.Found) {
		t.Helper()
		text := get(json.Marshal(reportOf(finding, finding, finding, paywall.TroubleBusy)))(t)
		must(t, s.PutConnectionReport(t.Context(), stored.ChangedAt, text))
	}
	report(paywall.FoundUnknown)
	want("open connection.unknown")
	report(paywall.FoundNo)
	want("trouble connection.refused")
	report(paywall.FoundYes)
	want("done connection.works")
	stored.Sealed = []byte("sealed with another key")
	must(t, s.PutConnection(t.Context(), stored))
	want("trouble connection.sealed")
}

// TestChecklist_protection follows what asking the sources of what is on found.
func TestChecklist_protection(t *testing.T) {
	s := newSite(t)
	c := s.checklist()
	want := func(fact string) {
		t.Helper()
		wantSame(t, s.step(t, c, paywall.StepProtection), fact)
	}
	want("open items.none")
	item := s.addItem(t, "night")
	want("open protection.grey")
	for _, test := range []struct {
		state paywall.ProbeState
		fact  string
	}{
		{paywall.ProbeGreen, "done protection.green"}, {paywall.ProbeRed, "trouble protection.red"},
		{paywall.ProbeAmber, "trouble protection.amber"}, {paywall.ProbeGrey, "open protection.grey"},
	} {
		for _, source := range item.Sources {
			task, _, err := paywall.NewProbes(paywall.ProbesDeps{Store: s, Clock: s.clock.Now}).Of(t.Context(), source.ID)
			must(t, err)
			task.Probe.State, task.Probe.CheckedAt = test.state, opening
			must(t, s.SaveProbe(t.Context(), task.Probe))
		}
		want(test.fact)
	}
	must(t, s.catalogue(t).SetPublished(t.Context(), by, item.ID, false)) // a draft leaks to nobody
	want("open items.none")
}
