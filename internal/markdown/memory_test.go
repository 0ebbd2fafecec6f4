package markdown

import (
	"strconv"
	"strings"
	"testing"
)

// TestMemoryIsBounded: what is asked for stays, and the rest goes.
func TestMemoryIsBounded(t *testing.T) {
	var m recent
	wanted := HTML{markup: "wanted"}
	m.put("wanted", wanted)
	for i := range 100 {
		m.put(strconv.Itoa(i)+strings.Repeat("x", mostKept/10), HTML{markup: "other"})
		if got, ok := m.get("wanted"); !ok || got != wanted {
			t.Fatalf("after %d texts the one in use is gone", i)
		}
	}
	if _, ok := m.get("0" + strings.Repeat("x", mostKept/10)); ok {
		t.Error("the first text is still there")
	}
	if n := len(m.young) + len(m.old); n > 22 {
		t.Errorf("keeps %d texts", n)
	}
}
