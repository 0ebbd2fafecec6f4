package handlers

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
)

// fieldErrors are the messages of a refused form, by the names of its fields.
func fieldErrors(l *i18n.Locale, problem error) map[string]string {
	messages := map[string]string{}
	var known *paywall.Error
	if errors.As(problem, &known) {
		for field, key := range known.Fields {
			messages[field] = l.T(key)
		}
	}
	return messages
}

// formError is what stands above a refused form: the words of a refusal that
// belongs to no field.
func formError(l *i18n.Locale, problem error) string {
	var known *paywall.Error
	if !errors.As(problem, &known) || len(known.Fields) > 0 {
		return ""
	}
	return l.T(known.Key, known.Args...)
}

// refusedFields refuses a form with these message keys by field.
func refusedFields(keys map[string]string) *paywall.Error {
	return &paywall.Error{Kind: paywall.KindInvalid, Key: "error.invalid", Fields: keys}
}

// Sizes of a form's body in bytes, checked before it is parsed.
const (
	smallForm = 8 << 10
	largeForm = 64 << 10
)

// postedForm reads a posted HTML form of at most that many bytes. Only the body
// counts: a query string never fills a field, and no other content type is
// taken. (Echo's Bind would let JSON override fields and path parameters.) No
// body at all is an empty form: who asked is known by Origin and Sec-Fetch-Site,
// which does not rest on it.
func postedForm(c echo.Context, most int64) (url.Values, error) {
	r := c.Request()
	if r.ContentLength == 0 && r.Header.Get(echo.HeaderContentType) == "" {
		return url.Values{}, nil
	}
	mediaType, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	if err != nil || mediaType != echo.MIMEApplicationForm {
		return nil, echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, most)
	if err := r.ParseForm(); err != nil {
		return nil, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	return r.PostForm, nil
}

// targetText is what a grant opens, as forms name it: "collection:ID".
func targetText(scope paywall.GrantScope, id string) string { return string(scope) + ":" + id }

// targetOf reads a targetText. Of a scope alone, "everything", there is no id.
func targetOf(text string) (paywall.GrantScope, string) {
	scope, id, _ := strings.Cut(text, ":")
	return paywall.GrantScope(scope), id
}
