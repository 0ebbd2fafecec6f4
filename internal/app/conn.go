package app

import (
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// serverBuffer is the size of net/http's write buffer. A page that is larger
// leaves in two writes: one full buffer, and the rest.
const serverBuffer = 4 << 10

// flushTimeout is how long the last bytes of an answer may take.
const flushTimeout = 2 * time.Second

// oneWrite makes connections that hold a full buffer back until the rest of the
// answer comes, so that a page leaves in one system call: a write to a socket
// costs as much as a quarter of rendering. What is held when an answer ends,
// because it filled the buffer to the last byte, is sent by connState.
type oneWrite struct{ net.Listener }

// Accept wraps the next connection.
func (l oneWrite) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &heldConn{Conn: conn}, nil
}

// connState is told by the server when an answer is complete.
func connState(conn net.Conn, state http.ConnState) {
	if held, ok := conn.(*heldConn); ok && state == http.StateIdle {
		_ = held.flush() // the next read finds out that the client is gone
	}
}

// heldConn is a connection that may hold back one full buffer.
type heldConn struct {
	net.Conn

	mu   sync.Mutex // Close may come from another goroutine
	held []byte
}

// Write sends p, or keeps it if it is a full buffer that more will follow.
func (c *heldConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.held) == 0 {
		if len(p) != serverBuffer {
			return c.Conn.Write(p)
		}
		c.held = append(c.held, p...)
		return len(p), nil
	}
	both := net.Buffers{c.held, p}
	c.held = c.held[:0]
	if _, err := both.WriteTo(c.Conn); err != nil {
		return 0, err
	}
	return len(p), nil
}

// flush sends what is held. The server has taken its own deadline away by then,
// and a client that does not read must not hold anybody up.
func (c *heldConn) flush() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.send()
}

func (c *heldConn) send() error {
	if len(c.held) == 0 {
		return nil
	}
	if err := c.Conn.SetWriteDeadline(time.Now().Add(flushTimeout)); err != nil {
		return err
	}
	_, err := c.Conn.Write(c.held)
	c.held = c.held[:0]
	if err != nil {
		// Half an answer went out: nothing that follows would be understood.
		return errors.Join(err, c.Conn.Close())
	}
	return c.Conn.SetWriteDeadline(time.Time{})
}

// Close sends what is held and ends the connection. It never waits for a write
// that is stuck: closing is what ends that.
func (c *heldConn) Close() error {
	if c.mu.TryLock() {
		_ = c.send()
		c.mu.Unlock()
	}
	return c.Conn.Close()
}
