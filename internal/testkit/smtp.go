package testkit

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// SMTPMode is how a mail server of the tests behaves.
type SMTPMode string

// The modes.
const (
	SMTPOK        SMTPMode = "ok"
	SMTP421       SMTPMode = "421"       // sends everybody away at the greeting
	SMTPFull      SMTPMode = "452"       // has no room for the recipient now
	SMTPUnknown   SMTPMode = "550"       // knows no such recipient
	SMTPRejects   SMTPMode = "554"       // refuses the text, and quotes it
	SMTPNeedsAuth SMTPMode = "530"       // wants a login first
	SMTPSlow      SMTPMode = "slow"      // says nothing more once it has the text
	SMTPDrops     SMTPMode = "drops"     // takes the text and hangs up without an answer
	SMTPHalfTaken SMTPMode = "halftaken" // hangs up in the middle of the text
)

// The ways in which a mail server of the tests is protected.
const (
	SMTPStartTLS = "starttls"
	SMTPTLS      = "tls"
	SMTPPlain    = "none"
)

// SMTP is a real mail server on loopback that keeps what it is given.
type SMTP struct {
	Host string
	Port int
	// CAFile names the file with the authority that signed its certificate.
	CAFile string

	server *smtp.Server
	gate   net.Listener
	ended  chan struct{}
	mu     sync.Mutex
	mode   SMTPMode
	mails  []Captured
	raw    []byte
	user   string
	pass   string
}

// Captured is a mail that the server read to its end, taken or not.
type Captured struct {
	From string
	To   []string // the recipients of the envelope
	Data string   // head and body
}

// NewSMTP starts a mail server that stops with the test.
func NewSMTP(t testing.TB, protection string) *SMTP {
	t.Helper()
	s := &SMTP{Host: "localhost", mode: SMTPOK, ended: make(chan struct{})}
	authority := NewAuthority(t)
	s.CAFile = authority.File
	s.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return s.session(c) }))
	s.server.Domain = "sink.example"
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	s.server.Debug = transcript{s}
	s.server.AllowInsecureAuth = protection == SMTPPlain
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	s.Port = listener.Addr().(*net.TCPAddr).Port
	config := &tls.Config{Certificates: []tls.Certificate{authority.Certify(t, "localhost")}, MinVersion: tls.VersionTLS12}
	switch protection {
	case SMTPStartTLS:
		s.server.TLSConfig = config
	case SMTPTLS:
		listener = tls.NewListener(listener, config)
	}
	s.gate = listener
	var serving sync.WaitGroup
	serving.Go(func() { _ = s.server.Serve(listener) })
	t.Cleanup(func() {
		s.Down()
		serving.Wait()
	})
	return s
}

// Down ends the server for good.
func (s *SMTP) Down() {
	s.mu.Lock()
	select {
	case <-s.ended:
	default:
		close(s.ended)
	}
	s.mu.Unlock()
	_ = s.server.Close()
	_ = s.gate.Close() // the server does not know it before it serves
}

// Set changes how the server behaves.
func (s *SMTP) Set(mode SMTPMode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = mode
}

// Require lets only somebody with this name and password send.
func (s *SMTP) Require(user, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.user, s.pass = user, password
}

// Mails is what the server read, oldest first.
func (s *SMTP) Mails() []Captured {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Raw is everything that went over the wire, both ways, decrypted.
func (s *SMTP) Raw() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.raw)
}

func (s *SMTP) is(mode SMTPMode) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mode == mode
}

type transcript struct{ s *SMTP }

// Write adds to the transcript.
func (t transcript) Write(p []byte) (int, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	t.s.raw = append(t.s.raw, p...)
	return len(p), nil
}

func (s *SMTP) session(c *smtp.Conn) (smtp.Session, error) {
	if s.is(SMTP421) {
		return nil, &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "come back later"}
	}
	return &smtpSession{s: s, conn: c}, nil
}

// smtpSession is one conversation.
type smtpSession struct {
	s      *SMTP
	conn   *smtp.Conn
	mail   Captured
	authed bool
}

var _ smtp.AuthSession = (*smtpSession)(nil)

// AuthMechanisms offers a login in any case, as real servers do.
func (c *smtpSession) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth checks a login.
func (c *smtpSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		if user != c.s.user || password != c.s.pass {
			return smtp.ErrAuthFailed
		}
		c.authed = true
		return nil
	}), nil
}

// Reset forgets the mail of this conversation.
func (c *smtpSession) Reset() { c.mail = Captured{} }

// Logout ends the conversation.
func (c *smtpSession) Logout() error { return nil }

// Mail begins a mail.
func (c *smtpSession) Mail(from string, _ *smtp.MailOptions) error {
	c.s.mu.Lock()
	closed := c.s.user != "" && !c.authed
	c.s.mu.Unlock()
	if closed || c.s.is(SMTPNeedsAuth) {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "authentication required"}
	}
	c.mail = Captured{From: from}
	return nil
}

// Rcpt takes a recipient, or not.
func (c *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch {
	case c.s.is(SMTPFull):
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "mailbox full"}
	case c.s.is(SMTPUnknown):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user here"}
	}
	c.mail.To = append(c.mail.To, to)
	return nil
}

// Data reads the mail's text.
func (c *smtpSession) Data(r io.Reader) error {
	if c.s.is(SMTPHalfTaken) {
		_, _ = io.CopyN(io.Discard, r, 100)
		return c.hangUp()
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.mail.Data = string(data)
	c.s.mu.Lock()
	c.s.mails = append(c.s.mails, c.mail)
	c.s.mu.Unlock()
	switch {
	case c.s.is(SMTPDrops):
		return c.hangUp()
	case c.s.is(SMTPSlow):
		select {
		case <-c.s.ended:
		case <-time.After(time.Minute):
		}
		return c.hangUp()
	case c.s.is(SMTPRejects):
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "looks like spam: " + Subject(c.mail.Data)}
	}
	return nil
}

func (c *smtpSession) hangUp() error {
	_ = c.conn.Conn().Close()
	return errors.New("hung up")
}
