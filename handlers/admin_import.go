package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"usher/internal/i18n"
	"usher/paywall"
	"usher/views"
)

const (
	importPath = "/admin/items/import"
	// importForm bounds the form of what is chosen, in bytes: one line for each
	// media of a large channel.
	importForm = 2 << 20
	// mostMediaShown is how many media the page lists below their folders. With
	// more, one folder is opened at a time.
	mostMediaShown = 1500
)

// importTyped is what was typed where nothing can be picked.
type importTyped struct{ kind, address, channel, channels string }

// showImport shows what there is at Infomaniak: GET /admin/items/import.
func (h *Handlers) showImport(c echo.Context) error {
	return h.showImportForm(c, http.StatusOK, importTyped{}, nil)
}

func (h *Handlers) showImportForm(c echo.Context, status int, typed importTyped, problem error) error {
	ctx, l := c.Request().Context(), localeOf(c)
	page := views.AdminImportPage{
		Page: h.adminPage(c, l.T("import.title")), Errors: fieldErrors(l, problem), Error: formError(l, problem),
		Address: typed.address, Channel: typed.channel, Channels: typed.channels, Accesses: options(l, "access.", string(paywall.AccessEntitled), paywall.Accesses...),
		TypedKinds: options(l, "kind.", typed.kind, paywall.KindRadio, paywall.KindVideo),
	}
	var here *paywall.AlreadyHere
	if errors.As(problem, &here) {
		page.Here = &views.PageLink{URL: "/admin/items/" + here.Item.ID, Label: here.Item.Title}
	}
	if err := h.addRuns(c, &page); err != nil {
		return err
	}
	held, plan, err := h.Imports.Overview(ctx)
	if err != nil && !errors.Is(err, paywall.ErrNotFound) {
		return err
	}
	if err == nil {
		page.ReadAt = l.ShortDateTime(h.sited(held.ReadAt))
		h.fillTree(c, &page, held, plan)
		if all := plan.Count(paywall.PlanNew); all > 1 {
			page.AllNew = l.N("import.all_new", all)
		}
		page.Radio, page.VOD = h.partWords(l, held.Radio), h.partWords(l, held.VOD)
		page.Gone = goneLinks(plan.Gone)
		if page.Channels == "" {
			page.Channels = typedChannels(held)
		}
	}
	return h.render(c, status, views.AdminImport(page))
}

// addRuns shows the run that is on, and how the last one ended.
func (h *Handlers) addRuns(c echo.Context, page *views.AdminImportPage) error {
	runs, err := h.Imports.Runs(c.Request().Context(), 5)
	if err != nil {
		return err
	}
	l := localeOf(c)
	for _, run := range runs {
		row := views.ImportRunRow{
			URL: runPath(run.ID), Kind: l.T("import.kind." + string(run.Kind)), State: l.T("import.state." + string(run.State)),
			When: l.ShortDateTime(h.sited(run.CreatedAt)), Good: run.State == paywall.RunDone,
		}
		if run.State == paywall.RunRunning {
			page.RunningURL = row.URL
		}
		page.Runs = append(page.Runs, row)
	}
	return nil
}

func runPath(id string) string { return importPath + "/runs/" + id }

// partWords say why the half of an account cannot be picked from, and from when
// what is shown of it is; empty when it can.
func (h *Handlers) partWords(l *i18n.Locale, part paywall.HoldingsPart) string {
	var words []string
	if part.Trouble != "" {
		words = append(words, l.T(part.Trouble))
	}
	if !part.KeptAt.IsZero() {
		words = append(words, l.T("import.part.kept", "Date", l.ShortDateTime(h.sited(part.KeptAt))))
	}
	return strings.Join(words, " ")
}

func typedChannels(held paywall.Holdings) string {
	var numbers []string
	for _, channel := range held.Channels {
		if channel.Typed {
			numbers = append(numbers, channel.Channel.ID)
		}
	}
	return strings.Join(numbers, ", ")
}

func goneLinks(gone []paywall.GoneLine) []views.PageLink {
	links := make([]views.PageLink, len(gone))
	for i, line := range gone {
		links[i] = views.PageLink{URL: "/admin/items/" + line.ItemID, Label: line.Title}
	}
	return links
}

// fillTree lays out stations, channels and folders as the owner picks them.
func (h *Handlers) fillTree(c echo.Context, page *views.AdminImportPage, held paywall.Holdings, plan paywall.Plan) {
	l := localeOf(c)
	lines := map[string]paywall.PlanLine{}
	for _, line := range plan.Lines {
		lines[line.Key] = line
	}
	for _, station := range held.Stations {
		page.Stations = append(page.Stations, pickRow(l, lines[paywall.StationKey(station)]))
	}
	media := len(plan.Lines) - len(held.Stations)
	for _, channel := range held.Channels {
		row := views.ImportChannel{Name: channel.Channel.Name, Number: channel.Channel.ID, Total: l.N("import.media", len(channel.Media))}
		for _, folder := range foldersOf(channel) {
			key := paywall.FolderKey(channel.Channel.ID, folder.ID)
			in := channel.In(folder.ID)
			branch := views.ImportFolder{
				Key: key, Name: folderName(l, folder), Total: l.N("import.media", len(in)), Protection: protectionWord(l, folder.Protection, false),
			}
			open := media <= mostMediaShown || c.QueryParam("folder") == key
			for _, m := range in {
				line := lines[paywall.MediaKey(channel.Channel.ID, m.ID)]
				if line.State == paywall.PlanNew {
					branch.New++
				}
				if open {
					branch.Media = append(branch.Media, pickRow(l, line))
				}
			}
			branch.NewText = l.N("import.new", branch.New)
			if !open {
				branch.OpenURL = importPath + "?" + url.Values{"folder": {key}}.Encode()
			}
			row.Folders = append(row.Folders, branch)
		}
		page.ChannelRows = append(page.ChannelRows, row)
	}
}

// foldersOf lists the folders with media in them, and for media without one a root.
func foldersOf(channel paywall.HeldChannel) []paywall.SupplierFolder {
	var with []paywall.SupplierFolder
	for _, media := range channel.Media {
		if !slices.ContainsFunc(with, func(f paywall.SupplierFolder) bool { return f.ID == media.FolderID }) {
			with = append(with, channel.Folder(media.FolderID))
		}
	}
	slices.SortStableFunc(with, func(a, b paywall.SupplierFolder) int { return strings.Compare(a.Path, b.Path) })
	return with
}

func folderName(l *i18n.Locale, folder paywall.SupplierFolder) string {
	if folder.Path == "" {
		return l.T("import.root")
	}
	return folder.Path
}

func pickRow(l *i18n.Locale, line paywall.PlanLine) views.ImportPick {
	row := views.ImportPick{
		Key: line.Key, Title: line.Title, Length: length(l, line.Duration), State: l.T("import.plan." + string(line.State)),
		New: line.State == paywall.PlanNew, Protection: protectionWord(l, line.Protection, line.Radio),
	}
	if line.Radio {
		row.Length = l.N("import.streams", line.Streams)
	}
	if line.ItemID != "" {
		row.ItemURL = "/admin/items/" + line.ItemID
	}
	return row
}

// protectionWord warns of what plays without a token; nothing when it asks for
// one, or nobody tells.
func protectionWord(l *i18n.Locale, p paywall.Protection, radio bool) string {
	switch {
	case !p.Known || p.On:
		return ""
	case radio:
		return l.T("import.open.radio")
	}
	return l.T("import.open.video")
}

// submitImportRead reads the account anew: POST /admin/items/import/read.
func (h *Handlers) submitImportRead(c echo.Context) error {
	form, err := postedForm(c, smallForm)
	if err != nil {
		return err
	}
	typed := importTyped{channels: form.Get("channels")}
	numbers := strings.FieldsFunc(typed.channels, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
	run, err := h.Imports.StartRead(c.Request().Context(), paywall.ActorOf(viewerOf(c)), numbers)
	return h.afterStart(c, run, typed, err)
}

// afterStart leads to the run that was started, or says why there is none.
func (h *Handlers) afterStart(c echo.Context, run paywall.ImportRun, typed importTyped, err error) error {
	if kind := paywall.KindOf(err); kind == paywall.KindInvalid || kind == paywall.KindConflict {
		return h.showImportForm(c, statuses[kind], typed, err)
	}
	if err != nil {
		return err
	}
	return seeOther(c, runPath(run.ID))
}

// choiceOf reads what was chosen.
func choiceOf(form url.Values) paywall.ImportChoice {
	return paywall.ImportChoice{
		Picks: form["pick"], Access: paywall.Access(form.Get("access")),
		Collections: form.Get("collections") == "true", Publish: form.Get("publish") == "true",
	}
}

// submitImportPlan shows what an import would do, and does nothing: POST
// /admin/items/import/plan.
func (h *Handlers) submitImportPlan(c echo.Context) error {
	form, err := postedForm(c, importForm)
	if err != nil {
		return err
	}
	choice := choiceOf(form)
	plan, err := h.Imports.Plan(c.Request().Context(), choice)
	if paywall.KindOf(err) == paywall.KindInvalid {
		return h.showImportForm(c, http.StatusUnprocessableEntity, importTyped{}, err)
	}
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, views.AdminImportPlan(h.planPage(c, choice, plan)))
}

// planFacts count what a plan would do; what does not occur is left out.
func planFacts(l *i18n.Locale, choice paywall.ImportChoice, plan paywall.Plan) []views.Fact {
	facts := []views.Fact{{Label: l.T("import.plan.new"), Value: l.N("import.things", plan.Count(paywall.PlanNew))}}
	add := func(label, unit string, n int) {
		if n > 0 {
			facts = append(facts, views.Fact{Label: l.T(label), Value: l.N(unit, n)})
		}
	}
	add("import.plan.here", "import.things", plan.Count(paywall.PlanHere))
	add("import.plan.differs", "import.things", plan.Count(paywall.PlanDiffers))
	add("import.plan.waiting", "import.things", plan.Count(paywall.PlanWaiting))
	add("import.plan.gone", "import.things", len(plan.Gone))
	add("import.plan.shares", "import.shares", plan.Shares)
	return append(facts, views.Fact{Label: l.T("admin.item.access.label"), Value: l.T("access." + string(choice.Access))})
}

func (h *Handlers) planPage(c echo.Context, choice paywall.ImportChoice, plan paywall.Plan) views.AdminImportPlanPage {
	l := localeOf(c)
	page := views.AdminImportPlanPage{
		Page: h.adminPage(c, l.T("import.plan.title")), Picks: choice.Picks, Access: string(choice.Access),
		Collections: choice.Collections, Publish: choice.Publish, New: plan.Count(paywall.PlanNew), Gone: goneLinks(plan.Gone),
		Facts: planFacts(l, choice, plan),
	}
	if plan.Open > 0 {
		page.Open = l.N("import.plan.open", plan.Open)
	}
	for _, line := range plan.Lines {
		row := pickRow(l, line)
		switch line.State {
		case paywall.PlanNew:
			page.NewLines = append(page.NewLines, row)
		case paywall.PlanDiffers:
			for _, field := range line.Fields {
				row.Fields = append(row.Fields, l.T("import.field."+string(field)))
			}
			page.Differing = append(page.Differing, row)
		case paywall.PlanWaiting:
			page.Waiting = append(page.Waiting, row)
		case paywall.PlanHere:
			if line.ItemID != "" {
				page.Here++
			}
		}
	}
	return page
}

// submitImport starts an import: POST /admin/items/import.
func (h *Handlers) submitImport(c echo.Context) error {
	form, err := postedForm(c, importForm)
	if err != nil {
		return err
	}
	run, err := h.Imports.Start(c.Request().Context(), paywall.ActorOf(viewerOf(c)), choiceOf(form))
	return h.afterStart(c, run, importTyped{}, err)
}

// showImportRun shows how far a run is: GET /admin/items/import/runs/:id. While it
// runs, the page loads itself again.
func (h *Handlers) showImportRun(c echo.Context) error {
	l := localeOf(c)
	run, err := h.Imports.Run(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	report := run.ReportOf()
	page := views.AdminImportRunPage{
		Page: h.adminPage(c, l.T("import.kind."+string(run.Kind))), Running: run.State == paywall.RunRunning, Good: run.State == paywall.RunDone,
		State: l.T("import.state." + string(run.State)), Done: run.Done, Total: run.Total,
		Progress: l.T("import.progress", "Done", l.Number(run.Done), "Total", l.Number(run.Total)), StopURL: runPath(run.ID) + "/stop",
		Read: run.Kind == paywall.RunRead,
	}
	if report.Trouble != "" {
		page.Trouble = l.T(report.Trouble)
	}
	if run.Kind != paywall.RunRead {
		page.Facts = []views.Fact{
			{Label: l.T("import.report.created"), Value: l.N("import.things", report.Created)},
			{Label: l.T("import.report.changed"), Value: l.N("import.things", report.Changed)},
			{Label: l.T("import.report.same"), Value: l.N("import.things", report.Same)},
			{Label: l.T("import.report.collections"), Value: l.N("import.things", report.Collections)},
			{Label: l.T("import.report.shares"), Value: l.N("import.shares", report.Shares)},
		}
	}
	for _, p := range report.Problems {
		page.Problems = append(page.Problems, views.Fact{Label: p.Title, Value: l.T(p.Key)})
	}
	if report.More > 0 {
		page.More = l.N("import.report.more", report.More)
	}
	if page.Running {
		comeAgain(c)
	}
	return h.render(c, http.StatusOK, views.AdminImportRun(page))
}

// submitStopImport ends a run: POST /admin/items/import/runs/:id/stop.
func (h *Handlers) submitStopImport(c echo.Context) error {
	id := c.Param("id")
	if err := h.Imports.Stop(c.Request().Context(), paywall.ActorOf(viewerOf(c)), id); err != nil {
		return err
	}
	return seeOther(c, runPath(id))
}
