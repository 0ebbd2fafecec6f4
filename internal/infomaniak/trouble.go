package infomaniak

import (
	"errors"
	"net/http"
	"strconv"

	"usher/paywall"
)

// troubleByStatus is what a status most likely means to an owner.
var troubleByStatus = map[int]string{
	http.StatusUnauthorized:        paywall.TroubleToken,
	http.StatusForbidden:           paywall.TroubleRights,
	http.StatusNotFound:            paywall.TroubleGone,
	http.StatusUnprocessableEntity: paywall.TroubleWindow, // the only parameter we send
	http.StatusTooManyRequests:     paywall.TroubleLimit,
}

// codeDenied is answered where the number of the organisation is missing, or
// where the token's person has no right.
const codeDenied = "vod_access_denied"

// statusByCode serves answers that tell of an error with status 200.
var statusByCode = map[string]int{
	"vod_not_authorized":  http.StatusUnauthorized,
	"not_authorized":      http.StatusUnauthorized,
	codeDenied:            http.StatusForbidden,
	"vod_model_not_found": http.StatusNotFound,
	"object_not_found":    http.StatusNotFound,
	"method_not_found":    http.StatusNotFound,
	"validation_failed":   http.StatusUnprocessableEntity,
}

// explained adds the likely cause to a failed mint.
func (k *credentials) explained(err error) error {
	var failure *paywall.SupplierError
	if errors.As(err, &failure) {
		failure.Key = k.troubleOf(err)
	}
	return err
}

// troubleOf is TroubleKey for somebody who knows whether the number of the
// organisation is set.
func (k *credentials) troubleOf(err error) string {
	key := TroubleKey(err)
	if key == paywall.TroubleAccount && k != nil && k.account != "" {
		return paywall.TroubleRights
	}
	return key
}

// TroubleKey is the catalogue key of the likely cause of a failed mint, in
// words for an owner.
func TroubleKey(err error) string {
	switch {
	case errors.Is(err, ErrNoToken):
		return paywall.TroubleNoToken
	case errors.Is(err, paywall.ErrSealed):
		return paywall.TroubleSealed
	case errors.Is(err, ErrBreakerOpen):
		return paywall.TroubleBreaker
	case isTimeout(err):
		return paywall.TroubleTimeout
	case errors.Is(err, ErrGarbage):
		return paywall.TroubleGarbage
	}
	var failure *paywall.SupplierError
	if !errors.As(err, &failure) {
		return paywall.TroubleDown
	}
	status := meantStatus(failure)
	if status == http.StatusForbidden && failure.Code == codeDenied {
		return paywall.TroubleAccount
	}
	if key, known := troubleByStatus[status]; known {
		return key
	}
	return paywall.TroubleDown
}

// meantStatus is the status that an error answer should have had: some come
// with 200, and some codes are the status as a number.
func meantStatus(failure *paywall.SupplierError) int {
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
