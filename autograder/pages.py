"""Lectures as HTML by nbconvert: a page to read, and slides; formulas are drawn, so that neither needs MathJax."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter, SlidesExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from traitlets import default

from autograder.course import Course
from autograder.formula import formula_html
from autograder.lecture import executed, lecture_notebook

TEMPLATES = Path(__file__).parent / "templates"
REVEAL = "https://unpkg.com/reveal.js@4.6.1"
"""Where slides load reveal.js from unless told otherwise."""

WIDGET = "application/vnd.jupyter.widget-view+json"


def convert(course: Course, name: str, folder: Path, reveal: str = REVEAL) -> list[Path]:
    """Run a lecture and write it as a page and as slides.

    Args:
        course: the course.
        name: the lecture's.
        folder: where NAME.html and NAME.slides.html are written; made if need be.
        reveal: address of reveal.js, the one thing that the slides load; may be a path relative to ``folder``.

    Returns:
        The page and the slides.

    Raises:
        CourseError: no such lecture.
        LectureError: it does not run without an error or a warning.
    """
    notebook = executed(lecture_notebook(course, name), course.lecture_directory)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for suffix, text in ((".html", page(notebook)), (".slides.html", slides(notebook, reveal))):
        path = folder / f"{name}{suffix}"
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def page(notebook: NotebookNode) -> str:
    """The page of a lecture that has been run; it loads nothing from anywhere."""
    return _export(_Page(), notebook)  # type: ignore[no-untyped-call] # nbconvert is untyped


def slides(notebook: NotebookNode, reveal: str = REVEAL) -> str:
    """The slides of a lecture that has been run, as the cells' ``slideshow`` metadata say; they load only reveal.js."""
    return _export(_Slides(reveal_url_prefix=reveal, reveal_theme="white"), notebook)  # type: ignore[no-untyped-call]


class _DrawnMath(IPythonRenderer):
    """nbconvert's renderer of Markdown, except that formulas become pictures."""

    def inline_math(self, body: str) -> str:
        return formula_html(body.strip())

    def block_math(self, body: str) -> str:
        return f'<div class="display">{formula_html(body.strip(), display=True)}</div>'

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


class _Page(HTMLExporter):
    @default("template_name")
    def _own_template(self) -> str:
        return "page"

    @default("extra_template_basedirs")
    def _own_templates(self) -> list[str]:
        return [str(TEMPLATES)]

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Markdown as HTML with drawn formulas."""
        renderer = _DrawnMath(
            escape=False, attachments=context["cell"].get("attachments", {}), exclude_anchor_links=True
        )
        html: str = MarkdownWithMath(renderer=renderer).render(source)
        return html


class _Slides(_Page, SlidesExporter):
    @default("template_name")
    def _own_template(self) -> str:
        return "slides"


def _export(exporter: HTMLExporter, notebook: NotebookNode) -> str:
    text: str = exporter.from_notebook_node(_as_shown(notebook), {"metadata": {"name": _title(notebook)}})[0]
    return text


def _title(notebook: NotebookNode) -> str:
    """The lecture's first heading."""
    lines = (line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.split("\n"))
    return next((line.removeprefix("# ").strip() for line in lines if line.startswith("# ")), "Lecture")


def _as_shown(notebook: NotebookNode) -> NotebookNode:
    """The notebook without hidden sources, and with the still picture of every widget: a page has no kernel."""
    shown = copy.deepcopy(notebook)
    for cell in shown.cells:
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            cell.metadata["transient"] = {"remove_source": True}
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    return shown
