package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"usher/internal/testkit"
	"usher/paywall"
)

// TestVouchers_forWhatWasDeleted: the owner is warned before, told afterwards, and
// a code is refused with a reason and not used up.
func TestVouchers_forWhatWasDeleted(t *testing.T) {
	kit := testkit.New(t)
	owner, ben := kit.As(t, "owner"), kit.As(t, "ben")
	item := itemOf(t, kit, "le-concert")
	batch, codes := makeVouchers(t, kit, func(in *paywall.VoucherInput) { in.Scope, in.TargetID = paywall.ScopeItem, item.ID })
	asked := owner.Get("/admin/items/" + item.ID + "/delete").WantStatus(http.StatusOK)
	if text := asked.Text(".panel"); !strings.Contains(text, "1 batch of vouchers") {
		t.Errorf("it asks %q", text)
	}
	owner.Post("/admin/items/"+item.ID+"/delete", nil).WantStatus(http.StatusSeeOther)

	refused := ben.Post("/redeem", url.Values{"code": {codes[0]}}).WantStatus(http.StatusUnprocessableEntity)
	if text := refused.Text("#code-error"); !strings.Contains(text, "no longer exists") {
		t.Errorf("the code is refused with %q", text)
	}
	path := "/admin/vouchers/" + batch.ID
	for _, page := range []string{path, "/admin/vouchers"} {
		if text := owner.Get(page).WantStatus(http.StatusOK).Text("main"); !strings.Contains(text, "No longer exists") || strings.Contains(text, "Running") {
			t.Errorf("%s says %q", page, text)
		}
	}
	after := owner.Get(path)
	if after.Text(".notice-bad") == "" || after.Doc().Find("form[action$='/mail']").Length() != 0 {
		t.Error("the batch's page does not warn, or codes can be mailed")
	}
	line, err := kit.Site.Store.VoucherBatch(t.Context(), batch.ID)
	noFault(t, err)
	if line.Tally.Used != 0 {
		t.Errorf("%d codes were used", line.Tally.Used)
	}
	mailed := owner.Post(path+"/mail", url.Values{"addresses": {"x@example.org"}}).WantStatus(http.StatusUnprocessableEntity)
	if !strings.Contains(mailed.Text(".notice-bad"), "Nobody can redeem") {
		t.Errorf("mailing says %q", mailed.Text("main"))
	}
}

// TestVouchers_otherKey: a database without its key opens all pages of a batch,
// which say so, and hands no code out.
func TestVouchers_otherKey(t *testing.T) {
	kit := testkit.New(t)
	owner := kit.As(t, "owner")
	batch, _ := makeVouchers(t, kit)
	vault, err := paywall.NewVault(paywall.NewSecret("another-key-0123456789"))
	noFault(t, err)
	kit.Site.Handler.Vouchers.Vault = vault
	path := "/admin/vouchers/" + batch.ID
	page := owner.Get(path).WantStatus(http.StatusOK)
	if !strings.Contains(page.Text(".notice-bad"), "not the one they were made with") || !strings.Contains(page.Text("#code-1"), "cannot be read") {
		t.Errorf("the batch's page says %q", page.Text("main"))
	}
	for name, answer := range map[string]*testkit.Answer{
		"print": owner.Get(path + "/print"), "export": owner.Post(path+"/export", url.Values{}),
		"mail": owner.Post(path+"/mail", url.Values{"addresses": {"x@example.org"}}),
	} {
		if text := answer.WantStatus(http.StatusUnprocessableEntity).Text(".notice-bad"); !strings.Contains(text, "cannot be read") {
			t.Errorf("%s says %q", name, text)
		}
	}
}
