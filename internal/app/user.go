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
		stdin := passwordFlag(set)
		name := set.String("name", "", "name of the person")
		if err := in.parse(set, args); err != nil {
			return err
		}
		password, made, err := choosePassword(e.In, *stdin)
		if err != nil {
			return err
		}
		return e.withAuth(ctx, func(auth *paywall.Auth, _ config.Config) error {
			user, err := auth.CreateConfirmed(ctx, operator, paywall.NewUser{
				Email: *in.email, Name: *name, Password: password, Role: role,
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(e.Out, "%s can sign in now, as %s.\n", user.Email, role)
			tellPassword(e.Out, password, made)
			return nil
		})
	}
}

// runResetPassword sets a new password.
func runResetPassword(ctx context.Context, e env, args []string) error {
	set := e.flags("user reset-password")
	in := accountFlags(set)
	stdin := passwordFlag(set)
	if err := in.parse(set, args); err != nil {
		return err
	}
	password, made, err := choosePassword(e.In, *stdin)
	if err != nil {
		return err
	}
	return e.withAuth(ctx, func(auth *paywall.Auth, _ config.Config) error {
		if err := auth.SetPassword(ctx, operator, *in.email, password, ""); err != nil {
			return err
		}
		fmt.Fprintf(e.Out, "The password of %s is new, and all sessions have ended.\n", *in.email)
		tellPassword(e.Out, password, made)
		return nil
	})
}

// runUnlock lets an account be tried again, and takes the second factor away
// from somebody who lost it, if asked to.
func runUnlock(ctx context.Context, e env, args []string) error {
	set := e.flags("user unlock")
	in := accountFlags(set)
	factor := set.Bool("second-factor", false, "also switch the second step off")
	enable := set.Bool("enable", false, "also switch the account on again")
	if err := in.parse(set, args); err != nil {
		return err
	}
	return e.withAuth(ctx, func(auth *paywall.Auth, _ config.Config) error {
		user, err := auth.Unlock(ctx, operator, *in.email)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.Out, "%s can be tried again.\n", user.Email)
		if *enable {
			if err := auth.Enable(ctx, operator, user.ID); err != nil {
				return err
			}
			fmt.Fprintln(e.Out, "The account is switched on.")
		}
		if !*factor {
			return nil
		}
		err = auth.RemoveFactor(ctx, operator, user.ID)
		if errors.Is(err, paywall.ErrNotFound) {
			err = errors.New("the account has no second step")
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(e.Out, "The second step is off.")
		return nil
	})
}

// runLoginLink prints a link that signs somebody in.
func runLoginLink(ctx context.Context, e env, args []string) error {
	set := e.flags("user login-link")
	in := accountFlags(set)
	if err := in.parse(set, args); err != nil {
		return err
	}
	return e.withAuth(ctx, func(auth *paywall.Auth, c config.Config) error {
		path, _, err := auth.LoginLink(ctx, operator, *in.email)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.Out, "This link signs %s in once, within %.0f hours:\n%s\n",
			*in.email, paywall.LoginLinkLife.Hours(), c.BaseURL.String()+path)
		return nil
	})
}

// accountInput is what the commands about accounts have in common.
type accountInput struct{ email *string }

func accountFlags(set *flag.FlagSet) accountInput {
	return accountInput{email: set.String("email", "", "address of the account (required)")}
}

// parse reads the flags; without an address there is nothing to do.
func (in accountInput) parse(set *flag.FlagSet, args []string) error {
	if err := parse(set, args); err != nil {
		return err
	}
	if *in.email == "" {
		return fmt.Errorf("%w: %s needs --email", errUsage, set.Name())
	}
	return nil
}

func passwordFlag(set *flag.FlagSet) *bool {
	return set.Bool("password-stdin", false, "read the password from standard input; else one is made and printed")
}

// withAuth opens the configured database for one command, and says which it is:
// a shell may lack the settings that the service has.
func (e env) withAuth(ctx context.Context, do func(auth *paywall.Auth, c config.Config) error) error {
	c, err := config.Load(e.getenv)
	if err != nil {
		return err
	}
	vault, err := newVault(c)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, c.DatabaseURL)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Out, "Database: %s\n", config.WithoutPassword(c.DatabaseURL))
	front, err := newFront(ctx, c, db, utcNow)
	if err == nil {
		err = do(newAuth(c, db, front, vault, utcNow, nil, nil), c)
	}
	return errors.Join(inWords(err), db.Close())
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
	password = strings.TrimRight(line, "\r\n")
	if password == "" {
		return "", false, errors.New("there is no password on standard input")
	}
	return password, false, nil
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
		"user.error.password_weak":  "the password is easy to guess",
		"user.error.password_long":  fmt.Sprintf("the password may have %d characters at most", paywall.MaxPassword),
	}
	if known.Key == "member.error.disabled" {
		return errors.New("the account is switched off; usher user unlock --enable switches it on")
	}
	for _, key := range known.Fields {
		if text, ok := words[key]; ok {
			return errors.New(text)
		}
	}
	return err
}
