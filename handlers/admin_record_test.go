package handlers_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/internal/testkit"
	"usher/paywall"
)

func rowsOf(page *testkit.Answer) []string {
	var rows []string
	for _, row := range page.Doc().Find("table.record tbody tr").EachIter() {
		rows = append(rows, strings.Join(strings.Fields(row.Text()), " "))
	}
	return rows
}

func TestRecord_page(t *testing.T) {
	kit := testkit.New(t)
	owner, anna := kit.As(t, "owner"), kit.As(t, "anna")
	item, err := kit.Site.Store.ItemBySlug(t.Context(), "brouillon")
	if err != nil {
		t.Fatal(err)
	}
	owner.Post("/admin/items/"+item.ID+"/publish", url.Values{"published": {"true"}, "version": {"1"}}).WantStatus(http.StatusSeeOther)
	_, err = kit.Site.Auth.CreateConfirmed(t.Context(), paywall.Actor{Name: "command line"}, paywall.NewUser{Email: "new@demo.test", Role: paywall.RoleMember})
	if err != nil {
		t.Fatal(err)
	}
	anna.Post("/account/profile", url.Values{"name": {"Annabelle"}})
	page := owner.Get("/admin/audit").WantStatus(http.StatusOK)
	rows := rowsOf(page)
	if all, err := kit.Site.Store.RecentAudit(t.Context(), 100, 0); err != nil || len(rows) != len(all) {
		t.Errorf("%d rows", len(rows))
	}
	for _, want := range []string{"Item published or withdrawn", "Account created", "Signed in", "Settings changed", "Command line: demo"} {
		if !strings.Contains(strings.Join(rows, "\n"), want) {
			t.Errorf("no row with %q in:\n%s", want, strings.Join(rows, "\n"))
		}
	}
	for query, want := range map[string]int{
		"?action=item.publish": 1, "?actor=-&action=user.create": 1, "?actor=" + personOf(t, kit, "anna").ID + "&action=session.start": 1,
		"?subject=" + item.ID: 1, "?q=BROUILLON": 1, "?from=2026-11-23": 0, "?to=2026-11-21": 0, "?from=2026-11-22&to=2026-11-22": len(rows),
		"?action=nosuch": 0, "?q=%25": 0,
	} {
		if got := rowsOf(owner.Get("/admin/audit" + query).WantStatus(http.StatusOK)); len(got) != want {
			t.Errorf("%s finds %d rows, want %d:\n%s", query, len(got), want, strings.Join(got, "\n"))
		}
	}
	turned := rowsOf(owner.Get("/admin/audit?sort=oldest").WantStatus(http.StatusOK))
	slices.Reverse(turned)
	if again := rowsOf(owner.Get("/admin/audit?sort=nonsense")); !slices.Equal(turned, rows) || !slices.Equal(again, rows) {
		t.Errorf("oldest first is not newest first turned round:\n%s", strings.Join(turned, "\n"))
	}
	page = owner.Get("/admin/audit?subject=" + item.ID)
	if got := page.Attr("table.record td a[href^='/admin/items/']", "href"); got != "/admin/items/"+item.ID {
		t.Errorf("the item is linked as %q", got)
	}
	if !strings.Contains(page.Text(".admin-body"), "Only lines about: Brouillon") || page.Attr("input[name=subject]", "value") != item.ID {
		t.Error("the page does not say what the lines are about")
	}
	page = owner.Get("/admin/audit?q=anna@demo.test")
	if got := page.Attr("a[href*='subject="+personOf(t, kit, "anna").ID+"']", "href"); got == "" || !strings.Contains(page.Text(".admin-body"), "newest 20,000 lines") {
		t.Error("an address does not lead to all its lines")
	}
	page = owner.Get("/admin/audit?from=soon&actor=nobody").WantStatus(http.StatusOK)
	if page.Text("#from-error") == "" || page.Attr("#actor option[selected]", "value") != "nobody" {
		t.Error("a date that is none is not told")
	}
}

// TestRecord_pages leads through many lines.
func TestRecord_pages(t *testing.T) {
	kit := testkit.New(t)
	for n := range 120 {
		addLine(t, kit, paywall.AuditEntry{At: testkit.Start.Add(-time.Duration(n) * time.Hour), Action: "item.update", Detail: fmt.Sprint("line ", n, ".")})
	}
	owner := kit.As(t, "owner")
	page := owner.Get("/admin/audit?action=item.update").WantStatus(http.StatusOK)
	if !strings.Contains(page.Text(".admin-body"), "120 lines") {
		t.Error("the lines are not counted")
	}
	var read []string
	for {
		read = append(read, rowsOf(page)...)
		next := page.Attr("a[rel=next]", "href")
		if next == "" {
			break
		}
		page = owner.Get(next).WantStatus(http.StatusOK)
	}
	if len(read) != 120 || !strings.Contains(read[119], "line 119.") {
		t.Errorf("%d lines on all pages", len(read))
	}
}

func addLine(t *testing.T, kit *testkit.Kit, e paywall.AuditEntry) {
	t.Helper()
	e.ID = paywall.NewID()
	if err := kit.Site.Store.AddAudit(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

// TestRecord_days: a day is one of the site's zone, also when the clocks change.
func TestRecord_days(t *testing.T) {
	kit := testkit.New(t)
	for _, at := range []string{"2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		addLine(t, kit, paywall.AuditEntry{At: instant, Action: "item.update", Detail: "at " + at[8:19]})
	}
	rows := rowsOf(kit.As(t, "owner").Get("/admin/audit?from=2026-03-29&to=2026-03-29").WantStatus(http.StatusOK))
	if len(rows) != 2 || !strings.Contains(rows[0], "21:59:5929 Mar 2026, 23:59") || !strings.Contains(rows[1], "23:00:0029 Mar 2026, 00:00") {
		t.Errorf("the day has %q", rows)
	}
}

// TestRecord_export: all lines of the choice, harmless in a spreadsheet, for owners
// who prove who they are; it is written down.
func TestRecord_export(t *testing.T) {
	kit := testkit.New(t)
	evil := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"}
	for n := range 1500 {
		addLine(t, kit, paywall.AuditEntry{
			At: testkit.Start.Add(-time.Duration(n) * time.Second), Actor: paywall.Actor{UserID: "x", Name: evil[n%len(evil)], Network: "192.0.2.0/24"},
			Action: "item.update", Subject: evil[(n+1)%len(evil)], Detail: evil[(n+2)%len(evil)] + "\n, \"quoted\"",
		})
	}
	owner := kit.As(t, "owner")
	form := url.Values{"action": {"item.update"}, "from": {"2026-11-22"}, "actor": {""}}
	answer := owner.Post("/admin/audit/export", form).WantStatus(http.StatusOK)
	if !strings.HasPrefix(answer.Header.Get("Content-Disposition"), `attachment; filename="usher-record-2026-11-22.csv"`) || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", answer.Header)
	}
	rows, err := csv.NewReader(strings.NewReader(answer.Body)).ReadAll()
	if err != nil || len(rows) != 1501 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") || strings.HasPrefix(cell, "＝") {
				t.Fatalf("a cell begins like a formula: %q", cell)
			}
		}
	}
	if at := rows[1][0]; at != "2026-11-22T18:30:00Z" {
		t.Errorf("the newest line is of %q", at)
	}
	if lines := auditLines(t, kit, "audit.export"); len(lines) != 1 || lines[0].Actor.Name != "owner@demo.test" || lines[0].Detail != "what: item.update\nfirst day: 2026-11-21T23:00:00Z" {
		t.Errorf("the export left %+v", lines)
	}
	owner.Post("/admin/audit/export", url.Values{"from": {"soon"}}).WantStatus(http.StatusUnprocessableEntity)
	kit.Staff(t, paywall.RoleReader).Post("/admin/audit/export", form).WantStatus(http.StatusNotFound)

	kit.Clock.Advance(paywall.FreshFor)
	owner.Header.Set("Referer", kit.Config.BaseURL.String()+"/admin/audit?action=item.update")
	answer = owner.Post("/admin/audit/export", form).WantStatus(http.StatusSeeOther)
	if got := answer.Header.Get("Location"); got != "/account/prove?next="+url.QueryEscape("/admin/audit?action=item.update") {
		t.Errorf("it leads to %q", got)
	}
	if page := owner.Get("/admin/audit"); page.Doc().Find("form[action$='/export']").Length() != 0 {
		t.Error("the page offers what would be refused")
	}
}

// TestRecord_onlyGrows: no route is there to change it.
func TestRecord_onlyGrows(t *testing.T) {
	for _, r := range testkit.New(t).Site.Handler.Table() {
		if strings.HasPrefix(r.Path, "/admin/audit") && r.Method != http.MethodGet && r.Path != "/admin/audit/export" {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
}

// TestRecord_reader follows its links as far as a reader may.
func TestRecord_reader(t *testing.T) {
	kit := testkit.New(t)
	kit.As(t, "anna")
	owner := kit.As(t, "owner")
	owner.Post("/admin/mails/test", nil).WantStatus(http.StatusSeeOther)
	reader := kit.Staff(t, paywall.RoleReader)
	page := reader.Get("/admin/audit").WantStatus(http.StatusOK)
	if page.Doc().Find("form[action$='/export']").Length() != 0 {
		t.Error("a reader is offered the export")
	}
	for _, link := range page.Doc().Find("table.record a").EachIter() {
		reader.Get(link.AttrOr("href", "")).WantStatus(http.StatusOK)
	}
}
