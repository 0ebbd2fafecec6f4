package paywall

import (
	"sync"
	"time"
)

// crowdPerNetwork is how many tokens visitors without an account may draw from
// one network in a minute: enough for a household, too few for a robot to use
// up the calls that paying listeners need.
const crowdPerNetwork = 20

// crowd counts what anonymous networks draw in the running minute.
type crowd struct {
	mu     sync.Mutex
	began  time.Time
	counts map[string]int
	total  int
}

// admit counts one token for a network, or tells how long it must wait. All
// networks together may draw most in a minute, though never less than one may.
func (c *crowd) admit(network string, most int, now time.Time) (wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if over := now.Sub(c.began); over >= time.Minute || over < 0 { // a clock can be set back
		c.began, c.counts, c.total = now, map[string]int{}, 0
	}
	if c.counts[network] >= crowdPerNetwork || c.total >= max(crowdPerNetwork, most) {
		return c.began.Add(time.Minute).Sub(now)
	}
	c.counts[network]++
	c.total++
	return 0
}

// giveBack takes one count of a network back.
func (c *crowd) giveBack(network string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts[network] > 0 {
		c.counts[network]--
		c.total--
	}
}
