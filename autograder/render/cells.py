"""A notebook as a student left it, cell by cell, as harmless HTML with formulas drawn and code in colours."""

import html
import re
import secrets
from functools import lru_cache

from nbconvert.filters import ansi2html
from nbformat import NotebookNode

from autograder.render import mathjax, sanitise
from autograder.render.code import coloured
from autograder.render.renderer import Draw, Renderer
from autograder.render.tex import formula_html, tex_html

TEX = 20_000
"""How much of the student's TeX is drawn on one page, in characters, a formula counting for 100 at least."""

LONGEST_CODE = 20_000
"""Characters beyond which a cell's code is shown without colours."""


class Pen:
    """Draws what a student wrote in TeX, until the page has enough of it; drawing a formula takes milliseconds."""

    def __init__(self) -> None:
        self._left = TEX

    def draw(self, tex: str, display: bool) -> str:
        """The formula as ``formula_html`` draws it, or as it was written."""
        self._left -= max(len(tex), 100)
        drawn = self._left >= 0 and not mathjax.refuses(f"${tex}$")
        return formula_html(tex, display) if drawn else tex_html(tex)


def code(source: str) -> str:
    """Python in colours; without colours where it is long, for the lexer's time can grow with the square of the length.

    White space at the ends of lines is left out: on nothing else the lexer takes as long.
    """
    if len(source) > LONGEST_CODE:
        return f"<pre>{html.escape(source)}</pre>"
    stripped = "\n".join(line.rstrip() for line in source.split("\n"))
    return f'<div class="highlight"><pre><span></span>{coloured(stripped, "python")}</pre></div>\n'


common_code = lru_cache(maxsize=1000)(code)
"""The same, kept for the next page: for code that is on many."""


def given_prose(cell: NotebookNode) -> str:
    """A text cell of the course's own, which is on every page."""
    return prose(cell, formula_html) if cell.get("attachments") else _given_text(cell.cell_type, cell.source)


@lru_cache(maxsize=1000)
def _given_text(cell_type: str, source: str) -> str:
    return prose(NotebookNode(cell_type=cell_type, source=source), formula_html)


def prose(cell: NotebookNode, draw: Draw) -> str:
    """A Markdown or raw cell; its formulas wait behind tokens that no student can guess until all else is clean."""
    if cell.cell_type == "raw":
        return f"<pre>{html.escape(sanitise.visible(cell.source))}</pre>"
    token = f"formula{secrets.token_hex(12)}x"
    formulas: list[str] = []

    def later(tex: str, display: bool) -> str:
        drawn = draw(tex, display)
        formulas.append(f'<span class="display">{drawn}</span>' if display else drawn)
        return f"{token}{len(formulas) - 1}."

    cleaned = sanitise.markdown(cell.source, Renderer(later, attachments=cell.get("attachments")))
    waiting = re.compile(rf"{token}(\d+)\.")
    texts = re.sub(r"<[^>]*>", lambda tag: waiting.sub("", tag[0]), cleaned)  # in an attribute it stays undrawn
    return waiting.sub(lambda match: formulas[int(match[1])], texts)


def output(cleaned: NotebookNode, pen: Pen) -> str:
    """One cleaned output as HTML, the richest kind that it has."""
    if cleaned.output_type == "stream":
        return f'<pre class="{cleaned.name}">{ansi2html(cleaned.text)}</pre>'
    if cleaned.output_type == "error":
        trace = "\n".join(cleaned.traceback) or f"{cleaned.ename}: {cleaned.evalue}"
        return f'<pre class="stderr">{ansi2html(trace)}</pre>'
    data = cleaned.data
    for kind in ("image/svg+xml", *sanitise.RASTER_TYPES):
        if kind in data:
            picture = sanitise.encoded(kind, data[kind])
            return f'<img alt="picture made by this cell" src="data:{kind};base64,{picture}">'
    if "text/html" in data:
        return f'<div class="rich">{data["text/html"]}</div>'
    if "text/latex" in data:
        return pen.draw(data["text/latex"].strip().strip("$"), display=True)
    return f"<pre>{ansi2html(data['text/plain'])}</pre>"
