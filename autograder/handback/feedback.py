"""Feedback pages: nbgrader's, but one safe, self-contained page a student that reads well on a phone."""

from __future__ import annotations

import html
import os
import re
import secrets
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbconvert.filters import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_grade, is_solution
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from traitlets import default

from autograder.course.course import Course
from autograder.gradebook.annotation import COLOURS, VERDICT_TYPE, WORDS, is_extra, points, sentence_html, verdict_html
from autograder.gradebook.record import copy_timestamp
from autograder.gradebook.settings import with_instructors_own
from autograder.grading.pools import Here, Pool, Processes
from autograder.grading.result import QUIZ
from autograder.judging.verdict import State
from autograder.render import sanitise
from autograder.render.tex import formula_html, tex_html

NO_RESPONSE = "No response."
"""nbgrader's own comment on an untouched cell; the verdict says it already."""

TEX = 20_000
"""How much of the student's TeX is drawn on one page, in characters, a formula counting for 100 at least."""

SHARE = 25
"""Students whose pages are written at once by one process."""

LONGEST_CODE = 20_000
"""Characters beyond which a cell's code is shown without colours."""

SHORT = 1_000
"""Characters of a quiz cell whose coloured form is kept for the next page."""

LEXER, FORMATTER = PythonLexer(), HtmlFormatter()


def feedback(course: Course, name: str, jobs: int | None = None) -> list[Path]:
    """Write the feedback page of every graded submission of an assignment, through nbgrader's own converter.

    Args:
        course: whose graded copies and gradebook are read.
        name: the assignment.
        jobs: processes for a class that is larger than one share; by default one per processor.

    Returns:
        The pages, feedback/STUDENT/NAME/NAME.html, sorted.

    Raises:
        NbGraderException: nothing has been graded yet, or pages could not be made; all others have been, and the
            message says whose could not.
    """
    students = sorted(path.parent.parent.name for path in course.autograded.glob(f"*/{name}/{name}.ipynb"))
    if not students:
        raise NbGraderException(f"Nothing of {name} has been graded yet.")
    shares = [students[at : at + SHARE] for at in range(0, len(students), SHARE)]
    processes = min(jobs or os.cpu_count() or 1, len(shares))
    pool: Pool = Processes(processes) if processes > 1 else Here()
    with pool.open() as executor:
        converted = executor.map(_convert, repeat(course.root), repeat(name), shares)
        failed = [student for share in converted for student in share]
    if failed:
        raise NbGraderException(f"No feedback page could be made for: {', '.join(failed)}.")
    return sorted(course.feedback.glob(f"*/{name}/{name}.html"))


def _convert(root: Path, name: str, students: list[str]) -> list[str]:
    """Write the pages of some students; returns whose could not be made."""
    course = Course.at(root)
    config = with_instructors_own(course)
    config.CourseDirectory.assignment_id = name
    config.GenerateFeedback.exporter_class = FeedbackExporter
    config.GenerateFeedback.preprocessors = ["autograder.gradebook.get_grades.GetGradesAtOnce"]
    converter = _Converter(students, coursedir=CourseDirectory(config=config), config=config, force=True)
    try:
        converter.start()
    except NbGraderException:  # at the end of all; of what failed it has removed what there was
        failed = [each for each in students if not (course.feedback / each / name / f"{name}.html").is_file()]
        if not failed:
            raise
        return failed
    return []


class _Converter(GenerateFeedback):  # type: ignore[misc]
    """nbgrader's converter, but of what a student handed in beside the notebook nothing is copied to the pages."""

    def __init__(self, students: Sequence[str], **options: Any) -> None:
        super().__init__(**options)
        self._students = students

    def init_notebooks(self) -> None:
        """Find the students' graded notebooks by their names, which may look like patterns, such as ``a[b]``."""
        name = self.coursedir.assignment_id
        self.notebooks: list[str] = []
        self.assignments = {
            folder: [os.path.join(folder, f"{name}.ipynb")]
            for folder in (self._format_source(name, student) for student in self._students)
        }

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        destination = Path(self._format_dest(assignment_id, student_id))
        destination.mkdir(parents=True, exist_ok=True)
        copy_timestamp(Path(self._format_source(assignment_id, student_id)), destination)


class FeedbackExporter(Exporter):
    """From an autograded notebook, with the grades that GetGrades put into it, to the feedback page."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _html(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override] # text in place of a notebook, as in nbconvert's own exporters
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page, and the resources with the grades."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return page(notebook, resources["nbgrader"]), resources

    def _preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """As nbconvert does it, without copying and checking anew a notebook that has just been copied and checked."""
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        return nb, resources


class _Pen:
    """Draws what students wrote in TeX, until the page has enough of it; drawing a formula takes milliseconds."""

    def __init__(self) -> None:
        self._left = TEX

    def draw(self, tex: str, display: bool = False) -> str:
        """The formula as ``formula_html`` draws it, or as it was written."""
        self._left -= max(len(tex), 100)
        return formula_html(tex, display) if self._left >= 0 else tex_html(tex)


def page(notebook: NotebookNode, grades: dict[str, Any]) -> str:
    """The feedback page.

    Args:
        notebook: as ``annotate`` made it, with nbgrader's scores and comments in the cells' metadata.
        grades: ``student``, ``assignment``, ``score``, ``max_score`` and ``late_penalty``.
    """
    about = notebook.metadata.get("autograder", {})
    pen = _Pen()
    results = [_result(cell) for cell in notebook.cells if is_grade(cell)]
    text: str = _template().render(
        grades=grades,
        repairs=about.get("repairs", []),
        problem=about.get("problem"),
        waiting=bool(about.get("problem")) and not grades["score"],
        exercises=[result for result in results if not result["id"].startswith(QUIZ)],
        questions=[result for result in results if result["id"].startswith(QUIZ)],
        blocks=[_block(cell, pen) for cell in notebook.cells if cell.metadata.get("autograder") != "summary"],
        highlighting=Markup(HtmlFormatter(style="default").get_style_defs(".highlight")),
    )
    return text


@cache
def _template() -> Any:
    environment = Environment(loader=PackageLoader("autograder"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["points"] = points
    return environment.get_template("feedback.html.j2")


def _result(cell: NotebookNode) -> dict[str, Any]:
    """What the overview says of one graded cell: the mark that counts is the gradebook's."""
    verdict = _verdict(cell)
    about = cell.metadata.nbgrader
    state = State(verdict["state"]) if verdict else None
    sign, words = WORDS[state] if state else ("•", "marked by a person")
    return {
        "id": about.grade_id.removesuffix("-test"),
        "score": about.score,
        "max": about.points,
        "share": max(0.0, min(1.0, about.score / about.points)) if about.points else 0.0,
        "sign": sign,
        "words": words,
        "ink": COLOURS[state][0] if state else "#1c2430",
        "paper": COLOURS[state][1] if state else "#eef1f4",
        "by_hand": verdict is None or abs(about.score - verdict["score"]) > 1e-9,
        "message": Markup(sentence_html(verdict["messages"][0])) if verdict and verdict["messages"] else "",
    }


def _verdict(cell: NotebookNode) -> Any:
    """The verdict that annotate left in a graded cell."""
    found = (output.get("data", {}).get(VERDICT_TYPE) for output in cell.get("outputs", []))
    return next((verdict for verdict in found if verdict), None)


def _block(cell: NotebookNode, pen: _Pen) -> dict[str, Any]:
    """A cell as the template wants it; every piece of HTML in it is ours or has been cleaned."""
    if is_grade(cell) and not is_solution(cell):
        verdict = _verdict(cell)
        card = Markup(verdict_html(verdict)) if verdict else None
        return {"kind": "verdict", "result": _result(cell), "card": card}
    if cell.cell_type != "code":
        return {
            "kind": "extra" if is_extra(cell) else "prose",
            "body": Markup(_prose(cell, pen.draw) if is_extra(cell) else _given_prose(cell)),
        }
    about = cell.metadata.get("nbgrader", {})
    comment = about.get("comment")
    kind = "answer" if is_solution(cell) else "extra code" if is_extra(cell) else "given"
    return {
        "kind": kind,
        "id": about.get("grade_id"),
        "body": Markup(_coloured(sanitise.visible(cell.source), kind, about.get("grade_id", ""))),
        "outputs": [Markup(_output(output, pen)) for output in sanitise.outputs(cell.outputs)],
        "comment": Markup(sanitise.markdown(comment)) if comment and comment != NO_RESPONSE else None,
    }


def _code(source: str) -> str:
    """Python with its colours; what is too long without, for the lexer's time can grow with the square of the length.

    White space at the ends of lines goes: on nothing else it takes as long.
    """
    if len(source) > LONGEST_CODE:
        return f"<pre>{html.escape(source)}</pre>"
    stripped = "\n".join(line.rstrip() for line in source.split("\n"))
    coloured: str = highlight(stripped, LEXER, FORMATTER)
    return coloured


_common_code = lru_cache(maxsize=1000)(_code)


def _coloured(source: str, kind: str, grade_id: str) -> str:
    """The same, kept for the next page where it may well be the same there: the course's code, and ticks in a quiz."""
    common = kind == "given" or (grade_id.startswith(QUIZ) and len(source) < SHORT)
    return (_common_code if common else _code)(source)


def _given_prose(cell: NotebookNode) -> str:
    """A text cell of the course's own, which is on every page."""
    if cell.get("attachments"):
        return _prose(cell, formula_html)
    return _given_text(cell.cell_type, cell.source)


@lru_cache(maxsize=1000)
def _given_text(cell_type: str, source: str) -> str:
    return _prose(NotebookNode(cell_type=cell_type, source=source, metadata={}), formula_html)


def _prose(cell: NotebookNode, draw: Callable[[str, bool], str]) -> str:
    """A Markdown or raw cell; its formulas wait behind tokens that no student can guess until all else is clean."""
    if cell.cell_type == "raw":
        return f"<pre>{html.escape(sanitise.visible(cell.source))}</pre>"
    token = f"formula{secrets.token_hex(12)}x"
    formulas: list[str] = []

    class Renderer(IPythonRenderer):
        def _later(self, tex: str, display: bool) -> str:
            drawn = draw(tex.strip(), display)
            formulas.append(f'<span class="display">{drawn}</span>' if display else drawn)
            return f"{token}{len(formulas) - 1}."

        def inline_math(self, body: str) -> str:
            return self._later(body, display=False)

        def block_math(self, body: str) -> str:
            return self._later(body, display=True)

        def latex_environment(self, name: str, body: str) -> str:
            return self._later(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)

    attachments = {file: dict(kinds) for file, kinds in cell.get("attachments", {}).items()}
    cleaned = sanitise.markdown(cell.source, attachments, Renderer)
    waiting = re.compile(rf"{token}(\d+)\.")
    texts = re.sub(r"<[^>]*>", lambda tag: waiting.sub("", tag[0]), cleaned)  # in an attribute it stays undrawn
    return waiting.sub(lambda match: formulas[int(match[1])], texts)


def _output(output: NotebookNode, pen: _Pen) -> str:
    """One cleaned output as HTML, the richest kind that it has."""
    if output.output_type == "stream":
        return f'<pre class="{output.name}">{ansi2html(output.text)}</pre>'
    if output.output_type == "error":
        trace = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
        return f'<pre class="stderr">{ansi2html(trace)}</pre>'
    data = output.data
    for kind in ("image/svg+xml", *sanitise.RASTER_TYPES):
        if kind in data:
            return (
                f'<img alt="picture made by this cell" src="data:{kind};base64,{sanitise.encoded(kind, data[kind])}">'
            )
    if "text/html" in data:
        return f'<div class="rich">{data["text/html"]}</div>'
    if "text/latex" in data:
        return pen.draw(data["text/latex"].strip().strip("$"), display=True)
    return f"<pre>{ansi2html(data['text/plain'])}</pre>"
