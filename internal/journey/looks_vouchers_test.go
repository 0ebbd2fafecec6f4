package journey

import "testing"

// TestLooksVouchers inspects vouchers, the preview and Why.
func TestLooksVouchers(t *testing.T) {
	t.Parallel()
	needAxe(t)
	kit := running(t)
	guest, owner := visitor(t, kit), signedIn(t, kit, "owner")
	guest.watch.expectPage(422)
	owner.watch.expectPage(422)

	guest.inspect(t, 200, "redeem", "/redeem")
	guest.inspectForm(t, 422, "redeem with a mistake", "/redeem", map[string]string{"#code": "short"})
	owner.inspect(t, 200, "vouchers without any", "/admin/vouchers")
	owner.inspectForm(t, 422, "new vouchers with mistakes", "/admin/vouchers/new",
		map[string]string{"#name": longTitle, "#prefix": "A-B", "#codes": "10001", "#uses": "x", "#days": "0", "#opens": "Everything"})
	owner.inspectForm(t, 200, "codes", "/admin/vouchers/new", map[string]string{
		"#name": "Festival d’été au bord du lac", "#prefix": "LAKESIDE2026", "#opens": "Everything",
	})
	owner.inspect(t, 200, "vouchers", "/admin/vouchers")
	owner.visit("/admin/vouchers")
	batch := eval[string](owner, "document.querySelector('tbody a').getAttribute('href')")
	owner.inspect(t, 200, "cards", batch+"/print")
	owner.inspect(t, 200, "nobody redeemed", batch+"?list=redeemed")

	owner.inspect(t, 200, "preview to choose", "/admin/preview")
	owner.inspect(t, 200, "preview of a wall", "/admin/preview?item=radio-lumiere&as=ended")
	owner.inspect(t, 200, "preview of a player", "/admin/preview?item=le-concert&as=entitled")
	owner.inspect(t, 200, "preview of a home", "/admin/preview?email=carla%40demo.test")
	owner.inspect(t, 200, "preview of a draft", "/admin/preview?item=brouillon&as=member")
	owner.inspect(t, 200, "why not", "/admin/why?email=carla%40demo.test&item=radio-lumiere")
	owner.inspect(t, 200, "why", "/admin/why?email=anna%40demo.test&item=premiere")
}
