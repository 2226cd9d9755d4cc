"""The templates of pages for people: whatever comes from students is escaped in them."""

from functools import cache

from jinja2 import Environment, PackageLoader, Template
from markupsafe import Markup

from autograder.render.renderer import Renderer
from autograder.render.sanitise import visible
from autograder.render.tex import formula_html
from autograder.render.verdict import points, sentence_html


@cache
def template(name: str) -> Template:
    """A template of ``autograder/templates``, by its path there."""
    environment = Environment(loader=PackageLoader("autograder"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "points": points,
        "visible": visible,
        "sentence": lambda text: Markup(sentence_html(visible(text))),
        "prose": lambda text: Markup(Renderer(formula_html, escape=True).to_html(text)),  # the instructor's own
        "percent": lambda share: f"{100 * share:.0f} %",
    }
    return environment.get_template(name)
