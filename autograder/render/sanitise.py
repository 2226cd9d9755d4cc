"""Make what a student's code or notebook has produced safe to show on somebody else's page.

nbgrader puts a student's HTML, JavaScript and Markdown as they are into formgrader's and the feedback's pages, where
they would run with the instructor's rights. Everything passes through here before it is written or rendered.
"""

import base64
import binascii
import re
from functools import cache
from html import escape as html_escape
from typing import Any

import nh3
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from pygments.token import STANDARD_TYPES

from autograder.render import mathjax
from autograder.render.renderer import Renderer
from autograder.render.unseen import spelt
from autograder.render.unseen import visible as visible  # which is told from here, too

_TEXT = (
    "abbr b blockquote br code del details div em hr i ins kbd mark p pre q s samp small span strong sub summary sup"
)
_STRUCTURE = "a caption col colgroup dd dl dt h1 h2 h3 h4 h5 h6 img li ol table tbody td tfoot th thead tr tt u ul var"
TAGS = frozenset(f"{_TEXT} {_STRUCTURE}".split())
"""Text, lists, tables, images and code: nothing that loads, moves, styles, embeds or submits."""

ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "details": {"open"}, "ol": {"start"}}
ATTRIBUTES |= {"img": {"src", "alt", "title", "width", "height"}, "td": {"colspan", "rowspan", "align"}}
ATTRIBUTES |= {"th": {"colspan", "rowspan", "align", "scope"}}

LONGEST_MARKDOWN = 5_000
"""Longer Markdown of a student is shown as it was written: the time to render it can grow with its square."""

LONGEST_NOTEBOOK = 50_000
"""Characters of a student's Markdown that are rendered of one notebook: tables take a second for 20,000."""

LONGEST_OUTPUT = 3_000_000
"""Characters of outputs that are shown of one notebook; cleaning them takes a minute at most."""

LEFT_OUT = "(Output was left out: this notebook has too much of it.)\n"

RASTER_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")

_LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_IMAGE = re.compile(r"data:(image/(?:png|jpeg|gif|webp|svg\+xml));base64,([A-Za-z0-9+/=\s]*)\Z")
_ALIGNED = re.compile(r"text-align: ?(?:left|right|center);?\Z")
_OPERATING_SYSTEM_COMMAND = re.compile(r"\x1b[\]PX^_].*?(?:\x07|\x1b\\|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]?|[ -/]*[0-~]?)")
_COLOURS = re.compile(r"\x1b\[[0-9]{0,3}(?:;[0-9]{0,3})*m")


class Allowance:
    """How much is still shown of one notebook's outputs, and rendered of its Markdown; the rest is as it was written."""

    def __init__(self) -> None:
        self._left, self._outputs = LONGEST_NOTEBOOK, LONGEST_OUTPUT

    def shown(self, received: Any) -> Any:
        """An output, or a note in its place where there were too many; the time for HTML grows with the square of its tags."""
        texts = {kind: each for kind, each in received.get("data", {}).items() if not kind.startswith("image/")}
        tags = _joined(texts.get("text/html", "")).count("<")
        self._outputs -= len(str({**received, "data": texts})) + tags**2 // 200
        return received if self._outputs >= 0 else {"output_type": "stream", "text": LEFT_OUT}

    def takes(self, source: str) -> bool:
        """Whether this piece is still to be rendered; if so, it is counted."""
        fits = len(source) <= min(LONGEST_MARKDOWN, self._left)
        if fits:
            self._left -= len(source)
        return fits


def html(source: str) -> str:
    """The harmless part of a piece of HTML: no scripts, handlers, styles, frames, forms or remote images."""
    cleaned = nh3.clean(
        source,
        tags=set(TAGS),
        clean_content_tags={"script", "style", "title", "template", "noscript", "textarea", "iframe"},
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        allowed_classes=_classes(),
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
    )
    return mathjax.tamed(visible(cleaned))  # not before: references such as &#x202E; are characters by now


@cache
def _classes() -> dict[str, set[str]]:
    """The classes of highlighted code, which the renderers of Markdown and of terminal colours add."""
    colours = ("black", "red", "green", "yellow", "blue", "cyan", "magenta", "white")
    hues = [f"{colour}{bold}" for colour in colours for bold in ("", "-intense")]
    ansi = {f"ansi-{hue}-{ground}" for hue in hues for ground in ("fg", "bg")}
    tokens = {name for name in STANDARD_TYPES.values() if name}
    return {"span": tokens | ansi | {"ansi-bold", "ansi-underline"}, "div": {"highlight"}}


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href":
        return value if _LINK.match(value) else None
    if tag == "img" and name == "src":
        return value if _IMAGE.match(value) else None
    if name in ("width", "height", "colspan", "rowspan", "start"):
        return value if value.isdigit() and len(value) < 5 else None
    return value


def text(source: str) -> str:
    """Text without control characters: of terminal escapes only colours stay, of an overwritten line its last state."""
    source = _ESCAPE.sub(_colours, _OPERATING_SYSTEM_COMMAND.sub("", source)).replace("\r\n", "\n")
    return spelt("\n".join(line.rstrip("\r").rpartition("\r")[2] for line in source.split("\n")))


def _colours(escape: re.Match[str]) -> str:
    """An escape that sets one of the 16 colours; of all others, and of 38 and 48, on which nbconvert fails, nothing."""
    numbers = escape[0][2:-1].split(";")
    known = _COLOURS.fullmatch(escape[0]) and not any(int(number or 0) in (38, 48) for number in numbers)
    return escape[0] if known else ""


def pixels(data: object) -> str | None:
    """A raster image of a cell's output as one line of base64, or None when it is not base64."""
    try:
        return base64.b64encode(base64.b64decode("".join(_joined(data).split()), validate=True)).decode()
    except (binascii.Error, ValueError):
        return None


def encoded(kind: str, data: str) -> str:
    """A cleaned image as base64, which raster images are already."""
    return base64.b64encode(data.encode()).decode() if kind == "image/svg+xml" else data


def outputs(received: list[Any], allowance: Allowance | None = None) -> list[NotebookNode]:
    """A cell's outputs in the few kinds that every page shows safely; an output of which nothing is left is dropped."""
    allowance = allowance or Allowance()
    return [cleaned for each in received if (cleaned := _output(allowance.shown(each), allowance)) is not None]


def _output(received: Any, allowance: Allowance) -> NotebookNode | None:
    kind = received.get("output_type")
    if kind == "stream":
        name = "stderr" if received.get("name") == "stderr" else "stdout"
        return NotebookNode(output_type="stream", name=name, text=text(_joined(received.get("text", ""))))
    if kind == "error":
        trace = [text(str(line)) for line in received.get("traceback", [])]
        name, value = visible(str(received.get("ename", ""))), text(str(received.get("evalue", "")))
        return NotebookNode(output_type="error", ename=name, evalue=value, traceback=trace)
    if kind not in ("display_data", "execute_result"):
        return None
    data = _bundle(received.get("data", {}), allowance)
    if not data:
        return None
    node = NotebookNode(output_type=kind, data=NotebookNode(data), metadata=NotebookNode())
    if kind == "execute_result":
        count = received.get("execution_count")
        node.execution_count = count if isinstance(count, int) else None
    return node


def _bundle(data: dict[str, Any], allowance: Allowance) -> dict[str, str]:
    """The kinds of a mime bundle that can be shown: text, cleaned HTML, images; Markdown becomes HTML."""
    cleaned: dict[str, str] = {}
    for kind, value in data.items():
        if kind in ("text/plain", "text/latex"):
            cleaned[kind] = text(_joined(value))
        elif kind == "text/html":
            cleaned[kind] = html(_joined(value))
        elif kind == "text/markdown" and "text/html" not in data:
            source = _joined(value)
            cleaned["text/html"] = markdown(source) if allowance.takes(source) else _preformatted(source)
        elif kind == "image/svg+xml":
            cleaned[kind] = _joined(value)  # every page shows it through <img>, where it cannot run scripts
        elif kind in RASTER_TYPES:
            raster = pixels(value)
            if raster:
                cleaned[kind] = raster
    if mathjax.refuses(cleaned.get("text/latex", "")):
        cleaned["text/plain"] = cleaned.pop("text/latex")
    return cleaned


def _joined(value: object) -> str:
    """A multi-line string of the notebook format, which may be a list of lines."""
    return "".join(str(line) for line in value) if isinstance(value, list) else str(value)


def markdown(source: str, renderer: Renderer | None = None) -> str:
    """Markdown as harmless HTML; as plain text where it cannot be rendered (an attachment that is not there)."""
    try:
        rendered = (renderer or Renderer()).to_html(visible(source))
    except Exception:  # the renderer is fed by students; whatever it chokes on is shown as it was written
        return _preformatted(source)
    return html(rendered)


def _preformatted(source: str) -> str:
    return f"<pre>{html_escape(visible(source))}</pre>"


def markdown_source(source: str, allowance: Allowance | None = None, attachments: Any = None) -> str:
    """Markdown that stays harmless when a page renders it without cleaning, as formgrader does.

    A space behind every ``<`` that could open a tag turns raw HTML into text. What still renders to anything that
    ``html`` would take away (a ``javascript:`` link, a remote picture) is shown as code, and so is what is too long.
    """
    spaced = re.sub(r"<(?=[A-Za-z/!?])", "< ", visible(source))
    if not (allowance or Allowance()).takes(source):
        return _fenced(spaced)
    try:
        rendered = Renderer(attachments=attachments).to_html(spaced)
    except Exception:  # see markdown()
        return _fenced(spaced)
    return spaced if _harmless(rendered) else _fenced(spaced)


def _harmless(rendered: str) -> bool:
    """Whether the renderer's own tags are all there is: raw HTML has been turned into text before."""
    soup = BeautifulSoup(rendered, "html.parser")
    unseen = visible(str(soup)) != str(soup)
    return not (unseen or mathjax.page_refuses(soup)) and all(
        element.name in TAGS | {"input"} and all(_renders(name, str(value)) for name, value in element.attrs.items())
        for element in soup.find_all(True)
    )


def _renders(name: str, value: str) -> bool:
    """Whether an attribute is one that the renderer writes, with a harmless value."""
    if name == "src":
        return bool(_IMAGE.match(value))
    if name == "href":
        return bool(_LINK.match(value))
    if name == "style":
        return bool(_ALIGNED.match(value))
    return name in ("id", "class", "title", "alt", "start", "type", "checked", "disabled")


def _fenced(source: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{source}\n{fence}"
