"""What lies in a folder or in a zip, zips in zips among it: files to read, and what is refused, by name.

No name from an archive is ever used as a path: members are copied into numbered files of a scratch folder.
"""

import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path, PurePosixPath

MAX_MEMBER = 200_000_000
"""The longest file that is unpacked, in bytes; what is graded is shorter by far."""
MAX_INNER = 1_000_000_000
"""What one zip inside another may unpack to, in bytes."""
MAX_TOTAL = 20_000_000_000
"""What the whole source may unpack to, in bytes."""
MAX_MEMBERS = 100_000
MAX_DEPTH = 3
MAX_NAME = 1_000
"""The longest path inside an archive, in characters."""

_CHUNK = 1 << 20
_JUNK_FOLDERS = frozenset({"__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", ".venv"})
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)[1-9]", re.IGNORECASE)
_JUNK_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What zipfile raises on damaged, encrypted and unknown archives."""


@dataclass(frozen=True)
class Found:
    """A file of the source.

    Attributes:
        parts: its path inside the source, the zips that it lay in included.
        file: where its bytes are.
        modified: when it was changed last, UTC, as the file system or the archive says.
    """

    parts: tuple[str, ...]
    file: Path
    modified: datetime

    @property
    def name(self) -> str:
        """The whole path, as it is shown."""
        return "/".join(self.parts)


@dataclass(frozen=True)
class Refused:
    """Something that was not taken, and why, in a sentence."""

    name: str
    reason: str


def walk(source: Path, scratch: Path) -> Iterator[Found | Refused]:
    """Everything in a folder, a zip or a single file; zips are opened in turn.

    Args:
        source: the folder or file.
        scratch: an empty folder for what is unpacked.

    Raises:
        FileNotFoundError: there is no such source.
    """
    if not source.exists():
        raise FileNotFoundError(source)
    unpacker = _Unpacker(scratch)
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            parts = path.relative_to(source).parts
            if is_junk(parts) or (path.is_dir() and not path.is_symlink()):
                continue
            if path.is_symlink() or not path.is_file():
                yield Refused("/".join(parts), "It is a link or no regular file; only files are taken.")
                continue
            yield from unpacker.opened(on_disk(path, parts), 0)
    else:
        yield from unpacker.opened(on_disk(source, (source.name,)), 0)


def is_junk(parts: tuple[str, ...]) -> bool:
    """Whether a path is what systems and editors leave behind: no student hands that in."""
    name = parts[-1]
    return bool(_JUNK_FOLDERS.intersection(parts)) or name in _JUNK_FILES or name.startswith(("._", "~$"))


def on_disk(path: Path, parts: tuple[str, ...]) -> Found:
    """A file that need not be unpacked."""
    parts = tuple(unicodedata.normalize("NFC", part) for part in parts)
    return Found(parts, path, datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None))


class _Unpacker:
    """Unpacks into numbered files and counts what that takes, over all archives of a source."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._numbers = count()
        self._total = self._members = 0

    def opened(self, found: Found, depth: int) -> Iterator[Found | Refused]:
        """The file itself, or what is in it when it is a zip; a zip that cannot be opened stays the file it is."""
        if not _is_zip(found):
            yield found
            return
        if depth == MAX_DEPTH:
            yield Refused(found.name, f"Zips are opened {MAX_DEPTH} deep; it is kept as it is.")
            yield found
            return
        try:
            with zipfile.ZipFile(found.file) as archive:
                members = [each for each in archive.infolist() if not each.is_dir()]
                if len(members) > MAX_MEMBERS - self._members:
                    yield Refused(found.name, f"It holds more than {MAX_MEMBERS:,} files; it is kept as it is.")
                    yield found
                    return
                self._members += len(members)
                yield from self._unpacked(found, archive, members, depth)
        except _BROKEN as error:
            yield Refused(found.name, f"It cannot be opened ({_said(error)}); it is kept as it is.")
            yield found

    def _unpacked(
        self, found: Found, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], depth: int
    ) -> Iterator[Found | Refused]:
        limit = self._total + (MAX_INNER if depth else MAX_TOTAL)
        for member in members:
            name = _decoded(member)
            label = f"{found.name}/{name}"[:MAX_NAME]
            parts = _safe(name)
            if parts is None:
                yield Refused(label, "Its path leads out of the archive.")
                continue
            if is_junk(parts):
                continue
            if stat.S_ISLNK(member.external_attr >> 16):
                yield Refused(label, "It is a link; only files are taken.")
                continue
            try:
                file = self._copy(archive, member, min(limit, MAX_TOTAL))
            except _TooLarge as error:
                yield Refused(label, str(error))
                continue
            except _BROKEN as error:
                yield Refused(label, f"It cannot be unpacked ({_said(error)}).")
                continue
            yield from self.opened(Found((*found.parts, *parts), file, _modified(member, found.modified)), depth + 1)

    def _copy(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> Path:
        """Copy a member into a numbered file; the bytes are counted as they come, whatever the archive declares.

        Raises:
            _TooLarge: the file or the archive unpacks to more than an honest one.
        """
        path = self._scratch / str(next(self._numbers))
        size = 0
        try:
            with archive.open(member) as packed, path.open("wb") as file:
                while chunk := packed.read(_CHUNK):
                    size += len(chunk)
                    self._total += len(chunk)
                    if size > MAX_MEMBER:
                        raise _TooLarge(f"It unpacks to more than {MAX_MEMBER // 1_000_000} MB: an archive bomb.")
                    if self._total > limit:
                        raise _TooLarge("Its archive unpacks to too much: an archive bomb.")
                    file.write(chunk)
        except BaseException:
            path.unlink(missing_ok=True)
            self._total -= min(size, MAX_MEMBER)
            raise
        return path


class _TooLarge(Exception):
    """A member unpacks to more than is taken."""


def _is_zip(found: Found) -> bool:
    """A zip by its name, or one without its name that holds a notebook; a Word document is none."""
    try:
        if not zipfile.is_zipfile(found.file):
            return False
        if found.parts[-1].lower().endswith(".zip"):
            return True
        with zipfile.ZipFile(found.file) as archive:
            return any(name.lower().endswith(".ipynb") for name in archive.namelist()[:MAX_MEMBERS])
    except _BROKEN:
        return False


def _decoded(member: zipfile.ZipInfo) -> str:
    """A member's name: archives that do not say so are UTF-8 all the same when their bytes are."""
    name = member.filename
    if not member.flag_bits & 0x800:
        try:
            name = member.orig_filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = member.filename
    return unicodedata.normalize("NFC", name)


def _safe(name: str) -> tuple[str, ...] | None:
    """The parts of a relative path that stays inside, in Windows' spelling too; None for any other."""
    name = name.replace("\\", "/")
    parts = PurePosixPath(name).parts
    leads_out = name.startswith("/") or ".." in parts or (len(name) > 1 and name[1] == ":")
    if leads_out or not parts or len(name) > MAX_NAME or any(ord(char) < 32 for char in name):
        return None
    return parts


def _modified(member: zipfile.ZipInfo, otherwise: datetime) -> datetime:
    try:
        return datetime(*member.date_time)
    except ValueError:
        return otherwise


def _said(error: BaseException) -> str:
    return str(error).rstrip(".") or type(error).__name__


def file_name(name: str) -> str:
    """A name under which a file can be kept on any system: no separators, control characters or reserved names."""
    kept = "".join("_" if char in '<>:"/\\|?*' or ord(char) < 32 else char for char in name).strip(" .")
    stem, suffix = os.path.splitext(kept)
    while len(os.fsencode(stem + suffix)) > 120:
        stem, suffix = (stem[:-1], suffix) if stem else ("file", suffix[:10])
    reserved = _RESERVED.fullmatch(stem) is not None
    return f"_{stem}{suffix}" if reserved else (stem + suffix) or "file"
