package paywall

import "context"

// SettingFact is one setting as it stands.
type SettingFact struct {
	Name           string // of its row
	Value, Default string // as stored
	// Changed is the line of the record about its last change; the zero
	// AuditEntry when there is none.
	Changed AuditEntry
}

// settingNames are all settings, in the order of the page.
var settingNames = []string{settingSignUp, settingOwnersFactor, settingKeepNetworks, settingKeepMails, settingKeepPlays}

var settingLabels = map[string]Label{
	settingSignUp: LabelSignUp, settingOwnersFactor: LabelFactor,
	settingKeepNetworks: LabelDays, settingKeepMails: LabelDays, settingKeepPlays: LabelDays,
}

// Facts lists the settings with who changed them last.
func (s *SiteSettings) Facts(ctx context.Context) ([]SettingFact, error) {
	now, err := s.Get(ctx)
	if err != nil {
		return nil, err
	}
	values, defaults := now.values(), defaultSettings.values()
	facts := make([]SettingFact, 0, len(settingNames))
	for _, name := range settingNames {
		fact := SettingFact{Name: name, Value: values[name], Default: defaults[name]}
		if fact.Changed, err = s.LastChange(ctx, name); err != nil {
			return nil, err
		}
		facts = append(facts, fact)
	}
	return facts, nil
}

// LastChange is the line of the record about the last change of a setting; the
// zero AuditEntry when nobody changed it.
func (s *SiteSettings) LastChange(ctx context.Context, name string) (AuditEntry, error) {
	lines, err := s.store.AuditOf(ctx, name, 1)
	if err != nil || len(lines) == 0 {
		return AuditEntry{}, err
	}
	return lines[0], nil
}

// ChangeSignUp says who may make an account.
func (s *SiteSettings) ChangeSignUp(ctx context.Context, actor Actor, mode SignUpMode) error {
	return s.changePart(ctx, actor, func(in *Settings) { in.SignUp = mode }, settingSignUp)
}

// ChangeSafety says whether the people who run the site need two factors.
func (s *SiteSettings) ChangeSafety(ctx context.Context, actor Actor, needFactor bool) error {
	return s.changePart(ctx, actor, func(in *Settings) { in.OwnersNeedFactor = needFactor }, settingOwnersFactor)
}

// Keeping is for how many days things are kept, see Settings.
type Keeping struct{ Networks, Mails, Plays int }

// ChangeKeeping says how long things are kept.
func (s *SiteSettings) ChangeKeeping(ctx context.Context, actor Actor, keep Keeping) error {
	return s.changePart(ctx, actor, func(in *Settings) {
		in.KeepNetworks, in.KeepMails, in.KeepPlays = keep.Networks, keep.Mails, keep.Plays
	}, settingKeepNetworks, settingKeepMails, settingKeepPlays)
}

// changePart changes some settings and leaves the others as they are at that
// moment, so that two owners on two pages lose nothing.
func (s *SiteSettings) changePart(ctx context.Context, actor Actor, change func(*Settings), names ...string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		stored, err := tx.SettingValues(ctx)
		if err != nil {
			return err
		}
		in := settingsFrom(stored)
		old := in.values()
		change(&in)
		if err := in.validate(); err != nil {
			return err
		}
		return s.putValues(ctx, tx, actor, old, in.values(), names)
	})
}

// putValues stores settings. A choice of the default is stored too: it tells that
// somebody chose.
func (s *SiteSettings) putValues(ctx context.Context, tx Store, actor Actor, old, values map[string]string, names []string) error {
	for _, name := range names {
		if err := tx.PutSetting(ctx, name, values[name], s.clock()); err != nil {
			return err
		}
		if old[name] == values[name] {
			continue
		}
		if err := audit(ctx, tx, s.clock, actor, "site.settings", name, oldToNew(settingLabels[name], old[name], values[name])); err != nil {
			return err
		}
	}
	return nil
}
