package paywall

import (
	"context"
	"encoding/hex"
	"log/slog"
	"time"
)

// Limit allows burst events at once, and one more after each interval.
type Limit struct {
	Every time.Duration
	Burst int
}

// Limits are the bounds on guessing and on mail. Each is counted in the database
// before any costly work, so it holds over all nodes and restarts. What passes a
// limit is refused in the words of an ordinary failure: a guesser learns nothing.
//
// A limit of an account must not become a weapon against its owner. So a browser
// that has signed in before has counters of its own and passes by those of the
// account, the network and the whole site.
type Limits struct {
	PasswordAccount Limit // wrong passwords for one address, from unknown browsers
	PasswordNetwork Limit // passwords tried from one network
	PasswordSite    Limit // passwords tried in all, by unknown browsers
	Device          Limit // passwords and codes tried from one known browser
	CodeAccount     Limit // mailed codes typed for one address
	FactorAccount   Limit // second factors typed for one account
	MailAddress     Limit // mails that strangers cause for one address
	MailPlace       Limit // the same from one network
	MailNetwork     Limit // mails caused from one network
	MailSite        Limit // mails caused in all, by strangers
	MailDevice      Limit // mails caused by a known browser
	// FormNetwork are forms past the limits of mail that leave a row all the same.
	// It is refused openly and wide: it must tell nobody an address.
	FormNetwork Limit
	// Codes of vouchers typed for one account, from one network, and in all: by
	// members, and as much again by strangers.
	VoucherAccount Limit
	VoucherNetwork Limit
	VoucherSite    Limit
	AskNetwork     Limit // questions to passkeys and other services, from one network
}

// DefaultLimits are those of a real site. One account can be tried 10 times and
// then 10 times an hour by strangers; with the least password that is hopeless.
// A mailed code has a million values, five tries, and 24 more tries a day. Of an
// app's codes three are right at a time: a year of tries finds one in 40. One
// place wears off so slowly that it takes less than half of an address's mails.
func DefaultLimits() Limits {
	return Limits{
		PasswordAccount: Limit{6 * time.Minute, 10},
		PasswordNetwork: Limit{5 * time.Second, 150},
		PasswordSite:    Limit{200 * time.Millisecond, 600},
		Device:          Limit{3 * time.Minute, 20},
		CodeAccount:     Limit{time.Hour, 20},
		FactorAccount:   Limit{time.Hour, 10},
		MailAddress:     Limit{10 * time.Minute, 10},
		MailPlace:       Limit{30 * time.Minute, 5},
		MailNetwork:     Limit{10 * time.Second, 100},
		MailSite:        Limit{500 * time.Millisecond, 500},
		MailDevice:      Limit{5 * time.Minute, 10},
		FormNetwork:     Limit{5 * time.Second, 1000},
		AskNetwork:      Limit{2 * time.Second, 60},
		VoucherAccount:  Limit{5 * time.Minute, 10},
		VoucherNetwork:  Limit{10 * time.Second, 100},
		VoucherSite:     Limit{200 * time.Millisecond, 1000},
	}
}

// limiter counts events. The ids of the rows are keyed hashes: the table names
// nobody.
type limiter struct {
	limits Limits
	store  Store
	vault  *Vault
	clock  Clock
}

// counted is one counter that an event falls into.
type counted struct {
	limit Limit
	name  string
	key   string
}

func (l *limiter) id(name, key string) string {
	return hex.EncodeToString(l.vault.Mark("limit "+name, key)[:16])
}

// allow counts an event in its counters, the narrowest place first, and tells
// whether it is within all of them. What one counter refuses is not counted in
// the next: else one network could use up the tries of an account, or of all.
func (l *limiter) allow(ctx context.Context, all ...counted) (bool, error) {
	for _, c := range all {
		ok, err := l.store.Take(ctx, l.id(c.name, c.key), l.clock(), c.limit.Every, c.limit.Burst)
		if err != nil {
			return false, err
		}
		if !ok {
			slog.InfoContext(ctx, "limit reached", "limit", c.name) // and not whose
			return false, nil
		}
	}
	return true, nil
}

// demand is allow where the visitor may be told to come back.
func (l *limiter) demand(ctx context.Context, all ...counted) error {
	ok, err := l.allow(ctx, all...)
	if err != nil || ok {
		return err
	}
	return &Error{Kind: KindTooMany, Key: "login.error.busy", RetryAfter: all[0].limit.Every}
}

const (
	limitPasswordAccount = "password account"
	limitCodeAccount     = "code account"
	limitFactorAccount   = "factor account"
)

// wider is how many times more a provider's network may do than a household's.
const wider = 4

// from counts an event of a network. An IPv6 provider hands whole /48s to one
// customer, which are 65,536 networks: they are counted together as well.
func from(limit Limit, name string, c Caller) []counted {
	all := []counted{{limit, name, c.Network}}
	if c.Wide != "" && c.Wide != c.Network {
		all = append(all, counted{Limit{limit.Every / wider, limit.Burst * wider}, name + " wide", c.Wide})
	}
	return all
}

// known is the counter of a browser that has signed in before.
func (l *limiter) known(d Device) counted { return counted{l.limits.Device, "device", d.ID} }

// password allows one try of a password for an address.
func (l *limiter) password(ctx context.Context, c Caller, device Device, email string) (bool, error) {
	if device.ID != "" {
		return l.allow(ctx, l.known(device))
	}
	return l.allow(ctx, append(from(l.limits.PasswordNetwork, "password network", c),
		counted{l.limits.PasswordAccount, limitPasswordAccount, email},
		counted{l.limits.PasswordSite, "password site", ""})...)
}

// strangerHash allows one hash for somebody whom nobody knows.
func (l *limiter) strangerHash(ctx context.Context, c Caller) error {
	return l.demand(ctx, append(from(l.limits.PasswordNetwork, "password network", c),
		counted{l.limits.PasswordSite, "password site", ""})...)
}

// answerHash allows one hash for somebody who holds a mailed code or link. A
// link can stay unused however often its button is pressed.
func (l *limiter) answerHash(ctx context.Context, c Caller, device Device) error {
	if device.ID != "" {
		return l.demand(ctx, l.known(device))
	}
	return l.demand(ctx, from(l.limits.PasswordNetwork, "password network", c)...)
}

// code allows one try of a mailed code for an address.
func (l *limiter) code(ctx context.Context, device Device, email string) (bool, error) {
	if device.ID != "" {
		return l.allow(ctx, l.known(device))
	}
	return l.allow(ctx, counted{l.limits.CodeAccount, limitCodeAccount, email})
}

// factor allows one try of a second factor.
func (l *limiter) factor(ctx context.Context, device Device, userID string) (bool, error) {
	if device.ID != "" {
		return l.allow(ctx, l.known(device))
	}
	return l.allow(ctx, counted{l.limits.FactorAccount, limitFactorAccount, userID})
}

// mail allows one mail to an address.
func (l *limiter) mail(ctx context.Context, c Caller, device Device, email string) (bool, error) {
	if device.ID != "" {
		return l.allow(ctx, counted{l.limits.MailDevice, "mail device", device.ID})
	}
	return l.allow(ctx, append(from(l.limits.MailNetwork, "mail network", c),
		counted{l.limits.MailPlace, "mail place", c.Network + " " + email},
		counted{l.limits.MailAddress, "mail address", email},
		counted{l.limits.MailSite, "mail site", ""})...)
}

// voucher allows one try of a voucher's code. A code has 80 random bits: all the
// tries of the whole site find none.
func (l *limiter) voucher(ctx context.Context, c Caller, userID string) error {
	all := append([]counted{{l.limits.VoucherAccount, "voucher account", userID}}, from(l.limits.VoucherNetwork, "voucher network", c)...)
	return l.vouchers(ctx, append(all, counted{l.limits.VoucherSite, "voucher site", ""})...)
}

// strangerVoucher allows one try by somebody without an account. It falls into the
// network's tries, whoever makes them; strangers have a counter of the site to
// themselves, so that they cannot use up the tries of members.
func (l *limiter) strangerVoucher(ctx context.Context, c Caller) error {
	return l.vouchers(ctx, append(from(l.limits.VoucherNetwork, "voucher network", c),
		counted{l.limits.VoucherSite, "voucher strangers", ""})...)
}

func (l *limiter) vouchers(ctx context.Context, all ...counted) error {
	ok, err := l.allow(ctx, all...)
	if err != nil || ok {
		return err
	}
	return &Error{Kind: KindTooMany, Key: "voucher.error.busy", RetryAfter: all[0].limit.Every}
}

// ask allows one question to a passkey or another service.
func (l *limiter) ask(ctx context.Context, c Caller) error {
	return l.demand(ctx, from(l.limits.AskNetwork, "ask network", c)...)
}

// form allows one form that leaves a row past the limits of mail: else a flood of
// them would fill the disk.
func (l *limiter) form(ctx context.Context, c Caller) error {
	return l.demand(ctx, from(l.limits.FormNetwork, "form network", c)...)
}

// forget lets an account's counters begin anew: its owner got in, or somebody
// with the right to do so unlocked it.
func (l *limiter) forget(ctx context.Context, u User) error {
	for _, c := range []counted{
		{name: limitPasswordAccount, key: u.Email}, {name: limitCodeAccount, key: u.Email},
		{name: limitFactorAccount, key: u.ID},
	} {
		if err := l.store.ForgetLimit(ctx, l.id(c.name, c.key)); err != nil {
			return err
		}
	}
	return nil
}
