"""The account of a disputed mark as lines for a terminal."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

WIDEST, SHOWN = 400, 3
"""Characters of a value, and wrong cases of a check, that are shown; all of it is in the JSON."""


def appeal_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """What ``handback.appeal`` found, the hidden inputs included."""
    mark, again = f"{found['score']:g} of {found['max']:g}, {found['state']}", found["graded again"]
    yield f"HIDDEN INPUTS: for instructors only.\n{found['student']}, {found['assignment']}, {found['exercise']}: {mark}"
    yield from [f"A person gave {found['by hand']}, which counts."] * (found["by hand"] is not None)
    yield from [f"Graded again it got {again:g}: its answers change from time to time."] * (again != found["score"])
    yield from (f"The student was told: {_inset(message)}" for message in found["messages"])
    for check in found["checks"]:
        yield f"\n{'✓' if check['passed'] else '✗'} {check['name']}, {check['share']:.0%} of the points: {check['title']}"
        wrong = [case for case in check["cases"] if case["wrong"]]
        for at, case in enumerate(wrong[:SHOWN], 1):
            yield f"    case {case['case']} ({at} of {len(wrong)} wrong): {_inset(case['wrong'])}"
            for what in ("inputs", "came", "expected"):
                text = json.dumps(case[what], ensure_ascii=False)
                yield f"      {what:9}{text if len(text) <= WIDEST else text[:WIDEST] + '…'}"
        yield from (f"    {step}: {_inset(said)}" for step, said in check["steps"].items())


def _inset(text: str) -> str:
    """A text that may repeat a student's error: none of its lines begins where ours do."""
    return text.replace("\n", "\n        ")
