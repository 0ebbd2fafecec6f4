package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// holdings are a catalogue as the API shows and changes it. The lock of the Sandbox guards them.
type holdings struct {
	account  int
	products []*product
	channels []*channel
	things   map[string]thing // by mountpoint, stream or share
}

type product struct {
	id       int
	name     string
	stations []*station
}

type station struct {
	Station
	streams []*stream
	hls     *stream // nil without HLS
}

type stream struct {
	id       int
	mount    Mountpoint
	ref      string
	restrict *toggle
}

type channel struct {
	id      int
	name    string
	root    *folder
	folders []*folder // without the root
	media   []*media
	shares  []*heldShare
}

type folder struct {
	id, name string
	parent   *folder // nil for the root
	inherits bool
	restrict *toggle
}

type media struct {
	Media
	folder *folder
	// alone is the media's own switch, set by a control call; nil: the folder's holds.
	alone *bool
}

type heldShare struct {
	id       string
	media    *media
	validity time.Duration // zero: for ever
	endsAt   time.Time     // zero: never
}

// toggle is a switch whose change takes a while to reach the servers.
type toggle struct {
	on, before bool
	from       time.Time // when the change has reached them
}

// at is what the servers do at an instant.
func (t *toggle) at(now time.Time) bool {
	if now.Before(t.from) {
		return t.before
	}
	return t.on
}

// turn changes the switch.
func (t *toggle) turn(on bool, now time.Time, spread time.Duration) {
	t.before = t.at(now)
	t.on, t.from = on, now.Add(spread)
}

// shields tells what the servers do with media of the folder at an instant.
func (f *folder) shields(now time.Time) bool {
	if f.inherits && f.parent != nil {
		return f.parent.shields(now)
	}
	return f.restrict.at(now)
}

// restricted is how the folder is set, whether the servers know it yet or not.
func (f *folder) restricted() bool {
	if f.inherits && f.parent != nil {
		return f.parent.restricted()
	}
	return f.restrict.on
}

// path is "/" for the root, else the names from there on.
func (f *folder) path() string {
	if f.parent == nil {
		return "/"
	}
	return strings.TrimSuffix(f.parent.path(), "/") + "/" + f.name
}

func (m *media) shields(now time.Time) bool {
	if m.alone != nil {
		return *m.alone
	}
	return m.folder.shields(now)
}

func (m *media) restricted() bool {
	if m.alone != nil {
		return *m.alone
	}
	return m.folder.restricted()
}

// newHoldings puts a catalogue in order. A reference that stands in it twice, or that names
// nothing, is a mistake of whoever wrote it.
func newHoldings(c Catalogue) *holdings {
	h := &holdings{account: c.Account, things: map[string]thing{}}
	if len(c.Stations) > 0 {
		h.addProduct(Product{ID: c.Radio, Name: "Radio", Stations: c.Stations})
	}
	for _, p := range c.Products {
		h.addProduct(p)
	}
	for _, ch := range c.Channels {
		h.addChannel(ch)
	}
	return h
}

func (h *holdings) addProduct(p Product) {
	added := &product{id: p.ID, name: p.Name}
	for _, st := range p.Stations {
		s := &station{Station: st}
		for i, m := range st.Mountpoints {
			one := &stream{id: st.ID*10 + i, mount: m, ref: m.File, restrict: &toggle{on: true}}
			s.streams = append(s.streams, one)
			h.add(thing{kind: kindMount, ref: m.File, mount: m, restrict: one.restrict})
		}
		if st.HLS != "" {
			s.hls = &stream{ref: st.HLS, restrict: &toggle{on: true}}
			h.add(thing{kind: kindHLS, ref: st.HLS, restrict: s.hls.restrict})
		}
		added.stations = append(added.stations, s)
	}
	h.products = append(h.products, added)
}

func (h *holdings) addChannel(c Channel) {
	ch := &channel{id: c.ID, name: c.Name}
	ch.root = &folder{id: derivedID("root", strconv.Itoa(c.ID)), restrict: &toggle{on: true}}
	for _, f := range c.Folders {
		ch.folders = append(ch.folders, &folder{
			id: f.ID, name: f.Name, parent: ch.mustFolder(f.Parent), inherits: f.Inherits, restrict: &toggle{on: !f.Open},
		})
	}
	for _, m := range c.Media {
		ch.media = append(ch.media, &media{Media: m, folder: ch.mustFolder(m.Folder)})
	}
	for _, sh := range c.Shares {
		h.addShare(ch, &heldShare{id: sh.ID, media: ch.mediaOf(sh), endsAt: sh.EndsAt})
	}
	h.channels = append(h.channels, ch)
}

func (h *holdings) addShare(ch *channel, sh *heldShare) {
	ch.shares = append(ch.shares, sh)
	h.add(thing{kind: kindShare, ref: sh.id, channel: ch.id, media: sh.media, endsAt: sh.endsAt})
}

func (h *holdings) add(t thing) {
	if _, twice := h.things[t.ref]; twice {
		panic("sandbox: the catalogue has " + t.ref + " twice")
	}
	h.things[t.ref] = t
}

// mustFolder is the folder with an id, or the root.
func (ch *channel) mustFolder(id string) *folder {
	if id == "" {
		return ch.root
	}
	if f := ch.folderByID(id); f != nil {
		return f
	}
	panic("sandbox: the catalogue has no folder " + id)
}

// mediaOf is the media that a share plays: one of the channel's, or one that it brings.
func (ch *channel) mediaOf(sh Share) *media {
	if sh.Media != "" {
		if m := ch.mediaByID(sh.Media); m != nil {
			return m
		}
		panic("sandbox: the catalogue has no media " + sh.Media)
	}
	f := &folder{id: derivedID("folder", sh.ID), name: sh.Title, parent: ch.root, restrict: &toggle{on: true}}
	m := &media{Media: Media{ID: mediaID(sh.ID), Name: sh.Title, Clip: sh.Clip, Folder: f.id}, folder: f}
	ch.folders, ch.media = append(ch.folders, f), append(ch.media, m)
	return m
}

func (ch *channel) folderByID(id string) *folder {
	if id == ch.root.id {
		return ch.root
	}
	return first(ch.folders, func(f *folder) bool { return f.id == id })
}

func (ch *channel) mediaByID(id string) *media {
	return first(ch.media, func(m *media) bool { return m.ID == id })
}

func (ch *channel) shareByID(id string) *heldShare {
	return first(ch.shares, func(sh *heldShare) bool { return sh.id == id })
}

// sharesOf lists the shares of a media.
func (ch *channel) sharesOf(m *media) []*heldShare {
	var all []*heldShare
	for _, sh := range ch.shares {
		if sh.media == m {
			all = append(all, sh)
		}
	}
	return all
}

// lonely tells whether a media has its folder for itself.
func (ch *channel) lonely(m *media) bool {
	return m.folder != ch.root && !slices.ContainsFunc(ch.media, func(o *media) bool { return o != m && o.folder == m.folder }) &&
		!slices.ContainsFunc(ch.folders, func(f *folder) bool { return f.parent == m.folder })
}

func (h *holdings) channelByID(id string) *channel {
	return first(h.channels, func(ch *channel) bool { return strconv.Itoa(ch.id) == id })
}

// first finds the first of a list that fits; nil when none does.
func first[T any](all []*T, fits func(*T) bool) *T {
	if i := slices.IndexFunc(all, fits); i >= 0 {
		return all[i]
	}
	return nil
}
