// Package storetest is the suite that every paywall.Store must pass, and opens
// throwaway databases for the tests of other packages.
package storetest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"usher/paywall"
)

// group is a test of one topic with a store of its own.
type group struct {
	name string
	test func(t *testing.T, s paywall.Store)
}

// coreGroups are about what is played, by whom, and what was changed.
var coreGroups = []group{
	{"users", testUsers},
	{"user times", testUserTimes},
	{"user search", testUserSearch},
	{"staff", testStaff},
	{"user race", testUserRace},
	{"last owner race", testOwnerRace},
	{"items", testItems},
	{"item sources", testItemSources},
	{"item versions", testItemVersions},
	{"item lists", testItemLists},
	{"source trouble", testSourceTrouble},
	{"update race", testUpdateRace},
	{"collections", testCollections},
	{"pictures", testPictures},
	{"grants", testGrants},
	{"grant scopes", testGrantScopes},
	{"grant lists", testGrantLists},
	{"sessions", testSessions},
	{"session changes", testSessionChanges},
	{"session proofs", testSessionProofs},
	{"dead sessions", testDeadSessions},
	{"leases", testLeases},
	{"leases in parallel", testLeasesParallel},
	{"audit", testAudit},
	{"audit of a person", testAuditOf},
}

// accountGroups are about accounts that people make and keep themselves.
var accountGroups = []group{
	{"proofs", testProofs},
	{"proof of a window", testProofWindow},
	{"void proofs", testVoidProofs},
	{"proof tries", testProofTries},
	{"spend a proof", testSpendProof},
	{"open proofs", testOpenProofs},
	{"old proofs", testOldProofs},
	{"challenges", testChallenges},
	{"limits", testTake},
	{"limits in parallel", testTakeParallel},
	{"limits and clocks", testTakeClock},
	{"put back what a limit gave", testPutBack},
	{"forget limits", testForgetLimit},
	{"second factor", testSecondFactor},
	{"steps", testUseStep},
	{"recovery codes", testRecoveryCodes},
	{"devices", testDevices},
	{"passkeys", testPasskeys},
	{"identities", testIdentities},
	{"mails", testMails},
	{"claim mails", testClaimMails},
	{"claim race", testClaimRace},
	{"mails superseded", testSupersedeMails},
	{"mail list", testMailList},
	{"mail trouble", testMailTrouble},
	{"empty mails", testEmptyMails},
	{"old mails", testOldMails},
	{"connection", testConnection},
	{"settings", testSettings},
	{"terms", testTerms},
	{"texts", testTexts},
	{"consents", testConsents},
	{"setup", testSetup},
	{"setup once", testSetupOnce},
	{"setup race", testSetupRace},
	{"skipped steps", testSkippedSteps},
	{"last heard", testLastHeard},
	{"cut networks", testCutNetworks},
	{"erase", testErase},
	{"erase rolled back", testEraseRolledBack},
	{"erase mentions", testEraseMentions},
	{"export", testExport},
}

// memberGroups are about lists of people and work on many.
var memberGroups = []group{
	{"member filters", testMemberFilters},
	{"member orders", testMemberOrders},
	{"grant filters", testGrantFilters},
	{"grant counts", testGrantCounts},
	{"last seen", testSeen},
	{"mails of a person", testMailsOf},
	{"unused members", testDeleteUnused},
	{"jobs", testJobs},
	{"old jobs", testOldJobs},
	{"import rows", testImportRows},
}

// figureGroups are about what is played, counted and written down.
var figureGroups = []group{
	{"plays", testPlays},
	{"play race", testPlayRace},
	{"beats", testBeats},
	{"replace a play", testReplacePlay},
	{"old plays", testOldPlays},
	{"counts", testCounts},
	{"day figures", testDayFigures},
	{"listening", testListening},
	{"member figures", testMemberFigures},
	{"leaving", testLeaving},
	{"count actions", testCountActions},
	{"items in trouble", testItemsInTrouble},
	{"record", testRecord},
	{"empty record", testRecordNone},
	{"names", testNamesOf},
}

// txGroups are about transactions.
var txGroups = []group{
	{"commit", testCommit},
	{"rollback", testRollback},
	{"swallowed failure", testSwallowedFailure},
	{"panic", testPanic},
	{"nested", testNested},
	{"writers", testWriters},
	{"cancelled", testCancelled},
	{"writable", testWritable},
}

// Run checks a store against the contract of paywall.Store. open gives an empty
// store of its own to each test and closes it at the test's end.
func Run(t *testing.T, open func(t *testing.T) paywall.Store) {
	for _, group := range slices.Concat(
		coreGroups,
		catalogueGroups,
		accountGroups,
		memberGroups,
		voucherGroups,
		figureGroups,
		probeGroups,
		txGroups,
	) {
		t.Run(group.name, func(t *testing.T) { group.test(t, open(t)) })
	}
}

// start is an instant with less than a millisecond in it and in a zone that is
// not UTC: stores must cut the first and forget the second.
var start = time.Date(2026, 3, 29, 2, 30, 0, 123_456_789, time.FixedZone("CEST", 2*60*60))

// stored is what a store gives back for an instant.
func stored(t time.Time) time.Time { return t.Truncate(time.Millisecond).UTC() }

// must stops the test when an error came.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// read takes the two results of a lookup and stops the test when it failed.
func read[T any](t testing.TB) func(value T, err error) T {
	return func(value T, err error) T {
		t.Helper()
		must(t, err)
		return value
	}
}

func wantErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("error = %v, want %v", got, want)
	}
}

func wantSame(t testing.TB, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// NewUser is a confirmed member, not stored yet. The e-mail address is made of
// the name.
func NewUser(name string) paywall.User {
	return paywall.User{
		ID: paywall.NewID(), Email: name + "@example.org", Name: name, Role: paywall.RoleMember,
		PasswordHash: "$argon2id$" + name, ConfirmedAt: stored(start), CreatedAt: stored(start),
	}
}

// NewItem is a published station with one source, not stored yet. The title is
// made of the slug.
func NewItem(slug string) paywall.Item {
	return paywall.Item{
		ID: paywall.NewID(), Slug: slug, Kind: paywall.KindRadio, Title: "Title of " + slug,
		Access: paywall.AccessEntitled, Published: true, Version: 1,
		CreatedAt: stored(start), UpdatedAt: stored(start),
		Sources: []paywall.Source{NewSource(slug, 0)},
	}
}

// NewSource is an MP3 stream.
func NewSource(mount string, position int) paywall.Source {
	return paywall.Source{
		ID: paywall.NewID(), Kind: paywall.SourceStream, Label: "128 kbit/s",
		URL: "https://demo.ice.infomaniak.ch/" + mount, Ref: mount,
		Window: 90 * time.Minute, Position: position,
	}
}

// NewGrant is a grant without end, not stored yet.
func NewGrant(userID string, scope paywall.GrantScope, targetID string) paywall.Grant {
	return paywall.Grant{
		ID: paywall.NewID(), UserID: userID, Scope: scope, TargetID: targetID,
		From: stored(start), Origin: paywall.OriginOwner, CreatedAt: stored(start),
	}
}

// NewSession is a fresh session, not stored yet.
func NewSession(userID string) paywall.Session {
	return paywall.Session{
		ID: paywall.NewID(), SecretHash: []byte{0, 1, 0xff, 'x'}, UserID: userID, Device: "Firefox, Linux",
		CreatedAt: stored(start), SeenAt: stored(start), ExpiresAt: stored(start.Add(paywall.SessionAbsolute)),
	}
}

// addUser stores a user.
func addUser(t testing.TB, s paywall.Store, name string) paywall.User {
	t.Helper()
	u := NewUser(name)
	must(t, s.CreateUser(t.Context(), u))
	return u
}

// addItem stores an item and gives it as it reads back.
func addItem(t testing.TB, s paywall.Store, i paywall.Item) paywall.Item {
	t.Helper()
	must(t, s.CreateItem(t.Context(), i))
	for n := range i.Sources {
		i.Sources[n].ItemID = i.ID
	}
	return i
}

// changed is a value with a change made to it; nil makes none.
func changed[T any](value T, change func(*T)) T {
	if change != nil {
		change(&value)
	}
	return value
}

func ids[T any](list []T, id func(T) string) []string {
	var all []string
	for _, v := range list {
		all = append(all, id(v))
	}
	return all
}

// bounded ends a test that waits for ever.
func bounded(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// race makes a call many times at once and counts the wins.
func race(t testing.TB, calls int, try func() (bool, error)) int {
	t.Helper()
	var wg sync.WaitGroup
	var wins atomic.Int32
	gun := make(chan struct{})
	for range calls {
		wg.Go(func() {
			<-gun
			won, err := try()
			if err != nil {
				t.Errorf("in parallel: %v", err)
			}
			if won {
				wins.Add(1)
			}
		})
	}
	close(gun)
	wg.Wait()
	return int(wins.Load())
}

// found makes a win of nil and a loss of ErrNotFound.
func found(err error) (bool, error) {
	if errors.Is(err, paywall.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
