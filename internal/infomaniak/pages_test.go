package infomaniak

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"usher/paywall"
)

// folderList is a service with a number of folders.
type folderList struct {
	total int
	calls []string
	// write answers the folders from one to another of a page.
	write func(w http.ResponseWriter, q url.Values, page, from, to int)
	size  int // of a page when it heeds no per_page
}

func (l *folderList) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.calls = append(l.calls, r.URL.RequestURI())
	q := r.URL.Query()
	page, _ := strconv.Atoi(q.Get("page"))
	page = max(1, page)
	size := l.size
	if size == 0 {
		size, _ = strconv.Atoi(q.Get("per_page"))
	}
	if size == 0 {
		size = 15
	}
	from := min((page-1)*size, l.total)
	l.write(w, q, page, from, min(from+size, l.total))
}

// folderRows writes folders as JSON.
func folderRows(from, to int) string {
	var all []string
	for i := from; i < to; i++ {
		all = append(all, fmt.Sprintf(`{"id":"f%d","path":"/Folder %d","key_restricted":true,"extra":{"deep":[1]}}`, i, i))
	}
	return "[" + strings.Join(all, ",") + "]"
}

// Whatever a service makes of paging, a list is complete and holds nothing twice.
func TestListAll_Complete(t *testing.T) {
	const total = 430
	plainPage := func(w http.ResponseWriter, _ url.Values, _, from, to int) {
		fmt.Fprintf(w, `{"result":"success","data":%s}`, folderRows(from, to))
	}
	measured := func(size int) func(http.ResponseWriter, url.Values, int, int, int) {
		return func(w http.ResponseWriter, _ url.Values, page, from, to int) {
			fmt.Fprintf(w, `{"result":"success","data":%s,"total":%d,"page":%d,"pages":%d,"items_per_page":%d}`,
				folderRows(from, to), total, page, (total+size-1)/size, size)
		}
	}
	refusing := func(parameters ...string) func(http.ResponseWriter, url.Values, int, int, int) {
		return func(w http.ResponseWriter, q url.Values, page, from, to int) {
			for _, p := range parameters {
				if q.Has(p) {
					answers(422, `{"result":"error","error":{"code":"validation_failed"}}`)(w, httpGet())
					return
				}
			}
			if q.Has("page") || len(parameters) < 2 {
				plainPage(w, q, page, from, to)
				return
			}
			plainPage(w, q, page, 0, total)
		}
	}
	for name, tc := range map[string]struct {
		list  *folderList
		calls int
	}{
		"measured":           {&folderList{write: measured(200)}, 3},
		"small pages":        {&folderList{write: measured(50), size: 50}, 9},
		"no measures":        {&folderList{write: plainPage}, 4},
		"no measures, small": {&folderList{write: plainPage, size: 43}, 11},
		"total alone": {&folderList{write: func(w http.ResponseWriter, _ url.Values, _, from, to int) {
			fmt.Fprintf(w, `{"result":"success","data":%s,"total":"%d"}`, folderRows(from, to), total)
		}}, 3},
		"paging ignored": {&folderList{write: plainPage, size: total}, 2},
		"paging ignored twice": {&folderList{write: func(w http.ResponseWriter, _ url.Values, _, _, _ int) {
			fmt.Fprintf(w, `{"result":"success","data":%s,"pages":9}`, folderRows(0, total))
		}}, 2},
		"paginator inside": {&folderList{write: func(w http.ResponseWriter, _ url.Values, _, from, to int) {
			fmt.Fprintf(w, `{"result":"success","data":{"current_page":1,"data":%s}}`, folderRows(from, to))
		}}, 4},
		"object": {&folderList{write: func(w http.ResponseWriter, _ url.Values, _, from, to int) {
			list, named := "[]", []string{}
			for i := from; i < to; i++ {
				named = append(named, fmt.Sprintf(`"%d":{"id":"f%d"}`, i, i))
			}
			if len(named) > 0 {
				list = "{" + strings.Join(named, ",") + "}"
			}
			fmt.Fprintf(w, `{"result":"success","data":%s}`, list)
		}}, 4},
		"no per_page":      {&folderList{write: refusing("per_page")}, 31},
		"no paging at all": {&folderList{write: refusing("per_page", "page")}, 3},
		"result in capitals": {&folderList{write: func(w http.ResponseWriter, _ url.Values, _, from, to int) {
			fmt.Fprintf(w, `{"result":"SUCCESS","data":%s,"pages":3}`, folderRows(from, to))
		}}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			tc.list.total = total
			c := newClient(t, serve(t, tc.list.ServeHTTP).URL, nil)
			folders, err := c.Folders(t.Context(), "1227")
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for _, f := range folders {
				seen[f.ID] = true
			}
			if len(folders) != total || len(seen) != total {
				t.Errorf("%d folders, %d different", len(folders), len(seen))
			}
			if len(tc.list.calls) != tc.calls {
				t.Errorf("%d calls, want %d: %q", len(tc.list.calls), tc.calls, tc.list.calls)
			}
		})
	}
}

func httpGet() *http.Request {
	r, _ := http.NewRequest(http.MethodGet, "/", http.NoBody) //nolint:noctx // nobody calls it
	return r
}

// Something that is deleted between two pages moves the rest up: the list is read
// once more.
func TestListAll_Moving(t *testing.T) {
	gone := false
	list := &folderList{total: 400, size: 200}
	list.write = func(w http.ResponseWriter, _ url.Values, page, from, to int) {
		fmt.Fprintf(w, `{"result":"success","data":%s,"total":%d,"pages":2}`, folderRows(from+(400-list.total), to+(400-list.total)), list.total)
		if page == 1 && !gone {
			gone, list.total = true, 399 // the first one goes
		}
	}
	c := newClient(t, serve(t, list.ServeHTTP).URL, nil)
	folders, err := c.Folders(t.Context(), "1227")
	if err != nil || len(folders) != 399 || len(list.calls) != 4 {
		t.Errorf("%d folders over %d calls, %v", len(folders), len(list.calls), err)
	}
}

// A list that never ends is given up.
func TestListAll_Endless(t *testing.T) {
	n := 0
	c := newClient(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n++
		fmt.Fprintf(w, `{"result":"success","data":[{"id":"f%d"}],"pages":999999}`, n)
	}).URL, nil)
	_, err := c.Folders(t.Context(), "1227")
	if paywall.TroubleOf(err) != paywall.TroubleGarbage || n != maxPages {
		t.Errorf("%d calls, %v", n, err)
	}
}

// What no list should answer, and the cause that an owner reads.
func TestListAll_UglyAnswers(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"html":              {200, "<html>Maintenance</html>", paywall.TroubleGarbage},
		"empty":             {200, "", paywall.TroubleGarbage},
		"cut":               {200, `{"result":"success","data":[{"id":"a"}`, paywall.TroubleGarbage},
		"no result":         {200, `{"data":[]}`, paywall.TroubleGarbage},
		"no data":           {200, `{"result":"success"}`, paywall.TroubleGarbage},
		"null":              {200, `{"result":"success","data":null}`, paywall.TroubleGarbage},
		"text":              {200, `{"result":"success","data":"nothing"}`, paywall.TroubleGarbage},
		"numbers":           {200, `{"result":"success","data":[[1,2,3]]}`, paywall.TroubleGarbage},
		"without ids":       {200, `{"result":"success","data":[{"name":"x"}]}`, paywall.TroubleGarbage},
		"too long":          {200, `{"result":"success","data":["` + strings.Repeat("a", maxPageBody) + `"]}`, paywall.TroubleGarbage},
		"error with 200":    {200, `{"result":"error","error":{"code":"not_authorized","description":"no"}}`, paywall.TroubleToken},
		"failure, a number": {200, `{"result":"failure","error":{"code":404}}`, paywall.TroubleGone},
		"401":               {401, `{"result":"error","error":{"code":"vod_not_authorized"}}`, paywall.TroubleToken},
		"403":               {403, `{"result":"error","error":{"code":"not_authorized"}}`, paywall.TroubleRights},
		"403, account":      {403, `{"result":"error","error":{"code":"vod_access_denied"}}`, paywall.TroubleAccount},
		"404":               {404, `{"result":"error","error":{"code":"vod_model_not_found"}}`, paywall.TroubleGone},
		"404 of a gateway":  {404, `<html>`, paywall.TroubleGone},
		"422":               {422, `{"result":"error","error":{"code":"validation_failed"}}`, paywall.TroubleInvalid},
		"429":               {429, `{}`, paywall.TroubleLimit},
		"500":               {500, `{"result":"error","error":{"code":"unexpected_error"}}`, paywall.TroubleDown},
		"502":               {502, ``, paywall.TroubleDown},
		"redirect":          {302, ``, paywall.TroubleGarbage},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, serve(t, answers(tc.status, tc.body)).URL, nil)
			folders, err := c.Folders(t.Context(), "1227")
			if got := paywall.TroubleOf(err); got != tc.want || folders != nil {
				t.Errorf("%d folders, %s (%v); want %s", len(folders), got, err, tc.want)
			}
		})
	}
}

// With the organisation set, a denial is no longer for want of it.
func TestTrouble_AccountIsSet(t *testing.T) {
	c := newClient(t, serve(t, answers(403, `{"result":"error","error":{"code":"vod_access_denied"}}`)).URL, func(cfg *Config) { cfg.Account = "7" })
	if _, err := c.Folders(t.Context(), "1227"); paywall.TroubleOf(err) != paywall.TroubleRights {
		t.Errorf("error = %v, %s", err, paywall.TroubleOf(err))
	}
	if failure := mintFails(t, c, video); failure.Key != paywall.TroubleRights {
		t.Errorf("a mint: %s", failure.Key)
	}
}

// Where the first version of a call is no more, the second is asked.
func TestMedia_SecondVersion(t *testing.T) {
	c := newClient(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/1/") {
			answers(404, `{"result":"error","error":{"code":"method_not_found"}}`)(w, r)
			return
		}
		answers(200, `{"result":"success","data":[{"id":"m1","name":"Film","parent":{"id":"f","name":"Old"},"duration":"00:01:00"}],"pages":1}`)(w, r)
	}).URL, nil)
	media, err := c.Media(t.Context(), "1227")
	if err != nil || len(media) != 1 || media[0].Folder != "Old" || media[0].Duration.Seconds() != 60 {
		t.Errorf("media %+v, %v", media, err)
	}
}

// Streams that a list of stations does not bring along are asked for one by one.
func TestStations_WithoutRelations(t *testing.T) {
	c := newClient(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Query().Has("with"):
			answers(422, `{"result":"error","error":{"code":"validation_failed"}}`)(w, r)
		case strings.HasSuffix(r.URL.Path, "/streams"):
			answers(200, `{"result":"success","data":[{"id":5,"mountpoint":"/a-64.aac","codec":2,"bitrate":"64","url":"a.ice.infomaniak.ch/a-64.aac","hash_key":"k","is_hash_restriction":1}],"pages":1}`)(w, r)
		case strings.HasSuffix(r.URL.Path, "/hls_stream"):
			answers(404, `{"result":"error","error":{"code":"object_not_found"}}`)(w, r)
		default:
			answers(200, `{"result":"success","data":[{"id":3,"name":"A","subdomain":"a","is_enabled":false}],"pages":1}`)(w, r)
		}
	}).URL, nil)
	stations, err := c.Stations(t.Context(), "4601")
	if err != nil || len(stations) != 1 || stations[0].Enabled || len(stations[0].Streams) != 1 {
		t.Fatalf("stations %+v, %v", stations, err)
	}
	want := paywall.SupplierStream{
		ID: "5", Kind: paywall.SourceStream, Ref: "a-64.aac", URL: "http://a.ice.infomaniak.ch/a-64.aac", Codec: "aac", Bitrate: 64,
		Protection: paywall.Protection{Known: true, On: true}, Up: true, Enabled: true,
	}
	if stations[0].Streams[0] != want {
		t.Errorf("stream %+v", stations[0].Streams[0])
	}
}

// A folder with rules of its parent beside the token is not cut off from them.
func TestProtection_OtherRulesAreKept(t *testing.T) {
	puts := 0
	c := newClient(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPut:
			puts++
		case strings.Contains(r.URL.Path, "/share/"):
			answers(200, `{"result":"success","data":{"id":"s","target_id":"m"}}`)(w, r)
		case strings.Contains(r.URL.Path, "/media/"):
			answers(200, `{"result":"success","data":{"id":"m","key_restricted":false,"folder":{"id":"f","path":"/A"}}}`)(w, r)
		default:
			answers(200, `{"result":"success","data":{"id":"f","inherits_restrictions":true,"password":"hunter2-canary","allowed_countries":[]}}`)(w, r)
		}
	}).URL, nil)
	err := c.SetProtection(t.Context(), paywall.SupplierRef{Kind: paywall.SourceVOD, Ref: "s", Channel: "7"}, true)
	if paywall.TroubleOf(err) != paywall.TroubleInherits || puts != 0 || strings.Contains(err.Error(), "canary") {
		t.Errorf("error %v after %d changes", err, puts)
	}
}

// "Not done" with status 200 is no success.
func TestProtection_AnsweredFalse(t *testing.T) {
	c := newClient(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPut:
			answers(200, `{"result":"success","data":false}`)(w, r)
		case strings.HasSuffix(r.URL.Path, "/stations"):
			answers(200, `{"result":"success","data":[{"id":3,"name":"A","streams":[{"id":5,"mountpoint":"/a.mp3"}],"hls_stream":null}],"pages":1}`)(w, r)
		default:
			answers(200, `{"result":"success","data":[{"id":1}],"pages":1}`)(w, r)
		}
	}).URL, func(cfg *Config) { cfg.Account = "7" })
	err := c.SetProtection(t.Context(), paywall.SupplierRef{Kind: paywall.SourceStream, Ref: "a.mp3"}, true)
	if paywall.TroubleOf(err) != paywall.TroubleGarbage {
		t.Errorf("error = %v", err)
	}
}

// The organisation is found where the token may not list them, or asked for.
func TestAccounts_Found(t *testing.T) {
	for name, tc := range map[string]struct {
		profile string
		want    string // trouble
	}{
		"current":     {`{"id":1,"current_account_id":48213}`, ""},
		"preferences": {`{"id":1,"preferences":{"account":{"current_account_id":"48213"}}}`, ""},
		"nowhere":     {`{"id":1,"preferences":{"account":"x"}}`, paywall.TroubleAccount},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/1/accounts":
					answers(401, `{"result":"error","error":{"code":"not_authorized"}}`)(w, r)
				case r.URL.Path == "/2/profile":
					answers(200, `{"result":"success","data":`+tc.profile+`}`)(w, r)
				case r.URL.Query().Get("account_id") == "48213":
					answers(200, `{"result":"success","data":[{"product":{"id":9},"name":"Radio"}],"pages":1}`)(w, r)
				}
			}).URL, nil)
			products, err := c.RadioProducts(t.Context())
			if paywall.TroubleOf(err) != tc.want || tc.want == "" && (len(products) != 1 || products[0].ID != "9") {
				t.Errorf("products %+v, %v", products, err)
			}
		})
	}
}

// One organisation that refuses does not hide the others; one that does not
// answer does, because half a list would look as if the rest was deleted.
func TestAccounts_Several(t *testing.T) {
	for status, want := range map[int]string{403: "", 503: paywall.TroubleDown} {
		c := newClient(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/1/accounts":
				answers(200, `{"result":"success","data":[{"id":1},{"id":2}],"pages":1}`)(w, r)
			case r.URL.Query().Get("account_id") == "1":
				answers(status, `{"result":"error","error":{"code":"x"}}`)(w, r)
			default:
				answers(200, `{"result":"success","data":[{"id":9}],"pages":1}`)(w, r)
			}
		}).URL, nil)
		products, err := c.RadioProducts(t.Context())
		if paywall.TroubleOf(err) != want || want == "" && len(products) != 1 {
			t.Errorf("%d: products %+v, %v", status, products, err)
		}
	}
}

// A share's id is found where the OpenAPI file has it, and where programs have.
func TestCreateShare_Answers(t *testing.T) {
	for body, want := range map[string]string{
		`{"result":"success","data":{"id":"1jnew"}}`: "1jnew", `{"result":"success","id":"1jnew"}`: "1jnew", `{"result":"success","data":true}`: "",
	} {
		c := newClient(t, serve(t, answers(200, body)).URL, nil)
		share, err := c.CreateShare(t.Context(), "1227", "m")
		if share.ID != want || (err == nil) != (want != "") {
			t.Errorf("%s: %+v, %v", body, share, err)
		}
	}
}
