package paywall

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxName is the longest name of an account, in characters.
const MaxName = 80

// AuthDeps is what Auth works with.
type AuthDeps struct {
	Store    Store
	Hasher   *Hasher
	Vault    *Vault
	Outbox   *Outbox
	Settings *SiteSettings
	Limits   Limits
	Clock    Clock
	Codes    FactorCodes
	// Passkeys is nil where passkeys cannot work.
	Passkeys  PasskeyVerifier
	Providers []IdentityProvider
	// ReturnURL is the absolute address that another service sends people back
	// to, before the provider's id.
	ReturnURL func(providerID string) string
	// Front and Host name the site: no password is made of them, and
	// authenticator apps show the name.
	Front *Front
	Host  string
}

// Auth knows who people are: it makes accounts, lets people in and changes what
// they prove themselves with.
type Auth struct {
	AuthDeps
	limits *limiter
}

// NewAuth makes the service.
func NewAuth(deps AuthDeps) *Auth {
	return &Auth{AuthDeps: deps, limits: &limiter{deps.Limits, deps.Store, deps.Vault, deps.Clock}}
}

// NewUser is what it takes to make an account.
type NewUser struct {
	Email    string
	Name     string
	Password string // empty: no password login
	Role     Role
}

// CreateConfirmed makes an account whose address needs no confirmation, because
// somebody with the right to do so vouches for it.
func (a *Auth) CreateConfirmed(ctx context.Context, actor Actor, in NewUser) (User, error) {
	user, err := a.prepare(ctx, in)
	if err != nil {
		return User{}, err
	}
	err = a.Store.InTx(ctx, func(tx Store) error {
		if err := tx.CreateUser(ctx, user); err != nil {
			return err
		}
		if user.Role == RoleOwner {
			if err := tx.CloseSetup(ctx, a.Clock()); err != nil {
				return err
			}
		}
		return audit(ctx, tx, a.Clock, actor, "user.create", user.ID, Fact{LabelPerson, user.Email}, Fact{LabelRole, string(user.Role)})
	})
	if errors.Is(err, ErrExists) {
		return User{}, invalidField("email", "user.error.exists").Because(err)
	}
	return user, err
}

func (a *Auth) prepare(ctx context.Context, in NewUser) (User, error) {
	email, err := CanonicalEmail(in.Email)
	if err != nil {
		return User{}, err
	}
	name, err := cleanName(in.Name)
	if err != nil {
		return User{}, err
	}
	user := User{ID: NewID(), Email: email, Name: name, Role: in.Role}
	if in.Password != "" {
		if user.PasswordHash, err = a.newHash(ctx, in.Password, user); err != nil {
			return User{}, err
		}
	}
	user.CreatedAt = a.Clock()
	user.ConfirmedAt = user.CreatedAt
	return user, nil
}

func cleanName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if utf8.RuneCountInString(name) > MaxName || hasControl(name) {
		return "", invalidField("name", "user.error.name")
	}
	return name, nil
}

// newHash makes the hash of a new password after checking its rules.
func (a *Auth) newHash(ctx context.Context, password string, u User) (string, error) {
	if err := a.checkPassword(password, u); err != nil {
		return "", err
	}
	return a.Hasher.Hash(ctx, password)
}

// checkPassword checks the rules for a person's new password.
func (a *Auth) checkPassword(password string, u User) error {
	local, domain, _ := strings.Cut(u.Email, "@")
	return checkNewPassword(password, local, domain, u.Name, a.Front.Name(), a.Host)
}

// SetPassword replaces a person's password and ends all their sessions but the
// one to keep, in one transaction. The person is told by mail.
func (a *Auth) SetPassword(ctx context.Context, actor Actor, email, password, keepSession string) error {
	return a.setPassword(ctx, change{actor: actor, keepSession: keepSession}, email, password)
}

// setPassword is SetPassword with what else is known of the change.
func (a *Auth) setPassword(ctx context.Context, c change, email, password string) error {
	canonical, err := CanonicalEmail(email)
	if err != nil {
		return err
	}
	user, err := a.Store.UserByEmail(ctx, canonical)
	if err != nil {
		return err
	}
	hash, err := a.newHash(ctx, password, user)
	if err != nil {
		return err
	}
	return a.Store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserByEmail(ctx, canonical)
		if err != nil {
			return err
		}
		if c.keepSession != "" {
			if err := stillIn(ctx, tx, c.keepSession); err != nil {
				return err
			}
		}
		user.PasswordHash = hash
		c.user, c.action, c.tell = user, "user.password", MailPassword
		return a.changeCredentials(ctx, tx, c)
	})
}

// Disable switches an account off and ends its sessions. The last owner stays.
func (a *Auth) Disable(ctx context.Context, actor Actor, userID string) error {
	return a.Block(ctx, actor, userID, "")
}

// MaxReason is the longest reason for a block, in characters.
const MaxReason = 300

// Block is Disable with a reason, which staff see and the record keeps.
func (a *Auth) Block(ctx context.Context, actor Actor, userID, reason string) error {
	reason, err := cleanReason(reason)
	if err != nil {
		return err
	}
	return a.Store.InTx(ctx, func(tx Store) error { return a.block(ctx, tx, actor, userID, reason) })
}

func (a *Auth) block(ctx context.Context, tx Store, actor Actor, userID, reason string) error {
	return a.switchAccount(ctx, tx, actor, userID, "user.disable", func(u *User) {
		u.DisabledAt, u.DisabledReason = a.Clock(), reason
	})
}

// Enable switches an account on again.
func (a *Auth) Enable(ctx context.Context, actor Actor, userID string) error {
	return a.Store.InTx(ctx, func(tx Store) error { return a.unblock(ctx, tx, actor, userID) })
}

func (a *Auth) unblock(ctx context.Context, tx Store, actor Actor, userID string) error {
	return a.switchAccount(ctx, tx, actor, userID, "user.enable", func(u *User) {
		u.DisabledAt, u.DisabledReason = time.Time{}, ""
	})
}

func (a *Auth) switchAccount(ctx context.Context, tx Store, actor Actor, userID, action string, do func(*User)) error {
	user, err := tx.UserByID(ctx, userID)
	if err != nil {
		return err
	}
	if user.Deleted() {
		return ErrNotFound
	}
	before := user
	do(&user)
	if user.Disabled() && !before.Disabled() {
		if err := a.keepAnOwner(ctx, tx, user); err != nil {
			return err
		}
	}
	return a.changeCredentials(ctx, tx, change{
		actor: actor, user: user, action: action,
		facts: []Fact{{LabelPerson, user.Email}, {LabelReason, user.DisabledReason}},
	})
}

func cleanReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) > MaxReason || hasControl(reason) {
		return "", invalidField("reason", "member.error.reason")
	}
	return reason, nil
}

// keepAnOwner refuses to let the last owner go.
func (a *Auth) keepAnOwner(ctx context.Context, tx Store, user User) error {
	if user.Role != RoleOwner {
		return nil
	}
	owners, err := tx.CountOwners(ctx)
	if err == nil && owners < 2 {
		err = E(KindInvalid, "data.error.last_owner")
	}
	return err
}

// Unlock lets the counters of an account's limits begin anew.
func (a *Auth) Unlock(ctx context.Context, actor Actor, email string) (User, error) {
	canonical, err := CanonicalEmail(email)
	if err != nil {
		return User{}, err
	}
	user, err := a.Store.UserByEmail(ctx, canonical)
	if err != nil {
		return User{}, err
	}
	if err := a.limits.forget(ctx, user); err != nil {
		return User{}, err
	}
	return user, audit(ctx, a.Store, a.Clock, actor, "user.unlock", user.ID, Fact{LabelPerson, user.Email})
}

// change is a new state of what an account proves itself with.
type change struct {
	actor       Actor
	user        User
	action      string   // for the audit line
	facts       []Fact   // the same; none: the address
	keepSession string   // the session that goes on
	caller      Caller   // whose browser stays known; the zero Caller for somebody else's act
	tell        MailKind // the mail about it; empty: none
	params      MailParams
	to          string // whom to tell; empty: the account's address
}

// changeCredentials stores the account, ends its other sessions, forgets other
// known browsers and open codes, writes the audit line and the mail: whoever knew
// the old credential is out at the same instant.
func (a *Auth) changeCredentials(ctx context.Context, tx Store, c change) error {
	if err := tx.UpdateUser(ctx, c.user); err != nil {
		return err
	}
	if err := tx.DeleteSessionsOf(ctx, c.user.ID, c.keepSession); err != nil {
		return err
	}
	device, err := knownDevice(ctx, tx, c.caller.Known, c.user.ID)
	if err != nil {
		return err
	}
	if err := tx.DeleteDevicesOf(ctx, c.user.ID, device.ID); err != nil {
		return err
	}
	for _, kind := range []ProofKind{ProofSignIn, ProofHanded, ProofReset, ProofAddress, ProofAct} {
		if err := tx.VoidProofs(ctx, kind, "", c.user.ID, a.Clock()); err != nil {
			return err
		}
	}
	if c.facts == nil {
		c.facts = []Fact{{LabelPerson, c.user.Email}}
	}
	if err := audit(ctx, tx, a.Clock, c.actor, c.action, c.user.ID, c.facts...); err != nil {
		return err
	}
	return a.tell(ctx, tx, c)
}

// noteFactor writes down, and tells by mail, that a way in came or went. Other
// sessions end, as with every change of credentials.
func (a *Auth) noteFactor(ctx context.Context, tx Store, c Caller, viewer Viewer, action string, tell MailKind, name string) error {
	user, err := a.holder(ctx, tx, viewer)
	if err != nil {
		return err
	}
	return a.changeCredentials(ctx, tx, change{
		actor: c.actor(user), user: user, action: action, facts: []Fact{{LabelName, name}},
		keepSession: viewer.SessionID, caller: c, tell: tell, params: MailParams{Name: name, Device: c.Device},
	})
}

// safetyPath is the page where people see who is in their account, to which
// notices about it lead.
const safetyPath = "/account/security"

// tell writes the mail about a change, if there is one.
func (a *Auth) tell(ctx context.Context, tx Store, c change) error {
	if c.tell == "" {
		return nil
	}
	c.params.At, c.params.Path = a.Clock(), safetyPath
	letter := letterTo(c.user, c.caller.Language, c.tell, c.params)
	letter.To = cmp.Or(c.to, letter.To)
	return a.Outbox.Put(ctx, tx, letter)
}

// audit adds a line to the record of changes. The facts in it hold no secret.
func audit(ctx context.Context, tx Store, clock Clock, actor Actor, action, subject string, facts ...Fact) error {
	return tx.AddAudit(ctx, AuditEntry{
		ID: NewID(), At: clock(), Actor: actor, Action: action, Subject: subject, Detail: factText(facts),
	})
}
