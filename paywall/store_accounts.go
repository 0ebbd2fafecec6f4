package paywall

import (
	"context"
	"time"
)

// ProofStore keeps what people were asked to prove.
type ProofStore interface {
	CreateProof(ctx context.Context, p Proof) error
	// ProofByLink finds a proof by the hash of its link, in any state.
	ProofByLink(ctx context.Context, linkHash []byte) (Proof, error)
	// ProofByWindow finds the newest proof that a window asked for, in any state.
	ProofByWindow(ctx context.Context, windowHash []byte) (Proof, error)
	// VoidProofs spends the proofs of a kind for an address, or of an account,
	// that nobody used yet. An empty address or account stands for none.
	VoidProofs(ctx context.Context, kind ProofKind, email, userID string, at time.Time) error
	// CountTry counts a try at a proof's code; false when there are none left.
	CountTry(ctx context.Context, id string, most int) (bool, error)
	// SpendProof uses a proof up; ErrNotFound when that was done before.
	SpendProof(ctx context.Context, id string, at time.Time) error
	// OpenProofs lists the unused proofs of a kind, newest first.
	OpenProofs(ctx context.Context, kind ProofKind, now time.Time) ([]Proof, error)
	// DeleteOldProofs removes proofs and challenges that ended before an instant.
	DeleteOldProofs(ctx context.Context, before time.Time) error

	CreateChallenge(ctx context.Context, c Challenge) error
	// ChallengeByID finds a challenge of a kind that a window was asked, also an
	// ended one.
	ChallengeByID(ctx context.Context, id string, kind ChallengeKind, windowHash []byte) (Challenge, error)
	// DeleteChallenge uses a challenge up; ErrNotFound when that was done before.
	DeleteChallenge(ctx context.Context, id string) error

	// Take counts one event against a limit of burst events at once and one more
	// in each interval. It tells whether the event is within it; one that is not
	// does not count.
	Take(ctx context.Context, id string, now time.Time, every time.Duration, burst int) (bool, error)
	// PutBack undoes a Take with the same interval.
	PutBack(ctx context.Context, id string, every time.Duration) error
	// ForgetLimit lets the count of a limit begin anew.
	ForgetLimit(ctx context.Context, id string) error
	// DeleteIdleLimits removes the limits that count nothing any more.
	DeleteIdleLimits(ctx context.Context, now time.Time) error
}

// FactorStore keeps the ways in beside the password.
type FactorStore interface {
	CreatePasskey(ctx context.Context, p Passkey) error
	// PasskeyByID finds a passkey by its credential id.
	PasskeyByID(ctx context.Context, id string) (Passkey, error)
	// PasskeysOf lists a person's passkeys, oldest first.
	PasskeysOf(ctx context.Context, userID string) ([]Passkey, error)
	// UpdatePasskey keeps name, credential and last use of the person's passkey.
	UpdatePasskey(ctx context.Context, p Passkey) error
	// DeletePasskey removes a person's passkey; ErrNotFound if it is not theirs.
	DeletePasskey(ctx context.Context, userID, id string) error

	// PutSecondFactor stores or replaces a person's second factor.
	PutSecondFactor(ctx context.Context, f SecondFactor) error
	SecondFactorOf(ctx context.Context, userID string) (SecondFactor, error)
	// UseStep moves the last used step on; false when it was used already.
	UseStep(ctx context.Context, userID string, step int64) (bool, error)
	// DeleteSecondFactor removes the factor and its recovery codes; removing what
	// is not there is no error.
	DeleteSecondFactor(ctx context.Context, userID string) error
	// PutRecoveryCodes replaces a person's recovery codes.
	PutRecoveryCodes(ctx context.Context, userID string, marks [][]byte) error
	// UseRecoveryCode uses a code up; false when there is none to use.
	UseRecoveryCode(ctx context.Context, userID string, mark []byte, at time.Time) (bool, error)
	// RecoveryCodesLeft counts the unused ones.
	RecoveryCodesLeft(ctx context.Context, userID string) (int, error)

	CreateIdentity(ctx context.Context, i Identity) error
	IdentityBySubject(ctx context.Context, issuer, subject string) (Identity, error)
	// IdentitiesOf lists a person's logins at other services, oldest first.
	IdentitiesOf(ctx context.Context, userID string) ([]Identity, error)
	// TouchIdentity keeps the last use and the address that the service told.
	TouchIdentity(ctx context.Context, i Identity) error
	// DeleteIdentity removes a person's login at a provider; ErrNotFound if none.
	DeleteIdentity(ctx context.Context, userID, issuer, subject string) error

	CreateDevice(ctx context.Context, d Device) error
	DeviceByID(ctx context.Context, id string) (Device, error)
	TouchDevice(ctx context.Context, id string, seen time.Time) error
	// CountDevices counts the browsers a person has signed in with.
	CountDevices(ctx context.Context, userID string) (int, error)
	// DeleteDevicesOf forgets all devices of a person but the one with keepID.
	DeleteDevicesOf(ctx context.Context, userID, keepID string) error
	// DeleteIdleDevices forgets those unseen since an instant.
	DeleteIdleDevices(ctx context.Context, before time.Time) error
}

// MailStore keeps the outbox, which is the mail log as well.
type MailStore interface {
	AddMail(ctx context.Context, m Mail) error
	// ClaimMails takes queued mails that are due, oldest first, and counts the
	// attempt. Until the claim ends nobody else gets them.
	ClaimMails(ctx context.Context, now, until time.Time, limit int) ([]Mail, error)
	// UpdateMail keeps what became of a mail (Sealed, State, NextAt, Answer,
	// SentAt, NotAfter) and ends the claim.
	UpdateMail(ctx context.Context, m Mail) error
	MailByID(ctx context.Context, id string) (Mail, error)
	// Mails lists mails by state (empty: all) whose recipient holds a text,
	// newest first, and tells how many there are in all.
	Mails(ctx context.Context, state MailState, text string, limit, offset int) ([]Mail, int, error)
	// MailTrouble tells how many mails failed since an instant, and how many are
	// queued although they were tried.
	MailTrouble(ctx context.Context, since time.Time) (failed, stuck int, err error)
	// SupersedeMails ends the queued mails of a kind to an address unsent, with a
	// word for the log, and forgets what they said.
	SupersedeMails(ctx context.Context, kind MailKind, to, answer string) error
	// EmptyMails forgets the contents of mails that ended before an instant and
	// are no longer queued.
	EmptyMails(ctx context.Context, now time.Time) error
	// DeleteMail removes a mail; removing one that is gone is no error.
	DeleteMail(ctx context.Context, id string) error
	// DeleteOldMails removes mails made before an instant.
	DeleteOldMails(ctx context.Context, before time.Time) error
}

// FrontStore keeps what the site shows of itself.
type FrontStore interface {
	// SiteTexts gives all texts in all languages, in no order.
	SiteTexts(ctx context.Context) ([]Text, error)
	// PutSiteText stores a text if the stored version is the one before t.Version
	// (1 if there is none yet); else it answers ErrChanged.
	PutSiteText(ctx context.Context, t Text) error
}

// SiteStore keeps what the owner set, and what people agreed to.
type SiteStore interface {
	// SettingValues gives all stored settings by name.
	SettingValues(ctx context.Context) (map[string]string, error)
	PutSetting(ctx context.Context, name, value string, at time.Time) error

	// CreateTerms stores a version; ErrExists when the number is taken.
	CreateTerms(ctx context.Context, t Terms) error
	// AddTermsBody adds or replaces the words of a version in a language.
	AddTermsBody(ctx context.Context, version int, language, body string) error
	// CurrentTerms is the newest version; ErrNotFound when there are none.
	CurrentTerms(ctx context.Context) (Terms, error)
	CreateConsent(ctx context.Context, c Consent) error
	// ConsentsOf lists what a person agreed to, newest first.
	ConsentsOf(ctx context.Context, userID string) ([]Consent, error)

	// CutNetworks forgets where sessions and audit lines before an instant came
	// from.
	CutNetworks(ctx context.Context, before time.Time) error
}
