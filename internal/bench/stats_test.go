package main

import (
	"slices"
	"testing"
	"time"
)

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		values []time.Duration
		want   time.Duration
	}{
		{nil, 0},
		{[]time.Duration{7}, 7},
		{[]time.Duration{9, 1, 5}, 5},
		{[]time.Duration{8, 2, 4, 100}, 6},
	} {
		before := slices.Clone(test.values)
		if got := median(test.values); got != test.want {
			t.Errorf("median(%v) = %d, want %d", test.values, got, test.want)
		}
		if !slices.Equal(before, test.values) {
			t.Errorf("median changed %v to %v", before, test.values)
		}
	}
}

func TestPercentile(t *testing.T) {
	var hundred []int
	for n := 100; n > 0; n-- {
		hundred = append(hundred, n)
	}
	for _, test := range []struct {
		values []int
		p      float64
		want   int
	}{
		{nil, 50, 0}, {[]int{3}, 99, 3}, {[]int{3}, 0, 3},
		{hundred, 50, 50}, {hundred, 95, 95}, {hundred, 99, 99}, {hundred, 100, 100},
		{[]int{1, 2, 3, 4}, 50, 2}, {[]int{1, 2, 3, 4}, 51, 3},
	} {
		if got := percentile(test.values, test.p); got != test.want {
			t.Errorf("percentile(%d values, %v) = %d, want %d", len(test.values), test.p, got, test.want)
		}
	}
}
