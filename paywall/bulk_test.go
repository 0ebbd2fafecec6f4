package paywall_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

// crew is a site with the services that work on many people.
type crew struct {
	*site
	bulk    *paywall.Bulk
	imports *paywall.MemberImports
	outbox  *paywall.Outbox
}

// zurich is the zone of the site.
var zurich = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		panic(err)
	}
	return zone
}()

func newCrew(t testing.TB) *crew {
	t.Helper()
	s := newSite(t)
	return &crew{site: s, bulk: bulkOver(s, s.clock.Now), imports: importsOver(s, s.clock.Now), outbox: paywall.NewOutbox(theVault(), s.clock.Now)}
}

func bulkOver(store paywall.Store, now paywall.Clock) *paywall.Bulk {
	outbox := paywall.NewOutbox(theVault(), now)
	return paywall.NewBulk(store, paywall.NewGrants(store, outbox, now), authOf(store, newHasher(), now), outbox, now)
}

func importsOver(store paywall.Store, now paywall.Clock) *paywall.MemberImports {
	outbox := paywall.NewOutbox(theVault(), now)
	return paywall.NewMemberImports(store, paywall.NewGrants(store, outbox, now), outbox, now, func() *time.Location { return zurich }, []string{"en", "de"})
}

func (c *crew) jobs() *paywall.Jobs { return c.jobsOver(c.site) }

func (c *crew) jobsOver(store paywall.Store) *paywall.Jobs {
	now := c.clock.Now
	return paywall.NewJobs(store, now, bulkOver(store, now), importsOver(store, now))
}

// do begins an act, does it, and gives the job at its end.
func (c *crew) do(t testing.TB, act paywall.PeopleAct) paywall.Job {
	t.Helper()
	act.Zone = zurich.String()
	job := get(c.bulk.Start(t.Context(), by, act))(t)
	must(t, c.jobs().Work(t.Context()))
	job = get(c.JobByID(t.Context(), job.ID))(t)
	if job.State != paywall.JobDone || job.Done != job.Total || job.Claim != "" {
		t.Errorf("the job ended as %+v", job)
	}
	return job
}

// addCrowd stores members with numbers, with a grant each.
func (c *crew) addCrowd(t testing.TB, n int, changes ...func(*paywall.User)) (people []paywall.User) {
	t.Helper()
	for i := range n {
		u := c.addUser(t, fmt.Sprintf("crowd%03d", i), changes...)
		c.addGrant(t, u.ID, func(g *paywall.Grant) { g.Until = opening.AddDate(0, 0, 10) })
		people = append(people, u)
	}
	return people
}

func (c *crew) mailsOf(t testing.TB, u paywall.User) []paywall.Mail {
	t.Helper()
	return get(c.MailsOf(t.Context(), u.ID, u.Email, 99))(t)
}

func TestBulk_Extend(t *testing.T) {
	c := newCrew(t)
	people := c.addCrowd(t, 250)
	endless := c.addGrant(t, people[0].ID)
	over := c.addGrant(t, people[1].ID, func(g *paywall.Grant) { g.From, g.Until = opening.AddDate(0, 0, -20), opening.AddDate(0, 0, -5) })
	taken := c.addGrant(t, people[2].ID, func(g *paywall.Grant) { g.Until, g.RevokedAt = opening.AddDate(0, 0, 9), opening })
	act := paywall.PeopleAct{Kind: paywall.JobExtend, Days: 30, Zone: zurich.String()}
	wantSame(t, get(c.bulk.Preview(t.Context(), by, act))(t), paywall.BulkPreview{Found: 250, People: 250, Grants: 250})
	job := c.do(t, act)
	wantSame(t, job.Counts, paywall.JobCounts{paywall.CountPeople: 250, paywall.CountGrants: 250})
	for _, u := range people[3:] {
		g := get(c.GrantsOf(t.Context(), u.ID))(t)[0]
		wantSame(t, g.Until, opening.AddDate(0, 0, 40))
		wantSame(t, len(c.mailsOf(t, u)), 1)
	}
	for _, g := range []paywall.Grant{endless, over, taken} {
		wantSame(t, get(c.GrantByID(t.Context(), g.ID))(t), g)
	}
	c.wantAuditOf(t, paywall.AuditEntry{At: opening, Actor: by, Action: "bulk.extend", Subject: job.ID, Detail: "accounts: 250\nchoice: all\ndays: 30"})

	act.Ended, act.Filter.IDs = true, []string{people[1].ID}
	wantSame(t, get(c.bulk.Preview(t.Context(), by, act))(t).Grants, 2)
	c.do(t, act)
	wantSame(t, get(c.GrantByID(t.Context(), over.ID))(t).Until, opening.AddDate(0, 0, 30))
}

// Mails to many go out one after the other, or everybody's codes would wait.
func TestBulk_Mail(t *testing.T) {
	c := newCrew(t)
	people := c.addCrowd(t, 120)
	blocked := c.addUser(t, "blocked", disabled)
	unconfirmed := c.addUser(t, "unconfirmed", func(u *paywall.User) { u.ConfirmedAt = time.Time{} })
	act := paywall.PeopleAct{Kind: paywall.JobMail, Subject: " Concert ", Text: "The doors open at eight.\r\n\r\nSee you.\n"}
	wantSame(t, get(c.bulk.Preview(t.Context(), by, act))(t), paywall.BulkPreview{Found: 122, People: 120})
	job := c.do(t, act)
	wantSame(t, job.Counts, paywall.JobCounts{paywall.CountPeople: 120, paywall.CountMails: 120})
	at := map[time.Time]int{}
	for _, u := range people {
		mails := c.mailsOf(t, u)
		if len(mails) != 1 || mails[0].Kind != paywall.MailNotice {
			t.Fatalf("%d mails to %s", len(mails), u.Email)
		}
		at[mails[0].NextAt]++
		params := get(c.outbox.Params(mails[0]))(t)
		wantSame(t, []string{params.Subject, params.Text}, []string{"Concert", "The doors open at eight.\n\nSee you."})
	}
	if len(at) != 120 {
		t.Errorf("120 mails go out at %d instants", len(at))
	}
	for _, u := range []paywall.User{blocked, unconfirmed} {
		wantSame(t, len(c.mailsOf(t, u)), 0)
	}
	_, err := c.bulk.Preview(t.Context(), by, paywall.PeopleAct{Kind: paywall.JobMail, Subject: "a\nb", Text: strings.Repeat("x", paywall.MaxMailText+1)})
	wantInvalid(t, err, map[string]string{"subject": "bulk.error.subject", "text": "bulk.error.text"})
}

func TestBulk_Block(t *testing.T) {
	c := newCrew(t)
	people := c.addCrowd(t, 5)
	staff := c.addUser(t, "staff", func(u *paywall.User) { u.Role = paywall.RoleReader })
	own := c.addUser(t, "own")
	me := paywall.Actor{UserID: own.ID, Name: own.Email}
	must(t, c.auth().Disable(t.Context(), by, people[4].ID))
	act := paywall.PeopleAct{Kind: paywall.JobBlock, Reason: "spam wave"}
	wantSame(t, get(c.bulk.Preview(t.Context(), me, act))(t), paywall.BulkPreview{Found: 7, People: 4})
	job := get(c.bulk.Start(t.Context(), me, act))(t)
	must(t, c.jobs().Work(t.Context()))
	wantSame(t, get(c.JobByID(t.Context(), job.ID))(t).Counts, paywall.JobCounts{paywall.CountPeople: 4})
	for _, u := range people {
		if got := get(c.UserByID(t.Context(), u.ID))(t); !got.Disabled() || u.ID != people[4].ID && got.DisabledReason != "spam wave" {
			t.Errorf("%s is not blocked for the reason: %+v", u.Email, got)
		}
	}
	for _, u := range []paywall.User{staff, own} {
		if get(c.UserByID(t.Context(), u.ID))(t).Disabled() {
			t.Errorf("%s is blocked", u.Email)
		}
	}
	c.do(t, paywall.PeopleAct{Kind: paywall.JobUnblock, Filter: paywall.MemberFilter{IDs: []string{people[0].ID, staff.ID}}})
	if got := get(c.UserByID(t.Context(), people[0].ID))(t); got.Disabled() || got.DisabledReason != "" {
		t.Errorf("not unblocked: %+v", got)
	}
	_, err := c.bulk.Start(t.Context(), by, paywall.PeopleAct{Kind: paywall.JobBlock, Filter: paywall.MemberFilter{IDs: []string{staff.ID}}})
	wantKey(t, err, paywall.KindInvalid, "bulk.error.nobody")
	_, err = c.bulk.Start(t.Context(), by, paywall.PeopleAct{Kind: "erase"})
	wantKey(t, err, paywall.KindInvalid, "bulk.error.act")
}

func TestBulk_GiveAndRevoke(t *testing.T) {
	c := newCrew(t)
	people, item := c.addCrowd(t, 3), c.addItem(t, "concert")
	quiet := c.addUser(t, "quiet", func(u *paywall.User) { u.QuietAccess = true })
	opens := "item:" + item.ID
	c.do(t, paywall.PeopleAct{Kind: paywall.JobGive, Opens: opens, Until: opening.AddDate(0, 1, 0), Note: "fair"})
	for _, u := range append(people, quiet) {
		g := get(c.GrantsOf(t.Context(), u.ID))(t)
		i := 0
		if len(g) > 1 && g[0].Scope != paywall.ScopeItem {
			i = 1
		}
		wantSame(t, []any{g[i].TargetID, g[i].Note, g[i].Origin}, []any{item.ID, "fair", paywall.OriginOwner})
	}
	wantSame(t, len(c.mailsOf(t, quiet)), 0)
	act := paywall.PeopleAct{Kind: paywall.JobRevoke, Opens: opens}
	wantSame(t, get(c.bulk.Preview(t.Context(), by, act))(t).Grants, 4)
	job := c.do(t, act)
	wantSame(t, job.Counts[paywall.CountGrants], 4)
	for _, g := range get(c.GrantsOf(t.Context(), people[0].ID))(t) {
		wantSame(t, g.RevokedAt.IsZero(), g.TargetID == "")
	}
	_, err := c.bulk.Preview(t.Context(), by, paywall.PeopleAct{Kind: paywall.JobGive, Opens: "item:none"})
	wantInvalid(t, err, map[string]string{"opens": "grant.error.scope"})
}

// dying is a store whose transactions end as a killed program ends them.
type dying struct {
	paywall.Store
	pieces *int // that still commit
}

func (d dying) InTx(ctx context.Context, fn func(tx paywall.Store) error) error {
	*d.pieces--
	return d.Store.InTx(ctx, func(tx paywall.Store) error {
		if err := fn(tx); err != nil || *d.pieces >= 0 {
			return err
		}
		return errFault // everything is done, and nothing committed
	})
}

// A worker that dies leaves the job to the next one, which does nothing twice.
func TestJobs_Killed(t *testing.T) {
	c := newCrew(t)
	people := c.addCrowd(t, 450)
	job := get(c.bulk.Start(t.Context(), by, paywall.PeopleAct{Kind: paywall.JobExtend, Days: 1, Zone: zurich.String()}))(t)
	for range 2 {
		pieces := 2
		wantErr(t, c.jobsOver(dying{c.site, &pieces}).Work(t.Context()), errFault)
		must(t, c.jobs().Work(t.Context())) // the dead one still has the job
		c.clock.Pass(time.Minute)
	}
	if got := get(c.JobByID(t.Context(), job.ID))(t); got.Done != 400 || got.State != paywall.JobRunning {
		t.Fatalf("after two deaths the job is at %d, %s", got.Done, got.State)
	}
	must(t, c.jobs().Work(t.Context()))
	wantSame(t, get(c.JobByID(t.Context(), job.ID))(t).Counts[paywall.CountGrants], 450)
	for _, u := range people {
		wantSame(t, get(c.GrantsOf(t.Context(), u.ID))(t)[0].Until, opening.AddDate(0, 0, 11))
		wantSame(t, len(c.mailsOf(t, u)), 1)
	}
}

// Who joins after an act began is not meant, and a stopped act leaves the rest.
func TestJobs_StopAndResume(t *testing.T) {
	c := newCrew(t)
	c.addCrowd(t, 150)
	job := get(c.bulk.Start(t.Context(), by, paywall.PeopleAct{Kind: paywall.JobMail, Subject: "a", Text: "b"}))(t)
	c.clock.Pass(time.Minute)
	late := c.addUser(t, "late", func(u *paywall.User) { u.CreatedAt = opening.Add(time.Second) })
	pieces := 1
	wantErr(t, c.jobsOver(dying{c.site, &pieces}).Work(t.Context()), errFault)
	must(t, c.jobs().Stop(t.Context(), by, job.ID))
	c.clock.Pass(time.Minute)
	must(t, c.jobs().Work(t.Context()))
	stopped := get(c.JobByID(t.Context(), job.ID))(t)
	wantSame(t, []any{stopped.State, stopped.Done, stopped.Problem}, []any{paywall.JobStopped, 100, "job.error.stopped"})
	wantKey(t, c.jobs().Stop(t.Context(), by, job.ID), paywall.KindInvalid, "job.error.not_running")
	must(t, c.jobs().Resume(t.Context(), by, job.ID))
	wantKey(t, c.jobs().Resume(t.Context(), by, job.ID), paywall.KindInvalid, "job.error.not_stopped")
	must(t, c.jobs().Work(t.Context()))
	wantSame(t, get(c.JobByID(t.Context(), job.ID))(t).Counts[paywall.CountMails], 150)
	wantSame(t, len(c.mailsOf(t, late)), 0)
	if recent := get(c.jobs().Recent(t.Context(), 9))(t); len(recent) != 1 {
		t.Errorf("%d jobs are listed", len(recent))
	}
	c.clock.Pass(paywall.KeepJobs + time.Hour)
	must(t, paywall.Housekeeping(t.Context(), c.site, c.settings(), c.clock.Now))
	wantSame(t, len(get(c.jobs().Recent(t.Context(), 9))(t)), 0)
}
