"""Findings of a run in sentences that name the line, the thread, the array and the remedy."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import Any

from lifelong.cuda_c.compiler import source_line
from lifelong.cuda_c.runner import Finding

Facts = Mapping[str, Any]

ERRORS = {
    1: "invalid argument",
    2: "out of memory",
    9: "invalid configuration: a block has 1 to 1024 threads, a grid at least one block",
}


def explain(finding: Finding, source: str) -> str:
    """One finding of ``run_program`` in words."""
    try:
        text = _said(SENTENCES[finding.kind], finding.facts, source)
    except (KeyError, TypeError, ValueError):  # a kind of which we have no sentence, or facts that are none
        text = finding.kind
    line = source_line(source, finding.line)
    return f"line {finding.line}, `{line}`: {text}" if line else text[:1].upper() + text[1:]


def _said(sentence: str | Callable[[Facts, str], str], facts: Facts, source: str) -> str:
    if not isinstance(sentence, str):
        return sentence(facts, source)
    names = {name for _, name, *_ in Formatter().parse(sentence) if name}
    return sentence.format(**{name: PIECES[name](facts, source) if name in PIECES else facts[name] for name in names})


def _three(numbers: Any) -> str:
    """A position without the dimensions that nobody uses: 5, or (5, 2)."""
    x, y, z = numbers
    return str(x) if y == z == 0 else f"({x}, {y})" if z == 0 else f"({x}, {y}, {z})"


def _who(facts: Facts) -> str:
    if "thread" not in facts:
        return "the host"
    return f"thread {_three(facts['thread'])} of block {_three(facts['block'])}"


def _other(facts: Facts) -> str:
    if facts["other_block"] == facts["block"]:
        return f"thread {_three(facts['other'])} of the same block"
    return f"thread {_three(facts['other'])} of block {_three(facts['other_block'])}"


def _does(facts: Facts) -> str:
    return "updates" if facts.get("atomic") else "writes" if facts.get("write") else "reads"


def _array(facts: Facts, source: str) -> str:
    """What the student calls a piece of memory."""
    if facts.get("name"):
        return f"`{facts['name']}`"
    line = int(facts.get("allocated_line", 0))
    text = source_line(source, line)
    call = re.search(r"cudaMalloc(?:Managed)?\s*\(\s*(?:\([^()]*(?:\([^()]*\))?[^()]*\)\s*)?&\s*(\w+)", text)
    host = re.search(r"(\w+)\s*=\s*[^=;]*\b(?:malloc|calloc|realloc)\b", text)
    name = (call or host or [None, None])[1]
    if name:
        return f"`{name}`"
    return f"the memory of line {line}" if line else "the dynamic shared memory"


def _size(facts: Facts) -> str:
    width = int(facts.get("bytes") or 1)
    count, rest = divmod(int(facts["size"]), width)
    return f"{facts['size']} bytes" if rest or width not in (4, 8) else f"{count} elements of {width} bytes"


def _element(facts: Facts) -> str:
    width = int(facts.get("bytes") or 1)
    index, rest = divmod(int(facts["offset"]), width)
    return f"element {index}" if not rest and width in (2, 4, 8) else f"byte {facts['offset']}"


def _bounds(facts: Facts, source: str) -> str:
    offset, size, width = int(facts["offset"]), int(facts["size"]), int(facts["bytes"])
    array = _array(facts, source)
    if "thread" not in facts and "copy" not in facts and width > 16:
        verb = "copies to" if facts["write"] else "copies from"
        return f"the call {verb} {array} {width} bytes, but there are {max(size - offset, 0)}."
    where = "before its beginning" if offset < 0 else "past its end"
    guard = " Does every thread that has nothing to do stay away (if (i < n))?" if offset >= 0 else ""
    guard = guard if "thread" in facts else ""
    return f"{_who(facts)} {_does(facts)} {_element(facts)} of {array}, {where} ({_size(facts)}).{guard}"


def _race(facts: Facts, source: str) -> str:
    verb = "writes" if facts["other_writes"] else "reads"
    remedy = (
        "Put a __syncthreads() between."
        if facts["other_block"] == facts["block"]
        else "Blocks cannot wait for one another: use an atomic operation, or cells of their own."
    )
    cell = f"{_element(facts)} of {_array(facts, source)}"
    return f"race: {_who(facts)} {_does(facts)} {cell}, and {_other(facts)} {verb} it at the same time. {remedy}"


def _barrier(facts: Facts, source: str) -> str:
    there = f"is at the one in line {facts['other_line']}" if facts["other_line"] else "never comes to it"
    return f"{_who(facts)} waits at this barrier, but {_other(facts)} {there}. All threads of a block must reach the same __syncthreads(): keep it out of `if`, and let nobody return before it."


def _free(facts: Facts, source: str) -> str:
    call = "cudaFree" if facts["on_device"] else "free"
    return {
        "host": "cudaFree gets a pointer that did not come from cudaMalloc.",
        "device": "free gets a device pointer: use cudaFree.",
        "twice": f"{_array(facts, source)} is given back for the second time.",
        "middle": f"{call} gets a pointer into the middle of {_array(facts, source)}.",
    }[str(facts["why"])]


def _direction(facts: Facts, _: str) -> str:
    side, found = ("device", "host") if facts["expected"] else ("host", "device")
    which = "destination (first argument)" if facts["write"] else "source (second argument)"
    return f"wrong direction: by the last argument the {which} should lie on the {side}, but it lies on the {found}."


PIECES: dict[str, Callable[[Facts, str], str]] = {
    "array": _array,
    "caller": lambda facts, _: "the call gets" if facts.get("copy") else f"{_who(facts)} {_does(facts)} through",
    "does": lambda facts, _: _does(facts),
    "element": lambda facts, _: _element(facts),
    "error": lambda facts, _: ERRORS.get(int(facts["code"]), "an error"),
    "other_thread": lambda facts, _: _other(facts),
    "own": lambda facts, _: "the device" if "thread" in facts else "its own",
    "who": lambda facts, _: _who(facts),
}
"""What stands in braces in a sentence and is no fact itself."""

SENTENCES: dict[str, str | Callable[[Facts, str], str]] = {
    **{"bounds": _bounds, "race": _race, "divergent-barrier": _barrier, "direction": _direction, "free": _free},
    **tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8")),
}
"""By kind of finding: what happened, and what to do."""


def explained(findings: Sequence[Finding], source: str) -> list[str]:
    """All findings in words, each once."""
    return list(dict.fromkeys(explain(finding, source) for finding in findings))
