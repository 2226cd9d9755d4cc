"""Lectures: built from their sources, run whole without a warning, shown as a page and as slides."""

import re
import shutil
from base64 import b64decode
from html import unescape
from itertools import pairwise
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder.course.course import Course, CourseError
from autograder.course.lecture import LectureError, executed, lecture_notebook
from autograder.course.lecture_cache import lecture_run
from autograder.publish.build import build, drift, make_lecture
from autograder.publish.lecture_pages import convert
from autograder.render.markdown import Prose
from autograder.render.notebook import page, slides
from lifelong.checks.failure import CheckFailed
from lifelong.checks.try_it import try_it
from tests.course.lecture_reference import drawn
from tests.places import COURSE, table
from tests.processes import command
from tests.tool.small_course import write_course

pytestmark = pytest.mark.heavy


@pytest.fixture
def course(tmp_path: Path) -> Course:
    course = write_course(tmp_path / "course")
    course.lecture_directory.mkdir()
    shutil.copyfile(Path(__file__).with_name("twice.percent"), course.lecture_directory / "twice.py")
    return course


def loaded(html: str) -> list[str]:
    """What a browser would fetch for a page: not what its links lead to."""
    tags = re.findall(r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*>", html)
    urls = [url for tag in tags for url in re.findall(r"""(?:src|href)=["']([^"']*)""", tag)]
    urls += re.findall(r"""(?:url\(|@import |import\(|from )["']?((?:https?:)?//[^"')]+)""", html)
    return [url for url in urls if not url.startswith("data:")]


def test_a_lecture_is_built_beside_its_source_and_held_to_it(course: Course) -> None:
    assert [path.name for path in build(course)] == ["hw1.ipynb", "twice.ipynb"]
    assert drift(course) == []
    path = course.lecture_path("twice")
    assert build(course, ["twice"]) == [path]
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert course.repository in notebook.cells[0].source
    assert notebook.cells[0].metadata.slideshow.slide_type == "slide"
    assert not any(cell.get("outputs") for cell in notebook.cells)
    path.write_text(path.read_text().replace("Twice", "Thrice"))
    (course.lecture_directory / "orphan.ipynb").write_bytes(make_lecture(course, "twice"))
    assert drift(course) == ["lectures/twice.ipynb", "lectures/orphan.ipynb"]


def test_an_unknown_lecture_lists_the_known_ones(course: Course) -> None:
    with pytest.raises(CourseError, match="no lecture 'thrice'; this course has: twice"):
        lecture_notebook(course, "thrice")
    with pytest.raises(CourseError, match="no assignment 'thrice'"):
        build(course, ["thrice"])


def test_pages_and_slides_load_nothing(course: Course, tmp_path: Path) -> None:
    written = convert(course, "twice", tmp_path / "out")
    assert [path.name for path in written] == ["twice.html", "twice.slides.html"]
    article, deck = (path.read_text() for path in written)
    for text in (article, deck):
        assert loaded(text) == []
        assert "<title>Twice" in text
        assert text.count('class="formula"') == 2
        assert text.count('src="data:image/png;base64,') == 3  # a still, and two positions of its slider
        assert "widget-view" not in text
    assert "shown 42" in article
    assert "hidden_name" not in article
    assert 'alt="Loss of the new task, guard, and their sum' in article
    assert deck.count("<section") == 2
    assert "shown 42" not in deck  # of the cell that slides skip


@pytest.mark.parametrize("code", ["import warnings\nwarnings.warn('careful')", "1 / 0"])
def test_a_lecture_that_warns_or_fails_is_refused(course: Course, code: str, tmp_path: Path) -> None:
    (course.lecture_directory / "twice.py").write_text(f"# %%\n{code}\n")
    with pytest.raises(LectureError, match=re.escape(code.splitlines()[-1])):
        convert(course, "twice", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_writes_both_and_says_why(course: Course, tmp_path: Path) -> None:
    (course.lecture_directory / "twice.py").write_text("# %% [markdown]\n# # Twice\n")
    command(course.root, "lectures", "--to", str(tmp_path / "out"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["twice.html", "twice.slides.html"]
    command(course.root, "lectures", "thrice", status=1)


@pytest.mark.parametrize(("lecture", "names"), table("course/named.toml").items())
def test_what_the_slides_name_is_in_the_lecture(lecture: str, names: list[str]) -> None:
    cells = lecture_notebook(COURSE, lecture).cells
    assert [name for name in names if not any(name in cell.source for cell in cells)] == []


@pytest.mark.parametrize("name", COURSE.lectures)
def test_a_lecture_of_the_course_runs_and_is_shown_whole(name: str) -> None:
    notebook = executed(lecture_notebook(COURSE, name), COURSE)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert pictures
    assert all(drawn(b64decode(picture.data["image/png"])) for picture in pictures)
    assert all(picture.metadata["image/png"]["alt"] for picture in pictures), "what one sees, in words"
    for output in outputs:
        frames = re.findall(r'<img src="([^"]+)"[^>]*data-label', output.get("data", {}).get("text/html", ""))
        assert len(set(frames)) == len(frames), "each position of a slider has a picture of its own"
    answers = [after for cell, after in pairwise(notebook.cells) if 'class="predict"' in cell.source]
    assert all(cell.get("outputs") for cell in answers), "a question is answered by the next cell"
    assert 5 <= len(answers) <= 8
    assert page(notebook).count("<summary>Look") >= len(answers)
    assert all(re.search(r"<h[1-5]\b", each) for each in slides(notebook).split("<section")[1:])
    for text in (page(notebook), slides(notebook)):
        assert loaded(text) == []
        assert 'class="tex"' not in text, "a formula that could not be drawn"


@pytest.mark.parametrize("name", COURSE.lectures)
def test_an_exercise_within_a_lecture_takes_the_answer_below_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    cells = lecture_notebook(COURSE, name).cells
    at = next(at for at, cell in enumerate(cells) if "\ntry_it(" in cell.source)
    blank, trial, names = cells[at - 1].source, cells[at].source, {"np": np, "try_it": try_it}
    answer = re.search("<code>(.+)</code>", cells[at + 1].source)
    assert answer
    exec(f"{blank}\n{trial}", names)
    assert capsys.readouterr().out.startswith("Write `")
    exec(f"{blank.replace('raise NotImplementedError', unescape(answer[1]))}\n{trial}", names)
    assert capsys.readouterr().out.startswith("✓")
    with pytest.raises(CheckFailed, match=r"is there a `return`\?"):
        exec(f"{blank.replace('raise', 'pass #')}\n{trial}", names)


def test_a_lecture_runs_again_only_when_it_has_changed(course: Course) -> None:
    source = course.lecture_directory / "clock.py"
    source.write_text("# %%\nimport time\n\nprint(time.time_ns())\n")
    first = lecture_run(course, "clock")
    assert lecture_run(course, "clock") == first
    source.write_text("# %%\nimport time\n\nprint(-time.time_ns())\n")
    assert lecture_run(course, "clock").cells[0].outputs[0].text.startswith("-")
    assert len(list((course.root / "build" / "lectures").iterdir())) == 1


def test_headings_have_githubs_addresses() -> None:
    prose = Prose()
    prose.to_html("# Title\n## 4 · The V\n### What `x` is\n### What `x` is\n")
    assert [section.anchor for section in prose.sections] == ["4--the-v", "what-x-is", "what-x-is-1"]


def test_markdown_with_harmless_surprises() -> None:
    prose = Prose()
    text = prose.to_html('<img src="https://example.org/x.png" alt="x &lt;b"> [b](b.md#some) <b>bold</b>')
    assert text == '<p>x &lt;b <a href="b.md#some">b</a> <b>bold</b></p>\n'
    assert prose.to_html("| | a |\n|---|---|\n| 1 | 2 |").count("<th ") == 1
    for image in ('![a & "b"](x.png?c&d)', "<img src='x.png?c&amp;d' alt='a &amp; \"b\"'>"):
        assert '<img src="x.png?c&amp;d" alt="a &amp; &quot;b&quot;">' in Prose().to_html(image)
    assert "<code>\n\n<" in prose.to_html("```python\n\n\nx = 1\n```")
