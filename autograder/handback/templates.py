"""The templates of pages for people: whatever comes from students is escaped in them."""

from functools import cache

from jinja2 import Environment, PackageLoader, Template
from markupsafe import Markup

from autograder.course.catalogue import ENGLISH, Catalogue
from autograder.render.renderer import Renderer
from autograder.render.sanitise import visible
from autograder.render.tex import formula_html
from autograder.render.verdict import points, sentence_html


@cache
def template(name: str, say: Catalogue = ENGLISH) -> Template:
    """A template of ``autograder/templates``, by its path there; ``say`` in it, a function and a filter, translates."""
    environment = Environment(loader=PackageLoader("autograder"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals["say"] = say
    environment.filters |= {
        "say": lambda markup: Markup(say(markup)),
        "points": points,
        "visible": visible,
        "sentence": lambda text: Markup(sentence_html(visible(text))),
        "prose": lambda text: Markup(Renderer(formula_html, escape=True).to_html(text)),  # the instructor's own
        "percent": lambda share: f"{100 * share:.0f} %",
    }
    return environment.get_template(name)
