package paywall_test

import (
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

func validItem() paywall.Item {
	return paywall.Item{Slug: "night-radio", Kind: paywall.KindRadio, Title: "Night Radio", Access: paywall.AccessOpen}
}

func TestItem_Validate(t *testing.T) {
	title := func(s string) func(*paywall.Item) { return func(i *paywall.Item) { i.Title = s } }
	summary := func(s string) func(*paywall.Item) { return func(i *paywall.Item) { i.Summary = s } }
	slug := func(s string) func(*paywall.Item) { return func(i *paywall.Item) { i.Slug = s } }
	window := func(from, to time.Time) func(*paywall.Item) {
		return func(i *paywall.Item) { i.OpensAt, i.ClosesAt = from, to }
	}
	for name, test := range map[string]struct {
		change     func(i *paywall.Item)
		field, key string // empty: fine
	}{
		"as it is":                    {func(*paywall.Item) {}, "", ""},
		"video":                       {func(i *paywall.Item) { i.Kind = paywall.KindVideo }, "", ""},
		"members":                     {func(i *paywall.Item) { i.Access = paywall.AccessMembers }, "", ""},
		"entitled":                    {func(i *paywall.Item) { i.Access = paywall.AccessEntitled }, "", ""},
		"no title":                    {title(""), "title", "item.error.title"},
		"longest title":               {title(strings.Repeat("é", paywall.MaxTitle)), "", ""},
		"title too long":              {title(strings.Repeat("é", paywall.MaxTitle+1)), "title", "item.error.title"},
		"line break in the title":     {title("Night\nRadio"), "title", "item.error.title"},
		"NUL in the title":            {title("Night\x00"), "title", "item.error.title"},
		"delete in the title":         {title("Night\x7f"), "title", "item.error.title"},
		"no UTF-8 in the title":       {title("Night\xc3"), "title", "item.error.title"},
		"markup in the title":         {title(`<b>"Night" & 'Day'</b> 🌙`), "", ""},
		"longest summary":             {summary(strings.Repeat("é", paywall.MaxSummary)), "", ""},
		"summary too long":            {summary(strings.Repeat("é", paywall.MaxSummary+1)), "summary", "item.error.summary"},
		"lines in the summary":        {summary("One\r\nTwo\n\tThree"), "", ""},
		"NUL in the summary":          {summary("One\x00"), "summary", "item.error.summary"},
		"escape in the summary":       {summary("One\x1b[2J"), "summary", "item.error.summary"},
		"no UTF-8 in the summary":     {summary("One\xff"), "summary", "item.error.summary"},
		"no slug":                     {slug(""), "slug", "item.error.slug"},
		"slug of one letter":          {slug("a"), "", ""},
		"slug of digits":              {slug("2026"), "", ""},
		"longest slug":                {slug(strings.Repeat("s", paywall.MaxSlug)), "", ""},
		"slug too long":               {slug(strings.Repeat("s", paywall.MaxSlug+1)), "slug", "item.error.slug"},
		"capital in the slug":         {slug("Night"), "slug", "item.error.slug"},
		"space in the slug":           {slug("night radio"), "slug", "item.error.slug"},
		"slash in the slug":           {slug("night/radio"), "slug", "item.error.slug"},
		"dots in the slug":            {slug(".."), "slug", "item.error.slug"},
		"percent in the slug":         {slug("night%2fradio"), "slug", "item.error.slug"},
		"umlaut in the slug":          {slug("nächte"), "slug", "item.error.slug"},
		"hyphen in front":             {slug("-night"), "slug", "item.error.slug"},
		"hyphen at the end":           {slug("night-"), "slug", "item.error.slug"},
		"two hyphens":                 {slug("night--radio"), "slug", "item.error.slug"},
		"line break after the slug":   {slug("night\n"), "slug", "item.error.slug"},
		"no kind":                     {func(i *paywall.Item) { i.Kind = "" }, "kind", "item.error.kind"},
		"unknown kind":                {func(i *paywall.Item) { i.Kind = "live" }, "kind", "item.error.kind"},
		"no access":                   {func(i *paywall.Item) { i.Access = "" }, "access", "item.error.access"},
		"unknown access":              {func(i *paywall.Item) { i.Access = "Open" }, "access", "item.error.access"},
		"opens only":                  {window(at(0), time.Time{}), "", ""},
		"closes only":                 {window(time.Time{}, at(0)), "", ""},
		"opens and closes":            {window(at(0), at(1)), "", ""},
		"closes when it opens":        {window(at(0), at(0)), "closes_at", "item.error.window"},
		"closes before it opens":      {window(at(1), at(0)), "closes_at", "item.error.window"},
		"the same in different zones": {window(at(0), at(0).In(time.FixedZone("", 7200))), "closes_at", "item.error.window"},
	} {
		t.Run(name, func(t *testing.T) {
			item := validItem()
			test.change(&item)
			err := item.Validate()
			if test.field == "" {
				must(t, err)
				return
			}
			wantInvalid(t, err, map[string]string{test.field: test.key})
		})
	}
}

// TestItem_ValidateAll: an owner sees all that is wrong at once.
func TestItem_ValidateAll(t *testing.T) {
	err := paywall.Item{Summary: "\x00", OpensAt: at(1), ClosesAt: at(0)}.Validate()
	wantInvalid(t, err, map[string]string{
		"title": "item.error.title", "summary": "item.error.summary", "slug": "item.error.slug",
		"kind": "item.error.kind", "access": "item.error.access", "closes_at": "item.error.window",
	})
}

func TestItem_Path(t *testing.T) {
	for kind, want := range map[paywall.ItemKind]string{
		paywall.KindRadio: "/listen/night", paywall.KindVideo: "/watch/night",
	} {
		if got := (paywall.Item{Kind: kind, Slug: "night"}).Path(); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
}

func TestItem_Source(t *testing.T) {
	item := paywall.Item{Sources: []paywall.Source{{ID: "high"}, {ID: "low"}}}
	for id, want := range map[string]string{"": "high", "high": "high", "low": "low"} {
		if got, ok := item.Source(id); !ok || got.ID != want {
			t.Errorf("source %q is %q, %v, want %q", id, got.ID, ok, want)
		}
	}
	if got, ok := item.Source("other"); ok || got != (paywall.Source{}) {
		t.Errorf("an unknown source is %+v", got)
	}
	if got, ok := (paywall.Item{}).Source(""); ok || got != (paywall.Source{}) {
		t.Errorf("the first of no sources is %+v", got)
	}
}

func TestViewer(t *testing.T) {
	for name, want := range map[string]struct{ signedIn, owner bool }{
		"nobody": {false, false}, "nobody as owner": {false, false}, "unconfirmed": {true, false},
		"disabled": {true, false}, "member": {true, false}, "strange role": {true, false},
		"owner": {true, true}, "unconfirmed owner": {true, true}, "disabled owner": {true, false},
	} {
		v := viewers[name]
		if v.SignedIn() != want.signedIn || v.May(paywall.RightRun) != want.owner {
			t.Errorf("%s: signed in %v, owner %v, want %+v", name, v.SignedIn(), v.May(paywall.RightRun), want)
		}
	}
	v := paywall.Viewer{User: paywall.User{ID: "x", Email: "x@example.org", Name: "X"}}
	wantSame(t, paywall.ActorOf(v), paywall.Actor{UserID: "x", Name: "x@example.org"})
}

func TestNewID(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := paywall.NewID()
		if len(id) != 26 || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Fatalf("id %q is not 26 characters of base 32", id)
		}
		if seen[id] {
			t.Fatalf("id %q came twice", id)
		}
		seen[id] = true
	}
}
