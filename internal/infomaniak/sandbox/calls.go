package sandbox

import "maps"

// Calls counts what the stand-in was asked for since it was made.
type Calls struct {
	// Mints is the number of tokens issued.
	Mints int `json:"mints"`
	// Refused is the number of token calls that were refused (401, 404, 405, 422, 429).
	Refused int `json:"refused"`
	// Lookups is the number of calls of the catalogue that were answered, changes included.
	Lookups int `json:"lookups"`
	// LookupsRefused is the number of calls of the catalogue that were refused.
	LookupsRefused int `json:"lookups_refused"`
	// SharesMade is the number of shares made, Switched that of changes of a protection, both
	// through the API.
	SharesMade int `json:"shares_made"`
	Switched   int `json:"switched"`
	// Faults is the number of API calls that failed because of the mode.
	Faults int `json:"faults"`
	// StreamsRefused is the number of media requests answered 403.
	StreamsRefused int `json:"streams_refused"`
	// ByItem counts issued tokens by mountpoint, HLS stream or share.
	ByItem map[string]int `json:"by_item"`
	// ByCall counts answered calls of the catalogue by method and route, such as
	// "GET /1/vod/channel/{channel}/media".
	ByCall map[string]int `json:"by_call"`
	// Mode is the current mode.
	Mode Mode `json:"mode"`
}

// Calls returns a copy of the counters.
func (s *Sandbox) Calls() Calls {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.calls
	c.ByItem, c.ByCall = maps.Clone(c.ByItem), maps.Clone(c.ByCall)
	return c
}

// count changes the counters under the lock.
func (s *Sandbox) count(change func(*Calls)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.calls)
}
