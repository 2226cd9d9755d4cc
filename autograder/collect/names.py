"""Names of files as folders and archives have them: as text, safe paths, and what is left behind by systems and editors."""

import os
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath

MAX_NAME = 1_000
"""The longest path inside an archive, in characters."""
LONGEST_ID = 200
"""Bytes of an id; a file may have 255, and pages and drafts have it in their names."""
_JUNK_FOLDERS = frozenset({"__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", ".venv"})
_JUNK_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def is_junk(parts: tuple[str, ...]) -> bool:
    """Whether a path is what systems and editors leave behind: no student hands that in."""
    name = parts[-1]
    return bool(_JUNK_FOLDERS.intersection(parts)) or name in _JUNK_FILES or name.startswith(("._", "~$"))


def shown(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a path on disk as text that can be written anywhere."""
    return tuple(unicodedata.normalize("NFC", os.fsencode(part).decode("utf-8", "replace")) for part in parts)


def decoded(member: zipfile.ZipInfo) -> str:
    """A member's name: archives that do not say so are UTF-8 all the same when their bytes are."""
    name = member.filename
    if not member.flag_bits & 0x800:
        try:
            name = member.orig_filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = member.filename
    return unicodedata.normalize("NFC", name)


def safe(name: str) -> tuple[str, ...] | None:
    """The parts of a relative path that stays inside, in Windows' spelling too; None for any other."""
    name = name.replace("\\", "/")
    parts = PurePosixPath(name).parts
    leads_out = name.startswith("/") or ".." in parts or (len(name) > 1 and name[1] == ":")
    if leads_out or not parts or len(name) > MAX_NAME or any(ord(char) < 32 for char in name):
        return None
    return parts


def is_folder_name(text: str) -> bool:
    """Whether a student's id can be the name of a folder."""
    named = text not in ("", ".", "..") and not re.search(r"[/\\\x00-\x1f]", text)
    return named and len(os.fsencode(text)) <= LONGEST_ID
