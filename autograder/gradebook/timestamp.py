"""When a submission was handed in: the file timestamp.txt beside it, by which nbgrader knows whether to grade again."""

from datetime import datetime
from pathlib import Path

from nbgrader import utils
from nbgrader.api import Base
from sqlalchemy import Column, DateTime, String

from autograder.files import write_atomically

TIMESTAMP = "timestamp.txt"
LONGEST = 100
"""More characters are no time."""


class RecordedTime(Base):  # type: ignore[misc] # nbgrader is untyped
    """What the file said when its time was put into the gradebook: where another one is there, a person wrote that."""

    __tablename__ = "autograder_recorded_time"
    submission_id = Column(String(32), primary_key=True)
    said = Column(DateTime, nullable=False)


def parse_utc(text: str) -> datetime | None:
    """A time as nbgrader reads it, in UTC and without an offset; None where the text is no time."""
    try:
        stamp: datetime = utils.parse_utc(text)
    except (ValueError, OverflowError):
        return None
    return stamp


def read_timestamp(folder: Path) -> datetime | None:
    """When the submission in a folder was handed in (UTC); None where no readable file says so."""
    path = folder / TIMESTAMP
    if path.is_symlink() or not path.is_file():  # a link might lead to a file that no student may read, or to no end
        return None
    try:
        with path.open(encoding="utf-8") as file:
            return parse_utc(file.read(LONGEST).strip())
    except (OSError, ValueError):
        return None


def copy_timestamp(source: Path, target: Path) -> None:
    """Write a submission's time into another folder: the time alone, never the bytes of the student's file."""
    stamp = read_timestamp(source)
    if stamp is not None:
        write_atomically(target / TIMESTAMP, f"{stamp} UTC\n".encode())
