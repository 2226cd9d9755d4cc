"""Markdown as a lecture's page has it: formulas drawn, code coloured, headings with addresses, tables that scroll."""

import html
import re
from collections import Counter
from typing import Any, NamedTuple

from nbconvert.filters import ansi2html

from autograder.render.code import coloured
from autograder.render.renderer import Renderer
from autograder.render.tex import formula_html

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
        takes_title: the first heading of level 1 is kept as ``title`` and left out of the text.

    Attributes:
        title: the first heading of level 1, as HTML.
        sections: the other headings, in order.
    """

    def __init__(self, takes_title: bool = True) -> None:
        super().__init__(_drawn)
        self.title = ""
        self.sections: list[Section] = []
        self._takes_title = takes_title
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

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if url.startswith("//") or re.match(r"(?!data:)[a-z][a-z0-9+.-]*:", url):  # elsewhere
            return text
        return f'<img src="{html.escape(url)}" alt="{html.escape(html.unescape(plain(text)))}">'

    def block_html(self, html: str) -> str:
        return str(super().block_html(_IMAGE.sub(self._own_image, html).replace("<pre>", '<pre tabindex="0">')))

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
        """An image written as HTML; of an image elsewhere the alternative text."""
        attributes = {name: value for name, _, value in _ATTRIBUTE.findall(match[0])}
        return self.image(attributes.get("alt", ""), html.unescape(attributes.get("src", "")))


def _drawn(tex: str, display: bool) -> str:
    drawn = formula_html(tex, display)
    return f'<span class="display" tabindex="0">{drawn}</span>' if display else drawn


def anchor(words: str) -> str:
    """The address of a heading, as GitHub makes it of the heading's words."""
    return re.sub(r"[^\w\- ]", "", html.unescape(words).strip().lower()).replace(" ", "-")


def plain(html: str) -> str:
    """HTML without its tags."""
    return _TAG.sub("", html)


def code_html(source: str, language: str) -> str:
    """Code in the colours of its language, plain where there is none of that name; notebooks' is ``ipython3``."""
    text = coloured(source, language, stripnl=False).rstrip("\n")
    return f'<pre class="code" tabindex="0"><code>{text}</code></pre>\n'


def output_html(text: str) -> str:
    """What a program has printed, with the colours that it asked for."""
    return f'<pre class="output" tabindex="0">{ansi2html(text.rstrip())}</pre>\n'
