"""CUDA C → C++ for g++, line for line: launches become calls, shared arrays pointers; and device code cut out."""

import re
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class SourceError(ValueError):
    """A program that cannot be translated: the line, counted from 1, and a sentence for the student."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


HEADERS = re.compile(
    r'#\s*include\s*[<"](cuda|cuda_runtime|cuda_runtime_api|device_launch_parameters|vector_types|cooperative_groups)\.h[>"]'
)
STATIC_SHARED = re.compile(r"\bstatic\s+(?=__shared__\b)|(?<=__shared__)\s+static\b")
DYNAMIC = re.compile(r"extern\s+__shared__\s+([\w:\s]+?)\s*(\w+)\s*\[\s*\]\s*;")
DEVICE_VARIABLE = re.compile(r"__device__(?=(?:\s+\w+)+\s+\**\s*\w+\s*(?:\[[^\]]*\]\s*)*[=;,{])")
KERNEL = re.compile(r"__global__[^(;{]*?\b(\w+)\s*\(")
KERNEL_HEAD = re.compile(r"__global__\s+([^(;{]*?)\b\w+\s*\(")
FOR_DEVICE = re.compile(r"__(global|device|constant)__|\b(using|namespace)\b")
CONSTANT = re.compile(r"^\s*(static\s+)?(const|constexpr)\b[^(]*=")
TYPE = re.compile(r"^\s*(typedef|struct|class|enum|union)\b(?![^{;]*\()")
BLANK = re.compile(r"[^\n]")

OPEN, CLOSE = "([{", ")]}"


def masked(source: str) -> str:
    """The source with comments and the insides of strings blanked out, of the same length and lines."""
    token = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)

    def blank(match: re.Match[str]) -> str:
        text = match.group()
        return BLANK.sub(" ", text) if text[0] == "/" else text[0] + BLANK.sub(" ", text[1:-1]) + text[-1]

    return token.sub(blank, source)


def line_of(source: str, position: int) -> int:
    """The number of the line of a position."""
    return source.count("\n", 0, position) + 1


def kernels(source: str) -> list[str]:
    """The names of the kernels that a program defines or declares, each once."""
    return list(dict.fromkeys(KERNEL.findall(masked(source))))


def translate(source: str) -> str:
    """The program for g++ and our header; every line stays where it is.

    Raises:
        SourceError: a launch that is not finished, a kernel that returns something or is called without a launch.
    """
    mask = masked(source)
    _refuse(source, mask)
    edits = [(*match.span(), "") for match in HEADERS.finditer(source)]
    edits += [(*match.span(), " " + "\n" * match.group().count("\n")) for match in STATIC_SHARED.finditer(mask)]
    for match in DYNAMIC.finditer(mask):
        kind, name = match.groups()
        lines = "\n" * match.group().count("\n")
        edits.append((*match.span(), f"{kind} *{name} = ({kind} *)lifelong::dynamic_shared();{lines}"))
    edits += [(*match.span(), "LIFELONG_DEVICE_VARIABLE") for match in DEVICE_VARIABLE.finditer(mask)]
    edits += [_launch(source, mask, match.start()) for match in re.finditer("<<<", mask)]
    for (_, end, _), (start, _, _) in pairwise(sorted(edits)):
        if start < end:  # their texts would be cut, and what is behind a cut has been read as something else
            raise SourceError(line_of(source, start), "a launch, or what is shared, stands within another launch.")
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return source


def _refuse(source: str, mask: str) -> None:
    for match in KERNEL_HEAD.finditer(mask):
        words = match.group(1).split()
        if words and "void" not in words:
            raise SourceError(line_of(source, match.start()), "a kernel (__global__) returns void.")
    for name in kernels(source):
        for match in re.finditer(rf"\b{name}\s*\(", mask):
            before = mask[: match.start()].rstrip()
            declared = re.search(r"__global__[^;{}()]*(\([^()]*\)[^;{}()]*)?$", before)
            if not declared and before[-1:] in ("{", "}", ";", ")"):
                text = f"`{name}` is a kernel: launch it, {name}<<<blocks, threads>>>(…)."
                raise SourceError(line_of(source, match.start()), text)


def _launch(source: str, mask: str, at: int) -> tuple[int, int, str]:
    """The edit for `name<<<configuration>>>`: from, to, and the call that replaces it."""
    line = line_of(source, at)
    start = _name_start(mask, at)
    name = source[start:at].strip()
    if not name:
        raise SourceError(line, "before <<< stands the kernel's name.")
    end = _find(mask, at + 3, ">>>")
    if end is None:
        raise SourceError(line, "this <<< has no >>> in its statement.")
    parts = _split(mask, at + 3, end)
    if len(parts) < 2 or any(not source[a:b].strip() for a, b in parts):
        raise SourceError(line, "between <<< and >>> stand the number of blocks and of threads a block.")
    if not mask[end + 3 :].lstrip().startswith("("):
        raise SourceError(line, "after >>> stand the kernel's arguments in parentheses.")
    plain = re.sub(r"\s+", " ", name).replace('"', "")
    call = f"[=](auto... lifelong_arguments) LIFELONG_CALL {{ {name}(lifelong_arguments...); }}"
    return start, end + 3, f'lifelong::launch(__LINE__, "{plain}", {call}, {source[at + 3 : end]})'


def _name_start(mask: str, end: int) -> int:
    """Where the kernel's name begins that ends before a position; template arguments belong to it."""
    at = len(mask[:end].rstrip())
    if mask[:at].endswith(">"):
        depth = inside = 0
        while at > 0:
            at -= 1
            inside += (mask[at] == ")") - (mask[at] == "(")
            depth += 0 if inside else (mask[at] == ">") - (mask[at] == "<")
            if depth == 0 and inside == 0:
                break
        at = len(mask[:at].rstrip())
    while at > 0 and (mask[at - 1].isalnum() or mask[at - 1] in "_:"):
        at -= 1
    return at


def _find(mask: str, start: int, mark: str) -> int | None:
    """The first place of a mark outside of all brackets, within the statement."""
    depth = 0
    for at in range(start, len(mask)):
        if depth == 0 and mask.startswith(mark, at):
            return at
        depth += (mask[at] in OPEN) - (mask[at] in CLOSE)
        if mask[at] == ";" or depth < 0:
            return None
    return None


def _split(mask: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between commas outside of all brackets."""
    parts, depth, begin = [], 0, start
    for at in range(start, end):
        depth += (mask[at] in OPEN) - (mask[at] in CLOSE)
        if mask[at] == "," and depth == 0:
            parts.append((begin, at))
            begin = at + 1
    return [*parts, (begin, end)]


def device_code(source: str) -> str:
    """What a device compiler is to see: host functions, their includes and host variables blanked out, lines kept."""
    mask = masked(source)
    keep = list(source)

    def blank(start: int, end: int) -> None:
        keep[start:end] = BLANK.sub(" ", source[start:end])

    for match in re.finditer(r"^[ \t]*#[ \t]*include[^\n]*", mask, re.MULTILINE):
        blank(match.start(), match.end())
    for start, body, end in definitions(mask):
        if not any(kind.search(mask[start:body]) for kind in (FOR_DEVICE, CONSTANT, TYPE)):
            blank(start, end)
    return "".join(keep)


def definitions(mask: str) -> list[tuple[int, int, int]]:
    """The top-level declarations of a program: start, the end of the head (before a body), the end."""
    found = []
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: BLANK.sub(" ", m.group()), mask, flags=re.MULTILINE)
    start, depth, body = 0, 0, 0
    for at, letter in enumerate(text):
        if letter in OPEN:
            if depth == 0 and letter == "{" and not body:
                body = at
            depth += 1
        elif letter in CLOSE:
            depth = max(depth - 1, 0)
        if depth == 0 and (letter == ";" or (letter == "}" and not TYPE.search(text[start : body or at]))):
            first = start + len(text[start:at]) - len(text[start:at].lstrip())
            found.append((first, body or at, at + 1))
            start, body = at + 1, 0
    return found
