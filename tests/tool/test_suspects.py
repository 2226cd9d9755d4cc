"""Mistakes that are on no list: two at once in different stages, and one wrong place in a formula; never by chance."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.judging.exercise import Case, Check, Exercise, Formula, Mistake, Outcome, Reply, Tree
from autograder.judging.judge import judge
from autograder.judging.mistakes import Changed, Mistakes
from autograder.judging.suspects import guarded, telling
from tests.course.bank_reference import BY_ID


def staged(inputs: Tree, power: float = 2, factor: float = 1, shift: float = 0) -> Tree:
    return {"value": factor * inputs["x"] ** power + shift * inputs["n"]}


def weighed(x: Any, n: int) -> Any:
    """A formula; one place of it may be wrong."""
    return 3 * x - abs(x - 1) / (n + 1)


CASES = [Case(f"{n}", {"x": np.array([0.3, 1.9, 2.6]), "n": n}) for n in (2, 5)]
STAGES = {"cubed": {"power": 3}, "rooted": {"power": 0.5}, "doubled": {"factor": 2}, "shifted": {"shift": 0.0}}
MISTAKES = tuple(Mistake(name, f"You {name}.", Changed(staged, stages)) for name, stages in STAGES.items())


def mistakes_of(answer: Callable[..., Any], right: Any, cases: list[Case] = CASES, **more: Any) -> dict[str, str]:
    check = Check("value", "The value", share=1.0, cases=tuple(case.name for case in cases), expected=right)
    replies = [Reply(Outcome.OK, {"value": answer(**case.inputs)}) for case in cases]
    return judge(Exercise("f", lambda rng: cases, (check,), **more), cases, replies, 1.0).explanations


def test_a_table_says_what_stages_replace_and_what_shows_alike(tmp_path: Path) -> None:
    rows = (f'[{name}]\nsays = "You {name}."\n' for name in ("cubed", "doubled", "shifted"))
    (tmp_path / "f.toml").write_text("\n".join([*rows, '[blank]\nsays = "Nothing."\ngives = { value = 0 }']))
    mistake = Mistakes(beside=str(tmp_path / "f.py"))
    wrong = mistake.stages(staged)
    wrong("cubed", power=3)
    wrong.each("factor", {"doubled": 2})
    wrong.ways("shifted", "shift", 1, 2)
    mistake.given()
    told = [(each.name, each.message, each.expected({"x": 3, "n": 5})["value"]) for each in mistake]
    values = [("cubed", 27), ("doubled", 18), ("shifted", 14), ("shifted", 19)]
    assert told == [*((name, f"You {name}.", value) for name, value in values), ("blank", "Nothing.", 0)]


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (lambda x, n: x**3, "cubed"),
        (lambda x, n: 2 * x**3, "cubed + doubled"),
        (lambda x, n: 7 * x**3, None),
        (lambda x, n: 0 * x, None),
    ],
)
def test_two_mistakes_in_different_stages_are_named_together(answer: Callable[..., Any], name: str | None) -> None:
    assert [*mistakes_of(answer, staged, mistakes=MISTAKES)] == ([name] if name else [])


FORMULA = Formula(weighed, lambda rule: lambda inputs: {"value": rule(**inputs)})


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x, n: 3 * x - abs(x - 1) / n + 1, "`3 * x - abs(x - 1) / n + 1` in place of"),
        (lambda x, n: 3 * (x / 2) - abs(x / 2 - 1) / (n + 1), "`x / 2` in place of `x`"),
        (lambda x, n: 3 * x - abs(x - 1) / (n + 1) + 0.37, ""),
        (lambda x, n: 3 * x - (abs(x - 1) / n + 1), "`abs(x - 1) / n + 1` in place of `abs(x - 1) / (n + 1)`"),
        (lambda x, n: 3 * x - (x - 1) / (n + 1), "`x - 1` in place of `abs(x - 1)`"),
        (lambda x, n: 3 * x - abs(x - 1) / n, "`abs(x - 1) / n` in place of `abs(x - 1) / (n + 1)`"),
        (lambda x, n: -(3 * x - abs(x - 1) / (n + 1)), "`abs(x - 1) / (n + 1) - 3 * x` in place of"),
    ],
)
def test_one_wrong_place_in_a_formula_is_told(answer: Callable[..., Any], words: str) -> None:
    said = mistakes_of(answer, FORMULA.oracle(weighed), formulas=(FORMULA,))
    assert words in "".join(said.values())
    assert bool(said) == bool(words)


def test_what_is_infinite_explains_nothing() -> None:
    infinite = Mistake("divided", "You divide.", lambda inputs: {"value": np.array([1, np.inf])})
    assert guarded(infinite).expected({}) == {}


def test_a_few_whole_numbers_name_nothing() -> None:
    whole = [Case("whole", {"x": np.array([1, 3]), "n": 1})]
    assert not mistakes_of(lambda x, n: 4 * x, lambda inputs: {"value": 3 * inputs["x"]}, whole, formulas=(FORMULA,))
    assert telling({"value": np.array([3.0, 1 - 1e-15])}) == telling({"value": np.array([3, 1])}) == 2


STAGED = [each for each in BY_ID.values() if any(isinstance(known.expected, Changed) for known in each.mistakes)]
WITH_SUSPECTS = STAGED + [each for each in BY_ID.values() if each.formulas]


@pytest.mark.parametrize("exercise", WITH_SUSPECTS, ids=lambda each: each.id)
def test_a_factor_that_nobody_has_gets_no_name(exercise: Exercise) -> None:
    cases, replies = {exercise: exercise.draw(np.random.default_rng(1))}[exercise], []  # draws are kept by exercise
    for case in cases:
        oracles = [check.expected or check.example for check in exercise.checks if case.name in check.cases]
        right = {key: value for oracle in oracles if oracle for key, value in case.told(oracle).items()}
        replies.append(Reply(Outcome.OK, scaled(right)))
    assert judge(replace(exercise, read=None), cases, replies, 1.0).mistakes == ()


def scaled(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: scaled(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [scaled(value) for value in tree]
    if isinstance(tree, bool | str) or tree is None:
        return tree
    return (np.asarray(tree) * 1.2345).astype(np.asarray(tree).dtype)
