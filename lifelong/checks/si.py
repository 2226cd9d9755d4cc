"""Check of `si`: SI, the path integral of the gradients along the steps."""

from collections.abc import Sequence
from typing import Any

from lifelong.checks.expect import Known, Names, expect_importance
from lifelong.checks.importances import made
from lifelong.checks.models import linear
from lifelong.checks.walks import OMEGA, consolidated, expect_shape, walk


def check(names: Names) -> str:
    """`SI` over two steps downhill, with one uphill, with a loss that rose, and over two tasks."""
    kind = type(made(names, "SI", "si"))

    def after(steps: Sequence[tuple[float, float]], expected: float, known: Known) -> None:
        method, model = kind(), linear([[0.0]])
        walk(method, model, [{"weight": step} for step in steps])
        story = "After the steps " + ", ".join(f"(g = {g:g}, Δ = {d:g})" for g, d in steps)
        expect_importance(consolidated(method, model), model, {"weight": [[expected]]}, OMEGA, story, known)

    after([(-2.0, 0.5), (-1.0, 0.25)], 1.886792, _SI_KNOWN)
    clamped = "That clamps every step: clamp ω once, at the task's end."
    after([(1.0, 0.25), (-2.0, 0.5)], 1.132075, [({"weight": [[1.509434]]}, clamped)])
    after([(1.0, 0.5)], 0.0, [])
    other = kind()
    other.damping, model = 0.4375, linear([[0.0]])
    walk(other, model, [{"weight": (-2.0, 0.5)}, {"weight": (-1.0, 0.25)}])
    story = "With damping = 0.4375, after the steps (g = −2, Δ = 0.5), (g = −1, Δ = 0.25)"
    fixed: Known = [({"weight": [[1.886792]]}, "Is the damping read from self.damping?")]
    expect_importance(consolidated(other, model), model, {"weight": [[1.25]]}, OMEGA, story, fixed)
    expect_shape(kind())
    _si_over_two_tasks(kind())
    return "the path integral from the real steps, clamped once, started afresh with every task."


_SI_KNOWN: Known = [
    ({"weight": [[1.509434]]}, "The task's last step is missing."),
    ({"weight": [[0.377358]]}, "The task's first step is missing."),
    ({"weight": [[1.470588]]}, "The distance θ_end − θ_start is to be squared."),
    ({"weight": [[2.222222]]}, "The damping is missing."),
    ({"weight": [[7.692308]]}, "The distance is that of the last step: take θ_end − θ_start of the whole task."),
    ({"weight": [[12.5]]}, "The distance is 0: is θ_start a copy? `parameter.detach().clone()` does not move."),
    ({"weight": [[0.754717]]}, "Only the last step counts twice: are gradients and steps kept without a copy?"),
    ({"weight": [[1.730104]]}, "The damping should be added to the square, not squared into it."),
    ({"weight": [[0.0]]}, "Is the sign of ω right? A step down has g · Δ < 0, and ω −= g · Δ makes ω positive."),
]


def _si_over_two_tasks(method: Any) -> None:
    """The second task starts from its own θ_start and from ω = 0, and its importance is added to the first's."""
    model = linear([[0.0]])
    walk(method, model, [{"weight": (-2.0, 0.5)}, {"weight": (-1.0, 0.25)}])
    consolidated(method, model)
    method.strength = 1.0
    walk(method, model, [{"weight": (-1.0, 0.25)}] * 2)
    known: Known = [
        ({"weight": [[1.886792 + 5.0]]}, "The first task's ω is still in it: set ω to 0 when a task begins."),
        ({"weight": [[1.886792 + 0.300752]]}, "θ_start is still that of the first task."),
        ({"weight": [[1.886792 + 1.052632]]}, "ω and θ_start are still those of the first task."),
        ({"weight": [[1.428571]]}, "The first task's Ω is gone: Ω adds up over the tasks."),
        ({"weight": [[1.886792]]}, "The second task is missing."),
    ]
    story = "After a second task of two steps (g = −1, Δ = 0.25)"
    expect_importance(consolidated(method, model), model, {"weight": [[1.886792 + 1.428571]]}, OMEGA, story, known)
