"""Feed damaged notebooks to ingest and damaged replies to the judge, and time both on ever larger hostile inputs.

``python -m benchmarks.fuzz [--notebooks 20000] [--replies 2000] [--seed 0]``; exit code 1 if anything but a result or a
sentence came out, or if time grew much faster than size.
"""

import json
import socket
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import nbformat
import typer
from rich.console import Console

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.demo import mangle
from autograder.demo.roster import with_sources
from autograder.ingest import Ungradable, ingest
from autograder.judging.exercise import Case, Exercise
from autograder.judging.judge import judge
from autograder.judging.verdict import Verdict
from autograder.sandbox import Limits, Sandbox, Session
from autograder.sandbox.inside.monitor import KILL
from autograder.sandbox.inside.wire import pack
from autograder.verify.bombs import solved
from benchmarks.growth import growth, growth_table, notebook_families, read_or_refuse, unpack_or_refuse, wire_families
from benchmarks.mutate import mutated_bytes, mutated_frame, mutated_notebook
from tests.places import COURSE
from tests.tool.sandboxes import setup


@dataclass(frozen=True)
class Original:
    """A file as a student might hand it in."""

    name: str
    assignment: Assignment
    data: bytes
    filename: str


def originals(course: Course) -> list[Original]:
    """Every assignment as released, solved, as Colab saves it, and exported as a script."""
    found = []
    for name in course.assignments:
        assignment = Assignment.load(course, name)
        solved = with_sources(assignment, {})
        forms = (
            ("released", mangle.plain(assignment.release), f"{name}.ipynb"),
            ("solved", mangle.plain(solved), f"{name}.ipynb"),
            ("solved, saved by Colab", mangle.colab(solved, name), f"Copy of {name}.ipynb"),
            ("solved, as a script", mangle.script(solved), f"{name}.py"),
        )
        found += [Original(f"{name}, {form}", assignment, data, filename) for form, data, filename in forms]
    return found


def damaged(original: Original, random: Random) -> bytes:
    """The original with random faults."""
    is_json = original.filename.endswith(".ipynb")
    return mutated_notebook(original.data, random) if is_json else mutated_bytes(original.data, random)


def ingested(data: bytes, original: Original) -> bool:
    """Whether the bytes were taken for a submission; then it is the course's notebook in all that is the course's.

    Raises:
        AssertionError: it is not, or no file could be made of it.
    """
    release = original.assignment.release
    try:
        result = ingest(data, original.assignment, original.filename)
    except Ungradable:
        return False
    own = [cell for cell in result.notebook.cells if "lifelong" not in cell.metadata]
    solutions = set(original.assignment.solution_cells.values())
    assert len(own) == len(release.cells)
    for position, (cell, given) in enumerate(zip(own, release.cells, strict=True)):
        assert (cell.id, cell.cell_type, cell.metadata) == (given.id, given.cell_type, given.metadata)
        assert position in solutions or cell.source == given.source
    nbformat.writes(result.notebook).encode()
    assert all(repair.endswith(".") and repair.isprintable() for repair in result.repairs)
    return True


@dataclass(frozen=True)
class Question:
    """An exercise with the cases of one student, and the frames with which the reference solution replies."""

    exercise: Exercise
    cases: list[Case]
    frames: list[bytes]


def questions(assignment: Assignment) -> list[Question]:
    """Every exercise of an assignment, answered by its solution in a real sandbox."""
    with Sandbox(setup(assignment.name), private=[assignment.course.root]) as sandbox:
        found = []
        for exercise, cases, replies in solved(assignment, sandbox, seed=14):
            frames = [pack("reply", {"outcome": each.outcome, "value": each.value}) for each in replies]
            found.append(Question(exercise, cases, frames))
        return found


def judged(question: Question, frames: Sequence[bytes]) -> Verdict:
    """The verdict on an exercise whose sandbox sends these bytes, by the way that every reply takes.

    Raises:
        AssertionError: the score is out of bounds.
    """
    life, life_inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours, inside = socket.socketpair()
    stream = [pack("ready", {}), *frames, pack("probed", {"outcome": "died"})]
    parts = ((_play, (inside, b"".join(stream))), (_watch, (life_inside,)))
    actors = [threading.Thread(target=part, args=own) for part, own in parts]
    for actor in actors:
        actor.start()
    with Session(life, ours, Limits(grace_seconds=0.0), time.monotonic() + 10.0, 1 << 26) as session:
        replies = session.probe([(question.exercise.id, {}) for _ in question.cases], 10.0)
    for actor in actors:
        actor.join()
    verdict = judge(question.exercise, question.cases, replies, 4.0)
    assert 0.0 <= verdict.score <= verdict.max == 4.0, verdict
    json.dumps([verdict.messages, verdict.state], ensure_ascii=False).encode()
    return verdict


def _play(sock: socket.socket, data: bytes) -> None:
    """The sandbox's part: take the requests, say what is to be said, hang up."""
    with sock, suppress(OSError):  # the host hangs up on a frame that is none
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(1 << 16):
            pass


def _watch(life: socket.socket) -> None:
    """The monitor's part: report when told to kill, and do all else that is asked at once."""
    with life:
        while message := life.recv(64):
            life.sendall(b'{"reason": ""}' if message == KILL else message.replace(b"SWEEP", b"SWEPT"))


def with_one_damaged(question: Question, random: Random) -> list[bytes]:
    """The question's frames, one of them with faults."""
    frames = list(question.frames)
    at = random.randrange(len(frames))
    frames[at] = mutated_frame(frames[at], random)
    return frames


class Tally:
    """Counts what came of the inputs and keeps the first few that raised something."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.slowest = (0.0, "")

    def add(self, what: Callable[[], str], name: str) -> None:
        """Do it and count what it says; whatever it raises is a fault."""
        start = time.process_time()
        try:
            self.counts[what()] += 1
        except Exception:
            self.counts["raised"] += 1
            self.faults.append(f"{name}:\n{traceback.format_exc(limit=-4)}")
        self.slowest = max(self.slowest, (time.process_time() - start, name))

    def line(self, title: str) -> str:
        """The counts in a sentence."""
        parts = ", ".join(f"{number} {word}" for word, number in sorted(self.counts.items()))
        return f"{sum(self.counts.values())} {title}: {parts}; the slowest, {self.slowest[1]}: {self.slowest[0]:.2f} s"


def fuzz_notebooks(course: Course, number: int, seed: int) -> Tally:
    """So many damaged notebooks through ingest, in turn of every original."""
    tally, files = Tally(), originals(course)
    for at in range(number):
        original, random = files[at % len(files)], Random(f"{seed}/notebook/{at}")
        data = damaged(original, random)

        def one(data: bytes = data, original: Original = original) -> str:
            return "became a notebook" if ingested(data, original) else "refused in a sentence"

        tally.add(one, f"notebook {at} of seed {seed} ({original.name})")
    return tally


def fuzz_replies(course: Course, number: int, seed: int) -> Tally:
    """So many damaged replies through the host's side of a session and the judge, in turn of every exercise."""
    tally = Tally()
    asked = [question for name in course.assignments for question in questions(Assignment.load(course, name))]
    for at in range(number):
        question, random = asked[at % len(asked)], Random(f"{seed}/reply/{at}")
        frames = with_one_damaged(question, random)

        def one(question: Question = question, frames: list[bytes] = frames) -> str:
            return str(judged(question, frames).state)

        tally.add(one, f"reply {at} of seed {seed} ({question.exercise.id})")
    return tally


def main(notebooks: int = 20_000, replies: int = 2_000, seed: int = 0) -> None:
    """Print the counts, the faults and the times; exit code 0 if there was no fault."""
    course, console = COURSE, Console(width=120)
    faults: list[str] = []
    work = {"notebooks": (fuzz_notebooks, notebooks), "replies": (fuzz_replies, replies)}
    for what, (fuzz, number) in work.items():
        tally, title = fuzz(course, number, seed), f"damaged {what}"
        faults += tally.faults
        console.print(tally.line(title), markup=False, highlight=False)
    assignment = Assignment.load(course, course.assignments[0])
    rows = list(growth(notebook_families(assignment), lambda data: read_or_refuse(assignment, data)))
    console.print(growth_table("Ever larger notebooks", rows))
    wire = list(growth(wire_families(), unpack_or_refuse))
    console.print(growth_table("Ever larger frames", wire))
    faults += [f"{row.name}: time grows with the power {row.power:.2f} of the size" for row in rows + wire if row.steep]
    for fault in faults[:10]:
        console.print(fault, markup=False, highlight=False)
    console.print(f"{len(faults)} faults", markup=False, highlight=False)
    raise typer.Exit(bool(faults))


if __name__ == "__main__":
    typer.run(main)
