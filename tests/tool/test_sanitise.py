"""What students produce is shown on other people's pages: nothing in it may run, load, move or disguise anything."""

import re

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbconvert.filters import ansi2html
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat.v4 import new_markdown_cell, new_output, new_raw_cell

from autograder.render import sanitise
from autograder.render.cells import Pen, prose
from autograder.render.markdown import Prose, code_html
from autograder.render.tex import formula_html, tex_html
from autograder.render.verdict import sentence_html
from tests.places import table

RASTERS = "image/png image/jpeg image/gif image/webp".split()
TABLE = table("tool/hostile.toml")
HOSTILE, PAINTING = TABLE["html"], TABLE["tex"]
HOSTILE_MARKDOWN = [*HOSTILE, *TABLE["markdown"]]
ALLOWED = {name for names in sanitise.ATTRIBUTES.values() for name in names} | {"rel", "class"}


def dangers(page: str) -> list[str]:
    """What a browser could run, load or be led to by a piece of HTML."""
    found = []
    for element in BeautifulSoup(page, "html.parser").find_all(True):
        if element.name not in sanitise.TAGS and not is_tick_box(element):
            found.append(element.name)
        for name, value in element.attrs.items():
            aligned = name == "style" and re.fullmatch(r"text-align:(left|right|center)", str(value))
            anchor = name == "id" and re.fullmatch(r"h[1-6]", element.name)
            if name not in ALLOWED and not aligned and not anchor and not is_tick_box(element):
                found.append(f"{element.name}@{name}")
            if name == "href" and not re.match(r"https?://|mailto:|#", str(value)):
                found.append(f"href {value}")
            if name == "src" and not str(value).startswith("data:image/"):
                found.append(f"src {value}")
    return found


def is_tick_box(element: Tag) -> bool:
    """What the renderer makes of a task list."""
    ticked = element.name == "input" and element.attrs["type"] == "checkbox" and "disabled" in element.attrs
    return ticked and set(element.attrs) <= {"class", "type", "disabled", "checked"}


def disarmed(source: str) -> list[str]:
    """A text as HTML and as Markdown, and as formgrader shows it, which renders with this very function and cleans nothing."""
    return [sanitise.html(source), sanitise.markdown(source), markdown2html_mistune(sanitise.markdown_source(source))]


@pytest.mark.parametrize("source", HOSTILE_MARKDOWN)
def test_hostile_markup_is_disarmed(source):
    assert list(map(dangers, disarmed(source))) == [[], [], []]


PIECES = [
    *"<>/=\"' abx:&#;-![]()`$\\\n~|*_",
    *"<a <b <img <svg src= href= onerror= javascript: data: ![a](//x.y) ](".split(),
]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_mixture_of_markup_gets_through(source):
    assert list(map(dangers, disarmed(source))) == [[], [], []]


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ('<div class="verdict highlight">x</div>', '<div class="highlight">x</div>'),  # the page's own class
        ('<p class="note" id="top">x</p>', "<p>x</p>"),
        ("<script>s</script><style>p{}</style><title>t</title><noscript>n</noscript>x", "x"),  # nobody sees it as text
        ("<template>t</template><textarea>a</textarea><iframe>f</iframe>x", "x"),
        ('<img width="99999" height="100%" alt="x">', '<img alt="x">'),
        ('<q cite="https://x.org">x</q><abbr title="y">x</abbr>', '<q>x</q><abbr title="y">x</abbr>'),
        ('<img src="data:image/png;base64,<b>">', "<img>"),
    ],
)
def test_of_html_only_what_is_known_is_kept(source, kept):
    assert sanitise.html(source) == kept


def test_honest_html_stays():
    table = "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"
    assert sanitise.html(table) == table
    for address in ("https://example.org", "http://example.org", "mailto:a@example.org"):
        assert address in sanitise.html(f'<a href="{address}">x</a>')
    assert 'src="data:image/png;base64,AAAA"' in sanitise.html('<img src="data:image/png;base64,AAAA">')


@pytest.mark.parametrize("source", ["<b>x</b>", "<!-- x -->", "a <?x"])
def test_no_tag_of_a_student_is_left_for_formgrader(source):
    assert sanitise.markdown_source(source) == source.replace("<", "< ")


@pytest.mark.parametrize("page", ["<video>", "<p style='position:fixed'>", "<p onclick=x>", "<a href='//x'>"])
def test_a_renderer_that_writes_more_than_todays_is_found_out(page):
    assert not sanitise._harmless(page)


def test_honest_markdown_stays():
    source = "# Notes\n\n**a** < b, $x^2$, [link](https://example.org), ![x](data:image/png;base64,AAAA)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one"
    assert sanitise.markdown_source(source) == source
    assert prose(new_raw_cell("*a* $x$ \u202e<b>"), formula_html) == "<pre>*a* $x$ ⟨U+202E⟩&lt;b&gt;</pre>"
    held = new_markdown_cell("![a](attachment:a.png)", attachments={"a.png": {"image/png": "AAAA"}})
    assert 'src="data:image/png;base64,AAAA"' in prose(held, formula_html)


HONEST_TEX = r"$\Omega_i \geq 0$, $$\frac{\partial L}{\partial\theta}=\begin{pmatrix}1&0\\0&\text{if }x\end{pmatrix}$$ and \\(\!x\,\\)"


def typeset(page: str) -> bool:
    """Whether there is a backslash where MathJax reads it, outside code."""
    shown = (text for text in BeautifulSoup(page, "html.parser").find_all(string=True))
    return any("\\" in text for text in shown if not text.find_parent(["code", "pre"]))


@pytest.mark.parametrize("tex", PAINTING)
def test_a_formula_that_could_paint_over_the_page_is_shown_as_its_source(tex):
    for page in (
        sanitise.html(f"<p>{tex}</p>"),
        sentence_html(tex),
        markdown2html_mistune(sanitise.markdown_source(tex)),
    ):
        assert not typeset(page)
        assert sanitise.html(page) == page or "<br>" in page
    assert BeautifulSoup(sanitise.html(f"<p>{tex}</p>"), "html.parser").get_text() == tex
    (output,) = sanitise.outputs([new_output("display_data", data={"text/latex": tex, "text/plain": "<object>"})])
    assert output.data == {"text/plain": tex}
    assert Pen().draw(tex.strip("$"), False) == tex_html(tex.strip("$"))


@pytest.mark.parametrize(
    "source", ["$\\<br>\\Rule{1}{2}{3}$", "<b>$\\R</b>ule{}$", "<p title='>'>$&bsol;Rule{1}{2}{3}$</p>"]
)
def test_tags_do_not_hide_a_formula(source):
    assert not typeset(sanitise.html(source))


def test_honest_formulas_stay():
    assert sanitise.html(HONEST_TEX) == HONEST_TEX.replace("&", "&amp;")
    assert sanitise.markdown_source(HONEST_TEX) == HONEST_TEX
    (output,) = sanitise.outputs([new_output("display_data", data={"text/latex": HONEST_TEX})])
    assert output.data == {"text/latex": HONEST_TEX}
    assert sanitise.html(r"<p>C:\Users costs 5</p>") == r"<p>C:\Users costs 5</p>"


@pytest.mark.parametrize("pattern", ["|a|b\n|-|-\n", "\\begin{a}", "```\n", "> *a* "])
def test_long_markdown_is_shown_as_it_was_written(pattern):
    """Rendering a page of these takes the square of its length in time."""
    source = pattern * (5_000 // len(pattern) + 1)
    for page in (
        markdown2html_mistune(sanitise.markdown_source(source)),
        sanitise.outputs([new_output("display_data", data={"text/markdown": source})])[0].data["text/html"],
    ):
        (shown,) = BeautifulSoup(page, "html.parser").find_all(True, recursive=False)
        assert shown.name == "pre"
        assert shown.get_text().strip() == source.strip()
        assert len(shown.find_all(True)) <= 1


def test_terminal_escapes_leave_colours_only_and_in_a_sentence_not_even_those():
    source = "\x1b]8;;javascript:alert(1)\x07link\x1b]8;;\x07 \x1b[2J\x1b[31mred\x1b[0m\x1b[1;1H \x1bPq\x1b\\."
    assert sanitise.text(source) == "link \x1b[31mred\x1b[0m ."
    assert sanitise.visible("\x1b[31mred") == "⟨U+001B⟩[31mred"


@settings(deadline=None)
@given(st.text(alphabet="\x1b\x9b[]();:0134589mKP\\\x07\r\na<", max_size=40))
@example("\x1b[38m")
@example("\x1b[1;048m")
@example("\x1b[38;5;999m")
@example("\x1b[38;2;1m")
@example("\x1b\x1b]x\x07[38m")
@example("\x1b\x1b[2J[48m")
@example(f"\x1b[{'9' * 5000}m")
def test_no_escape_stops_a_page(source):
    """Formgrader and the feedback page colour the text with this very function."""
    kept = sanitise.text(source)
    assert "\x1b" not in re.sub(r"\x1b\[[0-9;]*m", "", kept)
    assert "\x1b" not in ansi2html(kept)
    assert sanitise.text(kept) == kept


def test_a_terminals_colours_stay():
    codes = (1, 4, *range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108))
    page = "".join(ansi2html(f"\x1b[{code}mx\x1b[0m") for code in codes)
    assert sanitise.html(page) == page
    assert page.count("class=") == len(codes)


def test_of_an_overwritten_line_the_last_state_stays():
    assert sanitise.text("0%\r50%\r100%\nnext\r\r\n") == "100%\nnext\n"


@pytest.mark.parametrize("sign", "\x00\x08\x0b\x1a\x1c\x7f\x9f\u200e\u200f\u202a\u202e\u2066\u2069")
def test_characters_that_reorder_text_are_spelt_out(sign):
    spelt = f"if admin⟨U+{ord(sign):04X}⟩:"
    assert sanitise.visible(f"if admin{sign}:") == sanitise.text(f"if admin{sign}:") == spelt
    assert spelt in sanitise.markdown(f"if admin{sign}:")
    assert spelt in sanitise.markdown_source(f"if admin{sign}:")


def test_outputs_keep_the_kinds_that_every_page_shows():
    kept = sanitise.outputs(
        [
            new_output(
                "display_data",
                data={"application/javascript": "1", "text/html": "<b onclick=alert(1)>x</b>", "text/plain": "x"},
                metadata={"text/html": {"isolated": True}, "image/png": {"width": "1 onload=alert(1)"}},
            ),
            new_output("display_data", data={"application/vnd.jupyter.widget-view+json": {}, "text/plain": "bar"}),
            new_output("display_data", data={"image/png": '"><script>alert(1)</script>'}),
            new_output("display_data", data={"text/markdown": "[x](javascript:alert(1))"}),
            new_output("stream", name="stderr", text="\x07beep"),
            new_output("display_data", data=dict.fromkeys([*RASTERS, "application/javascript"], "AAAA")),
        ]
    )
    assert [dict(each.get("data", {})) for each in kept] == [
        {"text/html": "<b>x</b>", "text/plain": "x"},
        {"text/plain": "bar"},
        {"text/html": '<p><a rel="noopener noreferrer nofollow">x</a></p>\n'},
        {},
        dict.fromkeys(RASTERS, "AAAA"),
    ]
    assert all(each.get("metadata", {}) == {} for each in kept)
    assert kept[3].text == "⟨U+0007⟩beep"


@pytest.mark.parametrize("source", TABLE["unseen"])
def test_references_to_what_cannot_be_seen_are_spelt_out(source: str) -> None:
    for page in (sanitise.html(source), markdown2html_mistune(sanitise.markdown_source(source))):
        shown = str(BeautifulSoup(page, "html.parser"))
        assert sanitise.visible(shown) == shown


ESCAPED = "\x1b]8;;javascript:alert(1)\x07\x1b[2J<b>\u202e"


def test_no_part_of_an_output_keeps_what_a_terminal_or_a_page_would_do():
    error = {"output_type": "error", "ename": ESCAPED, "evalue": ESCAPED, "traceback": [ESCAPED]}
    shown = {"text/plain": ESCAPED, "text/latex": [ESCAPED], "text/html": "<i>x</i>", "text/markdown": "y"}
    result = {"output_type": "execute_result", "data": shown, "execution_count": "<b>", "metadata": {}}
    long = {"output_type": "display_data", "data": {"text/markdown": ESCAPED + " " * 5_000}}
    stream = {"output_type": "stream", "name": "<b>", "text": [ESCAPED]}
    no_pictures = {"output_type": "display_data", "data": {"image/png": 'AAAA">', "image/gif": ""}}
    kept = sanitise.outputs([error, result, long, stream, no_pictures, {"output_type": "update"}])
    harmless = "<b>⟨U+202E⟩"
    assert kept[0].ename.endswith(harmless)
    assert "\x1b" not in kept[0].ename
    assert (kept[0].evalue, kept[0].traceback) == (harmless, [harmless])
    assert kept[1].data == {"text/plain": harmless, "text/latex": harmless, "text/html": "<i>x</i>"}
    assert kept[1].execution_count is None
    assert "&lt;b&gt;⟨U+202E⟩" in kept[2].data["text/html"]
    assert (kept[3].name, kept[3].text) == ("stdout", harmless)
    assert len(kept) == 4


def test_of_a_notebooks_outputs_no_more_is_shown_than_is_cleaned_in_time():
    data = {"text/html": "<div>" * 20_000, "text/plain": "x"}
    kept = sanitise.outputs([new_output("display_data", data=data)] * 2)
    assert [each.get("text") == sanitise.LEFT_OUT for each in kept] == [False, True]


def test_code_keeps_its_blank_lines_in_front_and_its_colours():
    assert BeautifulSoup(code_html("\n\nx = 1", "ipython3"), "html.parser").get_text() == "\n\nx = 1\n"
    assert ["<span" in Prose().to_html(f"```{language}\nx = 1\n```") for language in ("python", "")] == [True, False]
