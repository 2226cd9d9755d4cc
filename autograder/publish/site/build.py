"""The site: Markdown and notebooks made from the course, and the pages that Sphinx makes of them."""

import os
import re
import shutil
import tomllib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, FileSystemLoader
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.course.lecture import lecture_notebook
from autograder.course.lecture_cache import homework_run, lecture_run
from autograder.course.settings import AssignmentEntry
from autograder.files import write_atomically
from autograder.paths import AUTOGRADER
from autograder.publish.build import make_lecture
from autograder.publish.colab import colab_url
from autograder.publish.site.notebooks import as_read, opening
from autograder.render.notebook import slides

HOME = "docs/index.md"
"""The home page, with the pages that its toctrees put beside every page; ``{{units}}`` in it stands for the notebooks."""

_TEMPLATES = AUTOGRADER / "templates" / "site"
_PICTURE = re.compile(r"""(?:\]\(|\bsrc=["'])([^)"'\s:]+\.(?:png|svg|jpg|gif|webp))""")
_MODULE = re.compile(r"\]\((?:\.\./)*([\w/]+?)(?:/__init__)?\.py\)")


def build_site(course: Course, folder: Path, *, run: bool = True) -> list[Path]:
    """Write the pages of a course's site; what an earlier one has left in the folder is removed.

    What Sphinx reads and what it remembers is kept in build/sphinx: pages that have not changed are not read again.

    Raises:
        CourseError, LectureError: as ``lecture_run``.
        FileExistsError: the folder holds something that is not a site.
    """
    if folder.is_symlink():
        raise FileExistsError(f"{folder} is a link: name the folder itself.")
    if folder.exists() and any(folder.iterdir()) and not (folder / "searchindex.js").is_file():
        raise FileExistsError(f"{folder} is neither empty nor an earlier site: name another folder.")
    from sphinx.application import Sphinx  # Sphinx is an extra
    from sphinx.util.docutils import docutils_namespace

    work = course.root / "build" / "sphinx"
    beside = _Sources(course, work / "source").write(run)
    settings = tomllib.loads((_TEMPLATES / "sphinx.toml").read_text(encoding="utf-8"))
    docstrings = settings.pop("docstrings")
    if course.package and (course.root / course.package / "__init__.py").is_file():
        settings |= docstrings | {"autoapi_dirs": [str(course.root / course.package)]}
        settings["extensions"].insert(0, "autoapi.extension")
    settings |= {"project": course.title, "html_title": course.title}
    settings["html_search_scorer"] = str(_TEMPLATES / "search.js")
    settings["html_static_path"] = [
        str(_TEMPLATES / name) for name in ("sphinx.css", "sphinx.js", "../lecture/wide.js", "../lecture/slider.js")
    ]
    shutil.rmtree(work / "site", ignore_errors=True)
    with docutils_namespace():
        folders = work / "source", None, work / "site", work / "doctrees"
        Sphinx(*folders, "html", settings, status=None, parallel=os.cpu_count() or 1).build()
    for place, data in beside.items():
        (work / "site" / place).write_bytes(data)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.move(work / "site", folder)
    return sorted(folder.rglob("*.html"))


class _Sources:
    """What Sphinx reads: each file at its path in the course, so that the links between them hold."""

    def __init__(self, course: Course, folder: Path) -> None:
        self._course, self._folder, self._written = course, folder, set[Path]()

    def write(self, run: bool) -> dict[str, bytes]:
        """Write all, and remove what an earlier writing has left; files that are as they were keep their dates.

        Returns:
            What lies on the site beside the pages, by its path there: notebooks and slides.
        """
        course, beside = self._course, dict[str, bytes]()
        released = [Assignment.load(course, name).release for name in course.assignments]
        with ThreadPoolExecutor(2) as pool:
            runs = pool.map(partial(lecture_run if run else lecture_notebook, course), course.lectures)
            lectures = dict(zip(course.lectures, runs, strict=True))
            pictured = [*pool.map(partial(homework_run, course), course.assignments)] if run else released
        for name, notebook in lectures.items():
            beside[f"lectures/{name}.slides.html"] = slides(notebook).encode()
            beside[f"lectures/{name}.ipynb"] = make_lecture(course, name)
            self._notebook(f"lectures/{name}.ipynb", notebook, f'<a href="{name}.slides.html">Slides</a> · ')
        for name, notebook in zip(course.assignments, pictured, strict=True):
            path = f"assignments/{name}/{name}.ipynb"
            beside[path] = course.release_path(name).read_bytes()
            self._notebook(path, notebook)
        for folder in ("docs", "lectures", "benchmarks"):
            for document in course.root.glob(f"{folder}/*.md"):
                self._document(document)
        self._put("index.md", self._home(lectures))
        for old in {each for each in self._folder.rglob("*") if each.is_file()} - self._written:
            if not old.is_relative_to(self._folder / "code"):  # what autoapi has written
                old.unlink()
        return beside

    def _notebook(self, path: str, notebook: NotebookNode, links: str = "") -> None:
        name, colab = Path(path), colab_url(self._course.repository, self._course.tag, path)
        links += f'<a href="{name.name}">Notebook</a>' + (f' · <a href="{colab}">Open in Colab</a>' if colab else "")
        title, rest = opening(notebook, name.stem)
        read = as_read(notebook)
        read.cells[: bool(rest)] = [new_markdown_cell(f'# {title}\n\n<p class="also">{links}</p>\n\n{rest}')]
        self._put(path, nbformat.writes(read))

    def _document(self, path: Path) -> None:
        root, text = self._course.root, path.read_text(encoding="utf-8")
        for picture in _PICTURE.findall(text):
            shown = path.parent.joinpath(picture).resolve()
            if shown.is_file() and shown.is_relative_to(root):
                self._put(shown.relative_to(root).as_posix(), shown.read_bytes())
        if path != root / HOME:
            self._put(path.relative_to(root).as_posix(), _MODULE.sub(r"](/code/\1/index.rst)", text))

    def _home(self, lectures: dict[str, NotebookNode]) -> str:
        """The home page: the course's own words, the units in course.toml's order, the lectures that belong to none."""
        course, units = self._course, dict[str, dict[str, Any]]()
        for entry in course.entries.values():
            name = entry.unit
            title, about = opening(lectures[name], name) if name in lectures else (entry.title, "")
            own = {"title": title, "about": about.strip().split("\n\n")[0], "lecture": name if name in lectures else ""}
            units.setdefault(name, own | {"homework": []})["homework"].append((entry.name, _work(course, entry)))
        made = Environment(trim_blocks=True, loader=FileSystemLoader(_TEMPLATES))
        readings = [name for name in lectures if name not in units]
        listed = made.get_template("units.md.j2").render(units=units.values(), readings=readings)
        if (course.root / HOME).is_file():
            own_words = (course.root / HOME).read_text(encoding="utf-8")
            return own_words.replace("](../", "](").replace("{{units}}", listed)
        return made.get_template("home.md.j2").render(title=course.title, units=listed)

    def _put(self, place: str, data: str | bytes) -> None:
        path, data = self._folder / place, data.encode() if isinstance(data, str) else data
        self._written.add(path)
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, data)


def _work(course: Course, entry: AssignmentEntry) -> str:
    """How much there is to do: exercises, questions, points."""
    assignment = Assignment.load(course, entry.name)
    questions = sum(identity.startswith("quiz-") for identity, _ in assignment.exercises)
    parts = [f"{len(assignment.exercises) - questions} exercises", f"{questions} questions" if questions else ""]
    return f"Homework: {', '.join([*filter(None, parts), f'{assignment.points:g} points'])}"
