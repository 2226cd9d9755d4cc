"""A class of a thousand, from Canvas's archive to the teacher's page, each step as the instructor runs it.

    python -m benchmarks.class_of_a_thousand [--size 1000] [--jobs N] [--seed 0] [--folder DIR] [--check K]
        [--against-nbgrader 40]

The class is synthetic: every answer is drawn from the right styles and the mistake bank, most notebooks are saved as
Colab saves them, 2 % are broken and 1 % attack the grader. Printed are seconds and share of every step, the peak memory
of all processes together, and what grading again takes when nothing has changed.

``--check K`` grades K of them again, each alone in a course of its own, and compares every mark and word.
``--against-nbgrader K`` grades K undamaged ones (nbgrader stops at damaged ones) by plain ``nbgrader autograde``, too,
whose hidden tests ask and judge the same; what a command takes to start is told from a class of ``WARM``.
"""

import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from autograder.course.assignment import Assignment
from autograder.course.course import SEED_FILE, Course
from autograder.grading.classroom import find_submissions, grade_all
from autograder.processors import processors
from benchmarks import plain_nbgrader
from benchmarks.processes import Cost, measure
from benchmarks.synthetic_class import NAME, Drawer, Handin, canvas_archive
from benchmarks.training import machine
from tests.places import COURSE, ROOT
from tests.redteam.trial import hand_in

BUDGET_SECONDS, BUDGET_MB = 600.0, 4096.0
"""What a thousand submissions may take on two processors: the promise that this measures."""
WARM = 4
"""The size of the class from which the time to start is told."""
ROUNDS = 3
"""How often we grade it: half a minute is less than the machine's moods last. nbgrader takes minutes."""


def autograder(course: Course, *arguments: str) -> Cost:
    """Run ``autograder …`` in a course's folder."""
    command = [sys.executable, "-m", "autograder", *arguments]
    return measure(command, course.root, {"PYTHONPATH": str(ROOT), "COLUMNS": "120"})


def grade(course: Course, jobs: int | None) -> Cost:
    """Grade all; with None for jobs, by one process per processor."""
    return autograder(course, "grade", NAME, "--json", "results.json", *(["--jobs", str(jobs)] if jobs else []))


def way(course: Course, archive: Path, jobs: int | None) -> dict[str, Cost]:
    """What each step takes from the archive to the teacher's page, and grading once more with nothing changed."""
    steps: dict[str, Callable[[], Cost]] = {
        "collect": lambda: autograder(course, "collect", str(archive), "--assignment", NAME),
        "grade": lambda: grade(course, jobs),
        **{name: partial(autograder, course, name, NAME) for name in ("feedback", "export", "report")},
        "grade again": lambda: grade(course, jobs),
    }
    costs = {}
    for name, step in steps.items():
        costs[name] = step()
        print(f"{name}: {costs[name].seconds:.1f} s", file=sys.stderr, flush=True)
    return costs


def whole(costs: Mapping[str, Cost]) -> Cost:
    """What all steps take together; grading again is no part of it."""
    counted = [cost for name, cost in costs.items() if name != "grade again"]
    return Cost(sum(cost.seconds for cost in counted), max(cost.peak_mb for cost in counted), "")


def steps_table(costs: Mapping[str, Cost], size: int) -> Table:
    """Seconds and shares of the steps."""
    total = whole(costs)
    table = Table(title=f"{size} submissions of {NAME}")
    for column in ("step", "s", "share", "submissions a minute", "peak memory, MiB"):
        table.add_column(column, justify="left" if column == "step" else "right")
    for name, cost in {**costs, "collect to report": total}.items():
        share = "" if name == "grade again" else f"{100 * cost.seconds / total.seconds:.0f} %"
        table.add_row(name, f"{cost.seconds:.1f}", share, f"{60 * size / cost.seconds:.0f}", f"{cost.peak_mb:.0f}")
    return table


def broken_promises(total: Cost) -> list[str]:
    """What took longer or more than a thousand submissions may."""
    faults = []
    if total.seconds > BUDGET_SECONDS:
        faults.append(f"{total.seconds:.0f} s from collect to report, promised are {BUDGET_SECONDS:.0f}")
    if total.peak_mb > BUDGET_MB:
        faults.append(f"{total.peak_mb:.0f} MiB at the peak, promised are {BUDGET_MB:.0f}")
    return faults


def results(course: Course) -> dict[str, dict[str, Any]]:
    """Student → result, as ``grade --json`` has written them."""
    return {each["student"]: each for each in json.loads((course.root / "results.json").read_text(encoding="utf-8"))}


def differing_alone(course: Course, folder: Path, count: int, seed: int) -> list[str]:
    """Of so many drawn submissions those whose result is another when each is graded alone, in a course of its own."""
    together = results(course)
    everybody = {each.student: each.path for each in find_submissions(course, NAME)}
    differing = []
    for student in random.Random(seed).sample(sorted(everybody), min(count, len(everybody))):
        path = everybody[student]
        alone = course.clone_to(folder / "alone" / student)
        shutil.copy2(course.root / SEED_FILE, alone.root)
        if path is not None:
            hand_in(alone, student, {path.name: path.read_bytes()})
        (graded,) = grade_all(Assignment.load(alone, NAME), find_submissions(alone, NAME), 1)
        if graded.to_json() != together[student]:
            differing.append(student)
    return differing


def handed_in(folder: Path, handins: Iterable[Handin]) -> Course:
    """A fresh course in which these were handed in, each under its number."""
    course = COURSE.clone_to(folder)
    for handin in handins:
        hand_in(course, f"s{handin.number:04d}", {handin.filename: handin.data})
    return course


def beside_nbgrader(folder: Path, drawer: Drawer, size: int, jobs: int | None) -> str:
    """Grade so many submissions here and by plain ``nbgrader autograde``, and a few of them for what starting takes."""
    handins = list(drawer.undamaged(size))
    ours: dict[int, list[float]] = {WARM: [], size: []}
    theirs: dict[int, tuple[float, dict[str, float]]] = {}
    for turn in range(ROUNDS):
        for count, seconds in ours.items():
            course = handed_in(folder / f"ours-{count}-{turn}", handins[:count])
            seconds.append(grade(course, jobs).seconds)
            if count not in theirs:
                theirs[count] = plain_nbgrader.grade(handed_in(folder / f"nbgrader-{count}", handins[:count]))
    points = theirs[size][1]
    same = sum(abs(each["score"] - points[student]) < 0.005 for student, each in results(course).items())
    here = {count: median(seconds) for count, seconds in ours.items()}
    there = {count: seconds for count, (seconds, _) in theirs.items()}
    each, other = ((of[size] - of[WARM]) / (size - WARM) for of in (here, there))
    whole = f"{here[size]:.1f} s here, {there[size]:.1f} s by nbgrader autograde, {there[size] / here[size]:.1f} times"
    slots, times = min(jobs or processors(), size), other / each
    further = f"each further one: {each:.2f} s and {other:.2f} s, {times:.1f} times on this machine, {times / slots:.1f} times per core ({slots} work here, one there)"
    return f"{size} undamaged ones, start included: {whole}; {further}; {same} get the same points"


def main(
    size: int = 1000,
    jobs: int | None = None,
    seed: int = 0,
    folder: Annotated[Path | None, typer.Option(help="where the course is kept; a temporary folder by default")] = None,
    check: int = 0,
    against_nbgrader: int = 0,
) -> None:
    """Measure, print, and end with 1 if a mark is another alone or a thousand break a promise."""
    console = Console(width=120)
    drawer = Drawer(Assignment.load(COURSE, NAME), seed)
    with tempfile.TemporaryDirectory(prefix="thousand-") as temporary:
        place = (folder or Path(temporary)).resolve()
        place.mkdir(parents=True, exist_ok=True)
        handins = canvas_archive(drawer.draw(size), place / "submissions.zip")
        kinds = Counter("hostile" if each.hostile else each.kind for each in handins)
        console.print(f"{machine()}\n{', '.join(f'{count} {kind}' for kind, count in kinds.most_common())}")
        course = COURSE.clone_to(place / "course")
        costs = way(course, place / "submissions.zip", jobs)
        console.print(steps_table(costs, size))
        faults = broken_promises(whole(costs)) if size >= 1000 else []
        if len(results(course)) != size:
            faults.append(f"{len(results(course))} results for {size} submissions")
        if check:
            differing = differing_alone(course, place, check, seed)
            faults += [f"{student} has other marks alone" for student in differing]
            console.print(f"{check - len(differing)} of {check} have the same marks alone")
        if against_nbgrader:
            console.print(beside_nbgrader(place, drawer, against_nbgrader, jobs), highlight=False)
    for fault in faults:
        console.print(fault, style="red")
    raise typer.Exit(bool(faults))


if __name__ == "__main__":
    typer.run(main)
