"""Draw a TeX formula as an SVG image, so that a page shows its maths without a network and without scripts."""

import base64
import html
import re
from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser
from matplotlib.path import Path
from matplotlib.textpath import TextPath

SIZE = 10.0
"""Points that the font measures; the page scales images by it to its own text size."""

LONGEST = 600
"""Longer formulas, which may be a student's, are shown as their source."""

WIDEST, TALLEST = 100, 20
"""The largest formula that is drawn, in times of its letters' size."""

_INK = "#1c2430"
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{(?:aligned|align|gathered|gather|equation|split)\*?\}")
_MATRIX = re.compile(r"\\begin\{[pb]matrix\}(.*?)\\end\{[pb]matrix\}", re.DOTALL)
_ARGUMENT = r"\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|[^\\{}\s])"
_FRACTION = re.compile(rf"\\[td]?frac(?![A-Za-z]){_ARGUMENT}{_ARGUMENT}")
_SIZE = re.compile(r"\\[bB]igg?[lr]?(?![A-Za-z])")
_BARE = re.compile(r"\\(math[a-z]+|sqrt)(?![A-Za-z])\s*([A-Za-z0-9])")
_GAP = re.compile(r"(?:\\qquad\s*)+(?![A-Za-z])")
_NAME = re.compile(r"\\[A-Za-z]+")
_SYNONYMS = {r"\tfrac": r"\frac", r"\ge": r"\geq", r"\le": r"\leq", r"\ne": r"\neq", r"\argmin": r"\mathrm{argmin}"}
_SYNONYMS |= {r"\lVert": r"\|", r"\rVert": r"\|", r"\lvert": "|", r"\rvert": "|"}
"""TeX that matplotlib's mathtext does not know, in words that it does."""


@lru_cache(maxsize=2048)
def formula_html(tex: str, display: bool) -> str:
    """Images of a formula that comes without dollar signs, with alternative text; TeX where it cannot be drawn."""
    if len(tex) > LONGEST:
        return tex_html(tex)
    flat = _ENVIRONMENT.sub("", _MATRIX.sub(_flat_matrix, tex)).replace("&", "")
    lines = [line for line in flat.split(r"\\") if line.strip()]
    try:
        return "<br>".join(" &emsp; ".join(_image(piece, display) for piece in _pieces(line)) for line in lines)
    except Exception:  # mathtext knows a part of TeX only, and the formula may be a student's
        return tex_html(tex)


def tex_html(tex: str) -> str:
    """A formula as it was written."""
    return f'<code class="tex">{html.escape(tex)}</code>'


def _pieces(line: str) -> list[str]:
    """The pieces between wide gaps, each an image of its own, so that a narrow page can break the line there."""
    return [" ".join(piece.split()) for piece in _GAP.split(line) if piece.strip()]


def _image(line: str, display: bool) -> str:
    text = f"${_plain(line, display)}$"
    font = FontProperties(size=SIZE, math_fontfamily="cm")
    width, height, depth, *_ = MathTextParser("path").parse(text, dpi=72, prop=font)
    if width > WIDEST * SIZE or height + depth > TALLEST * SIZE:
        raise ValueError("the formula is larger than a page")
    outline = _outline(TextPath((0, 0), text, prop=font, usetex=False))
    box = f"0 {-height - 1:.2f} {width:.2f} {height + depth + 2:.2f}"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path transform="scale(.01 -.01)" fill="{_INK}" d="{outline}"/></svg>'
    wide, high, low = width / SIZE, (height + depth + 2) / SIZE, (depth + 1) / SIZE
    style = f"width:{wide:.3f}em;height:{high:.3f}em;vertical-align:{-low:.3f}em"
    source = base64.b64encode(svg.encode()).decode()
    return f'<img class="formula" alt="{html.escape(line)}" style="{style}" src="data:image/svg+xml;base64,{source}">'


def _flat_matrix(match: re.Match[str]) -> str:
    """A matrix on one line, as MATLAB and Julia write it: [1, 0; 0, 3]."""
    return "[" + match[1].replace("&", r",\ ").replace(r"\\", r";\ ") + "]"


def _plain(line: str, display: bool) -> str:
    """The formula in mathtext's dialect: each argument of a fraction or root in braces, no synonyms, no set sizes."""
    fraction = r"\dfrac" if display else r"\frac"
    line = _SIZE.sub("", _BARE.sub(r"\\\1{\2}", line))
    line = _FRACTION.sub(lambda match: fraction + _group(match[1]) + _group(match[2]), line)
    return _NAME.sub(lambda match: _SYNONYMS.get(match[0], match[0]), line)


def _group(argument: str) -> str:
    """An argument in braces, the fractions within it small."""
    return "{" + _plain(argument[1:-1] if argument.startswith("{") else argument, display=False) + "}"


def _outline(path: Path) -> str:
    """The path in hundredths, each point told from where the last command ended: half the digits of absolute points."""
    letters = {Path.MOVETO: "m", Path.LINETO: "l", Path.CURVE3: "q", Path.CURVE4: "c", Path.CLOSEPOLY: "z"}
    parts, start, end = [], (0, 0), (0, 0)
    for vertices, code in path.iter_segments():
        points = [(round(100 * x), round(100 * y)) for x, y in zip(vertices[::2], vertices[1::2], strict=True)]
        if code == Path.CLOSEPOLY:
            points, end = [], start
        numbers = " ".join(f"{x - end[0]} {y - end[1]}" for x, y in points)
        parts.append(letters[code] + numbers.replace(" -", "-"))
        end = points[-1] if points else end
        start = end if code == Path.MOVETO else start
    return "".join(parts)
