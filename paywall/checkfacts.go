package paywall

import (
	"context"
	"time"
)

// factFinder tells how far one step is.
type factFinder func(ctx context.Context) (Todo, error)

// facts are where the state of each step comes from.
func (c *Checklist) facts() map[Step]factFinder {
	return map[Step]factFinder{
		StepOwner: c.ownerFact, StepSite: c.siteFact, StepConnection: c.connectionFact, StepMail: c.mailFact, StepItems: c.itemsFact,
		StepProtection: c.protectionFact,
		StepSignUp:     c.signUpFact, StepInvite: c.inviteFact, StepListen: c.listenFact,
		StepTexts: c.textsFact, StepFactor: c.factorFact, StepDeputy: c.deputyFact,
	}
}

// state is a step that is done, or not begun.
func state(done bool) StepState {
	if done {
		return StepDone
	}
	return StepOpen
}

// owners are the owners who can sign in.
func (c *Checklist) owners(ctx context.Context) ([]User, error) {
	staff, err := c.Store.Staff(ctx)
	var owners []User
	for _, u := range staff {
		if u.Role == RoleOwner && !u.Disabled() {
			owners = append(owners, u)
		}
	}
	return owners, err
}

func (c *Checklist) ownerFact(ctx context.Context) (Todo, error) {
	owners, err := c.owners(ctx)
	if err != nil || len(owners) == 0 {
		return Todo{State: StepOpen, Key: "setup.fact.owner.none"}, err
	}
	first := owners[0]
	for _, u := range owners {
		if u.CreatedAt.Before(first.CreatedAt) {
			first = u
		}
	}
	return Todo{State: StepDone, Key: "setup.fact.owner", Args: []any{"Email", first.Email}, At: first.CreatedAt}, nil
}

// siteFact: somebody named the site, here or on the server.
func (c *Checklist) siteFact(ctx context.Context) (Todo, error) {
	values, err := c.Store.SettingValues(ctx)
	if err != nil {
		return Todo{}, err
	}
	if _, stored := values[settingSiteName]; stored || c.Named {
		return Todo{State: StepDone, Key: "setup.fact.site.named", Args: []any{"Name", c.Front.Name()}}, nil
	}
	return Todo{State: StepOpen, Key: "setup.fact.site.none"}, nil
}

// legalPlaces are the texts that the law asks for in most countries.
var legalPlaces = []TextPlace{PlaceTerms, PlacePrivacy, PlaceImprint}

func (c *Checklist) textsFact(context.Context) (Todo, error) {
	missing := 0
	for _, place := range legalPlaces {
		if len(c.Front.Now().Written(place)) == 0 {
			missing++
		}
	}
	if missing == 0 {
		return Todo{State: StepDone, Key: "setup.fact.texts"}, nil
	}
	return Todo{State: StepOpen, Key: "setup.fact.texts.missing", Count: missing}, nil
}

// connectionFact looks at the last check of the token that is set now.
func (c *Checklist) connectionFact(ctx context.Context) (Todo, error) {
	state, err := c.Connection.Get(ctx)
	if err != nil {
		return Todo{}, err
	}
	report := state.Report
	switch {
	case !state.Set:
		return Todo{State: StepOpen, Key: "setup.fact.connection.none", Stops: true}, nil
	case state.Sealed:
		return Todo{State: StepTrouble, Key: "setup.fact.connection.sealed", Stops: true}, nil
	case report.At.IsZero():
		return Todo{State: StepOpen, Key: "setup.fact.connection.untested"}, nil
	case report.Works():
		return Todo{State: StepDone, Key: "setup.fact.connection.works", At: report.At}, nil
	case report.Refused():
		return Todo{State: StepTrouble, Key: "setup.fact.connection.refused", At: report.At, Stops: true}, nil
	}
	return Todo{State: StepOpen, Key: "setup.fact.connection.unknown", At: report.At}, nil
}

// mailFact looks at what mail servers answered: a mail that was taken is proof
// that mail leaves the site, until one fails after it.
func (c *Checklist) mailFact(ctx context.Context) (Todo, error) {
	if c.MailOff {
		return Todo{State: StepOpen, Key: "setup.fact.mail.off"}, nil
	}
	sent, err := c.newestMail(ctx, MailSent)
	if err != nil {
		return Todo{}, err
	}
	failed, err := c.newestMail(ctx, MailFailed)
	if err != nil {
		return Todo{}, err
	}
	_, stuck, err := c.Store.MailTrouble(ctx, c.Clock().Add(-troubleFor))
	if err != nil {
		return Todo{}, err
	}
	switch {
	case stuck > 0:
		return Todo{State: StepTrouble, Key: "setup.fact.mail.stuck", Count: stuck}, nil
	case failed.CreatedAt.After(sent.CreatedAt):
		return Todo{State: StepTrouble, Key: "setup.fact.mail.failed", Args: []any{"Answer", failed.Answer}, At: failed.CreatedAt}, nil
	case sent.ID != "":
		return Todo{State: StepDone, Key: "setup.fact.mail.taken", At: sent.SentAt}, nil
	}
	return Todo{State: StepOpen, Key: "setup.fact.mail.none"}, nil
}

func (c *Checklist) newestMail(ctx context.Context, state MailState) (Mail, error) {
	mails, _, err := c.Store.Mails(ctx, state, "", 1, 0)
	if err != nil || len(mails) == 0 {
		return Mail{}, err
	}
	return mails[0], nil
}

func (c *Checklist) itemsFact(ctx context.Context) (Todo, error) {
	items, err := c.Store.AllItems(ctx)
	if err != nil {
		return Todo{}, err
	}
	on := 0
	for _, item := range items {
		if item.Published && len(item.Sources) > 0 {
			on++
		}
	}
	switch {
	case on > 0:
		return Todo{State: StepDone, Key: "setup.fact.items.on", Count: on}, nil
	case len(items) > 0:
		return Todo{State: StepOpen, Key: "setup.fact.items.drafts", Count: len(items), Stops: true}, nil
	}
	return Todo{State: StepOpen, Key: "setup.fact.items.none", Stops: true}, nil
}

// protectionFact looks at what asking the sources of published items found.
func (c *Checklist) protectionFact(ctx context.Context) (Todo, error) {
	tasks, err := c.Store.ProbesOf(ctx, "")
	if err != nil {
		return Todo{}, err
	}
	count, half := map[ProbeState]int{}, 0
	var last time.Time
	for _, task := range current(tasks) {
		if !task.Item.Published {
			continue
		}
		if task.Probe.Cause == CauseHalf { // it is closed; whether it plays is a question of its own
			half++
			continue
		}
		count[task.Probe.State]++
		if task.Probe.CheckedAt.After(last) {
			last = task.Probe.CheckedAt
		}
	}
	switch {
	case count[ProbeRed] > 0:
		return Todo{State: StepTrouble, Key: "setup.fact.protection.red", Count: count[ProbeRed], At: last}, nil
	case count[ProbeAmber] > 0:
		return Todo{State: StepTrouble, Key: "setup.fact.protection.amber", Count: count[ProbeAmber], At: last}, nil
	case count[ProbeGrey] > 0:
		return Todo{State: StepOpen, Key: "setup.fact.protection.grey", Count: count[ProbeGrey]}, nil
	case half > 0:
		return Todo{State: StepDone, Key: "setup.fact.protection.half", Count: half}, nil
	case count[ProbeGreen] > 0:
		return Todo{State: StepDone, Key: "setup.fact.protection.green", At: last}, nil
	}
	return Todo{State: StepOpen, Key: "setup.fact.items.none"}, nil
}

// signUpFact: the settings have a row for it as soon as somebody chose.
func (c *Checklist) signUpFact(ctx context.Context) (Todo, error) {
	values, err := c.Store.SettingValues(ctx)
	if err != nil {
		return Todo{}, err
	}
	_, chosen := values[settingSignUp]
	keys := map[SignUpMode]string{
		SignUpOpen: "setup.fact.sign_up.open", SignUpInvitation: "setup.fact.sign_up.invitation", SignUpClosed: "setup.fact.sign_up.closed",
	}
	return Todo{State: state(chosen), Key: keys[settingsFrom(values).SignUp]}, nil
}

// inviteFact looks for anybody but the people who run the site: a member, or an
// invitation that waits.
func (c *Checklist) inviteFact(ctx context.Context) (Todo, error) {
	accounts, err := c.Store.CountMembers(ctx, MemberFilter{})
	if err != nil {
		return Todo{}, err
	}
	staff, err := c.Store.Staff(ctx)
	if err != nil {
		return Todo{}, err
	}
	if members := accounts - len(staff); members > 0 {
		return Todo{State: StepDone, Key: "setup.fact.invite.members", Count: members}, nil
	}
	waiting, err := c.Store.OpenProofs(ctx, ProofInvite, c.Clock())
	if err != nil {
		return Todo{}, err
	}
	if len(waiting) > 0 {
		return Todo{State: StepDone, Key: "setup.fact.invite.waits", Args: []any{"Email", waiting[0].Email}, At: waiting[0].CreatedAt}, nil
	}
	return Todo{State: StepOpen, Key: "setup.fact.invite.none"}, nil
}

// listenFact: a player tells when sound comes out of it.
func (c *Checklist) listenFact(ctx context.Context) (Todo, error) {
	heard, err := c.Store.LastHeard(ctx)
	if err != nil || heard.IsZero() {
		return Todo{State: StepOpen, Key: "setup.fact.listen.none"}, err
	}
	return Todo{State: StepDone, Key: "setup.fact.listen", At: heard}, nil
}

// factorFact: one owner without a second step is one way in for a guesser.
func (c *Checklist) factorFact(ctx context.Context) (Todo, error) {
	owners, err := c.owners(ctx)
	if err != nil {
		return Todo{}, err
	}
	for _, u := range owners {
		strong, err := c.strong(ctx, u.ID)
		if err != nil {
			return Todo{}, err
		}
		if !strong {
			return Todo{State: StepOpen, Key: "setup.fact.factor.missing", Args: []any{"Email", u.Email}}, nil
		}
	}
	return Todo{State: StepDone, Key: "setup.fact.factor"}, nil
}

func (c *Checklist) strong(ctx context.Context, userID string) (bool, error) {
	factor, err := c.Store.SecondFactorOf(ctx, userID)
	if err != nil && KindOf(err) != KindNotFound {
		return false, err
	}
	if err == nil && factor.Active() {
		return true, nil
	}
	passkeys, err := c.Store.PasskeysOf(ctx, userID)
	return len(passkeys) > 0, err
}

// deputyFact: a site with one owner is locked when that person is not there.
func (c *Checklist) deputyFact(ctx context.Context) (Todo, error) {
	owners, err := c.owners(ctx)
	return Todo{State: state(len(owners) > 1), Key: "setup.fact.deputy", Count: len(owners)}, err
}
