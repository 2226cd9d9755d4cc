"""Notebooks as HTML by nbconvert: a page to read, and slides; formulas are drawn, so that neither needs a script."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import default

from autograder.course.lecture import stills
from autograder.course.setup_cell import is_setup_cell
from autograder.course.source import grade_id, is_graded, is_solution
from autograder.paths import AUTOGRADER
from autograder.render.markdown import Prose, Section, code_html, output_html, plain

TEMPLATES = AUTOGRADER / "templates"


@dataclass
class Article:
    """A notebook as HTML, to be put on a page.

    Attributes:
        title: its first heading, as HTML.
        html: the rest.
        sections: the other headings, in order.
    """

    title: str
    html: str
    sections: list[Section] = field(default_factory=list)

    @property
    def plain_title(self) -> str:
        """The title without its tags."""
        return plain(self.title)


def page(notebook: NotebookNode) -> str:
    """The page of a lecture that has been run, on its own; it loads nothing from anywhere."""
    text: str = environment().get_template("alone.html.j2").render(article=article(notebook))
    return text


def article(
    notebook: NotebookNode,
    link: Callable[[str], str | None] = lambda url: url,
    picture: Callable[[bytes], str] | None = None,
) -> Article:
    """A notebook as a reader wants it: set-up folded away, exercises marked, code that only draws left out.

    Args:
        notebook: a lecture that has been run, or an assignment as released.
        link: where a link leads, seen from the page; None leaves only its words.
        picture: gives the address of a PNG, seen from the page; by default the page holds it itself.
    """
    prose = Prose(link)
    html = _export(_Page(prose, picture or _inside), _as_read(notebook))
    return Article(prose.title, html, prose.sections)


def slides(
    notebook: NotebookNode,
    link: Callable[[str], str | None] = lambda url: url,
    picture: Callable[[bytes], str] | None = None,
) -> str:
    """The slides of a lecture that has been run, as the cells' ``slideshow`` metadata say; they load nothing, or the
    pictures where ``picture`` put them."""
    prose = Prose(link, takes_title=False)
    deck = _export(_Slides(prose, picture or _inside), _as_slides(notebook))
    text: str = environment().get_template("slides.html.j2").render(title=plain(prose.title), deck=deck)
    return text


@cache
def environment() -> Environment:
    """The templates of pages; ``css`` and ``js`` in them are the course's style and script."""
    made = Environment(
        loader=PackageLoader("autograder", "templates/site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    folder = TEMPLATES / "site"
    made.globals["css"] = (folder / "style.css").read_text(encoding="utf-8")
    made.globals["deck_css"] = (folder / "slides.css").read_text(encoding="utf-8")
    made.globals["js"] = (folder / "site.js").read_text(encoding="utf-8")
    made.globals["deck_js"] = (folder / "slides.js").read_text(encoding="utf-8")
    made.filters["plain"] = plain
    return made


class _Page(HTMLExporter):
    """The cells of a notebook, without anything around them."""

    def __init__(self, prose: Prose, picture: Callable[[bytes], str], **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call] # nbconvert is untyped
        filters: dict[str, Callable[..., str]] = {
            "prose": prose.to_html,
            "code": lambda source: code_html(source, "ipython3"),
            "output": output_html,
            "picture": lambda data: picture(base64.b64decode(data)),
        }
        for name, made in filters.items():
            self.register_filter(name, made)  # type: ignore[no-untyped-call]

    @default("template_name")
    def _own_template(self) -> str:
        return "notebook"

    @default("extra_template_basedirs")
    def _own_templates(self) -> list[str]:
        return [str(TEMPLATES)]


class _Slides(_Page):
    """The same, each slide in a section."""

    @default("template_name")
    def _own_template(self) -> str:
        return "slides"


def _export(exporter: HTMLExporter, notebook: NotebookNode) -> str:
    text: str = exporter.from_notebook_node(notebook)[0]
    return text


def _inside(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _as_shown(notebook: NotebookNode) -> NotebookNode:
    """The notebook without hidden sources, and with the still picture of every widget: a page has no kernel."""
    shown = stills(notebook)
    for cell in shown.cells:
        cell.metadata["shown"] = {}
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            cell.metadata["transient"] = {"remove_source": True}
    return shown


def _as_read(notebook: NotebookNode) -> NotebookNode:
    """The notebook as shown, each exercise with its points, without cells that only ask for an answer or a mark."""
    shown = _as_shown(notebook)
    points = {grade_id(cell): cell.metadata.nbgrader.get("points") for cell in shown.cells if is_graded(cell)}
    kept = []
    for cell in shown.cells:
        name = grade_id(cell) or ""
        if (is_graded(cell) and not is_solution(cell)) or (is_solution(cell) and name.startswith("quiz-")):
            continue
        if is_solution(cell):
            cell.metadata["shown"] = {"exercise": name, "points": points.get(f"{name}-test", points.get(name))}
        elif cell.cell_type == "code" and is_setup_cell(cell.source):
            cell.metadata["shown"] = {"setup": True}
        if cell.source.strip() or cell.get("outputs"):
            kept.append(cell)
    shown.cells = kept
    return shown


def _as_slides(notebook: NotebookNode) -> NotebookNode:
    """The notebook as shown, without the cells that slides skip; a slide begins with each cell that says so."""
    shown = _as_shown(notebook)
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type", "-") for cell in shown.cells]
    pairs = [(cell, kind) for cell, kind in zip(shown.cells, kinds, strict=True) if kind != "skip"]
    for at, (cell, kind) in enumerate(pairs):
        cell.metadata["shown"] = {"starts": at == 0 or kind in ("slide", "subslide"), "notes": kind == "notes"}
    shown.cells = [cell for cell, _ in pairs]
    return shown
