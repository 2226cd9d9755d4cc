"""The students' repository: notebooks, the package that they import, a README and licences; nothing else gets in."""

import json
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import nbformat
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from nbformat import NotebookNode

from autograder.course.course import Course, CourseError
from autograder.course.lecture import lecture_notebook, stills
from autograder.course.lecture_cache import lecture_run
from autograder.files import below, write_atomically
from autograder.publish.build import released
from autograder.publish.colab import badge, badge_cell, colab_url, web_address
from autograder.publish.leaks import leaks

PROJECT = "pyproject.toml"
MANIFEST = ".release.json"
LICENCE = "LICENSE"
OWN_README = "README.students.md.j2"
"""In lectures/, if the course has more to say to its students: it extends the template README.md.j2."""

EXAMPLE = "https://github.com/example/"
"""Where no repository is: course.toml's address as long as nobody has put the course's own there."""


class ReleaseError(CourseError):
    """The students' repository cannot be written; the message says why, and what to do."""


class Row(NamedTuple):
    """A line of the README's table, in Markdown: the unit's number, or nothing for further reading."""

    number: str
    lecture: str
    homework: str


@dataclass(frozen=True)
class Release:
    """What was published.

    Attributes:
        directory: where.
        course: with the repository and the tag that the notebooks name.
        written: paths of files that are new or have changed.
        same: how many files were as they should be.
        removed: paths of files of an earlier release that are no more.
        size: bytes of all files together.
        origin: the web address of the remote ``origin`` of ``directory``, or nothing.
    """

    directory: Path
    course: Course
    written: list[str]
    same: int
    removed: list[str]
    size: int
    origin: str


def release(course: Course, directory: Path, with_outputs: bool = False) -> Release:
    """Write the students' repository, or bring an earlier one up to date; ``.git`` and files of others stay.

    Args:
        course: the course; the notebooks name its repository and tag. As long as course.toml has the example's
            address, the remote ``origin`` of ``directory`` is taken instead, where there is one.
        directory: empty, a repository without files, or an earlier release.
        with_outputs: run the lectures and publish them with their outputs.

    Raises:
        ReleaseError: the folder holds something else, something secret would be published, or something is missing.
        CourseError, SourceError, BuildError, LectureError: the notebooks cannot be made.
    """
    before = _earlier(directory)
    origin = _origin(directory)
    if origin and course.repository.startswith(EXAMPLE):
        course = replace(course, repository=origin)
    files = contents(course, with_outputs)
    found = leaks(course, files)
    if found:
        raise ReleaseError("\n".join(["Nothing was published, for students would see this:", *found]))
    files[MANIFEST] = (json.dumps({"files": sorted(files)}, indent=1) + "\n").encode()
    places = {name: _place(directory, name) for name in (*before, *files)}
    written = []
    for name, data in files.items():
        if not places[name].is_file() or places[name].read_bytes() != data:
            write_atomically(places[name], data)
            written.append(name)
    removed = [name for name in before if name not in files and _remove(directory, places[name])]
    size = sum(map(len, files.values()))
    return Release(directory, course, written, len(files) - len(written), removed, size, origin)


def contents(course: Course, with_outputs: bool) -> dict[str, bytes]:
    """The files of the students' repository: path, with ``/``, → contents."""
    needed = [LICENCE, *([course.package, PROJECT] if course.package else [])]
    missing = [name for name in needed if not (course.root / name).exists()]
    if missing:
        raise ReleaseError(f"{course.root} has no {', '.join(missing)}: students need them, too.")
    homework = {
        f"assignments/{name}/{file}": nbformat.reads(data.decode(), as_version=4)
        for name in course.assignments
        for file, data in released(course, name).items()
    }
    lectures = {name: lecture_notebook(course, name) for name in course.lectures}
    rows = list(_rows(course, homework, {name: _heading(notebook) for name, notebook in lectures.items()}))
    if with_outputs:
        lectures = {name: stills(lecture_run(course, name), moving=False) for name in lectures}
    files = _documents(course, rows)
    notebooks = homework | {_lecture(name): each for name, each in lectures.items()}
    files |= {path: _published(course, path, each) for path, each in notebooks.items()}
    return files | {path: (course.root / path).read_bytes() for path in (*_package(course), *_licences(course))}


def next_commands(done: Release) -> list[str]:
    """The git commands that publish what was written, one a line."""
    where, tag = done.directory, done.course.tag
    branch = _git(where, "symbolic-ref", "--short", "HEAD")
    git = f"git -C {where}"
    commands = [] if (where / ".git").exists() else [f"{git} init --initial-branch main"]
    commands += [f"{git} add --all", f'{git} commit --message "The course as of today"']
    if not _origin(where):
        commands.append(f"{git} remote add origin {done.course.repository}")
    if tag in (branch or "main", "main"):
        return [*commands, f"{git} push --set-upstream origin HEAD:{tag}"]
    return [*commands, f"{git} tag --force {tag}", f"{git} push --force origin HEAD {tag}"]


def _earlier(directory: Path) -> list[str]:
    """The files of the release that lies in a folder; none where it is empty or not there."""
    manifest = _place(directory, MANIFEST)
    if manifest.is_file():
        try:
            return [str(name) for name in json.loads(manifest.read_text(encoding="utf-8"))["files"]]
        except (ValueError, LookupError, TypeError):
            raise ReleaseError(f"{manifest} is not what a release has written: name another folder.") from None
    if directory.exists() and (not directory.is_dir() or any(path.name != ".git" for path in directory.iterdir())):
        message = f"{directory} holds other things than an earlier release. Name a folder that is empty or not there yet, or a fresh clone of the students' repository without files."
        raise ReleaseError(message)
    return []


def _place(directory: Path, name: str) -> Path:
    """Where a file of a release lies.

    Raises:
        ReleaseError: it would be outside the folder, or git's: then the manifest or a link there is not ours.
    """
    try:
        if ".git" in (part.casefold() for part in PurePosixPath(name).parts):
            raise ValueError(f"{name!r} is git's")
        return below(directory, name)
    except ValueError as error:
        raise ReleaseError(f"Nothing was written to {directory}, which is no folder of ours: {error}.") from None


def _remove(directory: Path, path: Path) -> bool:
    """Delete a file of an earlier release, and the folders that are empty then; whether it was there."""
    if not path.is_file():
        return False
    path.unlink()
    for folder in path.parents:
        if folder == directory or any(folder.iterdir()):
            break
        folder.rmdir()
    return True


def _git(directory: Path, *arguments: str) -> str:
    """What git says of the repository in this very folder, or nothing."""
    if not (directory / ".git").exists():
        return ""
    done = subprocess.run(["git", "-C", str(directory), *arguments], capture_output=True, text=True, check=False)
    return str(done.stdout).strip() if done.returncode == 0 else ""


def _origin(directory: Path) -> str:
    """The web address of the remote ``origin``, or nothing."""
    return web_address(_git(directory, "remote", "get-url", "origin"))


def _published(course: Course, path: str, notebook: NotebookNode) -> bytes:
    """A notebook as it lies in the students' repository, below its badge."""
    url = colab_url(course.repository, course.tag, path)
    if url:
        notebook.cells.insert(0, badge_cell(url))
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return (text + "\n").encode()


def _project(course: Course) -> dict[str, Any]:
    """What pyproject.toml says; nothing where the course has no package to be installed."""
    return tomllib.loads((course.root / PROJECT).read_text(encoding="utf-8")) if course.package else {}


def _package_data(course: Course) -> list[str]:
    """What pyproject.toml calls the package's data."""
    tools = _project(course).get("tool", {})
    patterns: list[str] = tools.get("setuptools", {}).get("package-data", {}).get(course.package, [])
    return patterns


def _package(course: Course) -> Iterator[str]:
    """The files of the course's package that its wheel holds: modules and data."""
    if course.package:
        folder = course.root / course.package
        patterns = ["**/*.py", *_package_data(course)]
        for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
            yield path.relative_to(course.root).as_posix()


def _licences(course: Course) -> list[str]:
    """LICENSE and the texts in LICENSES, if there are any."""
    return [LICENCE, *(path.relative_to(course.root).as_posix() for path in sorted(course.root.glob("LICENSES/*")))]


def _lecture(name: str) -> str:
    """The path of a lecture's notebook in the students' repository."""
    return f"lectures/{name}.ipynb"


def _heading(notebook: NotebookNode) -> str:
    """A notebook's first heading."""
    lines = (line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.split("\n"))
    return str(next(line.removeprefix("# ").strip() for line in lines if line.startswith("# ")))


def _rows(course: Course, homework: Iterable[str], lectures: Mapping[str, str]) -> Iterator[Row]:
    """A row for each unit, in course.toml's order, then one for each lecture that belongs to none."""
    units: dict[str, list[str]] = {entry.unit: [] for entry in course.entries.values()}
    for path in homework:
        name, *language = PurePosixPath(path).stem.split(".")
        entry = course.entry(name)
        units[entry.unit].append(_link(course, " ".join([entry.title, *language]), path))
    for number, (unit, links) in enumerate(units.items(), start=1):
        lecture = _link(course, lectures[unit], _lecture(unit)) if unit in lectures else ""
        yield Row(str(number), lecture, "<br>".join(links))
    for name, title in lectures.items():
        if name not in units:
            yield Row("", _link(course, title, _lecture(name)), "")


def _link(course: Course, title: str, path: str) -> str:
    """A notebook's title, with its badge below."""
    url = colab_url(course.repository, course.tag, path)
    return f"[{title}]({path})" + (f"<br>{badge(url)}" if url else "")


def _documents(course: Course, rows: Sequence[Row]) -> dict[str, bytes]:
    """README and .gitignore; where there is a package to be installed, pyproject.toml and environment.yml too."""
    due = [(entry.title, f"{entry.due:%Y-%m-%d %H:%M %Z}") for entry in course.entries.values() if entry.due]
    values: dict[str, Any] = {"title": course.title, "folder": course.name, "rows": rows, "due": due}
    values |= {"repository": course.repository, "tag": course.tag, "licences": _licences(course)}
    values |= {"package": course.package, "package_data": _package_data(course)}
    values["project"] = _project(course).get("project", {})
    values["colab"] = colab_url(course.repository, course.tag, "") is not None
    own = PackageLoader("autograder", "templates/release")
    loader = ChoiceLoader([own, FileSystemLoader(course.lecture_directory)])
    options: Any = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    environment = Environment(loader=loader, keep_trailing_newline=True, **options)
    readme = OWN_README if (course.lecture_directory / OWN_README).is_file() else "README.md.j2"
    templates = {"README.md": readme, ".gitignore": "gitignore.j2"}
    if course.package:
        templates |= {name: f"{name}.j2" for name in (PROJECT, "environment.yml")}
    return {name: environment.get_template(template).render(values).encode() for name, template in templates.items()}
