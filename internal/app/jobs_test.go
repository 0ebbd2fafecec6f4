package app

import (
	"context"
	"errors"
	"testing"
)

func TestOnce(t *testing.T) {
	down, other := errors.New("down"), errors.New("other")
	answers := []error{nil, down, down, other, nil, down}
	want := []error{nil, down, nil, other, nil, down}
	n := -1
	job := once(func(context.Context) error { n++; return answers[n] })
	for i := range answers {
		if got := job(t.Context()); !errors.Is(got, want[i]) || got == nil != (want[i] == nil) {
			t.Errorf("call %d: %v, want %v", i, got, want[i])
		}
	}
}
