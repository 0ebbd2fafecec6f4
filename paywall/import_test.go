package paywall_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/internal/infomaniak"
	"usher/internal/infomaniak/sandbox"
	"usher/internal/picture"
	"usher/paywall"
)

// studio is an empty site with an account at the sandbox.
type studio struct {
	*site
	stage    *sandbox.Sandbox
	url      string
	supplier paywall.Supplier
	editor   paywall.Actor
}

const studioToken = "a-token-of-the-studio-0123456789"

func newStudio(t testing.TB, catalogue sandbox.Catalogue) *studio {
	t.Helper()
	s := &studio{site: newSite(t)}
	user := s.addUser(t, "ed")
	s.editor = paywall.Actor{UserID: user.ID, Name: user.Email}
	s.stage = sandbox.New(sandbox.Options{APIToken: studioToken, Catalogue: catalogue, Now: s.clock.Now})
	server := httptest.NewServer(s.stage)
	t.Cleanup(func() { s.stage.Close(); server.Close() })
	s.url = server.URL
	s.supplier = s.client(t, studioToken)
	return s
}

func (s *studio) hosts(t testing.TB) paywall.MediaHosts {
	t.Helper()
	return get(paywall.ParseMediaHosts([]string{s.url}))(t)
}

func (s *studio) client(t testing.TB, token string) paywall.Supplier {
	t.Helper()
	return get(infomaniak.New(infomaniak.Config{
		APIToken: paywall.NewSecret(token), APIURL: s.url, VODURL: s.url, PlayerURL: s.url, Hosts: s.hosts(t), Now: s.clock.Now,
	}))(t)
}

func (s *studio) imports(t testing.TB) *paywall.Imports {
	t.Helper()
	return paywall.NewImports(s, s.supplier, paywall.NewPictures(s, picture.New(), s.clock.Now), s.hosts(t), s.clock.Now)
}

// work runs what was started and wants it to end well.
func (s *studio) work(t testing.TB, run paywall.ImportRun) paywall.RunReport {
	t.Helper()
	must(t, s.imports(t).Work(t.Context()))
	run = get(s.ImportRunByID(t.Context(), run.ID))(t)
	if run.State != paywall.RunDone || run.Done != run.Total {
		t.Fatalf("the run is %s, %d of %d: %+v", run.State, run.Done, run.Total, run.ReportOf())
	}
	return run.ReportOf()
}

func (s *studio) read(t testing.TB, channels ...string) {
	t.Helper()
	s.work(t, get(s.imports(t).StartRead(t.Context(), s.editor, channels))(t))
}

// everything is all that can be picked.
func (s *studio) everything(t testing.TB) paywall.ImportChoice {
	t.Helper()
	_, plan, err := s.imports(t).Overview(t.Context())
	must(t, err)
	choice := paywall.ImportChoice{Access: paywall.AccessEntitled, Collections: true, Publish: true}
	for _, line := range plan.Lines {
		choice.Picks = append(choice.Picks, line.Key)
	}
	return choice
}

// TestImport_big is the broadcaster's account: complete, no share is made for a
// media that has one, and the second run changes nothing.
func TestImport_big(t *testing.T) {
	catalogue := sandbox.BigCatalogue()
	for _, channel := range catalogue.Channels {
		for i := range channel.Media {
			channel.Media[i].NoPoster = i%20 != 0 // pictures take the most time
		}
	}
	s := newStudio(t, catalogue)
	s.read(t)
	choice := s.everything(t)
	plan := get(s.imports(t).Plan(t.Context(), choice))(t)
	const needed = sandbox.BigUnshared + sandbox.BigEnded
	if n := plan.Count(paywall.PlanNew); n != sandbox.BigStations+sandbox.BigMedia || plan.Shares != needed || plan.Open == 0 {
		t.Fatalf("the plan has %d new things, %d shares, %d open", n, plan.Shares, plan.Open)
	}
	if made := s.stage.Calls().SharesMade; made != 0 {
		t.Fatalf("a plan made %d shares", made)
	}
	all := get(s.imports(t).Plan(t.Context(), paywall.ImportChoice{Picks: []string{paywall.PickEverything}, Access: choice.Access}))(t)
	wantSame(t, len(all.Lines), sandbox.BigStations+sandbox.BigMedia)
	report := s.work(t, get(s.imports(t).Start(t.Context(), s.editor, choice))(t))
	if report.Created != sandbox.BigStations+sandbox.BigMedia || report.Shares != needed || len(report.Problems) != 0 {
		t.Errorf("created %d, shares %d, problems %v", report.Created, report.Shares, report.Problems)
	}
	if made := s.stage.Calls().SharesMade; made != needed {
		t.Errorf("%d shares were made, %d media had none", made, needed)
	}
	s.checkBig(t)

	s.read(t)
	before, calls := s.dump(t), s.stage.Calls()
	if _, err := s.imports(t).Start(t.Context(), s.editor, s.everything(t)); paywall.KindOf(err) != paywall.KindInvalid {
		t.Errorf("the second run starts: %v", err)
	}
	_, err := s.imports(t).Plan(t.Context(), paywall.ImportChoice{Picks: []string{paywall.PickEverything}, Access: choice.Access})
	wantKey(t, err, paywall.KindInvalid, "import.error.none_chosen") // nothing is new
	must(t, s.imports(t).Work(t.Context()))
	plan = get(s.imports(t).Plan(t.Context(), s.everything(t)))(t)
	if here := plan.Count(paywall.PlanHere); here != sandbox.BigStations+sandbox.BigMedia || len(plan.Gone) != 0 {
		t.Errorf("%d things are here already, %d gone", here, len(plan.Gone))
	}
	wantSame(t, s.dump(t), before)
	if after := s.stage.Calls(); after.SharesMade != calls.SharesMade || after.Lookups != calls.Lookups {
		t.Error("the second run asked the supplier")
	}
	wantSame(t, len(get(s.imports(t).Differences(t.Context()))(t)), 0)
}

// dump is everything that an import can change.
func (s *studio) dump(t testing.TB) []any {
	t.Helper()
	ctx := t.Context()
	return []any{
		get(s.AllItems(ctx))(t), get(s.Collections(ctx))(t), get(s.Supplies(ctx))(t), get(s.RecentAudit(ctx, 9999, 0))(t),
		len(get(s.ImportRuns(ctx, 99))(t)),
	}
}

func (s *studio) checkBig(t testing.TB) {
	t.Helper()
	items, streams, posters, shares := get(s.AllItems(t.Context()))(t), 0, 0, map[string]bool{}
	stationsFirst := map[string]string{}
	for _, item := range items {
		for _, source := range item.Sources {
			if source.Kind == paywall.SourceVOD {
				shares[source.Ref] = true
			} else {
				streams++
			}
		}
		if item.Kind == paywall.KindRadio {
			stationsFirst[item.Title] = item.Sources[0].Label + " … " + item.Sources[len(item.Sources)-1].Label
		} else if item.Duration == 0 || item.CollectionID == "" || !item.Published {
			t.Fatalf("an item lacks something: %+v", item)
		}
		if item.PosterID != "" {
			posters++
		}
	}
	if len(items) != sandbox.BigStations+sandbox.BigMedia || streams != sandbox.BigStreams || len(shares) != sandbox.BigMedia {
		t.Errorf("%d items, %d streams, %d different shares", len(items), streams, len(shares))
	}
	wantSame(t, stationsFirst["Grand Large"], "MP3 320 kbit/s … HLS")
	if want := sandbox.BigMedia / 20; posters != want {
		t.Errorf("%d posters, want %d", posters, want)
	}
	// 40 folders and the two roots, of which all have media.
	if collections := get(s.Collections(t.Context()))(t); len(collections) != sandbox.BigFolders+sandbox.BigChannels {
		t.Errorf("%d collections", len(collections))
	}
}

// small is an account in which single things can be told apart.
func small() sandbox.Catalogue {
	media := func(n int) string { return "1jhvl2uqjp" + string(rune('a'+n)) + "xx" }
	c := sandbox.Catalogue{Account: 1, Radio: 2, Stations: []sandbox.Station{
		{ID: 3, Name: "Nova", Subdomain: "nova", Mountpoints: []sandbox.Mountpoint{{File: "nova-128.mp3", Codec: sandbox.MP3, Bitrate: 128}}},
	}}
	channel := sandbox.Channel{ID: 4, Name: "Films"}
	for n := range 3 {
		channel.Media = append(channel.Media, sandbox.Media{ID: media(n), Name: "Film " + string(rune('A'+n)), Duration: time.Duration(n+1) * time.Minute})
	}
	channel.Shares = []sandbox.Share{{ID: "1jhvl2uqjpzzz", Media: media(0)}}
	c.Channels = []sandbox.Channel{channel}
	return c
}

// broken is a supplier whose shares fail after some.
type limited struct {
	paywall.Supplier
	shares *int
}

func (l limited) CreateShare(ctx context.Context, channelID, mediaID string) (paywall.SupplierShare, error) {
	if *l.shares == 0 {
		return paywall.SupplierShare{}, &paywall.SupplierError{Key: paywall.TroubleToken}
	}
	*l.shares--
	return l.Supplier.CreateShare(ctx, channelID, mediaID)
}

// TestImport_resumed: what was done before the supplier failed stays, and the next
// run makes no share again, also not one that was made and not noted.
func TestImport_resumed(t *testing.T) {
	s := newStudio(t, small())
	s.read(t)
	one := 1
	whole := s.supplier
	s.supplier = limited{whole, &one}
	run := get(s.imports(t).Start(t.Context(), s.editor, s.everything(t)))(t)
	must(t, s.imports(t).Work(t.Context()))
	run = get(s.ImportRunByID(t.Context(), run.ID))(t)
	if run.State != paywall.RunFailed || run.ReportOf().Trouble != paywall.TroubleToken || run.Done != 3 {
		t.Fatalf("the run is %s after %d: %+v", run.State, run.Done, run.ReportOf())
	}
	s.supplier = whole
	// Somebody makes the share that is missing: it must be found.
	third := get(s.supplier.Media(t.Context(), "4"))(t)[2]
	get(s.supplier.CreateShare(t.Context(), "4", third.ID))(t)
	made := s.stage.Calls().SharesMade
	report := s.work(t, get(s.imports(t).Start(t.Context(), s.editor, s.everything(t)))(t))
	if report.Created != 1 || report.Shares != 0 || s.stage.Calls().SharesMade != made {
		t.Errorf("created %d, shares %d", report.Created, report.Shares)
	}
	wantSame(t, len(get(s.AllItems(t.Context()))(t)), 4)
}

// TestImport_restart: a node that stops gives the run to the next one, which goes
// on where it stood.
func TestImport_restart(t *testing.T) {
	s := newStudio(t, small())
	s.read(t)
	ctx, stop := context.WithCancel(t.Context())
	whole := s.supplier
	s.supplier = stopping{whole, stop, new(int)}
	run := get(s.imports(t).Start(t.Context(), s.editor, s.everything(t)))(t)
	must(t, s.imports(t).Work(ctx))
	run = get(s.ImportRunByID(t.Context(), run.ID))(t)
	if run.State != paywall.RunRunning || run.Done == 0 || run.Done == run.Total {
		t.Fatalf("the run is %s after %d of %d", run.State, run.Done, run.Total)
	}
	if _, err := s.imports(t).StartRead(t.Context(), s.editor, nil); paywall.KindOf(err) != paywall.KindConflict {
		t.Errorf("a second run starts beside it: %v", err)
	}
	s.supplier = whole
	report := s.work(t, run)
	wantSame(t, report.Created, 4)
	wantSame(t, len(get(s.AllItems(t.Context()))(t)), 4)
}

// stopping ends the node at the second poster.
type stopping struct {
	paywall.Supplier
	stop  func()
	asked *int
}

func (s stopping) Poster(ctx context.Context, address string) ([]byte, error) {
	if *s.asked++; *s.asked == 2 {
		s.stop()
		return nil, ctx.Err()
	}
	return s.Supplier.Poster(ctx, address)
}

// TestImport_claims: two nodes do not work on one run, and a dead one is replaced.
func TestImport_claims(t *testing.T) {
	s := newStudio(t, small())
	run := get(s.imports(t).StartRead(t.Context(), s.editor, nil))(t)
	now := s.clock.Now()
	get(s.ClaimImportRun(t.Context(), "another node", now, now.Add(time.Minute)))(t)
	must(t, s.imports(t).Work(t.Context()))
	if state := get(s.ImportRunByID(t.Context(), run.ID))(t); state.Done != 0 || state.ClaimedBy != "another node" {
		t.Errorf("it was taken: %+v", state)
	}
	s.clock.Pass(2 * time.Minute)
	s.work(t, run)
}

// TestImport_stopped: what is stopped stays stopped.
func TestImport_stopped(t *testing.T) {
	s := newStudio(t, small())
	s.read(t)
	run := get(s.imports(t).Start(t.Context(), s.editor, s.everything(t)))(t)
	must(t, s.imports(t).Stop(t.Context(), s.editor, run.ID))
	must(t, s.imports(t).Work(t.Context()))
	if got := get(s.ImportRunByID(t.Context(), run.ID))(t); got.State != paywall.RunStopped || got.Done != 0 {
		t.Errorf("it is %s after %d", got.State, got.Done)
	}
	wantErr(t, s.imports(t).Stop(t.Context(), s.editor, run.ID), paywall.ErrNotFound)
}

// TestImport_step: news are taken over when they are ticked, and what the owner
// changed by hand is told apart.
func TestImport_step(t *testing.T) {
	s := newStudio(t, small())
	s.read(t)
	choice := s.everything(t)
	s.work(t, get(s.imports(t).Start(t.Context(), s.editor, choice))(t))
	edit := func(title string, change func(*paywall.Item)) {
		t.Helper()
		items := get(s.AllItems(t.Context()))(t)
		at := slices.IndexFunc(items, func(i paywall.Item) bool { return i.Title == title })
		change(&items[at])
		must(t, s.UpdateItem(t.Context(), items[at]))
	}
	edit("Film A", func(i *paywall.Item) { i.Title = "My film" })
	s.supplier = renamed{s.supplier}
	s.read(t)
	plan := get(s.imports(t).Plan(t.Context(), choice))(t)
	if plan.Count(paywall.PlanDiffers) != 1 {
		t.Errorf("%d things differ", plan.Count(paywall.PlanDiffers))
	}
	all := get(s.imports(t).Differences(t.Context()))(t)
	var told []string
	var ids []string
	for _, d := range all {
		hand := ""
		if d.ByHand {
			hand = " by hand"
		}
		told = append(told, string(d.Field)+" "+d.Title+hand)
		ids = append(ids, d.ID())
	}
	wantSame(t, strings.Join(told, ", "), "duration Film B, title Film B, title My film by hand")

	report := s.work(t, get(s.imports(t).StartStep(t.Context(), s.editor, ids[:1], false))(t))
	wantSame(t, report.Changed, 1)
	s.work(t, get(s.imports(t).StartStep(t.Context(), s.editor, ids[1:2], true))(t))
	items := get(s.AllItems(t.Context()))(t)
	at := slices.IndexFunc(items, func(i paywall.Item) bool { return i.Title == "Film B" })
	if at < 0 || items[at].Duration != 77*time.Minute {
		t.Errorf("the length was not taken over, or the title was: %+v", items)
	}
	left := get(s.imports(t).Differences(t.Context()))(t)
	if len(left) != 2 || !left[0].ByHand || !left[1].ByHand {
		t.Errorf("left are %+v", left)
	}
	if _, err := s.imports(t).StartStep(t.Context(), s.editor, []string{"nosuch"}, false); paywall.KindOf(err) != paywall.KindInvalid {
		t.Errorf("nothing ticked: %v", err)
	}
}

// renamed is a supplier at which somebody renamed and cut a film.
type renamed struct{ paywall.Supplier }

func (r renamed) Media(ctx context.Context, channelID string) ([]paywall.SupplierMedia, error) {
	all, err := r.Supplier.Media(ctx, channelID)
	for i := range all {
		if all[i].Name == "Film B" {
			all[i].Name, all[i].Duration = "Film B, the cut", 77*time.Minute
		}
	}
	return all, err
}

// TestImport_recognised: an item that was made by hand from the same share is tied
// to it, and one that is gone there is told.
func TestImport_recognised(t *testing.T) {
	s := newStudio(t, small())
	hand := get(paywall.NewCatalogue(s, s.hosts(t), s.clock.Now).Create(t.Context(), by, paywall.ItemInput{
		Title: "By hand", Kind: paywall.KindVideo, Access: paywall.AccessOpen,
		Sources: []paywall.SourceInput{{Kind: paywall.SourceVOD, Address: "1jhvl2uqjpzzz", Channel: "4"}},
	}))(t)
	s.read(t)
	plan := get(s.imports(t).Plan(t.Context(), s.everything(t)))(t)
	wantSame(t, plan.Count(paywall.PlanHere), 1)
	report := s.work(t, get(s.imports(t).Start(t.Context(), s.editor, s.everything(t)))(t))
	wantSame(t, [2]int{report.Created, report.Same}, [2]int{3, 1})
	wantSame(t, get(s.ItemByID(t.Context(), hand.ID))(t).Title, "By hand")

	s.supplier = emptied{s.supplier}
	s.read(t)
	_, plan, err := s.imports(t).Overview(t.Context())
	must(t, err)
	wantSame(t, len(plan.Gone), 3)
}

type emptied struct{ paywall.Supplier }

func (emptied) Media(context.Context, string) ([]paywall.SupplierMedia, error) { return nil, nil }

// TestImport_mayNotList: a token without the right to list leads to typing, and
// what is typed is found.
func TestImport_mayNotList(t *testing.T) {
	s := newStudio(t, small())
	must(t, s.stage.SetToken(sandbox.Token{Value: "only-vod-0123456789-0123456789", Scopes: []sandbox.Scope{sandbox.ScopeVOD}}))
	s.supplier = s.client(t, "only-vod-0123456789-0123456789")
	s.read(t)
	held, plan, err := s.imports(t).Overview(t.Context())
	must(t, err)
	if held.Radio.Trouble == "" || held.Radio.Whole || held.VOD.Trouble != "" || !held.VOD.Whole || len(plan.Lines) != 3 {
		t.Errorf("it was read: %+v", held)
	}
	typed := func(kind paywall.ItemKind, address, channel string) (paywall.Item, error) {
		item, unsure, err := s.imports(t).Typed(t.Context(), s.editor, paywall.TypedSource{Kind: kind, Address: address, Channel: channel, Access: paywall.AccessMembers})
		if unsure {
			t.Errorf("%s was not looked up", address)
		}
		return item, err
	}
	station := get(typed(paywall.KindRadio, s.url+"/ice/nova-128.mp3", ""))(t)
	wantSame(t, station.Title+" "+station.Sources[0].Ref, "nova-128 nova-128.mp3")
	share := get(typed(paywall.KindVideo, "1jhvl2uqjpzzz", "4"))(t)
	wantSame(t, share.Sources[0].Ref+" "+share.Title, "1jhvl2uqjpzzz Film A")
	for name, c := range map[string]struct {
		kind             paywall.ItemKind
		address, channel string
	}{
		"station": {paywall.KindRadio, s.url + "/ice/nova-128.mp3?x=1", ""},
		"share":   {paywall.KindVideo, "1jhvl2uqjpzzz", "4"}, "its media": {paywall.KindVideo, "1jhvl2uqjpaxx", "4"},
	} {
		_, err := typed(c.kind, c.address, c.channel)
		here := (*paywall.AlreadyHere)(nil)
		if !errors.As(err, &here) || here.Item.ID != share.ID && here.Item.ID != station.ID || asError(t, err).Fields["address"] == "" {
			t.Errorf("%s, typed again: %v", name, err)
		}
	}
	must(t, s.DeleteItem(t.Context(), share.ID))
	media := get(typed(paywall.KindVideo, "1jhvl2uqjpaxx", "4"))(t)
	wantSame(t, media.Sources[0].Ref+" "+media.Title, "1jhvl2uqjpzzz Film A")
	wantSame(t, s.stage.Calls().SharesMade, 0)
	for name, c := range map[string]struct{ kind, address, channel, field string }{
		"elsewhere": {"radio", "https://elsewhere.example/x.mp3", "", "address"}, "empty": {"radio", " ", "", "address"},
		"no share": {"video", "x", "4", "address"}, "no channel": {"video", "1jhvl2uqjpzzz", "x", "channel"},
		"made up": {"video", "1jhvl2uqmade0", "4", "address"}, "unknown channel": {"video", "1jhvl2uqmade0", "404", "channel"},
	} {
		_, err := typed(paywall.ItemKind(c.kind), c.address, c.channel)
		if asError(t, err).Fields[c.field] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.supplier = limited{s.supplier, new(int)}
	if _, err := typed(paywall.KindVideo, "1jhvl2uqjpbxx", "4"); asError(t, err).Fields["address"] == "" {
		t.Errorf("a media that cannot be shared: %v", err)
	}
	must(t, s.DeleteItem(t.Context(), media.ID))

	must(t, s.stage.SetToken(sandbox.Token{Value: "only-mints-0123456789-0123456789", Scopes: []sandbox.Scope{sandbox.ScopeVOD, sandbox.ScopeRadio}, MintOnly: true}))
	s.supplier = s.client(t, "only-mints-0123456789-0123456789")
	blind, unsure, err := s.imports(t).Typed(t.Context(), s.editor, paywall.TypedSource{Kind: paywall.KindVideo, Address: "1jhvl2uqjpzzz", Channel: "4", Access: paywall.AccessMembers})
	must(t, err)
	wantSame(t, blind.Sources[0].Ref+" "+blind.Title, "1jhvl2uqjpzzz 1jhvl2uqjpzzz")
	wantSame(t, unsure, true)
}

// TestImport_keepsWhatWasRead: a weaker token takes nothing from the list that was
// read before, and a better one replaces it.
func TestImport_keepsWhatWasRead(t *testing.T) {
	s := newStudio(t, small())
	mint := sandbox.Token{Value: "only-mints-0123456789-0123456789", Scopes: []sandbox.Scope{sandbox.ScopeVOD, sandbox.ScopeRadio}, MintOnly: true}
	full := s.supplier
	weaker := func() {
		t.Helper()
		must(t, s.stage.SetToken(mint))
		s.supplier = s.client(t, mint.Value)
	}
	weaker()
	s.read(t, "4")
	held, plan, err := s.imports(t).Overview(t.Context())
	must(t, err)
	if held.Radio.Trouble == "" || held.VOD.Trouble == "" || held.VOD.Whole || len(plan.Lines) != 0 || !held.VOD.KeptAt.IsZero() {
		t.Errorf("the first reading: %+v", held)
	}

	s.supplier = full
	s.read(t)
	first := get(s.imports(t).Holdings(t.Context()))(t)
	weaker()
	for _, typed := range [][]string{nil, {"4"}} {
		s.clock.Pass(time.Hour)
		s.read(t, typed...)
		held, plan, err = s.imports(t).Overview(t.Context())
		must(t, err)
		for name, part := range map[string]paywall.HoldingsPart{"radio": held.Radio, "video": held.VOD} {
			if part.Trouble == "" || part.Whole || !part.KeptAt.Equal(first.ReadAt) {
				t.Errorf("%s, typed %v: %+v, and not kept of %v", name, typed, part, first.ReadAt)
			}
		}
		if len(plan.Lines) != 4 || len(plan.Gone) != 0 || held.ReadAt.Equal(first.ReadAt) {
			t.Errorf("typed %v: %d things, %d gone", typed, len(plan.Lines), len(plan.Gone))
		}
	}

	s.supplier = full
	s.read(t)
	held = get(s.imports(t).Holdings(t.Context()))(t)
	if held.Radio != (paywall.HoldingsPart{Whole: true}) || held.VOD != held.Radio || len(held.Stations) != 1 || len(held.Channels) != 1 {
		t.Errorf("read anew: %+v", held)
	}
}

// turning is a supplier at which a film has a name that turns the order of writing.
type turning struct{ paywall.Supplier }

func (r turning) Media(ctx context.Context, channelID string) ([]paywall.SupplierMedia, error) {
	all, err := r.Supplier.Media(ctx, channelID)
	for i := range all {
		if all[i].Name == "Film B" {
			all[i].Name, all[i].Description = "Film \u202eB\u2066", "One\u202e line\nand\u2069 another"
		}
	}
	return all, err
}

// TestImport_namesThatTurn: such characters do not come in, neither with an import
// nor when things are kept in step, and they do not hold up the rest.
func TestImport_namesThatTurn(t *testing.T) {
	s := newStudio(t, small())
	plain := s.supplier
	s.supplier = turning{plain}
	s.read(t)
	report := s.work(t, get(s.imports(t).Start(t.Context(), s.editor, s.everything(t)))(t))
	if report.Created == 0 || len(report.Problems) != 0 {
		t.Errorf("the report says %+v", report)
	}
	film := func() paywall.Item {
		t.Helper()
		items := get(s.AllItems(t.Context()))(t)
		at := slices.IndexFunc(items, func(i paywall.Item) bool { return strings.HasPrefix(i.Title, "Film") && strings.Contains(i.Title, "B") })
		return items[at]
	}
	if item := film(); item.Title != "Film  B" || item.Summary != "One  line\nand  another" {
		t.Errorf("imported as %q and %q", item.Title, item.Summary)
	}
	s.supplier = plain
	s.read(t)
	step := func() {
		t.Helper()
		var ids []string
		for _, d := range get(s.imports(t).Differences(t.Context()))(t) {
			ids = append(ids, d.ID())
		}
		s.work(t, get(s.imports(t).StartStep(t.Context(), s.editor, ids, false))(t))
	}
	step()
	wantSame(t, film().Title, "Film B")
	s.supplier = turning{plain}
	s.read(t)
	step()
	wantSame(t, film().Title, "Film  B")
}
