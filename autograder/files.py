"""Files that are written whole, and temporary folders: what a killed process leaves of them, the next clears away.

A lock says that a draft or a folder is in use: the kernel lets go of it when its process ends, whatever ends it.
"""

import csv
import fcntl
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Literal

SCRATCH = "autograder-scratch-"


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder in the system's temporary one, gone at the end."""
    place = Path(tempfile.gettempdir())
    _clear_away(place, SCRATCH)
    folder, lock = _locked(lambda: tempfile.mkdtemp(prefix=SCRATCH, dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def own_files(folder: Path, within: Path) -> list[Path]:
    """The regular files in a folder, sorted; none that a link below ``within`` leads to, for that may be another's."""
    return [path for path in sorted(folder.rglob("*")) if is_own_file(path, within)]


def is_own_file(path: Path, within: Path) -> bool:
    """Whether this is a regular file, and no link below ``within`` is on the way to it."""
    # realpath, for resolve raises where a link leads to itself
    place = os.path.join(os.path.realpath(within), path.relative_to(within))
    return path.is_file() and os.path.realpath(path) == place


def below(directory: Path, name: str) -> Path:
    """The path of a file in a folder that may have been prepared by others.

    Raises:
        ValueError: it does not lie below the folder, a link is on the way to it, or something else is in its place.
    """
    relative = PurePosixPath(name)
    path = directory / relative
    if relative.is_absolute() or ".." in relative.parts or relative == PurePosixPath():
        raise ValueError(f"{name!r} does not lie below {directory}")
    if os.path.realpath(path) != os.path.join(os.path.realpath(directory), relative):
        raise ValueError(f"{path} is reached by a link; delete the link")
    if os.path.lexists(path) and not path.is_file():
        raise ValueError(f"{path} is no file; move it away")
    return path


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file whole, its folder made if need be: whoever reads it finds the old one or the new one."""
    with _draft(path, data, 0o644) as draft:
        draft.replace(path)


def spreadsheet(rows: Iterable[Sequence[object]], quoting: Literal[0, 2] = csv.QUOTE_MINIMAL) -> bytes:
    """Rows as CSV in UTF-8, with the mark by which Excel knows that."""
    file = io.StringIO(newline="")
    csv.writer(file, quoting=quoting).writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def table_text(path: Path) -> str:
    """What stands in a CSV in UTF-8 or UTF-16, as Excel saves it."""
    start = path.read_bytes()[:2]
    wide = start in (b"\xff\xfe", b"\xfe\xff") or b"\0" in start
    return path.read_text(encoding="utf-16" if wide else "utf-8-sig")


def rows_of(text: str, delimiter: str = ",") -> list[list[str]]:
    """The rows of a CSV; a cell may be as long as it likes, as Moodle's hold what students write."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def is_left_open(text: str, delimiter: str) -> bool:
    """Whether a cell of a CSV begins with a quotation mark that nothing closes: all rows below would be in it."""
    try:
        list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def create_atomically(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Make a file whole where there is none; of two processes that try at once, the first one's stays."""
    with _draft(path, data, mode) as draft, suppress(FileExistsError):
        os.link(draft, path)


@contextmanager
def _draft(path: Path, data: bytes, mode: int) -> Iterator[Path]:
    """The data in a hidden file beside the path, gone at the end."""
    prefix = f".{path.name}."
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear_away(path.parent, prefix)
    draft, lock = _locked(lambda: _empty_file(path.parent, prefix))
    try:
        draft.write_bytes(data)
        draft.chmod(mode)
        yield draft
    finally:
        draft.unlink(missing_ok=True)
        os.close(lock)


def _empty_file(folder: Path, prefix: str) -> str:
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=prefix)
    os.close(descriptor)
    return name


def _locked(make: Callable[[], str]) -> tuple[Path, int]:
    """A new file or folder and the descriptor that locks it; before it was locked it may have been cleared away."""
    while True:
        path = Path(make())
        with suppress(FileNotFoundError):
            lock = os.open(path, os.O_RDONLY)
            with suppress(OSError):  # a file system without locks: then nothing is ever cleared away
                fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists():
                return path, lock
            os.close(lock)


def _clear_away(folder: Path, prefix: str) -> None:
    """Delete what this user's processes have left under such names, unless one that is alive holds it."""
    for path in folder.iterdir():
        if not path.name.startswith(prefix):
            continue
        with suppress(OSError):  # another was quicker, or holds it
            lock = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(lock).st_uid == os.geteuid():
                    delete(path)
            finally:
                os.close(lock)


def delete(path: Path) -> None:
    """Delete a file, a folder with all in it, or a link, but not what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
