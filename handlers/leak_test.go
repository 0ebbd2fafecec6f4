package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"usher/internal/testkit"
)

// itemPaths are all item pages of the demo, and what a curious visitor adds.
var itemPaths = []string{
	"/listen/radio-lumiere", "/listen/studio-ouvert", "/watch/le-concert", "/watch/making-of",
	"/watch/premiere", "/watch/brouillon", "/watch/nosuchitem",
}

// mayPlay lists which of them a person of the demo may play.
var mayPlay = map[string][]string{
	"ben":   {"/listen/studio-ouvert", "/watch/making-of"},
	"carla": {"/listen/studio-ouvert", "/watch/making-of"},
}

// secretsOf are all the words that only entitled viewers may see: references,
// channels and source ids of every item but the open one.
func secretsOf(t *testing.T, kit *testkit.Kit) []string {
	t.Helper()
	items, err := kit.Site.Store.AllItems(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	words := []string{"token=", kit.SandboxURL, strings.TrimPrefix(kit.SandboxURL, "http://")}
	for _, item := range items {
		for _, s := range item.Sources {
			words = append(words, s.ID, s.Ref)
			if s.Channel != "" {
				words = append(words, "/"+s.Channel+"/")
			}
		}
	}
	return words
}

// TestRefused_nothingLeaks: whoever may not play causes no mint, and no answer
// in any form holds a byte of what an entitled viewer gets.
func TestRefused_nothingLeaks(t *testing.T) {
	kit := testkit.New(t)
	secrets := secretsOf(t, kit)
	radio, err := kit.Site.Store.ItemBySlug(t.Context(), "radio-lumiere")
	if err != nil {
		t.Fatal(err)
	}
	visitors := map[string]*testkit.Client{
		"anonymous": kit.Client(t), "ben": kit.As(t, "ben"), "carla": kit.As(t, "carla"), "dora": dora(t, kit),
	}
	for who, client := range visitors {
		for _, path := range itemPaths {
			if allowed(who, path) {
				continue
			}
			for _, answer := range tryEverything(client, path, radio.Sources[0].ID) {
				for _, secret := range secrets {
					if secret != "radiolumiere" && strings.Contains(answer.Dump(), secret) {
						t.Errorf("%s at %s (%d) is shown %q", who, path, answer.Status, secret)
					}
				}
			}
		}
	}
	if n := kit.Mints(); n != 0 {
		t.Errorf("%d tokens were minted for people who may not play", n)
	}
}

// dora's account is disabled: she cannot sign in at all.
func dora(t *testing.T, kit *testkit.Kit) *testkit.Client {
	t.Helper()
	client := kit.Client(t)
	client.Post("/login", url.Values{"email": {"dora@demo.test"}, "password": {"demo-demo-demo"}}).
		WantStatus(http.StatusUnprocessableEntity)
	return client
}

func allowed(who, path string) bool {
	for _, p := range mayPlay[who] {
		if p == path {
			return true
		}
	}
	return false
}

// tryEverything asks for an item in every way there is. The source id is echoed
// by no answer although the visitor sends a right one.
func tryEverything(client *testkit.Client, path, sourceID string) []*testkit.Answer {
	slug := path[strings.LastIndex(path, "/")+1:]
	answers := []*testkit.Answer{
		client.Get(path),
		client.Get(path + "/"),
		client.Get(path + "?source="),
		client.Get(path + "?source=x"),
		client.Get(path + "?source=" + sourceID[:1]),
		client.Get(strings.ToUpper(path)),
		client.Get("/listen/" + slug), client.Get("/watch/" + slug),
		client.Do(http.MethodHead, path, "", nil),
		client.Do(http.MethodOptions, path, "", nil),
		client.Do(http.MethodDelete, path, "", nil),
		client.Post("/play/"+slug+"/token", url.Values{"source": {"1"}}),
		client.Post("/play/"+slug+"/token", url.Values{}),
		client.Get("/play/" + slug + "/token"),
		client.Get("/"), client.Get("/account"),
	}
	json := client.Do(http.MethodPost, "/play/"+slug+"/token", "application/json", strings.NewReader(`{"source":"1"}`))
	return append(answers, json)
}

// TestRefused_sourceParameter: a right source id in the address opens nothing.
func TestRefused_sourceParameter(t *testing.T) {
	kit := testkit.New(t)
	item, err := kit.Site.Store.ItemBySlug(t.Context(), "radio-lumiere")
	if err != nil {
		t.Fatal(err)
	}
	for who, client := range map[string]*testkit.Client{"anonymous": kit.Client(t), "ben": kit.As(t, "ben")} {
		for _, s := range item.Sources {
			answer := client.Get("/listen/radio-lumiere?source=" + s.ID).WantStatus(http.StatusOK)
			if answer.Doc().Find("audio, iframe, source").Length() > 0 || strings.Contains(answer.Body, s.Ref+"?") {
				t.Errorf("%s is given a player for source %s", who, s.Label)
			}
		}
	}
	if n := kit.Mints(); n != 0 {
		t.Errorf("%d tokens were minted", n)
	}
}

// TestDraft_likeUnknown: a draft answers like a slug that does not exist.
func TestDraft_likeUnknown(t *testing.T) {
	kit := testkit.New(t)
	for who, client := range map[string]*testkit.Client{
		"anonymous": kit.Client(t), "anna": kit.As(t, "anna"), "ben": kit.As(t, "ben"),
	} {
		for _, try := range []func(slug string) *testkit.Answer{
			func(slug string) *testkit.Answer { return client.Get("/watch/" + slug) },
			func(slug string) *testkit.Answer { return client.Get("/watch/" + slug + "?source=1") },
			func(slug string) *testkit.Answer { return client.Do(http.MethodHead, "/watch/"+slug, "", nil) },
			func(slug string) *testkit.Answer { return client.Post("/play/"+slug+"/token", url.Values{}) },
		} {
			draft, unknown := try("brouillon"), try("nosuchit1")
			if draft.Status != http.StatusNotFound || draft.Status != unknown.Status {
				t.Errorf("%s: draft answers %d, unknown %d", who, draft.Status, unknown.Status)
			}
			if a, b := alike(draft), alike(unknown); a != b {
				t.Errorf("%s: a draft can be told from nothing:\n%s\n---\n%s", who, a, b)
			}
		}
	}
}

// alike is all of an answer that must not differ.
func alike(a *testkit.Answer) string {
	header := a.Header.Clone()
	header.Del("Date")
	body := a.Body
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && body != "" {
		body = mask(a)
	}
	var b strings.Builder
	_ = header.Write(&b)
	return b.String() + strings.NewReplacer("brouillon", "SLUG", "nosuchit1", "SLUG").Replace(body)
}
