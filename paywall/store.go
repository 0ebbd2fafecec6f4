package paywall

import (
	"context"
	"time"
)

// Store keeps everything. A lookup answers ErrNotFound when there is no row,
// ErrExists when a unique value is taken, ErrChanged when a version is old;
// any other error is a fault of the database.
type Store interface {
	// InTx runs fn in one write transaction and commits when it returns nil.
	// fn uses only the Store it is given. No network call belongs inside.
	InTx(ctx context.Context, fn func(tx Store) error) error
	// Writable checks that the database takes writes now.
	Writable(ctx context.Context) error

	UserStore
	ItemStore
	CatalogueStore
	GrantStore
	SessionStore
	MintLedger
	AuditStore
	ProofStore
	FactorStore
	MailStore
	SiteStore
	ConnectionStore
	SealedStore
	VoucherStore
	FrontStore
	PersonalStore
	SetupStore
	ProbeStore
	PictureStore
	MemberStore
	JobStore
	ImportStore
	PlayStore
	FigureStore
}

// UserStore keeps accounts. An account that a transaction reads by id or address,
// or counts as an owner, is changed by nobody else before the transaction ends.
type UserStore interface {
	CreateUser(ctx context.Context, u User) error
	// UserByEmail finds an account by its canonical address.
	UserByEmail(ctx context.Context, email string) (User, error)
	UserByID(ctx context.Context, id string) (User, error)
	// UpdateUser replaces every field of the account with u.ID.
	UpdateUser(ctx context.Context, u User) error
	// Staff lists the accounts that run the site, by role and address.
	Staff(ctx context.Context) ([]User, error)
	// CountOwners counts the owners who can sign in.
	CountOwners(ctx context.Context) (int, error)
}

// ItemStore keeps items, their sources and the collections.
type ItemStore interface {
	// Stage finds what playing an item needs, in one query: the item of any
	// state, its sources in order, and the grants of a person that cover it,
	// ended ones too, in no order. What only an owner's form shows is left out:
	// order, version and instants of change, the words of a trouble, and a
	// grant's note, origin and making. userID may be empty.
	Stage(ctx context.Context, slug, userID string) (Item, []Grant, error)
	// ItemBySlug finds an item of any state, with its sources in order.
	ItemBySlug(ctx context.Context, slug string) (Item, error)
	// ItemByID is ItemBySlug by id.
	ItemByID(ctx context.Context, id string) (Item, error)
	// PublishedItems lists what is on, by position and title, without sources.
	PublishedItems(ctx context.Context) ([]Item, error)
	// AllItems lists drafts too, with their sources, by position and title.
	AllItems(ctx context.Context) ([]Item, error)
	// CreateItem stores an item and its sources.
	CreateItem(ctx context.Context, i Item) error
	// UpdateItem replaces an item and its sources if i.Version is the stored
	// version, and raises the version by one; else it answers ErrChanged.
	UpdateItem(ctx context.Context, i Item) error
	// SetSourceTrouble keeps why the last mint failed; "" clears it.
	SetSourceTrouble(ctx context.Context, sourceID, trouble string, at time.Time) error

	CreateCollection(ctx context.Context, c Collection) error
	// Collections lists all by position and title.
	Collections(ctx context.Context) ([]Collection, error)
}

// GrantStore keeps grants.
type GrantStore interface {
	CreateGrant(ctx context.Context, g Grant) error
	GrantByID(ctx context.Context, id string) (Grant, error)
	// GrantsOf lists all grants of a person, newest first.
	GrantsOf(ctx context.Context, userID string) ([]Grant, error)
	// RecentGrants lists grants of everybody with their holders, newest first.
	RecentGrants(ctx context.Context, limit, offset int) ([]GrantLine, error)
	// UpdateGrant keeps the end (Until) and the note of a grant.
	UpdateGrant(ctx context.Context, g Grant) error
	// RevokeGrant ends a grant at an instant; ErrNotFound when there is no such
	// grant or it was taken back before.
	RevokeGrant(ctx context.Context, id string, at time.Time) error
}

// GrantLine is a grant with its holder, for the owner's list.
type GrantLine struct {
	Grant Grant
	Email string // the holder's address
}

// SessionStore keeps signed-in devices.
type SessionStore interface {
	CreateSession(ctx context.Context, s Session) error
	// SessionByID finds a session and its account in one query, also when the
	// session has expired or the account is disabled. The session comes without
	// its device, beginning, network and method, the account without the instants
	// of its making and deletion, its language and the mails it does not want.
	SessionByID(ctx context.Context, id string) (Session, User, error)
	// SessionsOf lists a person's sessions, last seen first.
	SessionsOf(ctx context.Context, userID string) ([]Session, error)
	// TouchSession moves "last seen".
	TouchSession(ctx context.Context, id string, seen time.Time) error
	// ProveSession keeps that the person proved who they are, and whether that
	// makes the session strong; one that is strong stays so.
	ProveSession(ctx context.Context, id string, at time.Time, strong bool) error
	// WeakenSessions makes no session of a person strong any more.
	WeakenSessions(ctx context.Context, userID string) error
	// SetFlash keeps a message for the next page; "" clears it.
	SetFlash(ctx context.Context, id, flash string) error
	// DeleteSession ends one session; ending one that is gone is no error.
	DeleteSession(ctx context.Context, id string) error
	// DeleteSessionOf ends a session if it is the person's, else ErrNotFound.
	DeleteSessionOf(ctx context.Context, userID, id string) error
	// DeleteSessionsOf ends all sessions of a person but the one with keepID.
	DeleteSessionsOf(ctx context.Context, userID, keepID string) error
	// DeleteDeadSessions removes sessions past their end or unseen since
	// idleSince, at most limit, and tells how many there were.
	DeleteDeadSessions(ctx context.Context, now, idleSince time.Time, limit int) (int, error)
}

// MintLedger counts the calls to Infomaniak over all nodes.
type MintLedger interface {
	// LeaseMints takes up to want calls out of limit. Leases whose Expires has
	// passed no longer count, nor do those that lie more than MaxLease ahead. When nothing is left, Got is 0 and NextFree tells
	// when the earliest lease that still counts expires.
	LeaseMints(ctx context.Context, now time.Time, want, limit int, expires time.Time) (Lease, error)
}

// Lease is the answer of LeaseMints.
type Lease struct {
	Got      int
	NextFree time.Time
}

// AuditStore keeps the record of changes.
type AuditStore interface {
	AddAudit(ctx context.Context, e AuditEntry) error
	// AuditOf lists what a person did and what was done to their account, newest
	// first.
	AuditOf(ctx context.Context, userID string, limit int) ([]AuditEntry, error)
	// RecentAudit lists lines, newest first.
	RecentAudit(ctx context.Context, limit, offset int) ([]AuditEntry, error)
	RecordStore
}
