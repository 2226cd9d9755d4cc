"""Write verdicts into a rebuilt notebook: nbgrader reads the marks from it, a person the reasons."""

import hashlib
import re
from copy import deepcopy
from dataclasses import replace

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_markdown_cell

from autograder.course.cell_text import unmarked, wording
from autograder.course.source import is_extra, is_graded, is_solution, is_written
from autograder.grading.result import Result, is_question, quiz
from autograder.judging.verdict import VERDICT_TYPE, WRITTEN_VERDICT, State, Verdict, verdict_in
from autograder.render import mathjax, sanitise
from autograder.render.templates import verdict_html
from autograder.render.verdict import BEYOND, WORDS, points, verdict_text

PICTURES = 10_000_000
"""Characters of pictures that the recorded copy of one notebook keeps: no phone opens a page with more."""

NO_RESPONSE = "No response."
"""nbgrader's own comment on a cell that is as it was released."""

ANSWER = "autograder_answer"
"""The metadata under which a written answer keeps the hash of its words."""

_BLANKS = re.compile(r"(?:^[^\S\n]*\n){20,}", re.MULTILINE)
"""Many blank lines in a row: the time that formgrader's Pygments takes grows with the square of their number."""


def annotate(result: Result) -> NotebookNode:
    """The notebook that is recorded: the outputs of every graded cell are its verdict, and all else is made harmless.

    ``nbgrader.utils.determine_grade`` reads exactly the verdict's score from every graded cell. A written answer has
    the verdict in its metadata, and a hash of the words: by it a mark that was given for others is recognised.

    Raises:
        ValueError: a graded cell without a verdict, or a verdict without a graded cell.
    """
    notebook = deepcopy(result.notebook)
    verdicts = {verdict.exercise: verdict for verdict in result.verdicts}
    cells = {_exercise(cell) for cell in notebook.cells if is_graded(cell)}
    if cells != set(verdicts):
        raise ValueError(f"{result.assignment}: verdicts and graded cells differ in {sorted(cells ^ set(verdicts))}")
    allowance = sanitise.Allowance()
    for cell in notebook.cells:
        verdict = verdicts[_exercise(cell)] if is_graded(cell) else None
        if verdict and not is_solution(cell):
            cell.outputs = verdict_outputs(verdict)
        elif cell.cell_type == "code":
            cell.outputs = sanitise.outputs(cell.outputs, allowance)
            if is_extra(cell) or is_solution(cell):
                cell.source = _BLANKS.sub("\n" * 20, cell.source)
        if verdict and is_solution(cell):
            cell.metadata[WRITTEN_VERDICT] = verdict.to_json()
            cell.metadata[ANSWER] = hashlib.sha256(wording(cell.source).encode()).hexdigest()
        if cell.cell_type == "markdown" and (is_extra(cell) or (verdict and verdict.state is State.WAITING)):
            words = unmarked(cell.source) if verdict else cell.source
            cell.source = sanitise.markdown_source(words, allowance, cell.get("attachments"))
    _cap_pictures(notebook)
    for at, cell in reversed([*enumerate(notebook.cells)]):
        verdict = verdict_in(cell) if is_written(cell) else None
        if verdict and verdict.checks:
            notebook.cells.insert(at, _ours(f"rubric-{verdict.exercise}", _rubric(verdict), notebook))
    notebook.cells.insert(0, _ours("summary", _summary(result), notebook))
    notebook.metadata["autograder"] = {"repairs": list(result.repairs), "problem": result.problem}
    if result.fingerprint:
        notebook.metadata["autograder"]["fingerprint"] = result.fingerprint
    return notebook


def _exercise(cell: NotebookNode) -> str:
    """The exercise whose points a graded cell carries."""
    return str(cell.metadata.nbgrader.grade_id).removesuffix("-test")


def _cap_pictures(notebook: NotebookNode) -> None:
    """Replace every picture beyond the first ``PICTURES`` characters of pictures by a note."""
    left = PICTURES
    for output in (output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output):
        pictures = {kind: len(data) for kind, data in output.data.items() if kind.startswith("image/")}
        left -= sum(pictures.values())
        if pictures and left < 0:
            output.data = NotebookNode({"text/plain": "(A picture was left out: this notebook has too many.)"})


def verdict_outputs(verdict: Verdict) -> list[NotebookNode]:
    """The outputs of a graded cell: the verdict for people, then the score as nbgrader reads it.

    The score is there even when it is 0 or full: without an ``execute_result`` nbgrader would give full marks.
    """
    checks = tuple(replace(check, message=sanitise.visible(check.message)) for check in verdict.checks)
    verdict = replace(verdict, messages=tuple(map(sanitise.visible, verdict.messages)), checks=checks)
    html, text = verdict_html(verdict), verdict_text(verdict)
    words = {"text/html": html, "text/plain": text, VERDICT_TYPE: verdict.to_json()}
    score = {"text/plain": repr(float(verdict.score))}
    outputs = [
        {"output_type": "display_data", "data": words, "metadata": {}},
        {"output_type": "execute_result", "data": score, "metadata": {}, "execution_count": None},
    ]
    return [from_dict(output) for output in outputs]  # nbformat's new_output would validate each by itself


def _rubric(verdict: Verdict) -> list[str]:
    """For whoever marks a written answer, above it: what to look for, and how to say what each part got."""
    worth = [points(check.share * verdict.max) for check in verdict.checks]
    told = f"Begin the comment with what each part gets, as in `{' + '.join(worth)}`: the feedback page tells it."
    parts = [f"- {each}: {check.title}" for each, check in zip(worth, verdict.checks, strict=True)]
    return [f"**What to look for in {verdict.exercise}**, with its points", "", *parts, "", told]


def _summary(result: Result) -> list[str]:
    """For the top: the total, one line per exercise, and the repairs."""
    lines = [f"## Graded by the autograder: {points(result.score)} / {points(result.max)}"]
    if result.problem:
        lines += [f"**This submission could not be graded; a person will look at it.** {_plain(result.problem)}", ""]
    lines += [BEYOND.format(points(result.beyond)), ""] if result.beyond else []
    lines += ["| exercise | points | |", "|---|---|---|"]
    questions = [verdict for verdict in result.verdicts if is_question(verdict)]
    rows = [each for each in result.verdicts if not is_question(each)] + ([quiz(questions)] if questions else [])
    for verdict in rows:
        sign, words = WORDS[verdict.state]
        lines.append(f"| {verdict.exercise}&emsp;| {points(verdict.score)} / {points(verdict.max)} | {sign} {words} |")
    if result.repairs:
        lines += ["", "Mended before grading:", *(f"- {_plain(repair)}" for repair in result.repairs)]
    return lines


def _ours(kind: str, lines: list[str], notebook: NotebookNode) -> NotebookNode:
    """A Markdown cell that is neither the student's nor the course's."""
    cell: NotebookNode = new_markdown_cell("\n".join(lines), metadata={"autograder": kind})
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        del cell["id"]
    else:
        cell["id"] = f"autograder-{kind}"[:64]  # a random one would change with each regrade
    return cell


def _plain(text: str) -> str:
    """A sentence without Markdown's signs: what it quotes comes from a student's file."""
    escaped = "".join(f"&#{ord(char)};" if char in "\\`*_{}[]()<>#+!|~$&:/@" else char for char in text)
    return mathjax.tamed(" ".join(sanitise.visible(escaped).split()))
