package store_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/paywall"
	"usher/store/storetest"
)

var planTime = time.Date(2026, 3, 29, 2, 30, 0, 0, time.UTC)

type storeCall func(ctx context.Context, s paywall.Store) error

// asking is a lookup of which only the error counts.
func asking[T any](ask func(ctx context.Context, s paywall.Store) (T, error)) storeCall {
	return func(ctx context.Context, s paywall.Store) error {
		_, err := ask(ctx, s)
		return err
	}
}

// indexed are calls that find their rows by an index, however long the tables
// get: those of a sign-in, of the pages of an account, and of jobs. Left out are
// the owner's searches for a part of a text, and ErasePersonal.
var indexed = map[string]storeCall{
	"ProofByLink": asking(func(ctx context.Context, s paywall.Store) (paywall.Proof, error) {
		return s.ProofByLink(ctx, []byte("x"))
	}),
	"ProofByWindow": asking(func(ctx context.Context, s paywall.Store) (paywall.Proof, error) {
		return s.ProofByWindow(ctx, []byte("x"))
	}),
	"VoidProofs": func(ctx context.Context, s paywall.Store) error {
		return s.VoidProofs(ctx, paywall.ProofReset, "x", "x", planTime)
	},
	"OpenProofs": asking(func(ctx context.Context, s paywall.Store) ([]paywall.Proof, error) {
		return s.OpenProofs(ctx, paywall.ProofInvite, planTime)
	}),
	"DeleteOldProofs":  func(ctx context.Context, s paywall.Store) error { return s.DeleteOldProofs(ctx, planTime) },
	"DeleteIdleLimits": func(ctx context.Context, s paywall.Store) error { return s.DeleteIdleLimits(ctx, planTime) },

	"PasskeysOf": asking(func(ctx context.Context, s paywall.Store) ([]paywall.Passkey, error) { return s.PasskeysOf(ctx, "x") }),
	"RecoveryCodesLeft": asking(func(ctx context.Context, s paywall.Store) (int, error) {
		return s.RecoveryCodesLeft(ctx, "x")
	}),
	"IdentitiesOf": asking(func(ctx context.Context, s paywall.Store) ([]paywall.Identity, error) {
		return s.IdentitiesOf(ctx, "x")
	}),
	"CountDevices":      asking(func(ctx context.Context, s paywall.Store) (int, error) { return s.CountDevices(ctx, "x") }),
	"DeleteDevicesOf":   func(ctx context.Context, s paywall.Store) error { return s.DeleteDevicesOf(ctx, "x", "y") },
	"DeleteIdleDevices": func(ctx context.Context, s paywall.Store) error { return s.DeleteIdleDevices(ctx, planTime) },

	"MovedItem": asking(func(ctx context.Context, s paywall.Store) (string, error) { return s.MovedItem(ctx, "x") }),
	"CollectionBySlug": asking(func(ctx context.Context, s paywall.Store) (paywall.Collection, error) {
		return s.CollectionBySlug(ctx, "x")
	}),
	"CountGrantsOn": asking(func(ctx context.Context, s paywall.Store) (int, error) {
		return s.CountGrantsOn(ctx, paywall.ScopeItem, "x", planTime)
	}),
	"SupplyByKey": asking(func(ctx context.Context, s paywall.Store) (paywall.Supply, error) { return s.SupplyByKey(ctx, "x") }),
	"ItemOfSource": asking(func(ctx context.Context, s paywall.Store) (string, error) {
		return s.ItemOfSource(ctx, paywall.SupplierRef{Kind: paywall.SourceVOD, Ref: "x"})
	}),
	"DropSupplies":  func(ctx context.Context, s paywall.Store) error { return s.DropSupplies(ctx, "x") },
	"ImportRunning": asking(func(ctx context.Context, s paywall.Store) (bool, error) { return s.ImportRunning(ctx) }),
	"PictureBytes": func(ctx context.Context, s paywall.Store) error {
		_, _, err := s.PictureBytes(ctx, "x", true)
		return err
	},

	"ClaimMails": asking(func(ctx context.Context, s paywall.Store) ([]paywall.Mail, error) {
		if err := s.AddMail(ctx, paywall.Mail{State: paywall.MailQueued}); err != nil { // or it only looks
			return nil, err
		}
		return s.ClaimMails(ctx, planTime, planTime, 9)
	}),
	"MailTrouble": func(ctx context.Context, s paywall.Store) error {
		_, _, err := s.MailTrouble(ctx, planTime)
		return err
	},
	"EmptyMails":     func(ctx context.Context, s paywall.Store) error { return s.EmptyMails(ctx, planTime) },
	"DeleteOldMails": func(ctx context.Context, s paywall.Store) error { return s.DeleteOldMails(ctx, planTime) },

	"ConsentsOf":       asking(func(ctx context.Context, s paywall.Store) ([]paywall.Consent, error) { return s.ConsentsOf(ctx, "x") }),
	"CutNetworks":      func(ctx context.Context, s paywall.Store) error { return s.CutNetworks(ctx, planTime) },
	"SessionsOf":       asking(func(ctx context.Context, s paywall.Store) ([]paywall.Session, error) { return s.SessionsOf(ctx, "x") }),
	"DeleteSessionsOf": func(ctx context.Context, s paywall.Store) error { return s.DeleteSessionsOf(ctx, "x", "y") },
	"DeleteDeadSessions": asking(func(ctx context.Context, s paywall.Store) (int, error) {
		return s.DeleteDeadSessions(ctx, planTime, planTime, 9)
	}),
	"GrantsOfAll": asking(func(ctx context.Context, s paywall.Store) ([]paywall.Grant, error) {
		return s.GrantsOfAll(ctx, []string{"x", "y"})
	}),
	"MembersAfter": asking(func(ctx context.Context, s paywall.Store) ([]paywall.User, error) {
		return s.MembersAfter(ctx, paywall.MemberFilter{State: paywall.MemberActive}, "x", 9)
	}),
	"AuditOfGrants": asking(func(ctx context.Context, s paywall.Store) ([]paywall.AuditEntry, error) {
		return s.AuditOfGrants(ctx, "x", 9)
	}),
	"ClaimJob": asking(func(ctx context.Context, s paywall.Store) (paywall.Job, error) {
		if err := s.CreateJob(ctx, paywall.Job{ID: "x", State: paywall.JobRunning}); err != nil { // or it only looks
			return paywall.Job{}, err
		}
		return s.ClaimJob(ctx, planTime, planTime, "x")
	}),
	"DeleteOldJobs": func(ctx context.Context, s paywall.Store) error { return s.DeleteOldJobs(ctx, planTime, planTime) },
	"ImportRows": asking(func(ctx context.Context, s paywall.Store) ([]paywall.ListRow, error) {
		return s.ImportRows(ctx, "x", paywall.RowBad, 0, 9)
	}),
	"ImportGrants": asking(func(ctx context.Context, s paywall.Store) ([]string, error) { return s.ImportGrants(ctx, "x", "y") }),
	"AuditOf": asking(func(ctx context.Context, s paywall.Store) ([]paywall.AuditEntry, error) {
		return s.AuditOf(ctx, "x", 9)
	}),
	"VoucherByMark": func(ctx context.Context, s paywall.Store) error {
		_, _, err := s.VoucherByMark(ctx, []byte("x"))
		return err
	},
	"UseVoucher": func(ctx context.Context, s paywall.Store) error { return s.UseVoucher(ctx, "x", planTime) },
	"VoucherBatch": asking(func(ctx context.Context, s paywall.Store) (paywall.VoucherBatchLine, error) {
		return s.VoucherBatch(ctx, "x")
	}),
	"Vouchers": asking(func(ctx context.Context, s paywall.Store) ([]paywall.VoucherLine, error) {
		return s.Vouchers(ctx, "x", 9, 0)
	}),
	"FreeVouchers": asking(func(ctx context.Context, s paywall.Store) ([]paywall.Voucher, error) {
		return s.FreeVouchers(ctx, "x", 9)
	}),
	"HasVoucherMail": asking(func(ctx context.Context, s paywall.Store) (bool, error) { return s.HasVoucherMail(ctx, "x", "y") }),
	"RedemptionsOf": asking(func(ctx context.Context, s paywall.Store) ([]paywall.Redemption, error) {
		return s.RedemptionsOf(ctx, "x", "y")
	}),
	"Redemptions": func(ctx context.Context, s paywall.Store) error {
		_, _, err := s.Redemptions(ctx, "x", 9, 0)
		return err
	},
	"ExportPersonal": asking(func(ctx context.Context, s paywall.Store) ([]paywall.PersonalRows, error) {
		return s.ExportPersonal(ctx, storetest.NewUser("ada"))
	}),
}

// TestPlans_Members: a list of members or grants comes out of the index of its
// order, which holds all that a filter asks for, and only the lines of a page are
// read in full.
func TestPlans_Members(t *testing.T) {
	// Each finds somebody, or the page would not be asked for.
	filters := map[string]paywall.MemberFilter{
		"all": {}, "text": {Text: "ada"}, "joined": {JoinedUntil: planTime.AddDate(99, 0, 0)}, "state": {State: paywall.MemberActive, OnlyMembers: true},
		"none": {Access: paywall.AccessNone, Now: planTime}, "none of one": {Access: paywall.AccessNone, Target: "item:x", Now: planTime},
	}
	for name, filter := range filters {
		for _, sort := range paywall.MemberSorts {
			t.Run(name+" "+string(sort), func(t *testing.T) {
				checkListPlan(t, func(ctx context.Context, s paywall.Store) error {
					if err := s.CreateUser(ctx, storetest.NewUser("ada")); err != nil {
						return err
					}
					_, _, err := s.ListMembers(ctx, filter, sort, 9, 0)
					return err
				})
			})
		}
	}
}

// checkListPlan wants no table read whole, and nothing sorted but a page.
func checkListPlan(t *testing.T, do storeCall) {
	t.Helper()
	steps := plansOf(t, do)
	page := slices.Index(steps, "CO-ROUTINE page")
	if page < 0 {
		t.Fatal("no page was asked for")
	}
	sorts := 0
	for _, step := range steps[page:] {
		if strings.HasPrefix(step, "USE TEMP") {
			sorts++
		}
	}
	if sorts > 1 {
		t.Errorf("%d sorts, want only that of the page", sorts)
	}
	for _, step := range steps {
		if strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "INDEX") && !strings.HasPrefix(step, "SCAN page") {
			t.Error(step)
		}
	}
}

func TestPlans_Grants(t *testing.T) {
	for _, sort := range paywall.GrantSorts {
		t.Run(string(sort), func(t *testing.T) {
			checkListPlan(t, func(ctx context.Context, s paywall.Store) error {
				u := storetest.NewUser("ada")
				if err := s.CreateUser(ctx, u); err != nil {
					return err
				}
				if err := s.CreateGrant(ctx, storetest.NewGrant(u.ID, paywall.ScopeEverything, "")); err != nil {
					return err
				}
				_, _, err := s.ListGrants(ctx, paywall.GrantFilter{State: paywall.GrantLive, Now: time.Date(9998, 1, 1, 0, 0, 0, 0, time.UTC)}, sort, 9, 0)
				return err
			})
		})
	}
}

func TestPlans_Indexed(t *testing.T) {
	for name, do := range indexed {
		t.Run(name, func(t *testing.T) {
			for _, step := range plansOf(t, do) {
				if strings.HasPrefix(step, "SCAN ") && !strings.HasPrefix(step, "SCAN did") && !strings.HasPrefix(step, "SCAN undergone") {
					t.Error(step)
				}
			}
		})
	}
}

// TestPlans_Figures: plays and lines of the record are many more than accounts, so
// each step that counts them searches, and a page of the record is not sorted. A
// scan of what another step found is none of a table.
func TestPlans_Figures(t *testing.T) {
	ask := paywall.RecordFilter{Action: "x", From: planTime}
	lines := func(f paywall.RecordFilter) storeCall {
		return asking(func(ctx context.Context, s paywall.Store) ([]paywall.AuditEntry, error) {
			return s.RecordLines(ctx, f, 9, 9)
		})
	}
	for name, do := range map[string]storeCall{
		"StartPlay": asking(func(ctx context.Context, s paywall.Store) (bool, error) {
			return s.StartPlay(ctx, paywall.Play{Slot: "x"})
		}),
		"BeatPlay": func(ctx context.Context, s paywall.Store) error { return s.BeatPlay(ctx, "x", planTime, false) },
		"EndPlays": func(ctx context.Context, s paywall.Store) error { return s.EndPlays(ctx, planTime) },
		"DeleteOldPlays": asking(func(ctx context.Context, s paywall.Store) (int, error) {
			return s.DeleteOldPlays(ctx, planTime, 9)
		}),
		"Listening": asking(func(ctx context.Context, s paywall.Store) ([]paywall.ItemAmount, error) {
			return s.Listening(ctx, planTime)
		}),
		"DayAmounts": asking(func(ctx context.Context, s paywall.Store) ([]paywall.DayAmount, error) {
			return s.DayAmounts(ctx, "play", "x", "y")
		}),
		"CountNewMembers": asking(func(ctx context.Context, s paywall.Store) (int, error) {
			return s.CountNewMembers(ctx, planTime, planTime)
		}),
		"CountActions":    asking(func(ctx context.Context, s paywall.Store) (int, error) { return s.CountActions(ctx, "x", planTime) }),
		"RecordLines":     lines(ask),
		"RecordLines of":  lines(paywall.RecordFilter{Actor: "x"}),
		"RecordLines all": lines(paywall.RecordFilter{}),
		"RecordLines on":  lines(paywall.RecordFilter{Subject: "x"}),
		"Actions":         asking(func(ctx context.Context, s paywall.Store) ([]string, error) { return s.Actions(ctx) }),
	} {
		t.Run(name, func(t *testing.T) {
			for _, step := range plansOf(t, do) {
				if table, scans := strings.CutPrefix(step, "SCAN "); scans && !strings.HasPrefix(table, "found") && !strings.HasPrefix(table, "p") &&
					table != "audit_entries USING COVERING INDEX audit_entries_entered_at_idx" || strings.HasPrefix(step, "SCAN plays") {
					t.Error(step)
				}
			}
		})
	}
}

// TestPlans_Sorted: a list that is cut from a long one comes out of its index in
// order instead of being sorted whole.
func TestPlans_Sorted(t *testing.T) {
	sorted := map[string]storeCall{
		"ClaimMails": indexed["ClaimMails"],
		"Mails": func(ctx context.Context, s paywall.Store) error {
			_, _, err := s.Mails(ctx, "", "", 9, 0)
			return err
		},
		"Vouchers": indexed["Vouchers"], "FreeVouchers": indexed["FreeVouchers"], "Redemptions": indexed["Redemptions"],
	}
	for name, do := range sorted {
		t.Run(name, func(t *testing.T) {
			for _, step := range plansOf(t, do) {
				if strings.HasPrefix(step, "USE TEMP") {
					t.Error(step)
				}
			}
		})
	}
}

// TestPlans_Audit: both halves are cut before they are put together.
func TestPlans_Audit(t *testing.T) {
	for _, step := range plansOf(t, indexed["AuditOf"]) {
		if strings.HasPrefix(step, "MULTI-INDEX OR") {
			t.Error(step)
		}
	}
}

// TestPlans_Claim: the queue is walked through to look and to choose, and the
// chosen mails are found by their ids.
func TestPlans_Claim(t *testing.T) {
	walks := 0
	for _, step := range plansOf(t, indexed["ClaimMails"]) {
		if strings.Contains(step, "mails_state_next_at_idx") {
			walks++
		}
	}
	if walks != 2 {
		t.Errorf("%d walks through the queue, want 2", walks)
	}
}

// plansOf is how SQLite would run all queries of a call.
func plansOf(t *testing.T, do storeCall) (steps []string) {
	t.Helper()
	db := storetest.SQLite(t)
	type asked struct {
		query string
		args  []any
	}
	var queries []asked
	db.Record(func(query string, args []any) { queries = append(queries, asked{query, args}) })
	if err := do(t.Context(), db); err != nil && paywall.KindOf(err) != paywall.KindNotFound {
		t.Fatal(err)
	}
	if len(queries) == 0 {
		t.Fatal("no query was recorded")
	}
	for _, q := range queries {
		steps = append(steps, planOf(t, db, q.query, q.args...)...)
	}
	t.Log(strings.Join(steps, "\n"))
	return steps
}
