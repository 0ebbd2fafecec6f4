package paywall_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"usher/paywall"
)

func (s *site) catalogue(t testing.TB) *paywall.Catalogue {
	t.Helper()
	return paywall.NewCatalogue(s, mediaHosts(t), s.clock.Now)
}

func stream(mount string) paywall.SourceInput {
	return paywall.SourceInput{Kind: paywall.SourceStream, Address: ice + "/" + mount, Label: mount}
}

// nightRadio is what an owner fills in for a new item, changed at will.
func nightRadio(changes ...func(in *paywall.ItemInput)) paywall.ItemInput {
	in := paywall.ItemInput{
		Title: "Night Radio", Slug: "night", Kind: paywall.KindRadio, Access: paywall.AccessEntitled,
		Sources: []paywall.SourceInput{stream("high.mp3"), stream("low.mp3")},
	}
	for _, change := range changes {
		change(&in)
	}
	return in
}

// inputOf is what the form of an item holds when nothing is changed.
func inputOf(i paywall.Item) paywall.ItemInput {
	in := paywall.ItemInput{
		Title: i.Title, Slug: i.Slug, Summary: i.Summary, Kind: i.Kind, Access: i.Access,
		CollectionID: i.CollectionID, OpensAt: i.OpensAt, ClosesAt: i.ClosesAt, Position: i.Position, Version: i.Version,
	}
	for _, s := range i.Sources {
		in.Sources = append(in.Sources, paywall.SourceInput{
			ID: s.ID, Kind: s.Kind, Address: s.URL, Channel: s.Channel, Label: s.Label, Window: s.Window,
		})
	}
	return in
}

func (s *site) create(t testing.TB, changes ...func(in *paywall.ItemInput)) paywall.Item {
	t.Helper()
	return get(s.catalogue(t).Create(t.Context(), by, nightRadio(changes...)))(t)
}

func TestCatalogue_Create(t *testing.T) {
	s := newSite(t)
	tapes := get(s.catalogue(t).CreateCollection(t.Context(), by, "Tapes"))(t)
	s.clock.Pass(time.Minute)
	in := paywall.ItemInput{
		Title: " Night Radio\t", Slug: " night ", Summary: " One\nTwo ", Kind: paywall.KindRadio,
		Access: paywall.AccessMembers, CollectionID: tapes.ID, OpensAt: at(10), ClosesAt: at(20), Position: 7,
		Version: 99, // of no meaning here
		Sources: []paywall.SourceInput{{
			ID: "planted", Kind: paywall.SourceHLS, Address: hls + "/demo/manifest.m3u8", Label: " best ", Window: time.Hour,
		}},
	}
	got := get(s.catalogue(t).Create(t.Context(), by, in))(t)
	if len(got.ID) != 26 || len(got.Sources) != 1 || len(got.Sources[0].ID) != 26 {
		t.Fatalf("created %+v", got)
	}
	wantSame(t, got, paywall.Item{
		ID: got.ID, Title: "Night Radio", Slug: "night", Summary: "One\nTwo", Kind: paywall.KindRadio,
		Access: paywall.AccessMembers, CollectionID: tapes.ID, OpensAt: at(10), ClosesAt: at(20), Position: 7,
		Version: 1, CreatedAt: at(1), UpdatedAt: at(1),
		Sources: []paywall.Source{{
			ID: got.Sources[0].ID, ItemID: got.ID, Kind: paywall.SourceHLS, Label: "best",
			URL: hls + "/demo/manifest.m3u8", Ref: "demo", Window: time.Hour,
		}},
	})
	wantSame(t, get(s.catalogue(t).ByID(t.Context(), got.ID))(t), got)
	line := s.audit(t)[1]
	wantSame(t, line, paywall.AuditEntry{
		ID: line.ID, At: at(1), Actor: by, Action: "item.create", Subject: got.ID,
		Detail: "title: Night Radio\npage address: night\nkind: radio\naccess: members\nstate: draft\ncollection: " + tapes.Title +
			"\nsources: 1\nopens on: 2026-04-01T20:10:00Z\ncloses on: 2026-04-01T20:20:00Z",
	})
}

// TestCatalogue_Fields names every field to mend at once.
func TestCatalogue_Fields(t *testing.T) {
	many := func(n int) (list []paywall.SourceInput) {
		for i := range n {
			list = append(list, stream(fmt.Sprintf("m%d.mp3", i)))
		}
		return list
	}
	sources := func(list ...paywall.SourceInput) func(*paywall.ItemInput) {
		return func(in *paywall.ItemInput) { in.Sources = list }
	}
	for name, test := range map[string]struct {
		change func(in *paywall.ItemInput)
		want   map[string]string // nil: fine
	}{
		"fine":             {func(*paywall.ItemInput) {}, nil},
		"no source":        {sources(), nil},
		"most sources":     {sources(many(paywall.MaxSources)...), nil},
		"too many sources": {sources(many(paywall.MaxSources + 1)...), map[string]string{"sources": "item.error.sources"}},
		"blank ones do not count": {
			sources(append(many(paywall.MaxSources), paywall.SourceInput{Address: " "}, paywall.SourceInput{})...), nil},
		"spaces for a title": {func(in *paywall.ItemInput) { in.Title = " \t" }, map[string]string{"title": "item.error.title"}},
		"source of a wrong host": {sources(stream("ok.mp3"), paywall.SourceInput{Kind: paywall.SourceStream, Address: "https://evil.example/x"}),
			map[string]string{"source_1_address": "source.error.host"}},
		"place in the form, blanks counted": {sources(paywall.SourceInput{}, stream("ok.mp3"), paywall.SourceInput{Kind: "rtmp", Address: "x"}),
			map[string]string{"source_2_kind": "source.error.kind"}},
		"label and window of different ones": {
			sources(
				paywall.SourceInput{Kind: paywall.SourceStream, Address: ice + "/a.mp3", Window: time.Second},
				paywall.SourceInput{Kind: paywall.SourceStream, Address: ice + "/b.mp3", Label: strings.Repeat("x", 41)}),
			map[string]string{"source_0_window": "source.error.window", "source_1_label": "source.error.label"}},
		"channel missing": {func(in *paywall.ItemInput) {
			in.Kind = paywall.KindVideo
			in.Sources = []paywall.SourceInput{{Kind: paywall.SourceVOD, Address: "1jhvl2uqlyr1s"}}
		}, map[string]string{"source_0_channel": "source.error.channel"}},
		"source of the wrong kind": {func(in *paywall.ItemInput) { in.Kind = paywall.KindVideo },
			map[string]string{"source_0_kind": "source.error.kind", "source_1_kind": "source.error.kind"}},
		"item and source together": {func(in *paywall.ItemInput) {
			in.Slug, in.Access, in.Sources = "A", "x", []paywall.SourceInput{{Kind: paywall.SourceHLS, Address: ice + "/a.mp3"}}
		}, map[string]string{"slug": "item.error.slug", "access": "item.error.access", "source_0_address": "source.error.hls"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			existing := s.create(t, func(in *paywall.ItemInput) { in.Slug = "existing" })
			in := nightRadio(test.change)
			in.Version = existing.Version
			created, err := s.catalogue(t).Create(t.Context(), by, in)
			in.Slug += "2"
			_, errUpdate := s.catalogue(t).Update(t.Context(), by, existing.ID, in)
			if test.want == nil {
				must(t, err)
				must(t, errUpdate)
				return
			}
			wantInvalid(t, err, test.want)
			wantInvalid(t, errUpdate, test.want)
			wantSame(t, created, paywall.Item{})
			wantSame(t, get(s.AllItems(t.Context()))(t), []paywall.Item{existing})
			if lines := s.audit(t); len(lines) != 1 {
				t.Errorf("a refusal wrote %+v", lines[1:])
			}
		})
	}
}

func TestCatalogue_SlugTaken(t *testing.T) {
	s := newSite(t)
	first := s.create(t)
	second := s.create(t, func(in *paywall.ItemInput) { in.Slug, in.Kind, in.Sources = "other", paywall.KindVideo, nil })
	taken := map[string]string{"slug": "item.error.slug_taken"}
	_, err := s.catalogue(t).Create(t.Context(), by, nightRadio())
	wantInvalid(t, err, taken)
	wantErr(t, err, paywall.ErrExists)
	in := inputOf(second)
	in.Slug = first.Slug // also for another kind, with another path
	_, err = s.catalogue(t).Update(t.Context(), by, second.ID, in)
	wantInvalid(t, err, taken)
	wantSame(t, get(s.ItemByID(t.Context(), second.ID))(t), second)
	in.Slug = second.Slug // one's own is not taken
	get(s.catalogue(t).Update(t.Context(), by, second.ID, in))(t)
}

func TestCatalogue_Update(t *testing.T) {
	s := newSite(t)
	old := s.create(t)
	s.clock.Pass(time.Minute)
	in := inputOf(old)
	in.Title, in.Access, in.ClosesAt = "Day Radio", paywall.AccessOpen, at(30)
	got := get(s.catalogue(t).Update(t.Context(), by, old.ID, in))(t)
	want := old
	want.Title, want.Access, want.ClosesAt, want.Version, want.UpdatedAt = "Day Radio", paywall.AccessOpen, at(30), 2, at(1)
	wantSame(t, got, want)
	wantSame(t, get(s.ItemByID(t.Context(), old.ID))(t), want)
	line := s.audit(t)[1]
	wantSame(t, line, paywall.AuditEntry{
		ID: line.ID, At: at(1), Actor: by, Action: "item.update", Subject: old.ID,
		Detail: "title: Night Radio → Day Radio\naccess: entitled → open\ncloses on: none → 2026-04-01T20:30:00Z",
	})
	get(s.catalogue(t).Update(t.Context(), by, old.ID, inputOf(got)))(t) // its version is the stored one
	_, err := s.catalogue(t).Update(t.Context(), by, "unknown", in)
	wantErr(t, err, paywall.ErrNotFound)
}

// TestCatalogue_Changed: of two who edit the same version, the second is told.
func TestCatalogue_Changed(t *testing.T) {
	s := newSite(t)
	item := s.create(t)
	first, second := inputOf(item), inputOf(item)
	first.Title, second.Title = "First", "Second"
	want := get(s.catalogue(t).Update(t.Context(), by, item.ID, first))(t)
	_, err := s.catalogue(t).Update(t.Context(), by, item.ID, second)
	wantErr(t, err, paywall.ErrChanged)
	wantSame(t, get(s.ItemByID(t.Context(), item.ID))(t), want)
	if lines := s.audit(t); len(lines) != 2 {
		t.Errorf("%d audit lines, want 2", len(lines))
	}
}

// TestCatalogue_SourceIDs: a source that stays keeps its id, in any order; one
// without an address goes; a foreign or doubled id is not adopted.
func TestCatalogue_SourceIDs(t *testing.T) {
	s := newSite(t)
	item := s.create(t)
	foreign := s.create(t, func(in *paywall.ItemInput) { in.Slug = "foreign" })
	high, low := item.Sources[0].ID, item.Sources[1].ID
	in := inputOf(item)
	in.Sources[0], in.Sources[1] = in.Sources[1], in.Sources[0]
	in.Sources = append(in.Sources,
		paywall.SourceInput{ID: foreign.Sources[0].ID, Kind: paywall.SourceStream, Address: ice + "/x.mp3"},
		paywall.SourceInput{ID: high, Kind: paywall.SourceStream, Address: ice + "/y.mp3"})
	item = get(s.catalogue(t).Update(t.Context(), by, item.ID, in))(t)
	wantSame(t, get(s.ItemByID(t.Context(), item.ID))(t), item)
	if len(item.Sources) != 4 || item.Sources[0].ID != low || item.Sources[1].ID != high {
		t.Errorf("sources %+v, want %s and %s first", item.Sources, low, high)
	}
	for _, source := range item.Sources[2:] {
		if source.ID == foreign.Sources[0].ID || source.ID == high || source.ItemID != item.ID {
			t.Errorf("adopted %+v", source)
		}
	}
	wantSame(t, get(s.ItemByID(t.Context(), foreign.ID))(t), foreign)
	in = inputOf(item)
	in.Sources[0].Address, in.Sources[2].Address, in.Sources[3].Address = "", " ", "\t"
	item = get(s.catalogue(t).Update(t.Context(), by, item.ID, in))(t)
	if len(item.Sources) != 1 || item.Sources[0].ID != high || item.Sources[0].Position != 0 {
		t.Errorf("left are %+v", item.Sources)
	}
}

// TestCatalogue_Trouble: a note stays while it is about the same address.
func TestCatalogue_Trouble(t *testing.T) {
	for name, test := range map[string]struct {
		change func(in *paywall.ItemInput)
		want   string
	}{
		"new title":   {func(in *paywall.ItemInput) { in.Title = "New" }, "401"},
		"new label":   {func(in *paywall.ItemInput) { in.Sources[0].Label = "New" }, "401"},
		"new address": {func(in *paywall.ItemInput) { in.Sources[0].Address = ice + "/new.mp3" }, ""},
		"new source":  {func(in *paywall.ItemInput) { in.Sources[0].ID = "" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			item := s.create(t)
			must(t, s.SetSourceTrouble(t.Context(), item.Sources[0].ID, "401", at(1)))
			in := inputOf(item)
			test.change(&in)
			get(s.catalogue(t).Update(t.Context(), by, item.ID, in))(t)
			got := get(s.ItemByID(t.Context(), item.ID))(t).Sources[0]
			if got.Trouble != test.want || got.TroubleAt.IsZero() != (test.want == "") {
				t.Errorf("trouble %q at %v, want %q", got.Trouble, got.TroubleAt, test.want)
			}
		})
	}
}

func TestCatalogue_Publish(t *testing.T) {
	s := newSite(t)
	item := s.create(t)
	s.clock.Pass(time.Minute)
	must(t, s.catalogue(t).SetPublished(t.Context(), by, item.ID, true))
	item.Published, item.Version, item.UpdatedAt = true, 2, at(1)
	wantSame(t, get(s.ItemByID(t.Context(), item.ID))(t), item)
	line := s.audit(t)[1]
	wantSame(t, line, paywall.AuditEntry{
		ID: line.ID, At: at(1), Actor: by, Action: "item.publish", Subject: item.ID,
		Detail: "title: Night Radio\nstate: draft → published",
	})
	in := inputOf(item)
	in.Title = "Still on"
	if got := get(s.catalogue(t).Update(t.Context(), by, item.ID, in))(t); !got.Published {
		t.Error("an edit takes the item off")
	}
	must(t, s.catalogue(t).SetPublished(t.Context(), by, item.ID, false))
	if get(s.ItemByID(t.Context(), item.ID))(t).Published {
		t.Error("still on")
	}
	wantErr(t, s.catalogue(t).SetPublished(t.Context(), by, "unknown", true), paywall.ErrNotFound)
}

// TestCatalogue_PublishNothing: what is on has something to play.
func TestCatalogue_PublishNothing(t *testing.T) {
	s := newSite(t)
	empty := s.create(t, func(in *paywall.ItemInput) { in.Slug, in.Sources = "empty", nil })
	noSource := func(err error) {
		t.Helper()
		if e := asError(t, err); e.Kind != paywall.KindInvalid || e.Key != "item.error.no_source" {
			t.Errorf("error = %v", e)
		}
	}
	noSource(s.catalogue(t).SetPublished(t.Context(), by, empty.ID, true))
	must(t, s.catalogue(t).SetPublished(t.Context(), by, empty.ID, false))
	item := s.create(t)
	must(t, s.catalogue(t).SetPublished(t.Context(), by, item.ID, true))
	item = get(s.ItemByID(t.Context(), item.ID))(t)
	in := inputOf(item)
	in.Sources = nil
	_, err := s.catalogue(t).Update(t.Context(), by, item.ID, in)
	noSource(err)
	wantSame(t, get(s.ItemByID(t.Context(), item.ID))(t), item)
}

// TestCatalogue_WhatIsOn leaves out drafts and what is over, not what opens later.
func TestCatalogue_WhatIsOn(t *testing.T) {
	s := newSite(t)
	wantSame(t, get(s.catalogue(t).WhatIsOn(t.Context()))(t), []paywall.Item{})
	s.addItem(t, "always", open)
	s.addItem(t, "draft", draft)
	s.addItem(t, "later", opens(5))
	s.addItem(t, "soon-over", closes(5))
	s.addItem(t, "over", closes(0))
	want := "always later soon-over"
	for range 2 {
		var slugs []string
		for _, item := range get(s.catalogue(t).WhatIsOn(t.Context()))(t) {
			slugs = append(slugs, item.Slug)
			if item.Sources != nil {
				t.Errorf("%s comes with its sources", item.Slug)
			}
		}
		if got := strings.Join(slugs, " "); got != want {
			t.Errorf("on are %q, want %q", got, want)
		}
		s.clock.Pass(5 * time.Minute)
		want = "always later"
	}
	if got := len(get(s.catalogue(t).All(t.Context()))(t)); got != 5 {
		t.Errorf("the owner sees %d items, want 5", got)
	}
}

func TestCatalogue_CreateCollection(t *testing.T) {
	s := newSite(t)
	got := get(s.catalogue(t).CreateCollection(t.Context(), by, " Tapes\t"))(t)
	wantSame(t, got, paywall.Collection{
		ID: got.ID, Slug: "tapes", Title: "Tapes", Version: 1, CreatedAt: opening, UpdatedAt: opening,
	})
	wantSame(t, get(s.catalogue(t).Collections(t.Context()))(t), []paywall.Collection{got})
	s.wantAudit(t, paywall.AuditEntry{
		At: opening, Actor: by, Action: "collection.create", Subject: got.ID, Detail: "title: Tapes",
	})
	for name, title := range map[string]string{
		"empty": "", "spaces": "  ", "too long": strings.Repeat("é", paywall.MaxTitle+1), "control": "a\x00b", "no UTF-8": "\xff",
	} {
		got, err := s.catalogue(t).CreateCollection(t.Context(), by, title)
		if wantInvalid(t, err, map[string]string{"title": "collection.error.title"}); got != (paywall.Collection{}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	get(s.catalogue(t).CreateCollection(t.Context(), by, strings.Repeat("é", paywall.MaxTitle)))(t)
}

// TestCatalogue_namesEveryMistake: one look at the form shows all there is to
// mend, also of a source whose address is refused.
func TestCatalogue_namesEveryMistake(t *testing.T) {
	s := newSite(t)
	_, err := s.catalogue(t).Create(t.Context(), by, paywall.ItemInput{
		Title: "Night", Slug: "night", Kind: paywall.KindRadio, Access: paywall.AccessOpen,
		Sources: []paywall.SourceInput{{
			Kind: paywall.SourceStream, Address: "https://elsewhere.example/x.mp3", Window: 99 * time.Hour,
		}},
	})
	var refused *paywall.Error
	if !errors.As(err, &refused) || refused.Fields["source_0_address"] != "source.error.host" ||
		refused.Fields["source_0_window"] != "source.error.window" {
		t.Errorf("error %v", err)
	}
}

func TestCatalogue_unknownCollection(t *testing.T) {
	s := newSite(t)
	in := paywall.ItemInput{
		Title: "Night", Slug: "night", Kind: paywall.KindRadio, Access: paywall.AccessOpen, CollectionID: "nosuch",
	}
	_, err := s.catalogue(t).Create(t.Context(), by, in)
	var refused *paywall.Error
	if !errors.As(err, &refused) || refused.Fields["collection"] != "item.error.collection" {
		t.Errorf("error %v", err)
	}
	in.CollectionID = ""
	item := get(s.catalogue(t).Create(t.Context(), by, in))(t)
	in.CollectionID, in.Version = "nosuch", item.Version
	_, err = s.catalogue(t).Update(t.Context(), by, item.ID, in)
	if !errors.As(err, &refused) || refused.Fields["collection"] != "item.error.collection" {
		t.Errorf("error %v", err)
	}
}
