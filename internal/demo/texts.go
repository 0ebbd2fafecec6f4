package demo

import (
	"context"
	"time"

	"usher/internal/i18n"
	"usher/paywall"
)

// texts are what the demo's station says of itself. Some translations are missing,
// as they are on real sites.
var texts = []struct {
	place          paywall.TextPlace
	language, body string
}{
	{paywall.PlaceHome, "en", `## Good evening

Jazz and conversation from the lake, day and night. **Listen to the promo for free**, or sign in for the whole programme.`},
	{paywall.PlaceHome, "fr", `## Bonsoir

Du jazz et des conversations au bord du lac, jour et nuit. **Écoutez l’aperçu gratuitement**, ou connectez-vous pour tout le programme.`},
	{paywall.PlaceHome, "de", `## Guten Abend

Jazz und Gespräche vom See, Tag und Nacht. **Hören Sie kostenlos hinein**, oder melden Sie sich an für das ganze Programm.`},
	{paywall.PlaceTerms, "en", `Radio Lumière is run by its listeners. You may listen and watch as long as your access lasts.

Your account is for you. Please do not pass your password on.`},
	{paywall.PlaceTerms, "fr", `Radio Lumière vit grâce à son public. Vous pouvez écouter et regarder tant que votre accès dure.

Votre compte est pour vous. Merci de ne pas transmettre votre mot de passe.`},
	{paywall.PlacePrivacy, "en", `## What we keep

- your e-mail address, so that you can sign in
- what you may play, and until when
- where you are signed in

Nothing is passed on. What we keep you can read and delete under [Your data](/account/data).`},
	{paywall.PlaceImprint, "en", `Radio Lumière (a station made up for this demo)
Quai du Lac 1
1000 Lausanne

[studio@radio-lumiere.example](mailto:studio@radio-lumiere.example)`},
}

// seedTexts writes the texts of a site that has none.
func seedTexts(ctx context.Context, store paywall.Store, now time.Time) error {
	look := paywall.Look{Language: i18n.Default().Tag()}
	for _, l := range i18n.All() {
		look.Languages = append(look.Languages, l.Tag())
	}
	front := paywall.NewFront(store, func() time.Time { return now }, look)
	for _, t := range texts {
		in, err := front.Text(ctx, t.place, t.language)
		if err != nil {
			return err
		}
		in.Body = t.body
		if err := front.SaveText(ctx, paywall.Actor{Name: "demo"}, in); err != nil {
			return err
		}
	}
	return nil
}
