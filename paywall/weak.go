package paywall

import (
	"strings"
	"unicode"
)

// stems are what people type when a form demands a password. Most lists of the
// commonest passwords hold nothing of twelve characters but these with digits
// or signs around them, or twice.
var stems = []string{
	"password", "passwort", "motdepasse", "contrasena", "parola", "passord", "wachtwoord",
	"qwerty", "qwertyuiop", "qwertz", "qwertzuiop", "azerty", "azertyuiop", "asdf", "asdfghjkl", "yxcvbnm", "zxcvbnm",
	"abc", "abcd", "abcdef", "abcdefghijkl", "abcdefghijklmnop", "iloveyou", "jetaime", "letmein", "welcome", "willkommen",
	"bienvenue", "benvenuto", "bienvenido", "administrator", "admin", "princess", "sunshine", "football", "hallo", "bonjour",
	"radio", "music", "musik", "musique",
}

// checkNewPassword is CheckPassword, and refuses what a guesser tries first:
// one or two characters over and over, digits alone in order, a common word
// dressed up, or a word about this person and site.
func checkNewPassword(password string, about ...string) error {
	if err := CheckPassword(password); err != nil {
		return err
	}
	if weak(password, about) {
		return invalidField("password", "user.error.password_weak")
	}
	return nil
}

func weak(password string, about []string) bool {
	if distinct(password) < 4 || inOrder(password) {
		return true
	}
	letters := onlyLetters(password)
	for _, stem := range stems {
		if repeats(letters, stem) {
			return true
		}
	}
	for _, text := range about {
		for _, word := range append(words(text), onlyLetters(text)) {
			if len(word) > 3 && repeats(letters, word) {
				return true
			}
		}
	}
	return false
}

func distinct(text string) int {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen)
}

// inOrder tells texts such as 123456789012 and abcdefghijkl: each character
// follows the one before it, or begins anew.
func inOrder(text string) bool {
	breaks := 0
	for i := 1; i < len(text); i++ {
		if step := int(text[i]) - int(text[i-1]); step != 1 && step != -1 {
			breaks++
		}
	}
	return breaks <= len(text)/9
}

func onlyLetters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// words are the words of a text, in small letters.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
}

// repeats tells whether a text is a word, once or several times.
func repeats(text, word string) bool {
	return text != "" && strings.ReplaceAll(text, word, "") == ""
}
