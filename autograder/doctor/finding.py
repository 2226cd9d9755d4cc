"""What the doctor finds, a promise at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How a promise stands on this machine."""

    HOLDS = "holds"
    WEAK = "weak"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """One promise.

    Attributes:
        promise: what grading relies on, in words.
        standing: HOLDS, WEAK (grading goes on, but the remedy is worth while) or BROKEN (grading refuses to start).
        found: what is there.
        remedy: what to do about it; empty where it holds, or another row says it.
    """

    promise: str
    standing: Standing
    found: str
    remedy: str = ""


def judged(promise: str, holds: bool, found: str, remedy: str, otherwise: Standing = Standing.BROKEN) -> Finding:
    """A finding that holds, or stands otherwise and then needs its remedy."""
    return Finding(promise, Standing.HOLDS, found) if holds else Finding(promise, otherwise, found, remedy)


def broken(findings: Iterable[Finding]) -> list[Finding]:
    """The promises with which grading cannot start."""
    return [finding for finding in findings if finding.standing is Standing.BROKEN]


def refusal(findings: Sequence[Finding]) -> str:
    """Why grading does not start, and what to do."""
    lines = ["Grading does not start: this machine cannot keep a promise."]
    for finding in findings:
        lines += [f"  {finding.promise}: {finding.found}", f"    {finding.remedy}"]
    return "\n".join([*lines, "All that was looked at: autograder doctor"])
