package markdown_test

import (
	"context"
	"strings"
	"testing"

	"usher/internal/markdown"
)

func TestRender(t *testing.T) {
	cases := map[string]struct{ source, want string }{
		"nothing":          {" \n\t", ""},
		"paragraphs":       {"One\n\nTwo", "<p>One</p>\n<p>Two</p>"},
		"lines stay":       {"Radio Lumière\nMarktgasse 1", "<p>Radio Lumière<br>\nMarktgasse 1</p>"},
		"headings fit in":  {"# A\n## B\n### C\n###### D", "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>\n<h4>D</h4>"},
		"underlined":       {"A\n===\nB\n---", "<h2>A</h2>\n<h3>B</h3>"},
		"emphasis":         {"*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"},
		"lists":            {"- a\n- b\n\n3. c\n4. d", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol start=\"3\">\n<li>c</li>\n<li>d</li>\n</ol>"},
		"quote and rule":   {"> a\n\n---", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>"},
		"code":             {"```js\nalert(1)\n```", "<pre><code>alert(1)\n</code></pre>"},
		"table":            {"|a|b|\n|:-|-:|\n|1|2|", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>"},
		"https":            {"[a](https://a.example/x?b=1&c=2)", `<p><a href="https://a.example/x?b=1&amp;c=2" rel="noopener">a</a></p>`},
		"mail":             {"[a](mailto:a@b.example)", `<p><a href="mailto:a@b.example" rel="noopener">a</a></p>`},
		"own page":         {"[a](/terms) [b](/)", `<p><a href="/terms">a</a> <a href="/">b</a></p>`},
		"bare addresses":   {"https://a.example/x and a@b.example", `<p><a href="https://a.example/x" rel="noopener">https://a.example/x</a> and <a href="mailto:a@b.example" rel="noopener">a@b.example</a></p>`},
		"title is dropped": {`[a](/x "hover")`, `<p><a href="/x">a</a></p>`},
		"picture is words": {"![our studio](https://a.example/x.png)", "<p>our studio</p>"},
		"tag is text":      {"a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>"},
		"block is text":    {"<div>\n*a*\n</div>", "<p>&lt;div&gt;<br>\n<em>a</em><br>\n&lt;/div&gt;</p>"},
		"bidi raw":         {"a\u202eb\u2066c\u2069d\u202c", "<p>abcd</p>"},
		"bidi entity":      {"a&#8238;b&#x2067;c", "<p>abc</p>"},
		"bidi in a link":   {"[a\u202eb](/x)", `<p><a href="/x">ab</a></p>`},
		"marks stay":       {"a\u200fb \u200d", "<p>a\u200fb \u200d</p>"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for range 2 { // made, and remembered
				if got := markdown.Render(c.source).String(); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
			}
		})
	}
}

// TestRefusedTargets: the words of such a link stay, the link goes.
func TestRefusedTargets(t *testing.T) {
	for _, destination := range []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#10;script:alert(1)", "&#106;avascript:alert(1)",
		"vbscript:x", "data:text/html,<script>alert(1)</script>", "data:image/svg+xml;base64,AAAA", "file:///etc/passwd",
		"http://a.example/", "//a.example/", "\\\\a.example", "ftp://a.example", "x", "?q=1", "#top",
		"https:\\\\a.example", "https:a.example", "blob:https://a.example/1", "<java script:alert(1)>",
	} {
		source := "[click](" + destination + ")"
		got := markdown.Render(source).String()
		if strings.Contains(got, "href") || !strings.Contains(got, "click") {
			t.Errorf("%q: %s", source, got)
		}
	}
}

// TestWrittenTargets: what browsers would read as another site is written so that
// it stays here.
func TestWrittenTargets(t *testing.T) {
	for destination, want := range map[string]string{
		"/\\a.example/": "/%5Ca.example/", "</\t/a.example>": "/%09/a.example", "/%09/a.example": "/%09/a.example",
	} {
		if got := markdown.Render("[click](" + destination + ")").String(); !strings.Contains(got, `href="`+want+`"`) {
			t.Errorf("%q: %s", destination, got)
		}
	}
}

func TestRenderAsComponent(t *testing.T) {
	var b strings.Builder
	if err := markdown.Render("*a*").Render(context.Background(), &b); err != nil || b.String() != "<p><em>a</em></p>" {
		t.Fatal(b.String(), err)
	}
	if !(markdown.HTML{}).Empty() || markdown.Render("a").Empty() {
		t.Fatal("Empty lies")
	}
}

func TestText(t *testing.T) {
	cases := map[string]struct{ source, want string }{
		"paragraphs": {"# Head\n\nOne *two* **three** `f<o>`\n\nFour", "Head\n\nOne two three f<o>\n\nFour"},
		"lines":      {"Radio Lumière\nMarktgasse 1", "Radio Lumière\nMarktgasse 1"},
		"entities":   {`a &amp; b \*c\* &lt;d&gt; \&amp;`, "a & b *c* <d> &amp;"},
		"links":      {"[us](https://a.example/) [mail](mailto:a@b.example) [a@b.example](mailto:a@b.example) https://c.example/", "us (https://a.example/) mail (a@b.example) a@b.example https://c.example/"},
		"refused":    {"[x](javascript:alert(1)) [y](/terms) ![z](https://a.example/p.png)", "x y z"},
		"lists":      {"- a\n- b\n  - c\n\n1. d\n2. e", "- a\n- b\n  - c\n\n1. d\n2. e"},
		"rest":       {"> quoted\n\n---\n\n```\ncode\n```\n\n|a|b|\n|-|-|\n|1|2|", "quoted\n\n* * *\n\ncode\n\na | b\n1 | 2"},
		"bidi":       {"a\u202eb&#8238;c", "abc"},
		"tags":       {"<b>x</b>", "<b>x</b>"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := markdown.Text(c.source); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestLong: what is too long is cut between characters.
func TestLong(t *testing.T) {
	if got := markdown.Render(strings.Repeat("ü", markdown.MaxLength+1)).String(); len(got) != 2*markdown.MaxLength+len("<p></p>") {
		t.Errorf("%d bytes", len(got))
	}
}

// hostile are texts that make a careless parser slow or deep.
var hostile = map[string]string{
	"quotes":   strings.Repeat(">", 40_000),
	"brackets": strings.Repeat("[", 40_000),
	"links":    strings.Repeat("[a](", 10_000),
	"pictures": strings.Repeat("![a](", 8_000),
	"stars":    strings.Repeat("*a **b ", 6_000),
	"mixed":    strings.Repeat("*_a_* ", 6_000) + strings.Repeat("_*", 2_000),
	"ticks":    strings.Repeat("`a``b```c", 4_000),
	"lists":    strings.Repeat("- ", 20_000),
	"tables":   strings.Repeat("|", 20_000) + "\n" + strings.Repeat("|-", 10_000) + "\n" + strings.Repeat("|a", 10_000),
	"refs":     strings.Repeat("[a]: /x\n", 5_000),
	"tags":     strings.Repeat("<a href='x' onclick=y>", 1_800),
	"autolink": strings.Repeat("https://a.example/((((", 1_800),
}

func BenchmarkHostile(b *testing.B) {
	for name, source := range hostile {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				markdown.RenderAnew(source)
			}
		})
	}
}

// page is a text of the size of real terms.
var page = strings.Repeat("## A heading\n\nSome *words* with a [link](https://a.example/) and `code`, as a text has.\n\n- one\n- two\n\n", 10)

func BenchmarkRenderAnew(b *testing.B) {
	for b.Loop() {
		markdown.RenderAnew(page)
	}
}

func BenchmarkRenderRemembered(b *testing.B) {
	for b.Loop() {
		markdown.Render(page)
	}
}

func FuzzRender(f *testing.F) {
	f.Add(page)
	f.Add("[a](javascript:alert(1)) <script>alert(1)</script> <img src=x onerror=alert(1)>")
	f.Add("&#60;script&#62; [x]: java\nscript: \\<b\\> <https://a/\"onclick=x> \x00")
	f.Fuzz(func(t *testing.T, source string) {
		markdown.Text(source)
		checkMarkup(t, source, markdown.RenderAnew(source).String())
	})
}
