package handlers

import (
	"regexp"
	"strings"
	"time"

	"usher/internal/i18n"
	"usher/paywall"
)

// factWriter writes a value of a fact, or one half of a change, for a reader.
type factWriter func(h *Handlers, l *i18n.Locale, value string) string

// factWriters are for the facts whose values are words of the program, instants or
// lists. All others are kept as somebody typed them.
var factWriters = map[paywall.Label]factWriter{
	paywall.LabelRole: wordOf("role."), paywall.LabelKind: wordOf("kind."), paywall.LabelAccess: wordOf("access."),
	paywall.LabelMail: wordOf("mailkind."), paywall.LabelWork: wordOf("people.act."), paywall.LabelRun: wordOf("import.kind."),
	paywall.LabelKept: wordOf("import.field."), paywall.LabelHas: wordOf("people.access."), paywall.LabelReadBack: wordOf("probe.told."),
	paywall.LabelSignUp: wordOf("admin.settings.sign_up."), paywall.LabelVODStyle: wordOf("admin.connection.style."),
	paywall.LabelMethod: wordOf(""), paywall.LabelOpens: wordOf(""), paywall.LabelState: wordOf(""), paywall.LabelMoved: wordOf(""),
	paywall.LabelProtection: wordOf(""), paywall.LabelFactor: wordOf(""), paywall.LabelToken: wordOf(""), paywall.LabelAll: wordOf(""),
	paywall.LabelText: wordOf(""), paywall.LabelSummary: wordOf(""), paywall.LabelDescription: wordOf(""), paywall.LabelNote: wordOf(""),
	paywall.LabelPoster: wordOf(""), paywall.LabelLogo: wordOf(""), paywall.LabelSources: wordOf(""), paywall.LabelAccent: wordOf(""),
	paywall.LabelOrganisation: wordOf(""), paywall.LabelItem: titleOf, paywall.LabelCollection: titleOf,
	paywall.LabelUntil: lastDayOf, paywall.LabelValidUntil: lastDayOf, paywall.LabelJoinedUntil: lastDayOf, paywall.LabelLastDay: lastDayOf,
	paywall.LabelValidFrom: firstDayOf, paywall.LabelJoinedFrom: firstDayOf, paywall.LabelFirstDay: firstDayOf,
	paywall.LabelOpensAt: instantOf, paywall.LabelClosesAt: instantOf, paywall.LabelLength: lengthOf,
	paywall.LabelLanguage: languagesOf, paywall.LabelLanguages: languagesOf,
	paywall.LabelWho: whoOf, paywall.LabelAction: actionOf, paywall.LabelAbout: aboutOf,
}

// factsText tells the details of a line in one line of words. What the reader sees
// beside it anyway is left out.
func (h *Handlers) factsText(l *i18n.Locale, e paywall.AuditEntry, names map[string]string, seen string) string {
	var parts []string
	for _, fact := range e.Facts() {
		switch {
		case fact.Label == "":
			parts = append(parts, h.olderDetail(l, fact.Value, names))
		case fact.Value != seen:
			parts = append(parts, l.T("audit.fact", "Label", l.T("fact."+factKey(string(fact.Label))), "Value", h.factValue(l, fact)))
		}
	}
	return strings.Join(parts, " · ")
}

func (h *Handlers) factValue(l *i18n.Locale, fact paywall.Fact) string {
	write := factWriters[fact.Label]
	if write == nil {
		return fact.Value
	}
	parts := fact.Parts()
	for n, part := range parts {
		parts[n] = write(h, l, part)
	}
	return strings.Join(parts, paywall.FactArrow)
}

// factKey is the end of a key of the catalogue.
func factKey(text string) string {
	return strings.ToLower(strings.NewReplacer(" ", "_", "-", "_").Replace(text))
}

// wordOf writes a word of the program: by the catalogue's keys with a beginning, or
// by the words of facts.
func wordOf(prefix string) factWriter {
	return func(_ *Handlers, l *i18n.Locale, value string) string {
		for _, key := range []string{prefix + value, "factword." + factKey(value)} {
			if i18n.Has(key) {
				return l.T(key)
			}
		}
		return value
	}
}

// titleOf leaves a title alone, which may be any word.
func titleOf(h *Handlers, l *i18n.Locale, value string) string {
	if value == paywall.FactNone || value == paywall.FactGone {
		return wordOf("")(h, l, value)
	}
	return value
}

// factInstant reads an instant, into the site's zone.
func (h *Handlers) factInstant(value string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, value)
	return h.sited(at), err == nil
}

func instantOf(h *Handlers, l *i18n.Locale, value string) string {
	if at, ok := h.factInstant(value); ok {
		return l.ShortDateTime(at)
	}
	return wordOf("")(h, l, value)
}

// firstDayOf writes a beginning as a day, if it is the beginning of one.
func firstDayOf(h *Handlers, l *i18n.Locale, value string) string {
	if at, ok := h.factInstant(value); ok && startsDay(at) {
		return l.Date(at)
	}
	return instantOf(h, l, value)
}

// lastDayOf writes an end as the last day, if it is the end of one.
func lastDayOf(h *Handlers, l *i18n.Locale, value string) string {
	if value == paywall.FactNone {
		return l.T("factword.no_end")
	}
	if at, ok := h.factInstant(value); ok && startsDay(at) {
		return l.Date(lastMoment(at))
	}
	return instantOf(h, l, value)
}

func startsDay(at time.Time) bool { return at.Equal(paywall.DayOf(at, at.Location()).From) }

func lengthOf(h *Handlers, l *i18n.Locale, value string) string {
	if d, err := time.ParseDuration(value); err == nil {
		return writeLength(d)
	}
	return wordOf("")(h, l, value)
}

func languagesOf(_ *Handlers, _ *i18n.Locale, value string) string {
	return languageNames(strings.Split(value, ","))
}

func whoOf(_ *Handlers, l *i18n.Locale, value string) string {
	if value == paywall.ActorCommand {
		return l.T("audit.command")
	}
	return knownName(l, value)
}

func actionOf(_ *Handlers, l *i18n.Locale, value string) string { return actionName(l, value) }

func aboutOf(_ *Handlers, l *i18n.Locale, value string) string {
	if label, ok := settingNames[value]; ok {
		return l.T(label)
	}
	return knownName(l, value)
}

var (
	wholeID = regexp.MustCompile(`^[a-z2-7]{26}$`)
	inOlder = regexp.MustCompile(`\b[a-z2-7]{26}\b|\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)
)

// knownName is a name, or words for the id of what has none any more.
func knownName(l *i18n.Locale, name string) string {
	if wholeID.MatchString(name) {
		return l.T("audit.gone")
	}
	return name
}

// olderDetail makes a detail readable that was written before there were facts: it
// puts names for ids, and the site's time for instants.
func (h *Handlers) olderDetail(l *i18n.Locale, text string, names map[string]string) string {
	return inOlder.ReplaceAllStringFunc(text, func(found string) string {
		if wholeID.MatchString(found) {
			return knownName(l, nameOr(names, found))
		}
		return instantOf(h, l, found)
	})
}

// subjectName is what a line is about, in words; empty for work that has no name.
func subjectName(l *i18n.Locale, e paywall.AuditEntry, names map[string]string) string {
	if name := names[e.Subject]; name != "" {
		return name
	}
	area, _, _ := strings.Cut(e.Action, ".")
	switch {
	case settingNames[e.Subject] != "":
		return l.T(settingNames[e.Subject])
	case e.Action == "site.text":
		place, language, _ := strings.Cut(e.Subject, " ")
		return l.T("texts.place."+place) + ", " + languageNames([]string{language})
	case e.Action == "site.terms":
		return l.T("audit.version", "Version", e.Subject)
	case e.Action == "site.step_skip", e.Action == "site.step_resume":
		return l.T("setup.step." + e.Subject + ".title")
	case area == "connection":
		return "Infomaniak"
	case area == "bulk", area == "job", area == "list":
		return l.T("people.jobs.title")
	case area == "imports":
		return l.T("import.title")
	}
	return knownName(l, e.Subject)
}
