"""Check of `rwalk`: RWalk, running Fisher information plus path score."""

from collections.abc import Sequence
from typing import Any

from lifelong.checks.expect import Known, Names, expect_importance
from lifelong.checks.importances import made
from lifelong.checks.models import linear
from lifelong.checks.penalty import expect_anchor
from lifelong.checks.walks import OMEGA, Step, consolidated, expect_shape, walk

ONE_INTERVAL: list[Step] = [{"weight": (-1.0, 0.5), "bias": (-1.0, 0.2)}, {"weight": (-2.0, 0.5), "bias": (-1.0, 0.2)}]
THEN_ONE_MORE: list[Step] = [*ONE_INTERVAL, {"weight": (-1.0, 0.5), "bias": (-1.0, 0.2)}]
CROSSED: list[Step] = [{"weight": step["bias"], "bias": step["weight"]} for step in ONE_INTERVAL]
UPHILL: list[Step] = [{"weight": (1.0, 0.5), "bias": (-1.0, 0.2)}, {"weight": (2.0, 0.5), "bias": (-1.0, 0.2)}]
DOWNHILL: list[Step] = [{"weight": (-1.0, 0.5), "bias": (-1.0, 0.2)}] * 2
DOWN_AND_BACK: list[Step] = [DOWNHILL[0], {"weight": (-1.0, -0.25), "bias": (-1.0, 0.2)}]


def check(names: Names) -> str:
    """`RWalk` with interval 2 over one interval, one and a half, an uphill walk, no walk at all, and three tasks."""
    kind = type(made(names, "RWalk", "rwalk"))

    def after(steps: Sequence[Step], expected: tuple[float, float], story: str, known: Known) -> None:
        method, model = _small_rwalk(kind), linear([[0.0]], [0.0])
        walk(method, model, steps)
        want = {"weight": [[expected[0]]], "bias": [expected[1]]}
        expect_importance(consolidated(method, model), model, want, OMEGA, f"{_SETTING}, {story}", known)

    after(ONE_INTERVAL, (1.346154, 1.270270), _WEIGHT_AND_BIAS, _RWALK_KNOWN)
    after(
        THEN_ONE_MORE,
        (1.694697, 1.787402),
        "after the same two steps and a third, (g = −1, Δ = 0.5) and (g = −1, Δ = 0.2)",
        [
            (_both(1.346154, 1.787402), "The unfinished interval is lost: score it at the task's end."),
            (_both(1.475934, 1.787402), "ω and d are to be 0 after every interval."),
            (_both(1.373333, 1.787402), "d, too, is to be 0 after every interval."),
            (_both(2.0, 1.637208), "ω, too, is to be 0 after every interval."),
            (_both(1.610521, 1.787402), "That is one ratio for the whole task: score every `self.interval` steps."),
        ],
    )
    story = "when the weight walks uphill (g = 1, then 2, Δ = 0.5 each)"
    after(UPHILL, (1.0, 1.270270), story, [(_both(0.653846, 1.270270), "A score below 0 counts as 0: relu it.")])
    known: Known = [
        (_both(2.0, 1.583333), "Clamp the interval's score, not each step."),
        (_both(1.295082, 2.0), "d is how far the interval has led, signs and all, not how long the way was."),
    ]
    after(DOWN_AND_BACK, (1.857143, 2.0), "when the weight walks down, then back (g = −1, Δ = 0.5, then −0.25)", known)
    known = [(_both(1.193671, 1.973710), "A score below 0 counts as 0 in its own interval: relu each before you add.")]
    after([*UPHILL, *DOWNHILL], (1.366748, 1.973710), "when it walks uphill for an interval, then down for one", known)
    still: list[Step] = [{"weight": (0.0, 0.0), "bias": (0.0, 0.0)}] * 2
    after(still, (0.0, 0.0), "when every gradient and every step is 0 (a term whose largest value is 0 is 0)", [])
    _rwalk_over_three_tasks(_small_rwalk(kind))
    expect_shape(_small_rwalk(kind))
    return "running Fisher plus path score, each over its largest entry; the new Ω replaces the old."


_SETTING = "With alpha = 0.9, interval = 2, epsilon = 0.1"

_WEIGHT_AND_BIAS = (
    "after two steps of the weight, (g = −1, Δ = 0.5) and (g = −2, Δ = 0.5), and of the bias, (g = −1, Δ = 0.2) twice"
)


def _both(weight: float, bias: float) -> dict[str, Any]:
    return {"weight": [[weight]], "bias": [bias]}


_RWALK_KNOWN: Known = [
    (_both(1.256579, 1.270270), "The ½ before F d² is missing."),
    (_both(1.9, 1.769231), "α and 1 − α are swapped: the new gradient has the weight α = 0.9."),
    (_both(0.346154, 0.270270), "F and s are to be added, not multiplied."),
    (_both(1.345501, 1.268293), "The very first step sets F = g², without α."),
    (_both(1.576923, 1.270270), "d is to be squared."),
    (_both(1.178590, 1.270270), "ε belongs into the denominator, to ½ F d²."),
    (_both(2.0, 2.0), "That divides each tensor by its own maximum: take one maximum over all parameters."),
    (_both(1.8, 1.270270), "d is that of the last step: add the steps of the interval up."),
    (_both(1.0, 0.270270), "Only F is in it, without the score s."),
    (_both(0.346154, 1.0), "Only the score s is in it, without F."),
    (_both(1.164100, 1.270270), "Is ε read from self.epsilon?"),
    (_both(4.469231, 3.222222), "F and s are to be divided by their largest entries."),
]


def _small_rwalk(kind: Any) -> Any:
    """An RWalk whose interval and ε suit numbers that can be worked by hand."""
    method = kind()
    method.alpha, method.interval, method.epsilon = 0.9, 2, 0.1
    return method


def _rwalk_over_three_tasks(method: Any) -> None:
    """F carries on, s is averaged with the earlier one, and Ω is replaced; whatever α is, and where intervals end."""
    model, method.alpha = linear([[0.0]], [0.0]), 0.5
    for steps in (THEN_ONE_MORE, CROSSED, ONE_INTERVAL):
        walk(method, model, steps)
        consolidated(method, model)
    known: Known = [
        (_both(4.895262, 5.111306), "Ω is to be replaced by the new one, not added to it."),
        (_both(1.573379, 1.539877), "A task's s is to be averaged with the one before: ½(before + this)."),
        (
            _both(1.843356, 1.539877),
            "A task's s is to be averaged with the one before, not added to it: ½(before + this).",
        ),
        (_both(1.754325, 1.4), "F carries on from one task to the next: set it once, at the very first step."),
        (_both(1.812147, 1.539877), "The first task's score is to be kept whole; only later ones are averaged."),
        (_both(1.713779, 1.277565), "Is α read from self.alpha?"),
        (_both(2.0, 1.524143), "Every task begins an interval of its own: count its steps anew."),
    ]
    story = "With alpha = 0.5, interval = 2, epsilon = 0.1, after tasks of 3, 2 and 2 steps, weight and bias with changed roles in the second"
    expect_importance(method.omega, model, _both(1.784982, 1.539877), OMEGA, story, known)
    expect_anchor(method, model)
