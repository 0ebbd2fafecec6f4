package paywall

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxSiteName is the longest name of a site, in characters.
const MaxSiteName = 80

// Look is how the site shows itself.
type Look struct {
	// Name is the station's.
	Name string
	// Language is the site's own: for visitors whose language is not offered, and
	// for texts that lack a translation. It is one of Languages.
	Language string
	// Languages are the tags of those that are offered.
	Languages []string
	// Zone is that of dates, as the zone database names it: "Europe/Zurich".
	Zone string
	// Accent is the colour that the owner picked, as "#rrggbb"; empty: Usher's own.
	Accent string
}

// The names of the rows that the look is stored in.
const (
	settingSiteName  = "site_name"
	settingLanguage  = "site_language"
	settingLanguages = "site_languages"
	settingZone      = "site_zone"
	settingAccent    = "site_accent"
	// settingFront is another one after each change of what the front shows, so
	// that other nodes see that there was one.
	settingFront = "front_revision"
)

var lookLabels = map[string]Label{
	settingSiteName: LabelName, settingLanguage: LabelLanguage, settingLanguages: LabelLanguages,
	settingZone: LabelZone, settingAccent: LabelAccent,
}

// values writes the look as rows.
func (l Look) values() map[string]string {
	return map[string]string{
		settingSiteName: l.Name, settingLanguage: l.Language, settingLanguages: strings.Join(l.Languages, ","),
		settingZone: l.Zone, settingAccent: l.Accent,
	}
}

// over reads rows. What is not stored is as it is in l.
func (l Look) over(values map[string]string) Look {
	for name, field := range map[string]*string{
		settingSiteName: &l.Name, settingLanguage: &l.Language, settingZone: &l.Zone, settingAccent: &l.Accent,
	} {
		if value, stored := values[name]; stored {
			*field = value
		}
	}
	if tags := values[settingLanguages]; tags != "" {
		l.Languages = strings.Split(tags, ",")
	}
	return l
}

// ChangeLook stores how the site shows itself, and a picture as its logo unless
// that is empty. What is as it was is not stored, so that the operator's setting
// stays in force where the owner changed nothing.
func (f *Front) ChangeLook(ctx context.Context, actor Actor, in Look, logo Picture) error {
	in, err := f.cleanLook(in)
	if err != nil {
		return err
	}
	return f.change(ctx, func(tx Store) error {
		stored, err := tx.SettingValues(ctx)
		if err != nil {
			return err
		}
		if err := f.putLook(ctx, tx, actor, f.defaults.over(stored), in); err != nil || logo.ID == "" {
			return err
		}
		if err := tx.PutPicture(ctx, logo); err != nil {
			return err
		}
		return f.putLogo(ctx, tx, actor, logo.ID, fmt.Sprintf("%s %dx%d", logo.Type, logo.Width, logo.Height))
	})
}

func (f *Front) putLook(ctx context.Context, tx Store, actor Actor, from, to Look) error {
	old := from.values()
	for name, value := range to.values() {
		if old[name] == value {
			continue
		}
		if err := tx.PutSetting(ctx, name, value, f.clock()); err != nil {
			return err
		}
		if err := audit(ctx, tx, f.clock, actor, "site.look", name, oldToNew(lookLabels[name], old[name], value)); err != nil {
			return err
		}
	}
	return nil
}

// speak makes a language the site's own, in a transaction after which showChange
// is due. One that is not offered changes nothing.
func (f *Front) speak(ctx context.Context, tx Store, actor Actor, language string) error {
	stored, err := tx.SettingValues(ctx)
	if err != nil {
		return err
	}
	look := f.defaults.over(stored)
	if !slices.Contains(look.Languages, language) {
		return nil
	}
	spoken := look
	spoken.Language = language
	if err := f.putLook(ctx, tx, actor, look, spoken); err != nil {
		return err
	}
	return f.mark(ctx, tx)
}

var accentPattern = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func (f *Front) cleanLook(in Look) (Look, error) {
	in.Name = strings.TrimSpace(in.Name)
	in.Accent = strings.ToLower(strings.TrimSpace(in.Accent))
	fields := map[string]string{}
	if n := utf8.RuneCountInString(in.Name); n == 0 || n > MaxSiteName || hasControl(in.Name) {
		fields["name"] = "look.error.name"
	}
	// In the order in which the site knows them, each once.
	in.Languages = slices.DeleteFunc(slices.Clone(f.defaults.Languages), func(tag string) bool {
		return !slices.Contains(in.Languages, tag)
	})
	if len(in.Languages) == 0 {
		fields["languages"] = "look.error.languages"
	} else if !slices.Contains(in.Languages, in.Language) {
		fields["language"] = "look.error.language"
	}
	if _, err := time.LoadLocation(in.Zone); err != nil || in.Zone == "" || in.Zone == "Local" {
		fields["zone"] = "look.error.zone"
	}
	if in.Accent != "" && !accentPattern.MatchString(in.Accent) {
		fields["accent"] = "look.error.accent"
	}
	return in, invalidFields(fields)
}
