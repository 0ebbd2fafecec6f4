package infomaniak

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"usher/paywall"
)

// TestTroubleKey adds to the keys checked beside each failure: errors from
// elsewhere, and wrapped ones.
func TestTroubleKey(t *testing.T) {
	for want, errs := range map[string][]error{
		"trouble.breaker": {errOpen(), fmt.Errorf("play: %w", errOpen())},
		"trouble.timeout": {context.DeadlineExceeded, &paywall.SupplierError{Err: &cause{timeout: true}}},
		"trouble.garbage": {ErrGarbage, &paywall.SupplierError{Status: 200, Err: ErrGarbage}},
		"trouble.token":   {fmt.Errorf("play: %w", &paywall.SupplierError{Status: 401})},
		"trouble.rights":  {&paywall.SupplierError{Status: 403}},
		"trouble.down":    {nil, errors.New("x"), ErrHost, ErrTicket, &paywall.SupplierError{}, &paywall.SupplierError{Status: 418}},
	} {
		for _, err := range errs {
			if got := TroubleKey(err); got != want {
				t.Errorf("TroubleKey(%v) = %s, want %s", err, got, want)
			}
		}
	}
}
