"""What students read of checks in another language, by tables that ``autograder build`` makes of ``locale/LANGUAGE.po``."""

import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

LINE = re.compile(r"^# language: (\w+)$", re.M)


def told(text: str) -> str:
    """A text in the language that a cell has last named in a line such as ``# language: zh_TW``; by default English."""
    ipython = sys.modules.get("IPython")
    shell = ipython and ipython.get_ipython()
    cells = shell.history_manager.input_hist_parsed if shell else []
    language = next((found[1] for cell in reversed(cells) if (found := LINE.search(cell))), "")
    for literals, form, words in _table(language):
        if all(literal in text for literal in literals):
            text = re.sub(form, words, text)
    return re.sub("(?<=[。？！：；，]) ", "", text)


@cache
def _table(language: str) -> Any:
    """What must be in a text, a regular expression, and what takes the place of its match; nothing of other languages."""
    file = Path(__file__).parents[1] / "locale" / f"{language}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
