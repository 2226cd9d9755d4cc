"""The templates of pages for people: whatever comes from students is escaped in them."""

from functools import cache

from jinja2 import Environment, PackageLoader, Template
from markupsafe import Markup

from autograder.course.catalogue import Catalogue
from autograder.course.course import ENGLISH
from autograder.judging.verdict import Verdict
from autograder.render.renderer import Renderer
from autograder.render.sanitise import visible
from autograder.render.tex import formula_html
from autograder.render.verdict import COLOURS, WORDS, points, sentence_html

IN_ENGLISH = Catalogue(ENGLISH)


@cache
def template(name: str, say: Catalogue = IN_ENGLISH) -> Template:
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


def verdict_html(verdict: Verdict, say: Catalogue = IN_ENGLISH) -> str:
    """The verdict as a small card."""
    (sign, words), (ink, paper) = WORDS[verdict.state], COLOURS[verdict.state]
    look = {"sign": sign, "words": words, "ink": ink, "paper": paper}
    return template("verdict.html.j2", say).render(verdict=verdict, **look)
