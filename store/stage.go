package store

import (
	"cmp"
	"context"
	"slices"

	"usher/paywall"
)

// stage reads an item, its sources and a person's grants that cover it as rows
// of one shape: six texts and three numbers, with the kind of row in front. One
// query with few columns costs a third of what three wide ones do: each column
// of each row has its price in the driver. The last part must agree with
// paywall.Grant.Opens.
const stage = `
	SELECT CAST(1 AS BIGINT), i.id, i.kind, i.title, i.summary, COALESCE(i.collection_id, ''), i.access,
		CAST(CASE WHEN i.published THEN 1 ELSE 0 END AS BIGINT), i.opens_at, i.closes_at
	FROM items i WHERE i.slug = $1
	UNION ALL
	SELECT 2, s.id, s.kind, s.label, s.url, s.ref, s.channel, s.position, s.window_seconds, s.trouble_at
	FROM items i JOIN sources s ON s.item_id = i.id WHERE i.slug = $1
	UNION ALL
	SELECT 4, i.poster_id, i.description, '', '', '', '', i.duration_seconds, 0, 0 FROM items i WHERE i.slug = $1
	UNION ALL
	SELECT 3, g.id, g.scope, g.target_id, '', '', '', g.from_at, g.until_at, g.revoked_at
	FROM items i JOIN grants g ON g.user_id = $2 AND (g.scope = 'everything'
		OR (g.scope = 'collection' AND g.target_id = COALESCE(i.collection_id, ''))
		OR (g.scope = 'item' AND g.target_id = i.id))
	WHERE i.slug = $1`

// The kinds of row.
const (
	stageItem   = 1
	stageSource = 2
	stageGrant  = 3
	stageShown  = 4 // what an item shows beside its texts
)

type stageRow struct {
	kind int64
	text [6]string
	num  [3]int64
}

func stagePlaces(r *stageRow) []any {
	places := make([]any, 0, 10)
	places = append(places, &r.kind)
	for i := range r.text {
		places = append(places, &r.text[i])
	}
	for i := range r.num {
		places = append(places, &r.num[i])
	}
	return places
}

// Stage finds an item with its sources, and a person's grants that cover it.
func (q *queries) Stage(ctx context.Context, slug, userID string) (paywall.Item, []paywall.Grant, error) {
	var row stageRow
	var item, shown paywall.Item
	var sources []paywall.Source
	var grants []paywall.Grant
	err := queryEach(ctx, q.read, "Stage", stagePlaces(&row), func() bool {
		switch row.kind {
		case stageItem:
			item = row.item(slug)
		case stageSource:
			sources = append(sources, row.source())
		case stageShown:
			shown = paywall.Item{PosterID: row.text[0], Description: row.text[1], Duration: fromSeconds(row.num[0])}
		case stageGrant:
			grants = append(grants, row.grant(userID))
		}
		return true
	}, stage, slug, userID)
	if err != nil {
		return paywall.Item{}, nil, err
	}
	if item.ID == "" {
		return paywall.Item{}, nil, paywall.ErrNotFound
	}
	for i := range sources {
		sources[i].ItemID = item.ID
	}
	slices.SortFunc(sources, func(a, b paywall.Source) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	item.Sources = sources
	item.PosterID, item.Description, item.Duration = shown.PosterID, shown.Description, shown.Duration
	return item, grants, nil
}

func (r *stageRow) item(slug string) paywall.Item {
	return paywall.Item{
		ID: r.text[0], Slug: slug, Kind: paywall.ItemKind(r.text[1]), Title: r.text[2], Summary: r.text[3],
		CollectionID: r.text[4], Access: paywall.Access(r.text[5]), Published: r.num[0] == 1,
		OpensAt: fromMillis(r.num[1]), ClosesAt: fromMillis(r.num[2]),
	}
}

func (r *stageRow) source() paywall.Source {
	return paywall.Source{
		ID: r.text[0], Kind: paywall.SourceKind(r.text[1]), Label: r.text[2], URL: r.text[3], Ref: r.text[4],
		Channel: r.text[5], Position: int(r.num[0]), Window: fromSeconds(r.num[1]),
		TroubleAt: fromMillis(r.num[2]),
	}
}

func (r *stageRow) grant(userID string) paywall.Grant {
	return paywall.Grant{
		ID: r.text[0], UserID: userID, Scope: paywall.GrantScope(r.text[1]), TargetID: r.text[2],
		From: fromMillis(r.num[0]), Until: fromMillis(r.num[1]), RevokedAt: fromMillis(r.num[2]),
	}
}
