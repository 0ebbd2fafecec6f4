package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"usher/paywall"
)

func (f *filler) addCollections() error {
	const columns = `id, title, created_at, slug, position, updated_at`
	return f.rows(fillCollections, "collections", columns, func(i int) []any {
		return []any{f.id("col", i), fmt.Sprintf("Collection number %d", i), f.ago(fillDays), fmt.Sprintf("collection-%d", i), i, f.ago(fillDays)}
	})
}

// addSources gives each item two, all checked, one of 30 with trouble.
func (f *filler) addSources() error {
	const columns = `id, item_id, kind, label, url, ref, channel, window_seconds, position, trouble_at, trouble`
	ref := func(i int) string { return fmt.Sprintf("ref%d", i) }
	err := f.rows(2*f.items, "sources", columns, func(i int) []any {
		trouble, at := "", int64(0)
		if i%30 == 0 {
			trouble, at = paywall.TroubleToken, f.ago(7)
		}
		return []any{f.id("src", i), f.itemIDs[i/2], "vod", "", "", ref(i), "1", 3600, i % 2, at, trouble}
	})
	if err != nil {
		return err
	}
	const probes = `source_id, target, state, cause, since_at, checked_at, green_at, detail, bare, token, token_at, trouble,
		told, told_since_at, folder, switched_at, ambers, alarm, mailed, asked_at, due_at, claimed_until_at`
	err = f.rows(2*f.items, "probes", probes, func(i int) []any {
		state, cause, alarm := paywall.ProbeGreen, paywall.CauseClosed, ""
		switch i % 25 {
		case 0:
			state, cause, alarm = paywall.ProbeRed, paywall.CauseLeak, "red"
		case 1, 2:
			state, cause, alarm = paywall.ProbeAmber, paywall.CauseDown, "amber"
		}
		return []any{
			f.id("src", i), "vod  " + ref(i) + " 1", string(state), string(cause), f.ago(fillDays), f.ago(1), f.ago(2), "", "", "", f.ago(1), "",
			"", 0, "", 0, 0, alarm, alarm, 0, f.now.UnixMilli() + f.random.Int64N(1000*60*60), 0,
		}
	})
	if err != nil {
		return err
	}
	const changes = `id, source_id, changed_at, old_state, new_state, cause, detail`
	return f.rows(20*f.items, "probe_changes", changes, func(i int) []any {
		return []any{f.id("prc", i), f.id("src", i/10), f.ago(fillDays), "green", "red", string(paywall.CauseLeak), ""}
	})
}

// putTogether fills what the store keeps in the accounts about their grants: of
// times that touch the last one, and the end of the one before.
func (f *filler) putTogether() error {
	rows, err := f.tx.QueryContext(f.ctx, `SELECT user_id, from_at, ends_at FROM grants WHERE from_at < ends_at ORDER BY user_id, from_at`)
	if err != nil {
		return err
	}
	type access struct{ from, until, before int64 }
	all := map[string]access{}
	for rows.Next() {
		var user string
		var from, until int64
		if err := rows.Scan(&user, &from, &until); err != nil {
			return errors.Join(err, rows.Close())
		}
		a := all[user]
		if from > a.until {
			a.before, a.from = a.until, from
		}
		a.until = max(a.until, until)
		all[user] = a
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	update, err := f.tx.PrepareContext(f.ctx, `UPDATE users SET access_from_at = ?, access_until_at = ?, access_before_at = ? WHERE id = ?`)
	if err != nil {
		return err
	}
	for user, a := range all {
		if _, err := update.ExecContext(f.ctx, a.from, a.until, a.before, user); err != nil {
			return errors.Join(err, update.Close())
		}
	}
	return update.Close()
}

// addMails is mostly mails that were sent; one of 500 failed, and a few wait
// although they were tried.
func (f *filler) addMails() error {
	kinds := []paywall.MailKind{paywall.MailSignIn, paywall.MailAccess, paywall.MailNewDevice, paywall.MailNotice}
	const columns = `id, kind, user_id, recipient, language, sealed, created_at, not_after_at, state, attempts, next_at, claimed_until_at, answer, sent_at`
	return f.rows(f.mails, "mails", columns, func(i int) []any {
		n, at := f.random.IntN(len(f.memberIDs)), f.ago(fillDays)
		state, answer, next, sent := paywall.MailSent, "250 ok", int64(0), at+1000
		switch {
		case i%500 == 0:
			state, answer, sent = paywall.MailFailed, "550 no such user", 0
		case i%5000 == 1:
			state, answer, next, sent = paywall.MailQueued, "450 later", f.now.UnixMilli()+24*60*60*1000, 0
		}
		return []any{
			f.id("mai", i), string(kinds[i%len(kinds)]), f.memberIDs[n], fmt.Sprintf("listener-%d@bench.test", n), "en", []byte{}, at,
			at + 60*60*1000, string(state), 1, next, 0, answer, sent,
		}
	})
}

// fillVouchers makes batches through the site, whose key seals the codes, and then
// uses up one code in three.
func fillVouchers(ctx context.Context, path string, batches int) error {
	site, _, err := listSite(ctx, path)
	if err != nil {
		return err
	}
	in := paywall.VoucherInput{Prefix: "BENCH", Codes: 5000, Uses: 1, Scope: paywall.ScopeEverything, Days: 30}
	for n := 0; n <= batches && err == nil; n++ {
		in.Name = fmt.Sprintf("Batch number %d", n)
		_, err = site.Handler.Vouchers.Create(ctx, paywall.Actor{Name: "bench"}, in)
		in.Codes = 200
	}
	if err = errors.Join(err, site.Close()); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path))
	if err != nil {
		return err
	}
	for _, change := range []string{
		`UPDATE vouchers SET used = 1 WHERE number % 3 = 0`,
		`INSERT INTO voucher_redemptions (id, voucher_id, batch_id, user_id, grant_id, again, redeemed_at)
			SELECT 'red' || v.id, v.id, v.batch_id, printf('usr%023d', v.number), printf('grt%023d', v.number), FALSE, b.created_at + v.number
			FROM vouchers v JOIN voucher_batches b ON b.id = v.batch_id WHERE v.used = 1`,
	} {
		if _, err := db.ExecContext(ctx, change); err != nil {
			return errors.Join(err, db.Close())
		}
	}
	return db.Close()
}
