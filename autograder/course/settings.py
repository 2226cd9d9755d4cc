"""What course.toml says, table by table."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, TypeVar

from autograder.sandbox import Limits

T = TypeVar("T")

FORMER = {"quiz"}
"""What earlier versions let an assignment say: its questions are found by their file's name now."""


def known(place: str, table: Mapping[str, Any], needed: Sequence[str], optional: Sequence[str]) -> None:
    """Refuse a table of course.toml that has a setting which there is not, or lacks one.

    Raises:
        TypeError: naming it, and those that there are.
    """
    for setting in table:
        if setting not in (*needed, *optional):
            raise TypeError(f"{place} has no setting {setting!r}; it may have: {', '.join((*needed, *optional))}")
    for setting in needed:
        if setting not in table:
            raise TypeError(f"{place} lacks {setting!r}")


def read(kind: type[T], place: str, table: Mapping[str, Any], **given: Any) -> T:
    """What a table of course.toml says, as its class; some of its fields may be given already.

    Raises:
        TypeError: as ``known``.
    """
    said = {setting: value for setting, value in table.items() if setting not in FORMER}
    asked = [each for each in fields(kind) if each.name not in given]  # type: ignore[arg-type]
    needed = [each.name for each in asked if each.default is MISSING and each.default_factory is MISSING]
    known(place, said, needed, [each.name for each in asked if each.name not in needed])
    return kind(**given, **said)


@dataclass(frozen=True)
class AssignmentEntry:
    """What course.toml says of an assignment.

    Attributes:
        name: its name, that of its source in ``solutions/`` too.
        unit: the unit it belongs to.
        title: as people call it.
        quiz_points: what the whole quiz is worth, where the assignment has one.
        due: when it is due, with its offset from UTC; None where course.toml does not say.
        quiz_opens: from when on students read question by question how they answered, with its offset from UTC; None
            leaves that to the deadline.
        canvas_id: the assignment's number in Canvas, by which Canvas finds the column of grades; None if unknown.
        limits: what a submission may use, by name as in ``Limits``, where it differs from the course's.
    """

    name: str
    unit: str
    title: str
    quiz_points: float = 0.0
    due: datetime | None = None
    quiz_opens: datetime | None = None
    canvas_id: int | None = None
    limits: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, time in (("due", self.due), ("quiz_opens", self.quiz_opens)):
            if time is not None and (not isinstance(time, datetime) or time.tzinfo is None):
                raise TypeError(f"{key} of {self.name} needs a time with its offset, as in 2026-11-20T23:59:00+08:00")
        Limits.of(self.limits)

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
class SandboxSettings:
    """What the sandbox holds ready for student code: the table ``[sandbox]`` of course.toml.

    Attributes:
        imports: modules that are imported before the first submission; with ``"torch"`` among them students' functions
            get tensors, else NumPy arrays.
        warm_up: a cell that is run before the first submission, so that no submission pays for what all of them do.
        environment: variables that are set inside.
    """

    imports: tuple[str, ...] = ()
    warm_up: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        odd = [name for name, value in self.environment.items() if not isinstance(value, str)]
        if odd:
            raise TypeError(f'in [sandbox], environment needs text in quotes: {odd[0]} = "{self.environment[odd[0]]}"')
