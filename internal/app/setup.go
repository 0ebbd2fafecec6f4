package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"usher/handlers"
	"usher/internal/config"
	"usher/paywall"
)

// offerSetup prints the address at which a site without an owner is set up. It
// is no line of the log: logs go to places where the secret must not be.
func offerSetup(ctx context.Context, auth *paywall.Auth, c config.Config, out io.Writer, log *slog.Logger) error {
	path, _, err := auth.OfferSetup(ctx, paywall.Actor{Name: "start"})
	if errors.Is(err, paywall.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	log.Warn("this site has no owner yet: its set-up address was printed to standard output; usher setup-link prints a new one")
	tellSetup(out, c, path)
	return nil
}

func tellSetup(out io.Writer, c config.Config, path string) {
	fmt.Fprintf(out, "\n  This site has no owner yet. Open this address in your browser to set it up:\n\n    %s\n\n"+
		"  It works once, within %.0f hours. The next start prints a new one, and so does: usher setup-link\n\n",
		c.BaseURL.String()+path, paywall.SetupLife.Hours())
}

// runSetupLink prints a new address for the first set-up.
func runSetupLink(ctx context.Context, e env, args []string) error {
	if err := parse(e.flags("setup-link"), args); err != nil {
		return err
	}
	return e.withAuth(ctx, func(auth *paywall.Auth, c config.Config) error {
		path, _, err := auth.OfferSetup(ctx, operator)
		if errors.Is(err, paywall.ErrNotFound) {
			return errors.New("this site was set up already; usher user create-admin makes an owner, and usher user login-link lets one in")
		}
		if err != nil {
			return err
		}
		tellSetup(e.Out, c, path)
		return nil
	})
}

// operatorSettings are the options of the server as owners see them.
func operatorSettings(c config.Config) []handlers.OperatorSetting {
	all := make([]handlers.OperatorSetting, 0, len(c.Shown))
	for _, s := range c.Shown {
		all = append(all, handlers.OperatorSetting(s))
	}
	return all
}

// newChecklist wires what tells how far the set-up is.
func (s *Site) newChecklist(c config.Config, outlet Outlet) *paywall.Checklist {
	return paywall.NewChecklist(paywall.ChecklistDeps{
		Store: s.Store, Clock: s.clock, Connection: s.Connection, Front: s.Front,
		MailOff: outlet.Sender == nil, Named: c.Named(),
	})
}
