"""A course on disk: what course.toml says, where everything lies, and the secret that seeds the graders' inputs."""

from __future__ import annotations

import os
import secrets
import shutil
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from traitlets.config import Config

from autograder.files import create_atomically

SEED_FILE = ".course-seed"

RELEASE_STEPS = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "autograder.release_stubs.ReleaseStubs",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""nbgrader's own steps from source to release; only ClearSolutions is ours."""


class CourseError(ValueError):
    """The course folder is not what it should be; the message says what to do."""


@dataclass(frozen=True)
class AssignmentEntry:
    """What course.toml says of an assignment.

    Attributes:
        name: its name, that of its source in ``solutions/`` too.
        unit: the unit it belongs to.
        title: as people call it.
        quiz: the file of quiz questions beside its source, or None.
        quiz_points: what the whole quiz is worth.
        due: when it is due, with its offset from UTC; None where course.toml does not say.
        canvas_id: the assignment's number in Canvas, by which Canvas finds the column of grades; None if unknown.
    """

    name: str
    unit: str
    title: str
    quiz: str | None = None
    quiz_points: float = 0.0
    due: datetime | None = None
    canvas_id: int | None = None

    def __post_init__(self) -> None:
        if self.due is not None and (not isinstance(self.due, datetime) or self.due.tzinfo is None):
            raise TypeError(f"due of {self.name} needs a time with its offset, as in 2026-11-20T23:59:00+08:00")

    @property
    def due_utc(self) -> datetime | None:
        """When it is due in UTC, without an offset, as nbgrader keeps it."""
        return self.due.astimezone(UTC).replace(tzinfo=None) if self.due else None


@dataclass(frozen=True)
class LatePolicy:
    """What lateness costs: the table ``[late]`` of course.toml.

    Attributes:
        grace_minutes: how late is still in time.
        per_day: the share of the points earned that each begun day costs, in [0, 1].
        at_most: the largest share that it costs, in [0, 1].
    """

    grace_minutes: float = 0.0
    per_day: float = 0.0
    at_most: float = 1.0

    def __post_init__(self) -> None:
        if self.grace_minutes < 0 or not (0 <= self.per_day <= 1 and 0 <= self.at_most <= 1):
            raise TypeError("in [late], per_day and at_most are shares between 0 and 1, grace_minutes is not negative")


@dataclass(frozen=True)
class Course:
    """A folder with a course.toml in it.

    Attributes:
        root: the folder, absolute.
        name: the course's short name.
        title: the course's title.
        repository: URL of the git repository from which notebooks install ``lifelong``.
        tag: the branch or tag of it.
        entries: the assignments by name, in course.toml's order.
        late: what lateness costs; None leaves it to nbgrader's own plugin, which by default takes nothing off.
        secret: the seed where the course was carried to another place, as workers have it; None elsewhere.
    """

    root: Path
    name: str
    title: str
    repository: str
    tag: str
    entries: dict[str, AssignmentEntry]
    late: LatePolicy | None = None
    secret: bytes | None = field(default=None, repr=False)

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course around ``start`` (by default the working directory); ``AUTOGRADER_COURSE`` overrides both.

        Raises:
            CourseError: no course.toml there or above.
        """
        override = os.environ.get("AUTOGRADER_COURSE")
        if override:
            return cls.at(Path(override))
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "course.toml").is_file():
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
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            course = table["course"]
            entries = {name: AssignmentEntry(name, **entry) for name, entry in table["assignments"].items()}
            late = LatePolicy(**table["late"]) if "late" in table else None
            repository = course["repository"].rstrip("/")
            return cls(path.parent, course["name"], course["title"], repository, course["tag"], entries, late)
        except FileNotFoundError:
            raise CourseError(f"There is no {path}.") from None
        except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
            raise CourseError(f"{path} is not a course's description: {type(error).__name__} {error}") from error

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

    @property
    def solutions(self) -> Path:
        """The instructors' sources, NAME.py and quiz.toml."""
        return self.root / "solutions"

    @property
    def source_directory(self) -> Path:
        """nbgrader's source folder: NAME/NAME.ipynb with solutions, generated, ignored by git."""
        return self.root / "build" / "source"

    @property
    def release_directory(self) -> Path:
        """What students get: NAME/NAME.ipynb, generated and committed."""
        return self.root / "assignments"

    @property
    def submitted(self) -> Path:
        """What students handed in: STUDENT/NAME/*.ipynb."""
        return self.root / "submitted"

    @property
    def collected(self) -> Path:
        """All that was ever collected, every attempt of every student: NAME/students/STUDENT/ATTEMPT/."""
        return self.root / "collected"

    @property
    def similar(self) -> Path:
        """Which submissions are alike: NAME.html for people, NAME.json for the report."""
        return self.root / "similar"

    @property
    def autograded(self) -> Path:
        """The graded copies: STUDENT/NAME/NAME.ipynb."""
        return self.root / "autograded"

    @property
    def feedback(self) -> Path:
        """The feedback pages: STUDENT/NAME/NAME.html."""
        return self.root / "feedback"

    @property
    def gradebook(self) -> Path:
        """nbgrader's gradebook, an SQLite file."""
        return self.root / "gradebook.db"

    @property
    def db_url(self) -> str:
        """The gradebook as SQLAlchemy names it."""
        return f"sqlite:///{self.gradebook}"

    def source_path(self, name: str) -> Path:
        """The source notebook of an assignment, solutions and all."""
        return self.source_directory / name / f"{name}.ipynb"

    def release_path(self, name: str) -> Path:
        """The released notebook of an assignment."""
        return self.release_directory / name / f"{name}.ipynb"

    @property
    def lecture_directory(self) -> Path:
        """The lectures: NAME.py, the source, and NAME.ipynb, generated and committed."""
        return self.root / "lectures"

    @property
    def lectures(self) -> list[str]:
        """The names of the lectures: those of the sources that are there."""
        return sorted(path.stem for path in self.lecture_directory.glob("*.py"))

    def lecture_path(self, name: str) -> Path:
        """The generated notebook of a lecture."""
        return self.lecture_directory / f"{name}.ipynb"

    def config(self) -> Config:
        """nbgrader's configuration for this course: the folders, the gradebook, the steps to a release."""
        config = Config()
        config.CourseDirectory.root = str(self.root)
        config.CourseDirectory.course_id = self.name
        config.CourseDirectory.source_directory = str(self.source_directory.relative_to(self.root))
        config.CourseDirectory.release_directory = self.release_directory.name
        config.CourseDirectory.submitted_directory = self.submitted.name
        config.CourseDirectory.autograded_directory = self.autograded.name
        config.CourseDirectory.feedback_directory = self.feedback.name
        config.CourseDirectory.db_url = self.db_url
        config.GenerateAssignment.preprocessors = list(RELEASE_STEPS)
        if self.late is not None:
            config.AssignLatePenalties.plugin_class = "autograder.late.LateByDay"
            config.LateByDay = Config(asdict(self.late))
        return config

    def seed(self) -> bytes:
        """The course's secret: ``AUTOGRADER_SEED``, else the file .course-seed, which is made on first use.

        Marks are the same on every regrade as long as it stays; whoever knows it can foresee the graders' inputs.
        """
        if self.secret is not None:
            return self.secret
        text = os.environ.get("AUTOGRADER_SEED", "").strip() or self._seed_file()
        return text.encode()

    def _seed_file(self) -> str:
        path = self.root / SEED_FILE
        if not path.exists():
            create_atomically(path, f"{secrets.token_hex(32)}\n".encode(), 0o600)
        text = path.read_text(encoding="utf-8").strip()
        if not text:
            raise CourseError(f"{path} is empty: delete it, and a new seed is drawn (and every mark may be regraded).")
        return text

    def clone_to(self, directory: Path) -> Course:
        """A fresh course folder with the same sources and releases, but its own submissions, gradebook and seed."""
        directory.mkdir(parents=True, exist_ok=True)
        for name in ("course.toml", "nbgrader_config.py"):
            shutil.copyfile(self.root / name, directory / name)
        for folder in (self.solutions, self.release_directory):
            if folder.is_dir():
                shutil.copytree(folder, directory / folder.name, dirs_exist_ok=True)
        return Course.at(directory)
