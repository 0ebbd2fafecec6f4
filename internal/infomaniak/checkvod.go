package infomaniak

import (
	"context"
	"errors"
	"net/http"

	"usher/paywall"
)

// vod looks whether videos can be picked and played, and with which address and
// organisation.
func (r *check) vod(ctx context.Context) {
	channels, listErr := r.client.channels(ctx, r.key)
	if listErr == nil && len(channels) > 0 && r.share.Ref == "" {
		listErr = r.pickShare(ctx, channels[0].ID)
	}
	r.note(listErr)
	source := r.share
	if source.Ref == "" {
		source = paywall.Source{Kind: paywall.SourceVOD, Ref: noShare, Channel: noChannel}
		if len(channels) > 0 {
			source.Channel = channels[0].ID
		}
	}
	tried := map[paywall.VODStyle]error{}
	for _, style := range []paywall.VODStyle{paywall.VODStyleV1, paywall.VODStylePub} {
		tried[style] = r.client.tryMint(ctx, r.key, source, style, r.key.account)
		r.note(tried[style])
	}
	style := r.key.style
	if style == "" {
		style = paywall.VODStyleV1
	}
	r.mintVOD(source, tried, style)
	r.add(paywall.AbilityVODList, listed(listErr, len(channels)), listErr)
	r.style(paywall.AbilityStyleV1, tried[paywall.VODStyleV1])
	r.style(paywall.AbilityStylePub, tried[paywall.VODStylePub])
	r.organisation(ctx, source, style, tried[style])
}

// mintVOD tells whether videos can be played with the address style that is set.
func (r *check) mintVOD(source paywall.Source, tried map[paywall.VODStyle]error, style paywall.VODStyle) {
	err, other := tried[style], tried[paywall.VODStyleV1]
	if style == paywall.VODStyleV1 {
		other = tried[paywall.VODStylePub]
	}
	found := word(err)
	switch {
	case err != nil && styleWord(err) == wordNo && (other == nil || mayAsk(other)):
		found = wordOther
	case source.Ref == noShare && mayAsk(err):
		found, err = wordMay, nil
	case mayAsk(err):
		found = wordUnknown // the share is gone, which tells nothing about the token
	}
	r.add(paywall.AbilityVOD, found, err, "Share", source.Ref)
}

// style tells whether an address style leads to the call.
func (r *check) style(ability paywall.Ability, err error) {
	found := styleWord(err)
	if found == wordYes {
		err = nil // why it was refused there is told elsewhere
	}
	r.add(ability, found, err)
}

// styleWord tells whether an address style leads to the call at all: a refusal
// comes from there too.
func styleWord(err error) string {
	var failed *paywall.SupplierError
	switch {
	case err == nil, mayAsk(err):
		return wordYes
	case unknownRoute(err), errors.Is(err, ErrGarbage):
		return wordNo
	case errors.As(err, &failed) && failed.Code != "" && failed.Status/100 == 4:
		return wordYes
	}
	return wordUnknown
}

// organisation tells whether the number of the organisation is needed and right.
func (r *check) organisation(ctx context.Context, source paywall.Source, style paywall.VODStyle, err error) {
	var failed *paywall.SupplierError
	denied := errors.As(err, &failed) && failed.Code == codeDenied
	switch {
	case !denied && (err == nil || mayAsk(err)) && r.key.account == "":
		r.add(paywall.AbilityAccount, wordUnneeded, nil)
	case !denied && (err == nil || mayAsk(err)):
		r.add(paywall.AbilityAccount, wordYes, nil, "Account", r.key.account)
	case !denied:
		r.add(paywall.AbilityAccount, wordUnknown, err)
	case r.key.account != "":
		without := r.client.tryMint(ctx, r.key, source, style, "")
		if without == nil || mayAsk(without) {
			r.add(paywall.AbilityAccount, wordWrong, err, "Account", r.key.account)
			return
		}
		r.add(paywall.AbilityAccount, wordNo, err, "Account", r.key.account)
	default:
		for _, account := range r.guesses() {
			if try := r.client.tryMint(ctx, r.key, source, style, account); try == nil || mayAsk(try) {
				r.report.Suggested = account
				r.add(paywall.AbilityAccount, wordNeedsThis, err, "Account", account)
				return
			}
		}
		r.add(paywall.AbilityAccount, wordNeeded, err)
	}
}

// maxGuesses bounds how many organisations are tried.
const maxGuesses = 3

// guesses are organisations that may be the one that is needed.
func (r *check) guesses() []string {
	var all []string
	for _, a := range r.report.Accounts {
		all = append(all, a.ID)
	}
	if id := r.person.account(); len(all) == 0 && id != "" {
		all = append(all, id)
	}
	return all[:min(maxGuesses, len(all))]
}

// pickShare finds a share to try on the first page of a channel's shares.
func (r *check) pickShare(ctx context.Context, channel string) error {
	l, err := vodListing(r.key, channel, "/share", "")
	if err != nil {
		return err
	}
	got, err := r.client.fetch(ctx, r.key, call{path: l.paths[0], query: l.query, scope: paywall.VODScope})
	if err != nil {
		return err
	}
	found, _ := rowsOf[shareRow](got)
	for _, row := range found {
		if row.share().Live(r.client.now()) && !row.DeletedAt.told() && row.ID != "" && r.share.Ref == "" {
			r.share = paywall.Source{Kind: paywall.SourceVOD, Ref: string(row.ID), Channel: channel}
		}
	}
	return nil
}

// tryMint asks for a token of the shortest life and throws it away.
func (c *Client) tryMint(ctx context.Context, key *credentials, s paywall.Source, style paywall.VODStyle, account string) error {
	asked := *key
	asked.style, asked.account, asked.query = style, account, ""
	if account != "" {
		asked.query = "?" + with("account", account).Encode()
	}
	endpoint, err := c.endpoint(&asked, s)
	if err != nil {
		return err
	}
	in := call{scope: paywall.RadioScope}
	if s.Kind == paywall.SourceVOD {
		in.scope = paywall.VODScope
	}
	if err := c.pace.Enter(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	p := plan{window: paywall.MinWindow}
	status, body, err := c.send(ctx, key, request{method: http.MethodPost, address: endpoint, body: p.body(), most: maxBody})
	if err == nil {
		_, err = key.accept(s.Kind, status, body)
	}
	var failed *paywall.SupplierError
	if errors.As(err, &failed) && failed.Pause > 0 {
		c.pace.Rest(ctx, failed.Pause)
	}
	return told(in, &asked, err)
}
