package paywall

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Label names what a fact is about.
type Label string

// The labels of facts. They are stored, so a word that is here stays.
const (
	LabelPerson       Label = "person" // an address
	LabelRole         Label = "role"
	LabelReason       Label = "reason"
	LabelNote         Label = "note"
	LabelMethod       Label = "signed in by"
	LabelDevice       Label = "device"
	LabelName         Label = "name"
	LabelOpens        Label = "opens"
	LabelItem         Label = "item"
	LabelCollection   Label = "collection"
	LabelUntil        Label = "until"
	LabelDays         Label = "days"
	LabelBatch        Label = "batch"
	LabelCode         Label = "code"
	LabelCodes        Label = "codes"
	LabelUses         Label = "uses of each code"
	LabelUsed         Label = "used"
	LabelValidFrom    Label = "valid from"
	LabelValidUntil   Label = "valid until"
	LabelMail         Label = "mail"
	LabelTo           Label = "to"
	LabelSubject      Label = "subject"
	LabelAccounts     Label = "accounts"
	LabelWork         Label = "work"
	LabelFile         Label = "file"
	LabelLine         Label = "line"
	LabelLines        Label = "lines"
	LabelTitle        Label = "title"
	LabelSlug         Label = "page address"
	LabelKind         Label = "kind"
	LabelAccess       Label = "access"
	LabelState        Label = "state"
	LabelOpensAt      Label = "opens on"
	LabelClosesAt     Label = "closes on"
	LabelLength       Label = "length"
	LabelSources      Label = "sources"
	LabelSummary      Label = "summary"
	LabelDescription  Label = "description"
	LabelText         Label = "text"
	LabelWords        Label = "words"
	LabelLanguage     Label = "language"
	LabelLanguages    Label = "languages"
	LabelPoster       Label = "poster"
	LabelLogo         Label = "logo"
	LabelMoved        Label = "moved"
	LabelFreed        Label = "items set free"
	LabelSource       Label = "source"
	LabelProtection   Label = "protection"
	LabelReadBack     Label = "read back"
	LabelSupplied     Label = "name at Infomaniak"
	LabelKept         Label = "kept as it is"
	LabelRun          Label = "import"
	LabelThings       Label = "chosen"
	LabelChannels     Label = "channels"
	LabelToken        Label = "token"
	LabelOrganisation Label = "organisation"
	LabelVODStyle     Label = "video addresses"
	LabelSignUp       Label = "sign-up"
	LabelFactor       Label = "staff need two steps"
	LabelMinutes      Label = "minutes"
	LabelZone         Label = "time zone"
	LabelAccent       Label = "colour"
	LabelAll          Label = "choice"
	LabelSearch       Label = "search"
	LabelHas          Label = "has access"
	LabelJoinedFrom   Label = "joined from"
	LabelJoinedUntil  Label = "joined until"
	LabelWho          Label = "who"
	LabelAction       Label = "what"
	LabelAbout        Label = "about"
	LabelFirstDay     Label = "first day"
	LabelLastDay      Label = "last day"
)

// Labels are all labels.
var Labels = []Label{
	LabelPerson, LabelRole, LabelReason, LabelNote, LabelMethod, LabelDevice, LabelName, LabelOpens, LabelItem,
	LabelCollection, LabelUntil, LabelDays, LabelBatch, LabelCode, LabelCodes, LabelUses, LabelUsed,
	LabelValidFrom, LabelValidUntil, LabelMail, LabelTo, LabelSubject, LabelAccounts, LabelWork, LabelFile,
	LabelLine, LabelLines, LabelTitle, LabelSlug, LabelKind, LabelAccess, LabelState, LabelOpensAt, LabelClosesAt,
	LabelLength, LabelSources, LabelSummary, LabelDescription, LabelText, LabelWords, LabelLanguage,
	LabelLanguages, LabelPoster, LabelLogo, LabelMoved, LabelFreed, LabelSource, LabelProtection, LabelReadBack,
	LabelSupplied, LabelKept, LabelRun, LabelThings, LabelChannels, LabelToken, LabelOrganisation, LabelVODStyle,
	LabelSignUp, LabelFactor, LabelMinutes, LabelZone, LabelAccent, LabelAll, LabelSearch, LabelHas,
	LabelJoinedFrom, LabelJoinedUntil, LabelWho, LabelAction, LabelAbout, LabelFirstDay, LabelLastDay,
}

// Words that stand for a value in several facts.
const (
	FactNone = "none"
	FactGone = "no longer there" // the title of what is gone
	factAll  = "all"
	factOn   = "on"
	factOff  = "off"

	factMade, factChanged, factEmptied   = "made", "changed", "emptied"
	factSet, factReplaced, factRemoved   = "set", "replaced", "removed"
	factUp, factDown                     = "up", "down"
	factDraft, factPublished, factChosen = "draft", "published", "chosen by hand"
)

// FactArrow stands between what was and what is.
const FactArrow = " → "

// Fact is one thing that a line of the record tells beside its action. It is stored
// as "label: value" in plain English, and shown in the reader's language; see ADR 23.
// A value is a word, a number, an instant, or what somebody typed.
type Fact struct {
	Label Label
	Value string
}

// number is a fact with a count.
func number(label Label, n int) Fact { return Fact{label, strconv.Itoa(n)} }

// moment is a fact with an instant; none for the zero one.
func moment(label Label, t time.Time) Fact {
	if t.IsZero() {
		return Fact{label, FactNone}
	}
	return Fact{label, t.UTC().Format(time.RFC3339)}
}

// oldToNew is a change of a value.
func oldToNew(label Label, old, now string) Fact {
	return Fact{label, orNone(old) + FactArrow + orNone(now)}
}

func orNone(value string) string {
	if value == "" {
		return FactNone
	}
	return value
}

// changes are the facts that differ between two lists of the same labels.
func changes(old, now []Fact) (changed []Fact) {
	for n, fact := range now {
		if was := old[n].Value; was != fact.Value {
			changed = append(changed, oldToNew(fact.Label, was, fact.Value))
		}
	}
	return changed
}

// present are the facts that tell of something.
func present(facts []Fact) []Fact {
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Value == "" || f.Value == FactNone })
}

// rewritten tells how a text changed, if it did, but not the text itself, which
// would fill the record.
func rewritten(label Label, old, now string) []Fact {
	switch {
	case old == now:
		return nil
	case old == "":
		return []Fact{{label, factMade}, number(LabelWords, len(strings.Fields(now)))}
	case now == "":
		return []Fact{{label, factEmptied}}
	}
	counts := changes([]Fact{number(LabelWords, len(strings.Fields(old)))}, []Fact{number(LabelWords, len(strings.Fields(now)))})
	return append([]Fact{{label, factChanged}}, counts...)
}

// pictureChange tells what became of a picture.
func pictureChange(label Label, old, now string) Fact {
	switch {
	case now == "":
		return Fact{label, factRemoved}
	case old == "":
		return Fact{label, factSet}
	}
	return Fact{label, factReplaced}
}

func onOff(on bool) string {
	if on {
		return factOn
	}
	return factOff
}

// factText is how facts are stored: each in a line of its own.
func factText(facts []Fact) string {
	var lines []string
	for _, f := range facts {
		if f.Value != "" {
			lines = append(lines, string(f.Label)+": "+strings.Join(strings.Fields(f.Value), " "))
		}
	}
	return strings.Join(lines, "\n")
}

// Facts reads the detail of a line of the record. What is no fact has no label:
// it was written before there were facts, or words in it were erased.
func (e AuditEntry) Facts() []Fact {
	if e.Detail == "" {
		return nil
	}
	var facts []Fact
	for line := range strings.SplitSeq(e.Detail, "\n") {
		label, value, ok := strings.Cut(line, ": ")
		if !ok || !slices.Contains(Labels, Label(label)) {
			label, value = "", line
		}
		facts = append(facts, Fact{Label(label), value})
	}
	return facts
}

// Parts are the two values of a change, or the only value.
func (f Fact) Parts() []string { return strings.Split(f.Value, FactArrow) }
