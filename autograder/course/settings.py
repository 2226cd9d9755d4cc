"""What course.toml says, table by table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from autograder.sandbox import Limits
from autograder.sandbox.inside.quiz import PREFIX as QUIZ


@dataclass(frozen=True)
class AssignmentEntry:
    """What course.toml says of an assignment.

    Attributes:
        name: its name, that of its source in ``solutions/`` too.
        unit: the unit it belongs to.
        title: as people call it.
        quiz_points: what the whole quiz is worth, where the assignment has one.
        enough_points: so many points of the exercises are full marks, and students choose which; None asks for all.
        due: when it is due, with its offset from UTC; None where course.toml does not say.
        quiz_opens: from when on students read question by question how they answered, with its offset from UTC; None
            leaves that to the deadline.
        canvas_id: the assignment's number in Canvas, by which Canvas finds the column of grades; None if unknown.
        weight: what it counts in the final mark, beside the others' weights.
        limits: what a submission may use, by name as in ``Limits``, where it differs from the course's.
    """

    name: str
    unit: str
    title: str
    quiz_points: float = 0.0
    enough_points: float | None = None
    due: datetime | None = None
    quiz_opens: datetime | None = None
    canvas_id: int | None = None
    weight: float = 1.0
    limits: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, table: Mapping[str, Any]) -> "AssignmentEntry":
        """The entry of this name, from a table that the schema allows."""
        times = {key: datetime.fromisoformat(table[key]) for key in ("due", "quiz_opens") if key in table}
        return cls(name, **{key: value for key, value in table.items() if key != "quiz"} | times)

    def __post_init__(self) -> None:
        Limits.of(self.limits)

    @property
    def due_utc(self) -> datetime | None:
        """When it is due in UTC, without an offset, as nbgrader keeps it."""
        return self.due.astimezone(UTC).replace(tzinfo=None) if self.due else None


def beyond(points: Mapping[str, float], enough: float | None) -> float:
    """How many points, by exercise, do not count because fewer are full marks; the quiz's always count."""
    earned = sum(each for exercise, each in points.items() if not exercise.startswith(QUIZ))
    return 0.0 if enough is None else max(0.0, earned - enough)


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


@dataclass(frozen=True)
class SandboxSettings:
    """What the sandbox holds ready for student code: the table ``[sandbox]`` of course.toml.

    Attributes:
        imports: modules that are imported before the first submission; with ``"torch"`` among them students' functions
            get tensors, else NumPy arrays.
        warm_up: a cell that is run before the first submission, so that no submission pays for what all of them do.
        environment: variables that are set inside.
    """

    imports: Sequence[str] = ()
    warm_up: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
