"""Write verdicts into a rebuilt notebook, so that nbgrader reads the marks from it and a person the reasons."""

from __future__ import annotations

import html
import re
from copy import deepcopy
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_markdown_cell
from nbgrader.utils import is_grade, is_solution

from autograder.grading.result import Graded, is_question, quiz
from autograder.judging.verdict import State, Verdict
from autograder.render import sanitise

VERDICT_TYPE = "application/vnd.autograder.verdict+json"
"""The mime type under which a graded cell keeps its verdict as data, for the feedback page."""

WORDS = {
    State.CORRECT: ("✓", "correct"),
    State.PARTIAL: ("◐", "partly right"),
    State.WRONG: ("✗", "not right yet"),
    State.ERROR: ("!", "stopped with an error"),
    State.TIMEOUT: ("∞", "did not finish in time"),
    State.MEMORY: ("▣", "ran out of memory"),
    State.MISSING: ("–", "not written yet"),
    State.UNGRADABLE: ("?", "could not be graded: a person will look at it"),
}
"""A sign and words for every state, so that no state is told by its colour alone."""

COLOURS = {
    State.CORRECT: ("#0b6b3a", "#e7f5ec"),
    State.PARTIAL: ("#8a5a00", "#fdf3dc"),
    State.WRONG: ("#a3360b", "#fdece4"),
    State.ERROR: ("#a3360b", "#fdece4"),
    State.TIMEOUT: ("#7a2f73", "#f7eaf6"),
    State.MEMORY: ("#7a2f73", "#f7eaf6"),
    State.MISSING: ("#4a5563", "#eef1f4"),
    State.UNGRADABLE: ("#1f4e8c", "#e8f0fa"),
}
"""Ink and paper of every state; ink on paper has a contrast above 5:1."""


PICTURES = 10_000_000
"""Characters of pictures that the recorded copy of one notebook keeps; a page with more opens on no phone."""


_BLANKS = re.compile(r"(?:^[^\S\n]*\n){20,}", re.MULTILINE)
"""Many blank lines in a row: formgrader's Pygments takes the square of their number in time."""


def annotate(graded: Graded) -> NotebookNode:
    """The notebook that is recorded: every graded cell's outputs are its verdict, everything else is made harmless.

    ``nbgrader.utils.determine_grade`` reads exactly the verdict's score from every graded cell.

    Raises:
        ValueError: a graded cell without a verdict, or a verdict without a graded cell.
    """
    notebook = deepcopy(graded.notebook)
    verdicts = {f"{verdict.exercise}-test": verdict for verdict in graded.verdicts}
    cells = {cell.metadata.nbgrader.grade_id for cell in notebook.cells if is_grade(cell)}
    if cells != set(verdicts):
        raise ValueError(f"{graded.assignment}: verdicts and graded cells differ in {sorted(cells ^ set(verdicts))}")
    allowance = sanitise.Allowance()
    for cell in notebook.cells:
        if is_grade(cell):
            cell.outputs = verdict_outputs(verdicts[cell.metadata.nbgrader.grade_id])
        elif cell.cell_type == "code":
            cell.outputs = sanitise.outputs(cell.outputs, allowance)
            if is_extra(cell) or is_solution(cell):
                cell.source = _BLANKS.sub("\n" * 20, cell.source)
        elif is_extra(cell) and cell.cell_type == "markdown":
            cell.source = sanitise.markdown_source(cell.source, allowance)
    _cap_pictures(notebook)
    notebook.cells.insert(0, _summary(graded, notebook))
    notebook.metadata["autograder"] = {"repairs": list(graded.repairs), "problem": graded.problem}
    if graded.fingerprint:
        notebook.metadata["autograder"]["fingerprint"] = graded.fingerprint
    return notebook


def _cap_pictures(notebook: NotebookNode) -> None:
    """Put a note in the place of every picture beyond the first ``PICTURES`` characters of them."""
    left = PICTURES
    for output in (output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output):
        pictures = {kind: len(data) for kind, data in output.data.items() if kind.startswith("image/")}
        left -= sum(pictures.values())
        if pictures and left < 0:
            output.data = NotebookNode({"text/plain": "(A picture was left out: this notebook has too many.)"})


def is_extra(cell: NotebookNode) -> bool:
    """Whether a cell is the student's own addition, as ingest marks it; all other prose is the instructor's."""
    return bool(cell.metadata.get("lifelong", {}).get("extra", False))


def verdict_outputs(verdict: Verdict) -> list[NotebookNode]:
    """The outputs of a graded cell: the verdict for people, then the score as nbgrader reads it.

    The score is there even when it is 0 or full: without an ``execute_result`` nbgrader would give full marks.
    """
    data = verdict_data(verdict)
    words = {"text/html": verdict_html(data), "text/plain": verdict_text(data), VERDICT_TYPE: data}
    score = {"text/plain": repr(float(verdict.score))}
    outputs = [
        {"output_type": "display_data", "data": words, "metadata": {}},
        {"output_type": "execute_result", "data": score, "metadata": {}, "execution_count": None},
    ]
    return [from_dict(output) for output in outputs]  # nbformat's new_output would validate each by itself


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain JSON values, with its checks and the known mistakes that explain them."""
    return {
        "exercise": verdict.exercise,
        "score": verdict.score,
        "max": verdict.max,
        "state": str(verdict.state),
        "messages": [sanitise.visible(message) for message in verdict.messages],
        "checks": [{"title": check.title, "passed": check.passed} for check in verdict.checks],
        "mistakes": {check.mistake: sanitise.visible(check.message) for check in verdict.checks if check.mistake},
    }


def verdict_html(data: dict[str, Any]) -> str:
    """The verdict as a small card, its style inline: formgrader and Jupyter have none of our style sheets."""
    state = State(data["state"])
    sign, words = WORDS[state]
    ink, paper = COLOURS[state]
    checks = "".join(_check(check["title"], check["passed"]) for check in data["checks"])
    messages = "".join(f'<p style="margin:.5em 0 0">{sentence_html(message)}</p>' for message in data["messages"])
    promises = f'<ul style="list-style:none;margin:.5em 0 0;padding:0">{checks}</ul>' if checks else ""
    return (
        f'<div style="border-left:5px solid {ink};background:{paper};color:#1c2430;padding:.6em .9em;'
        f'font-family:system-ui,sans-serif;font-size:15px;line-height:1.45;overflow-wrap:anywhere">'
        f'<div style="color:{ink};font-weight:600">{sign} {html.escape(data["exercise"])}: {words}'
        f'<span style="float:right;padding-left:1em">{points(data["score"])} / {points(data["max"])}</span></div>'
        f"{promises}{messages}</div>"
    )


def _check(title: str, passed: bool) -> str:
    ink, sign, word = ("#0b6b3a", "✓", "kept") if passed else ("#a3360b", "✗", "not kept")
    verdict = f'<span style="color:{ink};font-weight:600">{sign} {word}</span>'
    return f'<li style="margin:.15em 0">{verdict} {sentence_html(title)}</li>'


def sentence_html(text: str) -> str:
    """A sentence, escaped, with its line breaks and with what stands between backticks as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text)).replace("\n", "<br>")


def verdict_text(data: dict[str, Any]) -> str:
    """The verdict in plain text."""
    words = WORDS[State(data["state"])][1]
    lines = [f"{data['exercise']}: {words} ({points(data['score'])} / {points(data['max'])})"]
    lines += [f"  [{'kept' if check['passed'] else 'not kept'}] {check['title']}" for check in data["checks"]]
    return "\n".join(lines + [f"  {message}" for message in data["messages"]])


def points(score: float) -> str:
    """Points without needless zeros: 4, 0.4, 2.67."""
    return f"{score:.2f}".rstrip("0").rstrip(".")


def _summary(graded: Graded, notebook: NotebookNode) -> NotebookNode:
    """A Markdown cell for the top: the total, every exercise in a line, and what had to be mended."""
    lines = [f"## Graded by the autograder: {points(graded.score)} / {points(graded.max)}", ""]
    if graded.problem:
        lines += [f"**This submission could not be graded; a person will look at it.** {_plain(graded.problem)}", ""]
    lines += ["| exercise | points | |", "|---|---|---|"]
    questions = [verdict for verdict in graded.verdicts if is_question(verdict)]
    rows = [verdict for verdict in graded.verdicts if not is_question(verdict)] + (
        [quiz(questions)] if questions else []
    )
    for verdict in rows:
        sign, words = WORDS[verdict.state]
        lines.append(f"| {verdict.exercise} | {points(verdict.score)} / {points(verdict.max)} | {sign} {words} |")
    if graded.repairs:
        lines += ["", "Mended before grading:", *(f"- {_plain(repair)}" for repair in graded.repairs)]
    cell: NotebookNode = new_markdown_cell("\n".join(lines), metadata={"autograder": "summary"})
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        del cell["id"]
    else:
        cell["id"] = "autograder-summary"  # new_markdown_cell draws a random one; a regrade must give the same bytes
    return cell


def _plain(text: str) -> str:
    """A sentence that Markdown takes as it is: what it quotes comes from a student's file."""
    escaped = "".join(f"&#{ord(char)};" if char in "\\`*_{}[]()<>#+!|~$&:/@" else char for char in text)
    return " ".join(sanitise.visible(escaped).split())
