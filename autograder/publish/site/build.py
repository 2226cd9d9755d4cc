"""The site: every page made, linked to the others, and written."""

import hashlib
import html
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.course.lecture_cache import lecture_run
from autograder.course.settings import AssignmentEntry
from autograder.publish.build import make_lecture
from autograder.publish.colab import colab_url
from autograder.publish.site.links import Links, relative
from autograder.render.markdown import Prose
from autograder.render.notebook import TEMPLATES, Article, article, environment, slides

DOCUMENTS = ("instructors", "adding-an-exercise", "topics", "glossary", "bibliography", "contributors", "threat-model")
"""The order of what lies in docs/; others follow by name."""

HOME = "docs/index.md"
"""What stands on the home page before the units; without it there is the course's title."""

_FIRST = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_FIGURE = re.compile(r'<p class="figure"><img [^>]*?alt="([^"]*)"[^>]*? src="([^"]*)"')


@dataclass
class Leaf:
    """A page of the site on its way there.

    Attributes:
        place: its path on the site.
        article: what it says.
        over: what stands above its title.
        tabs: what belongs to the same unit, (words, address seen from the page), an empty address for itself.
    """

    place: str
    article: Article
    over: str
    tabs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def about(self) -> str:
        """Its first paragraph, as HTML without links, which hold for its own folder."""
        found = _FIRST.search(self.article.html)
        return re.sub(r"</?a\b[^>]*>", "", found[1]) if found else ""


@dataclass(frozen=True)
class Unit:
    """A unit: its lecture, if it has one, and its assignments."""

    name: str
    lecture: str | None
    assignments: tuple[AssignmentEntry, ...]


def build_site(
    course: Course,
    folder: Path,
    run: Callable[[Course, str], NotebookNode] = lecture_run,
    packages: Sequence[str] | None = None,
) -> list[Path]:
    """Write the site of a course; what an earlier site has left in the folder is removed.

    Args:
        course: the course, its notebooks built.
        folder: for the site; made if need be.
        run: gives a lecture with its outputs.
        packages: whose docstrings are rendered; that needs griffe. By default those that lie beside course.toml, the one
            that notebooks import first.

    Returns:
        The pages.

    Raises:
        CourseError, LectureError: as ``run``.
        FileExistsError: the folder holds something that is not a site.
    """
    if folder.is_symlink():
        raise FileExistsError(f"{folder} is a link: name the folder itself.")
    if folder.exists() and any(folder.iterdir()) and not (folder / "site.js").is_file():
        raise FileExistsError(f"{folder} is neither empty nor an earlier site: name another folder.")
    site = _Site(course, folder, run)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    beside = sorted(
        (path.parent.name for path in course.root.glob("*/__init__.py")),
        key=lambda name: (name != course.package, name),
    )
    site.write(beside if packages is None else packages)
    return sorted(folder.rglob("*.html"))


class _Site:
    """One building of the site."""

    def __init__(self, course: Course, folder: Path, run: Callable[[Course, str], NotebookNode]) -> None:
        self._course, self._folder, self._run = course, folder, run
        self._units = _units(course)
        taken = {unit.lecture for unit in self._units}
        self._readings = [name for name in course.lectures if name not in taken]
        self._documents = _documents(course)
        self._places = self._notebooks() | self._documents
        self._links = Links(course.root, self._places)
        self._main = [("Units", "index.html#units"), ("Documents", "index.html#documents")]

    def write(self, packages: Sequence[str]) -> None:
        """Make all pages, then write them."""
        for name in ("style.css", "site.js"):
            shutil.copyfile(TEMPLATES / "site" / name, self._folder / name)
        code = self._code(packages) if packages else []
        lessons = {unit.name: self._lessons(at, unit) for at, unit in enumerate(self._units, start=1)}
        readings = [self._lecture(name, "Reading", []) for name in self._readings]
        documents = [self._document(source, place) for source, place in self._documents.items()]
        home = self._home(lessons, readings, documents, code)
        chain = [home, *(leaf for leaves in lessons.values() for leaf in leaves), *readings, *documents]
        for chained in (chain, code):
            for at, leaf in enumerate(chained):
                before = chained[at - 1] if at else None
                after = chained[at + 1] if at + 1 < len(chained) else None
                self._write(leaf, before, after, "home.html.j2" if leaf is home else "page.html.j2")
        for picture in self._links.pictures:
            (self._folder / picture).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self._course.root / picture, self._folder / picture)

    def _notebooks(self) -> dict[str, str]:
        """Where folders and notebooks of the repository are on the site."""
        places = {".": "index.html", "README.md": "index.html", HOME: "index.html"}
        places |= {"docs": "index.html#documents", "lectures": "index.html#units", "assignments": "index.html#units"}
        for name in self._course.lectures:
            places |= {f"lectures/{name}.{end}": f"lectures/{name}.html" for end in ("py", "ipynb")}
        for name in self._course.assignments:
            page = f"assignments/{name}.html"
            places |= {f"assignments/{name}/{name}.ipynb": page, f"assignments/{name}": page}
        return places

    def _lessons(self, number: int, unit: Unit) -> list[Leaf]:
        """A unit's pages: the lecture, then its assignments."""
        tabs = [("Lecture", f"lectures/{unit.lecture}.html")] if unit.lecture else []
        tabs += [("Slides", f"lectures/{unit.lecture}.slides.html")] if unit.lecture else []
        several = len(unit.assignments) > 1
        tabs += [(each.title if several else "Homework", f"assignments/{each.name}.html") for each in unit.assignments]
        over = f"Unit {number}"
        leaves = [self._lecture(unit.lecture, f"{over} · Lecture", tabs)] if unit.lecture else []
        return leaves + [self._assignment(each.name, f"{over} · Homework", tabs) for each in unit.assignments]

    def _lecture(self, name: str, over: str, tabs: list[tuple[str, str]]) -> Leaf:
        notebook = self._run(self._course, name)
        place, deck = f"lectures/{name}.html", f"lectures/{name}.slides.html"
        link = self._links.seen(place, f"lectures/{name}.ipynb")
        self._put(deck, slides(notebook, link, self._picture).encode())
        self._put(f"lectures/{name}.ipynb", make_lecture(self._course, name))
        tabs = tabs or [("Page", place), ("Slides", deck)]
        return Leaf(place, article(notebook, link, self._picture), over, self._tabs(tabs, place, place[:-5]))

    def _assignment(self, name: str, over: str, tabs: list[tuple[str, str]]) -> Leaf:
        place = f"assignments/{name}.html"
        self._put(f"assignments/{name}.ipynb", self._course.release_path(name).read_bytes())
        link = self._links.seen(place, f"assignments/{name}/{name}.ipynb")
        made = article(Assignment.load(self._course, name).release, link, self._picture)
        return Leaf(place, made, over, self._tabs(tabs, place, f"assignments/{name}/{name}"))

    def _tabs(self, tabs: list[tuple[str, str]], place: str, notebook: str) -> list[tuple[str, str]]:
        """The tabs seen from a page, and the notebook itself: to download, and in Colab where it lies on GitHub."""
        seen = [(words, "" if other == place else relative(other, place)) for words, other in tabs]
        seen.append(("Notebook", relative(place.removesuffix("html") + "ipynb", place)))
        colab = colab_url(self._course.repository, self._course.tag, f"{notebook}.ipynb")
        return [*seen, *([("Open in Colab", colab)] if colab else [])]

    def _document(self, source: str, place: str) -> Leaf:
        prose = Prose(self._links.seen(place, source))
        text = prose.to_html((self._course.root / source).read_text(encoding="utf-8"))
        return Leaf(place, Article(prose.title or Path(place).stem, text, prose.sections), "Document")

    def _code(self, packages: Sequence[str]) -> list[Leaf]:
        """A list of all modules, then a page for each."""
        from autograder.publish.site.docstrings import modules  # griffe is an extra

        self._main.append(("Code", "code/index.html"))
        read = {package: modules(package, self._course.root) for package in packages}
        for module in (module for each in read.values() for module in each):
            self._places[module.source] = f"code/{module.name}.html"
            self._places[module.source.removesuffix("/__init__.py")] = f"code/{module.name}.html"
        pages = [Leaf(f"code/{module.name}.html", module.article, "Code") for each in read.values() for module in each]
        text = environment().get_template("modules.html.j2").render(packages=read.items())
        return [Leaf("code/index.html", Article("Code", text), "What the docstrings say"), *pages]

    def _home(self, lessons: dict[str, list[Leaf]], readings: list[Leaf], docs: list[Leaf], code: list[Leaf]) -> Leaf:
        source = self._course.root / HOME
        prose = Prose(self._links.seen("index.html", HOME))
        text = prose.to_html(source.read_text(encoding="utf-8")) if source.is_file() else ""
        packages = [leaf for leaf in code[1:] if leaf.place.count(".") == 1]
        lists = {"readings": readings, "documents": docs, "packages": packages}
        self._given: dict[str, Any] = {
            **{"html": text, "units": [self._card(unit, lessons[unit.name]) for unit in self._units]},
            **{name: [(leaf.place, leaf.article.title, leaf.about) for leaf in own] for name, own in lists.items()},
        }
        return Leaf("index.html", Article(html.escape(self._course.title), text), "")

    def _card(self, unit: Unit, leaves: list[Leaf]) -> dict[str, Any]:
        lead = leaves[0]
        links = [("Lecture", lead.place)] if unit.lecture else []
        links += [("Slides", f"lectures/{unit.lecture}.slides.html")] if unit.lecture else []
        links += [(_homework(self._course, each), f"assignments/{each.name}.html") for each in unit.assignments]
        found = _FIGURE.search(lead.article.html)
        thumb = (f"lectures/{found[2]}", html.unescape(found[1])) if found else None
        return {"title": lead.article.title, "intro": f"<p>{lead.about}</p>", "links": links, "thumb": thumb}

    def _write(self, leaf: Leaf, before: Leaf | None, after: Leaf | None, template: str) -> None:
        values: dict[str, Any] = {
            "course": self._course,
            "title": leaf.article.title,
            "html": leaf.article.html,
            "sections": leaf.article.sections,
            "over": leaf.over,
            "lead": "",
            "tabs": leaf.tabs,
            "main": self._main,
            "before": (before.place, before.article.title) if before else None,
            "after": (after.place, after.article.title) if after else None,
            "to": lambda place: relative(place, leaf.place),
        }
        if template == "home.html.j2":
            values |= self._given
        self._put(leaf.place, environment().get_template(template).render(**values).encode())

    def _picture(self, png: bytes) -> str:
        """Keep a lecture's picture beside its page; its address there."""
        name = f"pictures/{hashlib.sha256(png).hexdigest()[:12]}.png"
        self._put(f"lectures/{name}", png)
        return name

    def _put(self, place: str, data: bytes) -> None:
        path = self._folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _homework(course: Course, entry: AssignmentEntry) -> str:
    """How much there is to do: exercises, questions, points."""
    assignment = Assignment.load(course, entry.name)
    questions = sum(identity.startswith("quiz-") for identity, _ in assignment.exercises)
    parts = [f"{len(assignment.exercises) - questions} exercises", f"{questions} questions" if questions else ""]
    return f"Homework: {', '.join([*filter(None, parts), f'{assignment.points:g} points'])}"


def _units(course: Course) -> list[Unit]:
    """The units in course.toml's order."""
    units: dict[str, list[AssignmentEntry]] = {}
    for entry in course.entries.values():
        units.setdefault(entry.unit, []).append(entry)
    return [Unit(name, name if name in course.lectures else None, tuple(own)) for name, own in units.items()]


def _documents(course: Course) -> dict[str, str]:
    """Documents of the repository and the places of their pages, in the order in which one reads them."""
    names = {path.stem for path in (course.root / "docs").glob("*.md")} - {Path(HOME).stem}
    order = [*(name for name in DOCUMENTS if name in names), *sorted(names - {*DOCUMENTS})]
    found = {f"docs/{name}.md": f"docs/{name}.html" for name in order}
    for folder in ("lectures", "benchmarks"):
        if (course.root / folder / "README.md").is_file():
            found[f"{folder}/README.md"] = f"{folder}/index.html"
    return found
