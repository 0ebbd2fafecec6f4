package paywall_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"usher/paywall"
)

func TestKind(t *testing.T) {
	for kind, want := range map[paywall.Kind]string{
		paywall.KindInternal: "internal", paywall.KindInvalid: "invalid", paywall.KindNotFound: "not found",
		paywall.KindUnauthenticated: "unauthenticated", paywall.KindForbidden: "forbidden",
		paywall.KindConflict: "conflict", paywall.KindTooMany: "too many",
		paywall.KindUnavailable: "unavailable", paywall.KindUnavailable + 1: "unknown", -1: "unknown",
	} {
		if got := kind.String(); got != want {
			t.Errorf("kind %d is %q, want %q", int(kind), got, want)
		}
	}
}

func TestKindOf(t *testing.T) {
	busy := paywall.E(paywall.KindUnavailable, "error.busy")
	for name, test := range map[string]struct {
		err  error
		want paywall.Kind
	}{
		"our own":            {busy, paywall.KindUnavailable},
		"wrapped":            {fmt.Errorf("start: %w", busy), paywall.KindUnavailable},
		"joined":             {errors.Join(errors.New("x"), busy), paywall.KindUnavailable},
		"outermost counts":   {paywall.E(paywall.KindInvalid, "x").Because(busy), paywall.KindInvalid},
		"not found":          {paywall.ErrNotFound, paywall.KindNotFound},
		"exists":             {paywall.ErrExists, paywall.KindConflict},
		"changed":            {paywall.ErrChanged, paywall.KindConflict},
		"foreign":            {errors.New("disk"), paywall.KindInternal},
		"deadline":           {context.DeadlineExceeded, paywall.KindInternal},
		"supplier alone":     {&paywall.SupplierError{Status: 500}, paywall.KindInternal},
		"supplier as cause":  {busy.Because(&paywall.SupplierError{Status: 500}), paywall.KindUnavailable},
		"no error is no *E":  {nil, paywall.KindInternal},
		"a zero *Error":      {&paywall.Error{}, paywall.KindInternal},
		"an error of no key": {&paywall.Error{Kind: paywall.KindForbidden}, paywall.KindForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			if got := paywall.KindOf(test.err); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

func TestError(t *testing.T) {
	cause := errors.New("disk is full")
	plain := paywall.E(paywall.KindInvalid, "item.error.title", "Max", 120)
	wantSame(t, plain, &paywall.Error{Kind: paywall.KindInvalid, Key: "item.error.title", Args: []any{"Max", 120}})
	if got, want := plain.Error(), "invalid: item.error.title"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if plain.Unwrap() != nil {
		t.Errorf("a cause from nowhere: %v", plain.Unwrap())
	}
	caused := paywall.E(paywall.KindUnavailable, "error.unavailable").Because(cause)
	if got, want := caused.Error(), "unavailable: error.unavailable: disk is full"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	wantErr(t, fmt.Errorf("save: %w", caused), cause)
}

// TestError_Sentinels: those with the same kind are still told apart.
func TestError_Sentinels(t *testing.T) {
	if errors.Is(paywall.ErrExists, paywall.ErrChanged) || errors.Is(paywall.ErrChanged, paywall.ErrExists) {
		t.Error("ErrExists and ErrChanged are the same")
	}
	taken := paywall.E(paywall.KindInvalid, "x").Because(paywall.ErrExists)
	wantErr(t, taken, paywall.ErrExists)
}

func TestSupplierError(t *testing.T) {
	timeout := errors.New("timeout")
	for name, test := range map[string]struct {
		err  paywall.SupplierError
		want string
	}{
		"nothing known": {paywall.SupplierError{}, "supplier"},
		"no answer":     {paywall.SupplierError{Err: timeout}, "supplier: timeout"},
		"status":        {paywall.SupplierError{Status: 503}, "supplier answered 503"},
		"code":          {paywall.SupplierError{Status: 401, Code: "not_authorized"}, "supplier answered 401 not_authorized"},
		"description": {paywall.SupplierError{Status: 401, Code: "not_authorized", Description: "Authorization required"},
			"supplier answered 401 not_authorized (Authorization required)"},
		"everything": {paywall.SupplierError{Status: 500, Code: "x", Description: "y", Err: timeout},
			"supplier answered 500 x (y): timeout"},
		"garbage": {paywall.SupplierError{Status: 200, Err: errors.New("no token")}, "supplier answered 200: no token"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.err.Error(); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
			if got := test.err.Unwrap(); got != test.err.Err {
				t.Errorf("unwraps to %v, want %v", got, test.err.Err)
			}
		})
	}
	var failed *paywall.SupplierError
	if !errors.As(fmt.Errorf("mint: %w", &paywall.SupplierError{Status: 429}), &failed) || failed.Status != 429 {
		t.Errorf("not found below another error: %+v", failed)
	}
}
