"""One submission in the sandbox, seen from outside: run its cells, drive its functions, be told how each ended."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NoReturn

import numpy as np
from nbformat.notebooknode import NotebookNode

from autograder.judging.exercise import Host, Outcome, Reply, Tree
from autograder.sandbox.inside.monitor import ENDED, INTERRUPT, KILL, SWEEP, SWEPT
from autograder.sandbox.inside.wire import MEBIBYTE, Stream, WireError
from autograder.sandbox.limits import Limits
from autograder.sandbox.outputs import Outputs, steady

START_SECONDS = 30.0
"""How long the sandbox's own processes may take to start and to answer, however busy the machine is."""

LEFT_RUNNING = "This cell left a process running; it was ended with the cell.\n"

LONGEST_REPLY = 1 << 16
"""JSON text of one reply without its arrays, bytes; in memory it can be thirty times as much, and replies are kept."""

LONGEST_TALK = 1 << 20
"""JSON text of all questions to hosts in one fork, bytes; beyond it none is answered."""


class Use(StrEnum):
    """In which fork probes are called; whatever is asked next ends one that waits, unless it is said here."""

    ONCE = "in a new one, which ends with its answers"
    WAIT = "in a new one, which then waits"
    RESUME = "in the one that waits, or if there is none, once"
    BESIDE = "once, while another goes on waiting; what is left running meanwhile ends with that one"


class SandboxFailed(RuntimeError):
    """The sandbox has failed, not the student's code: restart it, and grade the submission again."""


@dataclass(frozen=True)
class CellRun:
    """How one cell ended.

    Attributes:
        outcome: OK, ERROR (it raised), TIMEOUT, MEMORY or DIED.
        outputs: its nbformat outputs.
        failure: type name and message of what it raised, as the sandbox tells it.
        missing: the names asked for that the submission has not defined.
    """

    outcome: Outcome
    outputs: list[NotebookNode]
    failure: tuple[str, str] | None = None
    missing: Collection[str] = ()


class Session:
    """A submission's process. Use as a context manager; after ``alive`` is False it answers nothing more.

    While ``waiting``, a fork of it that probes have been called in can be asked more.

    Whatever is asked of it raises SandboxFailed when the process did not start, or its monitor is gone or silent.
    """

    def __init__(self, life: socket.socket, frames: socket.socket, limits: Limits, deadline: float, cap: int) -> None:
        self.alive, self.waiting = True, False
        self._life, self._limits, self._deadline = life, limits, deadline
        self._stream = Stream(
            frames, frame_cap=16 * MEBIBYTE, text_cap=3 * MEBIBYTE, total_cap=cap, array_kinds=("reply",)
        )
        self._report: dict[str, Any] | None = None
        frames.settimeout(START_SECONDS)  # for sending; reading waits on deadlines of its own
        try:
            frame = self._stream.receive(time.monotonic() + START_SECONDS)
        except WireError:
            frame = None
        if frame is None or frame[0] != "ready":
            self._fail("a submission's process did not start")

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def received(self) -> int:
        """Bytes that have come out so far."""
        return self._stream.read

    def run(self, source: str, seconds: float | None = None, own: bool = False, names: Collection[str] = ()) -> CellRun:
        """Run one cell within the limits, or fewer seconds; of a student's own every statement is tried.

        Of the names it is told which the submission has not defined by then.
        """
        outputs = Outputs()
        if not self.alive:
            return CellRun(self._end(), outputs.nodes)
        interrupted = False
        deadline = min(time.monotonic() + (seconds or self._limits.cell_seconds), self._deadline)
        try:
            self._end_waiting()
            self._stream.send("cell", {"source": source, "own": own, "names": list(names)})
            while True:
                frame = self._stream.receive(deadline)
                if frame is None:
                    if interrupted:
                        self.close()
                        return CellRun(Outcome.TIMEOUT, outputs.nodes)
                    interrupted = True
                    self._life.send(INTERRUPT)
                    deadline = time.monotonic() + self._limits.grace_seconds
                    continue
                kind, body = frame
                if kind == "output":
                    outputs.add(body)
                elif kind == "done":
                    if self._sweep():
                        outputs.add({"output_type": "stream", "name": "stderr", "text": LEFT_RUNNING})
                    told, absent = _cell_run(body, outputs, interrupted), _get(body, "missing")
                    known = {str(name) for name in absent} if isinstance(absent, list) else set(names)
                    return replace(told, missing=known & set(names))
        except (WireError, OSError) as error:
            ended = self._end()  # even if interrupted: a monitor that did not hear it has failed
            return CellRun(Outcome.TIMEOUT if interrupted else ended, outputs.nodes, ("DeadKernel", str(error)))

    def probe(
        self,
        calls: Sequence[tuple[str, Tree]],
        seconds: float,
        names: Tree | None = None,
        cell: str = "",
        use: Use = Use.ONCE,
    ) -> list[Reply]:
        """Call probes in one fork of the submission's state.

        Args:
            calls: (exercise id, inputs), in order. A host among the inputs, as "host", stays here and answers what the
                probe asks; the reply then holds the questions as "asked".
            seconds: wall-clock limit of all of them together.
            names: what they get in place of the names that the submission has defined.
            cell: a cell that is run in the fork first; if it raises, nothing is called.
            use: which fork it is, and whether it waits for more.

        Returns:
            One reply per call; after a time-out or a death the rest carries that outcome.
        """
        replies: list[Reply] = []
        hosts = [inputs.get("host") for _, inputs in calls]
        sent = [[name, {key: inputs[key] for key in inputs if key != "host"}] for name, inputs in calls]
        asked, left = [list[Any]() for _ in calls], LONGEST_TALK
        ending = Outcome.DIED
        deadline = min(time.monotonic() + seconds + self._limits.grace_seconds, self._deadline)
        try:
            if use in (Use.ONCE, Use.WAIT):
                self._end_waiting()
            fork = {"names": names, "cell": cell, "seconds": seconds, "beside": use is Use.BESIDE}
            self._stream.send("resume" if self.waiting and use is Use.RESUME else "probe", fork)
            self._stream.send("calls", {"calls": sent, "wait": use is Use.WAIT})
            while True:
                frame = self._stream.receive(deadline)
                if frame is None:
                    ending = Outcome.TIMEOUT
                    self.close()
                    break
                kind, body = frame
                at = len(replies)
                host = hosts[at] if at < len(calls) else None
                if kind == "ask" and host and (left := left - self._stream.text) > 0:
                    asked[at].append(body)
                    self._stream.send("told", _told(host, body))
                elif kind == "reply" and at < len(calls):
                    reply = _reply(body) if self._stream.text <= LONGEST_REPLY else TOO_LONG
                    noted = host and reply.value and {**reply.value, "asked": asked[at]}
                    replies.append(replace(reply, value=noted) if noted else reply)
                elif kind == "probed":
                    told = _get(body, "outcome")
                    ending = Outcome.TIMEOUT if told == "timeout" else Outcome.DIED
                    if use is not Use.BESIDE:
                        self.waiting = use is Use.WAIT and told == "waiting"
                    if not self.waiting:
                        self._sweep()
                    break
        except (WireError, OSError, RecursionError):  # the last: names are nested too deep
            ending = self._end()
        return replies + [Reply(ending)] * (len(calls) - len(replies))

    def close(self) -> dict[str, Any]:
        """Kill what is left of the submission and return the monitor's report: reason, cpu_seconds, peak_mb, faults."""
        self.alive = False
        if self._report is None:
            self._report = {}
            with contextlib.suppress(OSError):  # it has ended by itself; its report is waiting
                self._life.send(KILL)
            with contextlib.suppress(OSError, ValueError):
                self._life.settimeout(self._patience())
                while (message := self._hear()) in (SWEPT, ENDED):
                    continue
                self._report = json.loads(message)
            if self._report.get("reason", "killed") == "killed":
                self._fail("a process of it was killed or stopped from outside, or the machine's memory ran out")
            self._life.close()
            self._stream.sock.close()
        return self._report

    def _hear(self) -> bytes:
        """The monitor's next word; where it has ended with ours unread, the kernel puts an error before its last."""
        with contextlib.suppress(ConnectionResetError):
            return self._life.recv(4096)
        return self._life.recv(4096)

    def _patience(self) -> float:
        """How long to wait for the monitor, seconds: hardly longer than the submission may take."""
        return min(START_SECONDS, max(self._deadline - time.monotonic(), START_SECONDS / 3))

    def _fail(self, reason: str) -> NoReturn:
        self.alive = False
        self._report = {}
        self._life.close()
        self._stream.sock.close()
        raise SandboxFailed(reason)

    def _sweep(self) -> bool:
        """Kill what the cell or the probe has started and left running, and wait for that; whether there was any.

        Raises:
            OSError: the submission has ended.
        """
        self._life.send(SWEEP)
        if not select.select([self._life], [], [], self._patience())[0]:
            self._fail("the monitor of a submission does not answer")
        if self._life.recv(8, socket.MSG_PEEK) not in (SWEPT, ENDED):
            raise OSError("the submission has ended")
        return self._life.recv(8) == ENDED

    def _end_waiting(self) -> None:
        """End the fork that waits, if one does, and what it has left running."""
        if self.waiting:
            self.waiting = False
            self._sweep()

    def _end(self) -> Outcome:
        """What the process died of."""
        if time.monotonic() >= self._deadline:
            self.close()
            return Outcome.TIMEOUT
        return {"memory": Outcome.MEMORY, "time": Outcome.TIMEOUT}.get(self.close().get("reason", ""), Outcome.DIED)


def _told(host: Host, question: Any) -> dict[str, Any]:
    """What the sandbox is told; a question that makes no sense costs its asker an error."""
    try:
        with np.errstate(all="ignore"):
            return {"value": host(question)}
    except Exception as error:  # whatever it may be: the question is hostile data
        return {"error": f"this cannot be asked ({type(error).__name__})"}


TOO_LONG = Reply(Outcome.ERROR, error={"type": "ValueError", "message": "the answer is too long", "where": ""})


def _get(body: Any, key: str) -> Any:
    """What a body says, but for arrays: where none belongs, one would answer a comparison with many truths."""
    value = body.get(key) if isinstance(body, dict) else None
    return None if isinstance(value, np.ndarray) else value


def _cell_run(body: Any, outputs: Outputs, interrupted: bool) -> CellRun:
    failure = _get(body, "failure")
    if not failure:
        return CellRun(Outcome.TIMEOUT if interrupted else Outcome.OK, outputs.nodes)
    well_formed = isinstance(failure, list) and len(failure) == 2
    pair = (str(failure[0])[:80], steady(str(failure[1])[:500])) if well_formed else ("", "")
    if interrupted:
        return CellRun(Outcome.TIMEOUT, outputs.nodes, pair)
    memory = pair[0] == "MemoryError" or "allocate memory" in pair[1]
    return CellRun(Outcome.MEMORY if memory else Outcome.ERROR, outputs.nodes, pair)


def _reply(body: Any) -> Reply:
    outcome, value, error = (_get(body, key) for key in ("outcome", "value", "error"))
    if outcome == "ok" and isinstance(value, dict):
        return Reply(Outcome.OK, value=value)
    if outcome == "memory":
        return Reply(Outcome.MEMORY)
    told = {key: _get(error, key) for key in ("type", "message", "where")}
    plain = {key: steady(text[:500]) for key, text in told.items() if isinstance(text, str)}
    return Reply(Outcome.ERROR, error=plain or {"type": "error", "message": "no usable answer"})
