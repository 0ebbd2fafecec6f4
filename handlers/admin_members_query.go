package handlers

import (
	"net/url"
	"slices"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

// memberQuery is what a list of members is asked for, as it stands in an address.
type memberQuery struct {
	filter paywall.MemberFilter
	sort   paywall.MemberSort
	values url.Values // what of it is asked for, without nonsense
}

// peopleFields are the names of a query's values, beside page.
var peopleFields = []string{"q", "state", "role", "access", "target", "from", "until", "sort"}

// memberQueryOf reads a query. What it does not know does not count.
func (h *Handlers) memberQueryOf(v url.Values) memberQuery {
	m := memberQuery{values: url.Values{}}
	keep := func(name string, ok bool) string {
		if value := v.Get(name); ok && value != "" {
			m.values.Set(name, value)
			return value
		}
		return ""
	}
	m.filter.Text = keep("q", len(v.Get("q")) <= 200)
	m.filter.State = paywall.MemberState(keep("state", slices.Contains(memberStates, paywall.MemberState(v.Get("state")))))
	m.filter.Role = paywall.Role(keep("role", slices.Contains(allRoles, paywall.Role(v.Get("role")))))
	m.filter.Access = paywall.AccessFilter(keep("access", slices.Contains(accessFilters, paywall.AccessFilter(v.Get("access")))))
	m.filter.Target = keep("target", len(v.Get("target")) <= 100)
	typed := typedIn(h.zone())
	m.filter.JoinedFrom = typed.day("from", keep("from", true), "").From
	m.filter.JoinedUntil = typed.day("until", keep("until", true), "").To
	m.sort = paywall.MemberSort(keep("sort", slices.Contains(paywall.MemberSorts, paywall.MemberSort(v.Get("sort")))))
	return m
}

var (
	memberStates  = []paywall.MemberState{paywall.MemberActive, paywall.MemberBlocked, paywall.MemberUnconfirmed}
	allRoles      = append([]paywall.Role{paywall.RoleMember}, paywall.StaffRoles...)
	accessFilters = []paywall.AccessFilter{paywall.AccessLive, paywall.AccessEnded, paywall.AccessNone}
)

// anyOf is the choice of everything in front of others.
func anyOf(label string, choices []views.Option) []views.Option {
	return append([]views.Option{{Label: label}}, choices...)
}

// searchFields fills the form of the search.
func (m memberQuery) searchFields(l *i18n.Locale, targets targetNames) views.MemberSearch {
	sort := m.sort
	if sort == "" {
		sort = paywall.MembersNewest
	}
	return views.MemberSearch{
		Query: m.values.Get("q"), From: m.values.Get("from"), Until: m.values.Get("until"),
		States:   anyOf(l.T("people.any"), stateOptions(l, m.filter.State)),
		Roles:    anyOf(l.T("people.any"), options(l, "role.", m.values.Get("role"), allRoles...)),
		Accesses: anyOf(l.T("people.any"), options(l, "people.access.", m.values.Get("access"), accessFilters...)),
		Targets:  anyOf(l.T("people.any_target"), grantChoices(l, targets, m.values.Get("target"))),
		Sorts:    options(l, "people.sort.", string(sort), paywall.MemberSorts...),
		Narrowed: len(m.values) > 0 && (len(m.values) > 1 || m.values.Get("sort") == ""),
	}
}

func stateOptions(l *i18n.Locale, selected paywall.MemberState) []views.Option {
	list := make([]views.Option, len(memberStates))
	for i, state := range memberStates {
		list[i] = views.Option{Value: string(state), Label: stateName(l, state), Selected: state == selected}
	}
	return list
}

// hidden repeats a query in a form.
func hidden(v url.Values, names ...string) (fields []views.Hidden) {
	for _, name := range names {
		for _, value := range v[name] {
			fields = append(fields, views.Hidden{Name: name, Value: value})
		}
	}
	return fields
}

// words tells people what a query finds.
func (m memberQuery) words(l *i18n.Locale, targets targetNames) (facts []views.Fact) {
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, views.Fact{Label: l.T(label), Value: value})
		}
	}
	choice := func(prefix, name string) string {
		if value := m.values.Get(name); value != "" {
			return l.T(prefix + value)
		}
		return ""
	}
	add("admin.members.search", m.values.Get("q"))
	if m.filter.State != "" {
		add("admin.member.state", stateName(l, m.filter.State))
	}
	add("admin.member.role", choice("role.", "role"))
	add("people.filter.access", choice("people.access.", "access"))
	for _, option := range grantChoices(l, targets, m.values.Get("target")) {
		if option.Selected {
			add("people.filter.target", option.Label)
		}
	}
	add("people.filter.from", m.values.Get("from"))
	add("people.filter.until", m.values.Get("until"))
	return facts
}
