package views

import (
	"strconv"

	"usher/internal/i18n"
)

// voucherSamples are the pages of vouchers.
func voucherSamples(l *i18n.Locale) []sample {
	redeem := RedeemPage{Page: samplePage(l, l.T("redeem.title"), "/redeem?kept=AbC", nobody), Code: "FEST-7K3M-9QRT-04XA-HW2C", Next: l.T("redeem.sign_in")}
	item := RedeemPage{
		Page: samplePage(l, l.T("redeem.title"), "/redeem", member), Code: `<b>"x`, Item: "the-seagull", Title: longTitle, BackURL: "/watch/the-seagull",
		Errors: map[string]string{"code": l.T("voucher.error.code")},
	}
	busy := RedeemPage{Page: redeem.Page, Error: l.T("voucher.error.busy"), Next: l.T("redeem.sign_in.closed")}
	wall := PaywallPage{
		Page: public(samplePage(l, "Lumière Jazz", "/listen/lumiere-jazz", member)), Item: radioHead(l), Reason: "no_grant", RedeemItem: "lumiere-jazz",
		Headline: l.T("paywall.reason.no_grant.title"), Text: l.T("paywall.reason.no_grant.text"),
	}
	all := []sample{{"redeem", Redeem(redeem)}, {"redeem_wrong", Redeem(item)}, {"redeem_busy", Redeem(busy)}, {"paywall_redeem", Paywall(wall)}}
	all = append(all, voucherListSamples(l)...)
	all = append(all, voucherFormSamples(l)...)
	return append(all, voucherBatchSamples(l)...)
}

func voucherListSamples(l *i18n.Locale) []sample {
	list := AdminVouchersPage{
		Page: samplePage(l, l.T("admin.vouchers.title"), "/admin/vouchers", owner), Total: l.N("admin.vouchers.total", 52), NextURL: "/admin/vouchers?page=2",
		Sorts: []Option{{Value: "newest", Label: l.T("admin.vouchers.sort.newest")}, {Value: "name", Label: l.T("admin.vouchers.sort.name"), Selected: true}},
		Rows: []VoucherBatchRow{
			{URL: "/admin/vouchers/1", Name: "Festival 2026", Opens: l.T("account.everything") + ", " + l.N("admin.vouchers.lasts", 30), Valid: l.T("admin.vouchers.valid.always"),
				State: l.T("admin.vouchers.state.running"), Running: true, Counts: VoucherCounts{"10000", "214", "9785", "1", "0"}},
			{URL: "/admin/vouchers/2", Name: longTitle, Opens: longTitle + ", " + l.T("account.forever"), Valid: l.T("admin.vouchers.valid.between", "From", "2 Mar 2026, 00:00", "Until", "9 Mar 2026, 00:00"),
				State: l.T("admin.vouchers.state.over"), Counts: VoucherCounts{"1", "0", "0", "0", "100000"}},
		},
	}
	empty := AdminVouchersPage{Page: list.Page, Sorts: list.Sorts, Total: l.N("admin.vouchers.total", 0)}
	none := empty
	none.Query = "nothing like it"
	return []sample{{"admin_vouchers", AdminVouchers(list)}, {"admin_vouchers_empty", AdminVouchers(empty)}, {"admin_vouchers_none", AdminVouchers(none)}}
}

func voucherFormSamples(l *i18n.Locale) []sample {
	form := AdminVoucherFormPage{
		Page: samplePage(l, l.T("admin.vouchers.new"), "/admin/vouchers/new", owner), Fields: VoucherFields{Codes: "50", Uses: "1", Days: "30"}, Zone: "Europe/Zurich",
		Opens: []Option{{Value: "everything", Label: l.T("account.everything")}, {Value: "item:1", Label: longTitle, Selected: true}},
		Lasts: []Choice{{"days", l.T("admin.vouchers.lasts.days"), "", true}, {"until", l.T("admin.vouchers.lasts.until"), "", false}, {"ever", l.T("admin.vouchers.lasts.ever"), "", false}},
	}
	wrong := form
	wrong.Error, wrong.MembersOnly = l.T("error.invalid"), true
	wrong.Fields = VoucherFields{Name: longTitle, Prefix: "A-B", Codes: "many", Uses: "0", Days: "0", Until: "2020-01-01", ValidUntil: "2020-01-01", Note: longTitle, Again: true}
	wrong.Errors = map[string]string{
		"name": l.T("voucher.error.name"), "prefix": l.T("voucher.error.prefix"), "codes": l.T("voucher.error.codes"), "uses": l.T("voucher.error.uses"),
		"days": l.T("voucher.error.days"), "until": l.T("voucher.error.both"), "lasts": l.T("voucher.error.lasts"), "valid_from": l.T("voucher.error.date"),
		"valid_until": l.T("voucher.error.valid_until"), "note": l.T("grant.error.note"), "opens": l.T("grant.error.scope"),
	}
	return []sample{{"admin_voucher_new", AdminVoucherForm(form)}, {"admin_voucher_errors", AdminVoucherForm(wrong)}}
}

func voucherBatchSamples(l *i18n.Locale) []sample {
	batch := AdminVoucherPage{
		Page: samplePage(l, "Festival 2026", "/admin/vouchers/1", owner), BaseURL: "/admin/vouchers/1", State: l.T("admin.vouchers.state.running"), Running: true,
		Facts:  []Fact{{l.T("admin.grants.column.opens"), longTitle}, {l.T("admin.vouchers.lasts.title"), l.N("admin.vouchers.lasts", 30)}, {l.T("admin.grants.column.note"), longTitle}},
		Counts: VoucherCounts{"10000", "214", "9785", "1", "0"}, List: "codes", CodesURL: "/admin/vouchers/1", UsedBy: "/admin/vouchers/1?list=redeemed",
		NextURL: "/admin/vouchers/1?page=2", ValidUntil: "2026-12-24", Zone: "Europe/Zurich", Languages: []Option{{"en", "English", true}, {"fr", "Français", false}},
		Rows: []VoucherRow{
			{Number: "1", Code: "FESTIVAL2026-7K3M-9QRT-04XA-HW2C", State: l.T("admin.vouchers.code.free"), Uses: l.T("admin.vouchers.used_of", "Used", 0, "Uses", 1), Usable: true, VoidURL: "/admin/vouchers/1/codes/a/void"},
			{Number: "2", Code: "FESTIVAL2026-7K3M-9QRT-04XA-HW2D", State: l.T("admin.vouchers.code.used"), Uses: l.T("admin.vouchers.used_of", "Used", 1, "Uses", 1)},
			{Number: "10000", Code: "FESTIVAL2026-7K3M-9QRT-04XA-HW2E", State: l.T("admin.vouchers.code.sent"), Uses: l.T("admin.vouchers.used_of", "Used", 99999, "Uses", 100000),
				SentTo: "a.very.long.address.of.somebody@subdomain.of.a.long.domain.example.org", Usable: true, VoidURL: "/admin/vouchers/1/codes/b/void"},
		},
	}
	locked := batch
	locked.Locked, locked.MembersOnly, locked.ProveURL = true, true, "/account/prove?next=%2Fadmin%2Fvouchers%2F1"
	locked.Rows = []VoucherRow{{Number: "1", Code: "FEST-••••-••••-••••-HW2C", State: l.T("admin.vouchers.code.void"), Uses: l.T("admin.vouchers.used_of", "Used", 0, "Uses", 1)}}
	used := batch
	used.List, used.Rows, used.Over, used.Running, used.State = "redeemed", nil, true, false, l.T("admin.vouchers.state.over")
	used.Redemptions = []RedemptionRow{{"1", "a.very.long.address.of.somebody@subdomain.of.a.long.domain.example.org", "/admin/members/1", "2 Mar 2026, 09:15"}}
	nobodyYet := used
	nobodyYet.Redemptions = nil
	mailed := batch
	mailed.Mailed, mailed.Addresses = l.N("admin.vouchers.mailed", 12), "no address\nbob@example.org"
	mailed.Problems = []Fact{{"no address", l.T("user.error.email")}, {"bob@example.org", l.T("voucher.error.had")}}
	wrong := batch
	wrong.Error = l.T("voucher.error.over")
	wrong.Errors = map[string]string{"addresses": l.T("voucher.error.addresses"), "valid_until": l.T("voucher.error.valid_until")}
	sheet := VoucherPrintPage{
		Page: samplePage(l, "Festival 2026", "/admin/vouchers/1/print", owner), BackURL: "/admin/vouchers/1", Opens: longTitle, Lasts: l.N("admin.vouchers.lasts", 30),
		Valid: l.T("admin.vouchers.print.valid", "Date", evening(l)), Address: "https://radio.example/redeem", NextURL: "/admin/vouchers/1/print?page=2",
	}
	for n := range 5 {
		sheet.Cards = append(sheet.Cards, VoucherCard{Code: "FEST-7K3M-9QRT-04XA-HW2" + strconv.Itoa(n), Picture: "M0 0h7v7h-7z", Width: 29})
	}
	return []sample{
		{"admin_voucher", AdminVoucher(batch)}, {"admin_voucher_locked", AdminVoucher(locked)}, {"admin_voucher_redeemed", AdminVoucher(used)},
		{"admin_voucher_nobody", AdminVoucher(nobodyYet)}, {"admin_voucher_mailed", AdminVoucher(mailed)}, {"admin_voucher_problem", AdminVoucher(wrong)},
		{"voucher_print", VoucherPrint(sheet)}, {"voucher_print_empty", VoucherPrint(VoucherPrintPage{Page: sheet.Page, BackURL: "/admin/vouchers/1", MembersOnly: true})},
	}
}
