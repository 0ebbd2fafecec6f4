// Package i18n holds every text a visitor reads, in five languages, and writes
// dates the way each of them does. Texts live in catalogues/<language>/<area>.json under keys
// such as "login.error.busy"; nothing else in the program carries a sentence.
package i18n
