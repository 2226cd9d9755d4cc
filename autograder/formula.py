"""Draw a TeX formula as an SVG image, so that a page shows its maths without a network and without scripts."""

from __future__ import annotations

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
"""Characters beyond which a formula is shown as its source: they may come from students."""

_INK = "#1c2430"
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{(?:aligned|align|gathered|gather|equation|split)\*?\}")
_SHORT_FRACTION = re.compile(r"\\[td]?frac\s*([0-9A-Za-z])\s*([0-9A-Za-z])")
_NAME = re.compile(r"\\[A-Za-z]+")
_SYNONYMS = {
    r"\tfrac": r"\frac",
    r"\lVert": r"\|",
    r"\rVert": r"\|",
    r"\lvert": "|",
    r"\rvert": "|",
    r"\argmin": r"\mathrm{argmin}",
}


@lru_cache(maxsize=2048)
def formula_html(tex: str, display: bool = False) -> str:
    """An <img> per line of the formula, its TeX as the alternative text; the TeX itself where it cannot be drawn.

    Args:
        tex: the formula without its dollar signs.
        display: whether it stands on lines of its own, with fractions at full size.
    """
    lines = [line for line in re.split(r"\\\\", _ENVIRONMENT.sub("", tex).replace("&", "")) if line.strip()]
    if len(tex) <= LONGEST:
        try:
            return "<br>".join(_image(" ".join(line.split()), display) for line in lines)
        except Exception:  # mathtext knows a part of TeX only, and the formula may be a student's
            pass
    return f'<code class="tex">{html.escape(tex)}</code>'


def _image(line: str, display: bool) -> str:
    line = _NAME.sub(lambda match: _SYNONYMS.get(match[0], match[0]), line)
    drawn = _SHORT_FRACTION.sub(r"\\frac{\1}{\2}", line)
    text = "$" + (drawn.replace(r"\frac", r"\dfrac") if display else drawn) + "$"
    font = FontProperties(size=SIZE, math_fontfamily="cm")
    width, height, depth, *_ = MathTextParser("path").parse(text, dpi=72, prop=font)
    outline = _outline(TextPath((0, 0), text, prop=font, usetex=False))
    box = f"0 {-height - 1:.2f} {width:.2f} {height + depth + 2:.2f}"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">'
        f'<path transform="scale(1 -1)" fill="{_INK}" d="{outline}"/></svg>'
    )
    wide, high, low = width / SIZE, (height + depth + 2) / SIZE, (depth + 1) / SIZE
    style = f"width:{wide:.3f}em;height:{high:.3f}em;vertical-align:{-low:.3f}em"
    source = base64.b64encode(svg.encode()).decode()
    return f'<img class="formula" alt="{html.escape(line)}" style="{style}" src="data:image/svg+xml;base64,{source}">'


def _outline(path: Path) -> str:
    letters = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
    parts = []
    for vertices, code in path.iter_segments(simplify=False):
        numbers = "" if code == Path.CLOSEPOLY else " ".join(f"{value:.2f}" for value in vertices)
        parts.append(letters[code] + numbers)
    return "".join(parts)
