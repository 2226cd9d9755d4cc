"""What lies in a folder or in a zip, zips in zips among it: files to read, and what is refused, by name.

No name from an archive is ever used as a path: members are copied into numbered files of a scratch folder.
"""

import lzma
import os
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from autograder.collect.names import MAX_NAME, decoded, is_junk, safe, shown

MAX_MEMBER = 200_000_000
"""The longest file that is unpacked, in bytes; what is graded is shorter by far."""
MAX_SHARE = 1_000_000_000
"""What one student's files may unpack to, in bytes: nobody uses up what the others need."""
MIN_MEMBER = 50_000
"""What every file counts for at least, in bytes, so that their number has an end, too."""
MAX_LIST, ENTRY = 20_000_000, 1_000
"""How long a handed-in zip's list of its files may be, in bytes, as it is read before anything is counted; and what each line of it counts for."""
REFUSALS = 10
"""So many refusals from one zip that was handed in are told one by one."""
MAX_DEPTH = 3
"""How deep zips that were handed in are opened."""

_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, MemoryError, RuntimeError, OSError, ValueError)
"""What zipfile raises on damaged, encrypted and unknown archives."""


@dataclass(frozen=True)
class Found:
    """A file of the source.

    Attributes:
        parts: its path inside the source, the zips that it lay in included.
        file: where its bytes are.
        modified: when it was changed last, UTC, as the file system or the archive says.
        outer: its path at the source's outermost level, which no student writes; of what was in a zip that was handed in
            that zip's path. It alone says whose file this is.
        packed: when the zip that was handed in, and that it lay in, was changed last; None where it lay in none.
    """

    parts: tuple[str, ...]
    file: Path
    modified: datetime
    outer: tuple[str, ...]
    packed: datetime | None = None

    @property
    def arrived(self) -> datetime:
        """The time at the outermost level: those inside a student's zip are the student's word."""
        return self.packed or self.modified

    @property
    def name(self) -> str:
        """The whole path, as it is shown."""
        return "/".join(self.parts)


@dataclass(frozen=True)
class Refused:
    """Something that was not taken, and why, in a sentence."""

    name: str
    reason: str


Whose = Callable[[tuple[str, ...]], str]
"""Of a path at the outermost level: whose share of the disk it uses."""


def outermost(source: Path) -> list[tuple[str, ...]]:
    """The paths at a source's outermost level.

    Raises:
        FileNotFoundError: there is no such source.
    """
    if not source.exists():
        raise FileNotFoundError(source)
    if source.is_dir():
        return [shown(path.relative_to(source).parts) for path in _files(source)]
    if _is_cut_short(source) or not _is_zip(on_disk(source, (source.name,))):
        return [shown((source.name,))]
    with zipfile.ZipFile(source) as archive:
        return [parts for _, _, parts in _members(archive) if parts and not is_junk(parts)]


def walk(source: Path, scratch: Path, whose: Whose) -> Iterator[Found | Refused]:
    """Everything in a folder, a zip or a single file; zips are opened in turn, into the empty ``scratch``."""
    unpacker = _Unpacker(scratch, whose)
    if source.is_dir():
        for path in _files(source):
            parts = path.relative_to(source).parts
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                yield Refused("/".join(shown(parts)), "It is a link or no regular file; only files are taken.")
            elif path.is_dir() or not os.access(path, os.R_OK, effective_ids=True):
                yield Refused("/".join(shown(parts)), "You may not read it: change its permissions, and collect again.")
            else:
                yield from unpacker.opened(on_disk(path, parts), 1)
    elif _is_another_archive(source):
        yield Refused(source.name, "This is an archive, but no zip: unpack it, and collect the folder that it makes.")
    elif _is_cut_short(source):
        yield Refused(source.name, "This zip is cut short: download it again.")
    else:
        yield from unpacker.opened(on_disk(source, (source.name,)), 0)


def _files(source: Path) -> Iterator[Path]:
    """What lies in a folder and is no folder, or one that may not be read; links are not followed."""
    closed: list[OSError] = []
    found: list[Path] = []
    for folder, folders, names in os.walk(source, onerror=closed.append):
        found += [Path(folder, name) for name in (*folders, *names)]
    files = {path for path in found if path.is_symlink() or not path.is_dir()}
    files |= {Path(each.filename) for each in closed}
    yield from sorted(path for path in files if not is_junk(path.relative_to(source).parts))


def _is_cut_short(source: Path) -> bool:
    """Whether a file is a zip by its name or its first bytes and cannot be opened as one."""
    with source.open("rb") as file:
        zipped = file.read(4) == b"PK\x03\x04" or source.suffix.lower() == ".zip"
    try:
        zipfile.ZipFile(source).close()
    except _BROKEN:
        return zipped
    return False


def _is_another_archive(source: Path) -> bool:
    """Whether a source is tar, 7-Zip, RAR or compressed by another program; what a student hands in so is kept as it is."""
    with source.open("rb") as file:
        start = file.read(262)
    return (
        start.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh", b"\x28\xb5\x2f\xfd"))
        or start[257:] == b"ustar"
    )


def on_disk(path: Path, parts: tuple[str, ...]) -> Found:
    """A file that need not be unpacked."""
    parts = shown(parts)
    try:
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):  # whose file it is may date it as they like
        modified = datetime.max
    return Found(parts, path, modified, parts)


class _Unpacker:
    """Unpacks into numbered files and counts what that takes, for each student alone."""

    def __init__(self, scratch: Path, whose: Whose) -> None:
        self._scratch, self._whose = scratch, whose
        self._files = 0
        self._bytes: Counter[str] = Counter()

    def opened(self, found: Found, depth: int) -> Iterator[Found | Refused]:
        """The file itself, or what is in it when it is a zip; a zip that cannot be opened stays the file it is.

        It lies in so many zips, its ``depth``; 0 is the source itself.
        """
        if not _is_zip(found):
            yield found
        elif depth == 0:
            with zipfile.ZipFile(found.file) as archive:
                yield from self._unpacked(found, archive, depth)
        elif depth > MAX_DEPTH:
            yield Refused(found.name, f"Zips are opened {MAX_DEPTH} deep; it is kept as it is.")
            yield found
        else:
            yield from self._handed_in(found, depth)

    def _handed_in(self, found: Found, depth: int) -> list[Found | Refused]:
        """What is in a zip that was handed in; of one that is too much nothing, and its space is free again."""
        whose, first = self._whose(found.outer), self._files
        before = self._bytes[whose]
        try:
            if _listed(found.file) > MAX_LIST:
                raise _Spent("It lists more files than anybody hands in: an archive bomb")
            with zipfile.ZipFile(found.file) as archive:
                inside = _few_refusals(found.name, list(self._unpacked(found, archive, depth)))
            if any(isinstance(each, Found) for each in inside):
                return inside
            reason = f"There is nothing in it{' that is taken' if inside else ''}; it is kept as it is."
            return [*inside, Refused(found.name, reason), found]
        except _BROKEN as error:
            reason = f"It cannot be opened ({_said(error)}); it is kept as it is."
        except _Spent as error:
            if depth > 1:
                raise
            reason = f"{error}; it is kept as it is."
            self._bytes[whose] = before
            for number in range(first, self._files):
                (self._scratch / str(number)).unlink(missing_ok=True)
        return [Refused(found.name, reason), found]

    def _unpacked(self, found: Found, archive: zipfile.ZipFile, depth: int) -> Iterator[Found | Refused]:
        if depth:
            self._spend(self._whose(found.outer), ENTRY * len(archive.infolist()))
        for member, name, parts in _members(archive):
            label = f"{found.name}/{name}"[:MAX_NAME]
            if parts is None:
                yield Refused(label, "Its path leads out of the archive.")
                continue
            if is_junk(parts):
                continue
            if stat.S_ISLNK(member.external_attr >> 16):
                yield Refused(label, "It is a link; only files are taken.")
                continue
            outer, packed = (found.outer, found.arrived) if depth else (parts, None)
            try:
                file = self._copy(archive, member, self._whose(outer))
            except (_TooLarge, *_BROKEN) as error:
                if depth and isinstance(error, _Spent):
                    raise
                bomb = isinstance(error, _TooLarge)
                yield Refused(label, f"{error}." if bomb else f"It cannot be unpacked ({_said(error)}).")
                continue
            modified = found.modified
            with suppress(ValueError):
                modified = datetime(*member.date_time)
            yield from self.opened(Found((*found.parts, *parts), file, modified, outer, packed), depth + 1)

    def _copy(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, whose: str) -> Path:
        """Copy a member into a numbered file; the bytes are counted as they come, whatever the archive declares.

        Raises:
            _TooLarge: the file is longer than an honest one.
            _Spent: its owner's files are more than honest ones.
        """
        path = self._scratch / str(self._files)
        self._files += 1
        size = 0
        try:
            with archive.open(member) as packed, path.open("wb") as file:
                while chunk := packed.read(_CHUNK):
                    size += len(chunk)
                    if size > MAX_MEMBER:
                        raise _TooLarge(f"It unpacks to more than {MAX_MEMBER // 1_000_000} MB: an archive bomb")
                    if self._bytes[whose] + size > MAX_SHARE:
                        break
                    file.write(chunk)
            self._spend(whose, max(size, MIN_MEMBER))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def _spend(self, whose: str, size: int) -> None:
        """Count bytes of somebody's.

        Raises:
            _Spent: there are more than honest ones.
        """
        self._bytes[whose] += size
        if self._bytes[whose] > MAX_SHARE:
            raise _Spent(f"It unpacks to more than {MAX_SHARE // 1_000_000} MB in all: an archive bomb")


class _TooLarge(Exception):
    """A member unpacks to more than is taken."""


class _Spent(_TooLarge):
    """A student's files unpack to more than is taken of one student."""


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, str, tuple[str, ...] | None]]:
    """The files of an archive: each with its name, and with its path, or None where that leads out."""
    for member in archive.infolist():
        if not member.filename.endswith("/"):  # is_dir() fails on a member without a name
            name = decoded(member)
            yield member, name, safe(name)


def _listed(path: Path) -> int:
    """How many bytes of an archive are the list of its files, as its end record says: so many zipfile reads to open it."""
    with path.open("rb") as file:
        end = zipfile._EndRecData(file)  # type: ignore[attr-defined] # nothing public says it before all is read
    return int(end[zipfile._ECD_SIZE]) if end else 0  # type: ignore[attr-defined]


def _few_refusals(name: str, inside: Sequence[Found | Refused]) -> list[Found | Refused]:
    """What is in a zip, with the first refusals and the number of the others."""
    numbers = accumulate(isinstance(each, Refused) for each in inside)
    kept = [each for each, number in zip(inside, numbers, strict=True) if isinstance(each, Found) or number <= REFUSALS]
    more = len(inside) - len(kept)
    return [*kept, Refused(name, f"{more} more of what is in it is not taken.")] if more else kept


def _is_zip(found: Found) -> bool:
    """A zip by its name, or one without its name that holds a notebook; a Word document is none."""
    with suppress(*_BROKEN):
        if not zipfile.is_zipfile(found.file):
            return False
        if found.parts[-1].lower().endswith(".zip"):
            return True
        if _listed(found.file) <= MAX_LIST:
            with zipfile.ZipFile(found.file) as archive:
                return any(name.lower().endswith(".ipynb") for name in archive.namelist())
    return False


def _said(error: BaseException) -> str:
    if "encrypted" in str(error):
        return "it needs a password: unpack it with that, and collect the folder, or ask for one without"
    return str(error).rstrip(".") or type(error).__name__
