"""The system-call filter of a student's process, compiled once by libseccomp and loaded by every child.

It allows what ``syscalls.toml`` lists; whatever else the kernel has or will have is refused: a page cache, a lock, a counter
of the machine is a letter box between submissions, and a rare interface is where the kernel's next hole is.
"""

import ctypes
import errno
import os
import tomllib
from collections.abc import Iterable
from itertools import product
from pathlib import Path

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
ACT_BADARCH, CTL_OPTIMIZE, BINARY_TREE = 2, 8, 2
MASKED_EQ = 7

NEWEST = range(424, 512)
"""The numbers that all architectures share, Linux 5.1 and newer: those not allowed are absent, as on an older kernel."""


class _Compare(ctypes.Structure):
    _fields_ = (("argument", ctypes.c_uint), ("operator", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def compile_filter(sections: Iterable[str]) -> bytes:
    """The filter as a BPF program; what is not allowed fails with EPERM, or with the error that the list names.

    Args:
        sections: of the list, whose entries come in place of the general ones; one that it lacks is passed over.

    Raises:
        OSError: libseccomp.so.2 is not installed, or refuses a rule.
    """
    calls = tomllib.loads(Path(__file__).with_name("syscalls.toml").read_text())
    closer = [calls.get(section, {}) for section in sections]
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(ERRNO | errno.EPERM)))
    library.seccomp_attr_set(context, ACT_BADARCH, ctypes.c_uint32(ERRNO | errno.EPERM))  # int 0x80 and x32
    library.seccomp_attr_set(context, CTL_OPTIMIZE, ctypes.c_uint32(BINARY_TREE))  # libseccomp 2.5 and newer have it

    def rule(action: int, number: int, *conditions: tuple[int, int, int, int]) -> None:
        compares = (_Compare * len(conditions))(*(_Compare(*condition) for condition in conditions))
        if library.seccomp_rule_add_array(context, ctypes.c_uint32(action), number, len(conditions), compares) != 0:
            raise OSError(f"libseccomp refuses a rule for call {number}")

    def numbers(names: str) -> set[int]:
        return {library.seccomp_syscall_resolve_name(name.encode()) for name in names.split()} - {-1}

    excused = [calls["excused"], *(section.get("excused", {}) for section in closer)]
    refused = set().union(*(numbers(names) for section in excused for names in section.values()))
    some = calls["some"] | {name: rows for section in closer for name, rows in section.get("some", {}).items()}
    limited = refused.union(*map(numbers, some))
    allowed = set().union(*map(numbers, calls["allowed"].values())) - limited
    for number in allowed:
        rule(ALLOW, number)
    for name, rows in some.items():
        for number, values in product(numbers(name) - refused, product(*(row["values"] for row in rows))):
            conditions = zip(rows, values, strict=True)
            rule(ALLOW, number, *((row["argument"], MASKED_EQ, row["bits"], value) for row, value in conditions))
    for section in excused:
        for error, names in section.items():
            for number in numbers(names) if error != "EPERM" else ():  # that is what happens without a rule
                rule(ERRNO | getattr(errno, error, 0), number)
    for number in set(NEWEST) - allowed - limited:
        rule(ERRNO | errno.ENOSYS, number)
    return _export(library, context)


def _export(library: ctypes.CDLL, context: ctypes.c_void_p) -> bytes:
    descriptor = os.memfd_create("filter")
    try:
        if library.seccomp_export_bpf(context, descriptor) != 0:
            raise OSError("libseccomp cannot export the filter")
        os.lseek(descriptor, 0, os.SEEK_SET)
        return os.read(descriptor, 1 << 16)
    finally:
        os.close(descriptor)
        library.seccomp_release(context)


def load_filter(program: bytes) -> None:
    """Put the filter on this process and all that it will start; there is no way back.

    Raises:
        OSError: the kernel refuses it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    structure = _Program(len(program) // 8, program)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(structure), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the kernel refuses the system-call filter")
