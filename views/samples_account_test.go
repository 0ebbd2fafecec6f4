package views

import (
	"strconv"
	"strings"

	"usher/internal/i18n"
)

// accountSamples are what members see of their account.
func accountSamples(l *i18n.Locale) []sample {
	filled := AccountPage{
		Page: withFlash(samplePage(l, l.T("account.title"), "/account", member), l.T("flash.saved")), Email: "anna@example.org",
		Grants: []GrantRow{
			{Opens: "Lumière Jazz", URL: "/listen/lumiere-jazz", Until: l.T("account.until", "Date", evening(l)), Live: true},
			{Opens: l.T("account.everything"), Until: l.T("account.forever"), Live: true},
			{Opens: longTitle, URL: "/watch/long", Until: l.T("account.ended", "Date", evening(l))},
		},
		Profile: profileSample(l),
	}
	empty := AccountPage{Page: samplePage(l, l.T("account.title"), "/account", member), Email: "anna@example.org", Profile: profileSample(l)}
	empty.Profile.Name, empty.Profile.MailDevices = "", true
	wrong := empty
	wrong.Email = longAddress
	wrong.Errors = map[string]string{"name": l.T("user.error.name"), "language": l.T("error.invalid"), "zone": l.T("account.error.zone")}
	return []sample{{"account", Account(filled)}, {"account_empty", Account(empty)}, {"account_errors", Account(wrong)}}
}

func profileSample(l *i18n.Locale) ProfileFields {
	p := ProfileFields{Name: "Anna Example", MailAccess: true,
		Languages: []Option{{Label: l.T("account.profile.language.auto"), Selected: true}},
		Zones: []Option{{Label: l.T("account.profile.zone.site", "Zone", "Europe/Zurich")},
			{Value: "America/Argentina/Buenos_Aires", Label: "America/Argentina/Buenos Aires", Selected: true}},
	}
	for _, language := range i18n.All() {
		p.Languages = append(p.Languages, Option{Value: language.Tag(), Label: language.Name()})
	}
	return p
}

// securitySamples are the ways in of somebody, and how they are set up.
func securitySamples(l *i18n.Locale) []sample {
	page := func(key string) Page { return withForms(samplePage(l, l.T(key), "/account/security", member)) }
	everything := securitySample(l)
	refused := SecurityPage{
		Page: page("account.security.title"), Email: "anna@example.org", Fresh: true, HasPassword: true, Sessions: everything.Sessions[:1],
		NewEmail: "anna", Error: l.T("error.too_many"),
		Errors: map[string]string{"email": l.T("user.error.email"), "current": l.T("account.error.password"), "password": l.T("user.error.password_short")},
	}
	stale := everything
	stale.Fresh, stale.ProveURL, stale.HasPassword = false, "/account/prove?next=%2Faccount%2Fsecurity", false
	needs := refused
	needs.Page.Viewer, needs.NeedsFactor, needs.PasskeysOn = owner, true, true
	needs.Error, needs.Errors, needs.NewEmail, needs.HasPassword = "", nil, "", false
	enrol := EnrolPage{Page: page("account.factor.title"), Picture: qrSample, Width: 21, Secret: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP",
		URL: "otpauth://totp/Radio%20Lumi%C3%A8re:anna@example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Radio%20Lumi%C3%A8re"}
	retry := enrol
	retry.Errors = map[string]string{"code": l.T("factor.error.code")}
	prove := ProvePage{Page: page("prove.title"), Next: "/account/security", HasPassword: true, Passkeys: true, Email: "anna@example.org",
		Errors: map[string]string{"password": l.T("account.error.password")}}
	return []sample{
		{"security", Security(everything)}, {"security_stale", Security(stale)}, {"security_needs_factor", Security(needs)}, {"security_errors", Security(refused)},
		{"enrol", Enrol(enrol)}, {"enrol_error", Enrol(retry)},
		{"recovery", Recovery(RecoveryPage{Page: page("factor.recovery.title"), Codes: strings.Fields(strings.Repeat("k7m2p-9xq4t w3h8n-r5v6c ", 5))})},
		{"prove", Prove(prove)}, {"prove_without_password", Prove(ProvePage{Page: page("prove.title"), Next: "/account/security", Email: longAddress})},
	}
}

// securitySample has everything that can stand on the page, some of it long.
func securitySample(l *i18n.Locale) SecurityPage {
	p := SecurityPage{
		Page: withForms(samplePage(l, l.T("account.security.title"), "/account/security", member)), Email: "anna@example.org", Fresh: true, HasPassword: true,
		PasskeysOn: true, FactorOn: true, FactorSince: l.T("account.factor.since", "Date", "29 Nov 2026"), Recovery: l.N("account.factor.left", 8),
		Identities: []IdentityRow{{Name: "Google", URL: "/login/with/google"},
			{Name: "Verein Kulturlandschaft Bodensee", Email: longAddress, Connected: true, URL: "/account/identities/lake/remove"}},
		Sessions: []SessionRow{
			{Device: "Firefox, Linux", Network: "203.0.113.…", SignedIn: "2 Mar 2026, 09:15", LastSeen: "29 Nov 2026, 20:00", Current: true},
			{Device: "Safari, iPhone", Network: "2001:db8:85a3:…", SignedIn: "14 Jan 2026, 18:40", LastSeen: "28 Nov 2026, 07:12", EndURL: "/account/sessions/S2/end"},
			{Device: l.T("account.device_unknown"), SignedIn: "14 Jan 2026, 18:40", LastSeen: "28 Nov 2026, 07:12", EndURL: "/account/sessions/S3/end"},
		},
	}
	for i, name := range []string{"iPhone", longTitle[:60]} {
		url := "/account/passkeys/P" + strconv.Itoa(i)
		p.Passkeys = append(p.Passkeys, PasskeyRow{Name: name, RenameURL: url + "/name", RemoveURL: url + "/remove",
			Added: l.T("account.passkeys.added", "Date", "2 Mar 2026, 09:15"), Used: l.T("account.passkeys.unused")})
	}
	return p
}

// qrSample is the path of a QR code that reads "RADIO LUMIERE".
var qrSample = drawn(`
#######.#.#.#.#######
#.....#..#....#.....#
#.###.#.#.#.#.#.###.#
#.###.#..##.#.#.###.#
#.###.#..##.#.#.###.#
#.....#.#.#...#.....#
#######.#.#.#.#######
.........###.........
#.#...##.#.##..#..#.#
..#.#..#.#.....#.#.#.
########.....#..####.
...#...##.#.#.....#..
..#######.#..#.##....
........####.#.###...
#######.#.###........
#.....#..#.#...##...#
#.###.#..#.#####..#.#
#.###.#..##....###...
#.###.#.#.#..##.#..##
#.....#..##.#...#...#
#######.#.#..##...###`)

// drawn is a picture in dots and crosses as the path of an SVG.
func drawn(picture string) string {
	var path strings.Builder
	for y, line := range strings.Fields(picture) {
		for x, dot := range line {
			if dot == '#' {
				path.WriteString("M" + strconv.Itoa(x) + " " + strconv.Itoa(y) + "h1v1h-1z")
			}
		}
	}
	return path.String()
}
