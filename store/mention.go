package store

import (
	"context"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"usher/paywall"
)

// eraseMentions puts the tombstone's name where the record of changes names a
// person.
//
// In lines about the person all that is known of them goes: name, address and
// earlier addresses. In lines about others only the present address goes, and
// only as a whole: a name is free text, so by deleting an account called "item"
// or "bob@example.org" anybody could deface the record, and the address
// "a@example.org" stands inside that of "ada@example.org".
func (q *queries) eraseMentions(ctx context.Context, user paywall.User, tombstone string) error {
	terms, err := q.knownAs(ctx, user) // before the actor's names are gone
	if err != nil {
		return err
	}
	if err := q.eraseActor(ctx, user, tombstone); err != nil {
		return err
	}
	err = q.rewriteDetails(ctx, func(detail string) string {
		for _, term := range terms {
			detail = replaceTerm(detail, term, tombstone)
		}
		return detail
	}, `actor_id = $1 OR subject = $1 OR subject IN (SELECT id FROM grants WHERE user_id = $1)`, user.ID)
	if err != nil {
		return err
	}
	return q.rewriteDetails(ctx, func(detail string) string {
		return replaceWhole(detail, user.Email, tombstone, inAddress)
	}, `replace(detail, $1, '') <> detail`, user.Email)
}

// eraseActor forgets who acted and from where. A visitor who was not signed in
// and acted on the account is taken for the person.
func (q *queries) eraseActor(ctx context.Context, user paywall.User, tombstone string) error {
	const op = "ErasePersonal"
	if _, err := exec(ctx, q.write, op,
		`UPDATE audit_entries SET network = '' WHERE actor_id = '' AND subject = $1`, user.ID); err != nil {
		return err
	}
	_, err := exec(ctx, q.write, op,
		`UPDATE audit_entries SET actor_name = $3, network = '' WHERE actor_id = $1 OR actor_name = $2`,
		user.ID, user.Email, tombstone)
	return err
}

// knownAs lists what a person is called in the database, long texts first: a
// short one may stand inside a long one.
func (q *queries) knownAs(ctx context.Context, user paywall.User) ([]string, error) {
	return queryAll(ctx, q.read, "ErasePersonal", place[string], `
		SELECT text FROM (
			SELECT CAST($2 AS TEXT) AS text
			UNION SELECT email FROM users WHERE id = $1
			UNION SELECT name FROM users WHERE id = $1
			UNION SELECT actor_name FROM audit_entries WHERE actor_id = $1
			UNION SELECT email FROM identities WHERE user_id = $1
			UNION SELECT email FROM proofs WHERE user_id = $1
			UNION SELECT recipient FROM mails WHERE user_id = $1
		) AS terms WHERE text <> '' ORDER BY length(text) DESC, text`, user.ID, user.Email)
}

type auditDetail struct{ id, detail string }

// rewriteDetails changes the details of the lines that a condition names.
func (q *queries) rewriteDetails(ctx context.Context, rewrite func(string) string, condition string, args ...any) error {
	const op = "ErasePersonal"
	lines, err := queryAll(ctx, q.read, op, func(d *auditDetail) []any { return []any{&d.id, &d.detail} },
		`SELECT id, detail FROM audit_entries WHERE `+condition, args...)
	if err != nil {
		return err
	}
	for _, line := range lines {
		detail := rewrite(line.detail)
		if detail == line.detail {
			continue
		}
		if err := execOne(ctx, q.write, op, `UPDATE audit_entries SET detail = $2 WHERE id = $1`, line.id, detail); err != nil {
			return err
		}
	}
	return nil
}

// shortTerm is the length from which a text is unlikely to stand inside a word.
const shortTerm = 4

func replaceTerm(text, term, by string) string {
	if utf8.RuneCountInString(term) < shortTerm {
		return replaceWhole(text, term, by, inWord)
	}
	return strings.ReplaceAll(text, term, by)
}

// replaceWhole replaces a term where the characters around it do not belong to
// it.
func replaceWhole(text, term, by string, belongs func(before, after string) bool) string {
	var out strings.Builder
	for {
		i := strings.Index(text, term)
		if i < 0 {
			out.WriteString(text)
			return out.String()
		}
		before, after := text[:i], text[i+len(term):]
		out.WriteString(before)
		if belongs(before, after) {
			out.WriteString(term)
		} else {
			out.WriteString(by)
		}
		text = after
	}
}

func inWord(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return isWord(last) || isWord(first)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

var (
	addressGoesBack = regexp.MustCompile(`[A-Za-z0-9._+-]$`)
	addressGoesOn   = regexp.MustCompile(`^\.?[A-Za-z0-9-]`)
)

// inAddress tells whether an address is only a part of a longer one. The full
// stop of a sentence is none of a domain.
func inAddress(before, after string) bool {
	return addressGoesBack.MatchString(before) || addressGoesOn.MatchString(after)
}
