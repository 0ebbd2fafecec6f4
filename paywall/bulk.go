package paywall

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of a mail that staff write to many.
const (
	MaxSubject  = 120
	MaxMailText = 10_000
)

// PeopleAct is what is to be done with all accounts that a filter finds. The fields
// beside Kind and Filter are those of the kind.
type PeopleAct struct {
	Kind   JobKind
	Filter MemberFilter
	// Days is by how much JobExtend extends the grants that are not over and end by
	// themselves, counted in Zone; with Ended also those that ended lately.
	Days  int    `json:",omitempty"`
	Ended bool   `json:",omitempty"`
	Zone  string `json:",omitempty"`
	// Opens is what JobGive gives, and what JobRevoke takes back; for the latter
	// empty stands for everything that the people have: "everything",
	// "collection:ID", "item:ID".
	Opens string    `json:",omitempty"`
	Until time.Time `json:",omitzero"`
	Note  string    `json:",omitempty"`
	// Reason is why JobBlock blocks.
	Reason string `json:",omitempty"`
	// Subject and Text are what JobMail writes; an empty line parts paragraphs.
	Subject string `json:",omitempty"`
	Text    string `json:",omitempty"`
}

// Bulk does one thing with many people.
type Bulk struct {
	store  Store
	grants *Grants
	auth   *Auth
	outbox *Outbox
	clock  Clock
}

// NewBulk makes the service.
func NewBulk(store Store, grants *Grants, auth *Auth, outbox *Outbox, clock Clock) *Bulk {
	return &Bulk{store: store, grants: grants, auth: auth, outbox: outbox, clock: clock}
}

// BulkPreview is what an act would do.
type BulkPreview struct {
	Found  int // accounts that the filter finds
	People int // those with which something is done
	Grants int // grants that are extended or taken back
}

// Preview tells what an act would do now, and refuses one that is not complete.
func (b *Bulk) Preview(ctx context.Context, actor Actor, act PeopleAct) (p BulkPreview, err error) {
	act, err = b.complete(ctx, actor, act)
	if err != nil {
		return p, err
	}
	found := act.Filter
	found.OnlyMembers, found.OnlyEnabled, found.OnlyBlocked, found.OnlyConfirmed, found.Except = false, false, false, false, ""
	if p.Found, err = b.store.CountMembers(ctx, found); err != nil {
		return p, err
	}
	if p.People, err = b.store.CountMembers(ctx, act.Filter); err != nil {
		return p, err
	}
	if act.Kind == JobExtend || act.Kind == JobRevoke {
		p.Grants, err = b.store.CountGrants(ctx, act.Filter, act.grantRange())
	}
	return p, err
}

// Found counts the accounts that a filter finds.
func (b *Bulk) Found(ctx context.Context, f MemberFilter) (int, error) {
	f.Now = b.clock()
	return b.store.CountMembers(ctx, f)
}

// Start begins an act. It goes on in the background.
func (b *Bulk) Start(ctx context.Context, actor Actor, act PeopleAct) (Job, error) {
	act, err := b.complete(ctx, actor, act)
	if err != nil {
		return Job{}, err
	}
	detail, err := asJSON(act)
	if err != nil {
		return Job{}, err
	}
	now := b.clock()
	job := Job{ID: NewID(), Kind: act.Kind, Actor: Actor{UserID: actor.UserID, Name: actor.Name}, Detail: detail, CreatedAt: now}
	job.begin(JobRunning, now)
	err = b.store.InTx(ctx, func(tx Store) error {
		if job.Total, err = tx.CountMembers(ctx, act.Filter); err != nil {
			return err
		}
		if job.Total == 0 {
			return E(KindInvalid, "bulk.error.nobody")
		}
		if err := tx.CreateJob(ctx, job); err != nil {
			return err
		}
		facts, err := act.facts(ctx, tx)
		if err != nil {
			return err
		}
		return audit(ctx, tx, b.clock, actor, "bulk."+string(act.Kind), job.ID, append([]Fact{number(LabelAccounts, job.Total)}, facts...)...)
	})
	return job, err
}

// facts tell the record what is done with whom, without the text of a mail.
func (a PeopleAct) facts(ctx context.Context, tx Store) ([]Fact, error) {
	facts, err := a.Filter.facts(ctx, tx)
	if err == nil && a.Opens != "" {
		var opens Fact
		opens, err = openedFact(ctx, tx, a.Opens)
		facts = append(facts, opens)
	}
	switch a.Kind {
	case JobExtend:
		facts = append(facts, number(LabelDays, a.Days))
	case JobGive:
		facts = append(facts, moment(LabelUntil, a.Until))
	case JobBlock:
		facts = append(facts, Fact{LabelReason, a.Reason})
	case JobMail:
		facts = append(facts, Fact{LabelSubject, a.Subject})
	}
	return facts, err
}

// complete checks an act, and narrows its filter to those with whom it can be
// done: staff and oneself are never blocked, and a mail goes to confirmed
// addresses of accounts that are not blocked. Who joins later is not meant.
func (b *Bulk) complete(ctx context.Context, actor Actor, act PeopleAct) (PeopleAct, error) {
	now := b.clock()
	act.Filter.Now = now
	act.Filter.MadeBefore = now.Add(time.Millisecond)
	switch act.Kind {
	case JobExtend:
		zone, err := time.LoadLocation(act.Zone)
		if err != nil {
			return act, err
		}
		return act, Extension{Days: act.Days, Zone: zone}.validate()
	case JobGive:
		grant, err := b.grants.fromInput(act.grant())
		if err != nil {
			return act, err
		}
		_, _, err = b.grants.target(ctx, b.store, grant)
		return act, err
	case JobRevoke:
		return act, nil
	case JobBlock, JobUnblock:
		act.Filter.OnlyMembers, act.Filter.Except = true, actor.UserID
		act.Filter.OnlyEnabled = act.Kind == JobBlock
		if act.Kind == JobUnblock {
			act.Filter.OnlyBlocked = true
		}
		reason, err := cleanReason(act.Reason)
		act.Reason = reason
		return act, err
	case JobMail:
		act.Filter.OnlyEnabled, act.Filter.OnlyConfirmed = true, true
		return act.cleanMail()
	}
	return act, E(KindInvalid, "bulk.error.act")
}

func (a PeopleAct) cleanMail() (PeopleAct, error) {
	a.Subject = strings.TrimSpace(a.Subject)
	a.Text = typedLines(a.Text)
	fields := map[string]string{}
	if a.Subject == "" || utf8.RuneCountInString(a.Subject) > MaxSubject || hasControl(a.Subject) {
		fields["subject"] = "bulk.error.subject"
	}
	if a.Text == "" || utf8.RuneCountInString(a.Text) > MaxMailText || hasControl(strings.ReplaceAll(a.Text, "\n", " ")) {
		fields["text"] = "bulk.error.text"
	}
	return a, invalidFields(fields)
}

// grant is what JobGive gives.
func (a PeopleAct) grant() GrantInput {
	scope, target, _ := strings.Cut(a.Opens, ":")
	return GrantInput{Scope: GrantScope(scope), TargetID: target, Until: a.Until, Note: a.Note}
}

// grantRange is which grants JobExtend and JobRevoke are about.
func (a PeopleAct) grantRange() GrantRange {
	r := GrantRange{EndsAfter: a.Filter.Now, WithEnd: a.Kind == JobExtend}
	if a.Kind == JobRevoke {
		r.Target = a.Opens
	} else if a.Ended {
		r.EndsAfter = a.Filter.Now.Add(-EndedLately)
	}
	return r
}

// doer gives what does an act piece by piece.
func (b *Bulk) doer(job Job) (chunk, error) {
	var act PeopleAct
	if err := json.Unmarshal([]byte(job.Detail), &act); err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx Store, next *Job) error {
		people, err := tx.MembersAfter(ctx, act.Filter, next.Reached, jobChunk)
		if err != nil {
			return err
		}
		for _, user := range people {
			if err := b.doOne(ctx, tx, next, act, user.ID); err != nil {
				return err
			}
			next.Done++
			next.Reached = user.ID
		}
		if len(people) < jobChunk {
			next.finish(JobDone, b.clock())
		}
		return nil
	}, nil
}

// doOne does an act with one person, who is read anew under the lock.
func (b *Bulk) doOne(ctx context.Context, tx Store, job *Job, act PeopleAct, userID string) error {
	user, err := tx.UserByID(ctx, userID)
	if err != nil {
		return err
	}
	if user.Deleted() {
		job.count(CountSkipped, 1)
		return nil
	}
	switch act.Kind {
	case JobExtend, JobRevoke:
		return b.changeGrants(ctx, tx, job, act, user)
	case JobGive:
		grant, err := b.grants.fromInput(act.grant())
		if err != nil {
			return err
		}
		grant.UserID = user.ID
		job.count(CountPeople, 1)
		job.count(CountGrants, 1)
		return b.grants.paced(job.nextMail()).give(ctx, tx, job.Actor, user, grant)
	case JobBlock, JobUnblock:
		return b.switchOne(ctx, tx, job, act, user)
	case JobMail:
		return b.mailOne(ctx, tx, job, act, user)
	}
	return E(KindInvalid, "bulk.error.act")
}

func (b *Bulk) changeGrants(ctx context.Context, tx Store, job *Job, act PeopleAct, user User) error {
	grants, err := tx.GrantsOf(ctx, user.ID)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(act.Zone)
	if err != nil {
		return err
	}
	changed, paced := 0, b.grants.paced(job.nextMail())
	for _, g := range grants {
		if !act.grantRange().covers(g) {
			continue
		}
		if act.Kind == JobRevoke {
			err = paced.revoke(ctx, tx, job.Actor, user, g)
		} else {
			_, err = paced.extend(ctx, tx, job.Actor, user, g, Extension{Days: act.Days, Zone: zone})
		}
		if err != nil {
			return err
		}
		changed++
	}
	job.count(CountGrants, changed)
	if changed == 0 {
		job.count(CountSkipped, 1)
		return nil
	}
	job.count(CountPeople, 1)
	return nil
}

func (b *Bulk) switchOne(ctx context.Context, tx Store, job *Job, act PeopleAct, user User) error {
	block := act.Kind == JobBlock
	if user.Role.Staff() || user.ID == job.Actor.UserID || user.Disabled() == block {
		job.count(CountSkipped, 1)
		return nil
	}
	job.count(CountPeople, 1)
	if block {
		return b.auth.block(ctx, tx, job.Actor, user.ID, act.Reason)
	}
	return b.auth.unblock(ctx, tx, job.Actor, user.ID)
}

func (b *Bulk) mailOne(ctx context.Context, tx Store, job *Job, act PeopleAct, user User) error {
	if user.Disabled() || !user.Confirmed() {
		job.count(CountSkipped, 1)
		return nil
	}
	job.count(CountPeople, 1)
	job.count(CountMails, 1)
	letter := letterTo(user, "", MailNotice, MailParams{Subject: act.Subject, Text: act.Text})
	letter.NotBefore = job.nextMail()
	return b.outbox.Put(ctx, tx, letter)
}

// Sample is the mail of an act as it would be written to a person, to look at.
func (b *Bulk) Sample(act PeopleAct, to User) (Mail, error) {
	params := MailParams{Subject: act.Subject, Text: act.Text, Zone: to.Zone}
	m := Mail{ID: NewID(), Kind: MailNotice, UserID: to.ID, To: to.Email, Language: to.Language, CreatedAt: b.clock()}
	var err error
	m.Sealed, err = b.outbox.vault.sealJSON(mailPlace(m.ID), params)
	return m, err
}
