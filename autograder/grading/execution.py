"""Run a rebuilt notebook in the sandbox and question it, so that each cell and each exercise fails only for itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.course.source import TRAINING, grade_id, is_extra, is_graded, is_solution
from autograder.grading.skippable import display_only, left_out
from autograder.judging.exercise import Outcome, Reply, Tree
from autograder.sandbox import CellRun, Sandbox, Session, Use
from autograder.sandbox.inside.probe import SOURCE

WORDS = {
    Outcome.TIMEOUT: "This cell did not finish in time and was stopped.",
    Outcome.MEMORY: "This cell ran out of memory.",
    Outcome.DIED: "This cell ended the Python process.",
}

OWN_SHARE = 1 / 3
"""Of the submission's time, what the cells that students added are meant to take; up to half as much again is theirs."""
OWN_SECONDS = 1.0
"""How long one of them may take when that is used up."""
LEFT_OUT = "Not run while grading: training takes minutes, and no mark depends on it.\n"


class Execution:
    """One submission's run. Use as a context manager.

    When a cell or a probe kills the process, a fresh one runs the notebook again without the cell that did
    it. Where a solution cell leaves its names undefined, the untouched stub stands in for it, so that what builds on it
    can still be judged.

    Args:
        sandbox: where student code runs.
        notebook: the rebuilt notebook; ``run`` fills in the outputs of its cells.
        stubs: exercise id → the released source of its cell.
        defines: exercise id → the names that its cell must define.
        seed: of the random generators inside.
        deadline: when it must have ended, ``time.monotonic()`` seconds; by default after ``limits.submission_seconds``.

    Attributes:
        failures: exercise id → how its solution cell failed when it was first run, for those that did.
        deadline: as given.
        report: of the last process, once it has ended (see ``Session.close``).
    """

    def __init__(
        self,
        sandbox: Sandbox,
        notebook: NotebookNode,
        stubs: Mapping[str, str],
        defines: Mapping[str, Collection[str]],
        seed: int,
        deadline: float | None = None,
    ) -> None:
        self.failures: dict[str, Reply] = {}
        self.report: dict[str, Any] = {}
        self._sandbox, self._notebook, self._stubs, self._defines = sandbox, notebook, stubs, defines
        self._seed = seed
        self.deadline = deadline or time.monotonic() + sandbox.limits.submission_seconds
        self._starts = 0
        self._output_left = sandbox.limits.output_mb << 20
        self._skipped: set[int] = set()  # cells that killed or hung a process; not run again
        self._fatal: set[tuple[int, str]] = set()  # and what did so where a stub stood in for a cell
        self._seen: set[int] = set()  # cells whose outputs are written
        self._own_seconds = 0.0  # spent on cells that the student added, the first time they were run
        given = [not is_extra(cell) and not is_solution(cell) for cell in notebook.cells]  # the course's own
        self._idle = left_out(notebook.cells, display_only(notebook.cells, given))  # cells that are not worth running
        self._session: Session | None = None
        self._waiting: dict[str, Session] = {}  # of exercises that are asked apart, each with a fork that waits
        self._left = ExitStack()

    def __enter__(self) -> Execution:
        return self

    def __exit__(self, *_: object) -> None:
        self._left.close()
        if self._session is not None:
            self.report = self._session.close()

    def run(self) -> None:
        """Run all cells but the graded ones, whose outputs the judge writes, and training that nothing builds on."""
        for position in self._idle:
            cell = self._notebook.cells[position]
            cell.outputs = [new_output("stream", text=LEFT_OUT)] if TRAINING in cell.metadata.get("tags", []) else []
        self._ready()

    @property
    def apart(self) -> Collection[str]:
        """The exercises that are always asked in a process of their own."""
        return self._sandbox.apart

    def probe(
        self, calls: Sequence[tuple[str, Tree]], seconds: float, cell: str = "", use: Use = Use.ONCE
    ) -> list[Reply]:
        """Call probes in one fork of the submission's state, after one more cell if given; one reply per call.

        Of an exercise whose own code could forge what the probe observes, only the source leaves that state, as plain
        data, and the probe gets it in a fresh process in which no student's Python has run.
        """
        groups: dict[str, list[int]] = {}
        for at, (exercise, _) in enumerate(calls):
            groups.setdefault(exercise if exercise in self.apart else "", []).append(at)
        replies: dict[int, Reply] = {}
        for exercise in sorted(groups, key=bool, reverse=use is Use.WAIT):  # the fork waits behind all others
            asked = [calls[at] for at in groups[exercise]]
            came = self._probe(exercise, asked, seconds, cell, use)
            replies |= zip(groups[exercise], came, strict=True)
        return [replies[at] for at in range(len(calls))]

    def _probe(self, apart: str, calls: Sequence[tuple[str, Tree]], seconds: float, cell: str, use: Use) -> list[Reply]:
        """The replies to calls of one exercise that is asked apart, or of any that are not."""
        waiting = self._waiting.pop(apart, None)
        if waiting and use is Use.RESUME:
            with waiting:
                return waiting.probe(calls, seconds, use=use)
        session = self._ready()
        if session is None:
            late = time.monotonic() >= self.deadline
            return [Reply(Outcome.TIMEOUT if late else Outcome.DIED)] * len(calls)
        if not apart:
            return session.probe(calls, seconds, cell=cell, use=use)
        (source,) = session.probe([(SOURCE + apart, {})], seconds, cell=cell, use=Use.BESIDE)
        if source.value is None:
            return [source] * len(calls)
        with ExitStack() as stack:
            fresh = stack.enter_context(self._sandbox.open(self._seed, self.deadline, self._output_left))
            replies = fresh.probe(calls, seconds, source.value, use=use)
            if fresh.waiting:
                self._waiting[apart] = fresh
                self._left.push(stack.pop_all())
        return replies

    @contextmanager
    def unbilled(self) -> Iterator[Callable[[], bool]]:
        """Within, processes that die cost no restarts; gives whether there is time left for more of what is no mark."""
        starts, until = self._starts, time.monotonic() + self._sandbox.limits.submission_seconds / 4
        yield lambda: time.monotonic() < until
        self._starts = starts

    def _ready(self) -> Session | None:
        """A live session in which all cells have been run; None once time or restarts are used up."""
        while self._session is None or not self._session.alive:
            if self._starts > self._sandbox.limits.restarts or time.monotonic() >= self.deadline:
                return None
            self._starts += 1
            if self._session is not None:
                self._output_left = max(self._output_left - self._session.received, 1 << 20)
            self._session = self._sandbox.open(self._seed, self.deadline, self._output_left)
            self._run_cells(self._session)
        return self._session

    def _run_cells(self, session: Session) -> None:
        for position, cell in enumerate(self._notebook.cells):
            if cell.cell_type != "code" or (is_graded(cell) and not is_solution(cell)) or position in self._idle:
                continue
            if is_extra(cell) and position not in self._seen and not self._own_time():
                self._skipped.add(position)
            exercise, missing = _exercise(cell), False
            if position not in self._skipped:
                missing = self._run_cell(session, position, cell)
            elif exercise in self._stubs:
                missing = bool(session.run("", names=self._defines[exercise]).missing)
            if not session.alive:
                return
            if missing:
                self._stand_in(session, position, cell)
            if not session.alive:
                return

    def _stand_in(self, session: Session, position: int, cell: NotebookNode) -> None:
        """Let the stub stand in for a cell; what the cell does define before it fails counts."""
        for source in (self._stubs[_exercise(cell)], *([cell.source] if position not in self._skipped else [])):
            tried = session.alive and (position, source) not in self._fatal
            if tried and session.run(source).outcome not in (Outcome.OK, Outcome.ERROR):
                self._fatal.add((position, source))

    def _run_cell(self, session: Session, position: int, cell: NotebookNode) -> bool:
        """Run a cell, and note what came of it where it is new; whether it leaves names of its exercise undefined."""
        exercise = _exercise(cell)
        names = self._defines[exercise] if exercise in self._stubs else ()
        start, own = time.monotonic(), is_extra(cell)
        first = own and position not in self._seen
        result = session.run(cell.source, self._own_time() if first else None, own, names)
        self._own_seconds += (time.monotonic() - start) * first
        if result.outcome not in (Outcome.OK, Outcome.ERROR):
            self._skipped.add(position)
        if position in self._seen:
            return bool(
                result.missing
            )  # what another process says now may be of hidden inputs, which this one was not sent
        self._seen.add(position)
        cell.outputs = [*result.outputs, *_explanation(result)]
        if result.outcome is not Outcome.OK and exercise in self._stubs:
            name, message = result.failure or ("", "")
            self.failures[exercise] = Reply(result.outcome, error={"type": name, "message": message, "where": ""})
        return bool(result.missing)

    def _own_time(self) -> float:
        """How long the next cell that the student added may take: a quarter of what is left, so that all get some."""
        limits = self._sandbox.limits
        left = OWN_SHARE * limits.submission_seconds - self._own_seconds
        if self._starts > limits.restarts / 2 or left < -OWN_SHARE / 2 * limits.submission_seconds:
            return 0.0  # what is left of starts and of time is for what is graded
        return min(limits.cell_seconds, max(left / 4, OWN_SECONDS))


def _exercise(cell: NotebookNode) -> str:
    """The id of the exercise whose solution cell this is, else an empty string."""
    return (grade_id(cell) or "") if is_solution(cell) else ""


def _explanation(result: CellRun) -> list[NotebookNode]:
    if result.outcome not in WORDS:
        return []
    text = WORDS[result.outcome]
    return [new_output("error", ename=str(result.outcome), evalue=text, traceback=[text])]
