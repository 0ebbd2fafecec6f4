package app

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"

	"usher/internal/config"
	"usher/paywall"
	"usher/store"
)

// operator is who acts from the command line.
var operator = paywall.Actor{Name: "command line"}

// runCreateAdmin makes an owner's account.
func runCreateAdmin(ctx context.Context, e env, args []string) error {
	set := e.flags("user create-admin")
	email := set.String("email", "", "address of the owner (required)")
	name := set.String("name", "", "name of the owner")
	stdin := set.Bool("password-stdin", false, "read the password from standard input; else one is made and printed")
	if err := parse(set, args); err != nil {
		return err
	}
	return withAuth(ctx, e, func(auth *paywall.Auth) error {
		password, made, err := choosePassword(e.In, *stdin)
		if err != nil {
			return err
		}
		user, err := auth.CreateConfirmed(ctx, operator, paywall.NewUser{
			Email: *email, Name: *name, Password: password, Role: paywall.RoleOwner,
		})
		if err != nil {
			return inWords(err)
		}
		fmt.Fprintf(e.Out, "%s can sign in as an owner now.\n", user.Email)
		tellPassword(e.Out, password, made)
		return nil
	})
}

// runResetPassword sets a new password.
func runResetPassword(ctx context.Context, e env, args []string) error {
	set := e.flags("user reset-password")
	email := set.String("email", "", "address of the account (required)")
	stdin := set.Bool("password-stdin", false, "read the password from standard input; else one is made and printed")
	if err := parse(set, args); err != nil {
		return err
	}
	return withAuth(ctx, e, func(auth *paywall.Auth) error {
		password, made, err := choosePassword(e.In, *stdin)
		if err != nil {
			return err
		}
		if err := auth.SetPassword(ctx, operator, *email, password, ""); err != nil {
			return inWords(err)
		}
		fmt.Fprintf(e.Out, "The password of %s is new, and all sessions have ended.\n", *email)
		tellPassword(e.Out, password, made)
		return nil
	})
}

// withAuth opens the configured database for one command.
func withAuth(ctx context.Context, e env, do func(*paywall.Auth) error) error {
	c, err := config.Load(e.getenv)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, c.DatabaseURL)
	if err != nil {
		return err
	}
	auth := paywall.NewAuth(db, newHasher(), utcNow)
	return errors.Join(do(auth), db.Close())
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
		return err
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
