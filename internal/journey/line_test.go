package journey

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// line is a connection to the supplier that can be cut: it passes bytes on and
// knows nothing of them.
type line struct {
	url string

	mu     sync.Mutex
	target string // host and port
	broken bool
	open   map[net.Conn]bool
}

// newLine begins to listen; leadTo says where to.
func newLine(t *testing.T) *line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{url: "http://" + listener.Addr().String(), open: map[net.Conn]bool{}}
	t.Cleanup(func() { listener.Close(); l.cut() })
	go func() {
		for {
			caller, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			go l.pass(caller)
		}
	}()
	return l
}

func (l *line) leadTo(url string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.target = strings.TrimPrefix(url, "http://")
}

// cut ends every connection, and those that come until the line is mended.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = true
	for c := range l.open {
		c.Close()
	}
}

func (l *line) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = false
}

// call connects to the other end and notes both connections.
func (l *line) call(caller net.Conn) (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken {
		return nil, net.ErrClosed
	}
	called, err := net.Dial("tcp", l.target)
	if err == nil {
		l.open[caller], l.open[called] = true, true
	}
	return called, err
}

// pass connects a caller until either side hangs up.
func (l *line) pass(caller net.Conn) {
	called, err := l.call(caller)
	if err != nil {
		caller.Close()
		return
	}
	var both sync.WaitGroup
	for _, pair := range [][2]net.Conn{{caller, called}, {called, caller}} {
		both.Go(func() {
			_, _ = io.Copy(pair[0], pair[1])
			pair[0].Close()
			pair[1].Close()
		})
	}
	both.Wait()
	l.mu.Lock()
	delete(l.open, caller)
	delete(l.open, called)
	l.mu.Unlock()
}
