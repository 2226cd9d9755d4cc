"""An exercise that is one function: these inputs, this right answer. It needs no probe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judging.exercise import Case, Check, Exercise, Oracle, Tree
from autograder.judging.mistakes import Mistakes

Draw = Callable[[np.random.Generator], Any]
"""From a seeded generator to the arguments of a call, a tuple; or a list of them, for several calls."""

CHANGED = "unchanged"


@dataclass(frozen=True)
class _Drawn:
    """One decorated ``draw``: the check that it stands for."""

    name: str
    title: str
    share: float | None
    draw: Draw


class Function:
    """The judge of one function of the student's, which the tool calls, and whose arguments it compares afterwards.

    Decorate what draws the inputs with ``draw``, what is right with ``oracle``, what is known to go wrong with
    ``mistake``, and end the file with ``EXERCISE = judge.exercise()``. Arrays are drawn as NumPy arrays; students get
    them as the course's ``[sandbox]`` says.

    Args:
        exercise: the exercise's id.
        function: the name of the student's function; by default the id.
        tolerance: the largest relative error of a right answer.
        unchanged: the share of the points for leaving the arguments as they were; 0 where they cannot be changed.
        seconds: wall-clock limit of all calls together.
    """

    def __init__(
        self,
        exercise: str,
        *,
        function: str = "",
        tolerance: float = 1e-6,
        unchanged: float = 0.05,
        seconds: float = 10.0,
    ) -> None:
        self.id, self.name = exercise, function or exercise
        self.mistake = Mistakes(self._oracle_of)
        self._tolerance, self._unchanged, self._seconds = tolerance, unchanged, seconds
        self._drawn: list[_Drawn] = []
        self._right: Callable[..., Any] | None = None

    def draw(self, share: float | None = None) -> Callable[[Draw], Draw]:
        """Decorates a function that draws arguments: its name is a check's id, its docstring the check's title.

        Args:
            share: of the points; those that say nothing share equally what the others leave.
        """

        def note(draw: Draw) -> Draw:
            if not draw.__doc__:
                raise ValueError(f"{self.id}: {draw.__name__!r} has no docstring, which is the check's title")
            self._drawn.append(_Drawn(draw.__name__.replace("_", "-"), draw.__doc__, share, draw))
            return draw

        return note

    def oracle(self, right: Callable[..., Any]) -> Callable[..., Any]:
        """Decorates the function that gives the right answer, in float64, for the same arguments."""
        self._right = right
        return right

    def exercise(self) -> Exercise:
        """The exercise.

        Raises:
            ValueError: nothing is drawn, there is no oracle, or the shares do not add up to 1.
        """
        if self._right is None or not self._drawn:
            raise ValueError(f"{self.id}: a judge needs one @….oracle and at least one @….draw()")
        calls = {each.name: self._names(each) for each in self._drawn}
        given = sum(each.share for each in self._drawn if each.share is not None) + self._unchanged
        open_shares = sum(each.share is None for each in self._drawn)
        expected = self._oracle_of(self._right)
        checks = [
            Check(
                each.name,
                each.title,
                share=(1 - given) / open_shares if each.share is None else each.share,
                cases=calls[each.name],
                expected=expected,
                tolerance=self._tolerance,
            )
            for each in self._drawn
        ]
        if self._unchanged:
            names = tuple(name for cases in calls.values() for name in cases)
            checks.append(
                Check(
                    CHANGED,
                    "The arguments stay as they were",
                    share=self._unchanged,
                    cases=names,
                    complaint=changed,
                    fixed=True,
                    needs=tuple(each.name for each in self._drawn),
                )
            )
        return Exercise(
            self.id, self._cases, tuple(checks), tuple(self.mistake), seconds=self._seconds, plain_call=True
        )

    def _names(self, drawn: _Drawn) -> tuple[str, ...]:
        """The names of a draw's cases; how many there are does not depend on the generator."""
        return tuple(case.name for case in self._cases_of(drawn, np.random.default_rng(0)))

    def _cases(self, rng: np.random.Generator) -> list[Case]:
        return [case for each in self._drawn for case in self._cases_of(each, rng)]

    def _cases_of(self, drawn: _Drawn, rng: np.random.Generator) -> list[Case]:
        found = drawn.draw(rng)
        calls = found if isinstance(found, list) else [found]
        return [
            Case(f"{drawn.name} {number}", {"function": self.name, "arguments": list(arguments)})
            for number, arguments in enumerate(calls, start=1)
        ]

    def _oracle_of(self, function: Callable[..., Any]) -> Oracle:
        """From the arguments of a call to its outputs; a mistake that returns NotImplemented does not show there."""

        def oracle(inputs: Tree) -> Mapping[str, Any]:
            value = function(*inputs["arguments"])
            return {} if value is NotImplemented else {"value": value}

        return oracle


def changed(inputs: Tree, outputs: Tree) -> str | None:
    """No argument has changed."""
    return None if outputs["changed"] == [] else "your function changes what it is given; work on copies."
