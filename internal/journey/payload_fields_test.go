package journey

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"usher/paywall"
)

// payloadFields are the fields in which somebody types what others read. Whoever
// adds such a field adds a row: put stores the corpus in it, and notes the pages
// that show it. The pages themselves are walked without being named.
var payloadFields = []struct {
	name string
	put  func(s *stage)
}{
	{"collections", putCollections},
	{"items", putItems},
	{"grants", putGrants},
	{"members", putMembers},
	{"the own profile", putProfile},
	{"passkeys", putPasskeys},
	{"addresses", putAddresses},
	{"vouchers", putVouchers},
	{"texts", putTexts},
	{"the site's name", putName},
}

func putCollections(s *stage) {
	for _, text := range packs(paywall.MaxTitle) {
		s.post("/admin/collections", url.Values{"title": {text}})
		s.shows("title of a collection", "/admin/collections", text)
		s.shows("title of a collection", "/admin/items/new", text)
	}
	s.refuses("/admin/collections", "title", url.Values{}, turning...)
}

func putItems(s *stage) {
	labels := packs(paywall.MaxLabel)
	for n, text := range packs(paywall.MaxTitle) {
		slug := "payload-" + strconv.Itoa(n)
		form := url.Values{
			"title": {text}, "slug": {slug}, "kind": {"radio"}, "summary": {everything("\n")}, "access": {"members"}, "position": {"0"}, "version": {"0"},
		}
		for range 4 {
			form.Add("source_id", "")
			form.Add("source_kind", "stream")
			form.Add("source_address", s.kit.SandboxURL+"/ice/studioouvert-128.mp3")
			form.Add("source_channel", "")
			form.Add("source_label", labels[0])
			form.Add("source_window", "")
			if len(labels) > 1 { // the last one is good for all that are left
				labels = labels[1:]
			}
		}
		s.post("/admin/items/new", form)
		item, err := s.kit.Site.Store.ItemBySlug(s.t.Context(), slug)
		if err != nil {
			s.t.Fatal(err)
		}
		s.post("/admin/items/"+item.ID+"/publish", url.Values{"published": {"true"}})
		s.shows("title of an item", "/", text)
		s.shows("title of an item", "/listen/"+slug, text)
		s.shows("summary of an item", "/listen/"+slug, payloads[n])
		s.shows("title of an item", "/admin/items", text)
		for _, label := range form["source_label"] {
			s.shows("label of a source", "/admin/items/"+item.ID, label)
		}
	}
	if len(labels) > 1 {
		s.t.Errorf("%d labels found no item", len(labels))
	}
	good := url.Values{"title": {"x"}, "slug": {"payload-turning"}, "kind": {"radio"}, "access": {"members"}, "position": {"0"}, "version": {"0"}}
	s.refuses("/admin/items/new", "title", good, turning...)
	s.refuses("/admin/items/new", "summary", good, turning...)
	s.refuses("/admin/items/new", "slug", good, payloads[:9]...)
	s.refuses("/admin/items/new", "source_address", good, payloads...)
}

func putGrants(s *stage) {
	form := url.Values{"email": {"ben@demo.test"}, "opens": {"everything"}}
	for _, text := range packs(paywall.MaxNote) {
		form.Set("note", text)
		s.post("/admin/grants", form)
		s.shows("note of a grant", "/admin/grants", text)
	}
	s.refuses("/admin/grants", "note", form, turning...)
}

func putMembers(s *stage) {
	for n, text := range packs(paywall.MaxName) {
		email := "payload-" + strconv.Itoa(n) + "@demo.test"
		user, err := s.kit.Site.Auth.CreateConfirmed(s.t.Context(), paywall.Actor{Name: "test"}, paywall.NewUser{
			Email: email, Name: text, Role: paywall.RoleMember,
		})
		if err != nil {
			s.t.Fatal(err)
		}
		s.shows("name of a member", "/admin/members/"+user.ID, text)
	}
}

func putProfile(s *stage) {
	text := packs(paywall.MaxName)[1]
	s.post("/account/profile", url.Values{"name": {text}})
	s.shows("the own name", "/account", text)
	s.refuses("/account/profile", "name", url.Values{}, turning...)
}

func putPasskeys(s *stage) {
	user, err := s.kit.Site.Store.UserByEmail(s.t.Context(), "owner@demo.test")
	if err != nil {
		s.t.Fatal(err)
	}
	for n, text := range packs(paywall.MaxPasskeyName) {
		key := paywall.Passkey{ID: "payload-" + strconv.Itoa(n), UserID: user.ID, Name: "x", Credential: []byte("{}"), CreatedAt: s.kit.Clock.Now()}
		if err := s.kit.Site.Store.CreatePasskey(s.t.Context(), key); err != nil {
			s.t.Fatal(err)
		}
		s.post("/account/passkeys/"+key.ID+"/name", url.Values{"name": {text}})
		s.shows("name of a passkey", "/account/security", text)
	}
}

// putAddresses tries to get in as somebody whose address is a payload.
func putAddresses(s *stage) {
	for _, p := range payloads {
		for _, address := range []string{p, p + "@demo.test", `"` + p + `"@demo.test`} {
			for _, path := range []string{"/admin/members/invite", "/admin/mails/test"} {
				if answer := s.owner.Post(path, url.Values{"email": {address}, "to": {address}}); path == "/admin/members/invite" && answer.Status != http.StatusUnprocessableEntity {
					s.t.Errorf("%s takes the address %q: status %d", path, address, answer.Status)
				}
			}
		}
	}
}

func putVouchers(s *stage) {
	form := url.Values{"codes": {"1"}, "uses": {"1"}, "days": {"30"}, "lasts": {"days"}, "opens": {"everything"}}
	notes := packs(paywall.MaxNote)
	for n, text := range packs(paywall.MaxTitle) {
		form.Set("name", text)
		form.Set("note", notes[min(n, len(notes)-1)])
		batch := s.post("/admin/vouchers/new", form).Header.Get("Location")
		s.shows("name of vouchers", "/admin/vouchers", text)
		s.shows("name of vouchers", batch, text)
		s.shows("note of vouchers", batch, form.Get("note"))
		if n == 0 {
			s.shows("name of vouchers", batch+"/print", text)
		}
		page := s.owner.Post(batch+"/mail", url.Values{"language": {"en"}, "addresses": {everything("\n")}})
		if page.Status != http.StatusUnprocessableEntity || page.Doc().Find("script:not([src]), [onerror], [onload]").Length() > 0 {
			s.t.Errorf("mailing codes to payloads: status %d", page.Status)
		}
	}
	form.Set("name", "x")
	s.refuses("/admin/vouchers/new", "name", form, turning...)
	s.refuses("/admin/vouchers/new", "note", form, turning...)
	s.refuses("/admin/vouchers/new", "prefix", form, payloads...)
}

func putTexts(s *stage) {
	for _, place := range paywall.TextPlaces() {
		path := "/admin/texts/" + string(place) + "/en"
		version := s.owner.Get(path).Attr("input[name=version]", "value")
		body := everything("\n\n") + "\n\n# " + everything("\n\n- ") + "\n\n|a|b|\n|-|-|\n|" + payloads[0] + "|" + payloads[3] + "|\n\n" + strings.Join(turning, "\n\n")
		s.post(path, url.Values{"version": {version}, "body": {body}})
		s.shows("text "+string(place), path, payloads[0])
		page := map[paywall.TextPlace]string{
			paywall.PlaceHome: "/", paywall.PlacePaywall: "/watch/le-concert", paywall.PlaceTerms: "/terms",
			paywall.PlacePrivacy: "/privacy", paywall.PlaceImprint: "/imprint",
		}[place]
		if page == "" || place == paywall.PlacePaywall { // the owner sees no paywall, visitors are walked
			continue
		}
		for _, p := range payloads {
			if plainInMarkdown(p) {
				s.shows("text "+string(place), page, p)
			}
		}
	}
}

// putName leaves the site with the last part of the corpus as its name; the other
// parts are looked at one after the other by the form's own page.
func putName(s *stage) {
	form := url.Values{"languages": {"en", "fr"}, "language": {"en"}, "zone": {"Europe/Zurich"}}
	for _, text := range packs(paywall.MaxSiteName) {
		form.Set("name", text)
		s.post("/admin/settings/look", form)
		for _, path := range []string{"/", "/account", "/admin"} {
			if page := s.owner.Get(path); page.Doc().Find("script:not([src]), [onerror], [onload], svg[onload]").Length() > 0 {
				s.t.Errorf("%s: the name %q becomes markup", path, text)
			}
		}
	}
	s.shows("name of the site", "/terms", packs(paywall.MaxSiteName)[len(packs(paywall.MaxSiteName))-1])
	form.Set("name", "x")
	s.refuses("/admin/settings/look", "name", form, turning...)
	s.refuses("/admin/settings/look", "zone", form, payloads[0], payloads[1])
	form.Set("accent_own", "1")
	s.refuses("/admin/settings/look", "accent", form, payloads...)
}
