package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"usher/paywall"
)

// How long the parts of a sending may take.
const (
	dialTimeout = 10 * time.Second
	sendTimeout = 30 * time.Second
	// quitTimeout is for the farewell, when the mail has been taken already.
	quitTimeout = time.Second
)

// The ways to protect the connection to the mail server.
const (
	TLSStart    = "starttls" // in the clear at first, then always encrypted
	TLSImplicit = "tls"      // encrypted from the first byte
	TLSNone     = "none"     // never; for a server on this machine only
)

// SMTPConfig is the way to a mail server.
type SMTPConfig struct {
	Host     string
	Port     int
	TLS      string // TLSStart, TLSImplicit or TLSNone
	User     string // empty: the server wants no login
	Password paywall.Secret
	CAFile   string        // certificates to believe instead of the system's; may be empty
	SiteHost string        // how we greet, and the right side of a Message-ID
	Timeout  time.Duration // for a whole sending; zero: 30 seconds
}

// SMTP is the Sender for a real mail server. It is safe for use by many
// goroutines; each sending has a connection of its own.
type SMTP struct {
	cfg SMTPConfig
	tls *tls.Config
}

var _ Sender = (*SMTP)(nil)

// NewSMTP checks the configuration. It calls nobody.
func NewSMTP(cfg SMTPConfig) (*SMTP, error) {
	if cfg.TLS != TLSStart && cfg.TLS != TLSImplicit && (cfg.TLS != TLSNone || !paywall.IsLoopback(cfg.Host)) {
		return nil, fmt.Errorf("the connection to the mail server %s must be encrypted", cfg.Host)
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = sendTimeout
	}
	s := &SMTP{cfg: cfg, tls: &tls.Config{ServerName: cfg.Host, MinVersion: tls.VersionTLS12}}
	if cfg.CAFile == "" {
		return s, nil
	}
	pem, err := os.ReadFile(cfg.CAFile) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("the mail server's certificates cannot be read: %w", err)
	}
	s.tls.RootCAs = x509.NewCertPool()
	if !s.tls.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", cfg.CAFile)
	}
	return s, nil
}

// Send implements Sender. The whole of it has one deadline.
func (s *SMTP) Send(ctx context.Context, e Envelope) (string, error) {
	wire, err := e.compose(s.cfg.SiteHost)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	var line line
	defer line.hangUp()
	client, err := s.greet(ctx, &line)
	if err != nil {
		return "", &Unusable{why(ctx, err)}
	}
	answer, err := deliver(client, e, wire)
	if err != nil {
		return "", why(ctx, err)
	}
	line.sayGoodbye(client)
	return tidy(answer), nil
}

// why is the cause of a sending's end. The error of a connection that we closed
// ourselves does not say it.
func why(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("the mail server took too long, or the sending was stopped: %w", context.Cause(ctx))
	}
	return err
}

// greet connects, encrypts and logs in. Nothing that fails here is about the
// mail, so it is tried again.
func (s *SMTP) greet(ctx context.Context, line *line) (*smtp.Client, error) {
	options := []gomail.Option{
		// The library counts its time anew for each part; the context ends the whole.
		gomail.WithTimeout(2 * s.cfg.Timeout),
		gomail.WithPort(s.cfg.Port), gomail.WithHELO(heloName(s.cfg.SiteHost)),
		gomail.WithTLSConfig(s.tls), gomail.WithoutSMTPUTF8(),
		gomail.WithDialContextFunc(func(_ context.Context, network, addr string) (net.Conn, error) {
			return line.dial(ctx, network, addr, s.implicit())
		}),
	}
	switch s.cfg.TLS {
	case TLSStart:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case TLSImplicit:
		options = append(options, gomail.WithSSL())
	case TLSNone:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.cfg.User != "" {
		options = append(options, gomail.WithUsername(s.cfg.User), gomail.WithPassword(s.cfg.Password.Reveal()),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	client, err := gomail.NewClient(s.cfg.Host, options...)
	if err != nil {
		return nil, err
	}
	return client.DialToSMTPClientWithContext(ctx)
}

// implicit is the configuration of a connection that begins encrypted.
func (s *SMTP) implicit() *tls.Config {
	if s.cfg.TLS != TLSImplicit {
		return nil
	}
	return s.tls
}

// deliver hands the mail over. Sender and recipient are given here, once each,
// and not taken from the mail's head. A stop in the middle of the text must not
// end it with the final dot, so only the success closes the writer.
func deliver(client *smtp.Client, e Envelope, wire []byte) (string, error) {
	if err := client.Mail("<" + e.From.Address + ">"); err != nil {
		return "", judge(err)
	}
	if err := client.Rcpt("<" + e.To + ">"); err != nil {
		return "", judge(err)
	}
	data, err := client.Data()
	if err != nil {
		return "", judge(err)
	}
	if _, err := data.Write(wire); err != nil {
		return "", err
	}
	if err := data.Close(); err != nil {
		return "", judge(err)
	}
	if closed, ok := data.(*smtp.DataCloser); ok {
		return "250 " + closed.ServerResponse(), nil
	}
	return "250", nil
}

// judge tells a server's final no from what may be better next time. Answers
// that ask for a login or encryption are about the settings, which can be
// mended while the mail waits.
func judge(err error) error {
	var answer *textproto.Error
	if !errors.As(err, &answer) || answer.Code < 500 {
		return err
	}
	switch answer.Code {
	case 530, 534, 535, 538:
		return err
	}
	return &Permanent{err}
}

// heloName is a host as SMTP greets with it: an address stands in brackets.
func heloName(host string) string {
	ip := net.ParseIP(host)
	switch {
	case ip == nil:
		return host
	case ip.To4() != nil:
		return "[" + host + "]"
	}
	return "[IPv6:" + host + "]"
}

// line is the connection of one sending. We keep it ourselves, because the
// client forgets it when the greeting fails.
type line struct{ conn net.Conn }

// dial connects, encrypted when there is a configuration for it. The end of the
// context ends the connection, now or in the middle of what it is used for.
func (l *line) dial(ctx context.Context, network, addr string, config *tls.Config) (net.Conn, error) {
	within, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	var conn net.Conn
	var err error
	if config == nil {
		conn, err = (&net.Dialer{}).DialContext(within, network, addr)
	} else {
		conn, err = (&tls.Dialer{Config: config}).DialContext(within, network, addr)
	}
	if err != nil {
		return nil, err
	}
	l.conn = conn
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	return conn, nil
}

// sayGoodbye ends the conversation politely. The mail is on its way by now, so
// nothing that happens here counts.
func (l *line) sayGoodbye(client *smtp.Client) {
	if l.conn.SetDeadline(time.Now().Add(quitTimeout)) == nil {
		_ = client.Quit()
	}
}

func (l *line) hangUp() {
	if l.conn != nil {
		_ = l.conn.Close()
	}
}
