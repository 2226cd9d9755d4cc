"""The system-call filter, for real: what it refuses, with which error, and that what honest students use still works."""

import ctypes
import os
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.judging.exercise import Outcome
from autograder.sandbox import Sandbox, Session
from autograder.sandbox.inside import seccomp
from tests.places import table
from tests.tool.sandboxes import setup
from tests.tool.test_sandbox import LIMITS, text

pytestmark = pytest.mark.heavy

CASES = table("tool/filter.toml")

CALL = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
for error, call, *numbers in CALLS:
    ctypes.set_errno(0)
    result = libc.syscall(*map(ctypes.c_long, numbers))
    if result != -1 or ctypes.get_errno() != getattr(errno, error): print(call, result, ctypes.get_errno())
"""


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Sandbox(setup("hw14", LIMITS)) as sandbox, sandbox.open() as session:
        yield session


def test_what_the_filter_refuses(session: Session) -> None:
    resolve = ctypes.CDLL("libseccomp.so.2").seccomp_syscall_resolve_name
    calls = []
    for error, listed in CASES["refused"].items():
        for call in listed.split(";"):
            name, *arguments = call.split()
            calls.append((error, call, int(name) if name.isdigit() else resolve(name.encode()), *map(int, arguments)))
    assert text(session.run(f"CALLS = {calls}{CALL}")) == ""
    with pytest.raises(OSError, match="the kernel refuses"):  # one that is no filter stops the submission
        seccomp.load_filter(b"")


@pytest.mark.parametrize("source", CASES["honest"].values(), ids=CASES["honest"])
def test_what_honest_students_use_works(session: Session, source: str) -> None:
    run = session.run(source)
    assert (text(run), run.outcome) == ("", Outcome.OK)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((seccomp, "NEWEST", range(-1, 0)), "refuses a rule for call -1"),
        ((os, "memfd_create", lambda _: os.open(os.devnull, os.O_RDONLY)), "cannot export"),
    ],
)
def test_half_a_filter_is_none(change: tuple[Any, str, Any], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*change)
    with pytest.raises(OSError, match=words):
        seccomp.compile_filter(["landlock"])
