package handlers

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// failedItem is an error on the page of an item, which the error page then
// names. It is made only for viewers who may play the item.
type failedItem struct {
	item paywall.Item
	err  error
}

func (f *failedItem) Error() string { return f.item.Slug + ": " + f.err.Error() }
func (f *failedItem) Unwrap() error { return f.err }

// statuses is the one table from kinds to statuses.
var statuses = map[paywall.Kind]int{
	paywall.KindInternal:        http.StatusInternalServerError,
	paywall.KindInvalid:         http.StatusUnprocessableEntity,
	paywall.KindNotFound:        http.StatusNotFound,
	paywall.KindUnauthenticated: http.StatusUnauthorized,
	paywall.KindForbidden:       http.StatusForbidden,
	paywall.KindConflict:        http.StatusConflict,
	paywall.KindTooMany:         http.StatusTooManyRequests,
	paywall.KindUnavailable:     http.StatusServiceUnavailable,
}

// statusOf is the status for an error. Echo's own errors (no route, wrong
// method) keep theirs.
func statusOf(err error) int {
	var he *echo.HTTPError
	if errors.As(err, &he) {
		return he.Code
	}
	return statuses[paywall.KindOf(err)]
}

// answerError turns any error into an answer. It is the only place that does.
func (h *Handlers) answerError(err error, c echo.Context) {
	status := statusOf(err)
	if errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil {
		return // the visitor left: nobody reads an answer, and nothing is wrong
	}
	h.logError(c, status, err)
	if c.Response().Committed {
		return
	}
	if status == http.StatusUnauthorized && isPageView(c.Request()) {
		_ = c.Redirect(http.StatusSeeOther, loginURL(h.localPath(c.Request().URL.RequestURI())))
		return
	}
	if target := h.detour(c, err); target != "" && !wantsJSON(c) {
		_ = c.Redirect(http.StatusSeeOther, target)
		return
	}
	tellWait(c, err)
	if wantsJSON(c) {
		_ = c.JSON(status, h.errorJSON(c, status, err))
		return
	}
	if err := h.renderError(c, status, err); err != nil {
		h.Log.Error("error page failed", "error", err)
		_ = c.String(http.StatusInternalServerError, "500")
	}
}

// detour is where somebody has to go before the thing that was refused: to prove
// once more who they are, to set up a second factor, or to a page that the list
// has. Empty for other errors.
func (h *Handlers) detour(c echo.Context, err error) string {
	var past *pastLast
	if errors.As(err, &past) {
		return past.url
	}
	var known *paywall.Error
	if !errors.As(err, &known) {
		return ""
	}
	switch known.Key {
	case "error.prove":
		return proveURL(h.cameFrom(c))
	case "error.need_factor":
		return "/account/security"
	}
	return ""
}

// cameFrom is the page of this site where the visitor is: the one that was asked
// for, or the one with the form.
func (h *Handlers) cameFrom(c echo.Context) string {
	if isPageView(c.Request()) {
		return h.localPath(c.Request().URL.RequestURI())
	}
	from, err := url.Parse(c.Request().Referer())
	if err != nil || from.Host != h.BaseURL.Host {
		return "/account/security"
	}
	return h.localPath(from.RequestURI())
}

// logError writes each failure once. What a visitor did is info; what we or a
// supplier did is for the operator.
func (h *Handlers) logError(c echo.Context, status int, err error) {
	level := slog.LevelDebug
	switch {
	case status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests:
		level = slog.LevelWarn
	case status >= http.StatusInternalServerError:
		level = slog.LevelError
	case c.Response().Committed:
		level = slog.LevelWarn
	}
	h.Log.Log(c.Request().Context(), level, "request failed",
		"request", requestID(c), "route", c.Path(), "status", status, "error", err)
}

// tellWait says when to come back, if the error does.
func tellWait(c echo.Context, err error) {
	var known *paywall.Error
	if errors.As(err, &known) && known.RetryAfter > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(seconds(known.RetryAfter)))
	}
}

// seconds rounds a wait up: nobody is told to come back too early.
func seconds(wait time.Duration) int { return int((wait + time.Second - 1) / time.Second) }

// scriptRoutes are answered as JSON also when they fail.
var scriptRoutes = map[string]bool{
	"/login/passkey/begin": true, "/login/passkey/finish": true, "/account/prove/passkey": true,
	"/account/passkeys/begin": true, "/account/passkeys/finish": true,
}

func wantsJSON(c echo.Context) bool {
	return strings.HasPrefix(c.Path(), "/play/") || c.Path() == "/readyz" || scriptRoutes[c.Path()]
}

// errorAnswer is an error for a script.
type errorAnswer struct {
	Error      string `json:"error"`
	Reload     bool   `json:"reload,omitempty"`
	RetryAfter int    `json:"retry_after,omitempty"`
	Place      int    `json:"place,omitempty"`
}

func (h *Handlers) errorJSON(c echo.Context, status int, err error) errorAnswer {
	_, text := h.errorTexts(c, status, err)
	answer := errorAnswer{Error: text}
	var known *paywall.Error
	if errors.As(err, &known) {
		answer.RetryAfter, answer.Place = seconds(known.RetryAfter), known.Place
	}
	return answer
}

// renderError shows the page of an error.
func (h *Handlers) renderError(c echo.Context, status int, err error) error {
	_ = h.loadSession(c) // the page's head shows nobody if the session cannot be read
	headline, text := h.errorTexts(c, status, err)
	page := views.ErrorPage{
		Page: h.page(c, headline), Status: status, Headline: headline, Text: text, RequestID: requestID(c),
	}
	var known *paywall.Error
	if errors.As(err, &known) && known.RetryAfter > 0 && isPageView(c.Request()) {
		// As a header and not in the page: it works without JavaScript all the
		// same, and a page that reloads in the middle of being read out can be
		// told from one that does not.
		c.Response().Header().Set("Refresh", strconv.Itoa(seconds(known.RetryAfter)))
		page.Waits = true
		page.RetryURL = h.localPath(c.Request().URL.RequestURI())
	}
	var failed *failedItem
	if errors.As(err, &failed) {
		head := h.itemHead(page.L, failed.item)
		page.Item = &head
	}
	if status == http.StatusUnauthorized {
		page.SignInURL = loginURL("")
	}
	if viewerOf(c).May(paywall.RightStaff) && status == http.StatusServiceUnavailable {
		page.OwnerDetail = h.ownerDetail(c, err)
	}
	return h.render(c, status, views.Error(page))
}

// ownerDetail is the cause in words for the owner, and the supplier's own.
func (h *Handlers) ownerDetail(c echo.Context, err error) string {
	var failed *paywall.SupplierError
	if !errors.As(err, &failed) {
		return ""
	}
	return troubleText(localeOf(c), failed.Key+" "+failed.Error())
}

// troubleText is a source's trouble in words, with the supplier's own behind it.
func troubleText(l *i18n.Locale, trouble string) string {
	key, technical, _ := strings.Cut(trouble, " ")
	return l.T(key) + " (" + technical + ")"
}

// errorPages are the statuses with words of their own in the catalogues.
var errorPages = map[int]string{
	http.StatusBadRequest: "400", http.StatusRequestEntityTooLarge: "400", http.StatusUnsupportedMediaType: "400",
	http.StatusUnauthorized: "401", http.StatusForbidden: "403", http.StatusNotFound: "404",
	http.StatusMethodNotAllowed: "405", http.StatusMisdirectedRequest: "421", http.StatusTooManyRequests: "429",
	http.StatusServiceUnavailable: "503",
}

// errorTexts finds the words for an error: its own when it has some beyond its
// status, else those of the status.
func (h *Handlers) errorTexts(c echo.Context, status int, err error) (headline, text string) {
	l := localeOf(c)
	var known *paywall.Error
	if errors.As(err, &known) {
		switch {
		case known.Place > 0:
			return l.T("error.page.busy.title"), l.T("error.page.busy.text", "Place", known.Place)
		case known.Key == "error.supplier":
			return l.T("error.page.supplier.title"), l.T("error.page.supplier.text")
		case known.Key == "error.prove", known.Key == "error.need_factor", known.Key == "signup.error.closed":
			return l.T("error.page.403.title"), l.T(known.Key)
		case status == http.StatusUnprocessableEntity || status == http.StatusConflict:
			return l.T("error.page.422.title"), l.T(known.Key, known.Args...)
		}
	}
	page, ok := errorPages[status]
	if !ok {
		page = "500"
	}
	return l.T("error.page." + page + ".title"), l.T("error.page." + page + ".text")
}
