package app

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"usher/internal/config"
	"usher/paywall"
	"usher/store"
)

// operator is who acts from the command line.
var operator = paywall.Actor{Name: "command line"}

// createUser makes the command that makes accounts with a role.
func createUser(role paywall.Role) func(context.Context, env, []string) error {
	return func(ctx context.Context, e env, args []string) error {
		set := e.flags("user create")
		in := accountFlags(set)
		name := set.String("name", "", "name of the person")
		if err := parse(set, args); err != nil {
			return err
		}
		return e.withAuth(ctx, in, func(auth *paywall.Auth, password string) (string, error) {
			user, err := auth.CreateConfirmed(ctx, operator, paywall.NewUser{
				Email: *in.email, Name: *name, Password: password, Role: role,
			})
			return fmt.Sprintf("%s can sign in now, as %s.", user.Email, role), err
		})
	}
}

// runResetPassword sets a new password.
func runResetPassword(ctx context.Context, e env, args []string) error {
	set := e.flags("user reset-password")
	in := accountFlags(set)
	if err := parse(set, args); err != nil {
		return err
	}
	return e.withAuth(ctx, in, func(auth *paywall.Auth, password string) (string, error) {
		err := auth.SetPassword(ctx, operator, *in.email, password, "")
		return fmt.Sprintf("The password of %s is new, and all sessions have ended.", *in.email), err
	})
}

// accountInput is what the commands about accounts have in common.
type accountInput struct {
	email *string
	stdin *bool
}

func accountFlags(set *flag.FlagSet) accountInput {
	return accountInput{
		email: set.String("email", "", "address of the account (required)"),
		stdin: set.Bool("password-stdin", false, "read the password from standard input; else one is made and printed"),
	}
}

// withAuth opens the configured database for one command, and says which it is:
// a shell may lack the settings that the service has.
func (e env) withAuth(ctx context.Context, in accountInput, do func(auth *paywall.Auth, password string) (string, error)) error {
	c, err := config.Load(e.getenv)
	if err != nil {
		return err
	}
	password, made, err := choosePassword(e.In, *in.stdin)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, c.DatabaseURL)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Out, "Database: %s\n", config.WithoutPassword(c.DatabaseURL))
	vault, err := newVault(c)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	done, err := do(newAuth(c, db, vault, utcNow, nil, nil), password)
	if err := errors.Join(inWords(err), db.Close()); err != nil {
		return err
	}
	fmt.Fprintln(e.Out, done)
	tellPassword(e.Out, password, made)
	return nil
}

// choosePassword reads a password, or makes one that is hard to guess.
func choosePassword(in io.Reader, stdin bool) (password string, made bool, err error) {
	if !stdin {
		return strings.ToLower(rand.Text()), true, nil
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", false, err
	}
	return strings.TrimRight(line, "\r\n"), false, nil
}

func tellPassword(w io.Writer, password string, made bool) {
	if made {
		fmt.Fprintf(w, "Password: %s\n", password)
	}
}

// inWords names what is wrong with a command's input.
func inWords(err error) error {
	var known *paywall.Error
	if !errors.As(err, &known) {
		return err // nil as well
	}
	if known.Kind == paywall.KindNotFound {
		return errors.New("there is no account with this address")
	}
	words := map[string]string{
		"user.error.email":          "the e-mail address is not valid",
		"user.error.name":           "the name is too long",
		"user.error.exists":         "there is an account with this address already",
		"user.error.password_short": fmt.Sprintf("the password needs at least %d characters", paywall.MinPassword),
		"user.error.password_long":  fmt.Sprintf("the password may have %d characters at most", paywall.MaxPassword),
	}
	for _, key := range known.Fields {
		if text, ok := words[key]; ok {
			return errors.New(text)
		}
	}
	return err
}
