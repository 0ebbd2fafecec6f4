package demo

import (
	"strconv"
	"time"

	"usher/internal/infomaniak/sandbox"
	"usher/paywall"
)

// itemPlan is an item of the demo before it is stored.
type itemPlan struct {
	slug, title, summary string
	kind                 paywall.ItemKind
	access               paywall.Access
	draft                bool
	opensIn              time.Duration
	sources              []sourcePlan
}

type sourcePlan struct {
	kind                    paywall.SourceKind
	address, channel, label string
}

func (p itemPlan) item(now time.Time, position int) paywall.Item {
	item := paywall.Item{
		ID: paywall.NewID(), Slug: p.slug, Kind: p.kind, Title: p.title, Summary: p.summary, Access: p.access,
		Published: !p.draft, Position: position, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if p.opensIn > 0 {
		item.OpensAt = now.Add(p.opensIn)
	}
	return item
}

// items are what the demo plays; the contract of the demo names them.
func items(base string, catalogue sandbox.Catalogue) []itemPlan {
	channel := catalogue.Channels[0]
	vod := func(n int) []sourcePlan {
		return []sourcePlan{{paywall.SourceVOD, channel.Shares[n].ID, strconv.Itoa(channel.ID), ""}}
	}
	stream := func(mount, label string) sourcePlan {
		return sourcePlan{paywall.SourceStream, base + "/ice/" + mount, "", label}
	}
	return []itemPlan{
		{
			slug: "radio-lumiere", title: "Radio Lumière", kind: paywall.KindRadio, access: paywall.AccessEntitled,
			summary: "Chansons, conversations and the sea at night. Live, day and night, for subscribers.",
			sources: []sourcePlan{
				stream("radiolumiere-128.mp3", "MP3 128 kbit/s"), stream("radiolumiere-64.aac", "AAC 64 kbit/s"),
				{paywall.SourceHLS, base + "/hls/radiolumiere/manifest.m3u8", "", "HLS"},
			},
		},
		{
			slug: "studio-ouvert", title: "Studio Ouvert", kind: paywall.KindRadio, access: paywall.AccessMembers,
			summary: "The rehearsal room with the door left ajar. For everybody with an account.",
			sources: []sourcePlan{stream("studioouvert-128.mp3", "MP3 128 kbit/s")},
		},
		{
			slug: "promo", title: "Lumière Promo", kind: paywall.KindRadio, access: paywall.AccessOpen,
			summary: "A taste of the programme, open to all.",
			sources: []sourcePlan{stream("promo-128.mp3", "MP3 128 kbit/s")},
		},
		{
			slug: "le-concert", title: "Le Concert", kind: paywall.KindVideo, access: paywall.AccessEntitled,
			summary: "The season's opening night, recorded from the third row.", sources: vod(0),
		},
		{
			slug: "making-of", title: "Making-of", kind: paywall.KindVideo, access: paywall.AccessMembers,
			summary: "Cables, coffee and a nervous conductor. For everybody with an account.", sources: vod(1),
		},
		{
			slug: "premiere", title: "Première", kind: paywall.KindVideo, access: paywall.AccessEntitled,
			summary: "The new programme, for the first time.", opensIn: 7 * day, sources: vod(2),
		},
		{
			slug: "brouillon", title: "Brouillon", kind: paywall.KindVideo, access: paywall.AccessEntitled,
			summary: "Still being cut.", draft: true, sources: vod(3),
		},
	}
}
