"""Code in the colours of its language."""

from functools import cache
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_FORMATTER = HtmlFormatter(nowrap=True)


def coloured(source: str, language: str, stripnl: bool = True) -> str:
    """Code as spans with Pygments' classes, plain where it has no language of that name; notebooks' is ``ipython3``."""
    text: str = highlight(source, _lexer(language, stripnl), _FORMATTER)
    return text


@cache
def _lexer(language: str, stripnl: bool) -> Any:
    try:
        return get_lexer_by_name(language or "text", stripnl=stripnl)
    except ClassNotFound:
        return get_lexer_by_name("text", stripnl=stripnl)
