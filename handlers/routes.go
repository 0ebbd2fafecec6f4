package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// level says who may call a route. The zero value is no level, so a route that
// forgets to declare one does not start.
type level int

const (
	levelUndeclared level = iota
	levelMachine          // programs: health checks and static files; no session is read
	levelPublic           // anybody
	levelMember           // somebody signed in
	levelStaff            // whoever runs the site, wholly or in part
	levelSeeItems         // the levels of staff below are rights of paywall.Role
	levelEditItems
	levelSeePeople
	levelEditPeople
	levelSeeRecord
	levelOwner // the owner alone
)

// staffRights says which right each level of the owner area asks for.
var staffRights = map[level]paywall.Right{
	levelStaff: paywall.RightStaff, levelSeeItems: paywall.RightSeeItems, levelEditItems: paywall.RightEditItems,
	levelSeePeople: paywall.RightSeePeople, levelEditPeople: paywall.RightEditPeople,
	levelSeeRecord: paywall.RightSeeRecord, levelOwner: paywall.RightRun,
}

// route is one row of the table.
type route struct {
	method  string // GET serves HEAD as well
	path    string
	level   level
	handler echo.HandlerFunc
}

// routes is the one table of routes.
func (h *Handlers) routes() []route {
	return slices.Concat(
		h.openRoutes(),
		h.entryRoutes(),
		h.accountRoutes(),
		h.itemRoutes(),
		h.pictureRoutes(),
		h.catalogueRoutes(),
		h.peopleRoutes(),
		h.memberRoutes(),
		h.judgeRoutes(),
		h.voucherRoutes(),
		h.mailRoutes(),
		h.healthRoutes(),
		h.textRoutes(),
		h.siteRoutes(),
		h.setupRoutes(),
		h.settingsRoutes(),
		h.figureRoutes(),
	)
}

// openRoutes are what machines and everybody may call.
func (h *Handlers) openRoutes() []route {
	return []route{
		{http.MethodGet, "/healthz", levelMachine, h.showHealth},
		{http.MethodGet, "/readyz", levelMachine, h.showReady},
		{http.MethodGet, "/static/*", levelMachine, echo.WrapHandler(h.Static)},
		{http.MethodGet, "/favicon.ico", levelMachine, h.redirectIcon},
		{http.MethodGet, "/", levelPublic, h.showHome},
		{http.MethodGet, "/listen/:slug", levelPublic, h.showItem(paywall.KindRadio)},
		{http.MethodGet, "/watch/:slug", levelPublic, h.showItem(paywall.KindVideo)},
		{http.MethodPost, "/play/:slug/token", levelPublic, h.renewToken},
		{http.MethodPost, "/language", levelPublic, h.submitLanguage},
	}
}

// entryRoutes lead in and out.
func (h *Handlers) entryRoutes() []route {
	return []route{
		{http.MethodGet, "/login", levelPublic, h.showLogin},
		{http.MethodPost, "/login", levelPublic, h.submitLogin},
		{http.MethodPost, "/login/code", levelPublic, h.submitLoginCode},
		{http.MethodGet, "/login/second", levelPublic, h.showSecondFactor},
		{http.MethodPost, "/login/second", levelPublic, h.submitSecondFactor},
		{http.MethodPost, "/login/passkey/begin", levelPublic, h.beginPasskeyLogin},
		{http.MethodPost, "/login/passkey/finish", levelPublic, h.finishPasskeyLogin},
		{http.MethodPost, "/login/with/:provider", levelPublic, h.submitProvider},
		{http.MethodGet, "/login/with/:provider/return", levelPublic, h.showReturn},
		{http.MethodPost, "/logout", levelPublic, h.submitLogout},
		{http.MethodGet, "/signup", levelPublic, h.showSignUp},
		{http.MethodPost, "/signup", levelPublic, h.submitSignUp},
		{http.MethodGet, "/forgot", levelPublic, h.showForgot},
		{http.MethodPost, "/forgot", levelPublic, h.submitForgot},
		{http.MethodGet, "/code", levelPublic, h.showCode},
		{http.MethodPost, "/code", levelPublic, h.submitCode},
		{http.MethodPost, "/code/again", levelPublic, h.submitAgain},
		{http.MethodGet, "/link/:secret", levelPublic, h.showLink},
		{http.MethodPost, "/link", levelPublic, h.submitLink},
	}
}

// accountRoutes are for people who are signed in.
func (h *Handlers) accountRoutes() []route {
	return []route{
		{http.MethodGet, "/account", levelMember, h.showAccount},
		{http.MethodPost, "/account/profile", levelMember, h.submitProfile},
		{http.MethodGet, "/account/security", levelMember, h.showSecurity},
		{http.MethodPost, "/account/email", levelMember, h.submitAddress},
		{http.MethodPost, "/account/password", levelMember, h.submitPassword},
		{http.MethodPost, "/account/sessions/end", levelMember, h.submitEndSessions},
		{http.MethodPost, "/account/sessions/:id/end", levelMember, h.submitEndSession},
		{http.MethodPost, "/account/passkeys/begin", levelMember, h.beginPasskey},
		{http.MethodPost, "/account/passkeys/finish", levelMember, h.finishPasskey},
		{http.MethodPost, "/account/passkeys/:id/name", levelMember, h.submitPasskeyName},
		{http.MethodPost, "/account/passkeys/:id/remove", levelMember, h.submitPasskeyRemove},
		{http.MethodPost, "/account/identities/:provider/remove", levelMember, h.submitDisconnect},
		{http.MethodPost, "/account/factor/begin", levelMember, h.submitFactorBegin},
		{http.MethodGet, "/account/factor", levelMember, h.showFactor},
		{http.MethodPost, "/account/factor", levelMember, h.submitFactor},
		{http.MethodPost, "/account/factor/codes", levelMember, h.submitFactorCodes},
		{http.MethodPost, "/account/factor/off", levelMember, h.submitFactorOff},
		{http.MethodGet, "/account/data", levelMember, h.showData},
		{http.MethodPost, "/account/data/export", levelMember, h.submitExport},
		{http.MethodPost, "/account/delete", levelMember, h.submitDelete},
		{http.MethodGet, "/account/prove", levelMember, h.showProve},
		{http.MethodPost, "/account/prove", levelMember, h.submitProve},
		{http.MethodPost, "/account/prove/code", levelMember, h.submitProveCode},
		{http.MethodPost, "/account/prove/passkey", levelMember, h.finishProvePasskey},
	}
}

// itemRoutes keep the catalogue.
func (h *Handlers) itemRoutes() []route {
	return []route{
		{http.MethodGet, "/admin/items", levelSeeItems, h.showAdminItems},
		{http.MethodGet, "/admin/items/new", levelEditItems, h.showNewItem},
		{http.MethodPost, "/admin/items/new", levelEditItems, h.submitNewItem},
		{http.MethodGet, "/admin/items/:id", levelSeeItems, h.showEditItem},
		{http.MethodPost, "/admin/items/:id", levelEditItems, h.submitEditItem},
		{http.MethodPost, "/admin/items/:id/publish", levelEditItems, h.submitPublishItem},
		{http.MethodGet, "/admin/collections", levelSeeItems, h.showCollections},
		{http.MethodPost, "/admin/collections", levelEditItems, h.submitCollection},
	}
}

// catalogueRoutes keep the catalogue beside what itemRoutes do.
func (h *Handlers) catalogueRoutes() []route {
	return []route{
		{http.MethodGet, "/collection/:slug", levelPublic, h.showCollectionPage},
		{http.MethodPost, "/admin/items/bulk", levelEditItems, h.submitBulk},
		{http.MethodGet, "/admin/items/import", levelEditItems, h.showImport},
		{http.MethodPost, "/admin/items/import", levelEditItems, h.submitImport},
		{http.MethodPost, "/admin/items/import/read", levelEditItems, h.submitImportRead},
		{http.MethodPost, "/admin/items/import/plan", levelEditItems, h.submitImportPlan},
		{http.MethodPost, "/admin/items/import/typed", levelEditItems, h.submitImportTyped},
		{http.MethodGet, "/admin/items/import/changes", levelEditItems, h.showImportChanges},
		{http.MethodPost, "/admin/items/import/changes", levelEditItems, h.submitImportChanges},
		{http.MethodGet, "/admin/items/import/runs/:id", levelEditItems, h.showImportRun},
		{http.MethodPost, "/admin/items/import/runs/:id/stop", levelEditItems, h.submitStopImport},
		{http.MethodPost, "/admin/items/:id/move", levelEditItems, h.submitMoveItem},
		{http.MethodPost, "/admin/items/:id/poster", levelEditItems, h.submitPoster},
		{http.MethodPost, "/admin/items/:id/poster/remove", levelEditItems, h.submitRemovePoster},
		{http.MethodGet, "/admin/items/:id/delete", levelEditItems, h.showDeleteItem},
		{http.MethodPost, "/admin/items/:id/delete", levelEditItems, h.submitDeleteItem},
		{http.MethodGet, "/admin/collections/:id", levelSeeItems, h.showEditCollection},
		{http.MethodPost, "/admin/collections/:id", levelEditItems, h.submitEditCollection},
		{http.MethodPost, "/admin/collections/:id/move", levelEditItems, h.submitMoveCollection},
		{http.MethodPost, "/admin/collections/:id/poster", levelEditItems, h.submitCollectionPoster},
		{http.MethodPost, "/admin/collections/:id/poster/remove", levelEditItems, h.submitRemoveCollectionPoster},
		{http.MethodGet, "/admin/collections/:id/delete", levelEditItems, h.showDeleteCollection},
		{http.MethodPost, "/admin/collections/:id/delete", levelEditItems, h.submitDeleteCollection},
	}
}

// pictureRoutes show pictures. They are the same for everybody, so that no session
// is read and caches keep them.
func (h *Handlers) pictureRoutes() []route {
	return []route{
		{http.MethodGet, "/picture/:id", levelMachine, h.showPicture(false)},
		{http.MethodGet, "/picture/:id/small", levelMachine, h.showPicture(true)},
	}
}

// peopleRoutes are about members and what they may play.
func (h *Handlers) peopleRoutes() []route {
	return []route{
		{http.MethodGet, "/admin/grants", levelSeePeople, h.showGrants},
		{http.MethodPost, "/admin/grants", levelEditPeople, h.submitGrant},
		{http.MethodPost, "/admin/grants/:id/revoke", levelEditPeople, h.submitRevokeGrant},
		{http.MethodGet, "/admin/members", levelSeePeople, h.showMembers},
		{http.MethodPost, "/admin/members/invite", levelEditPeople, h.submitInvite},
		{http.MethodPost, "/admin/members/uninvite", levelEditPeople, h.submitUninvite},
		{http.MethodGet, "/admin/members/:id", levelSeePeople, h.showMember},
		{http.MethodPost, "/admin/members/:id/disable", levelEditPeople, h.submitDisable},
		{http.MethodPost, "/admin/members/:id/enable", levelEditPeople, h.submitEnable},
		{http.MethodPost, "/admin/members/:id/unlock", levelEditPeople, h.submitUnlock},
		{http.MethodPost, "/admin/members/:id/login-link", levelEditPeople, h.submitLoginLink},
		{http.MethodPost, "/admin/members/:id/factor-off", levelEditPeople, h.submitMemberFactorOff},
		{http.MethodPost, "/admin/members/:id/sessions-end", levelEditPeople, h.submitMemberSessionsEnd},
	}
}

// memberRoutes do something with many people, or with one on a page that shows
// everything.
func (h *Handlers) memberRoutes() []route {
	return []route{
		{http.MethodPost, "/admin/grants/:id/extend", levelEditPeople, h.submitExtendGrant},
		{http.MethodPost, "/admin/grants/:id/again", levelEditPeople, h.submitGrantAgain},
		{http.MethodPost, "/admin/members/:id/note", levelEditPeople, h.submitNote},
		{http.MethodPost, "/admin/members/:id/grants", levelEditPeople, h.submitMemberGrant},
		{http.MethodGet, "/admin/members/bulk", levelEditPeople, h.showPeopleAct},
		{http.MethodPost, "/admin/members/bulk", levelEditPeople, h.submitPeopleAct},
		{http.MethodPost, "/admin/members/export", levelOwner, h.submitMemberExport},
		{http.MethodGet, "/admin/members/jobs", levelSeePeople, h.showJobs},
		{http.MethodGet, "/admin/members/jobs/:id", levelSeePeople, h.showJob},
		{http.MethodPost, "/admin/members/jobs/:id/stop", levelEditPeople, h.submitJobStop},
		{http.MethodPost, "/admin/members/jobs/:id/resume", levelEditPeople, h.submitJobResume},
		{http.MethodGet, "/admin/members/import", levelOwner, h.showLists},
		{http.MethodPost, "/admin/members/import", levelOwner, h.submitList},
		{http.MethodGet, "/admin/members/import/:id", levelOwner, h.showList},
		{http.MethodPost, "/admin/members/import/:id", levelOwner, h.submitListCheck},
		{http.MethodPost, "/admin/members/import/:id/start", levelOwner, h.submitListStart},
		{http.MethodPost, "/admin/members/import/:id/undo", levelOwner, h.submitListUndo},
		{http.MethodPost, "/admin/members/import/:id/delete", levelOwner, h.submitListDelete},
		{http.MethodGet, "/admin/members/import/:id/errors.csv", levelOwner, h.showListErrors},
	}
}

// judgeRoutes tell what somebody finds, and why.
func (h *Handlers) judgeRoutes() []route {
	return []route{
		// As a person it asks for more, see previewedPerson.
		{http.MethodGet, "/admin/preview", levelSeeItems, h.showPreview},
		{http.MethodGet, "/admin/why", levelSeePeople, h.showWhy},
	}
}

// voucherRoutes make codes, give them away and redeem them.
func (h *Handlers) voucherRoutes() []route {
	return []route{
		{http.MethodGet, "/redeem", levelPublic, h.showRedeem},
		{http.MethodPost, "/redeem", levelPublic, h.submitRedeem},
		{http.MethodGet, "/redeem/:code", levelPublic, h.showRedeemCode},
		{http.MethodGet, "/admin/vouchers", levelSeePeople, h.showVouchers},
		{http.MethodGet, "/admin/vouchers/new", levelOwner, h.showNewVouchers},
		{http.MethodPost, "/admin/vouchers/new", levelOwner, h.submitNewVouchers},
		{http.MethodGet, "/admin/vouchers/:id", levelSeePeople, h.showVoucherBatch},
		{http.MethodGet, "/admin/vouchers/:id/print", levelOwner, h.showVoucherPrint},
		{http.MethodPost, "/admin/vouchers/:id/export", levelOwner, h.submitVoucherExport},
		{http.MethodPost, "/admin/vouchers/:id/mail", levelOwner, h.submitMailVouchers},
		{http.MethodPost, "/admin/vouchers/:id/extend", levelOwner, h.submitExtendVouchers},
		{http.MethodPost, "/admin/vouchers/:id/void", levelEditPeople, h.submitVoidVouchers},
		{http.MethodPost, "/admin/vouchers/:id/:voucher/void", levelEditPeople, h.submitVoidVoucher},
	}
}

// mailRoutes show what became of mails.
func (h *Handlers) mailRoutes() []route {
	return []route{
		{http.MethodGet, "/admin/mails", levelSeePeople, h.showMails},
		{http.MethodPost, "/admin/mails/test", levelOwner, h.submitTestMail},
		{http.MethodGet, "/admin/mails/:id", levelSeePeople, h.showMail},
		{http.MethodPost, "/admin/mails/:id/resend", levelEditPeople, h.submitResend},
	}
}

// healthRoutes tell whether the paywall holds.
func (h *Handlers) healthRoutes() []route {
	return []route{
		{http.MethodGet, "/admin/health", levelStaff, h.showAdminHealth},
		{http.MethodPost, "/admin/health/check", levelEditItems, h.submitCheckAll},
		{http.MethodPost, "/admin/health/interval", levelOwner, h.submitInterval},
		{http.MethodGet, "/admin/health/:id", levelStaff, h.showSource},
		{http.MethodPost, "/admin/health/:id/check", levelEditItems, h.submitCheck},
		{http.MethodPost, "/admin/health/:id/protect", levelEditItems, h.submitProtect},
	}
}

// textRoutes are the site's own look and words, and the pages to change them.
func (h *Handlers) textRoutes() []route {
	return []route{
		{http.MethodGet, stylePath + ":file", levelMachine, h.showStyle},
		{http.MethodGet, "/terms", levelPublic, h.showLegal(paywall.PlaceTerms)},
		{http.MethodGet, "/privacy", levelPublic, h.showLegal(paywall.PlacePrivacy)},
		{http.MethodGet, "/imprint", levelPublic, h.showLegal(paywall.PlaceImprint)},
		{http.MethodGet, "/admin/settings/look", levelOwner, h.showLook},
		{http.MethodPost, "/admin/settings/look", levelOwner, h.submitLook},
		{http.MethodPost, "/admin/settings/look/preview", levelOwner, h.previewLook},
		{http.MethodPost, "/admin/settings/look/logo/remove", levelOwner, h.submitLogoRemove},
		{http.MethodGet, "/admin/texts", levelOwner, h.showTexts},
		{http.MethodGet, "/admin/texts/:place/:language", levelOwner, h.showText},
		{http.MethodPost, "/admin/texts/:place/:language", levelOwner, h.submitText},
		{http.MethodPost, "/admin/texts/:place/:language/preview", levelOwner, h.previewText},
	}
}

// siteRoutes run the site itself.
func (h *Handlers) siteRoutes() []route {
	return []route{
		{http.MethodGet, "/admin/team", levelOwner, h.showTeam},
		{http.MethodPost, "/admin/team", levelOwner, h.submitAppoint},
		{http.MethodPost, "/admin/team/:id/role", levelOwner, h.submitRole},
		{http.MethodGet, "/admin/settings", levelOwner, h.showSettings},
		{http.MethodGet, connectionPath, levelOwner, h.showConnection},
		{http.MethodPost, connectionPath, levelOwner, h.submitConnection},
		{http.MethodPost, connectionPath + "/test", levelOwner, h.submitConnectionTest},
		{http.MethodPost, connectionPath + "/forget", levelOwner, h.forgetConnection},
		// Unknown addresses below /admin answer like known ones: who is no staff
		// learns nothing of what is there.
		{http.MethodGet, "/admin/*", levelStaff, h.showNothing},
		{http.MethodPost, "/admin/*", levelStaff, h.showNothing},
	}
}

// figureRoutes count what is played, and show what was counted and changed.
func (h *Handlers) figureRoutes() []route {
	return []route{
		{http.MethodPost, "/play/:slug/beat", levelPublic, h.submitBeat},
		{http.MethodGet, "/admin", levelStaff, h.showOverview},
		{http.MethodGet, "/admin/audit", levelSeeRecord, h.showRecord},
		{http.MethodPost, "/admin/audit/export", levelOwner, h.submitRecordExport},
	}
}

// setupRoutes make a new site ready.
func (h *Handlers) setupRoutes() []route {
	return []route{
		{http.MethodGet, "/setup/:secret", levelPublic, h.showSetup},
		{http.MethodPost, "/setup/:secret", levelPublic, h.submitSetup},
		{http.MethodGet, "/admin/setup", levelOwner, h.showChecklist},
		{http.MethodPost, "/admin/setup/guide", levelOwner, h.submitGuide},
		{http.MethodPost, "/admin/setup/:step/skip", levelOwner, h.submitSkip},
		{http.MethodGet, "/admin/setup/invite", levelOwner, h.showSetupInvite},
		{http.MethodPost, "/admin/setup/invite", levelOwner, h.submitSetupInvite},
		{http.MethodGet, "/admin/setup/listen", levelOwner, h.showListen},
	}
}

// settingsRoutes are the pages of the settings.
func (h *Handlers) settingsRoutes() []route {
	return []route{
		{http.MethodGet, signUpPath, levelOwner, h.showSignUpSettings},
		{http.MethodPost, signUpPath, levelOwner, h.submitSignUpSettings},
		{http.MethodGet, signUpPath + "/preview", levelOwner, h.showSignUpPreview},
		{http.MethodGet, safetyPath, levelOwner, h.showSafetySettings},
		{http.MethodPost, safetyPath, levelOwner, h.submitSafetySettings},
		{http.MethodGet, keepingPath, levelOwner, h.showKeepingSettings},
		{http.MethodPost, keepingPath, levelOwner, h.submitKeepingSettings},
		{http.MethodGet, "/admin/settings/mail", levelOwner, h.showMailSettings},
		{http.MethodPost, "/admin/settings/mail", levelOwner, h.submitMailTest},
		{http.MethodGet, "/admin/settings/server", levelOwner, h.showServerSettings},
	}
}

// register attaches the guard of its level to each route.
func (h *Handlers) register(routes []route) {
	allowed := map[string][]string{}
	for _, r := range routes {
		guarded := h.guard(r.level, r.handler)
		h.echo.Add(r.method, r.path, guarded)
		if r.method == http.MethodGet {
			h.echo.Add(http.MethodHead, r.path, guarded)
			allowed[r.path] = append(allowed[r.path], http.MethodHead)
		}
		allowed[r.path] = append(allowed[r.path], r.method)
	}
	for _, r := range routes {
		if _, staffs := staffRights[r.level]; staffs {
			h.echo.RouteNotFound(r.path, h.guard(levelStaff, wrongMethod(allowed[r.path])))
		}
	}
}

// wrongMethod answers a method that a route of the owner area does not have. Echo
// answers the others itself, before any guard, and names those that there are.
func wrongMethod(allowed []string) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderAllow, strings.Join(allowed, ", "))
		return echo.ErrMethodNotAllowed
	}
}
