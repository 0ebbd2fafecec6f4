package paywall

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// payload is what a proof keeps, sealed, for when it is used.
type payload struct {
	PasswordHash string    `json:",omitempty"` // chosen at sign-up
	Language     string    `json:",omitempty"`
	Terms        int       `json:",omitempty"` // version agreed to at sign-up
	Identity     *Identity `json:",omitempty"` // another service's login to connect
	Method       Method    `json:",omitempty"` // of a sign-in; empty: mail
	Session      string    `json:",omitempty"` // that asked for a new address
	Promise      *promise  `json:",omitempty"` // what an invited person's account opens
	// Voucher is the code that invited somebody, for their account to redeem.
	Voucher RedeemInput `json:",omitzero"`
}

// method is the way in that using the proof is.
func (p payload) method() Method {
	if p.Method == "" {
		return MethodMail
	}
	return p.Method
}

// request is something that somebody is to prove, and the mail about it. Every
// request for an address writes the same rows, whatever there is at the address:
// neither the answer nor its time tells.
type request struct {
	kind     ProofKind
	user     User   // zero: no account
	email    string // where the mail goes
	next     string
	payload  payload
	letter   MailKind
	params   MailParams
	linkLife time.Duration
	noCode   bool   // the link alone
	noLink   bool   // the code alone
	inert    bool   // there is nothing to prove: the mail only says so
	viewer   Viewer // who asks, where that matters
}

// ask mails a proof to an address if the limits allow one more mail. If not, the
// window gets a proof that nothing opens, so that it sees no difference; unless
// it waits for such a mail already, whose code then goes on working.
func (a *Auth) ask(ctx context.Context, c Caller, r request) error {
	device, err := a.knownHere(ctx, c, r.viewer, r.user.ID)
	if err != nil {
		return err
	}
	if r.email != r.user.Email {
		device = Device{} // of another address nobody is known to be the owner
	}
	within, err := a.limits.mail(ctx, c, device, r.email)
	if err != nil {
		return err
	}
	if !within {
		// The window gets a row all the same, but not without end.
		if err := a.limits.form(ctx, c); err != nil {
			return err
		}
	}
	return a.Store.InTx(ctx, func(tx Store) error {
		if within {
			return a.mailProof(ctx, tx, c, r)
		}
		p, err := tx.ProofByWindow(ctx, hashSecret(c.Window))
		if err == nil && p.Kind == r.kind && p.Email == r.email && p.live(a.Clock()) {
			return nil
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		r.inert = true
		_, err = a.newProof(ctx, tx, c, r)
		return err
	})
}

// mailProof makes a proof, voids the older ones of its kind, and puts its mail
// into the outbox.
func (a *Auth) mailProof(ctx context.Context, tx Store, c Caller, r request) error {
	if err := tx.VoidProofs(ctx, r.kind, r.email, r.user.ID, a.Clock()); err != nil {
		return err
	}
	// A mail that still waits would bring a code that no longer works.
	if err := tx.SupersedeMails(ctx, r.letter, r.email, "a newer mail took its place"); err != nil {
		return err
	}
	params, err := a.newProof(ctx, tx, c, r)
	if err != nil {
		return err
	}
	letter := letterTo(r.user, c.Language, r.letter, params)
	letter.To, letter.NotAfter = r.email, a.Clock().Add(r.linkLife)
	return a.Outbox.Put(ctx, tx, letter)
}

// newProof stores a proof and answers what its mail says. The code and the link
// of an inert one are thrown away.
func (a *Auth) newProof(ctx context.Context, tx Store, c Caller, r request) (MailParams, error) {
	id, code, link, now := NewID(), newCode(), newSecret(), a.Clock()
	if r.inert || r.noCode {
		code = newSecret() // no digits are it
	}
	kept, err := a.Vault.sealJSON("proof "+id, r.payload)
	if err != nil {
		return MailParams{}, err
	}
	err = tx.CreateProof(ctx, Proof{
		ID: id, Kind: r.kind, UserID: r.user.ID, Email: r.email, WindowHash: hashSecret(c.Window),
		CodeMark: a.Vault.Mark("code "+id, code), LinkHash: hashSecret(link), Next: r.next,
		Payload: kept, CreatedAt: now,
		CodeUntil: now.Add(min(CodeLife, r.linkLife)), ExpiresAt: now.Add(r.linkLife),
	})
	params := r.params
	if r.inert {
		return params, err
	}
	params.Valid = r.linkLife
	if !r.noCode {
		params.Code = code
		params.Valid, params.LinkValid = min(CodeLife, r.linkLife), r.linkLife
	}
	if !r.noLink {
		params.Path = LinkPath(link)
	}
	return params, err
}

// LinkPath is the page that a mailed link leads to.
func LinkPath(secret string) string { return "/link/" + secret }

// newCode makes six digits, each equally likely.
func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // never, see crypto/rand
	}
	return fmt.Sprintf("%06d", n)
}

// Answer is what somebody typed beside the code, or on the page of a link.
type Answer struct {
	Password string // the new one, where one is asked for
}

// errCode is the same for a wrong code, an old one and one tried too often.
func errCode() *Error { return invalidField("code", "code.error.wrong") }

// UseCode goes on with the code that the caller's window asked for.
func (a *Auth) UseCode(ctx context.Context, c Caller, viewer Viewer, code string, in Answer) (ProofKind, Outcome, error) {
	p, err := a.Pending(ctx, c)
	if errors.Is(err, ErrNotFound) {
		return "", Outcome{}, errCode().Because(err)
	}
	if err != nil {
		return "", Outcome{}, err
	}
	if err := a.checkAnswer(p, in); err != nil {
		return p.Kind, Outcome{}, err
	}
	if err := a.checkCode(ctx, c, viewer, p, code); err != nil {
		return p.Kind, Outcome{}, err
	}
	ready, err := a.prepareAnswer(ctx, c, p, in)
	if err != nil {
		return p.Kind, Outcome{}, err
	}
	o, err := a.open(ctx, opening{caller: c, viewer: viewer, proof: p, hash: ready, sameWindow: true})
	return p.Kind, o, err
}

// checkCode counts the try before it compares, so that tries at the same time
// are not more than those one after the other.
func (a *Auth) checkCode(ctx context.Context, c Caller, viewer Viewer, p Proof, code string) error {
	device, err := a.knownHere(ctx, c, viewer, p.UserID)
	if err != nil {
		return err
	}
	within, err := a.limits.code(ctx, device, p.Email)
	if err != nil {
		return err
	}
	counted, err := a.Store.CountTry(ctx, p.ID, MaxCodeTries)
	if err != nil {
		return err
	}
	right := subtle.ConstantTimeCompare(p.CodeMark, a.Vault.Mark("code "+p.ID, digits(code))) == 1
	if !within || !counted || !right || !p.codeLive(a.Clock()) {
		return errCode()
	}
	return nil
}

// digits drops what people type between the digits of a code.
func digits(code string) string {
	kept := make([]byte, 0, len(code))
	for i := range len(code) {
		if '0' <= code[i] && code[i] <= '9' {
			kept = append(kept, code[i])
		}
	}
	return string(kept)
}

// errLink is the same for an unknown, a used and an old link.
func errLink() *Error { return E(KindInvalid, "link.error.over") }

// UseLink goes on with a mailed link.
func (a *Auth) UseLink(ctx context.Context, c Caller, viewer Viewer, secret string, in Answer) (ProofKind, Outcome, error) {
	p, err := a.Link(ctx, secret)
	if err != nil {
		return p.Kind, Outcome{}, err
	}
	ready, err := a.prepareAnswer(ctx, c, p, in)
	if err != nil {
		return p.Kind, Outcome{}, err
	}
	o, err := a.open(ctx, opening{caller: c, viewer: viewer, proof: p, hash: ready, sameWindow: a.AskedBy(c, p)})
	return p.Kind, o, err
}

// Link finds what a mailed link opens, without opening it: scanners of mail look
// at links too. One that is over is KindInvalid and comes with its kind.
func (a *Auth) Link(ctx context.Context, secret string) (Proof, error) {
	p, err := a.Store.ProofByLink(ctx, hashSecret(secret))
	if errors.Is(err, ErrNotFound) {
		return Proof{}, errLink().Because(err)
	}
	if err != nil {
		return Proof{}, err
	}
	if !p.live(a.Clock()) {
		return Proof{Kind: p.Kind}, errLink()
	}
	return p, nil
}

// Pending is the newest proof that the caller's window waits for; ErrNotFound
// when it waits for none.
func (a *Auth) Pending(ctx context.Context, c Caller) (Proof, error) {
	if c.Window == "" {
		return Proof{}, ErrNotFound
	}
	return a.Store.ProofByWindow(ctx, hashSecret(c.Window))
}

// AskedBy tells whether the caller's window is the one that asked for a proof.
func (a *Auth) AskedBy(c Caller, p Proof) bool {
	return c.Window != "" && subtle.ConstantTimeCompare(p.WindowHash, hashSecret(c.Window)) == 1
}

// wantsPassword tells whether an answer sets a new password.
func wantsPassword(p Proof, in Answer) bool {
	return p.Kind == ProofReset || in.Password != "" && (p.Kind == ProofSignUp || p.Kind == ProofInvite)
}

// checkAnswer refuses a password that breaks the rules before a try of the code
// is counted for it.
func (a *Auth) checkAnswer(p Proof, in Answer) error {
	if !wantsPassword(p, in) {
		return nil
	}
	return a.checkPassword(in.Password, User{Email: p.Email})
}

// prepareAnswer does the slow part of an answer, which must not happen in a
// transaction: it hashes the new password, if there is one. It is done for those
// alone who hold the code or the link.
func (a *Auth) prepareAnswer(ctx context.Context, c Caller, p Proof, in Answer) (hash string, err error) {
	if !wantsPassword(p, in) {
		return "", nil
	}
	device, err := knownDevice(ctx, a.Store, c.Known, p.UserID)
	if err != nil {
		return "", err
	}
	if err := a.limits.answerHash(ctx, c, device); err != nil {
		return "", err
	}
	return a.newHash(ctx, in.Password, User{Email: p.Email})
}
