package paywall

import (
	"context"
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
	// KeepPlays is after how many days it is forgotten who played what; the sums
	// of a day stay.
	KeepPlays int
}

// Bounds of the settings in days.
const (
	minKeepDays = 1
	maxKeepDays = 730
)

var defaultSettings = Settings{SignUp: SignUpClosed, KeepNetworks: 30, KeepMails: 90, KeepPlays: 90}

// The names of the rows that settings are stored in.
const (
	settingSignUp       = "sign_up"
	settingOwnersFactor = "owners_need_factor"
	settingKeepNetworks = "keep_networks_days"
	settingKeepMails    = "keep_mails_days"
	settingKeepPlays    = "keep_plays_days"
)

// values writes the settings as rows.
func (s Settings) values() map[string]string {
	return map[string]string{
		settingSignUp:       string(s.SignUp),
		settingOwnersFactor: strconv.FormatBool(s.OwnersNeedFactor),
		settingKeepNetworks: strconv.Itoa(s.KeepNetworks),
		settingKeepMails:    strconv.Itoa(s.KeepMails),
		settingKeepPlays:    strconv.Itoa(s.KeepPlays),
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
	for name, days := range map[string]*int{
		settingKeepNetworks: &s.KeepNetworks, settingKeepMails: &s.KeepMails, settingKeepPlays: &s.KeepPlays,
	} {
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
	if !validDays(s.KeepPlays) {
		fields["keep_plays"] = "settings.error.days"
	}
	return invalidFields(fields)
}

// SiteSettings reads and changes the settings.
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

// termsVersion is the version that who makes an account now agrees to; 0 when
// there are no terms.
func (s *SiteSettings) termsVersion(ctx context.Context) (int, error) {
	terms, err := termsOf(ctx, s.store, "")
	if err != nil || terms.Empty() {
		return 0, err
	}
	return terms.Version, nil
}

// Change stores settings.
func (s *SiteSettings) Change(ctx context.Context, actor Actor, in Settings) error {
	if err := in.validate(); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error { return s.changeValues(ctx, tx, actor, in) })
}

func (s *SiteSettings) changeValues(ctx context.Context, tx Store, actor Actor, in Settings) error {
	stored, err := tx.SettingValues(ctx)
	if err != nil {
		return err
	}
	return s.putValues(ctx, tx, actor, settingsFrom(stored).values(), in.values(), settingNames)
}

// days is a number of days as a duration.
func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
