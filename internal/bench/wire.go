package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// The load and the supplier speak just enough HTTP/1.1 over a plain connection:
// whatever they need of their core is missing to measure well.

var (
	errNoLength = errors.New("the answer does not tell its length")
	lengthName  = []byte("content-length")
)

// message is the start of a request or an answer.
type message struct {
	line   []byte // the first line; overwritten by the next read
	length int    // of the body; -1 when it is not told
}

// read reads up to the body. It keeps the memory of the line.
func (m *message) read(in *bufio.Reader) error {
	text, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	m.line, m.length = append(m.line[:0], bytes.TrimRight(text, "\r\n")...), -1
	for {
		text, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		text = bytes.TrimRight(text, "\r\n")
		if len(text) == 0 {
			return nil
		}
		if err := m.readField(text); err != nil {
			return err
		}
	}
}

func (m *message) readField(text []byte) error {
	name, value, _ := bytes.Cut(text, []byte(":"))
	if len(name) != len(lengthName) || !bytes.EqualFold(name, lengthName) {
		return nil
	}
	n, err := strconv.Atoi(string(bytes.TrimSpace(value)))
	if err != nil || n < 0 {
		return fmt.Errorf("content length %q", value)
	}
	m.length = n
	return nil
}

// status is the status of an answer, 0 when the line tells none.
func (m *message) status() int {
	fields := bytes.Fields(m.line)
	if len(fields) < 2 {
		return 0
	}
	status, err := strconv.Atoi(string(fields[1]))
	if err != nil {
		return 0
	}
	return status
}

// target is the path of a request.
func (m *message) target() []byte {
	_, rest, _ := bytes.Cut(m.line, []byte(" "))
	path, _, _ := bytes.Cut(rest, []byte(" "))
	return path
}
