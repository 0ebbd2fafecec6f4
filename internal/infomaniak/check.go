package infomaniak

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"usher/paywall"
)

// What is asked for when the site has nothing of its own yet. Nobody has these,
// and "no such thing" is the answer to somebody who may ask.
const (
	noMountpoint = "usher-connection-test.mp3"
	noShare      = "0000000000000"
	noChannel    = "1"
)

// check is one run of Check.
type check struct {
	client *Client
	key    *credentials
	report paywall.ConnectionReport
	alive  bool // some answer shows that the token is taken
	person profileRow
	stream paywall.Source
	share  paywall.Source
}

// Check implements paywall.Supplier. It makes about ten calls.
func (c *Client) Check(ctx context.Context, with paywall.Credentials, sources []paywall.Source) (paywall.ConnectionReport, error) {
	run := &check{client: c, key: newCredentials(with), report: paywall.ConnectionReport{At: c.now()}}
	for _, s := range sources {
		switch s.Kind {
		case paywall.SourceVOD:
			run.share = s
		case paywall.SourceStream, paywall.SourceHLS:
			if run.stream.Ref == "" {
				run.stream = s
			}
		}
	}
	run.all(ctx)
	if errors.Is(ctx.Err(), context.Canceled) {
		return paywall.ConnectionReport{}, ctx.Err()
	}
	return run.report, nil
}

func (r *check) all(ctx context.Context) {
	var tokenErr error
	r.person, tokenErr = r.client.profile(ctx, r.key)
	r.note(tokenErr)
	if tokenErr != nil && !paywall.MayNotList(tokenErr) {
		// Infomaniak cannot be asked at all now; nine more calls would tell the same.
		r.add(paywall.AbilityToken, wordUnknown, tokenErr)
		return
	}
	at := len(r.report.Points)
	r.add(paywall.AbilityToken, wordYes, nil)
	r.accounts(ctx)
	r.radio(ctx)
	r.vod(ctx)
	if tokenErr != nil && !r.alive {
		r.report.Points = r.report.Points[:at]
		r.add(paywall.AbilityToken, wordNo, tokenErr)
	}
}

// note remembers that an answer shows a token that is taken: anything but a
// refusal of the token itself.
func (r *check) note(err error) {
	var failed *paywall.SupplierError
	switch {
	case err == nil:
		r.alive = true
	case errors.As(err, &failed):
		status := meantStatus(failed)
		known := failed.Code != "" && !failed.Unasked
		r.alive = r.alive || known && (status == http.StatusForbidden || status == http.StatusNotFound || status == http.StatusUnprocessableEntity)
	}
}

// findings are what the words of a finding mean. A word is the end of the key of
// its sentence.
var findings = map[string]paywall.Found{
	wordYes: paywall.FoundYes, wordMay: paywall.FoundYes, wordEmpty: paywall.FoundYes, wordUnneeded: paywall.FoundYes,
	wordNo: paywall.FoundNo, wordOther: paywall.FoundNo,
	wordNeeded: paywall.FoundNo, wordNeedsThis: paywall.FoundNo, wordWrong: paywall.FoundNo,
	wordUnknown: paywall.FoundUnknown,
}

const (
	wordYes       = "yes"        // it was tried and succeeded
	wordMay       = "may"        // it would have, had there been something to try it with
	wordEmpty     = "empty"      // it succeeded, and there is nothing
	wordUnneeded  = "unneeded"   // it is not set, and calls succeed
	wordNo        = "no"         // it was refused
	wordOther     = "other"      // the other address style would do
	wordNeeded    = "needed"     // it has to be set
	wordNeedsThis = "needs_this" // it has to be set, to this
	wordWrong     = "wrong"      // calls succeed without it
	wordUnknown   = "unknown"    // it could not be found out
)

// add keeps a finding. args fill the words of its sentence.
func (r *check) add(ability paywall.Ability, word string, err error, args ...any) {
	point := paywall.CheckPoint{
		Ability: ability, Found: findings[word], Key: "connection.check." + string(ability) + "." + word, Args: args,
	}
	var failed *paywall.SupplierError
	if errors.As(err, &failed) {
		point.Trouble, point.Detail = failed.Key, ownWords(failed)
	}
	r.report.Points = append(r.report.Points, point)
}

// ownWords are the supplier's own words; empty when there was no answer.
func ownWords(failed *paywall.SupplierError) string {
	if failed.Status == 0 {
		return ""
	}
	own := *failed
	own.Err = nil // what we think of it
	return strings.TrimPrefix(own.Error(), "supplier answered ")
}

// word is what a call that should have succeeded found.
func word(err error) string {
	switch {
	case err == nil:
		return wordYes
	case paywall.MayNotList(err):
		return wordNo
	}
	return wordUnknown
}

// listed is word for a list that may be empty.
func listed(err error, length int) string {
	if err == nil && length == 0 {
		return wordEmpty
	}
	return word(err)
}

// mayAsk tells whether "no such thing" was the answer: somebody who may not ask
// would have been told that first.
func mayAsk(err error) bool { return hasStatus(err, http.StatusNotFound) && !unknownRoute(err) }

// accounts looks whether the organisations can be listed.
func (r *check) accounts(ctx context.Context) {
	found, err := r.client.listAccounts(ctx, r.key)
	r.note(err)
	r.report.Accounts = found
	var names []string
	for _, a := range found {
		names = append(names, a.Name+" ("+a.ID+")")
	}
	r.add(paywall.AbilityAccounts, listed(err, len(found)), err, "Names", strings.Join(names, ", "))
}

// radio looks whether stations can be picked and streams be played.
func (r *check) radio(ctx context.Context) {
	products, listErr := r.client.radioProducts(ctx, r.key)
	if listErr == nil && len(products) > 0 && r.stream.Ref == "" {
		listErr = r.pickStream(ctx, products[0])
	}
	r.note(listErr)
	source := r.stream
	if source.Ref == "" {
		source = paywall.Source{Kind: paywall.SourceStream, Ref: noMountpoint}
	}
	err := r.client.tryMint(ctx, r.key, source, paywall.VODStyleV1, "")
	r.note(err)
	found := word(err)
	switch {
	case source.Ref != noMountpoint && mayAsk(err):
		found = wordUnknown // the stream is gone, which tells nothing about the token
	case source.Ref != noMountpoint:
	case mayAsk(err):
		found, err = wordMay, nil
	case hasStatus(err, http.StatusForbidden) && listErr == nil:
		found = wordUnknown // it may be the thing that is refused, and not the token
	}
	r.add(paywall.AbilityRadio, found, err, "Stream", source.Ref)
	r.add(paywall.AbilityRadioList, listed(listErr, len(products)), listErr)
}

// pickStream finds a stream to try.
func (r *check) pickStream(ctx context.Context, product paywall.RadioProduct) error {
	stations, err := r.client.stations(ctx, r.key, product.ID)
	for _, st := range stations {
		for _, s := range st.Streams {
			if r.stream.Ref == "" {
				r.stream = paywall.Source{Kind: s.Kind, Ref: s.Ref}
			}
		}
	}
	return err
}
