package i18n

import (
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// Locale is one language of the site. All its methods are safe to call from
// many goroutines at once.
type Locale struct {
	tag, name string
	// texts holds everything that is no plural. A page asks for dozens of them,
	// so they are answered from here without any template work.
	texts     map[string]message
	localizer *goi18n.Localizer
	dates     dateStyle
}

// Tag is the language's BCP 47 tag, such as "fr".
func (l *Locale) Tag() string { return l.tag }

// Name is the language's name in itself, such as "Français".
func (l *Locale) Name() string { return l.name }

// T is the text of a key. The args fill its placeholders as name, value pairs:
// T("paywall.reason.closed.text", "Date", "Sunday"). An unknown key answers
// itself, so that a slip shows on the page instead of breaking it.
func (l *Locale) T(key string, args ...any) string {
	if text, ok := l.texts[key]; ok {
		return text.fill(args)
	}
	return l.localize(&goi18n.LocalizeConfig{MessageID: key, TemplateData: data(args, 0)})
}

// N is the text of a key in the plural form that count asks for. The
// placeholder Count is the number as the language writes it; args add others as
// T does.
func (l *Locale) N(key string, count int, args ...any) string {
	values := data(args, 1)
	values["Count"] = l.Number(count)
	return l.localize(&goi18n.LocalizeConfig{MessageID: key, TemplateData: values, PluralCount: count})
}

func (l *Locale) localize(config *goi18n.LocalizeConfig) string {
	text, err := l.localizer.Localize(config)
	if err != nil {
		return config.MessageID
	}
	return text
}

// data turns name, value pairs into the map that a template reads, with room
// for extra more. A name without a value, or one that is no string, is left out.
func data(args []any, extra int) map[string]any {
	values := make(map[string]any, len(args)/2+extra)
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); ok {
			values[name] = args[i+1]
		}
	}
	return values
}
