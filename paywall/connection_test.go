package paywall_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"usher/paywall"
)

// apiToken has the length of a real one.
const apiToken = "KjH3-dD_0pYz7KjH3-dD_0pYz7KjH3-dD_0pYz7KjH3-dD_0pYz7KjH3-dD_0pYz7ab9Z"

func connectionOf(s *site) *paywall.Connection {
	return paywall.NewConnection(s, theVault(), paywall.Credentials{}, s.clock.Now)
}

func goodConnection() paywall.ConnectionInput {
	return paywall.ConnectionInput{Token: paywall.NewSecret(" " + apiToken + "\n"), Account: " 48213 ", VODStyle: paywall.VODStylePub}
}

func TestConnection_Change(t *testing.T) {
	s := newSite(t)
	c := connectionOf(s)
	empty := get(c.Get(t.Context()))(t)
	wantSame(t, empty, paywall.ConnectionState{VODStyle: paywall.VODStyleV1})

	must(t, c.Change(t.Context(), by, goodConnection()))
	state := get(c.Get(t.Context()))(t)
	wantSame(t, state, paywall.ConnectionState{
		Set: true, Ending: "ab9Z", Account: "48213", VODStyle: paywall.VODStylePub, ChangedAt: opening, ChangedBy: by.Name,
	})
	s.wantAudit(t, paywall.AuditEntry{
		At: opening, Actor: by, Action: "connection.change", Subject: "infomaniak",
		Detail: "token: set\norganisation: none → 48213\nvideo addresses: v1 → pub",
	})
	used := get(c.Credentials(t.Context()))(t)
	if used.Token.Reveal() != apiToken || used.Account != "48213" || used.VODStyle != paywall.VODStylePub {
		t.Errorf("credentials %+v", used)
	}
}

// An empty field keeps the token; nothing new writes nothing.
func TestConnection_ChangeKeepsTheToken(t *testing.T) {
	s := newSite(t)
	c := connectionOf(s)
	must(t, c.Change(t.Context(), by, goodConnection()))
	s.clock.Pass(time.Hour)
	in := goodConnection()
	in.Token = paywall.Secret{}
	must(t, c.Change(t.Context(), by, in))
	if lines := s.audit(t); len(lines) != 1 {
		t.Errorf("saving without a change is audited: %+v", lines)
	}
	if state := get(c.Get(t.Context()))(t); !state.ChangedAt.Equal(opening) || !state.Set {
		t.Errorf("state %+v", state)
	}
	in.Account = ""
	must(t, c.Change(t.Context(), by, in))
	used := get(c.Credentials(t.Context()))(t)
	if used.Token.Reveal() != apiToken || used.Account != "" {
		t.Errorf("credentials %+v", used)
	}
}

func TestConnection_ChangeRefused(t *testing.T) {
	s := newSite(t)
	c := connectionOf(s)
	err := c.Change(t.Context(), by, paywall.ConnectionInput{
		Token: paywall.NewSecret("two words"), Account: "my company", VODStyle: "v3",
	})
	wantInvalid(t, err, map[string]string{
		"token": "connection.error.token", "account": "connection.error.account", "vod_style": "connection.error.style",
	})
	in := goodConnection()
	in.Token = paywall.NewSecret(strings.Repeat("a", 501))
	wantInvalid(t, c.Change(t.Context(), by, in), map[string]string{"token": "connection.error.token"})
	if lines := s.audit(t); len(lines) != 0 {
		t.Errorf("audit %+v", lines)
	}
}

// No byte of the token stands in the database or in the record of changes.
func TestConnection_TokenIsSealed(t *testing.T) {
	s := newSite(t)
	c := connectionOf(s)
	must(t, c.Change(t.Context(), by, goodConnection()))
	stored := get(s.Connection(t.Context()))(t)
	if strings.Contains(string(stored.Sealed), apiToken[:8]) {
		t.Error("the token is stored in clear")
	}
	for _, line := range s.audit(t) {
		if strings.Contains(line.Detail, apiToken[:4]) || strings.Contains(line.Detail, "ab9Z") {
			t.Errorf("the record holds the token: %s", line.Detail)
		}
	}
}

func TestConnection_Forget(t *testing.T) {
	s := newSite(t)
	c := connectionOf(s)
	must(t, c.Forget(t.Context(), by)) // there is nothing to forget
	must(t, c.Change(t.Context(), by, goodConnection()))
	s.clock.Pass(time.Second)
	must(t, c.Forget(t.Context(), by))
	if used := get(c.Credentials(t.Context()))(t); !used.Token.Empty() {
		t.Error("the token is still used")
	}
	state := get(c.Get(t.Context()))(t)
	if state.Set || state.Account != "48213" {
		t.Errorf("state %+v", state)
	}
	if lines := s.audit(t); lines[1].Action != "connection.forget" || lines[1].Detail != "token: removed" {
		t.Errorf("audit %+v", lines)
	}
}

// Where the operator gave a token, nothing stored counts.
func TestConnection_OfTheOperator(t *testing.T) {
	s := newSite(t)
	must(t, connectionOf(s).Change(t.Context(), by, goodConnection()))
	given := paywall.Credentials{Token: paywall.NewSecret(strings.Repeat("x", 40) + "oper"), Account: "7"}
	c := paywall.NewConnection(s, theVault(), given, s.clock.Now)
	wantSame(t, get(c.Credentials(t.Context()))(t), given)
	wantSame(t, get(c.Get(t.Context()))(t), paywall.ConnectionState{
		Set: true, ByOperator: true, Ending: "oper", Account: "7", VODStyle: paywall.VODStyleV1,
	})
	wantInvalid(t, c.Change(t.Context(), by, goodConnection()), map[string]string{"token": "connection.error.operator"})
	if err := c.Forget(t.Context(), by); paywall.KindOf(err) != paywall.KindInvalid {
		t.Errorf("forgetting the operator's token: %v", err)
	}
}

// A token that the key does not open is a cause of its own.
func TestConnection_KeyLost(t *testing.T) {
	s := newSite(t)
	must(t, connectionOf(s).Change(t.Context(), by, goodConnection()))
	other := get(paywall.NewVault(paywall.NewSecret("another key, as long")))(t)
	c := paywall.NewConnection(s, other, paywall.Credentials{}, s.clock.Now)
	_, err := c.Credentials(t.Context())
	wantErr(t, err, paywall.ErrSealed)
	if state := get(c.Get(t.Context()))(t); !state.Set || !state.Sealed || state.Ending != "" {
		t.Errorf("state %+v", state)
	}
	must(t, c.Change(t.Context(), by, goodConnection())) // pasting it again mends it
	if used := get(c.Credentials(t.Context()))(t); used.Token.Reveal() != apiToken {
		t.Error("a new token is not used")
	}
}

// askedStore counts the questions to the database, which can be made to fail.
type askedStore struct {
	paywall.Store
	asked atomic.Int64
	fail  atomic.Bool
}

func (c *askedStore) Connection(ctx context.Context) (paywall.StoredConnection, error) {
	c.asked.Add(1)
	if c.fail.Load() {
		return paywall.StoredConnection{}, paywall.E(paywall.KindUnavailable, "error.database")
	}
	return c.Store.Connection(ctx)
}

// A mint asks the database at most every three seconds. A change is used at once
// on this node, and within that time on another.
func TestConnection_CredentialsInMemory(t *testing.T) {
	s := newSite(t)
	here, there := &askedStore{Store: s}, &askedStore{Store: s}
	one := paywall.NewConnection(here, theVault(), paywall.Credentials{}, s.clock.Now)
	two := paywall.NewConnection(there, theVault(), paywall.Credentials{}, s.clock.Now)
	for range 100 {
		if used := get(two.Credentials(t.Context()))(t); !used.Token.Empty() {
			t.Fatal("a token out of nowhere")
		}
	}
	if there.asked.Load() != 1 {
		t.Errorf("%d questions for 100 mints", there.asked.Load())
	}
	must(t, one.Change(t.Context(), by, goodConnection()))
	if used := get(one.Credentials(t.Context()))(t); used.Token.Reveal() != apiToken {
		t.Error("the node that changed the token does not use it at once")
	}
	s.clock.Pass(3 * time.Second)
	first := get(two.Credentials(t.Context()))(t)
	if first.Token.Reveal() != apiToken {
		t.Error("another node does not use it after three seconds")
	}
	s.clock.Pass(3 * time.Second)
	if again := get(two.Credentials(t.Context()))(t); again != first {
		t.Error("the same token read again is another secret")
	}
	s.clock.Pass(-time.Hour)
	get(two.Credentials(t.Context()))(t)
	if there.asked.Load() != 4 {
		t.Errorf("%d questions, want 4: a clock set back makes nothing fresh for ever", there.asked.Load())
	}
}

// While the database does not answer, listeners go on with what is known.
func TestConnection_DatabaseDown(t *testing.T) {
	s := newSite(t)
	store := &askedStore{Store: s}
	c := paywall.NewConnection(store, theVault(), paywall.Credentials{}, s.clock.Now)
	store.fail.Store(true)
	if _, err := c.Credentials(t.Context()); paywall.KindOf(err) != paywall.KindUnavailable {
		t.Errorf("error = %v", err)
	}
	store.fail.Store(false)
	must(t, c.Change(t.Context(), by, goodConnection()))
	get(c.Credentials(t.Context()))(t)
	store.fail.Store(true)
	s.clock.Pass(time.Minute)
	if used, err := c.Credentials(t.Context()); err != nil || used.Token.Reveal() != apiToken {
		t.Errorf("credentials %+v, %v", used, err)
	}
}

// checking is a supplier that can do nothing but check.
type checking struct {
	paywall.Supplier
	with    paywall.Credentials
	sources []paywall.Source
	report  paywall.ConnectionReport
	after   func() // called when all is found out
	err     error
}

func (c *checking) Check(_ context.Context, with paywall.Credentials, sources []paywall.Source) (paywall.ConnectionReport, error) {
	c.with, c.sources = with, sources
	if c.after != nil {
		c.after()
	}
	return c.report, c.err
}

// A check is made with one source of each kind, and kept until the next change.
func TestConnection_Check(t *testing.T) {
	s := newSite(t)
	c := connectionOf(s)
	stream := paywall.Source{ID: "a", Kind: paywall.SourceStream, URL: "https://a.ice.infomaniak.ch/a.mp3", Ref: "a.mp3"}
	other := paywall.Source{ID: "b", Kind: paywall.SourceStream, URL: "https://b.ice.infomaniak.ch/b.mp3", Ref: "b.mp3"}
	video := paywall.Source{ID: "c", Kind: paywall.SourceVOD, Ref: "1jhvl2uqconc1", Channel: "1227"}
	s.addItem(t, "a-draft", draft, func(i *paywall.Item) { i.Sources = []paywall.Source{stream} })
	s.addItem(t, "on-air", func(i *paywall.Item) { i.Sources = []paywall.Source{other} })
	s.addItem(t, "film", draft, func(i *paywall.Item) { i.Kind, i.Sources = paywall.KindVideo, []paywall.Source{video} })

	supplier := &checking{report: paywall.ConnectionReport{
		At: opening, Accounts: []paywall.SupplierAccount{{ID: "48213", Name: "Radio"}},
		Points: []paywall.CheckPoint{{
			Ability: paywall.AbilityRadio, Found: paywall.FoundNo, Key: "connection.check.radio.no",
			Args: []any{"Name", "x"}, Trouble: paywall.TroubleRights, Detail: "not_authorized",
		}},
	}}
	_, err := c.Check(t.Context(), supplier)
	wantInvalid(t, err, map[string]string{"token": "connection.error.first"})
	must(t, c.Change(t.Context(), by, goodConnection()))
	got := get(c.Check(t.Context(), supplier))(t)
	wantSame(t, got, supplier.report)
	if len(supplier.sources) != 2 || supplier.sources[0].Ref != "b.mp3" || supplier.sources[1].Ref != video.Ref {
		t.Errorf("checked with %+v", supplier.sources)
	}
	wantSame(t, get(c.Get(t.Context()))(t).Report, supplier.report)
	changed := goodConnection()
	changed.Account = "7"
	must(t, c.Change(t.Context(), by, changed))
	wantSame(t, get(c.Get(t.Context()))(t).Report, paywall.ConnectionReport{})

	// What was found out is kept also when no time is left.
	ctx, cancel := context.WithCancel(t.Context())
	supplier.after = cancel
	get(c.Check(ctx, supplier))(t)
	wantSame(t, get(c.Get(t.Context()))(t).Report, supplier.report)

	supplier.err = errors.New("gave up")
	if _, err := c.Check(t.Context(), supplier); !errors.Is(err, supplier.err) {
		t.Errorf("error = %v", err)
	}
}
