"""What a submission holds of the machine's disk, where it has no file system of its own."""

import contextlib
import os
from collections.abc import Iterable, Iterator

MOST_FILES = 20_000
"""Files and folders that may lie in a submission's home: more count as a full disk."""

MOST_MAPPINGS = 1 << 21
"""Bytes of the list of one process's mappings, some 20,000 of them: more count as a full disk, for reading them takes long."""

FULL_MB = 1 << 20


def lying_mb(home: str) -> int:
    """What lies in a submission's home, MiB; what is too deep or closed to be looked at counts as a full disk.

    Where something has moved or gone meanwhile, all is counted anew, so often that only who hides a file moves it each time.
    """
    left = 5 * MOST_FILES
    while left > 0:
        blocks, files, folders = 0, 0, [home]
        try:
            while folders:
                with os.scandir(folders.pop()) as entries:
                    for entry in entries:
                        files += 1
                        if files > MOST_FILES:
                            return FULL_MB
                        blocks += entry.stat(follow_symlinks=False).st_blocks
                        folders += [entry.path] if entry.is_dir(follow_symlinks=False) else []
            return blocks >> 11
        except (FileNotFoundError, NotADirectoryError):
            left -= files + 500
        except OSError:
            break
    return FULL_MB


def held_mb(home: str, processes: Iterable[str], file_mb: int) -> int:
    """What processes hold though no folder of a submission's home names it any more, MiB.

    A file that is nowhere open, but mapped, may be as large as a file may be, so it counts as that. A process that hides
    what it holds, as a program does that nobody may read, counts as a full disk.
    """
    held: dict[str, int] = {}  # file → blocks
    mapped: set[str] = set()
    below = os.fsencode(f" {os.path.realpath(home)}/")
    try:
        for process in processes:
            mappings = b""
            for thread in _listed(f"{process}/task"):  # the first may have ended, and each may have files of its own
                for descriptor in _listed(f"{process}/task/{thread}/fd"):
                    with contextlib.suppress(OSError):
                        found = os.stat(f"/proc/{process}/task/{thread}/fd/{descriptor}")
                        held |= {} if found.st_nlink else {str(found.st_ino): found.st_blocks}
                mappings = mappings or _mappings(f"{process}/task/{thread}")
            if len(mappings) == MOST_MAPPINGS:
                return FULL_MB
            lines = mappings.split(b"\n")  # the one letter that no name has here
            mapped |= {line.split()[4].decode() for line in lines if below in line and line.endswith(b" (deleted)")}
    except PermissionError:
        return FULL_MB
    return (sum(held.values()) >> 11) + file_mb * len(mapped - held.keys())


def _listed(folder: str) -> list[str]:
    with _unless_ended(os.path.dirname(folder)):
        return os.listdir(f"/proc/{folder}")
    return []


def _mappings(process: str) -> bytes:
    with _unless_ended(process), open(f"/proc/{process}/maps", "rb") as handle:
        return handle.read(MOST_MAPPINGS)
    return b""


@contextlib.contextmanager
def _unless_ended(process: str) -> Iterator[None]:
    """Pass over what is not shown of a process or thread that has given its memory back, or is not closed off yet."""
    try:
        yield
    except (FileNotFoundError, ProcessLookupError):
        return
    except PermissionError:
        if _field(process, "VmRSS:") and _field(process, "Seccomp_filters:") > _field("self", "Seccomp_filters:"):
            raise


def _field(process: str, name: str) -> int:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{process}/status") as handle:
        return next((int(line.split()[1]) for line in handle if line.startswith(name)), 0)
    return 0
