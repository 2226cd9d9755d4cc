"""What commands found, as tables for a terminal; text that may be a student's sets no style and moves no cursor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.markup import escape
from rich.table import Column, Table

from autograder.doctor import Finding, Standing
from autograder.grading.result import Result, is_question, total
from autograder.judging.verdict import State, Verdict
from autograder.render.unseen import visible
from autograder.render.verdict import BEYOND

if TYPE_CHECKING:  # a command waits for those rooms alone that it needs
    from autograder.collect.run import Collected
    from autograder.gradebook.marks import Marks
    from autograder.handback.similar import Resemblance
    from autograder.verify.promises import Promise

MARKS = {
    State.CORRECT: "[green]✓[/]",
    State.PARTIAL: "[yellow]◐[/]",
    State.WRONG: "[red]✗[/]",
    State.ERROR: "[red]error[/]",
    State.TIMEOUT: "[magenta]time[/]",
    State.MEMORY: "[magenta]memory[/]",
    State.MISSING: "[dim]–[/]",
    State.UNGRADABLE: "[bold red]?[/]",
    State.WAITING: "[bold blue]…[/]",
}
SHORT = MARKS | {State.ERROR: "[red]E[/]", State.TIMEOUT: "[magenta]T[/]", State.MEMORY: "[magenta]M[/]"}
STANDINGS = {Standing.HOLDS: "[green]yes[/]", Standing.WEAK: "[yellow]weak[/]", Standing.BROKEN: "[bold red]NO[/]"}
SHOWN_ABSENT = 20
SHOWN_ALIKE = 6
"""How many names of a long list are written out."""
ROWS_ALIKE = 30


def doctor_table(findings: Sequence[Finding]) -> Table:
    """What grading relies on, and what there is; below a row that does not hold stands the remedy."""
    table = Table("promise", "found", "holds", title="What this machine can keep", title_justify="left")
    for finding in findings:
        table.add_row(_shown(finding.promise), _shown(finding.found), STANDINGS[finding.standing])
        if finding.remedy:
            table.add_row(f"    [bold]{_shown(finding.remedy)}[/]", "", "")
    return table


def promise_table(name: str, promises: Sequence[Promise]) -> Table:
    """The promises of an assignment; what was not as promised stands below its row."""
    found = Column("found", justify="right")
    table = Table("promise", found, "holds", title=f"{name}: what the graders promise", title_justify="left")
    for promise in promises:
        table.add_row(promise.text, promise.figure, "[green]yes[/]" if promise.holds else "[bold red]NO[/]")
        for line in promise.exceptions:
            table.add_row(f"    [dim]{_shown(line)}[/]", "", "")
    return table


def result_table(result: Result) -> Table:
    """One submission: a row per exercise, with what its student is told."""
    title = f"{result.assignment} · {_shown(result.student)}: {result.score:g} of {result.max:g}"
    given = Column("points", justify="right")
    table = Table("exercise", given, "state", "what the student is told", title=title, title_justify="left")
    exercises, questions = _parted(result)
    for verdict in exercises:
        points = f"{verdict.score:g}/{verdict.max:g}"
        table.add_row(verdict.exercise, points, MARKS[verdict.state], _shown("\n".join(verdict.messages[:3])))
    if questions:
        wrong = ", ".join(each.exercise[-2:] for each in questions if each.state is not State.CORRECT)
        table.add_row("quiz", _points(questions), "", f"questions without marks: {wrong}" if wrong else "")
    if result.beyond:
        table.add_row("beyond", f"{-result.beyond:g}", "", BEYOND.format(f"{result.beyond:g}"))
    for repair in result.repairs:
        table.add_row("[dim]repair[/]", "", "", f"[dim]{_shown(repair)}[/]")
    return table


def class_table(
    results: Sequence[Result], hand_ins: Mapping[str, int], marks: Mapping[str, Marks] | None = None, width: int = 80
) -> Table:
    """A class: a row per student, a column per exercise.

    Args:
        results: of grading, with a person's points where there are any.
        hand_ins: how often each has handed in, where that is known.
        marks: those of the gradebook, which count: a person's are written out with a ``*``, penalties are taken off.
        width: of the terminal; where names of exercises are too long for it, they stand below the table.
    """
    names = [verdict.exercise for verdict in _parted(results[0])[0]]
    longest = max(len(each.student) for each in results)
    narrow = longest + sum(len(name) + 1 for name in names) + 42 > width
    table = _dense(f"{results[0].assignment}: {len(results)} submissions")
    table.add_column("student", overflow="fold", no_wrap=longest <= 30)
    table.add_column("score", justify="right", no_wrap=True)
    for name in [" ".join(f"{at % 10}" for at in range(1, len(names) + 1))] if narrow else names:
        table.add_column(name, justify="left" if narrow else "center", no_wrap=not narrow)
    quiz = ["quiz"] * any(_parted(result)[1] for result in results)
    for heading in (*quiz, "late", "repairs", "tries"):
        table.add_column(heading, justify="right", overflow="fold")
    for result in results:
        own = (marks or {}).get(result.student)
        manual = {name for name, mark in own.exercises.items() if mark.by_hand} if own else {}
        exercises, questions = _parted(result)
        signs = SHORT if narrow else MARKS
        states = [f"{each.score:g}*" if each.exercise in manual else signs[each.state] for each in exercises]
        states = [" ".join(states)] if narrow else states
        score, late = (own.score, f"{-own.penalty:g}" if own.penalty else "") if own else (result.score, "")
        repairs, times = str(len(result.repairs) or ""), str(hand_ins.get(result.student, ""))
        answered = [_points(questions)] * len(quiz)
        table.add_row(_shown(result.student), f"{round(score, 2):g}", *states, *answered, late, repairs, times)
    table.caption = ", ".join(f"{number} {name}" for number, name in enumerate(names, 1)) if narrow else None
    return table


def collected_table(name: str, collected: Collected) -> Table:
    """A row per student: what is graded, where it came from, when, and what else is kept."""
    changed = sum(row.changed for row in collected.rows)
    table = _dense(f"{name}: {len(collected.rows)} students, {changed} of them new or changed")
    longest = max((len(row.student) for row in collected.rows), default=0)
    for heading in ("student", "from", "file", "handed in", "older", ""):
        table.add_column(heading, overflow="fold", min_width=min(longest, 40) if heading == "student" else None)
    for row in collected.rows:
        attempt = row.attempt
        when = f"{attempt.when:%Y-%m-%d %H:%M} UTC" if attempt.when else "–"
        late = " [yellow]late[/]" if row.late else ""
        file, news = _shown(attempt.came_from), "[green]new[/]" if row.changed else "[dim]as before[/]"
        remark = f"{news} {_shown(row.note)}".rstrip()
        table.add_row(_shown(row.student), attempt.kind.value, file, when + late, str(row.older or ""), remark)
    return table


def leftovers(collected: Collected) -> Iterator[str]:
    """What became of the rest: files that are nobody's, what was refused, and who has handed in nothing; plain text."""
    kinds = Counter(row.attempt.kind.value for row in collected.rows)
    if kinds:
        yield "from " + ", ".join(f"{kind}: {number}" for kind, number in kinds.most_common())
    for heading, entries in (("nobody's", collected.nobody), ("refused", collected.refused)):
        for entry in entries:
            yield f"{heading}: {visible(entry.name)}. {visible(entry.reason)}"
    if collected.absent:
        names = _listed([person.id for person in collected.absent], SHOWN_ABSENT)
        yield f"handed in nothing: {len(collected.absent)} of the class ({visible(names)})"


def rows_table(title: str, rows: Sequence[Mapping[str, str | float]]) -> Table:
    """One row or more as they are, under the headings of the first; the first column is not broken."""
    table = _dense(title)
    for at, (heading, value) in enumerate(rows[0].items()):
        longest = 0 if at else max(len(str(row[heading])) for row in rows)
        text = isinstance(value, str)
        table.add_column(heading, justify="left" if text else "right", overflow="fold", min_width=min(longest, 30))
    for row in rows:
        table.add_row(*(_shown(value) if isinstance(value, str) else f"{value:g}" for value in row.values()))
    return table


def similar_table(name: str, found: Resemblance) -> Table:
    """A row per group of the same code, per pair that is alike, the most alike first, and per reason not to compare."""
    table = _dense(
        f"{name}: {found.compared} works, {len(found.groups)} groups the same, pairs alike: {len(found.pairs) + found.left_out}"
    )
    table.add_column("uncommon code in common", justify="right")
    table.add_column("students")
    for group in found.groups[:ROWS_ALIKE]:
        table.add_row("all", _shown(_listed([work.student for work in group], SHOWN_ALIKE)))
    for pair in found.pairs[:ROWS_ALIKE]:
        table.add_row(f"{pair.share:.0%}", _shown(f"{pair.one.student}, {pair.other.student}"))
    for reason in dict.fromkeys(omission.reason for omission in found.omissions):
        names = [omission.student for omission in found.omissions if omission.reason == reason]
        table.add_row("[yellow]?[/]", _shown(f"{_listed(names, ROWS_ALIKE)}: {reason}"))
    return table


def _dense(title: str) -> Table:
    """A table without frames between its many rows."""
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))


def _parted(result: Result) -> tuple[list[Verdict], list[Verdict]]:
    """The verdicts of the exercises, and those of the quiz's questions."""
    exercises = [verdict for verdict in result.verdicts if not is_question(verdict)]
    return exercises, [verdict for verdict in result.verdicts if is_question(verdict)]


def _points(verdicts: Sequence[Verdict]) -> str:
    return f"{total(each.score for each in verdicts):g}/{total(each.max for each in verdicts):g}"


def _listed(names: Sequence[str], shown: int) -> str:
    """The first names of a list, and how many more there are."""
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more


def _shown(text: str) -> str:
    """Text that may be a student's: it sets no style and moves no cursor."""
    return escape(visible(text))
