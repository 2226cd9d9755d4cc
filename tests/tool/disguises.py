"""What a copy is hidden by: the cells of a work → those of its copy. Used by tests and by ``benchmarks.similar``."""

import base64
import keyword
import re
from collections.abc import Callable, Sequence

Disguise = Callable[[Sequence[str]], Sequence[str]]

_PLAIN = r"\w+ = [^\n#]*[^\n#,(\[{:]"
_STATEMENT = r"^([ ]+)(?=\w+(?: =|\.|\[)|return|for |if |with )"
_NUMBER = r"(?<![\w.\"'])(\d+)(?![\w.\"'])"
_JOINED = "exec('\\n'.join([\n{}\n]))"


def _each(change: Callable[[str], str]) -> Disguise:
    return lambda cells: [change(cell) for cell in cells]


def _where(pattern: str, new: str | Callable[[re.Match[str]], str]) -> Disguise:
    return _each(lambda cell: re.sub(pattern, new, cell, flags=re.MULTILINE))


def renamed(cell: str, letters: str = "abcdefghij") -> str:
    """Every name another, one for one."""

    def other(name: re.Match[str]) -> str:
        code = sum(ord(letter) * 31**at for at, letter in enumerate(name[0]))
        return name[0] if keyword.iskeyword(name[0]) else "_" + "".join(letters[int(each)] for each in str(code))

    return re.sub(r"(?<![\w.\"'])[^\W\d]\w*(?![\w\"'])", other, cell)


def _typed(head: re.Match[str]) -> str:
    return f"{head[1]}{head[2].replace(',', ': dict[str, object],')}: 'T') -> tuple[list[int], ...]:"


def _added_up(cells: Sequence[str]) -> Sequence[str]:
    parts = [cell[at : at + 20] for cell in cells for at in range(0, len(cell), 20)]
    return [f"exec({' + '.join(map(repr, parts))})"]


DISGUISES: dict[str, Disguise] = {
    "as it is": lambda cells: cells,
    "other names": _each(renamed),
    "other names, unicode": _each(lambda cell: renamed(cell, "αβγδεζηθικ")),
    "a long comment in each cell": _each(lambda cell: "# what is done here\n" * 50_000 + cell),
    "comments between all lines": _where(r"$", "  # yes\n        # then\n"),
    "one comment line of a megabyte": lambda cells: ["#" + "a" * 1_000_000, *cells],
    "brackets, spaces and lines": _where(
        rf"^([ ]+)({_PLAIN})$", lambda line: line[0].replace(" = ", "=(\n\n  ") + "\n)"
    ),
    "semicolons": _where(rf"^([ ]+)({_PLAIN})\n\1(?={_PLAIN}$)", r"\1\2; "),
    "line continuation": _where(r" (=|\+|\*|in|/|and) ", r" \\\n            \1 "),
    "hints for parameters": _where(r"^([ ]*def \w+\()([\w, ]+)\):$", _typed),
    "hints for variables": _where(r"^([ ]+\w+) = ", r"\1: list[tuple[int, str]] = "),
    "docstrings": _where(r"^([ ]*)(def .*:)$", r'\1\2\n\1    """Computes, step by step,\n\n    what is asked."""'),
    "if False before each statement": _where(_STATEMENT, r"\1if False:\n\1    nothing = [a for a in range(7)]\n\1"),
    "while 0, on a line": _where(_STATEMENT, r"\1while 0: nothing = 3; other = nothing\n\1"),
    "print before each statement": _where(_STATEMENT, r"\1print('now', 1)\n\1"),
    "assertions and imports": _where(_STATEMENT, r"\1assert True, 'fine'; import os\n\1"),
    "numbers": _where(_NUMBER, lambda number: f"0x{int(number[1]):x}"),
    "lambda for def": _where(r"^([ ]*)def (\w+)\(([^()]*)\):\n[ ]+return (.*)$", r"\1\2 = lambda \3: \4"),
    "round brackets": _where(r"(= |return |in )([^\n#,:]+[^\n#,:(\[{])(:?)$", r"\1((\2))\3"),
    "x = x + y": _where(r"^([ ]+)([\w.\[\]]+) ([-+*/])= (.*)$", r"\1\2 = \2 \3 \4"),
    "functions in another order": lambda cells: re.split(r"\n(?=(?:    )?def |class |@)", "\n".join(cells))[::-1],
    "cells in another order": lambda cells: cells[::-1],
    "all in one cell": lambda cells: ["\n\n".join(cells)],
    "a line per cell": lambda cells: "\n".join(cells).split("\n"),
    "in a string": _each(lambda cell: f"exec({cell!r})"),
    "in a long string": lambda cells: ["code = '''" + "\n".join(cells).replace("\\", "\\\\") + "'''\nexec(code)"],
    "in a list of strings": lambda cells: [_JOINED.format(",\n".join(map(repr, "\n".join(cells).split("\n"))))],
    "in strings added up": _added_up,
    "in a string in a string": _each(lambda cell: f"exec({f'exec({cell!r})'!r})"),
    "in base64": _each(lambda cell: f"exec(b64decode({base64.b64encode(cell.encode()).decode()!r}))"),
    "in hexadecimal": _each(lambda cell: f"exec(bytes.fromhex('{cell.encode().hex()}'))"),
    "in escapes": _each(lambda cell: "exec('" + "".join(f"\\x{ord(each):02x}" for each in cell) + "')"),
    "syntax error, magics": _each(lambda cell: f"%%time\n!pip install nothing\n{cell}\n    ) what ('"),
    "much of one's own": lambda cells: [
        *cells,
        *(f"def f(a, b):\n    a = b{'.d[a]' * n} % {{a: b}}" for n in range(300)),
    ],
}
