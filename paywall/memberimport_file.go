package paywall

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of an uploaded list.
const (
	MaxListBytes = 20 << 20
	maxListRows  = 200_000
	maxListCells = 40
	maxListCell  = 500 // characters
	sniffedBytes = 64 << 10
)

// sheet reads the lines of a CSV file of any usual kind: separated by comma,
// semicolon or tab, in UTF-8 with or without a mark, or in Latin-1.
type sheet struct {
	reader *csv.Reader
	comma  rune
	latin  bool // some text was not UTF-8
}

var (
	utf8Mark  = []byte("\xef\xbb\xbf")
	utf16Mark = [][]byte{[]byte("\xff\xfe"), []byte("\xfe\xff")}
)

func newSheet(file io.Reader) (*sheet, error) {
	buffered := bufio.NewReaderSize(file, sniffedBytes)
	head, err := buffered.Peek(sniffedBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	for _, mark := range utf16Mark {
		if bytes.HasPrefix(head, mark) {
			return nil, invalidField("file", "people.import.error.utf16")
		}
	}
	if bytes.HasPrefix(head, utf8Mark) {
		if _, err := buffered.Discard(len(utf8Mark)); err != nil {
			return nil, err
		}
		head = head[len(utf8Mark):]
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, invalidField("file", "people.import.error.no_csv")
	}
	s := &sheet{reader: csv.NewReader(buffered), comma: separator(head)}
	s.reader.Comma, s.reader.FieldsPerRecord = s.comma, -1
	return s, nil
}

// separator is the sign that stands most often in the first line, outside of
// quotes.
func separator(head []byte) rune {
	counts, quoted := map[byte]int{}, false
	for _, c := range head {
		if c == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if c == '\n' && len(counts) > 0 {
			break
		}
		if c == ',' || c == ';' || c == '\t' {
			counts[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return rune(best)
}

// next reads a line; broken is the message key of what is wrong with its form.
// io.EOF comes after the last one.
func (s *sheet) next() (cells []string, broken string, err error) {
	record, err := s.reader.Read()
	var form *csv.ParseError
	switch {
	case errors.As(err, &form):
		broken = "people.import.error.quotes"
	case err != nil:
		return nil, "", err
	case len(record) > maxListCells:
		broken, record = "people.import.error.cells", record[:maxListCells]
	}
	cells = make([]string, len(record))
	for i, cell := range record {
		if !utf8.ValidString(cell) {
			s.latin, cell = true, fromLatin(cell)
		}
		if utf8.RuneCountInString(cell) > maxListCell {
			broken, cell = "people.import.error.long", string([]rune(cell)[:maxListCell])
		}
		cells[i] = Unguard(strings.ReplaceAll(cell, "\x00", ""))
	}
	return cells, broken, nil
}

// fromLatin reads Latin-1 as Windows means it.
func fromLatin(text string) string {
	var out strings.Builder
	for i := range len(text) {
		c := rune(text[i])
		if c >= 0x80 && c < 0xa0 {
			c = windows1252[c-0x80]
		}
		out.WriteRune(c)
	}
	return out.String()
}

// windows1252 are the characters from 0x80 to 0x9f, where Windows differs.
var windows1252 = [32]rune{
	'€', 0xfffd, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0xfffd, 'Ž', 0xfffd,
	0xfffd, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0xfffd, 'ž', 'Ÿ',
}

// formulaSigns begin what a spreadsheet takes for a formula (ASVS 1.2.10); the
// wide forms are those of East Asian keyboards.
var formulaSigns = []string{"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"}

// Guard keeps a spreadsheet from taking a text for a formula: it gets an
// apostrophe. So does a text that looks guarded already, so that Unguard gives
// each text back as it was.
func Guard(text string) string {
	if looksLikeFormula(strings.TrimLeft(text, "'")) {
		return "'" + text
	}
	return text
}

// Unguard takes away what Guard added.
func Unguard(text string) string {
	if rest, guarded := strings.CutPrefix(text, "'"); guarded && looksLikeFormula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return text
}

func looksLikeFormula(text string) bool {
	return slices.ContainsFunc(formulaSigns, func(sign string) bool { return strings.HasPrefix(text, sign) })
}
