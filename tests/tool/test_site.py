"""The site: whole, linked, readable by all; every page of the real course, its lectures not run."""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.course.lecture import lecture_notebook
from autograder.course.lecture_cache import lecture_run
from autograder.publish.build import build
from autograder.publish.site import build_site
from autograder.publish.site.links import Links
from autograder.render.markdown import FITS, FITS_A_PHONE, Prose, anchor, code_html, output_html
from autograder.render.notebook import article, slides
from autograder.render.notebook import page as alone
from tests.places import COURSE, written
from tests.tool.small_course import write_course

pytestmark = pytest.mark.heavy

PACKAGES = None if find_spec("griffe") else ()
LOADS = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "srcset", "video": "src"}


class Page:
    """What a page holds that a reader, a link or a screen reader needs."""

    def __init__(self, text: str) -> None:
        page = BeautifulSoup(text, "html.parser")
        self.ids = [each["id"] for each in page.select("[id]")]
        self.links = [each["href"] for each in page.select("a[href]")]
        self.loads = [each[what] for tag, what in LOADS.items() for each in page.select(f"{tag}[{what}]")]
        self.levels = [int(each.name[1]) for each in page.select("h1, h2, h3, h4, h5, h6")]
        self.unnamed = [each.get("src", "")[:80] for each in page.select("img") if not each.get("alt")]
        self.mains = len(page.select("main"))
        self.language = page.html and page.html.get("lang")
        self.title = page.title.get_text(strip=True) if page.title else ""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    folder = tmp_path_factory.mktemp("site") / "out"
    made = build_site(COURSE, folder, lecture_notebook, PACKAGES)
    site = {path.relative_to(folder).as_posix(): Page(path.read_text()) for path in made}
    site |= {path.relative_to(folder).as_posix(): Page("") for path in folder.rglob("*") if path.suffix != ".html"}
    return site


def pages(site: dict[str, Page]) -> dict[str, Page]:
    return {name: page for name, page in site.items() if name.endswith(".html")}


def target(url: str, name: str) -> str:
    """The file that a relative address on a page means."""
    path = unquote(urlsplit(url).path)
    return (Path("/") / name).parent.joinpath(path).resolve().relative_to("/").as_posix() if path else name


def test_every_unit_document_and_slide_has_its_page(site: dict[str, Page]) -> None:
    wanted = {f"lectures/{name}{end}" for name in COURSE.lectures for end in (".html", ".slides.html", ".ipynb")}
    wanted |= {f"assignments/{name}.{end}" for name in COURSE.assignments for end in ("html", "ipynb")}
    wanted |= {f"docs/{path.stem}.html" for path in (COURSE.root / "docs").glob("*.md") if path.stem != "index"}
    assert wanted | {"index.html", "lectures/index.html", "style.css", "site.js"} <= set(site)


def test_every_link_leads_somewhere(site: dict[str, Page]) -> None:
    broken = []
    for name, page in pages(site).items():
        for url in page.links:
            if urlsplit(url).scheme in ("https", "http", "mailto"):
                continue
            place, fragment = target(url, name), unquote(urlsplit(url).fragment)
            if place not in site or (fragment and fragment not in site[place].ids):
                broken.append(f"{name}: {url}")
    assert broken == []


def test_pages_load_only_what_lies_beside_them(site: dict[str, Page]) -> None:
    for name, page in pages(site).items():
        away = [url for url in page.loads if not url.startswith("data:") and target(url, name) not in site]
        assert away == [], name


def test_pages_have_what_screen_readers_need(site: dict[str, Page]) -> None:
    for name, page in pages(site).items():
        assert page.language == "en", name
        assert page.title, name
        assert page.mains == 1, name
        assert page.unnamed == [], name
        assert len(page.ids) == len(set(page.ids)), name
        assert page.levels[0] == 1, name
        if not name.endswith(".slides.html"):
            assert page.levels.count(1) == 1, name
        jumps = [pair for pair in zip(page.levels, page.levels[1:], strict=False) if pair[1] > pair[0] + 1]
        assert jumps == [], name


def test_every_page_can_be_reached_from_the_first(site: dict[str, Page]) -> None:
    reached, waiting = set(), ["index.html"]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in pages(site):
            continue
        reached.add(name)
        waiting += [target(url, name) for url in site[name].links if not urlsplit(url).scheme]
    assert set(pages(site)) == reached


@pytest.mark.skipif(PACKAGES is not None, reason="griffe is not installed: pip install 'lifelong[site]'")
def test_docstrings_are_rendered(site: dict[str, Page]) -> None:
    assert "run" in site["code/lifelong.engine.html"].ids
    assert "Method.consolidate" in site["code/lifelong.method.html"].ids
    assert "hand_in" in site["code/autograder.demo.html"].ids


def test_a_small_course_has_a_site_too_which_replaces_an_earlier_one_and_nothing_else(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    build(course)
    plan = "# A plan\n[home](../README.md#units) [judge](../secret.py) ![a picture](https://example.org/x.png)\n"
    written(course.root / "docs" / "plan.md", plan)
    build_site(course, tmp_path / "site", packages=())
    homework = (tmp_path / "site" / "assignments" / "hw1.html").read_text()
    assert "Exercise <b>double</b> <span>2 points</span>" in homework
    assert homework.count("Then run <code>check(") == 3
    assert "# exercise: quiz-01" not in homework
    assert "https://colab.research.google.com/github/example/small/blob/v1/assignments/hw1/hw1.ipynb" in homework
    plan = (tmp_path / "site" / "docs" / "plan.html").read_text()
    assert '<a href="../index.html#units">home</a> judge a picture' in plan
    assert "3 exercises, 2 questions, 7 points" in (tmp_path / "site" / "index.html").read_text()
    (tmp_path / "site" / "stale.html").write_text("old")
    build_site(course, tmp_path / "site", packages=())
    assert not (tmp_path / "site" / "stale.html").exists()
    with pytest.raises(FileExistsError, match="neither empty nor an earlier site"):
        build_site(course, course.root, packages=())
    assert (course.root / "course.toml").is_file()


def test_a_lecture_runs_again_only_when_it_has_changed(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    course.lecture_directory.mkdir()
    source = course.lecture_directory / "clock.py"
    source.write_text("# %%\nimport time\n\nprint(time.time_ns())\n")
    first = lecture_run(course, "clock")
    assert lecture_run(course, "clock") == first
    source.write_text("# %%\nimport time\n\nprint(-time.time_ns())\n")
    assert lecture_run(course, "clock").cells[0].outputs[0].text.startswith("-")
    assert len(list((course.root / "build" / "lectures").iterdir())) == 1


def test_headings_have_githubs_addresses_and_jupyters_lead_there() -> None:
    prose = Prose()
    prose.to_html("# Title\n## 4 · The V\n### What `x` is\n### What `x` is\n")
    assert [section.anchor for section in prose.sections] == ["4--the-v", "what-x-is", "what-x-is-1"]
    assert anchor("4-%C2%B7-The-V") == "4--the-v"


def test_markdown_with_harmless_surprises() -> None:
    prose = Prose(Links(COURSE.root, {"docs/b.md": "docs/b.html"}).seen("docs/a.html", "docs/a.md"))
    text = prose.to_html('<img src="https://example.org/x.png" alt="x &lt;b"> [b](b.md#Some-Where) <b>bold</b>')
    assert text == '<p>x &lt;b <a href="b.html#some-where">b</a> <b>bold</b></p>\n'
    assert prose.to_html("| | a |\n|---|---|\n| 1 | 2 |").count("<th ") == 1
    for image in ('![a & "b"](x.png?c&d)', "<img src='x.png?c&amp;d' alt='a &amp; \"b\"'>"):
        assert '<img src="x.png?c&amp;d" alt="a &amp; &quot;b&quot;">' in Prose().to_html(image)
    assert "<code>\n\n<" in prose.to_html("```python\n\n\nx = 1\n```")
    for fits, html in ((FITS, lambda text: code_html(text, "python")), (FITS_A_PHONE, output_html)):
        assert ["tabindex" in html(f"x\n{'y' * width}\n") for width in (fits, fits + 1)] == [False, True]


def test_pictures_are_in_the_page_or_where_they_were_put() -> None:
    shown = new_output("display_data", data={"image/png": "AAAA"})
    notebook = new_notebook(cells=[new_code_cell("draw()", outputs=[shown])])
    for made in (lambda **of: article(notebook, **of).html, lambda **of: slides(notebook, **of)):
        assert 'src="data:image/png;base64,AAAA"' in made()
        assert 'src="0.png"' in made(picture=lambda png: f"{png[0]}.png")
    assert 'src="data:image/png;base64,AAAA"' in alone(notebook)
