"""The account of a disputed mark as lines for a terminal; what is a student's moves no cursor."""

from collections.abc import Iterator, Mapping
from typing import Any

from autograder.render import sanitise

FEW, WIDEST = 8, 400
"""Entries of a list, and characters of a value, that are shown; all of it is in the JSON."""

SHOWN = 3
"""Wrong cases of a check that are shown."""


def appeal_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """What ``handback.appeal`` found, the hidden inputs included."""
    yield from map(sanitise.visible, _lines(found))


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield "HIDDEN INPUTS below: for instructors only."
    yield f"{found['student']}, {found['assignment']}, {found['exercise']}: {found['score']:g} of {found['max']:g}, {found['state']} ({found['file']})"
    if found["by hand"] is not None:
        yield f"A person gave {found['by hand']:g}, which counts."
    if found["graded again"] != found["score"]:
        yield f"Graded again just now, the same file got {found['graded again']:g}: its answers are not the same every time."
    yield from (f"The student was told: {message}" for message in found["messages"])
    for check in found["checks"]:
        mark = "✓" if check["passed"] else "✗"
        yield f"\n{mark} {check['name']}: {check['title']} ({check['share']:.0%} of the points)"
        wrong = [case for case in check["cases"] if case["wrong"]]
        for case in wrong[:SHOWN]:
            yield f"    case {case['case']}: {case['wrong']}"
            yield from (f"      {what:9}{brief(case[what])}" for what in ("inputs", "came", "expected"))
        if len(wrong) > SHOWN:
            yield f"    and {len(wrong) - SHOWN} more cases, which --json holds"
        yield from (f"    {step}: {said}" for step, said in check["steps"].items())


def brief(value: Any) -> str:
    """JSON values on one line, long ones cut."""
    text = _text(value)
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}…"


def _text(value: Any) -> str:
    if isinstance(value, list):
        more = [f"… {len(value) - FEW} more"] * (len(value) > FEW)
        return f"[{', '.join([*map(_text, value[:FEW]), *more])}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_text(each)}' for key, each in value.items())}}}"
    return f"{value:.6g}" if isinstance(value, float) else "unknown" if value is None else repr(value)
