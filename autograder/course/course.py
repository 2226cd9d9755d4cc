"""A course on disk: what course.toml says, where everything lies, and the secret that seeds the graders' inputs."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.course.schema import parse, refusal
from autograder.course.settings import AssignmentEntry, LatePolicy, SandboxSettings
from autograder.files import create_atomically
from autograder.sandbox import Limits, Setup

ENGLISH = "en"
SEED_FILE = ".course-seed"
OVERRIDE = "AUTOGRADER_COURSE"
"""The variable that names the course's folder."""
STUDENTS_FILES = ("submitted", "collected", "autograded")


class CourseError(ValueError):
    """The course folder, or what it is asked to take in or give out, is not as it should be; the message says what to do."""


class Place:
    """Where something lies in a course's folder."""

    def __init__(self, *parts: str) -> None:
        self._path = Path(*parts)

    def __get__(self, course: Course, _: type[Course]) -> Path:
        return course.root / self._path


@dataclass(frozen=True)
class Course:
    """A folder with a course.toml in it.

    Attributes:
        root: the folder, absolute.
        name: the course's short name.
        title: the course's title.
        repository: URL of the git repository from which notebooks install the course's package.
        tag: the branch or tag of it.
        entries: the assignments by name, in course.toml's order.
        late: what lateness costs; None leaves it to nbgrader's own plugin, which by default takes nothing off.
        drop_lowest: how many assignments, each student's worst, the final mark leaves out.
        package: the name of the package that notebooks import, such as ``"lifelong"``; None where they need none.
        sandbox: what the sandbox holds ready for student code.
        limits: what a submission may use, by name as in ``Limits``.
        commands: the course's own commands: name → a Python file, seen from the course's folder.
        demo: the assignment that ``autograder demo`` grades; None takes the first.
        language: what students read, as in ``"zh_TW"``.
        timezone: where the course is held, as in ``"Asia/Taipei"``: the zone of times that do not say theirs.
        secret: the seed where the course was carried to another place, as workers have it; None elsewhere.
        home: the folder that the course was carried from, where its package is looked for; None elsewhere.
    """

    root: Path
    name: str
    title: str
    repository: str
    tag: str
    entries: dict[str, AssignmentEntry]
    late: LatePolicy | None = None
    drop_lowest: int = 0
    package: str | None = None
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)
    limits: Mapping[str, float] = field(default_factory=dict)
    commands: Mapping[str, str] = field(default_factory=dict)
    demo: str | None = None
    language: str = ENGLISH
    timezone: str | None = None
    secret: bytes | None = field(default=None, repr=False)
    home: Path | None = None

    solutions = Place("solutions")
    """All that is the instructors' own, a folder for each assignment."""
    source_directory = Place("build", "source")
    """nbgrader's source folder: NAME/NAME.ipynb with solutions, generated, ignored by git."""
    release_directory = Place("assignments")
    """What students get: NAME/NAME.ipynb, generated and committed."""
    submitted = Place("submitted")
    """What students handed in: ``STUDENT/NAME/*.ipynb``."""
    collected = Place("collected")
    """All that was ever collected, every attempt of every student: NAME/students/STUDENT/ATTEMPT/."""
    similar = Place("similar")
    """Which submissions are alike: NAME.html for people, NAME.json for the report."""
    autograded = Place("autograded")
    """The graded copies: STUDENT/NAME/NAME.ipynb."""
    feedback = Place("feedback")
    """The feedback pages: STUDENT/NAME/NAME.html."""
    gradings = Place("gradings")
    """The marks as each grading left them: NAME/TIME.json."""
    gradebook = Place("gradebook.db")
    """nbgrader's gradebook, an SQLite file."""
    lecture_directory = Place("lectures")
    """The lectures: NAME.py, the source, and NAME.ipynb, generated and committed."""

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course around ``start`` (by default the working directory); ``AUTOGRADER_COURSE`` overrides both.

        What a student handed in is never the course: Python files of a course are run with the instructor's rights.

        Raises:
            CourseError: no course.toml there or above.
        """
        override = os.environ.get(OVERRIDE)
        if override:
            return cls.at(Path(override))
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "course.toml").is_file() and not _holds_students_files(folder):
                return cls.at(folder)
        raise CourseError(f"There is no course.toml in {here} or above it: run this inside a course folder.")

    @classmethod
    def at(cls, root: Path) -> Course:
        """The course in this very folder.

        Raises:
            CourseError: course.toml is absent or not as expected.
        """
        path = root.resolve() / "course.toml"
        try:
            table = parse(path.read_text(encoding="utf-8-sig"))
            if wrong := refusal(table, "course"):
                raise ValueError(wrong)
            course = table["course"]
            limits = table.get("limits", {})
            Limits.of(limits)
            if "timezone" in course:
                ZoneInfo(course["timezone"])
            return cls(
                **course | {"repository": course["repository"].rstrip("/")},
                root=path.parent,
                entries={name: AssignmentEntry.of(name, entry) for name, entry in table["assignments"].items()},
                late=LatePolicy(**table["late"]) if "late" in table else None,
                drop_lowest=table.get("final", {}).get("drop_lowest", 0),
                sandbox=SandboxSettings(**table.get("sandbox", {})),
                limits=limits,
                commands=table.get("commands", {}),
            )
        except FileNotFoundError:
            raise CourseError(f"There is no {path}.") from None
        except (ValueError, ZoneInfoNotFoundError) as error:
            raise CourseError(f"{path} is not a course's description: {error}") from error

    def may_have_come_with(self, file: Path) -> bool:
        """Whether a file lies in this course's folder, but not where students' files are kept, and nobody named the course.

        Then both may be one download, and the course's judges are of whoever made it.
        """
        place = file.absolute().parent.resolve()
        kept = any(place.is_relative_to(self.root / each) for each in STUDENTS_FILES)
        return place.is_relative_to(self.root) and not kept and not os.environ.get(OVERRIDE)

    def is_led_to(self, file: Path) -> bool:
        """Whether a file is a link, or its folder is reached by one that is named from here or leads into this course."""
        place, named = file.parent.resolve(), Path(os.path.abspath(file.parent))
        return file.is_symlink() or (place != named and (not file.is_absolute() or place.is_relative_to(self.root)))

    @property
    def assignments(self) -> list[str]:
        """The names of the assignments."""
        return list(self.entries)

    def entry(self, name: str) -> AssignmentEntry:
        """What course.toml says of an assignment.

        Raises:
            CourseError: there is none of this name; the message lists those that there are.
        """
        if name not in self.entries:
            raise CourseError(f"There is no assignment {name!r}; this course has: {', '.join(self.entries)}.")
        return self.entries[name]

    def zone(self, name: str) -> tzinfo:
        """The zone of an assignment's times that say no offset: the course's, else that of its due dates, else UTC."""
        dues = (self.entry(name).due, *(entry.due for entry in self.entries.values()))
        zones = (due.tzinfo for due in dues if due and due.tzinfo)
        return ZoneInfo(self.timezone) if self.timezone else next(zones, UTC)

    def instructors_source(self, name: str) -> Path:
        """The one source of an assignment's notebook, solutions and all (jupytext percent)."""
        return self.solutions / name / f"{name}.py"

    def quiz_file(self, name: str) -> Path | None:
        """The questions of an assignment's quiz; None where it has none."""
        path = self.solutions / name / "quiz.toml"
        return path if path.is_file() else None

    def judges(self, name: str) -> Path:
        """The judges of an assignment's exercises, ID.py each, and what they share."""
        return self.solutions / name / "judges"

    def probes(self, name: str) -> Path:
        """What calls the students' functions in the sandbox, ID.py each, where a plain call will not do."""
        return self.solutions / name / "probes"

    def bank(self, name: str) -> Path:
        """Right and wrong implementations of an assignment's exercises, ID.py each."""
        return self.solutions / name / "bank"

    def files_for_grading(self, name: str) -> list[Path]:
        """All files of the course on which the marks of an assignment depend."""
        notebooks = [self.release_path(name), self.instructors_source(name)]
        catalogues = sorted((self.solutions / name).glob("*.po"))
        single = [self.root / "course.toml", *notebooks, self.quiz_file(name), *catalogues]
        modules = [path for folder in (self.judges(name), self.probes(name)) for path in sorted(folder.glob("*"))]
        return [path for path in (*single, *modules) if path is not None and path.is_file()]

    def package_folder(self) -> Path | None:
        """The folder of the package that notebooks import; None where the course names none.

        It is looked for beside course.toml, in the folders above, and then where Python finds it. It is not imported.

        Raises:
            CourseError: it is nowhere to be found.
        """
        if self.package is None:
            return None
        start = self.home or self.root
        beside = (folder / self.package for folder in (start, *start.parents))
        found = next((folder for folder in beside if (folder / "__init__.py").is_file()), None)
        spec = importlib.util.find_spec(self.package) if found is None else None
        if spec is not None and spec.origin is not None:
            found = Path(spec.origin).parent
        if found is None:
            raise CourseError(f"course.toml names the package {self.package!r}, which is not in {start} nor installed.")
        return found

    def sandbox_setup(self, *names: str) -> Setup:
        """What the sandbox of these assignments holds; its limits are those of the first.

        Raises:
            CourseError: the course's package is nowhere to be found.
        """
        probes = {name: self.probes(name) for name in names if self.probes(name).is_dir()}
        limits = {**self.limits, **(self.entry(names[0]).limits if names else {})}
        ready, package, held = self.sandbox, self.package_folder(), Limits.of(limits)
        setup = Setup(probes=probes, package=package, imports=tuple(ready.imports), limits=held)
        return replace(setup, warm_up=ready.warm_up, environment=ready.environment)

    @property
    def db_url(self) -> str:
        """The gradebook as SQLAlchemy names it.

        Raises:
            CourseError: the file is another program's, whose tables nbgrader would put its own beside.
        """
        tables = []
        with suppress(sqlite3.Error), closing(sqlite3.connect(f"{self.gradebook.as_uri()}?mode=ro", uri=True)) as file:
            tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if tables and "submitted_assignment" not in tables:
            message = f"{self.gradebook} is no gradebook of nbgrader's: it has {tables[0]} in it. Move it away."
            raise CourseError(message)
        return f"sqlite:///{self.gradebook}"

    def source_path(self, name: str) -> Path:
        """The source notebook of an assignment, solutions and all."""
        return self.source_directory / name / f"{name}.ipynb"

    def release_path(self, name: str) -> Path:
        """The released notebook of an assignment."""
        return self.release_directory / name / f"{name}.ipynb"

    @property
    def lectures(self) -> list[str]:
        """The names of the lectures: those of the sources that are there."""
        return sorted(path.stem for path in self.lecture_directory.glob("*.py"))

    def lecture_path(self, name: str) -> Path:
        """The generated notebook of a lecture."""
        return self.lecture_directory / f"{name}.ipynb"

    def seed(self) -> bytes:
        """The course's secret: ``AUTOGRADER_SEED``, else the file .course-seed, which is made on first use.

        Marks are the same on every regrade as long as it stays; whoever knows it can foresee the graders' inputs.
        """
        if self.secret is not None:
            return self.secret
        return (os.environ.get("AUTOGRADER_SEED", "").strip() or self._seed_file()).encode()

    def _seed_file(self) -> str:
        path = self.root / SEED_FILE
        if not path.exists():
            create_atomically(path, f"{secrets.token_hex(32)}\n".encode(), 0o600)
        text = path.read_text(encoding="utf-8").strip()
        if not text:
            raise CourseError(f"{path} is empty: delete it, and a new seed is drawn (and every mark may be regraded).")
        return text

    def clone_to(self, directory: Path) -> Course:
        """A fresh course folder with the same sources and releases, but its own submissions, gradebook and seed.

        The course's package is still looked for where this course finds it.
        """
        directory.mkdir(parents=True, exist_ok=True)
        for name in ("course.toml", "nbgrader_config.py"):
            shutil.copyfile(self.root / name, directory / name)
        for folder in (self.solutions, self.release_directory):
            if folder.is_dir():
                shutil.copytree(folder, directory / folder.name, dirs_exist_ok=True)
        return replace(Course.at(directory), home=self.home or self.root)


def _holds_students_files(folder: Path) -> bool:
    """Whether a folder is within those of another course in which students' files are kept."""
    above = (folder, *folder.parents)
    return any(each.name in STUDENTS_FILES and (each.parent / "course.toml").is_file() for each in above)
