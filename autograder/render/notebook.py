"""Lectures as HTML: a page to read, and slides; formulas are drawn, so that neither needs a script."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from nbformat import NotebookNode

from autograder.course.lecture import stills
from autograder.course.setup_cell import is_setup_cell
from autograder.render.markdown import Prose, code_html, output_html, plain


def page(notebook: NotebookNode) -> str:
    """The page of a lecture that has been run, set-up folded away, code that only draws left out; it loads nothing."""
    return _rendered("page.html.j2", notebook, Prose())


def slides(notebook: NotebookNode) -> str:
    """The slides of a lecture that has been run, as the cells' ``slideshow`` metadata say; they load nothing."""
    return _rendered("slides.html.j2", notebook, Prose(takes_title=False))


def _rendered(template: str, notebook: NotebookNode, prose: Prose) -> str:
    cells = stills(notebook).cells  # a page has no kernel that could move a widget
    text: str = _environment().get_template(template).render(cells=cells, prose=prose)
    return text


@cache
def _environment() -> Environment:
    loader = PackageLoader("autograder", "templates/lecture")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"plain": plain, "code": lambda source: code_html(source, "ipython3"), "output": output_html}
    made.tests["setup"] = is_setup_cell
    return made
