"""Markdown as a page of the site has it: formulas drawn, code coloured, headings with addresses, tables that scroll."""

import html
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import unquote

from mistune import create_markdown
from nbconvert.filters import ansi2html

from autograder.render.code import coloured
from autograder.render.renderer import Renderer
from autograder.render.tex import formula_html

FITS = 72
"""Characters of code that fit in a column at its narrowest, in a list within a list. Longer lines may scroll: the
keyboard must reach them."""

FITS_A_PHONE = 34
"""The same on a phone, where code is wrapped but its output is not."""

_TAG = re.compile(r"<[^>]+>")
_IMAGE = re.compile(r"<img\b[^>]*>")
_ATTRIBUTE = re.compile(r"""\b(src|alt|href)\s*=\s*(["'])(.*?)\2""")


class Section(NamedTuple):
    """A heading: its level, its address on the page, and its words as HTML."""

    level: int
    anchor: str
    words: str


class Prose(Renderer):
    """What renders the Markdown of one page; use one for the whole page, so that no two headings share an address.

    Args:
        link: where a link or an image's address leads, seen from the page; None leaves only its words.
        takes_title: the first heading of level 1 is kept as ``title`` and left out of the text.
        escape: show HTML in the Markdown as it was written.

    Attributes:
        title: the first heading of level 1, as HTML.
        sections: the other headings, in order.
    """

    def __init__(
        self, link: Callable[[str], str | None] = lambda url: url, takes_title: bool = True, escape: bool = False
    ) -> None:
        super().__init__(_drawn, escape)
        self.title = ""
        self.sections: list[Section] = []
        self._link, self._takes_title = link, takes_title
        self._anchors: Counter[str] = Counter()
        self._tables = 0

    def heading(self, text: str, level: int, **_: Any) -> str:
        if level == 1 and not self.title:
            self.title = text
            if self._takes_title:
                return ""
        slug = anchor(plain(text)) or "section"
        self._anchors[slug] += 1
        name = slug if self._anchors[slug] == 1 else f"{slug}-{self._anchors[slug] - 1}"
        self.sections.append(Section(level, name, text))
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        target = self._link(url)
        if target is None:
            return text
        hint = f' title="{html.escape(title)}"' if title else ""
        return f'<a href="{html.escape(target)}"{hint}>{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        target = self._link(url)
        if target is None or target.startswith("//") or re.match(r"(?!data:)[a-z][a-z0-9+.-]*:", target):  # elsewhere
            return text
        return f'<img src="{html.escape(target)}" alt="{html.escape(html.unescape(plain(text)))}">'

    def block_html(self, html: str) -> str:
        return str(super().block_html(_IMAGE.sub(self._own_image, html)))

    def inline_html(self, html: str) -> str:
        return str(super().inline_html(_IMAGE.sub(self._own_image, html)))

    def block_code(self, code: str, info: str | None = None) -> str:
        return code_html(code.rstrip("\n"), (info or "").split(None, 1)[0] if (info or "").strip() else "")

    def table(self, text: str) -> str:
        self._tables += 1
        name = f"Table {self._tables}"
        return f'<div class="scroll" role="group" tabindex="0" aria-label="{name}"><table>\n{text}</table></div>\n'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        tag = 'th scope="col"' if head and text.strip() else "td"
        style = f' class="{align}"' if align else ""
        return f"<{tag}{style}>{text}</{tag[:2]}>\n"

    def _own_image(self, match: re.Match[str]) -> str:
        """An image written as HTML, its address seen from the page; of an image elsewhere the alternative text."""
        attributes = {name: value for name, _, value in _ATTRIBUTE.findall(match[0])}
        return self.image(attributes.get("alt", ""), html.unescape(attributes.get("src", "")))


def _drawn(tex: str, display: bool) -> str:
    """A formula; one on a line of its own can be scrolled by the keyboard."""
    drawn = formula_html(tex, display)
    return f'<span class="display" tabindex="0">{drawn}</span>' if display else drawn


def anchor(words: str) -> str:
    """The address of a heading, as GitHub makes it of the heading's words; the same for Jupyter's own addresses."""
    return re.sub(r"[^\w\- ]", "", html.unescape(unquote(words)).strip().lower()).replace(" ", "-")


def plain(html: str) -> str:
    """HTML without its tags."""
    return _TAG.sub("", html)


def code_html(source: str, language: str) -> str:
    """Code in the colours of its language, plain where there is none of that name; notebooks' is ``ipython3``."""
    text = coloured(source, language, stripnl=False).rstrip("\n")
    return f'<pre class="code"{_focus(source, FITS)}><code>{text}</code></pre>\n'


def docstring_html(text: str) -> str:
    """The text of a docstring, in which HTML and dollars mean nothing."""
    rendered: str = create_markdown(renderer=Prose(lambda url: url, escape=True), plugins=["table", "url"])(text)  # type: ignore[assignment]
    return rendered


def output_html(text: str) -> str:
    """What a program has printed, with the colours that it asked for."""
    return f'<pre class="output"{_focus(text, FITS_A_PHONE)}>{ansi2html(text.rstrip())}</pre>\n'


def _focus(text: str, fits: int) -> str:
    return ' tabindex="0"' if max(map(len, text.split("\n"))) > fits else ""
