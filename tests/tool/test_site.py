"""The site: whole, linked, readable by all; every page of the real course, its lectures not run."""

from pathlib import Path
from shutil import which
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from autograder.publish.build import build
from autograder.publish.site import build_site
from tests.places import COURSE, ROOT, table, written
from tests.tool.small_course import SOURCE, write_course

pytest.importorskip("sphinx", reason="needs pip install -e '.[site]'")
check = pytest.importorskip("autograder.publish.site.check", reason="needs pip install -e '.[site]'")
pytestmark = pytest.mark.heavy

LOADS = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "srcset", "video": "src"}


class Page:
    """What a page holds that a reader, a link or a screen reader needs."""

    def __init__(self, text: str) -> None:
        page = BeautifulSoup(text, "html.parser")
        self.ids = [each["id"] for each in page.select("[id]")]
        self.links = [each["href"] for each in page.select("a[href]")]
        self.links += [each["action"] for each in page.select("form[action]")]
        self.loads = [each[what] for tag, what in LOADS.items() for each in page.select(f"{tag}[{what}]")]
        self.levels = [int(each.name[1]) for each in page.select("h1, h2, h3, h4, h5, h6")]
        self.unnamed = [each.get("src", "")[:80] for each in page.select("img") if not each.get("alt")]
        scrolled = page.select("pre, .display")
        self.unreachable = [each.get_text()[:80] for each in scrolled if each.get("tabindex") != "0"]
        self.mains = len(page.select("main, [role=main]"))
        self.language = page.html and page.html.get("lang")
        self.title = page.title.get_text(strip=True) if page.title else ""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "out"
    build_site(COURSE, folder, run=False)
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> dict[str, Page]:
    texts = {path: path.read_text() if path.suffix == ".html" else "" for path in folder.rglob("*") if path.is_file()}
    return {path.relative_to(folder).as_posix(): Page(text) for path, text in texts.items()}


def pages(site: dict[str, Page]) -> dict[str, Page]:
    return {name: page for name, page in site.items() if name.endswith(".html")}


def target(url: str, name: str) -> str:
    """The file that a relative address on a page means."""
    path = unquote(urlsplit(url).path)
    return (Path("/") / name).parent.joinpath(path).resolve().relative_to("/").as_posix() if path else name


def test_every_unit_document_and_slide_has_its_page(site: dict[str, Page]) -> None:
    wanted = {f"lectures/{name}{end}" for name in COURSE.lectures for end in (".html", ".slides.html", ".ipynb")}
    wanted |= {f"assignments/{name}/{name}.{end}" for name in COURSE.assignments for end in ("html", "ipynb")}
    wanted |= {f"docs/{path.stem}.html" for path in (COURSE.root / "docs").glob("*.md") if path.stem != "index"}
    assert wanted | {"index.html", "lectures/README.html", "search.html"} <= set(site)


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
        assert page.unreachable == [], name
        assert len(page.ids) == len(set(page.ids)), name
        if name == "search.html":
            continue  # its title comes with its script
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


def test_docstrings_are_rendered(site: dict[str, Page], folder: Path) -> None:
    assert "lifelong.engine.run" in site["code/lifelong/engine/index.html"].ids
    assert "lifelong.method.Method.consolidate" in site["code/lifelong/method/index.html"].ids
    plots = BeautifulSoup((folder / "code/lifelong/plots/differences/index.html").read_text(), "html.parser")
    shown = {each["id"].rpartition(".")[2]: each.get_text() for each in plots.select("dt[id]")}
    assert "schemes() → Picture" in shown["schemes"], "as callers have it: the decorator gives the panels"


@pytest.mark.skipif(not any(map(which, check.BROWSERS)), reason="there is no Chromium")
def test_search_finds_twenty_terms(folder: Path) -> None:
    terms = table("tool/search.toml")
    assert len(terms) == 20
    with check.served(folder) as address, check.chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(120_000)
        for term, place in terms.items():
            page.goto(f"{address}/search.html?q={term}")
            page.wait_for_selector(f"#search-results a[href^='{place}.html']", state="attached")
            found = page.locator("#search-results li > a").evaluate_all("(all) => all.map((each) => each.pathname)")
            assert f"/{place}.html" in [*dict.fromkeys(found)][:3], f"{term}: what is taught comes first"


@pytest.mark.skipif(not any(map(which, check.BROWSERS)), reason="there is no Chromium")
def test_what_notebooks_draw_is_shown_and_a_slider_moves_without_a_kernel(tmp_path: Path) -> None:
    drawing = SOURCE.replace("# %pip", "print(1); from lifelong.plots import ideas #")
    course = write_course(tmp_path / "course", drawing.replace("print(model", "ideas.ewc() #"))
    written(course.root / "lectures" / "twice.py", (ROOT / "tests" / "course" / "twice.percent").read_text())
    build(course)
    build_site(course, tmp_path / "site")
    homework = BeautifulSoup((tmp_path / "site" / "assignments" / "hw1" / "hw1.html").read_text(), "html.parser")
    (shown,) = homework.select(".cell_output")
    assert shown.select("img[alt]"), "what a given cell draws, and nothing that another prints"
    with check.chromium() as browser:
        plain, scripted = (browser.new_context(java_script_enabled=allowed) for allowed in (False, True))
        for name in ("twice.html", "twice.slides.html"):
            url = (tmp_path / "site" / "lectures" / name).as_uri()
            for context, words in ((plain, ["Loss"]), (scripted, ["one: Loss", "two: Loss"])):
                page = context.new_page()
                page.goto(url)
                for begin in words:
                    (shown,) = page.locator(".slider img:visible").all()
                    assert str(shown.get_attribute("alt")).startswith(begin)
                    assert page.locator(".slider input:visible").count() == (context is scripted)
                    assert page.get_by_text("a slider moves it").is_visible() == (context is plain)
                    if context is scripted:
                        page.locator(".slider input").press("ArrowRight")


def test_units_come_in_their_order_and_students_pages_before_instructors(site: dict[str, Page]) -> None:
    order = [target(url, "index.html") for url in site["index.html"].links]
    units = [
        f"{place}.html"
        for entry in COURSE.entries.values()
        for place in (f"lectures/{entry.unit}", f"assignments/{entry.name}/{entry.name}")
    ]
    wanted = [*units, "docs/glossary.html", "code/lifelong/index.html", "docs/instructors.html"]
    assert sorted(wanted, key=order.index) == wanted


def test_a_small_course_has_a_site_too_which_replaces_an_earlier_one_and_nothing_else(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    build(course)
    plan = "# A plan\n[another](other.md#some) [judge](../secret.py) ![a picture](https://example.org/x.png)\n"
    written(course.root / "docs" / "plan.md", plan)
    written(course.root / "docs" / "other.md", "# Another\n\n## Some\n")
    written(course.root / "lectures" / "clock.py", "# %%\nprint(1)\n")
    build_site(course, tmp_path / "site", run=False)
    homework = (tmp_path / "site" / "assignments" / "hw1" / "hw1.html").read_text()
    assert "Exercise <b>double</b> <span>2 points</span>" in homework
    assert homework.count("<p>Then run <code") == 3
    assert "# exercise: quiz-01" not in homework
    assert "https://colab.research.google.com/github/example/small/blob/v1/assignments/hw1/hw1.ipynb" in homework
    assert "<h1>clock" in (tmp_path / "site" / "lectures" / "clock.html").read_text()
    plan = BeautifulSoup((tmp_path / "site" / "docs" / "plan.html").read_text(), "html.parser").select("article p")[0]
    assert plan.get_text() == "another judge a picture"
    assert [each["href"] for each in plan.select("a")] == ["other.html#some"]
    assert "3 exercises, 2 questions, 7 points" in (tmp_path / "site" / "index.html").read_text()
    (tmp_path / "site" / "stale.html").write_text("old")
    (course.root / "docs" / "plan.md").unlink()
    build_site(course, tmp_path / "site", run=False)
    assert not (tmp_path / "site" / "stale.html").exists()
    assert not (tmp_path / "site" / "docs" / "plan.html").exists()
    with pytest.raises(FileExistsError, match="neither empty nor an earlier site"):
        build_site(course, course.root)
    assert (course.root / "course.toml").is_file()
