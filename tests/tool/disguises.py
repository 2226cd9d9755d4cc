"""What a copy is hidden by: the cells of a work → those of its copy. Used by tests and by ``benchmarks.similar``."""

import base64
import io
import keyword
import re
import tokenize
from collections.abc import Callable, Sequence

Cells = Sequence[str]
Disguise = Callable[[Cells], Cells]

_NAME = re.compile(r"(?<![\w.\"'])[^\W\d]\w*(?![\w\"'])")
_PARAMETERS = re.compile(r"^([ ]*def \w+\()([\w, ]+)\):$", re.MULTILINE)
_STATEMENT = re.compile(r"^([ ]+)(?=\w+(?: =|\.|\[)|return|for |if |with )", re.MULTILINE)


def _each(change: Callable[[str], str]) -> Disguise:
    return lambda cells: [change(cell) for cell in cells]


def renamed(cell: str, letters: str = "abcdefghij") -> str:
    """Every name another, one for one."""

    def other(name: re.Match[str]) -> str:
        code = sum(ord(letter) * 31**at for at, letter in enumerate(name[0]))
        return name[0] if keyword.iskeyword(name[0]) else "_" + "".join(letters[int(each)] for each in str(code))

    return _NAME.sub(other, cell)


def _retyped(cell: str) -> str:
    """The tokens of a cell with as many spaces as they need, in brackets on lines of their own."""
    lines = cell.split("\n")
    for at, line in enumerate(lines):
        if re.match(r"[ ]+\w+ = [^#\[\]]+[^,(\[{:]$", line) and line.count("(") == line.count(")"):
            indent, value = line.split(" = ", 1)
            lines[at] = f"{indent}=(\n\n        {value}  # so it is\n)"
    return "\n".join(lines)


def _numbers(cell: str) -> str:
    return re.sub(r"(?<![\w.\"'])(\d+)(?![\w.\"'])", lambda number: f"0x{int(number[1]):x}", cell)


def _parameters(parameters: str) -> str:
    return ", ".join(f"{each}: 'dict[str, object]'" for each in parameters.split(", "))


def _typed(cell: str) -> str:
    cell = _PARAMETERS.sub(lambda head: f"{head[1]}{_parameters(head[2])}) -> tuple[list[int], ...]:", cell)
    return re.sub(r"^([ ]+\w+) = ", r"\1: list[tuple[int, str]] = ", cell, flags=re.MULTILINE)


def _documented(cell: str) -> str:
    text = '    """Computes, step by step,\n\n    what is asked."""'
    return re.sub(r"^([ ]*)(def .*:)$", rf"\1\2\n\1{text}", cell, flags=re.MULTILINE)


def _before_each(statement: str) -> Disguise:
    lines = statement.split("\n")
    return _each(
        lambda cell: _STATEMENT.sub(lambda indent: "".join(f"{indent[1]}{line}\n" for line in lines) + indent[1], cell)
    )


def _semicolons(cell: str) -> str:
    """Plain statements that follow each other on one line."""
    plain = r"^([ ]+)(\w+ = [^\n]*[^\n,(\[{:])\n\1(?=\w+ = [^\n]*[^\n,(\[{:]$)"
    return re.sub(plain, r"\1\2; ", cell, flags=re.MULTILINE)


def _continued(cell: str) -> str:
    return re.sub(r" (=|\+|\*|in|/|and) ", r" \\\n            \1 ", cell)


def _with_lambdas(cell: str) -> str:
    return re.sub(r"^([ ]*)def (\w+)\(([^()]*)\):\n[ ]+return (.*)$", r"\1\2 = lambda \3: \4", cell, flags=re.MULTILINE)


def _reordered(cells: Cells) -> Cells:
    parts = [part for cell in cells for part in re.split(r"\n(?=(?:    )?def |class |@)", cell)]
    return ["\n".join(parts[::-1])]


def _lines_of_strings(cells: Cells) -> Cells:
    lines = "\n".join(cells).split("\n")
    return ["exec('\\n'.join([\n" + ",\n".join(f"    {line!r}" for line in lines) + "\n]))"]


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def tokens_per_cell(cells: Cells) -> Cells:
    """One line per cell."""
    return [line for cell in cells for line in cell.split("\n")]


def _bracketed(cell: str) -> str:
    return re.sub(r"(= |return |in )([^\n#,:]+[^\n#,:(\[{])(:?)$", r"\1((\2))\3", cell, flags=re.MULTILINE)


def _written_out(cell: str) -> str:
    return re.sub(r"^([ ]+)([\w.\[\]]+) ([-+*/])= (.*)$", r"\1\2 = \2 \3 \4", cell, flags=re.MULTILINE)


def _valid(cell: str) -> str:
    """A cell that Python can read up to a last line that it can't."""
    list(tokenize.generate_tokens(io.StringIO(cell).readline))
    return f"%%time\n!pip install nothing\n{cell}\n    ) what ('"


DISGUISES: dict[str, Disguise] = {
    "as it is": lambda cells: cells,
    "other names": _each(renamed),
    "other names, unicode": _each(lambda cell: renamed(cell, "αβγδεζηθικ")),
    "a long comment in each cell": _each(lambda cell: "# what is done here\n" * 50_000 + cell),
    "comments between all lines": _each(lambda cell: cell.replace("\n", "  # yes\n        # then\n\n")),
    "one comment line of a megabyte": lambda cells: ["#" + "a" * 1_000_000, *cells],
    "spaces and lines": _each(_retyped),
    "semicolons": _each(_semicolons),
    "line continuation": _each(_continued),
    "type hints": _each(_typed),
    "docstrings": _each(_documented),
    "if False before each statement": _before_each("if False:\n    nothing = [each for each in range(7)]"),
    "while 0, on a line": _before_each("while 0: nothing = 3; other = nothing"),
    "print before each statement": _before_each("print('now', 1)"),
    "assertions and imports": _before_each("assert True, 'fine'; import os"),
    "numbers": _each(_numbers),
    "lambda for def": _each(_with_lambdas),
    "round brackets": _each(_bracketed),
    "x = x + y": _each(_written_out),
    "functions in another order": _reordered,
    "cells in another order": lambda cells: cells[::-1],
    "all in one cell": lambda cells: ["\n\n".join(cells)],
    "a line per cell": tokens_per_cell,
    "in a string": lambda cells: [f"exec({cell!r})" for cell in cells],
    "in a long string": lambda cells: ["code = '''" + "\n".join(cells).replace("\\", "\\\\") + "'''\nexec(code)"],
    "in a list of strings": _lines_of_strings,
    "in strings added up": lambda cells: [
        "exec(" + " + \n".join(repr(cell[at : at + 20]) for cell in cells for at in range(0, len(cell), 20)) + ")"
    ],
    "in a string in a string": lambda cells: [f"exec({f'exec({cell!r})'!r})" for cell in cells],
    "in base64": lambda cells: [f"exec(__import__('base64').b64decode('{_encoded(cell)}'))" for cell in cells],
    "in hexadecimal": lambda cells: [f"exec(bytes.fromhex('{cell.encode().hex()}'))" for cell in cells],
    "in escapes": lambda cells: ["exec('" + "".join(f"\\x{ord(each):02x}" for each in cell) + "')" for cell in cells],
    "syntax error, magics": _each(_valid),
    "much of one's own": lambda cells: [
        *cells,
        *(f"def f{n}(a, b):\n    return [a[{n}] % b for c in a if c.{'d.' * (n % 9)}e]" for n in range(300)),
    ],
}
