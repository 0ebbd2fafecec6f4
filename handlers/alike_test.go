package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"usher/internal/demo"
	"usher/internal/testkit"
	"usher/paywall"
	"usher/store/storetest"
)

// kinds of address that must not be told apart, by the beginning of the address:
// all have the same length.
var addressKinds = []string{"known", "other", "fresh", "ended"}

// addAlike makes n accounts of each kind but "other", who has none.
func addAlike(t testing.TB, kit *testkit.Kit, n int) {
	t.Helper()
	anna, err := kit.Site.Store.UserByEmail(t.Context(), "anna@demo.test")
	if err != nil {
		t.Fatal(err)
	}
	err = kit.Site.Store.InTx(t.Context(), func(tx paywall.Store) error {
		for i := range n {
			for _, kind := range addressKinds {
				u := storetest.NewUser(fmt.Sprintf("%s-%04d", kind, i))
				u.PasswordHash = anna.PasswordHash
				switch kind {
				case "other":
					continue
				case "fresh":
					u.ConfirmedAt = time.Time{}
				case "ended":
					u.DisabledAt = testkit.Start
				}
				if err := tx.CreateUser(t.Context(), u); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ask is a form in which somebody types an address.
type ask struct {
	name, path string
	form       func(email string) url.Values
	as         string // who is signed in; empty: nobody
}

var asks = []ask{
	{"login", "/login", func(email string) url.Values { return url.Values{"email": {email}, "password": {"wrong-wrong-wrong"}} }, ""},
	{"login code", "/login/code", byEmail, ""},
	{"sign-up", "/signup", byEmail, ""},
	{"sign-up with password", "/signup", func(email string) url.Values {
		return url.Values{"email": {email}, "password": {newPassword}}
	}, ""},
	{"forgot", "/forgot", byEmail, ""},
	{"change of address", "/account/email", byEmail, "ben"},
}

func byEmail(email string) url.Values { return url.Values{"email": {email}} }

// windowSecret and others differ from answer to answer by chance alone.
var byChance = regexp.MustCompile(`usher_window=[A-Z2-7]{52}|(?m)^Date: .*$`)

// masked is an answer and the page it leads to, without chance and address.
func masked(c *testkit.Client, answer *testkit.Answer, email string) string {
	text := fmt.Sprint(answer.Status) + answer.Dump()
	if to := answer.Header.Get("Location"); to != "" {
		text += c.Get(to).Dump()
	}
	text = strings.ReplaceAll(text, email, "ADDRESS")
	return byChance.ReplaceAllString(text, "CHANCE")
}

// TestAlike: no form tells whether an address has an account, in any byte of the
// answer or of the page that follows, also when it is asked again and again.
func TestAlike(t *testing.T) {
	kit := testkit.New(t, noLimits)
	const rounds = 8
	addAlike(t, kit, rounds)
	for _, a := range asks {
		t.Run(a.name, func(t *testing.T) {
			var want string
			for i := range rounds {
				for _, kind := range addressKinds {
					c := kit.Client(t)
					if a.as != "" {
						c = kit.WithSession(t, a.as)
					}
					email := fmt.Sprintf("%s-%04d@example.org", kind, i)
					got := masked(c, c.Post(a.path, a.form(email)), email)
					again := masked(c, c.Post("/code/again", url.Values{}), email)
					if want == "" {
						want = got + again
					}
					if got+again != want {
						t.Fatalf("%s can be told from others:\n%s\n---\n%s", kind, got+again, want)
					}
				}
			}
		})
	}
}

// TestAlike_mail: each asker's address gets one mail, whatever there is at it.
func TestAlike_mail(t *testing.T) {
	kit := testkit.New(t, noLimits)
	addAlike(t, kit, 1)
	for _, want := range []struct {
		path string
		kind map[string]paywall.MailKind
	}{
		{"/login/code", map[string]paywall.MailKind{"known": paywall.MailSignIn, "other": paywall.MailNoAccount, "fresh": paywall.MailSignIn, "ended": paywall.MailDisabled}},
		{"/forgot", map[string]paywall.MailKind{"known": paywall.MailReset, "other": paywall.MailNoAccount, "fresh": paywall.MailReset, "ended": paywall.MailDisabled}},
		{"/signup", map[string]paywall.MailKind{"known": paywall.MailExists, "other": paywall.MailConfirm, "fresh": paywall.MailExists, "ended": paywall.MailDisabled}},
	} {
		for _, kind := range addressKinds {
			email := kind + "-0000@example.org"
			before := len(kit.Letters(t, email))
			kit.Client(t).Post(want.path, byEmail(" "+strings.ToUpper(email[:1])+email[1:]))
			letters := kit.Letters(t, email)
			kit.Clock.Advance(time.Second)
			if len(letters) != before+1 || letters[0].Kind != want.kind[kind] {
				t.Errorf("%s %s: %d mails, the newest %q", want.path, kind, len(letters)-before, letters[0].Kind)
			}
			if letters[0].Kind == paywall.MailNoAccount && letters[0].Code != "" {
				t.Error("a mail to nobody carries a code")
			}
		}
	}
}

// BenchmarkAlike measures whether the time of an answer tells what an address
// is. z is the Mann-Whitney statistic against "known": beyond 3 or so one could
// tell. Run with -benchtime=200x.
func BenchmarkAlike(b *testing.B) {
	for _, a := range asks {
		b.Run(strings.ReplaceAll(a.name, " ", "-"), func(b *testing.B) { benchAlike(b, a) })
	}
}

func benchAlike(b *testing.B, a ask) {
	kit := testkit.New(b, noLimits)
	const accounts = 400
	addAlike(b, kit, accounts)
	clients := map[string]*testkit.Client{}
	for _, kind := range addressKinds {
		clients[kind] = kit.Client(b)
		if a.as != "" {
			clients[kind] = kit.WithSession(b, a.as)
		}
	}
	took := map[string][]time.Duration{}
	for i := 0; b.Loop(); i++ {
		for n := range addressKinds {
			kind := addressKinds[(n+i)%len(addressKinds)] // each kind stands in each place
			form := a.form(fmt.Sprintf("%s-%04d@example.org", kind, i%accounts))
			start := time.Now()
			clients[kind].Post(a.path, form)
			took[kind] = append(took[kind], time.Since(start))
		}
	}
	for _, kind := range addressKinds[1:] {
		b.ReportMetric(rankZ(took["known"], took[kind]), "z-"+kind)
	}
}

// TestGuessing: two hundred wrong passwords, from changing forged addresses and in
// many spellings, get no further than the limit; the right password still works
// from a browser that has signed in before; a restart changes nothing.
func TestGuessing(t *testing.T) {
	kit := testkit.New(t)
	friend := kit.As(t, "anna")
	friend.Post("/logout", url.Values{}).WantStatus(http.StatusSeeOther)
	spellings := []string{"anna@demo.test", "ANNA@demo.test", " Anna@DEMO.TEST ", "anna@demo.test\t"}
	for i := range 40 {
		c := kit.Client(t)
		c.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i))
		c.Post("/login", url.Values{"email": {spellings[i%4]}, "password": {fmt.Sprint("wrong password ", i)}}).
			WantStatus(http.StatusUnprocessableEntity)
	}
	right := url.Values{"email": {"anna@demo.test"}, "password": {demo.Password}}
	stranger := kit.Client(t)
	refused := stranger.Post("/login", right).WantStatus(http.StatusUnprocessableEntity)
	wrong := stranger.Post("/login", url.Values{"email": {"anna@demo.test"}, "password": {"wrong"}}).WantStatus(http.StatusUnprocessableEntity)
	if alike(refused) != alike(wrong) {
		t.Error("a guesser is told that there is a limit, or that the password was right")
	}
	friend.Post("/login", right).WantStatus(http.StatusSeeOther)
	kit.Clock.Advance(2 * time.Hour)
	kit.Client(t).Post("/login", right).WantStatus(http.StatusSeeOther)
}
