"""Landlock: what of the file system a process and all that it starts may reach. Linux 5.13 and newer.

https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import os
import stat
from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
VERSION, PATH_BENEATH = 1, 1
EXECUTE, WRITE, READ, LIST = 1, 2, 4, 8
REFER, TRUNCATE, IOCTL = 1 << 13, 1 << 14, 1 << 15
OF_FILES = EXECUTE | WRITE | READ | TRUNCATE | IOCTL
LOOK = EXECUTE | READ | LIST
MAKE_DEVICES = 1 << 6 | 1 << 11
EVERYTHING = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""From which version of the interface on, all rights to files."""

TCP, ABSTRACT_SOCKETS_AND_SIGNALS = 3, 3
SCOPES_SINCE, TCP_SINCE = 6, 4
SILENT, LOGS_SINCE = 1, 7
"""What is refused is not to fill the machine's audit log."""

Rule = tuple[str, int]
"""A path, and the rights to it and whatever lies below."""

libc = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("tcp", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """The version of the kernel's interface; 0 where there is none."""
    return max(int(libc.syscall(CREATE_RULESET, None, 0, VERSION)), 0)


def restrict(rules: Iterable[Rule], home: str) -> None:
    """Leave this process, for good, the given rights and all to its home; a path that is not there is passed over.

    Where the kernel can (version 6), it signals nobody outside, either.

    Raises:
        OSError: the kernel refuses it.
    """
    known = version()
    rights = max((since, bits) for since, bits in EVERYTHING.items() if since <= known)[1]
    whole = _Ruleset(
        rights, TCP if known >= TCP_SINCE else 0, ABSTRACT_SOCKETS_AND_SIGNALS if known >= SCOPES_SINCE else 0
    )
    ruleset = _call(CREATE_RULESET, ctypes.byref(whole), ctypes.sizeof(whole), 0)
    for path, allowed in (*rules, (home, rights & ~MAKE_DEVICES)):
        try:
            place = os.open(path, os.O_PATH)
        except OSError:
            continue
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            allowed &= OF_FILES
        _call(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(_Beneath(allowed & rights, place)), 0)
        os.close(place)
    _call(RESTRICT_SELF, ruleset, SILENT if known >= LOGS_SINCE else 0)
    os.close(ruleset)


def _call(number: int, *arguments: object) -> int:
    result = int(libc.syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return result
