package paywall

import (
	"context"
	"fmt"
)

// Logo is the picture that stands for the site.
type Logo struct {
	ID            string // of the picture; empty: there is none
	Type          string // MIME type
	Width, Height int    // in pixels
	// Clear tells that something shines through it.
	Clear bool
}

// Empty tells that the site has no logo.
func (l Logo) Empty() bool { return l.ID == "" }

// The rows of the logo. Whoever sweeps pictures looks for the value of the first.
const (
	settingLogo     = "site_logo"
	settingLogoKind = "site_logo_kind"
)

// logoIn reads rows. What cannot be read is no logo.
func logoIn(values map[string]string) Logo {
	logo := Logo{ID: values[settingLogo]}
	if _, err := fmt.Sscanf(values[settingLogoKind], "%s %dx%d", &logo.Type, &logo.Width, &logo.Height); err != nil {
		return Logo{}
	}
	logo.Clear = logo.Type == "image/png" // what is not clear is kept as JPEG
	return logo
}

// RemoveLogo shows the name alone from now on.
func (f *Front) RemoveLogo(ctx context.Context, actor Actor) error {
	return f.change(ctx, func(tx Store) error { return f.putLogo(ctx, tx, actor, "", "") })
}

func (f *Front) putLogo(ctx context.Context, tx Store, actor Actor, id, kind string) error {
	stored, err := tx.SettingValues(ctx)
	if err != nil {
		return err
	}
	if err := tx.PutSetting(ctx, settingLogo, id, f.clock()); err != nil {
		return err
	}
	if err := tx.PutSetting(ctx, settingLogoKind, kind, f.clock()); err != nil {
		return err
	}
	return audit(ctx, tx, f.clock, actor, "site.logo", settingLogo, pictureChange(LabelLogo, stored[settingLogo], id))
}
