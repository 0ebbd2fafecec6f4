package handlers_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"usher/internal/i18n"
	"usher/internal/testkit"
	"usher/paywall"
)

// recordLines is a line of each kind that the program writes, with values of each
// sort: words, numbers, instants and what people typed.
var recordLines = []paywall.AuditEntry{
	{Action: "user.create", Detail: "person: zoe@example.org\nrole: support"},
	{Action: "user.role", Detail: "person: zoe@example.org\nrole: member → owner"},
	{Action: "user.invite", Detail: "to: zoe@example.org\nopens: everything"},
	{Action: "user.note", Detail: "person: zoe@example.org\nnote: changed\nwords: 10 → 12"},
	{Action: "user.disable", Detail: "person: zoe@example.org\nreason: spam"},
	{Action: "user.import", Detail: "person: zoe@example.org\nfile: list.csv\nline: 7"},
	{Action: "user.passkey_add", Detail: "name: Laptop"},
	{Action: "session.start", Detail: "signed in by: link\ndevice: Chrome, Linux"},
	{Action: "grant.give", Detail: "person: zoe@example.org\nitem: Le Concert\nuntil: 2026-11-26T23:00:00Z", Subject: goneID},
	{Action: "grant.give", Detail: "person: zoe@example.org\ncollection: no longer there\nuntil: none"},
	{Action: "grant.extend", Detail: "person: zoe@example.org\nopens: everything\nuntil: 2026-11-26T23:00:00Z → 2026-12-03T23:00:00Z"},
	{Action: "voucher.create", Detail: "batch: Fair\ncodes: 12\nuses of each code: 1\nopens: everything\ndays: 30\nvalid until: 2026-12-31T23:00:00Z"},
	{Action: "voucher.void", Detail: "code: 3\nused: 1 / 5"},
	{Action: "mail.resend", Detail: "mail: sign_in\nto: zoe@example.org"},
	{Action: "item.update", Detail: "title: Le Concert\nkind: radio → video\naccess: members → entitled\nstate: draft → published\n" +
		"collection: none → Tapes\nsources: 1 → 2\nopens on: none → 2026-11-26T19:00:00Z\nlength: 1h30m0s → 1h31m0s\n" +
		"summary: emptied\ndescription: made\nwords: 60"},
	{Action: "item.poster", Detail: "poster: replaced"}, {Action: "item.move", Detail: "moved: up"}, {Action: "item.step", Detail: "kept as it is: duration"},
	{Action: "collection.delete", Detail: "title: Tapes\npage address: tapes\nitems set free: 2"},
	{Action: "source.protect", Detail: "source: Le Concert\nprotection: off → on\nread back: unknown"},
	{Action: "imports.start", Detail: "import: step\nkept as it is: on\nchosen: 4", Subject: goneID},
	{Action: "bulk.give", Detail: "accounts: 9\nrole: member\nstate: blocked\nhas access: ended\njoined from: 2026-10-31T23:00:00Z\n" +
		"joined until: 2026-11-30T23:00:00Z\nchoice: chosen by hand\nopens: everything\nuntil: none", Subject: goneID},
	{Action: "job.stop", Detail: "work: extend", Subject: goneID}, {Action: "list.upload", Detail: "file: list.csv\nlines: 120", Subject: goneID},
	{Action: "site.settings", Subject: "sign_up", Detail: "sign-up: closed → invitation"},
	{Action: "site.settings", Subject: "owners_need_factor", Detail: "staff need two steps: false → true"},
	{Action: "site.settings", Subject: "probe_minutes", Detail: "minutes: 10 → 30"},
	{Action: "site.look", Subject: "site_languages", Detail: "languages: en,de → de,fr"},
	{Action: "site.look", Subject: "site_accent", Detail: "colour: none → #1a5fb4"},
	{Action: "site.look", Subject: "site_zone", Detail: "time zone: Europe/Paris → Europe/Zurich"},
	{Action: "site.logo", Subject: "site_logo", Detail: "logo: set"},
	{Action: "site.text", Subject: "home de", Detail: "text: made\nwords: 60"},
	{Action: "site.terms", Subject: "3", Detail: "language: de\ntext: changed\nwords: 400 → 420"},
	{Action: "site.step_skip", Subject: "sign_up"},
	{Action: "connection.change", Subject: "infomaniak", Detail: "token: replaced\norganisation: none → 48213\nvideo addresses: v1 → pub"},
	{Action: "audit.export", Detail: "who: -\nwhat: item.update\nabout: site_zone\nfirst day: 2026-11-21T23:00:00Z\nlast day: 2026-11-22T23:00:00Z\nsearch: Jazz"},
	{Action: "member.export", Detail: "accounts: 4\nchoice: all"},
	// From before there were facts.
	{Action: "grant.give", Detail: "zoe@example.org item:" + goneID + " until 2026-11-26T23:00:00Z"},
}

const goneID = "l2t7jdlc3yxoo2zt6yf3qmypg3"

// rawWords are ids, instants of the store, and the program's own words.
var rawWords = regexp.MustCompile(`\b[a-z2-7]{26}\b|\d{4}-\d\d-\d\dT|\b(site_\w+|sign_up|sign-up|sign_in|owners_need_factor|probe_minutes|` +
	`home de|entitled|invitation|infomaniak|true|false|none|everything|changed|replaced|no longer there|step|pub|blocked|1h30m0s)\b`)

// TestRecord_words: the record and the timeline speak the reader's language.
func TestRecord_words(t *testing.T) {
	kit := testkit.New(t)
	for n, line := range recordLines {
		line.At = testkit.Start.Add(-time.Duration(n) * time.Minute)
		addLine(t, kit, line)
	}
	owner := kit.As(t, "owner")
	owner.Header.Set("Accept-Language", "de")
	page := owner.Get("/admin/audit").WantStatus(http.StatusOK)
	rows := rowsOf(page)
	if len(rows) < len(recordLines) {
		t.Fatalf("%d rows of %d lines", len(rows), len(recordLines))
	}
	for _, row := range rows {
		if raw := rawWords.FindString(row); raw != "" {
			t.Errorf("%q stands in %q", raw, row)
		}
	}
	all := strings.Join(rows, "\n")
	for _, want := range []string{
		"Rolle: Mitglied → Verwaltung", "Mit: übergebenem Link · Gerät: Chrome, Linux",
		"Inhalt: Le Concert · Bis: Donnerstag, 26. November 2026", "Bis: ohne Ende", "Sammlung: nicht mehr da",
		"Gutscheine: Fair · Codes: 12 · Einlösungen je Code: 1", "Zugang: Für Mitglieder → Nur mit Zugangsrecht", "Länge: 1:30:00 → 1:31:00",
		"Neue Konten: Niemand → Auf Einladung", "Sprachen: English, Deutsch → Deutsch, Français", "Text: geschrieben · Wörter: 60",
		"Text der Startseite, Deutsch", "Token: ersetzt", "Wer: Kommandozeile · Was: Inhalt geändert",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if page.Doc().Find("table.record a[href='/admin/texts/home/de']").Length() == 0 {
		t.Error("nothing leads to the text")
	}

	answer := owner.Post("/admin/audit/export", url.Values{"action": {"grant.extend"}}).WantStatus(http.StatusOK)
	cells, err := csv.NewReader(strings.NewReader(answer.Body)).ReadAll()
	if err != nil || len(cells) != 2 ||
		cells[1][5] != "Address: zoe@example.org · Opens: everything · Until: Thursday 26 November 2026 → Thursday 3 December 2026" {
		t.Errorf("the file says %q, %v", cells, err)
	}
}

// TestRecord_labels: every fact is called something in words.
func TestRecord_labels(t *testing.T) {
	for _, label := range paywall.Labels {
		if key := "fact." + strings.ToLower(strings.NewReplacer(" ", "_", "-", "_").Replace(string(label))); !i18n.Has(key) {
			t.Errorf("there is no %s", key)
		}
	}
}
