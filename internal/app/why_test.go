package app_test

import (
	"path/filepath"
	"strings"
	"testing"

	"usher/internal/testkit"
)

// TestWhyCommand asks beside a running site.
func TestWhyCommand(t *testing.T) {
	kit := testkit.New(t)
	data := filepath.Dir(strings.TrimPrefix(kit.Config.DatabaseURL, "sqlite:"))
	for line, want := range map[string]struct {
		code  int
		first string
	}{
		"anna@demo.test radio-lumiere --at 2026-11-23T00:00:00Z":       {0, "allowed: grant, a live grant opens it for ever"},
		"--at 2026-11-23T01:00:00+01:00 CARLA@demo.test radio-lumiere": {3, "refused: grant_ended, the grant ended on 2026-11-21T18:30:00Z"},
		"carla@demo.test --at 2026-11-20T00:00:00Z radio-lumiere":      {0, "allowed: grant, a live grant opens it until 2026-11-21T18:30:00Z"},
		"ben@demo.test radio-lumiere":                                  {3, "refused: no_grant, no grant covers the item"},
		"dora@demo.test studio-ouvert":                                 {3, "refused: disabled, the account is switched off"},
		"owner@demo.test brouillon":                                    {0, "allowed: owner, the role may try everything"},
		"- promo":                                                      {0, "allowed: open, the item is open to all"},
		"- studio-ouvert":                                              {3, "refused: signed_out, nobody is signed in"},
		"anna@demo.test premiere --at=2026-11-23T00:00:00Z":            {3, "refused: not_yet_open, the person is entitled and the item opens on 2026-11-29T18:30:00Z"},
		"nobody@demo.test promo":                                       {1, ""},
		"anna@demo.test nothing":                                       {1, ""},
		"anna@demo.test":                                               {2, ""},
		"anna@demo.test promo --at tomorrow":                           {2, ""},
		"anna@demo.test promo more":                                    {2, ""},
	} {
		args := append([]string{"why"}, strings.Fields(line)...)
		code, out, problems := run(t, settings(t, nil), "", append(args, "--data", data)...)
		first, _, _ := strings.Cut(out, "\n")
		if code != want.code || first != want.first {
			t.Errorf("why %s: %d %q %q, want %d %q", line, code, first, problems, want.code, want.first)
		}
		if want.code == 1 && !strings.Contains(problems, "there is no ") {
			t.Errorf("why %s says %q", line, problems)
		}
	}
	item, err := kit.Site.Store.ItemBySlug(t.Context(), "promo")
	if err != nil {
		t.Fatal(err)
	}
	code, out, problems := run(t, settings(t, nil), "", "why", "-", item.ID, "--data", data)
	if code != 0 || !strings.Contains(out, "item:    promo ") {
		t.Errorf("why by the item's id: %d %q %q", code, out, problems)
	}
	code, _, problems = run(t, settings(t, nil), "", "why", "anna@demo.test", "promo", "--data", t.TempDir())
	if code != 1 || !strings.Contains(problems, "there is no database") {
		t.Errorf("an empty folder: %d %q", code, problems)
	}
}

func TestWhyCommand_ConfiguredDatabase(t *testing.T) {
	kit := testkit.New(t)
	getenv := settings(t, map[string]string{"USHER_DATABASE_URL": kit.Config.DatabaseURL})
	code, out, problems := run(t, getenv, "", "why", "anna@demo.test", "promo")
	if code != 0 || !strings.HasPrefix(out, "allowed: open") {
		t.Errorf("%d %q %q", code, out, problems)
	}
	for _, want := range []string{"person:  anna@demo.test, member\n", `item:    promo "Lumière Promo"`, "grant:   everything from ", "change:  take the item back"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}
