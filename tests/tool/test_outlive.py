"""Nothing outlives its submission, and a sandbox that fails costs nobody marks."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from autograder.course.assignment import Assignment
from autograder.demo import mangle
from autograder.demo.roster import with_sources
from autograder.gradebook.annotation import annotate
from autograder.grading.result import Result
from autograder.grading.worker import Task, grade_safely
from autograder.judging.exercise import Outcome
from autograder.sandbox import Limits, Sandbox, SandboxClosed, SandboxFailed, Session
from autograder.sandbox.inside.monitor import monitor
from autograder.sandbox.inside.wire import Stream
from tests.processes import descendants, wait_for
from tests.tool.sandboxes import EXAMPLE, setup, zygotes

pytestmark = pytest.mark.heavy

ASSIGNMENT = Assignment.load(EXAMPLE, "arrays")
TASK = Task("ada", "arrays.ipynb", mangle.plain(with_sources(ASSIGNMENT, {})))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    before = zygotes()
    with Sandbox(setup(ASSIGNMENT.name, Limits(cell_seconds=4.0))) as sandbox:
        yield sandbox
    assert wait_for(lambda: zygotes() <= before, 60)


def monitor_and_first(sandbox: Sandbox) -> list[int]:
    """The process ids of a session's monitor and of the first process that it watches: the end of the newest line."""
    line, process = [], psutil.Process(sandbox._process.pid)
    while children := process.children():
        process = max(children, key=psutil.Process.create_time)  # a greater number may be an older process
        line.append(process.pid)
    return line[-2:]


REACH = Path(__file__).with_suffix(".txt").read_text()


def test_no_signal_reaches_the_monitor(sandbox: Sandbox) -> None:
    with sandbox.open() as session:
        monitor = monitor_and_first(sandbox)[0]
        run = session.run(REACH)
        assert (run.outcome, run.outputs[0].text) == (Outcome.OK, "1 1\n")
        assert os.getpriority(os.PRIO_PROCESS, monitor) == os.getpriority(os.PRIO_PROCESS, 0)
        assert session.close()["reason"] == "closed"


class LastWord(socket.socket):
    """A life line whose monitor reports and ends before it reads what it is sent, as it may on a busy machine."""

    monitor: socket.socket

    def send(self, data: bytes, flags: int = 0) -> int:
        sent = super().send(data, flags)
        self.monitor.send(b'{"reason": "time"}')
        self.monitor.close()
        return sent


def test_a_report_is_heard_though_the_monitor_has_ended() -> None:
    life, monitor = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    frames, inside = socket.socketpair()
    host = LastWord(fileno=life.detach())
    host.monitor = monitor
    Stream(inside).send("ready", {})
    session = Session(host, frames, Limits(), time.monotonic() + 60, 1 << 20)
    assert session.close() == {"reason": "time"}
    inside.close()


def test_a_monitor_that_cannot_hear_the_interrupt_has_failed() -> None:
    life, monitor = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    frames, inside = socket.socketpair()
    Stream(inside).send("ready", {})
    session = Session(life, frames, Limits(), time.monotonic(), 1 << 20)
    monitor.close()  # the submission itself is alive, and silent
    with pytest.raises(SandboxFailed):
        session.run("1")
    inside.close()


UNSEEN = SimpleNamespace(visible=lambda: False, exceeded=lambda *_: "memory")
"""The processes of a submission before /proc is theirs: all that it shows has used up too much."""


@pytest.mark.parametrize("processes", [None, UNSEEN])
def test_what_is_not_the_submissions_is_not_counted(processes: Any) -> None:
    life, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = os.posix_spawnp("sleep", ["sleep", "1"], os.environ)
    monitor(inside, child, os.pidfd_open(child), {"cpu_seconds": 99}, processes, None)
    assert json.loads(life.recv(4096))["reason"] == ""


@pytest.mark.parametrize(("victim", "number"), [(0, signal.SIGKILL), (0, signal.SIGSTOP), (1, signal.SIGKILL)])
def test_what_fails_outside_is_no_students_end(sandbox: Sandbox, victim: int, number: int) -> None:
    session = sandbox.open()
    session.run("import ctypes\nctypes.CDLL(None).prctl(1, 0, 0, 0, 0)")  # its death signal off, where that can be
    session._deadline = time.monotonic()
    processes = monitor_and_first(sandbox)
    os.kill(processes[victim], number)
    if number == signal.SIGKILL:
        assert wait_for(lambda: not descendants(sandbox._process.pid).keys() & set(processes), 60)
    with pytest.raises(SandboxFailed):
        session.run("1")
    sandbox.restart()
    assert wait_for(lambda: not descendants(os.getpid()).keys() & set(processes), 60)


@pytest.mark.parametrize("times", [1, 9])
def test_a_sandbox_that_fails_grades_again(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    honest, probe, failures = grade_safely(TASK, ASSIGNMENT, sandbox, "judge"), Session.probe, [signal.SIGKILL] * times

    def shaken(session: Session, *question: object, **more: object) -> object:
        if failures:
            os.kill(monitor_and_first(sandbox)[0], failures.pop())
        return probe(session, *question, **more)

    monkeypatch.setattr(Session, "probe", shaken)
    graded = grade_safely(TASK, ASSIGNMENT, sandbox, "judge")
    if times == 1:
        assert (graded.verdicts, graded.fingerprint) == (honest.verdicts, honest.fingerprint)
        assert "the sandbox itself failed" in " ".join(graded.repairs)
    else:
        assert "Twice the sandbox itself failed" in str(graded.problem)
        assert not graded.fingerprint  # so that the next grading tries again
        failures.clear()
        assert grade_safely(TASK, ASSIGNMENT, sandbox, "judge") == honest


def test_a_sandbox_that_was_closed_gives_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    other = Sandbox(setup(ASSIGNMENT.name))
    monkeypatch.setattr(Session, "probe", lambda *_, **__: other.close())
    with pytest.raises(SandboxClosed):
        grade_safely(TASK, ASSIGNMENT, other, "judge")
    assert other._process.poll() is not None


def test_a_result_is_the_same_after_its_way_as_json(sandbox: Sandbox) -> None:
    stubs = dict.fromkeys(list(ASSIGNMENT.solution_cells)[::2], "1 / 0")
    half = replace(TASK, data=mangle.plain(with_sources(ASSIGNMENT, stubs)))
    for graded in (grade_safely(task, ASSIGNMENT, sandbox, "judge") for task in (half, replace(TASK, data=b"<html>"))):
        assert annotate(Result.unpack(graded.pack())) == annotate(graded)


def test_submissions_share_no_allowance_of_processes(sandbox: Sandbox) -> None:
    many = "import subprocess\nfor _ in range(20): subprocess.Popen(['sleep', '9'])\nwhile True: pass"
    with sandbox.open() as one, sandbox.open() as other:
        one._stream.send("cell", {"source": many})
        assert wait_for(lambda: sum("sleep" in each for each in descendants(os.getpid()).values()) == 20, 60)
        assert other.run(many.replace("while True: pass", "print('all')")).outputs[0].text == "all\n"
