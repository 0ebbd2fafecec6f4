package paywall

import (
	"slices"
	"strings"
)

// ListField is what a column of an uploaded list holds.
type ListField string

// The fields of a list, in the order in which an export writes them.
const (
	FieldEmail    ListField = "email"
	FieldName     ListField = "name"
	FieldLanguage ListField = "language"
	FieldAccess   ListField = "access"
	FieldFrom     ListField = "from"
	FieldUntil    ListField = "until"
	FieldNote     ListField = "note"
)

// ListFields are all fields.
var ListFields = []ListField{FieldEmail, FieldName, FieldLanguage, FieldAccess, FieldFrom, FieldUntil, FieldNote}

// fieldNames are the words by which a column's head tells what it holds, in the
// site's languages and small letters.
var fieldNames = map[ListField][]string{
	FieldEmail: {"email", "e-mail", "mail", "email address", "e-mail address", "e-mail-adresse", "mailadresse",
		"adresse e-mail", "courriel", "indirizzo e-mail", "correo", "correo electrónico", "e-mail adresse"},
	FieldName:     {"name", "full name", "vollständiger name", "nom", "nome", "nombre", "display name"},
	FieldLanguage: {"language", "lang", "sprache", "langue", "lingua", "idioma", "locale"},
	FieldAccess:   {"access", "opens", "zugang", "öffnet", "accès", "ouvre", "accesso", "apre", "acceso", "abre", "plan", "item", "collection"},
	FieldFrom:     {"from", "start", "starts", "begin", "von", "ab", "beginn", "de", "depuis", "début", "da", "dal", "inizio", "desde", "inicio"},
	FieldUntil: {"until", "to", "end", "ends", "expires", "expiry", "bis", "ende", "läuft ab", "jusqu'à", "jusqu’au", "jusqu'au", "à", "fin",
		"fino a", "fine", "scadenza", "hasta", "fin de acceso"},
	FieldNote: {"note", "notes", "comment", "remark", "notiz", "bemerkung", "kommentar", "remarque", "commentaire", "nota", "commento", "comentario"},
}

// ListPlan says how an uploaded list is read and what is done with it.
type ListPlan struct {
	File   string   // its name, for people
	Head   []string // of the columns; numbers when the file has none
	NoHead bool     // the first line is a person already
	Comma  string   // what parts the cells
	Latin  bool     // some text was not UTF-8 and was read as Latin-1
	Fields []ListField
	// StopAtBad starts nothing when a line has a mistake; else it is left out.
	StopAtBad bool
	// Tell mails to people that they have an account or access.
	Tell bool
}

// field is a line's text in the column of a field; empty when there is none.
func (p ListPlan) field(cells []string, field ListField) string {
	i := slices.Index(p.Fields, field)
	if i < 0 || i >= len(cells) {
		return ""
	}
	return strings.TrimSpace(cells[i])
}

// guess reads the columns off the first line: by their heads, or by the cell with
// an address when there are none.
func (p *ListPlan) guess(first []string) {
	p.Fields = make([]ListField, len(first))
	for i, cell := range first {
		if _, err := CanonicalEmail(cell); err == nil && !slices.Contains(p.Fields, FieldEmail) {
			p.NoHead, p.Fields[i] = true, FieldEmail
		}
	}
	if p.NoHead {
		p.Head = make([]string, len(first))
		return
	}
	p.Head = first
	for i, cell := range first {
		p.Fields[i] = guessField(cell, p.Fields)
	}
}

func guessField(head string, taken []ListField) ListField {
	head = strings.ToLower(strings.TrimSpace(head))
	for _, field := range ListFields {
		if slices.Contains(fieldNames[field], head) && !slices.Contains(taken, field) {
			return field
		}
	}
	return ""
}

// validate wants each field once at most, and the address.
func (p ListPlan) validate() error {
	seen := map[ListField]bool{}
	for _, field := range p.Fields {
		if field == "" {
			continue
		}
		if !slices.Contains(ListFields, field) || seen[field] {
			return invalidField("columns", "people.import.error.twice")
		}
		seen[field] = true
	}
	if !seen[FieldEmail] {
		return invalidField("columns", "people.import.error.no_email")
	}
	return nil
}
