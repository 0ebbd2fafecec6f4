package main

import (
	"bufio"
	"bytes"
	"net"
	"strings"
	"testing"
)

func TestMessage_Read(t *testing.T) {
	in := bufio.NewReader(strings.NewReader(
		"HTTP/1.1 503 Service Unavailable\r\nX-A: b\r\nCONTENT-length:  2 \r\n\r\nok" +
			"POST /a/b?c HTTP/1.1\r\nHost: x\r\n\r\n"))
	var m message
	if err := m.read(in); err != nil || m.status() != 503 || m.length != 2 {
		t.Fatalf("answer: status %d, length %d, %v", m.status(), m.length, err)
	}
	if _, err := in.Discard(m.length); err != nil {
		t.Fatal(err)
	}
	if err := m.read(in); err != nil || string(m.target()) != "/a/b?c" || m.length != -1 {
		t.Fatalf("request: target %q, length %d, %v", m.target(), m.length, err)
	}
	if err := m.read(in); err == nil {
		t.Error("a message was read where none is")
	}
}

func TestMessage_Odd(t *testing.T) {
	for _, text := range []string{"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HTTP/1.1"} {
		var m message
		if err := m.read(bufio.NewReader(strings.NewReader(text))); err == nil {
			t.Errorf("%q was read without an error", text)
		}
	}
	for _, first := range []string{"", "HTTP/1.1", "HTTP/1.1 abc"} {
		if got := (&message{line: []byte(first)}).status(); got != 0 {
			t.Errorf("the status of %q is %d", first, got)
		}
	}
}

// TestSupplier_Talk lets a viewer ask a supplier as the bench does.
func TestSupplier_Talk(t *testing.T) {
	ours, theirs := net.Pipe()
	s := &supplier{prefix: "x"}
	go s.talk(theirs)
	v := &viewer{conn: ours, in: bufio.NewReader(ours)}
	defer ours.Close()
	a := mintAudience("127.0.0.1:1")
	seen := map[string]bool{}
	for range 3 {
		if _, err := v.see(a); err != nil {
			t.Fatal(err)
		}
		seen[string(v.body)] = true
	}
	if len(seen) != 3 || s.calls.Load() != 3 {
		t.Errorf("%d different tokens, %d calls, want 3", len(seen), s.calls.Load())
	}
	if got := s.answer(nil, []byte(statsPath)); string(got) != `{"calls":3,"connections":0}` {
		t.Errorf("stats: %s", got)
	}
	if got := s.answer(nil, []byte(delayPath+"x")); !bytes.Contains(got, []byte("false")) {
		t.Errorf("an odd delay answers %s", got)
	}
}

func TestViewer_RefusesWrongPages(t *testing.T) {
	for _, answer := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",             // no token
		"HTTP/1.1 503 Busy\r\nContent-Length: 8\r\n\r\n?token=x",        // not well
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",    // no length
		"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n?token=x and cut", // cut
	} {
		v := &viewer{in: bufio.NewReader(strings.NewReader(answer))}
		if err := v.readPage([]byte("?token=")); err == nil {
			t.Errorf("%q passed", answer)
		}
	}
}

func TestAudience_TakesTurns(t *testing.T) {
	a := newAudience("127.0.0.1:1", []string{"usher=a.1", "usher=b.2"})
	first, second, third := a.next(), a.next(), a.next()
	if !bytes.Contains(first, []byte("\r\nCookie: usher=a.1\r\n")) || bytes.Equal(first, second) || !bytes.Equal(first, third) {
		t.Errorf("turns: %q, %q, %q", first, second, third)
	}
}
