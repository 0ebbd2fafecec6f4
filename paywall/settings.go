package paywall

import (
	"context"
	"errors"
	"strconv"
	"time"
)

// SignUpMode says who may make an account.
type SignUpMode string

// The modes of sign-up. Until the owner chooses, it is closed.
const (
	SignUpOpen       SignUpMode = "open"
	SignUpInvitation SignUpMode = "invitation"
	SignUpClosed     SignUpMode = "closed"
)

// MaxTerms is how long the terms may be, in characters.
const MaxTerms = 40_000

// Settings are what the owner sets for the whole site.
type Settings struct {
	SignUp SignUpMode
	// OwnersNeedFactor keeps owners without a second factor or passkey out of
	// the owner's pages until they have one.
	OwnersNeedFactor bool
	// KeepNetworks is after how many days it is forgotten where sign-ins came
	// from.
	KeepNetworks int
	// KeepMails is after how many days a mail leaves the mail log.
	KeepMails int
}

// Bounds of the settings in days.
const (
	minKeepDays = 1
	maxKeepDays = 730
)

var defaultSettings = Settings{SignUp: SignUpClosed, KeepNetworks: 30, KeepMails: 90}

// The names of the rows that settings are stored in.
const (
	settingSignUp       = "sign_up"
	settingOwnersFactor = "owners_need_factor"
	settingKeepNetworks = "keep_networks_days"
	settingKeepMails    = "keep_mails_days"
)

// values writes the settings as rows.
func (s Settings) values() map[string]string {
	return map[string]string{
		settingSignUp:       string(s.SignUp),
		settingOwnersFactor: strconv.FormatBool(s.OwnersNeedFactor),
		settingKeepNetworks: strconv.Itoa(s.KeepNetworks),
		settingKeepMails:    strconv.Itoa(s.KeepMails),
	}
}

// settingsFrom reads rows. What is missing or cannot be read has its default,
// which is the closed one.
func settingsFrom(values map[string]string) Settings {
	s := defaultSettings
	if mode := SignUpMode(values[settingSignUp]); mode.valid() {
		s.SignUp = mode
	}
	s.OwnersNeedFactor = values[settingOwnersFactor] == "true"
	for name, days := range map[string]*int{settingKeepNetworks: &s.KeepNetworks, settingKeepMails: &s.KeepMails} {
		if n, err := strconv.Atoi(values[name]); err == nil && validDays(n) {
			*days = n
		}
	}
	return s
}

func (m SignUpMode) valid() bool {
	return m == SignUpOpen || m == SignUpInvitation || m == SignUpClosed
}

func validDays(n int) bool { return n >= minKeepDays && n <= maxKeepDays }

func (s Settings) validate() error {
	fields := map[string]string{}
	if !s.SignUp.valid() {
		fields["sign_up"] = "settings.error.sign_up"
	}
	if !validDays(s.KeepNetworks) {
		fields["keep_networks"] = "settings.error.days"
	}
	if !validDays(s.KeepMails) {
		fields["keep_mails"] = "settings.error.days"
	}
	return invalidFields(fields)
}

// SiteSettings reads and changes the settings and the terms.
type SiteSettings struct {
	store Store
	clock Clock
}

// NewSiteSettings makes the service.
func NewSiteSettings(store Store, clock Clock) *SiteSettings { return &SiteSettings{store, clock} }

// Get reads the settings. They are read each time, so that a change holds on all
// nodes at once.
func (s *SiteSettings) Get(ctx context.Context) (Settings, error) {
	values, err := s.store.SettingValues(ctx)
	if err != nil {
		return Settings{}, err
	}
	return settingsFrom(values), nil
}

// Terms gives the terms in force; version 0 without text when there are none.
func (s *SiteSettings) Terms(ctx context.Context) (Terms, error) {
	terms, err := s.store.CurrentTerms(ctx)
	if errors.Is(err, ErrNotFound) {
		return Terms{}, nil
	}
	return terms, err
}

// termsVersion is the version that who makes an account now agrees to; 0 when
// there are no terms.
func (s *SiteSettings) termsVersion(ctx context.Context) (int, error) {
	terms, err := s.Terms(ctx)
	if err != nil || terms.Body == "" {
		return 0, err
	}
	return terms.Version, nil
}

// Change stores settings and terms. New words of the terms become a new version;
// the old ones are kept, because people agreed to them.
func (s *SiteSettings) Change(ctx context.Context, actor Actor, in Settings, terms string) error {
	if err := in.validate(); err != nil {
		return err
	}
	terms, err := cleanTerms(terms)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error {
		if err := s.changeValues(ctx, tx, actor, in); err != nil {
			return err
		}
		return s.changeTerms(ctx, tx, actor, terms)
	})
}

func (s *SiteSettings) changeValues(ctx context.Context, tx Store, actor Actor, in Settings) error {
	stored, err := tx.SettingValues(ctx)
	if err != nil {
		return err
	}
	return s.putValues(ctx, tx, actor, settingsFrom(stored).values(), in.values(), settingNames)
}

func (s *SiteSettings) changeTerms(ctx context.Context, tx Store, actor Actor, body string) error {
	current, err := tx.CurrentTerms(ctx)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if current.Body == body {
		return nil
	}
	next := Terms{Version: current.Version + 1, Body: body, CreatedAt: s.clock()}
	if err := tx.CreateTerms(ctx, next); err != nil {
		return err
	}
	return audit(ctx, tx, s.clock, actor, "site.terms", strconv.Itoa(next.Version), "")
}

// days is a number of days as a duration.
func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
