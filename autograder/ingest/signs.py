"""Signs that a web page has spelt out in code: ``&lt;`` for ``<``."""

import html
import re

SPELT = "Signs of code stood as a web page spells them, such as `&lt;` for `<`; they were put back."
JSON = re.compile(r"\s*\{\s*&(?:quot|#34);")
"""How a notebook begins of which all signs were spelt out."""
_HIDDEN = (
    r"""\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|\#[^\n]*|^[ \t]*[!%][^\n]*"""
)
"""A string, a comment or a line for the shell, each read to its end at once, closed or not."""
_TOKEN = re.compile(rf"{_HIDDEN}|&(lt|gt|amp|quot|apos|nbsp|\#39|\#34|\#x27);", re.DOTALL | re.MULTILINE)
_OTHER_CODE = re.compile(r"\s*%%(?!time\b|capture\b)")


def with_signs(source: str) -> str:
    """The code as it was typed, where a sign is spelt out in it, outside of strings and comments.

    Python would take ``&lt;`` for a variable ``lt``: where there is one, and in other languages' cells, all stays.
    """
    spelt = {match[1] for match in _TOKEN.finditer(source) if match[1]}
    variable = re.search(rf"(?<![&\w.#;])(?:{'|'.join(spelt)})\b", source)
    return source if not spelt or variable or _OTHER_CODE.match(source) else html.unescape(source).replace("\xa0", " ")
