package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// phaseLimit bounds every exchange of a viewer: nothing here takes longer.
const phaseLimit = 60 * time.Second

// audience is the requests of many signed-in people, to be sent in turn.
type audience struct {
	requests [][]byte
	mark     []byte // stands in every right answer
	turn     atomic.Int64
}

// newAudience writes a request for a page of a server with each cookie, as a
// browser sends it.
func newAudience(addr string, cookies []string) *audience {
	a := &audience{mark: []byte("?token=")}
	for _, cookie := range cookies {
		a.requests = append(a.requests, fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n%sCookie: %s\r\n\r\n",
			playerPath, addr, browserHeaders, cookie))
	}
	return a
}

const browserHeaders = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n" +
	"Accept-Language: fr-CH,fr;q=0.8,en;q=0.5\r\n" +
	"Accept-Encoding: gzip, deflate, br\r\n" +
	"Upgrade-Insecure-Requests: 1\r\n" +
	"Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-User: ?1\r\n"

// mintAudience asks the supplier directly, with the call that a server makes.
func mintAudience(addr string) *audience {
	const body = `{"window":3600}`
	return &audience{mark: []byte("token="), requests: [][]byte{fmt.Appendf(nil,
		"POST /1/radios/acl/streams/radio.mp3/token HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"+
			"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", addr, apiToken, len(body), body)}}
}

// next is the request of whoever's turn it is.
func (a *audience) next() []byte {
	n := a.turn.Add(1) - 1
	return a.requests[n%int64(len(a.requests))]
}

// viewer is one connection that stays open.
type viewer struct {
	conn   net.Conn
	in     *bufio.Reader
	answer message
	body   []byte
}

// seat connects so many viewers to a server.
func seat(addr string, count int) ([]*viewer, error) {
	var all []*viewer
	for range count {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			dismiss(all)
			return nil, err
		}
		all = append(all, &viewer{conn: conn, in: bufio.NewReaderSize(conn, 32<<10)})
	}
	return all, nil
}

func dismiss(viewers []*viewer) {
	for _, v := range viewers {
		_ = v.conn.Close()
	}
}

// see asks for one page, checks it, and tells when its first byte came.
func (v *viewer) see(a *audience) (firstByte time.Time, err error) {
	if _, err := v.conn.Write(a.next()); err != nil {
		return time.Time{}, err
	}
	if _, err := v.in.Peek(1); err != nil {
		return time.Time{}, err
	}
	firstByte = time.Now()
	return firstByte, v.readPage(a.mark)
}

func (v *viewer) readPage(mark []byte) error {
	if err := v.answer.read(v.in); err != nil {
		return err
	}
	if v.answer.length < 0 {
		return errNoLength
	}
	v.body = append(v.body[:0], make([]byte, v.answer.length)...)
	if _, err := io.ReadFull(v.in, v.body); err != nil {
		return err
	}
	if v.answer.status() != 200 || !bytes.Contains(v.body, mark) {
		return fmt.Errorf("the answer is %q and holds no token", v.answer.line)
	}
	return nil
}

// begin sets the limit for what follows.
func (v *viewer) begin() error { return v.conn.SetDeadline(time.Now().Add(phaseLimit)) }
