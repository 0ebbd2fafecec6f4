package paywall_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"usher/paywall"
)

func (f faulty) Setup(ctx context.Context) (paywall.Setup, error) {
	return unlessGet(f.at("Setup"), func() (paywall.Setup, error) { return f.Store.Setup(ctx) })
}

func (f faulty) OfferSetup(ctx context.Context, secretHash []byte, expires time.Time) error {
	return unless(f.at("OfferSetup"), func() error { return f.Store.OfferSetup(ctx, secretHash, expires) })
}

func (f faulty) UseSetup(ctx context.Context, secretHash []byte, now time.Time) error {
	return unless(f.at("UseSetup"), func() error { return f.Store.UseSetup(ctx, secretHash, now) })
}

func (f faulty) CloseSetup(ctx context.Context, at time.Time) error {
	return unless(f.at("CloseSetup"), func() error { return f.Store.CloseSetup(ctx, at) })
}

func (f faulty) GuideSetup(ctx context.Context, on bool) error {
	return unless(f.at("GuideSetup"), func() error { return f.Store.GuideSetup(ctx, on) })
}

func (f faulty) SkippedSteps(ctx context.Context) (map[paywall.Step]time.Time, error) {
	return unlessGet(f.at("SkippedSteps"), func() (map[paywall.Step]time.Time, error) { return f.Store.SkippedSteps(ctx) })
}

func (f faulty) SkipStep(ctx context.Context, step paywall.Step, at time.Time) error {
	return unless(f.at("SkipStep"), func() error { return f.Store.SkipStep(ctx, step, at) })
}

func (f faulty) ResumeStep(ctx context.Context, step paywall.Step) error {
	return unless(f.at("ResumeStep"), func() error { return f.Store.ResumeStep(ctx, step) })
}

// setupCalls are what makes a new site ready, each over a store that can fail.
var setupCalls = map[string]func(ctx context.Context, a *paywall.Auth, c *paywall.Checklist, secret, itemID string) error{
	"OfferSetup": func(ctx context.Context, a *paywall.Auth, _ *paywall.Checklist, _, _ string) error {
		_, _, err := a.OfferSetup(ctx, by)
		return err
	},
	"SetUp": func(ctx context.Context, a *paywall.Auth, _ *paywall.Checklist, secret, _ string) error {
		_, err := a.SetUp(ctx, stranger("192.0.2.0/24"), secret, firstOwner)
		return err
	},
	"an owner by the command line": func(ctx context.Context, a *paywall.Auth, _ *paywall.Checklist, _, _ string) error {
		_, err := a.CreateConfirmed(ctx, by, paywall.NewUser{Email: "b@radio.example", Role: paywall.RoleOwner})
		return err
	},
	"InviteTo": func(ctx context.Context, a *paywall.Auth, _ *paywall.Checklist, _, itemID string) error {
		opens := paywall.Opens{Scope: paywall.ScopeItem, TargetID: itemID}
		return a.InviteTo(ctx, by, paywall.Invitation{Email: "nora@example.org", Opens: opens})
	},
	"HandOver": func(ctx context.Context, a *paywall.Auth, _ *paywall.Checklist, _, itemID string) error {
		opens := paywall.Opens{Scope: paywall.ScopeItem, TargetID: itemID}
		_, _, err := a.HandOver(ctx, by, paywall.Invitation{Email: "nora@example.org", Opens: opens})
		return err
	},
	"Skip": func(ctx context.Context, _ *paywall.Auth, c *paywall.Checklist, _, _ string) error {
		return c.Skip(ctx, by, paywall.StepMail, true)
	},
	"Resume": func(ctx context.Context, _ *paywall.Auth, c *paywall.Checklist, _, _ string) error {
		return c.Skip(ctx, by, paywall.StepMail, false)
	},
	"Guide": func(ctx context.Context, _ *paywall.Auth, c *paywall.Checklist, _, _ string) error {
		return c.Guide(ctx, by, true)
	},
	"Guided": func(ctx context.Context, _ *paywall.Auth, c *paywall.Checklist, _, _ string) error {
		_, err := c.Guided(ctx)
		return err
	},
	"the list": func(ctx context.Context, _ *paywall.Auth, c *paywall.Checklist, _, _ string) error {
		_, first := c.First(ctx)
		_, later := c.Later(ctx)
		return errors.Join(first, later)
	},
}

// TestFaults_setup lets each call to the store fail that a method makes: the
// failure comes out, and nothing half is done.
func TestFaults_setup(t *testing.T) {
	for name, call := range setupCalls {
		t.Run(name, func(t *testing.T) {
			run := func(fault string) (calls []string, done []any, err error) {
				s := newSite(t)
				s.signUpBy(t, paywall.SignUpInvitation, "")
				item, secret := s.addItem(t, "night"), s.offer(t)
				broken := faulty{Store: s.DB, faults: map[string]error{}, calls: &calls}
				if fault != "" {
					broken.faults[fault] = errFault
				}
				auth := authOf(broken, newHasher(), s.clock.Now)
				auth.Front = frontOf(s, s.clock.Now) // showing what is stored may wait
				list := paywall.NewChecklist(paywall.ChecklistDeps{
					Store: broken, Clock: s.clock.Now, Connection: connectionOf(s), Front: frontOf(s, s.clock.Now),
				})
				err = call(t.Context(), auth, list, secret, item.ID)
				_, users, listErr := s.ListMembers(t.Context(), paywall.MemberFilter{}, paywall.MembersNewest, 10, 0)
				must(t, listErr)
				_, mails, listErr := s.Mails(t.Context(), "", "", 1, 0)
				must(t, listErr)
				grants := get(s.RecentGrants(t.Context(), 9, 0))(t)
				state := get(s.Setup(t.Context()))(t)
				return calls, []any{
					users, mails, len(grants), len(s.audit(t)), state.ClosedAt, state.Guided, len(get(s.SkippedSteps(t.Context()))(t)),
				}, err
			}
			calls, after, err := run("")
			must(t, err)
			_, before, err := run("InTx") // the first thing that writes
			if slices.Contains(calls, "InTx") {
				wantErr(t, err, errFault)
			}
			slices.Sort(calls)
			for _, method := range slices.Compact(calls) {
				_, got, err := run(method)
				if !errors.Is(err, errFault) {
					t.Errorf("%s fails: error %v", method, err)
				}
				if !slices.Equal(got, before) {
					t.Errorf("%s fails: half is done: %v, before %v, after %v", method, got, before, after)
				}
			}
		})
	}
}
