package handlers

import (
	"cmp"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// linesPerPage is the length of one page of the owner's lists.
const linesPerPage = 50

// pager is one page of a list with a search.
type pager struct {
	path   string
	query  url.Values // what is searched for
	number int        // counted from 1
	length int        // of a page; 0: linesPerPage
}

// pagerOf reads the page that is asked for, and the searches by these names.
func pagerOf(c echo.Context, path string, names ...string) pager {
	p := pager{path: path, query: url.Values{}, number: pageNumber(c)}
	for _, name := range names {
		if text := c.QueryParam(name); text != "" {
			p.query.Set(name, text)
		}
	}
	return p
}

// pageNumber is the page of a list, counted from 1; nonsense counts as 1.
func pageNumber(c echo.Context) int {
	n, err := strconv.Atoi(c.QueryParam("page"))
	if err != nil || n < 1 || n > mostNumber {
		return 1
	}
	return n
}

func (p pager) offset() int { return (p.number - 1) * p.lines() }

// lines is how long a page is.
func (p pager) lines() int { return cmp.Or(p.length, linesPerPage) }

// links lead to the neighbours of the page, if there are any. A page behind the
// last one is an error that leads to the last.
func (p pager) links(total int) (prev, next string, err error) {
	if p.number > 1 && p.offset() >= total {
		return "", "", &pastLast{p.url((total-1)/p.lines() + 1)}
	}
	if p.number > 1 {
		prev = p.url(p.number - 1)
	}
	if p.offset()+p.lines() < total {
		next = p.url(p.number + 1)
	}
	return prev, next, nil
}

// seen is how long a list is of which nobody counts the end, as far as its page
// with so many lines tells.
func (p pager) seen(lines int) int {
	if lines == 0 {
		return 0
	}
	return p.offset() + lines
}

// pastLast is a page that a list has not; url is its last.
type pastLast struct{ url string }

func (p *pastLast) Error() string { return "the last page is " + p.url }
func (p *pastLast) Unwrap() error { return paywall.ErrNotFound }

func (p pager) url(number int) string {
	query := url.Values{"page": {strconv.Itoa(number)}}
	for name, values := range p.query {
		query[name] = values
	}
	return p.path + "?" + query.Encode()
}
