package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"sync"

	_ "time/tzdata" // a bare machine has no zone files
	"usher/internal/config"
)

// runServe runs the site until it is told to stop.
func runServe(ctx context.Context, e env, args []string) error {
	if err := parse(e.flags("serve"), args); err != nil {
		return err
	}
	c, err := config.Load(e.getenv)
	if err != nil {
		return err
	}
	if e.getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	log := newLog(e.Err, c)
	if c.Secure() && len(c.TrustedProxies) == 0 {
		log.Warn("no trusted proxy: if one stands in front, all visitors seem to come from its address; set USHER_TRUSTED_PROXIES")
	}
	if c.Mail.Host == "" {
		log.Warn("no mail server: nobody gets a mail until USHER_SMTP_HOST is set; owners can read waiting mails in the mail log")
	}
	sender, err := NewSender(c)
	if err != nil {
		return err
	}
	site, err := NewSite(ctx, c, Outlet{Sender: sender}, utcNow, log)
	if err != nil {
		return err
	}
	if err := site.tellGaps(ctx); err != nil {
		return errors.Join(err, site.Close())
	}
	listener, err := listen(ctx, c.Addr)
	if err != nil {
		return errors.Join(err, site.Close())
	}
	if err := offerSetup(ctx, site.Auth, c, e.Out, log); err != nil {
		return errors.Join(err, listener.Close(), site.Close())
	}
	fmt.Fprintf(e.Out, "%s listens on %s and is reached as %s\n", site.Front.Name(), listener.Addr(), c.BaseURL)
	return errors.Join(site.run(ctx, listener, site.Handler), site.Close())
}

// tellGaps warns of what the database lacks, or holds and cannot give.
func (s *Site) tellGaps(ctx context.Context) error {
	connection, err := s.Connection.Get(ctx)
	if err != nil {
		return err
	}
	if !connection.Set {
		s.log.Warn("no Infomaniak token: nothing can be played until an owner enters one under Settings, Connection to Infomaniak, or USHER_INFOMANIAK_TOKEN is set")
	}
	foreign, err := s.vault.Foreign(ctx, s.Store)
	if len(foreign) > 0 {
		s.log.Warn("this server's secret key is not the one with which these were sealed, so they cannot be read: put the old key back (docs/operations.md, The secret key)", "sealed", foreign)
	}
	return err
}

// run serves and works in the background until the context ends.
func (s *Site) run(ctx context.Context, listener net.Listener, handler http.Handler) error {
	jobs, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { repeat(jobs, sweepEvery, "sweep sessions", s.log, s.Sessions.Sweep) })
	running.Go(func() { repeat(jobs, sweepEvery, "housekeeping", s.log, s.keepHouse) })
	running.Go(func() { repeat(jobs, lookEvery, "look of the site", s.log, once(s.Front.Refresh)) })
	running.Go(func() { s.Mail.Run(jobs) })
	running.Go(func() { repeat(jobs, jobsEvery, "jobs", s.log, s.Jobs.Work) })
	running.Go(func() { repeat(jobs, importEvery, "import", s.log, s.Imports.Work) })
	running.Go(func() { s.Plays.Run(jobs) })
	running.Go(func() { repeat(jobs, probeEvery, "probe", s.log, s.Probes.Tick) })
	running.Go(func() { repeat(jobs, askEvery, "protections", s.log, s.Probes.AskProtections) })
	running.Go(func() { repeat(jobs, askEvery, "connection", s.log, s.recheck) })
	err := serve(ctx, listener, handler, s.log)
	stop()
	running.Wait()
	return err
}
