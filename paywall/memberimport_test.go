package paywall_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

// upload stores a list.
func (c *crew) upload(t testing.TB, text string) paywall.Job {
	t.Helper()
	return get(c.imports.Upload(t.Context(), by, "members.csv", strings.NewReader(text)))(t)
}

// check lets an upload be checked as its head was understood.
func (c *crew) check(t testing.TB, job paywall.Job, stop, tell bool) paywall.Job {
	t.Helper()
	plan := get(paywall.ListPlanOf(get(c.JobByID(t.Context(), job.ID))(t)))(t)
	must(t, c.imports.Check(t.Context(), job.ID, plan.Fields, stop, tell))
	must(t, c.jobs().Work(t.Context()))
	job = get(c.JobByID(t.Context(), job.ID))(t)
	wantSame(t, job.State, paywall.JobChecked)
	return job
}

func (c *crew) run(t testing.TB, job paywall.Job) paywall.Job {
	t.Helper()
	must(t, c.imports.Start(t.Context(), by, job.ID))
	must(t, c.jobs().Work(t.Context()))
	return get(c.JobByID(t.Context(), job.ID))(t)
}

// verdicts are the lines with what becomes of them: "2 new".
func (c *crew) verdicts(t testing.TB, job paywall.Job) (all []string) {
	t.Helper()
	for _, row := range get(c.imports.Rows(t.Context(), job.ID, "", 0, 1000))(t) {
		all = append(all, strings.TrimSpace(fmt.Sprint(row.Number, " ", row.Verdict, " ", row.Problem)))
	}
	return all
}

// list has a line of each kind; its fifth line holds nobody.
const list = "\xef\xbb\xbfE-Mail;Vollständiger Name;Sprache;Zugang;Ab;Bis;Bemerkung;Kundennummer\r\n" +
	"new@example.org;Anna;de;Konzert;;2026-10-25;Presse;1\r\n" +
	"ADA@example.org;ignored;;everything;2026-05-01;2026-05-31T12:00:00Z;;2\r\n" +
	"new@example.org;Anna;;tapes;;31.12.2026;;3\r\n" +
	"new@example.org;;;konzert;;25/10/2026;;4\r\n" +
	"\r\n" +
	"ada@example.org;;;;;;;5\r\n" +
	"plain@example.org;'=1+1;en;;;;;6\r\n" +
	"nonsense;;;;;;;7\r\n" +
	"x1@example.org;;xx;;;;;\r\n" +
	"x2@example.org;;;moon;;;;\r\n" +
	"x3@example.org;;;twins;;;;\r\n" +
	"x4@example.org;;;alles;;soon;;\r\n" +
	"x5@example.org;;;alles;;2026-03-31;;\r\n" +
	"x6@example.org;;;alles;2027-01-01;2026-12-31;;\r\n" +
	"x7@example.org;;;;;2026-12-31;;\r\n" +
	"x8@example.org;" + "\x01" + ";;;;;;\r\n" +
	"x9@example.org;\"a\"b;;;;;;\r\n"

var listVerdicts = []string{
	"2 new", "3 known", "4 known", "5 nothing", "6 nothing", "7 new", "8 bad user.error.email", "9 bad people.import.error.language",
	"10 bad people.import.error.access", "11 bad people.import.error.ambiguous", "12 bad people.import.error.date", "13 bad people.import.error.over",
	"14 bad people.import.error.order", "15 bad people.import.error.no_access", "16 bad user.error.name", "17 bad people.import.error.quotes",
}

func newListCrew(t testing.TB) *crew {
	c := newCrew(t)
	c.addUser(t, "ada")
	c.addItem(t, "konzert")
	for _, title := range []string{"Tapes", "Twins", "twins"} {
		get(c.catalogue(t).CreateCollection(t.Context(), by, title))(t)
	}
	return c
}

func TestMemberImport(t *testing.T) {
	c := newListCrew(t)
	job := c.upload(t, list)
	plan := get(paywall.ListPlanOf(job))(t)
	wantSame(t, plan.Fields, append(slices.Clone(paywall.ListFields), ""))
	wantSame(t, []any{plan.Comma, plan.NoHead, plan.Latin, job.Total}, []any{";", false, false, 16})
	before := get(c.CountMembers(t.Context(), paywall.MemberFilter{}))(t)

	job = c.check(t, job, false, false)
	got := c.verdicts(t, job)
	for i := range got { // csv counts no empty lines
		_, rest, _ := strings.Cut(got[i], " ")
		_, want, _ := strings.Cut(listVerdicts[i], " ")
		wantSame(t, rest, want)
	}
	wantSame(t, job.Counts, paywall.JobCounts{"new": 2, "known": 2, "nothing": 2, "bad": 10})
	wantSame(t, get(c.CountMembers(t.Context(), paywall.MemberFilter{}))(t), before)

	job = c.run(t, job)
	wantSame(t, job.State, paywall.JobDone)
	wantSame(t, job.Counts, paywall.JobCounts{"new": 2, "known": 2, "nothing": 2, "bad": 10, "grants": 3})
	anna := get(c.UserByEmail(t.Context(), "new@example.org"))(t)
	wantSame(t, []any{anna.Name, anna.Language, anna.Confirmed(), anna.PasswordHash, anna.Role}, []any{"Anna", "de", true, "", paywall.RoleMember})
	var ends []string
	for _, g := range get(c.GrantsOf(t.Context(), anna.ID))(t) {
		ends = append(ends, g.Until.Format(time.RFC3339)+" "+string(g.Origin)+" "+g.Note)
	}
	slices.Sort(ends)
	// The last day of summer time has 25 hours.
	wantSame(t, ends, []string{"2026-10-25T23:00:00Z import Presse", "2026-12-31T23:00:00Z import "})
	wantSame(t, get(c.UserByEmail(t.Context(), "plain@example.org"))(t).Name, "=1+1")
	ada := get(c.UserByEmail(t.Context(), "ada@example.org"))(t)
	g := get(c.GrantsOf(t.Context(), ada.ID))(t)[0]
	wantSame(t, []string{ada.Name, g.From.Format(time.RFC3339), g.Until.Format(time.RFC3339)}, []string{"ada", "2026-04-30T22:00:00Z", "2026-05-31T12:00:00Z"})
	wantSame(t, len(c.mailsOf(t, anna))+len(c.mailsOf(t, ada)), 0)

	again := c.check(t, c.upload(t, list), false, false)
	wantSame(t, again.Counts, paywall.JobCounts{"nothing": 6, "bad": 10})
	again = c.run(t, again)
	wantSame(t, again.Counts, paywall.JobCounts{"nothing": 6, "bad": 10})
}

func TestMemberImport_Tell(t *testing.T) {
	c := newListCrew(t)
	c.run(t, c.check(t, c.upload(t, list), false, true))
	kinds := func(email string) (all []paywall.MailKind) {
		for _, m := range c.mailsOf(t, get(c.UserByEmail(t.Context(), email))(t)) {
			all = append(all, m.Kind)
		}
		return all
	}
	wantSame(t, kinds("ada@example.org"), []paywall.MailKind{paywall.MailAccess})
	wantSame(t, kinds("plain@example.org"), []paywall.MailKind{paywall.MailWelcome})
}

// A list whose mistakes stop everything changes nothing.
func TestMemberImport_StopAtBad(t *testing.T) {
	c := newListCrew(t)
	job := c.check(t, c.upload(t, list), true, false)
	wantKey(t, c.imports.Start(t.Context(), by, job.ID), paywall.KindInvalid, "people.import.error.bad_rows")
	job = c.check(t, c.upload(t, "email,access\nbob@example.org,konzert\ncarl@example.org,konzert\n"), true, false)
	item := get(c.ItemBySlug(t.Context(), "konzert"))(t)
	item.Slug = "renamed"
	must(t, c.UpdateItem(t.Context(), item))
	job = c.run(t, job) // since the check, the lines have become bad
	wantSame(t, []any{job.State, job.Problem}, []any{paywall.JobStopped, "people.import.error.bad_rows"})
	_, err := c.UserByEmail(t.Context(), "bob@example.org")
	wantErr(t, err, paywall.ErrNotFound)
}

func bigList(n int) string {
	var out strings.Builder
	out.WriteString("email,name,access,until\n")
	for i := range n {
		fmt.Fprintf(&out, "p%05d@example.org,Person %d,everything,2027-03-31\n", i, i)
	}
	return out.String()
}

// TestMemberImport_Killed: whenever a worker dies, the next one goes on, and nobody
// gets a grant twice.
func TestMemberImport_Killed(t *testing.T) {
	c := newCrew(t)
	const people = 2_000
	job := c.upload(t, bigList(people))
	plan := get(paywall.ListPlanOf(job))(t)
	must(t, c.imports.Check(t.Context(), job.ID, plan.Fields, true, false))
	for _, state := range []paywall.JobState{paywall.JobChecked, paywall.JobDone, paywall.JobUndone} {
		for deaths := 0; get(c.JobByID(t.Context(), job.ID))(t).State.Working(); deaths++ {
			pieces := 3
			_ = c.jobsOver(dying{c.site, &pieces}).Work(t.Context())
			c.clock.Pass(time.Minute)
			if deaths > 2 || state == paywall.JobChecked { // a check begins anew
				must(t, c.jobs().Work(t.Context()))
			}
		}
		job = get(c.JobByID(t.Context(), job.ID))(t)
		wantSame(t, job.State, state)
		grants, total, err := c.ListGrants(t.Context(), paywall.GrantFilter{State: paywall.GrantLive, Now: c.clock.Now()}, "", 1, 0)
		must(t, err)
		switch state {
		case paywall.JobChecked:
			wantSame(t, job.Counts, paywall.JobCounts{"new": people})
			must(t, c.imports.Start(t.Context(), by, job.ID))
		case paywall.JobDone:
			wantSame(t, []int{total, job.Counts["new"], job.Counts["grants"], len(grants)}, []int{people, people, people, 1})
			must(t, c.imports.Undo(t.Context(), by, job.ID))
		case paywall.JobUndone:
			wantSame(t, []int{total, job.Counts["removed"], job.Counts["kept"]}, []int{0, people, 0})
			wantSame(t, get(c.CountMembers(t.Context(), paywall.MemberFilter{}))(t), 0)
		}
	}
}

// What somebody has used stays when an import is taken back.
func TestMemberImport_Undo(t *testing.T) {
	c := newListCrew(t)
	job := c.run(t, c.check(t, c.upload(t, list), false, false))
	anna := get(c.UserByEmail(t.Context(), "new@example.org"))(t)
	get(sessionsOf(c.site, c.clock.Now).Start(t.Context(), paywall.Arrival{User: anna}))(t)
	must(t, c.imports.Undo(t.Context(), by, job.ID))
	wantKey(t, c.imports.Undo(t.Context(), by, job.ID), paywall.KindInvalid, "people.import.error.state")
	must(t, c.jobs().Work(t.Context()))
	job = get(c.JobByID(t.Context(), job.ID))(t)
	wantSame(t, []int{job.Counts["removed"], job.Counts["kept"], job.Counts["taken"]}, []int{1, 1, 3})
	for _, email := range []string{"new@example.org", "ada@example.org"} {
		for _, g := range get(c.GrantsOf(t.Context(), get(c.UserByEmail(t.Context(), email))(t).ID))(t) {
			if g.RevokedAt.IsZero() {
				t.Errorf("%s still has %+v", email, g)
			}
		}
	}
	_, err := c.UserByEmail(t.Context(), "plain@example.org")
	wantErr(t, err, paywall.ErrNotFound)
	wantSame(t, len(c.verdicts(t, job)), 0)
	for _, line := range c.audit(t) {
		if strings.Contains(line.Detail, "plain@example.org") {
			t.Errorf("the record still names who is gone: %+v", line)
		}
	}
}

func TestMemberImport_Files(t *testing.T) {
	c := newCrew(t)
	for name, test := range map[string]struct {
		file, want string
		latin      bool
	}{
		"no head":       {"Anna\tanna@example.org\n", `[["Anna","anna@example.org"]]`, false},
		"latin":         {"email,name\nanna@example.org,Andr\xe9 \x80\n", `[["anna@example.org","André €"]]`, true},
		"quoted":        {"email;name\n\"anna@example.org\";\"a \"\"b\"\"; c\"\n", `[["anna@example.org","a \"b\"; c"]]`, false},
		"comma in head": {"\"email\",\"na;;;me\"\nanna@example.org,\n", `[["anna@example.org",""]]`, false},
	} {
		t.Run(name, func(t *testing.T) {
			job := c.upload(t, test.file)
			rows := get(c.imports.Rows(t.Context(), job.ID, "", 0, 9))(t)
			var cells []string
			for _, row := range rows {
				cells = append(cells, fmt.Sprintf("%q", row.Cells))
			}
			wantSame(t, strings.ReplaceAll(strings.Join(cells, ","), `" "`, `","`), strings.TrimSuffix(strings.TrimPrefix(test.want, "["), "]"))
			wantSame(t, rows[0].Email, "anna@example.org")
			wantSame(t, get(paywall.ListPlanOf(job))(t).Latin, test.latin)
		})
	}
	for name, test := range map[string]struct{ file, key string }{
		"empty": {"", "people.import.error.empty"}, "head alone": {"email\n", "people.import.error.empty"},
		"UTF-16": {"\xff\xfee\x00", "people.import.error.utf16"}, "a picture": {"\x89PNG\x00\x00", "people.import.error.no_csv"},
	} {
		_, err := c.imports.Upload(t.Context(), by, name, strings.NewReader(test.file))
		wantInvalid(t, err, map[string]string{"file": test.key})
	}
	for _, job := range get(c.Jobs(t.Context(), 99))(t) {
		must(t, c.imports.Delete(t.Context(), by, job.ID))
	}
	wantSame(t, len(get(c.Jobs(t.Context(), 99))(t)), 0)
	job := c.upload(t, "a,b\nc,d\n")
	for key, fields := range map[string][]paywall.ListField{"people.import.error.no_email": {"", "name"}, "people.import.error.twice": {"email", "email"}} {
		wantInvalid(t, c.imports.Check(t.Context(), job.ID, fields, false, false), map[string]string{"columns": key})
	}
}

// hostile are names and notes that try to be more than that.
var hostile = []string{
	"=cmd|'/c calc'!A1", "+1", "-1+2", "@SUM(A1)", "'=1", "''=1", "'plain", "＝1", "＋1", "－1", "＠x", `"quoted"`, "a;b,c", "Ünïcødé 😀", "'", "''", "x'", "=", "' =1",
}

func (c *crew) export(t testing.TB) [][]string {
	t.Helper()
	var lines [][]string
	people := paywall.NewPeople(c.site, c.clock.Now)
	must(t, people.Export(t.Context(), by, paywall.MemberFilter{}, func(cells []string) error {
		lines = append(lines, slices.Clone(cells))
		return nil
	}))
	slices.SortFunc(lines, slices.Compare)
	return lines
}

// sheetOf writes lines as the site does.
func sheetOf(t testing.TB, lines [][]string) string {
	t.Helper()
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	must(t, w.Write(paywall.ExportHead()))
	for _, line := range lines {
		safe := make([]string, len(line))
		for i, cell := range line {
			if safe[i] = paywall.Guard(cell); strings.IndexAny(safe[i], "=+-@\t\r") == 0 {
				t.Errorf("a cell begins like a formula: %q", safe[i])
			}
		}
		must(t, w.Write(safe))
	}
	w.Flush()
	return out.String()
}

// TestExport_Import: what was exported comes back as the same rows.
func TestExport_Import(t *testing.T) {
	from, to := newListCrew(t), newListCrew(t)
	tapes := get(from.Collections(t.Context()))(t)
	item := get(from.ItemBySlug(t.Context(), "konzert"))(t)
	for i, name := range hostile {
		u := from.addUser(t, fmt.Sprintf("=%d+x", i), func(u *paywall.User) { u.Name, u.Language = name, []string{"", "de", "en"}[i%3] })
		for n := range i % 4 {
			from.addGrant(t, u.ID, func(g *paywall.Grant) {
				g.Note, g.From = name, opening.Add(time.Duration(n)*time.Hour+7*time.Millisecond)
				switch n {
				case 1:
					g.Scope, g.TargetID, g.Until = paywall.ScopeItem, item.ID, opening.AddDate(1, 0, n).Add(5*time.Millisecond)
				case 2:
					g.Scope, g.TargetID = paywall.ScopeCollection, tapes[0].ID
				}
			})
		}
		from.addGrant(t, u.ID, func(g *paywall.Grant) { g.Until = opening.Add(-time.Hour) }) // over: not exported
	}
	// The same collections have other ids elsewhere; titles name them.
	want := from.export(t)
	if len(want) < len(hostile) {
		t.Fatalf("%d lines", len(want))
	}
	job := to.run(t, to.check(t, to.upload(t, sheetOf(t, want)), true, false))
	wantSame(t, job.State, paywall.JobDone)
	wantSame(t, to.export(t), want)
}

func TestGuard(t *testing.T) {
	for _, text := range append(slices.Clone(hostile), "", "\tx", "\rx", "'\tx", "-", "'-'", "a=b") {
		if got := paywall.Unguard(paywall.Guard(text)); got != text {
			t.Errorf("%q comes back as %q", text, got)
		}
	}
}

func FuzzGuard(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		guarded := paywall.Guard(text)
		if strings.IndexAny(guarded, "=+-@\t\r") == 0 || paywall.Unguard(guarded) != text {
			t.Errorf("%q became %q", text, guarded)
		}
	})
}

// BenchmarkMemberImport is a list of 50 000 people, from upload to end. Ask for one
// round: -benchtime=1x.
func BenchmarkMemberImport(b *testing.B) {
	for b.Loop() {
		c := newCrew(b)
		text := bigList(benchPeople)
		begun := time.Now()
		job := c.upload(b, text)
		b.ReportMetric(time.Since(begun).Seconds(), "s-upload")
		begun = time.Now()
		job = c.check(b, job, true, false)
		b.ReportMetric(time.Since(begun).Seconds(), "s-check")
		begun = time.Now()
		job = c.run(b, job)
		b.ReportMetric(time.Since(begun).Seconds(), "s-run")
		wantSame(b, job.Counts["new"], benchPeople)
		begun = time.Now()
		must(b, c.imports.Undo(context.Background(), by, job.ID))
		must(b, c.jobs().Work(context.Background()))
		b.ReportMetric(time.Since(begun).Seconds(), "s-undo")
	}
}

// benchPeople is what the import must take in under a minute.
const benchPeople = 50_000
