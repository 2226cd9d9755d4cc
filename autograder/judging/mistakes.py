"""Known mistakes: one statement each where the wrong formula is one expression, else one decorated function."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from autograder.judging.exercise import Formula, Mistake, Oracle, Tree

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False)
class Changed:
    """The oracle of a right computation with some of its stages replaced; mistakes in other stages go with it.

    Attributes:
        compute: inputs and stages by name, those that are not the right ones → outputs.
        stages: what is replaced.
    """

    compute: Callable[..., Tree]
    stages: Mapping[str, Any]

    def __call__(self, inputs: Tree) -> Tree:
        """The outputs with these stages."""
        return self.compute(inputs, **self.stages)

    def also(self, other: Oracle) -> Changed | None:
        """Both changes at once; None where they are of two computations or in the same stage."""
        if not isinstance(other, Changed) or other.compute != self.compute or self.stages.keys() & other.stages.keys():
            return None
        return Changed(self.compute, {**self.stages, **other.stages})


def as_it_is(wrong: Callable[..., Any]) -> Oracle:
    """A mistake's function that is an oracle already."""
    return wrong


def docstring(function: Callable[..., Any], meaning: str) -> str:
    """A function's docstring on one line.

    Raises:
        ValueError: it has none; the message says what it would mean.
    """
    text = " ".join((function.__doc__ or "").split())
    if not text:
        raise ValueError(f"the function {function.__name__!r} has no docstring, which is {meaning}")
    return text


def _given(outputs: Tree, inputs: Tree) -> Tree:
    """The same outputs for all inputs."""
    return outputs


class Mistakes:
    """Collects the mistakes of an exercise in the order in which they are written; give it to ``Exercise``.

    Where what a student who made the mistake would have got is one expression, it is one statement:
    ``mistakes.named("sign", lambda x: -right(x), "value", says="Your result has the wrong sign.")``. Else decorate a
    function: its name, with ``-`` for ``_``, is the mistake's id; its docstring is what the student is told.
    Where there are many, ``mistakes.listed("sign", lambda x: -right(x))`` finds its sentence in a table.

    Args:
        oracle: makes an oracle, inputs → outputs, of what is wrong; by default it is one already.
        checks: those that a mistake can explain which names none; by default all that have something expected.
        beside: the judge's file; the TOML file of the same name has a table for each id, with what it ``says`` and, where
            the judge does not give them, ``checks`` and ``unless``; what is ``rare`` is in no bank. ``gives`` has the
            outputs of a mistake that shows alike in all cases (see ``given``).

    Attributes:
        table: those tables by id.
        variants: those that are rare.
    """

    def __init__(
        self, oracle: Callable[[Any], Oracle] = as_it_is, checks: tuple[str, ...] = (), *, beside: str = ""
    ) -> None:
        self._oracle, self._checks = oracle, checks
        self.table: dict[str, Any] = {}
        if beside:
            self.table = tomllib.loads(Path(beside).with_suffix(".toml").read_text(encoding="utf-8"))
        self._found: list[Mistake] = []
        self.formulas: list[Formula] = []
        self.variants: list[Mistake] = []

    def __iter__(self) -> Iterator[Mistake]:
        return iter(self._found)

    @property
    def known(self) -> dict[str, Any]:
        """All that is collected, as arguments of ``Exercise``."""
        return {"mistakes": tuple(self), "variants": tuple(self.variants), "formulas": tuple(self.formulas)}

    def __call__(
        self, *checks: Any, name: str = "", oracle: Callable[[Callable[..., Any]], Oracle] | None = None
    ) -> Any:
        """Decorates the function of a mistake; in brackets: the checks that it can explain, its id, its oracle."""

        def note(wrong: F) -> F:
            message = docstring(wrong, "what the student is told")
            identity = name or wrong.__name__.replace("_", "-")
            self._found.append(Mistake(identity, message, (oracle or self._oracle)(wrong), checks or self._checks))
            return wrong

        if checks and callable(checks[0]):
            bare, checks = checks[0], ()
            return note(bare)
        return note

    def named(self, name: str, wrong: Any, *checks: str, says: str, unless: Iterable[str] = ()) -> None:
        """Add a mistake by its id, what is wrong (a formula, a rule, …), and the checks that it can explain.

        It ``says`` this to the student, ``unless`` one of these checks fails, whose failing looks like it.
        """
        self._found.append(Mistake(name, says, self._oracle(wrong), checks or self._checks, tuple(unless)))

    def listed(self, name: str, wrong: Any, *checks: str) -> None:
        """Add a mistake by its id and what is wrong; the rest, but for these checks, is in the table."""
        row = self.table[name]
        self.named(name, wrong, *checks, *row.get("checks", ()), says=row["says"], unless=row.get("unless", ()))
        if row.get("rare"):
            self.variants.append(self._found.pop())

    def given(self) -> None:
        """Add the mistakes of the table that show alike in all cases: as what they ``gives``."""
        for name, row in self.table.items():
            if "gives" in row:
                self.group(oracle=as_it_is).listed(name, partial(_given, row["gives"]))

    def stages(self, compute: Callable[..., Tree]) -> Stages:
        """Collects mistakes in the stages of a computation: inputs and stages by name, those that are wrong → outputs."""
        return Stages(self.group(oracle=as_it_is), compute)

    def formula(self, right: F, *checks: str) -> F:
        """Decorates a right formula: what one wrong place in it gives explains answers that no mistake does."""
        self.formulas.append(Formula(right, self._oracle, checks or self._checks))
        return right

    def group(self, *checks: str, oracle: Callable[[Any], Oracle] | None = None) -> Mistakes:
        """Collects into the same list mistakes that share an oracle or the checks that they can explain."""
        group = copy(self)
        group._oracle, group._checks = oracle or self._oracle, checks or self._checks
        return group

    def add(self, *mistakes: Mistake) -> None:
        """Add mistakes that were made elsewhere, such as those that several exercises share."""
        self._found += mistakes


@dataclass(frozen=True)
class Stages:
    """A computation whose stages known mistakes replace: ``wrong = mistakes.stages(compute)``, then one line each.

    ``wrong("halved", scale=0.5)`` adds the mistake *halved* of the table: all stages are right but ``scale``.
    """

    mistakes: Mistakes
    compute: Callable[..., Tree]

    def __call__(self, name: str, *checks: str, **stages: Any) -> None:
        """Add a mistake by its id and the stages that it replaces."""
        self.mistakes.listed(name, Changed(self.compute, stages), *checks)

    def each(self, stage: str, wrong: Mapping[str, Any]) -> None:
        """Add mistakes that replace the same stage, by their ids."""
        for name, other in wrong.items():
            self(name, **{stage: other})

    def ways(self, name: str, stage: str, *wrong: Any) -> None:
        """Add one mistake, which replaces a stage in one of these ways."""
        for other in wrong:
            self(name, **{stage: other})

    def formulas(self, *checks: str, **right: Callable[..., Any]) -> None:
        """Add right formulas of stages, in each of which one place may be wrong."""
        for stage, formula in right.items():
            self.mistakes.group(*checks, oracle=partial(self._instead, stage)).formula(formula)

    def _instead(self, stage: str, wrong: Callable[..., Any]) -> Changed:
        return Changed(self.compute, {stage: wrong})
