"""An exercise that is one function: these inputs, this right answer. It needs no probe."""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.judging.answer import Unsendable, comparable, finite_part, gaps, is_finite, leaves, plain
from autograder.judging.compare import Difference, compare
from autograder.judging.example import shown
from autograder.judging.exercise import CHANGED_TOLD, TOLERANCE, Case, Check, Exercise, Formula, Mistake, Tree
from autograder.judging.mistakes import Mistakes, docstring

Draw = Callable[[np.random.Generator], Any]
"""From a seeded generator to the arguments of a call, a tuple; or several such tuples, for several calls."""

PRECISE = 1e-6
"""The largest relative error of a right answer where nothing is drawn in single precision."""

UNCHANGED = "unchanged"
CHANGED = Mistake("changes-arguments", CHANGED_TOLD, lambda inputs: {"changed": True}, checks=(UNCHANGED,))
"""The one mistake that can be made in every function whose arguments can be changed."""


@dataclass(frozen=True)
class _Drawn:
    """One decorated ``draw``, which is a check."""

    name: str
    title: str
    share: float | None
    needs: tuple[str, ...]
    draw: Draw


class Function:
    """The judge of one function of the student's, which the tool calls, and whose arguments it compares afterwards.

    Decorate what draws the arguments with ``draw``, what is right with ``oracle`` and what is known to go wrong with
    ``mistake``; end the file with ``EXERCISE = judge.exercise()``. The oracle and the mistakes take the arguments that
    were drawn and return what a student's function should, or would; a mistake that does not show for some arguments
    returns NotImplemented. Arguments and answers are None, booleans, numbers, text, arrays, and lists and dicts of
    them. Students get arrays as tensors in a course whose sandbox imports torch, unless the judge says ``numpy=True``,
    and tuples as lists.

    An answer is right if it holds what the oracle's does: numbers may be in a list, a tuple, an array or a tensor.

    Args:
        exercise: the exercise's id.
        function: the name of the student's function; by default the id.
        tolerance: the largest relative error of a right answer. By default 0 where the right answers are whole numbers,
            a thousandth where single precision is drawn, else a millionth.
        unchanged: the share of the points for leaving arguments as they were, where there are some that can be changed.
        seconds: wall-clock limit of all calls together.
        numpy: whether students get NumPy arrays also in a course whose sandbox imports torch.
    """

    def __init__(
        self,
        exercise: str,
        *,
        function: str = "",
        tolerance: float | None = None,
        unchanged: float = 0.05,
        seconds: float = 10.0,
        numpy: bool = False,
    ) -> None:
        self.id, self.name = exercise, function or exercise
        self.mistake = Mistakes(partial(partial, self._told))
        self._tolerance, self._unchanged, self._seconds = tolerance, unchanged, seconds
        self._call = {"function": self.name, **({"numpy": True} if numpy else {})}
        self._answer = f"{self.name}(…)"
        self._finite, self._gaps = f"the finite part of {self._answer}", f"where {self._answer} is NaN or infinite"
        self._drawn: list[_Drawn] = []
        self._right: Callable[..., Any] | None = None
        self._latest: tuple[Tree, Any] = {}, None

    def draw(self, share: Any = None, *, needs: tuple[str, ...] = ()) -> Any:
        """Decorates a function that draws arguments: its name is a check's id, its docstring the check's title.

        Without brackets it says nothing of its share.

        Args:
            share: of the points for answers; those that say nothing share equally what the others leave.
            needs: the checks above that must hold for this one to count: a constant may be right in an odd case.
        """

        def note(draw: Draw) -> Draw:
            title = docstring(draw, "the check's title").removesuffix(".")
            name = draw.__name__.replace("_", "-")
            if any(each.name == name for each in self._drawn):
                raise ValueError(f"{self.id}: {name!r} is drawn twice; the checks need names of their own")
            self._drawn.append(_Drawn(name, title, None if callable(share) else share, needs, draw))
            return draw

        return note(share) if callable(share) else note

    def oracle(self, right: Callable[..., Any]) -> Callable[..., Any]:
        """Decorates the function that gives the right answer."""
        self._right = right
        return right

    def exercise(self) -> Exercise:
        """The exercise, once the oracle and every mistake have answered what one seed draws.

        Raises:
            ValueError: something is missing, fails or gives what cannot be compared, or the shares do not add up to 1.
        """
        if self._right is None or not self._drawn:
            raise ValueError(f"{self.id}: a judge needs one @….oracle and at least one @….draw()")
        cases = {each.name: self._cases_of(each, np.random.default_rng(0)) for each in self._drawn}
        every = [case for found in cases.values() for case in found]
        self._rehearse(every)
        calls = {name: tuple(case.name for case in found) for name, found in cases.items()}
        tolerance = self._tolerance_for(every) if self._tolerance is None else self._tolerance
        ordinary = [each.name for each in self._drawn if not each.needs]
        can_change = any(_can_change(case) for name in ordinary for case in cases[name])
        unchanged = self._unchanged if can_change else 0.0
        checks = [*self._answer_checks(calls, tolerance=tolerance, whole=1 - unchanged)]
        if unchanged:
            self.mistake.add(CHANGED)
            names = tuple(case.name for name in ordinary for case in cases[name] if _can_change(case))
            checks.append(_unchanged_check(names, share=unchanged, needs=tuple(ordinary)))
        formula = Formula(self._right, partial(partial, self._told), tuple(calls))
        more: Any = {"seconds": self._seconds, "plain_call": True, "read": self._read, "described": self._described}
        more |= {"mistakes": tuple(self.mistake), "formulas": (formula,)}
        return Exercise(self.id, lambda rng: self._cases(rng, calls), tuple(checks), **more)

    def _answer_checks(self, calls: dict[str, tuple[str, ...]], *, tolerance: float, whole: float) -> Iterator[Check]:
        """A check for each draw; their shares add up to ``whole``."""
        given = sum(each.share for each in self._drawn if each.share is not None)
        silent = sum(each.share is None for each in self._drawn)
        for each in self._drawn:
            share = whole * ((1 - given) / silent if each.share is None else each.share)
            more: Any = {"needs": each.needs, "tolerance": tolerance, "likeness": tolerance or PRECISE}
            more["complaint"] = lambda inputs, outputs: self._complaint(inputs, outputs, tolerance)
            cases = calls[each.name]
            yield Check(each.name, each.title, share=share, cases=cases, expected=self._expected, **more)

    def _cases(self, rng: np.random.Generator, calls: dict[str, tuple[str, ...]]) -> list[Case]:
        found = {each.name: self._cases_of(each, rng) for each in self._drawn}
        for name, cases in found.items():
            if len(cases) != len(calls[name]):
                raise ValueError(f"{self.id}: {name!r} must draw as many calls with every seed")
        return [case for cases in found.values() for case in cases]

    def _cases_of(self, drawn: _Drawn, rng: np.random.Generator) -> list[Case]:
        found = drawn.draw(rng)
        calls = [found] if isinstance(found, tuple) else list(found)
        for arguments in calls:
            if not isinstance(arguments, tuple):
                message = f"{self.id}: {drawn.name!r} must draw the arguments of each call as a tuple, (x,) where there is one"
                raise ValueError(message)
        try:
            inputs = [{**self._call, "arguments": plain(each, tuples=False)} for each in calls]
        except Unsendable as error:
            raise ValueError(f"{self.id}: {drawn.name!r} draws {error}, which cannot be sent to the sandbox") from None
        return [Case(f"{drawn.name} {number}", each) for number, each in enumerate(inputs, start=1)]

    def _rehearse(self, cases: Sequence[Case]) -> None:
        """Ask the oracle and every mistake once, so that what is wrong with them shows before anybody hands in.

        Raises:
            ValueError: one of them fails.
        """
        mistakes = {f"the mistake {each.name!r}": each.expected for each in self.mistake}
        for name, oracle in {"the oracle": self._expected, **mistakes}.items():
            for case in cases:
                where = f"on {case.name!r}"
                try:
                    case.told(oracle)
                except Unsendable as error:
                    raise ValueError(f"{self.id}: {name} answers {error} {where}, which no student can") from None
                except Exception as error:
                    raise ValueError(f"{self.id}: {name} fails {where}: {error!r}") from error

    def _tolerance_for(self, cases: Sequence[Case]) -> float:
        """The largest relative error of a right answer, where the author names none."""
        answers = [leaf for case in cases for leaf in leaves(self._answered(case.inputs))]
        if not any(isinstance(leaf, float) or getattr(leaf, "dtype", np.dtype(int)).kind == "f" for leaf in answers):
            return 0.0
        drawn = [leaf for case in cases for leaf in leaves(case.inputs["arguments"])]
        single = any(isinstance(leaf, np.ndarray) and leaf.dtype in (np.float16, np.float32) for leaf in drawn)
        return TOLERANCE if single else PRECISE

    def _answered(self, inputs: Tree) -> Any:
        """The oracle's answer; the latest is kept, since reading, comparing and the words ask for the same one."""
        known, answer = self._latest
        if known is not inputs:
            answer = _call(self._right, inputs)
            self._latest = inputs, answer
        return answer

    def _expected(self, inputs: Tree) -> Tree:
        return self._form(self._answered(inputs))

    def _told(self, wrong: Callable[..., Any], inputs: Tree) -> Tree:
        """What a mistake answers, as the outputs that are compared."""
        answer = _call(wrong, inputs)
        return {} if answer is NotImplemented else self._form(answer)

    def _form(self, answer: Any) -> Tree:
        """An answer as the outputs that are compared; no NaN or infinity ever equals a number, so they stand apart."""
        value = comparable(answer, answer)
        if is_finite(value):
            return {self._answer: value}
        return {self._finite: finite_part(value), self._gaps: gaps(value)}

    def _read(self, inputs: Tree, outputs: Tree) -> Tree:
        """What came back, as the outputs that are compared."""
        value = comparable(outputs["value"], self._answered(inputs))
        found = {self._answer: value, "changed": outputs["changed"] != []}
        return found if is_finite(value) else found | {self._finite: finite_part(value), self._gaps: gaps(value)}

    def _described(self, inputs: Tree) -> str:
        """The call, as a student would write it."""
        return f"`{self.name}({', '.join(map(shown, inputs['arguments']))})`"

    def _complaint(self, inputs: Tree, outputs: Tree, tolerance: float) -> Difference | None:
        """What is wrong with an answer, in words that fit any function."""
        if outputs[self._answer] is None and self._answered(inputs) is not None:
            return Difference("missing", self._answer, lambda: f"{self._answer} is None: is a `return` missing?")
        found = compare(self._expected(inputs), outputs, tolerance)
        if found is not None and found.kind == "missing" and self._finite in found.text:
            return Difference("missing", self._answer, lambda: f"{self._answer} should hold NaN or infinity here.")
        return found


def _call(function: Callable[..., Any] | None, inputs: Tree) -> Any:
    """What an author's function answers; it may do what it likes with its arguments."""
    assert function is not None
    with np.errstate(all="ignore"):
        answer = function(*copy.deepcopy(inputs["arguments"]))
    return answer if answer is NotImplemented else plain(answer, tuples=True)


def _can_change(case: Case) -> bool:
    """Whether a case has an argument that a function could change."""
    kinds = (np.ndarray, list, dict)
    return any(isinstance(each, kinds) and len(leaves(each)) > 0 for each in case.inputs["arguments"])


def _unchanged_check(cases: tuple[str, ...], *, share: float, needs: tuple[str, ...]) -> Check:
    def complaint(_: Tree, outputs: Tree) -> str | None:
        return CHANGED.message if outputs["changed"] else None

    more: Any = {"complaint": complaint, "fixed": True, "needs": needs}
    return Check(UNCHANGED, "The arguments stay as they were", share=share, cases=cases, **more)
