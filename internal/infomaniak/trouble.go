package infomaniak

import (
	"errors"
	"net/http"
	"strconv"

	"usher/paywall"
)

// troubleByStatus is what a status most likely means to an owner.
var troubleByStatus = map[int]string{
	http.StatusUnauthorized:        "trouble.token",
	http.StatusForbidden:           "trouble.rights",
	http.StatusNotFound:            "trouble.gone",
	http.StatusUnprocessableEntity: "trouble.window", // the only parameter we send
	http.StatusTooManyRequests:     "trouble.limit",
}

// statusByCode serves answers that tell of an error with status 200.
var statusByCode = map[string]int{
	"vod_not_authorized":  http.StatusUnauthorized,
	"not_authorized":      http.StatusUnauthorized,
	"vod_access_denied":   http.StatusForbidden,
	"vod_model_not_found": http.StatusNotFound,
	"object_not_found":    http.StatusNotFound,
	"method_not_found":    http.StatusNotFound,
	"validation_failed":   http.StatusUnprocessableEntity,
}

// explained adds the likely cause to a failed mint.
func explained(err error) error {
	var failure *paywall.MintError
	if errors.As(err, &failure) {
		failure.Key = TroubleKey(err)
	}
	return err
}

// TroubleKey is the catalogue key of the likely cause of a failed mint, in
// words for an owner.
func TroubleKey(err error) string {
	switch {
	case errors.Is(err, ErrNoToken):
		return "trouble.token"
	case errors.Is(err, ErrBreakerOpen):
		return "trouble.breaker"
	case isTimeout(err):
		return "trouble.timeout"
	case errors.Is(err, ErrGarbage):
		return "trouble.garbage"
	}
	var failure *paywall.MintError
	if !errors.As(err, &failure) {
		return "trouble.down"
	}
	status := meantStatus(failure)
	if status == http.StatusForbidden && failure.Code == "vod_access_denied" {
		return "trouble.account"
	}
	if key, known := troubleByStatus[status]; known {
		return key
	}
	return "trouble.down"
}

// meantStatus is the status that an error answer should have had: some come
// with 200, and some codes are the status as a number.
func meantStatus(failure *paywall.MintError) int {
	if failure.Status/100 != 2 {
		return failure.Status
	}
	if status, known := statusByCode[failure.Code]; known {
		return status
	}
	status, err := strconv.Atoi(failure.Code)
	if err != nil {
		return failure.Status
	}
	return status
}
