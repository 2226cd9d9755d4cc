"""Results as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.markup import escape
from rich.table import Table

from autograder.doctor import Finding, Standing
from autograder.grading.result import Result, is_question, total
from autograder.judging.verdict import State, Verdict
from autograder.render import sanitise
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
}


STANDINGS = {Standing.HOLDS: "[green]yes[/]", Standing.WEAK: "[yellow]weak[/]", Standing.BROKEN: "[bold red]NO[/]"}


def doctor_table(findings: Sequence[Finding]) -> Table:
    """What grading relies on, and what there is; below a row that does not hold stands the remedy."""
    table = Table(title="What this machine can keep", title_justify="left")
    table.add_column("promise")
    table.add_column("found")
    table.add_column("holds")
    for finding in findings:
        table.add_row(_shown(finding.promise), _shown(finding.found), STANDINGS[finding.standing])
        if finding.remedy:
            table.add_row(f"    [bold]{_shown(finding.remedy)}[/]", "", "")
    return table


def promise_table(name: str, promises: Sequence[Promise]) -> Table:
    """The promises of an assignment; what was not as promised stands below its row."""
    table = Table(title=f"{name}: what the graders promise", title_justify="left")
    table.add_column("promise")
    table.add_column("found", justify="right")
    table.add_column("holds")
    for promise in promises:
        table.add_row(promise.text, promise.figure, "[green]yes[/]" if promise.holds else "[bold red]NO[/]")
        for line in promise.exceptions:
            table.add_row(f"    [dim]{_shown(line)}[/]", "", "")
    return table


def result_table(graded: Result) -> Table:
    """One submission: a row per exercise, with what its student is told."""
    table = Table(
        title=f"{graded.assignment} · {_shown(graded.student)}: {graded.score:g} of {graded.max:g}",
        title_justify="left",
    )
    table.add_column("exercise")
    table.add_column("points", justify="right")
    table.add_column("state")
    table.add_column("what the student is told")
    for verdict in graded.verdicts:
        if is_question(verdict):
            continue
        points = f"{verdict.score:g}/{verdict.max:g}"
        table.add_row(verdict.exercise, points, MARKS[verdict.state], _shown("\n".join(verdict.messages[:3])))
    questions = [verdict for verdict in graded.verdicts if is_question(verdict)]
    if questions:
        wrong = ", ".join(each.exercise[-2:] for each in questions if each.state is not State.CORRECT)
        table.add_row("quiz", _points(questions), "", f"questions without marks: {wrong}" if wrong else "")
    for repair in graded.repairs:
        table.add_row("[dim]repair[/]", "", "", f"[dim]{_shown(repair)}[/]")
    return table


def class_table(results: Sequence[Result]) -> Table:
    """A class: a row per student, a column per exercise."""
    title = f"{results[0].assignment}: {len(results)} submissions"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("student", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    names = [verdict.exercise for verdict in results[0].verdicts if not is_question(verdict)]
    for name in names:
        table.add_column(name, justify="center", no_wrap=True)
    table.add_column("quiz", justify="right")
    table.add_column("repairs", justify="right")
    for graded in results:
        states = [MARKS[verdict.state] for verdict in graded.verdicts if not is_question(verdict)]
        questions = [verdict for verdict in graded.verdicts if is_question(verdict)]
        repairs = str(len(graded.repairs) or "")
        table.add_row(_shown(graded.student), f"{graded.score:g}", *states, _points(questions), repairs)
    return table


def _shown(text: str) -> str:
    """Text that may be a student's: it sets no style and moves no cursor."""
    return escape(sanitise.visible(text))


def _points(verdicts: Sequence[Verdict]) -> str:
    return f"{total(each.score for each in verdicts):g}/{total(each.max for each in verdicts):g}"
