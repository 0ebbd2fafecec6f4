package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"time"
)

// Paths under which the bench steers the supplier.
const (
	statsPath = "/bench/stats"
	delayPath = "/bench/delay/"
)

// supplier answers the radio token API in Infomaniak's envelope, each call with
// a token of its own, after a delay. It counts what it is asked.
type supplier struct {
	prefix      string // makes tokens of two runs differ
	delay       atomic.Int64
	calls       atomic.Int64
	connections atomic.Int64
}

// runSupplier is a role: it serves at the address in args until the end.
func runSupplier(ctx context.Context, args []string) error {
	ctx = whileHeld(ctx)
	listener, err := roleListener(ctx, args, 1)
	if err != nil {
		return err
	}
	s := &supplier{prefix: rand.Text() + rand.Text()}
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	for {
		conn, err := listener.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		s.connections.Add(1)
		go s.talk(conn)
	}
}

// talk answers one connection until the other side closes it.
func (s *supplier) talk(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	var request message
	var body, answer []byte
	for {
		if request.read(in) != nil {
			return
		}
		if _, err := in.Discard(max(0, request.length)); err != nil {
			return
		}
		body = s.answer(body[:0], request.target())
		answer = fmt.Appendf(answer[:0],
			"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

func (s *supplier) answer(out, target []byte) []byte {
	if string(target) == statsPath {
		return fmt.Appendf(out, `{"calls":%d,"connections":%d}`, s.calls.Load(), s.connections.Load())
	}
	if text, ok := bytes.CutPrefix(target, []byte(delayPath)); ok {
		ms, err := strconv.Atoi(string(text))
		s.delay.Store(int64(time.Duration(ms) * time.Millisecond))
		return fmt.Appendf(out, `{"understood":%t}`, err == nil)
	}
	n := s.calls.Add(1)
	if delay := time.Duration(s.delay.Load()); delay > 0 {
		time.Sleep(delay)
	}
	return fmt.Appendf(out, `{"result":"success","data":"token=%s%020d"}`, s.prefix, n)
}
