package paywall_test

import (
	"context"
	"testing"
	"time"

	"usher/paywall"
	"usher/store/storetest"
)

// troupe is a filled site, and one that shares its rows but fails on purpose.
type troupe struct {
	*site
	broken      paywall.Store
	ada         paywall.User
	item        paywall.Item
	grant, over paywall.Grant
	session     paywall.Session
	tapes       paywall.Collection
}

func newTroupe(t testing.TB, faults map[string]error) *troupe {
	t.Helper()
	s := newSite(t)
	tr := &troupe{site: s, broken: faulty{Store: s.DB, faults: faults}, ada: s.addUser(t, "ada"), item: s.addItem(t, "concert")}
	tr.grant = s.addGrant(t, tr.ada.ID)
	tr.over = s.addGrant(t, tr.ada.ID, func(g *paywall.Grant) { g.Until = opening.Add(-time.Hour) })
	tr.session = storetest.NewSession(tr.ada.ID)
	must(t, s.CreateSession(t.Context(), tr.session))
	tr.tapes = paywall.Collection{ID: paywall.NewID(), Title: "Tapes", CreatedAt: opening}
	must(t, s.CreateCollection(t.Context(), tr.tapes))
	return tr
}

// rows is everything that a failed call could have left behind.
type rows struct {
	User        paywall.User
	Items       []paywall.Item
	Collections []paywall.Collection
	Grants      []paywall.GrantLine
	Sessions    []paywall.Session
	Audit       []paywall.AuditEntry
	Mails       int
	Safety      paywall.Safety
	Devices     int
	Settings    map[string]string
	Terms       paywall.Terms
	Texts       []paywall.Text
	Members     int
	Invitations []paywall.Proof
}

func (tr *troupe) rows(t testing.TB) rows {
	t.Helper()
	ctx := t.Context()
	_, mails, err := tr.Mails(ctx, "", "", 1, 0)
	must(t, err)
	members, err := tr.CountMembers(ctx, paywall.MemberFilter{})
	must(t, err)
	return rows{
		get(tr.UserByID(ctx, tr.ada.ID))(t), get(tr.AllItems(ctx))(t), get(tr.Collections(ctx))(t),
		get(tr.RecentGrants(ctx, 99, 0))(t), get(tr.SessionsOf(ctx, tr.ada.ID))(t), tr.audit(t),
		mails, get(tr.SafetyOf(t, tr.ada))(t), get(tr.CountDevices(ctx, tr.ada.ID))(t), get(tr.SettingValues(ctx))(t),
		tr.front(t).Now().Terms, get(tr.SiteTexts(ctx))(t), members, get(tr.auth().Invitations(ctx))(t),
	}
}

// Each service method, on the broken store.
var serviceCalls = map[string]struct {
	call    func(ctx context.Context, tr *troupe) error
	methods []string // of the store; each fails in turn
}{
	"Auth.Login": {func(ctx context.Context, tr *troupe) error {
		_, err := authOf(tr.broken, newHasher(), tr.clock.Now).Login(ctx, paywall.Caller{}, tr.ada.Email, password, "")
		return err
	}, []string{"UserByEmail"}},
	"Auth.CreateConfirmed": {func(ctx context.Context, tr *troupe) error {
		in := paywall.NewUser{Email: "new@example.org", Role: paywall.RoleMember}
		_, err := authOf(tr.broken, newHasher(), tr.clock.Now).CreateConfirmed(ctx, by, in)
		return err
	}, []string{"InTx", "CreateUser", "AddAudit"}},
	"Auth.SetPassword": {func(ctx context.Context, tr *troupe) error {
		return authOf(tr.broken, newHasher(), tr.clock.Now).SetPassword(ctx, by, tr.ada.Email, password, "")
	}, []string{"InTx", "UserByEmail", "UpdateUser", "DeleteSessionsOf", "AddAudit"}},
	"Auth.Disable": {func(ctx context.Context, tr *troupe) error {
		return authOf(tr.broken, newHasher(), tr.clock.Now).Disable(ctx, by, tr.ada.ID)
	}, []string{"InTx", "UserByID", "UpdateUser", "DeleteSessionsOf", "AddAudit"}},
	"Sessions.Start": {func(ctx context.Context, tr *troupe) error {
		_, err := sessionsOf(tr.broken, tr.clock.Now).Start(ctx, paywall.Arrival{User: tr.ada, Caller: paywall.Caller{SessionID: tr.session.ID}})
		return err
	}, []string{"InTx", "DeleteSession", "CreateSession", "AddAudit"}},
	"Sessions.Find": {func(ctx context.Context, tr *troupe) error {
		_, _, err := sessionsOf(tr.broken, tr.clock.Now).Find(ctx, tr.session.ID, "")
		return err
	}, []string{"SessionByID"}},
	"Sessions.List": {func(ctx context.Context, tr *troupe) error {
		_, err := sessionsOf(tr.broken, tr.clock.Now).List(ctx, tr.ada.ID)
		return err
	}, []string{"SessionsOf"}},
	"Sessions.End": {func(ctx context.Context, tr *troupe) error {
		return sessionsOf(tr.broken, tr.clock.Now).End(ctx, tr.session.ID)
	}, []string{"DeleteSession"}},
	"Sessions.EndAll": {func(ctx context.Context, tr *troupe) error {
		return sessionsOf(tr.broken, tr.clock.Now).EndAll(ctx, by, tr.ada.ID)
	}, []string{"InTx", "DeleteSessionsOf", "AddAudit"}},
	"Sessions.Sweep": {func(ctx context.Context, tr *troupe) error {
		return sessionsOf(tr.broken, tr.clock.Now).Sweep(ctx)
	}, []string{"DeleteDeadSessions"}},
	"Catalogue.WhatIsOn": {func(ctx context.Context, tr *troupe) error {
		_, err := paywall.NewCatalogue(tr.broken, paywall.MediaHosts{}, tr.clock.Now).WhatIsOn(ctx)
		return err
	}, []string{"PublishedItems"}},
	"Catalogue.Create": {func(ctx context.Context, tr *troupe) error {
		in := nightRadio(func(in *paywall.ItemInput) { in.Sources = nil })
		_, err := paywall.NewCatalogue(tr.broken, paywall.MediaHosts{}, tr.clock.Now).Create(ctx, by, in)
		return err
	}, []string{"InTx", "CreateItem", "AddAudit"}},
	"Catalogue.Update": {func(ctx context.Context, tr *troupe) error {
		hosts, err := paywall.ParseMediaHosts([]string{"https://*.ice.infomaniak.ch"})
		if err != nil {
			return err
		}
		in := inputOf(tr.item)
		in.Title = "New"
		_, err = paywall.NewCatalogue(tr.broken, hosts, tr.clock.Now).Update(ctx, by, tr.item.ID, in)
		return err
	}, []string{"InTx", "ItemByID", "UpdateItem", "AddAudit"}},
	"Catalogue.SetPublished": {func(ctx context.Context, tr *troupe) error {
		return paywall.NewCatalogue(tr.broken, paywall.MediaHosts{}, tr.clock.Now).SetPublished(ctx, by, tr.item.ID, false)
	}, []string{"InTx", "ItemByID", "UpdateItem", "AddAudit"}},
	"Catalogue.CreateCollection": {func(ctx context.Context, tr *troupe) error {
		_, err := paywall.NewCatalogue(tr.broken, paywall.MediaHosts{}, tr.clock.Now).CreateCollection(ctx, by, "New")
		return err
	}, []string{"InTx", "CreateCollection", "AddAudit"}},
	"Grants.Give an item": {func(ctx context.Context, tr *troupe) error {
		in := paywall.GrantInput{Email: tr.ada.Email, Scope: paywall.ScopeItem, TargetID: tr.item.ID}
		_, err := paywall.NewGrants(tr.broken, paywall.NewOutbox(theVault(), tr.clock.Now), tr.clock.Now).Give(ctx, by, in)
		return err
	}, []string{"InTx", "UserByEmail", "ItemByID", "CreateGrant", "AddAudit"}},
	"Grants.Give a collection": {func(ctx context.Context, tr *troupe) error {
		in := paywall.GrantInput{Email: tr.ada.Email, Scope: paywall.ScopeCollection, TargetID: tr.tapes.ID}
		_, err := paywall.NewGrants(tr.broken, paywall.NewOutbox(theVault(), tr.clock.Now), tr.clock.Now).Give(ctx, by, in)
		return err
	}, []string{"CollectionByID"}},
	"Grants.Revoke": {func(ctx context.Context, tr *troupe) error {
		return paywall.NewGrants(tr.broken, paywall.NewOutbox(theVault(), tr.clock.Now), tr.clock.Now).Revoke(ctx, by, tr.grant.ID)
	}, []string{"InTx", "GrantByID", "RevokeGrant", "UserByID", "AddAudit"}},
	"Grants.Again": {func(ctx context.Context, tr *troupe) error {
		grants := paywall.NewGrants(tr.broken, paywall.NewOutbox(theVault(), tr.clock.Now), tr.clock.Now)
		_, err := grants.Again(ctx, by, tr.over.ID, paywall.Extension{Days: 3, Zone: time.UTC})
		return err
	}, []string{"InTx", "GrantByID", "UserByID", "CreateGrant", "AddMail", "AddAudit"}},
	"Front.ChangeLook": {func(ctx context.Context, tr *troupe) error {
		look := someLook
		look.Name = "Radio Nuit"
		return frontOf(tr.broken, tr.clock.Now).ChangeLook(ctx, by, look, someLogo)
	}, []string{"InTx", "PutSetting", "AddAudit", "PutPicture"}},
	"Front.SaveText": {func(ctx context.Context, tr *troupe) error {
		in := paywall.Text{Place: paywall.PlaceHome, Language: "fr", Body: "Bienvenue"}
		return frontOf(tr.broken, tr.clock.Now).SaveText(ctx, by, in)
	}, []string{"InTx", "PutSiteText", "AddAudit", "PutSetting"}},
	"Front.SaveText of the terms": {func(ctx context.Context, tr *troupe) error {
		in := paywall.Text{Place: paywall.PlaceTerms, Language: "fr", Body: "Soyez gentils."}
		return frontOf(tr.broken, tr.clock.Now).SaveText(ctx, by, in)
	}, []string{"InTx", "CurrentTerms", "CreateTerms", "AddAudit", "PutSetting"}},
	"Front.Refresh": {func(ctx context.Context, tr *troupe) error {
		return frontOf(tr.broken, tr.clock.Now).Refresh(ctx)
	}, []string{"SettingValues", "SiteTexts", "CurrentTerms"}},
	"Playback.Look": {func(ctx context.Context, tr *troupe) error {
		perf, err := stageWith(tr.broken, tr.site, tr.clock.Now, 10).Look(ctx, paywall.Viewer{User: tr.ada}, tr.item.Slug)
		if perf.Decision.Allowed() {
			return nil
		}
		return err
	}, []string{"Stage"}},
	"Playback.Start": {func(ctx context.Context, tr *troupe) error {
		s, viewer := stageWith(tr.broken, tr.site, tr.clock.Now, 10), paywall.Viewer{User: tr.ada}
		perf, err := s.Look(ctx, viewer, tr.item.Slug)
		if err != nil {
			return err
		}
		if perf, err = s.Start(ctx, viewer, perf, ""); perf.Playable.URL != "" || s.minter.calls() > 0 {
			return nil
		}
		return err
	}, []string{"LeaseMints"}},
}

// TestFaults lets each method of the store fail under each service. The failure
// comes out and nothing is left behind, above all no change without its audit
// line.
func TestFaults(t *testing.T) {
	faults := map[string]error{}
	tr := newTroupe(t, faults)
	before := tr.rows(t)
	for service, test := range serviceCalls {
		for _, method := range test.methods {
			t.Run(service+"/"+method, func(t *testing.T) {
				faults[method] = errFault
				defer delete(faults, method)
				wantErr(t, test.call(t.Context(), tr), errFault)
				wantSame(t, tr.rows(t), before)
			})
		}
	}
}

// TestFaults_None: the same calls work when nothing fails, so the failures above
// are those on purpose.
func TestFaults_None(t *testing.T) {
	for service, test := range serviceCalls {
		tr := newTroupe(t, nil)
		hash := get(passwordHash())(t)
		tr.ada.PasswordHash = hash
		must(t, tr.UpdateUser(t.Context(), tr.ada))
		err := test.call(t.Context(), tr)
		if service == "Sessions.Find" { // with a wrong secret
			wantErr(t, err, paywall.ErrNotFound)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", service, err)
		}
	}
}

// TestFaults_Ended: work for a visitor who has left ends with that.
func TestFaults_Ended(t *testing.T) {
	tr := newTroupe(t, nil)
	before := tr.rows(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	cancel()
	for service, test := range serviceCalls {
		if service == "Auth.Login" || service == "Auth.SetPassword" {
			continue // may hash or not: both are ready at once
		}
		if err := test.call(ctx, tr); err == nil {
			t.Errorf("%s worked", service)
		}
	}
	wantSame(t, tr.rows(t), before)
}
