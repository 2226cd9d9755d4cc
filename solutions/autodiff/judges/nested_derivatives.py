"""Judge ``nested_derivatives``: derivatives inside derivatives, by differences inside differences."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Slip, Tree
from autograder.judging.example import shown

from .exact import ASKED, REFUSED, case, decimals, draw_number, exact, exact_check, slope, staged

CALLS: dict[str, str] = ASKED["calls"]

CAPTURED = ("sum", "product", "difference", "older minus newer", "plain minus both", "two inside", "three deep")


def draw(rng: np.random.Generator) -> list[Case]:
    """Every nesting, and two of them in floats."""
    names = [(name, "precise") for name in CALLS] + [("second", "float"), ("product", "float")]
    numbers = [[draw_number(rng) for _ in range(3)] for _ in names]
    # what an operator changes shows where its operands are used again, and what counts tags wrong where there are many
    return [case(*each, nesting=each[0], call=CALLS[each[0]], x=x) for each, x in zip(names, numbers, strict=True)]


def called(inputs: Tree, derivative: Callable[[Callable[[Any], Any], Any], Any]) -> Any:
    """What the call gives with such a ``derivative``."""
    return eval(CALLS[inputs["nesting"]], {"D": derivative, **dict(zip("abc", decimals(inputs["x"]), strict=True))})


def derived(inputs: Tree) -> dict[str, Any]:
    """The derivative."""
    return {"derivative": called(inputs, lambda f, x: slope(lambda t: f(x + t)))}


class Tagged:
    """A dual number with a tag, of somebody who makes the mistakes of these names."""

    def __init__(self, value: Any, slope: Any, tag: int, wrong: Collection[str]) -> None:
        self.value, self.slope, self.tag, self.wrong = value, slope, tag, wrong

    def meet(self, other: Any) -> tuple[int, Any, Any, Any, Any]:
        """As in the notebook."""
        wrong, theirs = self.wrong, getattr(other, "tag", 0)
        pick: Callable[..., int] = min if "outer-wins" in wrong and theirs else max
        tag = self.tag if "own-tag-wins" in wrong else pick(self.tag, theirs)

        def seen(x: Any) -> tuple[Any, Any]:
            if not isinstance(x, Tagged):
                return x, int("plain-has-slope" in wrong)
            if x.tag == tag or "tags-ignored" in wrong:
                return x.value, x.slope
            return (x.value if "older-slope-dropped" in wrong else x), 0

        return (tag, *seen(self), *seen(other))

    def _made(self, value: Any, slope: Any, tag: int) -> Tagged:
        return Tagged(value, slope, tag, self.wrong)

    def __add__(self, other: Any) -> Tagged:
        tag, a, da, b, db = self.meet(other)
        return self._made(a + b, da if "sum-one-slope" in self.wrong else da + db, tag)

    def __sub__(self, other: Any) -> Tagged:
        if "composed" in self.wrong:
            return self + other * (1 if "difference-sign" in self.wrong else -1)
        tag, a, da, b, db = self.meet(other)
        return self._made(a - b, da + db if "difference-sign" in self.wrong else da - db, tag)

    def __mul__(self, other: Any) -> Tagged:
        tag, a, da, b, db = self.meet(other)
        forms: dict[str, Callable[[], Any]] = {
            "product-one-term": lambda: da * b,
            "product-other-term": lambda: a * db,
            "product-of-slopes": lambda: da * db,
            "product-swapped": lambda: da * a + b * db,
            "product-sign": lambda: da * b - a * db,
            "product-sign-turned": lambda: a * db - da * b,
            "product-keeps-the-square": lambda: da * b + a * db + da * db,
            "": lambda: da * b + a * db,
        }
        form = next((each for each in forms if each in self.wrong), "")
        return self._made(a * b, forms[form](), tag)

    def __radd__(self, other: Any) -> Tagged:
        return self + other

    def __rmul__(self, other: Any) -> Tagged:
        made = self * other
        return self._made(made.value, 0, made.tag) if "reversed-product-without-slope" in self.wrong else made

    def __rsub__(self, other: Any) -> Tagged:
        if "reversed-difference" in self.wrong:
            return self - other
        turned = self * -1 + other
        if "plain-minus-slope" in self.wrong:
            turned.slope = turned.slope * -1
        return turned


def simulated(inputs: Tree, **wrong: bool) -> dict[str, Any]:
    """The derivative of somebody who makes these mistakes; nothing where there is no number."""
    calls = open_calls = 0

    def derivative(f: Callable[[Any], Any], x: Any) -> Any:
        nonlocal calls, open_calls
        calls += 1
        tag = 1 if "perturbation-confusion" in wrong else -calls if "newer-is-smaller" in wrong else calls
        if "tag-of-the-argument" in wrong:
            tag = getattr(x, "tag", 0) + 1
        if "counted-afterwards" in wrong:
            calls -= 1
        if "two-tags-only" in wrong:
            open_calls += 1
            tag = min(open_calls, 2)
        point = getattr(x, "value", x) if "outer-argument-dropped" in wrong else x
        result = f(Tagged(point, x if "slope-not-one" in wrong else 1, tag, wrong))
        open_calls -= "two-tags-only" in wrong
        calls += "counted-afterwards" in wrong
        due = calls if "counter-in-place-of-tag" in wrong else tag
        if not isinstance(result, Tagged) or (result.tag != due and "foreign-slope" not in wrong):
            return result if "plain-returned" in wrong else 0
        found = result.value if "value-returned" in wrong else result.slope
        while "result-made-plain" in wrong and isinstance(found, Tagged):
            found = found.value
        return found

    found = called(inputs, derivative)
    numbers = found if isinstance(found, list) else [found]
    return {} if any(isinstance(each, Tagged) for each in numbers) else {"derivative": found}


mistake = Mistakes(staged(simulated), beside=__file__)
for name in mistake.table:
    mistake.listed(name, {name: True})
for name in ("reversed-difference", "plain-minus-slope"):
    mistake.listed(name, {name: True, "composed": True})


def called_often(inputs: Tree, outputs: Tree) -> Slip | None:
    """What is wrong where there are more tags than elsewhere."""
    if not np.isclose(np.ravel(outputs["derivative"])[0], exact(derived)(inputs)["derivative"][0], rtol=1e-9):
        return None
    words = 'After many calls of `derivative` your result is wrong: every call needs a tag of its own, larger than all before as a number (as text "10" comes before "9").'
    return Slip("tags-of-many-calls", words)


def operand_changed(inputs: Tree, outputs: Tree) -> Slip | None:
    """An operator that changes what it is given."""
    words = "An operator changes one of its operands, which is wrong as soon as that is used again: the result is a new `Tagged`."
    return Slip("changes-operands", words) if outputs["changed"] is True else None


check = partial(exact_check, oracle=derived, slip=operand_changed)
constants = partial(check, cases=("constant", "forgets the inner"), needs=("single",))
CHECKS = (
    check("single", "One derivative", share=0.15, cases=("plain", "from a number", "used again")),
    check(
        "higher", "Second and third derivatives", share=0.25, cases=("second", "third", "within", "second in floats")
    ),
    check(
        "captured", "An inner function that uses the outer variable", share=0.35, cases=(*CAPTURED, "product in floats")
    ),
    constants("constants", "Functions that do not depend on their variable", share=0.2),
    check("often", "Calls by the hundred", share=0.05, needs=("captured",), slip=called_often),
)


def described(inputs: Tree) -> str:
    """The call, and its three numbers."""
    return f"`{inputs['call']}` (D is `derivative`, a, b, c = {', '.join(map(shown, inputs['x']))})"


mistake.add(*REFUSED)
EXERCISE = Exercise("nested_derivatives", draw, CHECKS, **mistake.known, described=described, hidden=("nesting",))
