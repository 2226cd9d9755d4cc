"""An exercise as its judge sees it: what is asked of the student's code, and what a right answer is.

Everything here is plain data and pure functions: a judge never runs student code and never imports
a solution. The inputs of a case are drawn anew for every submission and sent into the sandbox; what comes
back is compared with ``expected(inputs)``, computed here in float64.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np

from autograder.judging.compare import Difference, Excused, Slip

TOLERANCE = 1e-3
"""The relative error up to which an answer is right where a check says nothing else."""

ROUNDING = 1e-6
"""How far from 1 the shares of an exercise may add up."""

OUTSIDE = ("right", "named")
"""Inputs of these names hold an answer: what is right, what a message must name. Student code can read what probes get."""

CHANGED = "changed what it was given"
"""Among a probe's outputs where a function has changed an argument (``sandbox/inside/probe.py``)."""
CHANGED_TOLD = "Your function changes what it is given; work on copies."

RAISED, SAID = "raised", "said"
"""The outputs of a call that ended in an error: its type's name and its message. A mistake's oracle may say them, too."""

WHOSE = re.compile(r"^'\w+' object")
"""How an AttributeError begins: whose attribute it was says less than which."""

Tree = Mapping[str, Any]
"""Nested dicts and lists of JSON values and NumPy arrays: what crosses the sandbox's wall."""

Host = Callable[[Any], Any]
"""Answers a probe's questions, plain data without arrays, by plain data; what it makes of hostile ones is bounded."""

Oracle = Callable[[Tree], Tree]
"""From the inputs of a case to its outputs, right ones or those of a known mistake; pure."""


@dataclass(frozen=True)
class Case:
    """One call of an exercise's probe.

    Attributes:
        name: how checks refer to it.
        inputs: what oracles see and, but for those in ``OUTSIDE``, the probe; arrays arrive there as torch tensors.
    """

    name: str
    inputs: Tree
    _told: dict[Oracle, Tree] = field(default_factory=dict, init=False, repr=False, compare=False)

    def told(self, oracle: Oracle) -> Tree:
        """What an oracle says of the inputs; it is asked once."""
        if oracle not in self._told:
            self._told[oracle] = oracle.of(self) if isinstance(oracle, Guarded) else oracle(self.inputs)
        return self._told[oracle]


@dataclass(frozen=True)
class Guarded:
    """An oracle that says what another one does, but nothing of inputs that do not suit that one."""

    oracle: Oracle

    def __call__(self, inputs: Tree) -> Tree:
        """What it says of any inputs."""
        return self._plain(partial(self.oracle, inputs))

    def of(self, case: Case) -> Tree:
        """What it says of a case, for which the other one is asked once."""
        return self._plain(partial(case.told, self.oracle))

    def _plain(self, ask: Callable[[], Tree]) -> Tree:
        try:
            with np.errstate(all="ignore"):
                told = ask()
            return told if _is_plain(told) else {}
        except Exception:  # what has been changed need not fit
            return {}


def _is_plain(told: Any) -> bool:
    """Whether an answer holds nothing but finite numbers and words, as can come from a student's code."""
    if isinstance(told, Mapping | list | tuple):
        return all(map(_is_plain, told.values() if isinstance(told, Mapping) else told))
    kind = np.asarray(told).dtype.kind
    return told is None or kind in "bU" or (kind in "iuf" and bool(np.isfinite(told).all()))


def ended(kind: str | None, message: str | None) -> Tree:
    """The outputs of a call that ended in an error of this kind."""
    return {RAISED: kind, SAID: WHOSE.sub("an object", message or "")}


class Outcome(StrEnum):
    """How a probe's call ended."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    DIED = "died"


@dataclass(frozen=True)
class Reply:
    """What came back from the sandbox for one case; nothing in it is believed, only compared.

    Attributes:
        outcome: how the call ended.
        value: the probe's outputs (only when ``OK``).
        error: the exception's type name, message and student line, e.g.
            ``{"type": "TypeError", "message": "…", "where": "line 3: …"}`` (only when ``ERROR``).
    """

    outcome: Outcome
    value: Tree | None = None
    error: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Mistake:
    """A known mistake: what a student who made it would have got on the very same inputs.

    Attributes:
        name: its id within the exercise, e.g. ``"squared-batch-mean"``.
        message: what the student is told; names the mistake and the remedy, never a number.
        expected: the alternative oracle, with the same outputs as the check's own (a subset will do).
        checks: the checks it can explain; all of the exercise's when empty.
        unless: checks whose failing looks like this mistake; while one of them fails, it is not named.
    """

    name: str
    message: str
    expected: Oracle
    checks: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Formula:
    """A right formula of the judge's: an answer in which one place of it is another is explained by that place.

    Attributes:
        function: a ``def`` that needs no name but its arguments and its module's.
        oracle: makes an oracle of such a function.
        checks: as of a mistake.
    """

    function: Callable[..., Any]
    oracle: Callable[[Callable[..., Any]], Oracle]
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One named promise, worth a share of the exercise's points.

    Attributes:
        name: its id within the exercise.
        title: the promise in words a student reads, e.g. "the same Ω for any batch size".
        share: the fraction of the points; the shares of an exercise add up to 1.
        cases: the names of the cases that must all come out right; by default the one that has the check's name.
        expected: inputs → right outputs, in float64; only the keys that it returns are compared.
        outputs: of what is expected only these count; by default all.
        needs: checks that must be kept for this one to count, so that an answer of zeros or one without
            side effects because it does nothing earns nothing.
        tolerance: the largest relative error ‖got − expected‖ / ‖expected‖ of a tensor or number, where there is
            something ``expected``; by default ``TOLERANCE``.
        likeness: the largest relative difference between an answer and that of a known mistake which is named then; by
            default as ``tolerance``. It decides about words, never about marks.
        complaint: in place of ``expected``, a property: (inputs, outputs) → None when it holds, else a
            sentence for the student, what ``compare`` has found, or a ``Slip``, which is a known mistake by itself;
            ``Excused`` where it holds, and why is told.
        example: right outputs where there is nothing ``expected``, for words alone: a public example shows them.
        fixed: whether the complaint's own sentences are fixed, with nothing of inputs or outputs in them: which
            of a few it is gives away little more than the mark does, and needs no rehearsal, but for the example.
    """

    name: str
    title: str
    _: KW_ONLY
    share: float
    cases: tuple[str, ...] = ()
    expected: Oracle | None = None
    outputs: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    tolerance: float | None = None
    likeness: float | None = None
    complaint: Callable[[Tree, Tree], str | Difference | Slip | Excused | None] | None = None
    example: Oracle | None = None
    fixed: bool = False

    def __post_init__(self) -> None:
        if self.tolerance is not None and self.expected is None:
            message = f"the check {self.name!r} has no `expected`, so its tolerance decides nothing; how alike an answer must be to a mistake's, to be named after it, is its `likeness`."
            raise ValueError(message)
        object.__setattr__(self, "cases", self.cases or (self.name,))
        if self.expected is not None and self.outputs:
            object.__setattr__(self, "expected", partial(_part, self.expected, self.outputs))

    @property
    def accepted(self) -> float:
        """The relative error up to which an answer is right."""
        return TOLERANCE if self.tolerance is None else self.tolerance

    @property
    def recognised(self) -> float:
        """The relative difference up to which an answer is that of a known mistake."""
        return self.accepted if self.likeness is None else self.likeness


def _part(oracle: Oracle, outputs: tuple[str, ...], inputs: Tree) -> Tree:
    """Of what an oracle says only these outputs."""
    return {key: value for key, value in oracle(inputs).items() if key in outputs}


@dataclass(frozen=True, eq=False)
class Facts:
    """The complaint of outputs that have to be True: what is said of the first that is not, by its name."""

    facts: Mapping[str, str]

    def __call__(self, inputs: Tree, outputs: Tree) -> Slip | None:
        """What is said of the first that is not, under its name."""
        return next((Slip(f"not-{name}", said) for name, said in self.facts.items() if outputs[name] is not True), None)


must_hold = Facts


@dataclass(frozen=True)
class Exercise:
    """An exercise id with its inputs, its checks and its mistake bank.

    Attributes:
        id: the spine: grade_id of the solution cell, name of the probe, of the rubric row.
        draw: fresh inputs from a seeded generator: the cases, in the order they are sent.
        checks: what is promised; shares add up to 1.
        mistakes: the bank, most specific first; the first that explains an answer is named.
        formulas: what is right, as functions in which one place may be wrong.
        seconds: wall-clock limit of the whole probe.
        plain_call: whether the student's function is simply called, so that the exercise needs no probe of its own.
        read: (inputs, outputs) → what checks and mistakes compare, where that is not the outputs themselves: the values
            of a graph that came back as plain data, say. Pure; an answer on which it raises holds nothing.
        host: inputs → who answers, outside, what the probe asks by ``inputs["host"](question)``; all questions of a case,
            noted outside, are in its outputs as ``"asked"``.
        hidden: the names of inputs that stay outside.
        described: inputs → the case in a student's words, for public examples: the call as they would write it.
        program: a program without which a machine cannot grade it, e.g. ``"g++"``; then it is left to a person.
        variants: mistakes that are rarer, and in no bank: they are tried where none of the bank explains an answer.
        slips: the names of mistakes that complaints tell, where the bank has samples of them.
        crashes: errors with one cause beside those of ``crashes.toml``, by the mistake's id: how they read, and what is told.
        small: public cases by names that ``draw`` has, each as small as a mistake can show on: they are asked, and shown, where
            an answer is wrong and has no name.

    Raises:
        ValueError: the shares do not add up to 1, or a check or a mistake names a check that is not there.
    """

    id: str
    draw: Callable[[np.random.Generator], list[Case]]
    checks: tuple[Check, ...]
    mistakes: tuple[Mistake, ...] = ()
    formulas: tuple[Formula, ...] = ()
    seconds: float = 10.0
    plain_call: bool = False
    read: Callable[[Tree, Tree], Tree] | None = None
    host: Callable[[Tree], Host] | None = None
    hidden: tuple[str, ...] = ()
    described: Callable[[Tree], str] | None = None
    program: str = ""
    variants: tuple[Mistake, ...] = ()
    slips: tuple[str, ...] = ()
    crashes: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)
    small: tuple[Case, ...] = field(default=(), compare=False)

    def sent(self, inputs: Tree) -> Tree:
        """What a session gets of a case's inputs: those that are not hidden, and as "host" the host, which stays outside."""
        told = {name: value for name, value in inputs.items() if name not in (*self.hidden, *OUTSIDE)}
        return {**told, "host": self.host(inputs)} if self.host else told

    def __post_init__(self) -> None:
        total = sum(check.share for check in self.checks)
        if abs(total - 1) > ROUNDING:
            raise ValueError(f"{self.id}: the shares of the checks add up to {total:g}, not to 1.")
        names = [check.name for check in self.checks]
        for index, check in enumerate(self.checks):
            for name in check.needs:
                if name not in names[:index]:
                    raise ValueError(f"{self.id}: the check {check.name!r} needs {name!r}, which is no check above it.")
        for mistake in (*self.mistakes, *self.variants):
            for name in (*mistake.checks, *mistake.unless):
                if name not in names:
                    raise ValueError(f"{self.id}: the mistake {mistake.name!r} names {name!r}, which is no check.")
