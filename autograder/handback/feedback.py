"""Feedback pages: nbgrader's, but one safe, self-contained page per student that reads well on a phone."""

import logging
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import repeat
from pathlib import Path
from typing import Any, cast

import nbformat
from markupsafe import Markup
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets import default

from autograder.course.catalogue import Catalogue, catalogue
from autograder.course.course import Course
from autograder.course.source import grade_id, is_extra, is_graded, is_solution, is_written
from autograder.files import write_atomically
from autograder.gradebook.alone import AloneExporter
from autograder.gradebook.annotation import NO_RESPONSE
from autograder.gradebook.answers import CHANGED
from autograder.gradebook.deadline import quiz_is_open
from autograder.gradebook.marks import ClassMarks, Marks, UnknownAssignment, read_marks
from autograder.gradebook.timestamp import copy_timestamp
from autograder.grading.pools import Here, Pool, Processes
from autograder.grading.result import QUIZ
from autograder.judging.verdict import State, Verdict, verdict_in
from autograder.processors import processors
from autograder.render import cells, sanitise
from autograder.render.templates import template, verdict_html
from autograder.render.verdict import BEYOND, CLOSED_QUIZ, COLOURS, WORDS, sentence_html

log = logging.getLogger(__name__)

SHARE = 25
"""Students whose pages one process writes at a time."""

SHORT = 1_000
"""Characters of a quiz cell whose coloured form is kept for other pages."""


class FeedbackError(RuntimeError):
    """There is nothing to give feedback on, or pages could not be made; the message says which."""


def feedback(course: Course, name: str, now: datetime | None = None) -> list[Path]:
    """Write the feedback page of every graded submission of an assignment.

    Whether the quiz is shown question by question depends on the time: ``now``, by default the clock's.

    Returns:
        The pages, feedback/STUDENT/NAME/NAME.html, sorted.

    Raises:
        FeedbackError: nothing has been graded yet, or pages could not be made; all others have been, and the message
            says whose could not.
    """
    graded = {path.parent.parent.name for path in course.autograded.glob(f"*/{name}/{name}.ipynb")}
    if not graded:
        raise FeedbackError(f"Nothing of {name} has been graded yet.")
    try:
        marks = read_marks(course, name)
    except UnknownAssignment as error:
        raise FeedbackError(f"No feedback page could be made: {error}") from None
    graded |= {student for student, each in marks.submissions.items() if each.owner in graded}
    current = graded - marks.withdrawn
    for path in course.feedback.glob(f"*/{name}/{name}.html"):
        if path.parent.parent.name not in current:  # withdrawn, or no longer of a group
            shutil.rmtree(path.parent)
    own = [(student, marks.submissions.get(student)) for student in sorted(current)]
    shares = [own[at : at + SHARE] for at in range(0, len(own), SHARE)]
    common = replace(marks, students=(), submissions={})  # each share brings its own: the class is not sent with all
    processes = min(processors(), len(shares))
    pool: Pool = Processes(processes) if processes > 1 else Here()
    with pool.open() as executor:
        opened = repeat(quiz_is_open(course, name, now=now))
        written = executor.map(_write_pages, repeat(course), repeat(common), shares, opened)
        failed = [student for share in written for student in share]
    if failed:
        raise FeedbackError(f"No feedback page could be made for: {', '.join(failed)}.")
    return sorted(course.feedback.glob(f"*/{name}/{name}.html"))


def _write_pages(
    course: Course, whole: ClassMarks, share: Sequence[tuple[str, Marks | None]], quiz_open: bool
) -> list[str]:
    """Write the pages of students with these marks; returns the students whose page could not be made."""
    failed, name = [], whole.assignment
    say = catalogue(course.language, course.solutions / name)
    for student, marks in share:
        owner = (marks and marks.owner) or student
        graded, folder = course.autograded / owner / name, course.feedback / student / name
        shutil.rmtree(folder, ignore_errors=True)
        try:
            notebook = nbformat.read(graded / f"{name}.ipynb", as_version=4)
            text = page(*_with_marks(notebook, student, whole, marks), quiz_open=quiz_open, say=say)
        except Exception as error:  # a copy that is damaged stops no other student's page
            log.warning("%a: %r", student, error)
            failed.append(student)
        else:
            write_atomically(folder / f"{name}.html", text.encode())
            copy_timestamp(graded, folder)
    return failed


def _with_marks(
    notebook: NotebookNode, student: str, whole: ClassMarks, marks: Marks | None
) -> tuple[NotebookNode, dict[str, Any]]:
    """A graded notebook with the marks of its cells, and the totals.

    Raises:
        LookupError: the gradebook has no mark for the submission or for one of its cells.
    """
    if marks is None:
        raise LookupError("the gradebook does not know this submission")
    for about in (cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata):
        about.comment = marks.comments.get(about.grade_id)
        if about.grade:
            exercise = about.grade_id.removesuffix("-test")
            mark = marks.exercises[exercise]
            about.score, about.points, about.missing = mark.score, whole.points[exercise], mark.missing
            about.waits = mark.automatic is None and mark.manual is None
            about.earned, about.note = mark.earned, whole.notes.get(exercise)
    totals = {"score": marks.score, "max_score": whole.max, "late_penalty": marks.penalty, "beyond": marks.beyond}
    of = {"student": student, "assignment": whole.assignment, "excused": student in whole.excused}
    return notebook, of | totals


class FeedbackExporter(AloneExporter):
    """From an autograded notebook to the feedback page, in place of nbgrader's."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _html(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override] # text in place of a notebook, as in nbconvert's own exporters
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page, and the resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        of, converter = resources["nbgrader"], cast(Any, self.parent)
        course = converter.coursedir
        steps = (course.autograded_directory, course.feedback_directory)
        copy_timestamp(*(Path(course.format_path(step, of["student"], of["assignment"])) for step in steps))
        here = Course.at(Path.cwd())  # nbgrader's converters work in the course
        marks = read_marks(here, of["assignment"])
        graded = _with_marks(notebook, of["student"], marks, marks.submissions.get(of["student"]))
        say = catalogue(here.language, here.solutions / of["assignment"])
        return page(*graded, quiz_open=quiz_is_open(here, of["assignment"]), say=say), resources


def page(notebook: NotebookNode, grades: dict[str, Any], *, quiz_open: bool, say: Catalogue) -> str:
    """The feedback page.

    Args:
        notebook: as ``annotate`` made it, with scores and comments in the cells' metadata.
        grades: ``student``, ``assignment``, ``excused``, ``score``, ``max_score``, ``late_penalty`` and ``beyond``.
        quiz_open: whether the quiz is shown question by question; else its total only.
        say: the language of the page.
    """
    about = notebook.metadata.get("autograder", {})
    pen = cells.Pen()
    results = [_result(cell, say) for cell in notebook.cells if is_graded(cell)]
    shown = [cell for cell in notebook.cells if "autograder" not in cell.metadata]
    for cell in list(shown) if not quiz_open else ():
        if (grade_id(cell) or "").startswith(QUIZ):
            cell.metadata.nbgrader.pop("comment", None)
            shown = [each for each in shown if each is not cell or not is_graded(cell)]
    return template("feedback.html.j2", say).render(
        grades=grades,
        repairs=about.get("repairs", []),
        problem=about.get("problem"),
        waiting=bool(about.get("problem")) and not grades["score"],
        unread=[result["id"] for result in results if result["state"] is State.WAITING and result["missing"]],
        exercises=[result for result in results if not result["id"].startswith(QUIZ)],
        questions=[result for result in results if result["id"].startswith(QUIZ)],
        beyond=BEYOND,
        closed="" if quiz_open else CLOSED_QUIZ,
        blocks=[_block(cell, pen, say) for cell in shown],
        highlighting=Markup(HtmlFormatter(style="default").get_style_defs(".highlight")),
        dark_highlighting=Markup(HtmlFormatter(style="github-dark").get_style_defs(".highlight")),
    )


def _result(cell: NotebookNode, say: Catalogue) -> dict[str, Any]:
    """What the overview says of one graded cell; the gradebook's mark counts."""
    verdict = _verdict(cell)
    about = cell.metadata.nbgrader
    state = verdict.state if verdict else None
    sign, words = WORDS[state] if state else ("•", "marked by a person")
    return {
        "id": about.grade_id.removesuffix("-test"),
        "state": state,
        "card": Markup(verdict_html(verdict, say)) if verdict else None,
        "score": about.score,
        "max": about.points,
        "share": max(0.0, min(1.0, about.score / about.points)) if about.points else 0.0,
        "sign": sign,
        "words": say(words),
        "ink": COLOURS[state][0] if state else "#1c2430",
        "paper": COLOURS[state][1] if state else "#eef1f4",
        "by_hand": verdict is None or (not about.waits and abs(about.earned - verdict.score) > 1e-9),
        "missing": about.missing,
        "note": about.note,
        "message": Markup(sentence_html(say(verdict.messages[0]))) if verdict and verdict.messages else "",
    }


def _verdict(cell: NotebookNode) -> Verdict | None:
    """The verdict of a graded cell; on a written answer a person's, and its rubric is not told before there is one."""
    verdict, about = verdict_in(cell), cell.metadata.nbgrader
    if verdict is None or verdict.state is not State.WAITING:
        return verdict
    return replace(verdict, checks=()) if about.get("waits") else verdict.marked(about.earned, about.get("comment"))


def _block(cell: NotebookNode, pen: cells.Pen, say: Catalogue) -> dict[str, Any]:
    """A cell as the template takes it; all HTML in it is ours or has been cleaned."""
    if is_graded(cell) and not is_solution(cell):
        return {"kind": "verdict", "result": _result(cell, say)}
    text = cell.cell_type != "code"
    if text and not is_solution(cell):
        cell.source = cell.source if is_extra(cell) else say.whole.get(cell.source, cell.source)
        body = cells.prose(cell, pen.draw) if is_extra(cell) else cells.given_prose(cell)
        return {"kind": "extra" if is_extra(cell) else "prose", "body": Markup(body)}
    about = cell.metadata.get("nbgrader", {})
    comment = about.get("comment") or NO_RESPONSE
    automatic = comment == NO_RESPONSE or comment.startswith(CHANGED)
    said = NotebookNode(cell_type="markdown", source=comment)
    kind = "answer" if is_solution(cell) else "extra code" if is_extra(cell) else "given"
    code = "" if text else _code(sanitise.visible(cell.source), kind, about.get("grade_id", ""))
    return {
        "kind": kind,
        "id": about.get("grade_id"),
        "text": text,
        "body": Markup(cells.prose(cell, pen.draw) if text else code),
        "outputs": [Markup(cells.output(output, pen)) for output in sanitise.outputs(cell.get("outputs", []))],
        "comment": None if automatic else Markup(cells.prose(said, pen.draw)),
        "result": _result(cell, say) if is_written(cell) else None,
    }


def _code(source: str, kind: str, grade_id: str) -> str:
    """Code in colours, kept where other pages may have the same: the course's own code, and ticks in a quiz."""
    common = kind == "given" or (grade_id.startswith(QUIZ) and len(source) < SHORT)
    return cells.common_code(source) if common else cells.code(source)
