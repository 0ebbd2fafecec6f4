package paywall

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// VODStyle is the address style of the VOD token call. Infomaniak documents two
// for the same operation.
type VODStyle string

// The styles of the VOD token call.
const (
	VODStyleV1  VODStyle = "v1"  // of the OpenAPI file
	VODStylePub VODStyle = "pub" // of FAQ 1366
)

// Valid tells whether it is one of the two.
func (s VODStyle) Valid() bool { return s == VODStyleV1 || s == VODStylePub }

// Credentials are what calls to the supplier are made with.
type Credentials struct {
	Token    Secret   // empty: none is set
	Account  string   // number of the organisation; may be empty
	VODStyle VODStyle // empty means VODStyleV1
}

// same tells whether calls with both are the same.
func (c Credentials) same(other Credentials) bool {
	return c.Token.Reveal() == other.Token.Reveal() && c.Account == other.Account && c.VODStyle == other.VODStyle
}

// StoredConnection is the way to the supplier as the database keeps it.
type StoredConnection struct {
	Sealed    []byte // the API token; empty: none
	Account   string
	VODStyle  VODStyle
	ChangedAt time.Time
	Report    []byte // the last check, as JSON; empty after a change
}

// ConnectionStore keeps the one connection of the site.
type ConnectionStore interface {
	// Connection is ErrNotFound until PutConnection.
	Connection(ctx context.Context) (StoredConnection, error)
	// PutConnection stores or replaces it.
	PutConnection(ctx context.Context, c StoredConnection) error
	// PutConnectionReport keeps a check of what was stored at ChangedAt; a check
	// of something else is dropped without a word.
	PutConnectionReport(ctx context.Context, changedAt time.Time, report []byte) error
}

// loginLife is how old the credentials in memory may get: a change on one node
// holds on all others after this. A mint must not cost a query more.
const loginLife = 3 * time.Second

// loginDeadline bounds the reading of the credentials.
const loginDeadline = time.Second

// sealedPlace is the Vault's place of the API token.
const sealedPlace = "infomaniak token"

// connectionSubject is what audit lines about the connection name.
const connectionSubject = "infomaniak"

// Connection keeps the API token and what belongs to it. Where the operator gave
// a token in the environment, that one holds, and nothing stored does.
type Connection struct {
	store    Store
	vault    *Vault
	operator Credentials
	clock    Clock

	cached  atomic.Pointer[login] // nil: nothing is known
	changes atomic.Int64          // grows with each change on this node
	reading sync.Mutex            // held while the database is asked
}

// login is what was read last.
type login struct {
	Credentials
	err    error
	readAt time.Time
}

// fresh tells whether it may be used without asking again.
func (l *login) fresh(now time.Time) bool {
	if l == nil {
		return false
	}
	age := now.Sub(l.readAt)
	return age >= 0 && age < loginLife
}

// NewConnection makes the service. The operator's credentials count when they
// hold a token.
func NewConnection(store Store, vault *Vault, operator Credentials, clock Clock) *Connection {
	return &Connection{store: store, vault: vault, operator: operator, clock: clock}
}

// ConnectionState is what an owner may see of the connection. It never holds the
// token.
type ConnectionState struct {
	Set        bool   // there is a token
	ByOperator bool   // it comes from the environment and cannot be changed here
	Sealed     bool   // it is stored, and does not open with the key of this server
	Ending     string // the last characters of a token, to tell it from others
	Account    string
	VODStyle   VODStyle
	// ChangedAt and ChangedBy tell of the last change; zero and empty when there
	// was none.
	ChangedAt time.Time
	ChangedBy string
	// Report is the last check of what is set; its At is zero when there is none.
	Report ConnectionReport
}

// Get tells how the connection is set.
func (c *Connection) Get(ctx context.Context) (ConnectionState, error) {
	stored, err := c.stored(ctx, c.store)
	if err != nil {
		return ConnectionState{}, err
	}
	used, sealed := c.used(stored)
	state := ConnectionState{
		Set: !used.Token.Empty() || sealed != nil, ByOperator: !c.operator.Token.Empty(), Sealed: sealed != nil,
		Ending: ending(used.Token), Account: used.Account, VODStyle: used.VODStyle, Report: c.reportOf(stored, used),
	}
	if !state.VODStyle.Valid() {
		state.VODStyle = VODStyleV1
	}
	if stored.ChangedAt.IsZero() || state.ByOperator {
		return state, nil
	}
	state.ChangedAt = stored.ChangedAt
	lines, err := c.store.AuditOf(ctx, connectionSubject, 1)
	if len(lines) > 0 {
		state.ChangedBy = lines[0].Actor.Name
	}
	return state, err
}

// used are the operator's credentials, or else the stored ones. ErrSealed says that
// the stored token does not open; the rest is given all the same.
func (c *Connection) used(stored StoredConnection) (Credentials, error) {
	if !c.operator.Token.Empty() {
		return c.operator, nil
	}
	used := Credentials{Account: stored.Account, VODStyle: stored.VODStyle}
	if len(stored.Sealed) == 0 {
		return used, nil
	}
	token, err := c.vault.Open(sealedPlace, stored.Sealed)
	used.Token = NewSecret(string(token))
	return used, err
}

// stored is the stored connection, or an empty one.
func (c *Connection) stored(ctx context.Context, store Store) (StoredConnection, error) {
	stored, err := store.Connection(ctx)
	if errors.Is(err, ErrNotFound) {
		return StoredConnection{VODStyle: VODStyleV1}, nil
	}
	return stored, err
}

// ending is how a token ends. Of a short text it tells nothing: it is none of
// Infomaniak's, which have about 70 characters.
func ending(token Secret) string {
	const told, least = 4, 24
	text := token.Reveal()
	if len(text) < least {
		return ""
	}
	return text[len(text)-told:]
}

// ConnectionInput is what an owner sets.
type ConnectionInput struct {
	Token    Secret // empty: as it is
	Account  string
	VODStyle VODStyle
}

var accountForm = regexp.MustCompile(`^[0-9]{0,12}$`)

// trimmed is the input without what copy and paste brings along.
func (in ConnectionInput) trimmed() ConnectionInput {
	in.Token = NewSecret(strings.TrimSpace(in.Token.Reveal()))
	in.Account = strings.TrimSpace(in.Account)
	return in
}

// Change stores a connection without a test: see Propose. What is set holds on this
// node at once, and on the others within seconds.
func (c *Connection) Change(ctx context.Context, actor Actor, in ConnectionInput) error {
	in = in.trimmed()
	if err := c.validate(in); err != nil {
		return err
	}
	return c.put(ctx, actor, in, nil)
}

// put stores a valid input, and the report of its test if there was one.
func (c *Connection) put(ctx context.Context, actor Actor, in ConnectionInput, report []byte) error {
	return c.change(ctx, report, func(tx Store, stored *StoredConnection) (changed bool, err error) {
		var told []Fact
		if used, _ := c.used(*stored); !in.Token.Empty() && in.Token.Reveal() != used.Token.Reveal() {
			told = append(told, tokenFact(len(stored.Sealed) > 0))
			stored.Sealed = c.vault.Seal(sealedPlace, []byte(in.Token.Reveal()))
		}
		told = append(told, changes(
			[]Fact{{LabelOrganisation, orNone(stored.Account)}, {LabelVODStyle, string(stored.VODStyle)}},
			[]Fact{{LabelOrganisation, orNone(in.Account)}, {LabelVODStyle, string(in.VODStyle)}})...)
		stored.Account, stored.VODStyle = in.Account, in.VODStyle
		if len(told) == 0 {
			return false, nil
		}
		return true, audit(ctx, tx, c.clock, actor, "connection.change", connectionSubject, told...)
	})
}

// Forget drops the stored token; dropping one that is gone is no error. Nobody can
// start to play until there is another.
func (c *Connection) Forget(ctx context.Context, actor Actor) error {
	if !c.operator.Token.Empty() {
		return E(KindInvalid, "connection.error.operator")
	}
	return c.change(ctx, nil, func(tx Store, stored *StoredConnection) (changed bool, err error) {
		if len(stored.Sealed) == 0 {
			return false, nil
		}
		stored.Sealed = nil
		return true, audit(ctx, tx, c.clock, actor, "connection.forget", connectionSubject, Fact{LabelToken, factRemoved})
	})
}

// change stores what fn makes of the stored connection, if it changes it, with the
// report of a test of that.
func (c *Connection) change(ctx context.Context, report []byte, fn func(tx Store, stored *StoredConnection) (changed bool, err error)) error {
	err := c.store.InTx(ctx, func(tx Store) error {
		stored, err := c.stored(ctx, tx)
		if err != nil {
			return err
		}
		changed, err := fn(tx, &stored)
		if err != nil || !changed {
			return err
		}
		stored.ChangedAt, stored.Report = c.clock(), report
		return tx.PutConnection(ctx, stored)
	})
	// Also after an error: the commit may have come through.
	c.changes.Add(1)
	c.cached.Store(nil)
	return err
}

// tokenFact tells that there is another token, and nothing of it.
func tokenFact(replaced bool) Fact {
	if replaced {
		return Fact{LabelToken, factReplaced}
	}
	return Fact{LabelToken, factSet}
}

func (c *Connection) validate(in ConnectionInput) error {
	fields := map[string]string{}
	if CheckAPIToken(in.Token) != nil {
		fields["token"] = "connection.error.token"
	}
	if !c.operator.Token.Empty() {
		fields["token"] = "connection.error.operator"
	}
	if !accountForm.MatchString(in.Account) {
		fields["account"] = "connection.error.account"
	}
	if !in.VODStyle.Valid() {
		fields["vod_style"] = "connection.error.style"
	}
	return invalidFields(fields)
}

// maxAPIToken bounds a token in bytes. Infomaniak's have about 70.
const maxAPIToken = 500

// CheckAPIToken finds the usual slips of copy and paste. Its words never hold any
// part of the token.
func CheckAPIToken(token Secret) error {
	text := token.Reveal()
	if len(text) > maxAPIToken {
		return errors.New("it is longer than any token is")
	}
	for i := range len(text) {
		if text[i] <= ' ' || text[i] >= 0x7f {
			return errors.New("it holds a space, a line break or a letter that no token has; copy it once more")
		}
	}
	return nil
}

// Credentials are what the next call is made with. They are at most a few
// seconds old; while the database does not answer, older ones do. ErrSealed says
// that the stored token does not open.
func (c *Connection) Credentials(ctx context.Context) (Credentials, error) {
	if !c.operator.Token.Empty() {
		return c.operator, nil
	}
	known := c.cached.Load()
	if known.fresh(c.clock()) {
		return known.Credentials, known.err
	}
	if known == nil {
		c.reading.Lock()
	} else if !c.reading.TryLock() {
		return known.Credentials, known.err // somebody asks already
	}
	defer c.reading.Unlock()
	return c.read(ctx)
}

// read asks the database, unless somebody else has just done it.
func (c *Connection) read(ctx context.Context) (Credentials, error) {
	changes, known, now := c.changes.Load(), c.cached.Load(), c.clock()
	if known.fresh(now) {
		return known.Credentials, known.err
	}
	// For all who wait: whoever came first may leave.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loginDeadline)
	defer cancel()
	var read *login
	stored, err := c.stored(ctx, c.store)
	switch {
	case err == nil:
		read = c.open(stored, known, now)
	case known != nil:
		slog.WarnContext(ctx, "the API token in memory is used on", "error", err)
		read = &login{known.Credentials, known.err, now}
	default:
		return Credentials{}, err
	}
	c.cached.Store(read)
	if c.changes.Load() != changes {
		c.cached.Store(nil) // what was read may be older than the change
	}
	return read.Credentials, read.err
}

// open unseals a stored connection.
func (c *Connection) open(stored StoredConnection, known *login, now time.Time) *login {
	used, err := c.used(stored)
	if known != nil && known.Token.Reveal() == used.Token.Reveal() {
		used.Token = known.Token // so that users see that nothing has changed
	}
	return &login{Credentials: used, err: err, readAt: now}
}
