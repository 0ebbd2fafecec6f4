package paywall_test

import (
	"context"
	"time"

	"usher/paywall"
)

func (f faulty) CreateProof(ctx context.Context, p paywall.Proof) error {
	return unless(f.at("CreateProof"), func() error { return f.Store.CreateProof(ctx, p) })
}

func (f faulty) ProofByLink(ctx context.Context, linkHash []byte) (paywall.Proof, error) {
	return unlessGet(f.at("ProofByLink"), func() (paywall.Proof, error) { return f.Store.ProofByLink(ctx, linkHash) })
}

func (f faulty) ProofByWindow(ctx context.Context, windowHash []byte) (paywall.Proof, error) {
	return unlessGet(f.at("ProofByWindow"), func() (paywall.Proof, error) { return f.Store.ProofByWindow(ctx, windowHash) })
}

func (f faulty) VoidProofs(ctx context.Context, kind paywall.ProofKind, email, userID string, at time.Time) error {
	return unless(f.at("VoidProofs"), func() error { return f.Store.VoidProofs(ctx, kind, email, userID, at) })
}

func (f faulty) CountTry(ctx context.Context, id string, most int) (bool, error) {
	return unlessGet(f.at("CountTry"), func() (bool, error) { return f.Store.CountTry(ctx, id, most) })
}

func (f faulty) SpendProof(ctx context.Context, id string, at time.Time) error {
	return unless(f.at("SpendProof"), func() error { return f.Store.SpendProof(ctx, id, at) })
}

func (f faulty) OpenProofs(ctx context.Context, kind paywall.ProofKind, now time.Time) ([]paywall.Proof, error) {
	return unlessGet(f.at("OpenProofs"), func() ([]paywall.Proof, error) { return f.Store.OpenProofs(ctx, kind, now) })
}

func (f faulty) DeleteOldProofs(ctx context.Context, before time.Time) error {
	return unless(f.at("DeleteOldProofs"), func() error { return f.Store.DeleteOldProofs(ctx, before) })
}

func (f faulty) CreateChallenge(ctx context.Context, c paywall.Challenge) error {
	return unless(f.at("CreateChallenge"), func() error { return f.Store.CreateChallenge(ctx, c) })
}

func (f faulty) ChallengeByID(ctx context.Context, id string, kind paywall.ChallengeKind, windowHash []byte) (paywall.Challenge, error) {
	return unlessGet(f.at("ChallengeByID"), func() (paywall.Challenge, error) { return f.Store.ChallengeByID(ctx, id, kind, windowHash) })
}

func (f faulty) DeleteChallenge(ctx context.Context, id string) error {
	return unless(f.at("DeleteChallenge"), func() error { return f.Store.DeleteChallenge(ctx, id) })
}

func (f faulty) Take(ctx context.Context, id string, now time.Time, every time.Duration, burst int) (bool, error) {
	return unlessGet(f.at("Take"), func() (bool, error) { return f.Store.Take(ctx, id, now, every, burst) })
}

func (f faulty) PutBack(ctx context.Context, id string, every time.Duration) error {
	return unless(f.at("PutBack"), func() error { return f.Store.PutBack(ctx, id, every) })
}

func (f faulty) ForgetLimit(ctx context.Context, id string) error {
	return unless(f.at("ForgetLimit"), func() error { return f.Store.ForgetLimit(ctx, id) })
}

func (f faulty) DeleteIdleLimits(ctx context.Context, now time.Time) error {
	return unless(f.at("DeleteIdleLimits"), func() error { return f.Store.DeleteIdleLimits(ctx, now) })
}

func (f faulty) CreatePasskey(ctx context.Context, p paywall.Passkey) error {
	return unless(f.at("CreatePasskey"), func() error { return f.Store.CreatePasskey(ctx, p) })
}

func (f faulty) PasskeyByID(ctx context.Context, id string) (paywall.Passkey, error) {
	return unlessGet(f.at("PasskeyByID"), func() (paywall.Passkey, error) { return f.Store.PasskeyByID(ctx, id) })
}

func (f faulty) PasskeysOf(ctx context.Context, userID string) ([]paywall.Passkey, error) {
	return unlessGet(f.at("PasskeysOf"), func() ([]paywall.Passkey, error) { return f.Store.PasskeysOf(ctx, userID) })
}

func (f faulty) UpdatePasskey(ctx context.Context, p paywall.Passkey) error {
	return unless(f.at("UpdatePasskey"), func() error { return f.Store.UpdatePasskey(ctx, p) })
}

func (f faulty) DeletePasskey(ctx context.Context, userID, id string) error {
	return unless(f.at("DeletePasskey"), func() error { return f.Store.DeletePasskey(ctx, userID, id) })
}

func (f faulty) PutSecondFactor(ctx context.Context, sf paywall.SecondFactor) error {
	return unless(f.at("PutSecondFactor"), func() error { return f.Store.PutSecondFactor(ctx, sf) })
}

func (f faulty) SecondFactorOf(ctx context.Context, userID string) (paywall.SecondFactor, error) {
	return unlessGet(f.at("SecondFactorOf"), func() (paywall.SecondFactor, error) { return f.Store.SecondFactorOf(ctx, userID) })
}

func (f faulty) UseStep(ctx context.Context, userID string, step int64) (bool, error) {
	return unlessGet(f.at("UseStep"), func() (bool, error) { return f.Store.UseStep(ctx, userID, step) })
}

func (f faulty) DeleteSecondFactor(ctx context.Context, userID string) error {
	return unless(f.at("DeleteSecondFactor"), func() error { return f.Store.DeleteSecondFactor(ctx, userID) })
}

func (f faulty) PutRecoveryCodes(ctx context.Context, userID string, marks [][]byte) error {
	return unless(f.at("PutRecoveryCodes"), func() error { return f.Store.PutRecoveryCodes(ctx, userID, marks) })
}

func (f faulty) UseRecoveryCode(ctx context.Context, userID string, mark []byte, at time.Time) (bool, error) {
	return unlessGet(f.at("UseRecoveryCode"), func() (bool, error) { return f.Store.UseRecoveryCode(ctx, userID, mark, at) })
}

func (f faulty) RecoveryCodesLeft(ctx context.Context, userID string) (int, error) {
	return unlessGet(f.at("RecoveryCodesLeft"), func() (int, error) { return f.Store.RecoveryCodesLeft(ctx, userID) })
}

func (f faulty) CreateIdentity(ctx context.Context, i paywall.Identity) error {
	return unless(f.at("CreateIdentity"), func() error { return f.Store.CreateIdentity(ctx, i) })
}

func (f faulty) IdentityBySubject(ctx context.Context, issuer, subject string) (paywall.Identity, error) {
	return unlessGet(f.at("IdentityBySubject"), func() (paywall.Identity, error) { return f.Store.IdentityBySubject(ctx, issuer, subject) })
}

func (f faulty) IdentitiesOf(ctx context.Context, userID string) ([]paywall.Identity, error) {
	return unlessGet(f.at("IdentitiesOf"), func() ([]paywall.Identity, error) { return f.Store.IdentitiesOf(ctx, userID) })
}

func (f faulty) TouchIdentity(ctx context.Context, i paywall.Identity) error {
	return unless(f.at("TouchIdentity"), func() error { return f.Store.TouchIdentity(ctx, i) })
}

func (f faulty) DeleteIdentity(ctx context.Context, userID, issuer, subject string) error {
	return unless(f.at("DeleteIdentity"), func() error { return f.Store.DeleteIdentity(ctx, userID, issuer, subject) })
}

func (f faulty) CreateDevice(ctx context.Context, d paywall.Device) error {
	return unless(f.at("CreateDevice"), func() error { return f.Store.CreateDevice(ctx, d) })
}

func (f faulty) DeviceByID(ctx context.Context, id string) (paywall.Device, error) {
	return unlessGet(f.at("DeviceByID"), func() (paywall.Device, error) { return f.Store.DeviceByID(ctx, id) })
}

func (f faulty) TouchDevice(ctx context.Context, id string, seen time.Time) error {
	return unless(f.at("TouchDevice"), func() error { return f.Store.TouchDevice(ctx, id, seen) })
}

func (f faulty) CountDevices(ctx context.Context, userID string) (int, error) {
	return unlessGet(f.at("CountDevices"), func() (int, error) { return f.Store.CountDevices(ctx, userID) })
}

func (f faulty) DeleteDevicesOf(ctx context.Context, userID, keepID string) error {
	return unless(f.at("DeleteDevicesOf"), func() error { return f.Store.DeleteDevicesOf(ctx, userID, keepID) })
}

func (f faulty) DeleteIdleDevices(ctx context.Context, before time.Time) error {
	return unless(f.at("DeleteIdleDevices"), func() error { return f.Store.DeleteIdleDevices(ctx, before) })
}

func (f faulty) AddMail(ctx context.Context, m paywall.Mail) error {
	return unless(f.at("AddMail"), func() error { return f.Store.AddMail(ctx, m) })
}

func (f faulty) EmptyMails(ctx context.Context, now time.Time) error {
	return unless(f.at("EmptyMails"), func() error { return f.Store.EmptyMails(ctx, now) })
}

func (f faulty) DeleteOldMails(ctx context.Context, before time.Time) error {
	return unless(f.at("DeleteOldMails"), func() error { return f.Store.DeleteOldMails(ctx, before) })
}

func (f faulty) SettingValues(ctx context.Context) (map[string]string, error) {
	return unlessGet(f.at("SettingValues"), func() (map[string]string, error) { return f.Store.SettingValues(ctx) })
}

func (f faulty) PutSetting(ctx context.Context, name, value string, at time.Time) error {
	return unless(f.at("PutSetting"), func() error { return f.Store.PutSetting(ctx, name, value, at) })
}

func (f faulty) CreateTerms(ctx context.Context, t paywall.Terms) error {
	return unless(f.at("CreateTerms"), func() error { return f.Store.CreateTerms(ctx, t) })
}

func (f faulty) AddTermsBody(ctx context.Context, version int, language, body string) error {
	return unless(f.at("AddTermsBody"), func() error { return f.Store.AddTermsBody(ctx, version, language, body) })
}

func (f faulty) SiteTexts(ctx context.Context) ([]paywall.Text, error) {
	return unlessGet(f.at("SiteTexts"), func() ([]paywall.Text, error) { return f.Store.SiteTexts(ctx) })
}

func (f faulty) PutSiteText(ctx context.Context, t paywall.Text) error {
	return unless(f.at("PutSiteText"), func() error { return f.Store.PutSiteText(ctx, t) })
}

func (f faulty) PutPicture(ctx context.Context, p paywall.Picture) error {
	return unless(f.at("PutPicture"), func() error { return f.Store.PutPicture(ctx, p) })
}

func (f faulty) CurrentTerms(ctx context.Context) (paywall.Terms, error) {
	return unlessGet(f.at("CurrentTerms"), func() (paywall.Terms, error) { return f.Store.CurrentTerms(ctx) })
}

func (f faulty) CreateConsent(ctx context.Context, c paywall.Consent) error {
	return unless(f.at("CreateConsent"), func() error { return f.Store.CreateConsent(ctx, c) })
}

func (f faulty) ConsentsOf(ctx context.Context, userID string) ([]paywall.Consent, error) {
	return unlessGet(f.at("ConsentsOf"), func() ([]paywall.Consent, error) { return f.Store.ConsentsOf(ctx, userID) })
}

func (f faulty) CutNetworks(ctx context.Context, before time.Time) error {
	return unless(f.at("CutNetworks"), func() error { return f.Store.CutNetworks(ctx, before) })
}

func (f faulty) ProveSession(ctx context.Context, id string, at time.Time, strong bool) error {
	return unless(f.at("ProveSession"), func() error { return f.Store.ProveSession(ctx, id, at, strong) })
}

func (f faulty) DeleteSessionOf(ctx context.Context, userID, id string) error {
	return unless(f.at("DeleteSessionOf"), func() error { return f.Store.DeleteSessionOf(ctx, userID, id) })
}

func (f faulty) EndPlays(ctx context.Context, now time.Time) error {
	return unless(f.at("EndPlays"), func() error { return f.Store.EndPlays(ctx, now) })
}

func (f faulty) DeleteOldPlays(ctx context.Context, before time.Time, limit int) (int, error) {
	return unlessGet(f.at("DeleteOldPlays"), func() (int, error) { return f.Store.DeleteOldPlays(ctx, before, limit) })
}

func (f faulty) DeleteOldCounts(ctx context.Context, kind paywall.CountKind, day string) error {
	return unless(f.at("DeleteOldCounts"), func() error { return f.Store.DeleteOldCounts(ctx, kind, day) })
}

func (f faulty) RecordLines(ctx context.Context, filter paywall.RecordFilter, limit, offset int) ([]paywall.AuditEntry, error) {
	return unlessGet(f.at("RecordLines"), func() ([]paywall.AuditEntry, error) { return f.Store.RecordLines(ctx, filter, limit, offset) })
}

func (f faulty) RecordBefore(ctx context.Context, filter paywall.RecordFilter, mark paywall.RecordMark, limit int) ([]paywall.AuditEntry, error) {
	return unlessGet(f.at("RecordBefore"), func() ([]paywall.AuditEntry, error) { return f.Store.RecordBefore(ctx, filter, mark, limit) })
}
