package handlers

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// passkeyBody is the largest answer of a browser, in bytes: the adapter takes
// 64 KB, and the envelope around it is small.
const passkeyBody = 72 << 10

// passkeyQuestion is what the script passes on to the device.
type passkeyQuestion struct {
	ID      string          `json:"id"`
	Options json.RawMessage `json:"options"`
}

// passkeyAnswer is what it brings back.
type passkeyAnswer struct {
	ID     string          `json:"id"`
	Next   string          `json:"next"`
	Answer json.RawMessage `json:"answer"`
}

// passkeyDone tells the script where to go.
type passkeyDone struct {
	Next string `json:"next"`
}

// readPasskeyAnswer reads the script's JSON, and nothing that a form could send.
func readPasskeyAnswer(c echo.Context) (passkeyAnswer, error) {
	var in passkeyAnswer
	mediaType, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	if err != nil || mediaType != echo.MIMEApplicationJSON {
		return in, echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, passkeyBody))
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	if err != nil {
		return in, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	return in, nil
}

// beginPasskeyLogin asks for any passkey: POST /login/passkey/begin.
func (h *Handlers) beginPasskeyLogin(c echo.Context) error {
	id, options, err := h.Auth.BeginPasskeyLogin(c.Request().Context(), h.asker(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, passkeyQuestion{id, options})
}

// finishPasskeyLogin lets somebody in by a passkey: POST /login/passkey/finish.
func (h *Handlers) finishPasskeyLogin(c echo.Context) error {
	in, err := readPasskeyAnswer(c)
	if err != nil {
		return err
	}
	caller := h.caller(c)
	outcome, err := h.Auth.FinishPasskeyLogin(c.Request().Context(), caller, in.ID, in.Answer, in.Next)
	if err != nil {
		return err
	}
	next, err := h.enter(c, caller, outcome)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, passkeyDone{next})
}

// beginPasskey asks for a new passkey: POST /account/passkeys/begin.
func (h *Handlers) beginPasskey(c echo.Context) error {
	id, options, err := h.Auth.BeginPasskey(c.Request().Context(), h.asker(c), viewerOf(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, passkeyQuestion{id, options})
}

// finishPasskey stores it, named after the device: POST /account/passkeys/finish.
func (h *Handlers) finishPasskey(c echo.Context) error {
	in, err := readPasskeyAnswer(c)
	if err != nil {
		return err
	}
	caller := h.caller(c)
	name := caller.Device
	if name == "" {
		name = localeOf(c).T("account.device_unknown")
	}
	if err := h.Auth.FinishPasskey(c.Request().Context(), caller, viewerOf(c), in.ID, in.Answer, name); err != nil {
		return err
	}
	// Who has just made a passkey holds it: the session is a strong one from here.
	if err := h.renewSession(c, true); err != nil {
		return err
	}
	if err := h.keepFlash(c, "flash.passkey_added"); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, passkeyDone{"/account/security"})
}

// submitPasskeyName renames a passkey: POST /account/passkeys/:id/name.
func (h *Handlers) submitPasskeyName(c echo.Context) error {
	values, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	err = h.Auth.RenamePasskey(c.Request().Context(), viewerOf(c), c.Param("id"), values.Get("name"))
	var known *paywall.Error
	if errors.As(err, &known) && known.Kind == paywall.KindInvalid {
		return paywall.E(paywall.KindInvalid, known.Fields["name"])
	}
	if err != nil {
		return err
	}
	return h.doneWith(c, "flash.saved", "/account/security")
}

// submitPasskeyRemove takes a passkey away: POST /account/passkeys/:id/remove.
func (h *Handlers) submitPasskeyRemove(c echo.Context) error {
	if err := h.Auth.RemovePasskey(c.Request().Context(), h.caller(c), viewerOf(c), c.Param("id")); err != nil {
		return err
	}
	return h.doneWith(c, "flash.passkey_removed", "/account/security")
}
