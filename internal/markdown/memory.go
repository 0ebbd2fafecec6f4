package markdown

import "sync"

// mostKept is how many bytes of texts and markup one generation of the memory
// holds; two generations live.
const mostKept = 2 << 20

// memory keeps what was made of the last texts.
var memory recent

// recent remembers in two generations: what was asked for since the last turn,
// and what was known before it. That is close to "least recently used" and
// needs no list.
type recent struct {
	mu         sync.Mutex
	young, old map[string]HTML
	size       int // of young
}

func (m *recent) get(source string) (HTML, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if h, ok := m.young[source]; ok {
		return h, true
	}
	h, ok := m.old[source]
	if ok {
		m.keep(source, h)
	}
	return h, ok
}

func (m *recent) put(source string, h HTML) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep(source, h)
}

func (m *recent) keep(source string, h HTML) {
	size := len(source) + len(h.markup)
	if m.young == nil || m.size+size > mostKept {
		m.young, m.old, m.size = map[string]HTML{}, m.young, 0
	}
	if _, known := m.young[source]; !known {
		m.size += size
	}
	m.young[source] = h
}
