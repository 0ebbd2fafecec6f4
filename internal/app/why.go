package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"usher/internal/config"
	"usher/paywall"
	"usher/store"
)

// runWhy says whether somebody may play an item, and why: exit code 0 or 3.
func runWhy(ctx context.Context, e env, args []string) error {
	set := e.flags("why")
	at := set.String("at", "", "instant, such as 2026-11-29T20:00:00+01:00; else now")
	data := set.String("data", "", "folder with usher.db; else the configured database")
	words, err := parseMixed(set, args)
	if err != nil {
		return err
	}
	if len(words) != 2 {
		return fmt.Errorf("%w: usher why <email> <item> [--at RFC3339] [--data DIR]; - is somebody not signed in", errUsage)
	}
	instant := utcNow()
	if *at != "" {
		if instant, err = time.Parse(time.RFC3339, *at); err != nil {
			return fmt.Errorf("%w: --at takes an instant such as 2026-11-29T20:00:00+01:00", errUsage)
		}
	}
	database, err := e.databaseIn(*data)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, database)
	if err != nil {
		return err
	}
	explained, err := paywall.NewJudge(db).Why(ctx, words[0], words[1], instant.UTC())
	if err := errors.Join(unknownInWords(err), db.Close()); err != nil {
		return err
	}
	tellWhy(e.Out, explained)
	if !explained.Allowed {
		return errRefused
	}
	return nil
}

// parseMixed reads flags that stand before, between or after the other words.
func parseMixed(set *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := set.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, fmt.Errorf("%w: %w", errUsage, err)
		}
		if set.NArg() == 0 {
			return words, nil
		}
		words, args = append(words, set.Arg(0)), set.Args()[1:]
	}
}

// databaseIn is the database in a folder, which must be there: opening another
// one would make it. Without a folder it is the configured one.
func (e env) databaseIn(folder string) (string, error) {
	if folder == "" {
		c, err := config.Load(e.getenv)
		return c.DatabaseURL, err
	}
	path := filepath.Join(folder, databaseFile)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("there is no database in %s: %w", folder, err)
	}
	return path, nil
}

// unknownInWords says which of the two is not there.
func unknownInWords(err error) error {
	var known *paywall.Error
	if errors.As(err, &known) {
		switch {
		case known.Fields["email"] != "":
			return errors.New("there is no account with this address")
		case known.Fields["item"] != "":
			return errors.New("there is no item with this name in its address or with this id")
		}
	}
	return err
}

// tellWhy writes the answer and its reason in the first line, then what it rests
// on and what would change it.
func tellWhy(w io.Writer, e paywall.Explanation) {
	verdict := "refused:"
	if e.Allowed {
		verdict = "allowed:"
	}
	fmt.Fprintf(w, "%s %s, %s\n", verdict, e.Decision.Reason, reasonInWords(e))
	fmt.Fprintf(w, "person:  %s\nitem:    %s %q\nat:      %s\n", personInWords(e.User), e.Item.Slug, e.Item.Title, e.At.Format(time.RFC3339))
	for _, looked := range e.Looked {
		mark := "grant:  "
		if looked.Decided {
			mark = "decided:"
		}
		fmt.Fprintf(w, "%s %s, %s\n", mark, grantInWords(looked.Grant), findingsInWords[looked.Finding])
	}
	if e.Giver != "" {
		fmt.Fprintf(w, "given by %s\n", e.Giver)
	}
	if e.Silent {
		fmt.Fprintln(w, "note:    the item has no source, so nothing can play")
	}
	for _, step := range e.Steps {
		for n, change := range step {
			mark := "change: "
			if n > 0 {
				mark = "     or:"
			}
			fmt.Fprintf(w, "%s %s\n", mark, changeInWords(change))
		}
	}
}

func personInWords(u paywall.User) string {
	if u.ID == "" {
		return "nobody is signed in"
	}
	return fmt.Sprintf("%s, %s", u.Email, u.Role)
}

func grantInWords(g paywall.Grant) string {
	opens := string(g.Scope)
	if g.TargetID != "" {
		opens += " " + g.TargetID
	}
	return fmt.Sprintf("%s from %s %s, origin %s", opens, g.From.Format(time.RFC3339), lastingInWords(g.End()), g.Origin)
}

func lastingInWords(end time.Time) string {
	if end.IsZero() {
		return "for ever"
	}
	return "until " + end.Format(time.RFC3339)
}

// reasonInWords is the reason of a decision for the operator.
func reasonInWords(e paywall.Explanation) string {
	on := e.Decision.Instant.Format(time.RFC3339) // shown where the reason has one
	switch e.Decision.Reason {
	case paywall.ReasonOpen:
		return "the item is open to all"
	case paywall.ReasonMember:
		return "a confirmed account is enough"
	case paywall.ReasonGrant:
		return "a live grant opens it " + lastingInWords(e.Decision.Until)
	case paywall.ReasonOwner:
		return "the role may try everything"
	case paywall.ReasonUnknown:
		return "the item is a draft"
	case paywall.ReasonClosed:
		return "the item closed on " + on
	case paywall.ReasonSignedOut:
		return "nobody is signed in"
	case paywall.ReasonDisabled:
		return "the account is switched off"
	case paywall.ReasonUnconfirmed:
		return "the address is not confirmed"
	case paywall.ReasonGrantLater:
		return "the grant begins on " + on
	case paywall.ReasonGrantEnded:
		return "the grant ended on " + on
	case paywall.ReasonNotYetOpen:
		return "the person is entitled and the item opens on " + on
	}
	return "no grant covers the item"
}

var findingsInWords = map[paywall.Finding]string{
	paywall.FindingOpens: "counts", paywall.FindingOutlasted: "counts, another one lasts longer",
	paywall.FindingUnneeded: "would count, something else decided", paywall.FindingLater: "has not begun",
	paywall.FindingEnded: "has ended", paywall.FindingRevoked: "was taken back",
	paywall.FindingElsewhere: "opens something else",
}

func changeInWords(c paywall.Change) string {
	at := c.At.Format(time.RFC3339)
	switch c.Kind {
	case paywall.ChangePublish:
		return "publish the item"
	case paywall.ChangeClosing:
		return "let the item close later"
	case paywall.ChangeOpening:
		return "let the item open earlier"
	case paywall.ChangeSignIn:
		return "the person signs in or makes an account"
	case paywall.ChangeEnable:
		return "switch the account on"
	case paywall.ChangeConfirm:
		return "the person confirms the address"
	case paywall.ChangeGrant:
		return "give access"
	case paywall.ChangeWait:
		return "wait until " + at
	case paywall.ChangeEnds:
		return "it ends by itself on " + at
	case paywall.ChangeRevoke:
		return "take the grant back"
	case paywall.ChangeDisable:
		return "switch the account off"
	}
	return "take the item back to a draft"
}
