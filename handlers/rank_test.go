package handlers_test

import (
	"math"
	"slices"
	"time"
)

// rankZ is the Mann-Whitney statistic of two samples, as a normal deviate: how
// many standard deviations the sum of ranks lies from what chance gives.
func rankZ(a, b []time.Duration) float64 {
	type one struct {
		took time.Duration
		ofA  bool
	}
	var all []one
	for _, d := range a {
		all = append(all, one{d, true})
	}
	for _, d := range b {
		all = append(all, one{d, false})
	}
	slices.SortFunc(all, func(x, y one) int { return int(x.took - y.took) })
	ranks := 0.0
	for rank, o := range all {
		if o.ofA {
			ranks += float64(rank + 1)
		}
	}
	n, m := float64(len(a)), float64(len(b))
	if n == 0 || m == 0 {
		return 0
	}
	return (ranks - n*(n+m+1)/2) / math.Sqrt(n*m*(n+m+1)/12)
}
