"""Python text as the symbols that a disguise leaves as they are: what a program does, not how it is written.

A pass of one pattern over the text, all of whose parts take what they have looked at: no text makes it slow, and a
syntax error or a magic disturbs it no further than its own statement. Python's tokenizer ends there; Pygments' takes
quadratic time on blank lines.
"""

import base64
import keyword
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

MOST_TOKENS = 100_000
"""The tokens of a work that are read: ten times the longest honest homework."""
LONGEST_STATEMENT = 5_000
DEEPEST = 3
"""Strings in strings in strings are read as code."""

_TOKEN = re.compile(
    r"""(?P<gap>(?:[^\S\n]++|\\\n|\#[^\n]*+|\n(?=[^\S\n]*+(?:\#|\n))|(?m:^)[^\S\n]*+(?:%%?(?=[a-zA-Z])\w++|!(?!=)[^\n]*+|>>>[ ]|```[^\n]*+))++)
    |(?P<end>[\n;])
    |(?P<string>[rRbBuUfFtT]{0,2}(?:
        \"{3}[^\\"]*+(?:(?:\\.|"(?!""))[^\\"]*+)*+(?:\"{3})?|'{3}[^\\']*+(?:(?:\\.|'(?!''))[^\\']*+)*+(?:'{3})?
        |"[^\\"\n]*+(?:\\.[^\\"\n]*+)*+"?|'[^\\'\n]*+(?:\\.[^\\'\n]*+)*+'?))
    |(?P<number>0[xXbBoO]\w++|(?:\d[\d_]*+\.?[\d_]*+|\.\d[\d_]*+)(?:[eE][-+]?\d[\d_]*+)?[jJ]?)
    |(?P<name>\w++)
    |(?P<operator>(?:\*\*|//|<<|>>|[-+*/%@&|^])=|[=!<>]=|->|.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_QUOTED = re.compile(r"([rRbBuUfFtT]*)(\"{3}|'{3}|[\"'])(.*)", re.DOTALL)
_ENCODED = re.compile(r"[\w+/=\s-]{40,}+")
_BLOCKS = frozenset(("if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class", "async"))
_IDLE = frozenset(("import", "from", "pass", "print", "assert", "global", "nonlocal"))
"""Statements that are easily added and say nothing about who wrote the rest begin so."""
_NEVER = (["False", ":"], ["0", ":"], ["None", ":"], ["not", "True", ":"], ["not", "1", ":"])
_CONSTANT = {"True": "0", "False": "0", "None": "0"}
_COMPARISONS = frozenset(("==", "!=", "<=", ">="))
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")

Token = tuple[str, str, int]
"""Its kind, its text and its line, counted from 0."""
Symbols = tuple[list[str], list[int]]


def symbols(cells: Sequence[str]) -> tuple[list[str], list[int], bool]:
    """What cells do, one symbol per token that counts, the line of each in the cells joined by blank lines, and
    whether they are longer than what is read.

    Every name is ``N``, number ``0``, string ``S``. Left out are comments, docstrings, annotations, round brackets,
    imports, prints, assertions and what stands under ``if False``; ``x += y`` is ``x = x + y``, and a ``def`` is a
    ``lambda``. A string that reads as code, plain or in base64 or hexadecimal digits, is read as code, too.
    """
    reader, line = _Reader(), 0
    for cell in cells:
        height = cell.count("\n") + 1
        reader.read(cell, range(line, line + height))
        line += height + 1
    return reader.found, reader.lines, reader.left <= 0


def without_prose(text: str) -> str:
    """A text that reads as code; of another one, all lines, but empty those in paragraphs that don't."""
    if _is_code(text):
        return text
    paragraphs = re.split(r"(\n[^\S\n]*+\n)", text)
    return "".join(each if _is_code(each) else "\n" * each.count("\n") for each in paragraphs)


def _is_code(paragraph: str) -> bool:
    """Whether words hardly ever follow each other without a sign between them."""
    tokens = words = meetings = 0
    before = False
    for match in _TOKEN.finditer(paragraph):
        if match.lastgroup != "gap":
            word = match.lastgroup == "name" and not keyword.iskeyword(match[0])
            meetings += before and word
            words += word
            tokens += 1
            before = word
    return words > 0 and tokens > 2 and 8 * meetings <= tokens


class _Reader:
    """What has been read: the symbols, and the line of each."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.lines: list[int] = []
        self.left = MOST_TOKENS

    def read(self, text: str, where: Sequence[int], depth: int = 0) -> None:
        """Add a text whose lines are these; then what its strings hold."""
        strings: list[tuple[str, int]] = []
        dead: int | None = None
        for indent, statement in self._statements(text):
            strings += _strings(statement)
            if dead is not None and indent > dead:
                continue
            dead = indent if _is_dead(statement) else None
            for symbol, line in _normal(statement) if dead is None else ():
                self.found.append(symbol)
                self.lines.append(where[line])
        if depth < DEEPEST and strings:
            hidden, at = "", list[int]()
            for content, line in strings:
                at += [where[min(line + down, len(where) - 1)] for down in range(content.count("\n"))]
                hidden += content
            self.read(without_prose(hidden), [*at, where[-1]], depth + 1)

    def _statements(self, text: str) -> Iterator[tuple[int, list[Token]]]:
        """Each simple statement and each block's head, with its indentation."""
        statement: list[Token] = []
        indent = line = brackets = 0
        fresh = True
        for match in _TOKEN.finditer(text):
            kind, token = str(match.lastgroup), match[0]
            if kind == "gap":
                if fresh:
                    margin = token[token.rfind("\n") + 1 :]
                    indent = len(margin) - len(margin.lstrip())
                line += token.count("\n")
                continue
            self.left -= 1
            if self.left <= 0:
                break
            brackets = max(0, brackets + (token in _OPENING) - (token in _CLOSING))
            head = token == ":" and not brackets and bool(statement) and statement[0][1] in _BLOCKS
            if kind != "end" or (brackets and token != ";"):
                fresh = False
                if kind != "end":
                    statement.append((kind, token, line))
            elif token == "\n":
                fresh = True
            if (kind == "end" and not brackets) or head or len(statement) >= LONGEST_STATEMENT:
                if statement:
                    yield indent, statement
                statement = []
                indent = 0 if fresh else indent + 1
            line += token.count("\n") if kind in ("end", "string") else 0
        if statement:
            yield indent, statement


def _is_dead(statement: Sequence[Token]) -> bool:
    """Whether it is the head of a block that never runs."""
    words = [text for _, text, _ in statement if text not in ("(", ")")]
    return words[:1] in (["if"], ["while"]) and words[1:] in _NEVER


def _normal(statement: list[Token]) -> Iterator[tuple[str, int]]:
    """The symbols of a statement, and the line of each."""
    first = statement[0][1]
    if first == "async" and len(statement) > 1:
        statement, first = statement[1:], statement[1][1]
    if first in _IDLE or all(kind == "string" for kind, _, _ in statement):
        return
    if first == "def":
        statement = [("name", "lambda", statement[0][2]), *_unannotated(statement[2:], 1)]
    elif statement[0][0] == "name" and not keyword.iskeyword(first):
        statement = _assignment(statement)
    for at, (kind, text, line) in enumerate(statement):
        after = statement[at + 1][1] if at + 1 < len(statement) else ""
        if text in ("(", ")", "return") or (text == "," and after in _CLOSING):
            continue
        if kind == "name":
            yield (text if keyword.iskeyword(text) else "N") if text not in _CONSTANT else "0", line
        else:
            yield {"number": "0", "string": "S"}.get(kind, text), line


def _assignment(statement: Sequence[Token]) -> list[Token]:
    """An assignment without its annotation, with its operation written out; of a lambda, the lambda alone."""
    annotated = len(statement)
    statement = _unannotated(statement, 0)
    brackets = 0
    for at, (_, text, line) in enumerate(statement):
        brackets += (text in _OPENING) - (text in _CLOSING)
        if not brackets and text.endswith("=") and text not in _COMPARISONS:
            target, value = statement[:at], statement[at + 1 :]
            if value and value[0][1] == "lambda":
                return value
            again = [*target, ("operator", text[:-1], line)] if len(text) > 1 else []
            return [*target, ("operator", "=", line), *again, *value]
    return list(statement) if len(statement) == annotated else []


def _unannotated(tokens: Sequence[Token], level: int) -> list[Token]:
    """The tokens without ``: T`` before ``=``, ``,`` or the end of the brackets of this level, and without ``-> T``."""
    kept: list[Token] = []
    brackets = 0
    skipping, assigned = "", False
    for token in tokens:
        text = token[1]
        brackets -= text in _CLOSING
        ends = brackets < level or (brackets == level and text in (",", "="))
        if (text == ":" and skipping == "->" and not brackets) or (skipping == ":" and ends):
            skipping = ""
        elif text == "->" or (text == ":" and brackets == level and not assigned):
            skipping = text
        if ends:
            assigned = text == "=" or (assigned and not level)
        if not skipping:
            kept.append(token)
        brackets += text in _OPENING
    return kept


def _strings(statement: Sequence[Token]) -> Iterator[tuple[str, int]]:
    """What the strings of a statement hold, as lines of code: those that are added up without a break between them."""
    before = ""
    held = False
    for kind, text, line in statement:
        if kind == "string":
            if held and before not in ("", "+"):
                yield "\n", line
            yield _content(text), line
            held, before = True, ""
        else:
            before += text
    if held:
        yield "\n\n", statement[-1][2]


def _content(literal: str) -> str:
    """What a string literal stands for."""
    match = _QUOTED.match(literal)
    prefix, quote, text = match.groups() if match else ("", "", literal)
    text = text.removesuffix(quote)
    if "r" not in prefix.lower():
        text = _ESCAPE.sub(_unescaped, text)
    if _ENCODED.fullmatch(text):
        for decode in (bytes.fromhex, base64.b64decode):
            with suppress(ValueError):
                return decode(text).decode()
    return text


def _unescaped(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2]
    return chr(int(digits, 16)) if digits else {"n": "\n", "t": "\t", "\n": ""}.get(escape[3], escape[3])
