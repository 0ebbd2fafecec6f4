package views

import (
	"usher/internal/i18n"
)

const longAddress = "a.very.long.address.of.somebody@subdomain.of.a.long.domain.example.org"

// entrySamples are the ways in: signing in, signing up, a lost password.
func entrySamples(l *i18n.Locale) []sample {
	providers := []Provider{{ID: "google", Name: "Google"}, {ID: "lake", Name: "Verein Kulturlandschaft Bodensee"}}
	page := func(path, key string) Page { return withForms(samplePage(l, l.T(key), path, nobody)) }
	login := LoginPage{Page: page("/login", "login.title"), Next: "/listen/lumiere-jazz", ForgotURL: "/forgot?next=%2Flisten%2Flumiere-jazz",
		SignUpURL: "/signup?next=%2Flisten%2Flumiere-jazz"}
	everything := login
	everything.Providers, everything.Passkeys = providers, true
	closed := login
	closed.SignUpURL = ""
	refused := login
	refused.Page = withFlash(refused.Page, l.T("flash.signed_out"))
	refused.Email, refused.Next, refused.Error = `anna"<b>@example.org`, "/", l.T("login.error.bad_credentials")

	signUp := SignUpPage{Page: page("/signup", "signup.title"), Open: true, Next: "/listen/lumiere-jazz", Terms: true, SignInURL: "/login?next=%2Flisten%2Flumiere-jazz"}
	wrong := signUp
	wrong.Email, wrong.Error, wrong.Providers = "anna", l.T("error.too_many"), providers
	wrong.Errors = map[string]string{"email": l.T("user.error.email"), "password": l.T("user.error.password_short")}
	coded := signUp
	coded.Code, coded.Errors = "FEST-7K3M-9QRT-04XA-HW2C", map[string]string{"code": l.T("voucher.error.code")}
	shut := SignUpPage{Page: page("/signup", "signup.title"), Closed: l.T("signup.error.closed"), SignInURL: "/login"}
	invited := shut
	invited.Closed = l.T("signup.by_invitation")

	forgot := ForgotPage{Page: page("/forgot", "forgot.title"), Email: "anna@example.org", Next: "/"}
	lost := forgot
	lost.Email, lost.Errors = "anna", map[string]string{"email": l.T("user.error.email")}
	return []sample{
		{"login", Login(login)}, {"login_everything", Login(everything)}, {"login_closed", Login(closed)}, {"login_error", Login(refused)},
		{"signup", SignUp(signUp)}, {"signup_errors", SignUp(wrong)}, {"signup_code", SignUp(coded)}, {"signup_closed", SignUp(shut)}, {"signup_invitation", SignUp(invited)},
		{"forgot", Forgot(forgot)}, {"forgot_error", Forgot(lost)},
		{"go", Go(GoPage{Page: page("/login/with/lake", "login.title"), Name: providers[1].Name, URL: "https://login.example/authorize?state=abc&nonce=def"})},
	}
}

// codeSamples are the pages of mailed codes and links, and of the second step.
func codeSamples(l *i18n.Locale) []sample {
	code := func(name, title, submit string, change func(*CodePage)) sample {
		p := CodePage{Page: withForms(samplePage(l, l.T(title), "/code", nobody)), Headline: l.T(title), Submit: l.T(submit),
			Text: l.T("code.sent", "Email", "anna@example.org"), OtherURL: "/login", Sender: "tickets@radio.example", Wait: 60}
		if change != nil {
			change(&p)
		}
		return sample{"code_" + name, Code(p)}
	}
	link := func(name, title, text, submit, password string) sample {
		return sample{"link_" + name, Link(LinkPage{Page: withForms(samplePage(l, l.T(title), "/login", nobody)), Headline: l.T(title),
			Text: l.T(text, "Email", "anna@example.org", "Site", "Radio Lumière"), Secret: "6mZ1b9", Submit: l.T(submit), Password: password,
			Terms: password == "optional", Email: "anna@example.org"})}
	}
	factor := FactorPage{Page: samplePage(l, l.T("factor.login.title"), "/login/second", nobody), Ask: "01J0"}
	again := factor
	again.Errors = map[string]string{"code": l.T("factor.error.code")}
	over := LinkPage{Page: samplePage(l, l.T("link.over.title"), "/login", nobody), Headline: l.T("link.over.title"), Text: l.T("link.error.over"),
		AgainURL: "/forgot", Again: l.T("link.over.again")}
	short := LinkPage{Page: withForms(samplePage(l, l.T("code.reset.title"), "/login", nobody)), Headline: l.T("code.reset.title"),
		Text: l.T("link.reset", "Email", longAddress), Secret: "6mZ1b9", Submit: l.T("account.password.submit"), Password: "new", Email: longAddress,
		Errors: map[string]string{"password": l.T("user.error.password_short")}}
	return []sample{
		code("sign_in", "code.sign_in.title", "login.submit", nil),
		code("sign_up", "code.sign_up.title", "code.sign_up.submit", func(p *CodePage) { p.Flash = l.T("flash.sent_again") }),
		code("address", "code.address.title", "code.address.submit", func(p *CodePage) {
			p.Viewer, p.Text, p.OtherURL, p.Here = member, l.T("code.sent", "Email", longAddress), "/account/security", true
		}),
		code("reset_errors", "code.reset.title", "account.password.submit", func(p *CodePage) {
			p.Password, p.OtherURL = true, "/forgot"
			p.Errors = map[string]string{"code": l.T("code.error.wrong"), "password": l.T("user.error.password_short")}
		}),
		code("problem", "prove.title", "prove.submit", func(p *CodePage) { p.Viewer, p.Error, p.Here = member, l.T("error.too_many"), true }),
		link("sign_up", "code.sign_up.title", "link.sign_up", "code.sign_up.submit", ""),
		link("sign_up_elsewhere", "code.sign_up.title", "link.sign_up", "code.sign_up.submit", "optional"),
		link("invite", "link.invite.title", "link.invite", "code.sign_up.submit", "optional"),
		link("sign_in", "code.sign_in.title", "link.sign_in", "login.submit", ""),
		link("reset", "code.reset.title", "link.reset", "account.password.submit", "new"),
		link("address", "code.address.title", "link.address", "code.address.submit", ""),
		{"link_reset_error", Link(short)}, {"link_over", Link(over)},
		{"factor", Factor(factor)}, {"factor_error", Factor(again)},
	}
}
