"""Feedback pages: safe whatever students left in them, readable without a network, with the marks that count."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_output
from nbgrader.api import Gradebook

from autograder.course.course import CourseError
from autograder.gradebook.record import record
from autograder.handback.feedback import feedback
from autograder.render.cells import Pen
from autograder.render.templates import verdict_html
from autograder.render.tex import formula_html
from autograder.render.verdict import sentence_html, verdict_text
from tests.places import ROOT, described
from tests.processes import command
from tests.tool.graded_examples import PARTIAL, VERDICTS, code, graded, html, prose, ungradable
from tests.tool.test_sanitise import HOSTILE, HOSTILE_MARKDOWN

pytestmark = pytest.mark.heavy

OURS = {"html", "head", "meta", "title", "style", "body", "header", "main", "footer"}


def page(course, *results):
    """The feedback page of the first of the results."""
    record(results, course)
    pages = feedback(course, "hw1")
    assert len(pages) == len(results)
    return (course.feedback / results[0].student / "hw1" / "hw1.html").read_text()


def test_the_page_tells_the_marks_and_the_reasons_and_every_exercise_is_one_tap_away(course):
    soup = BeautifulSoup(page(course, graded(course, repairs=("A cell was doubled.",))), "html.parser")
    text = " ".join(soup.get_text(" ").split())
    assert "hw1 · ada 3.83 of 7 points" in text
    assert "double ✓ correct 2 / 2 slices ◐ partly right 1.33 / 3" in text
    for said in ("last – not written yet 0 / 1", "1 of 2 questions right 0.5 / 1", "A cell was doubled.", "doubling 3"):
        assert said in text
    assert "✗ not kept the same for any number of slices" in text
    for told in (text, verdict_html(PARTIAL), verdict_text(PARTIAL)):
        assert told.index("The sum is taken over one slice only") < told.index("The dtype is lost")
    assert "Graded by the autograder" not in text  # the summary is for formgrader; this page has its own
    targets = {each["href"][1:] for each in soup.select(".results a")}
    assert targets == {each.exercise for each in VERDICTS}
    assert all(soup.find(id=target) for target in targets)
    assert soup.find("meta", attrs={"name": "viewport"})


def test_a_page_in_another_language_has_the_same_marks(course):
    ours = BeautifulSoup(page(course, graded(course, extra=(prose("Your answer: 3"),))), "html.parser")
    feedback(described(course, "[course]", '[course]\nlanguage = "zh_TW"'), "hw1")
    theirs = BeautifulSoup((course.feedback / "ada" / "hw1" / "hw1.html").read_text(), "html.parser")
    assert [ours.html["lang"], theirs.html["lang"]] == ["en", "zh-TW"]
    assert [each.text for each in ours.select(".points")] == [each.text for each in theirs.select(".points")]
    assert "slices ◐ 部分正確" in " ".join(theirs.get_text(" ").split())
    assert "Your answer: 3" in theirs.text  # what the student wrote
    with pytest.raises(CourseError, match=r"language 'tlh': .*tlh\.po is missing"):
        feedback(described(course, "zh_TW", "tlh"), "hw1")


def test_a_mark_and_a_comment_by_hand_are_the_ones_that_count(course):
    record([graded(course)], course)
    with Gradebook(course.db_url, course.name) as gradebook:
        gradebook.find_grade("last-test", "hw1", "hw1", "ada").manual_score = 0.75
        comment = gradebook.find_comment("last", "hw1", "hw1", "ada")
        comment.manual_comment = "Half of it is **there** <script>x</script>."
        gradebook.db.commit()
    text = page(course, graded(course))
    assert "4.58 <small>of 7" in text
    assert "mark set by a person" in text
    assert "Half of it is <strong>there</strong>" in text
    assert "<script" not in text


def test_nothing_hostile_survives_on_the_page(course):
    outputs = [html(source) for source in HOSTILE]
    cells = [prose(source) for source in HOSTILE_MARKDOWN]
    student = image = "<img src=x onerror=alert(1)>"
    bundles = {"image/svg+xml": "<svg onload='alert(1)'><script>alert(1)</script></svg>", "text/latex": f"${image}$"}
    bundles |= {"image/png": 'AAAA" onerror="alert(1)', "application/javascript": "alert(1)"}
    shown = [
        new_output("stream", name="stdout", text="\x1b]8;;javascript:alert(1)\x07x<script>alert(1)</script>"),
        new_output("error", ename="<script>", evalue=image, traceback=["<svg onload=alert(1)>"]),
        *(new_output("display_data", data={kind: data}) for kind, data in bundles.items()),
    ]
    other = code(*shown, source="</pre><script>alert(1)</script>")
    soup = BeautifulSoup(page(course, graded(course, student, extra=(*outputs, *cells, other))), "html.parser")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; img-src data:;")
    for element in soup.find_all(True):
        assert element.name not in "script iframe svg math form input link base object embed".split()
        assert not any(name.startswith("on") for name in element.attrs)
        assert re.match(r"data:image/", element.get("src", "data:image/"))
        assert re.match(r"https?://|mailto:|#", element.get("href", "#"))
        assert "url(" not in element.get("style", "")
    assert len(soup.find_all("meta")) == 4
    assert len(soup.find_all("style")) == 1
    assert student in soup.find("h1").get_text()
    assert "<svg onload=alert(1)>" in [each.get_text() for each in soup.select("pre.stderr")]


def test_a_student_cannot_forge_a_verdict(course):
    forged = html('<div class="verdict" id="ewc" style="color:green">ewc: correct 4 / 4</div>')
    soup = BeautifulSoup(page(course, graded(course, extra=(forged,))), "html.parser")
    found = soup.select_one(".outputs .rich > div")
    assert found.get_text() == "ewc: correct 4 / 4"
    assert not any(found.attrs.values())
    assert len(soup.select(".verdict")) == len(VERDICTS)


def test_the_page_needs_no_network_and_draws_its_maths(course):
    notes = (prose("so $\\Omega_i \\geq 0$ and\n\n$$\\frac{a}{b}$$"), prose("![$x$](https://example.org/x.png)"))
    soup = BeautifulSoup(page(course, graded(course, extra=notes)), "html.parser")
    assert [each["alt"] for each in soup.select("img.formula")] == ["\\Omega_i \\geq 0", "\\frac{a}{b}"]
    assert not soup.find("script")
    assert not [each for each in soup.find_all(src=True) if not each["src"].startswith("data:")]


def test_a_formula_that_cannot_be_drawn_is_shown_as_it_was_written():
    assert formula_html("\\begin{cases}a<b", False) == '<code class="tex">\\begin{cases}a&lt;b</code>'
    for large in ("x" * 10_000, r"\genfrac{}{}{999}{}{1}{2}", r"\hspace{900}x"):
        assert formula_html(large, False).startswith("<code")
    assert formula_html("\\begin{pmatrix}" * 100_000, False).count("pmatrix") == 100_000
    assert formula_html("\\tfrac12 a \\\\ b", False).count("<img") == 2
    drawn = r"1/\sqrt8=0.354; \sqrt x; \lVert x \rVert; \lvert x \rvert; a \le b \ge c \ne d; \argmin_x".split("; ")
    assert [each for each in drawn if not formula_html(each, False).startswith("<img")] == []


def test_of_a_students_tex_a_page_draws_so_much_and_of_the_courses_all(course):
    first = "x" * 101  # of the 20,000 characters one more than all others, so that the last is one too many
    notes = prose(" ".join([f"${first}$", *(f"$x_{{{each}}}$" for each in range(149))]))
    latex = [new_output("display_data", data={"text/latex": f"$y_{{{each}}}$", "text/plain": ""}) for each in range(99)]
    result = graded(course, extra=(notes, code(*latex)))
    result.notebook.cells.append(prose("$z$"))
    soup = BeautifulSoup(page(course, result), "html.parser")
    drawn = [each["alt"] for each in soup.select("img.formula")]
    written = [first, *(f"x_{{{each}}}" for each in range(149)), *(f"y_{{{each}}}" for each in range(99))]
    assert drawn == [*written[:199], "z"]
    assert [each.get_text() for each in soup.select("code.tex")] == written[199:]


def test_what_cannot_be_graded_says_so_instead_of_zero(course):
    text = BeautifulSoup(page(course, ungradable(course)), "html.parser").get_text(" ")
    assert "Not graded yet" in text
    assert "The file is a PDF" in text
    assert "of 7 points" not in text


@pytest.mark.parametrize("opens", [2000, 9999])
def test_nbgraders_own_command_makes_the_same_page(course, opens):
    course = described(course, "opens = 2000", f"opens = {opens}")
    ours = page(course, graded(course))
    path = course.feedback / "ada" / "hw1" / "hw1.html"
    path.unlink()
    command(course.root, "generate_feedback", "hw1", "--force", module="nbgrader")
    assert path.read_text() == ours
    assert ("quiz-01" in ours.split("Your notebook")[0]) == (opens == 2000)


def test_long_code_is_shown_without_colours_and_blank_ends_of_lines_go(course):
    blank = "x = 1\n" + " \n\xa0\n" * 1_000 + "y = 2  # short\t"
    long = "z = '<b>'  # long\n" * 2_000
    soup = BeautifulSoup(page(course, graded(course, extra=(code(source=blank), code(source=long)))), "html.parser")
    shown = {each.get_text(): each.find_all("span") for each in soup.select(".cell > pre, .cell > .highlight > pre")}
    assert shown[long] == []
    (short,) = (text for text in shown if "# short" in text)
    assert short.split() == ["x", "=", "1", "y", "=", "2", "#", "short"]
    assert shown[short]
    assert not re.search(r"[ \t\xa0]$", short, re.MULTILINE)


def test_what_lay_beside_the_notebook_is_not_published(course):
    record([graded(course)], course)
    (course.autograded / "ada" / "hw1" / "evil.html").write_text("<script>alert(1)</script>")
    feedback(course, "hw1")
    assert [each.name for each in (course.feedback / "ada" / "hw1").iterdir()] == ["hw1.html"]


def test_a_page_that_fails_stops_no_other(course):
    record([graded(course, student) for student in ("ada", "bob\x1b", "eve")], course)
    (course.autograded / "bob\x1b" / "hw1" / "hw1.ipynb").write_text("cut sh")
    said = command(course.root, "feedback", "hw1", status=1)
    assert "No feedback page could be made for: bob⟨U+001B⟩." in said
    assert [each.parent.parent.name for each in sorted(course.feedback.glob("*/hw1/hw1.html"))] == ["ada", "eve"]


def test_a_message_shows_its_code_as_code_and_nothing_else():
    assert sentence_html("use `a < b` & <b>\nnext") == "use <code>a &lt; b</code> &amp; &lt;b&gt;<br>next"


def test_every_formula_of_the_homework_is_drawn():
    """Formulas that mathtext cannot read would stand in the page as TeX."""
    notebook = nbformat.read(ROOT / "assignments" / "hw14" / "hw14.ipynb", as_version=4)
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", prose, re.DOTALL)
    assert len(found) > 50
    assert not [tex for block, inline in found if "<code" in Pen().draw(tex := (block or inline).strip(), bool(block))]
