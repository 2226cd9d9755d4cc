"""Check of `sgd_engine`: training with hooks, as in Torchnet."""

from functools import partial
from itertools import chain, repeat
from typing import Any

from lifelong.checks.expect import CheckFailed, Names, expect, lookup


class _Network:
    """y = w x in Torch7's manner."""

    def __init__(self, diary: list[str]) -> None:
        self.diary, self.w, self.dw, self.output = diary, 1.0, 1.0, 0.0
        self.training, self.evaluate = partial(diary.append, "training()"), partial(diary.append, "evaluate()")

    def forward(self, x: float) -> float:
        self.diary.append("forward")
        self.output = self.w * x
        return self.output

    def zeroGradParameters(self) -> None:
        self.dw = 0.0

    def backward(self, x: float, g: float) -> float:
        self.diary.append("backward")
        self.dw += g * x
        return g * self.w

    def updateParameters(self, rate: float) -> None:
        self.diary.append("update")
        self.w -= rate * self.dw


class _Criterion:
    """The error itself."""

    output = gradInput = 0.0

    def forward(self, y: float, t: float) -> float:
        self.output = y - t
        return self.output

    def backward(self, y: float, t: float) -> float:
        self.gradInput = 1.0
        return 1.0


STEP = ["onSample", "forward", "onForward", "onForwardCriterion", "onBackwardCriterion", "backward", "onBackward"]


def check(names: Names) -> str:
    """One epoch of one sample, a stop after two epochs of nine, and a test."""
    engine_class = lookup(names, "SGDEngine", "sgd_engine")
    diary: list[str] = []
    seen: dict[str, tuple[Any, ...]] = {}

    def samples() -> list[dict[str, float]]:
        return [{"input": 2.0, "target": 1.0}]

    def made() -> Any:
        engine = engine_class()
        hooks = ("onStart", "onStartEpoch", *STEP, "onUpdate", "onEndEpoch", "onEnd")
        engine.hooks |= {each: partial(_noted, each, diary, seen) for each in hooks if each.startswith("on")}
        return engine

    network = _Network(diary)
    made().train(network, _Criterion(), samples, 0.1, 1)
    right = ["onStart", "training()", "onStartEpoch", *STEP, "update", "onUpdate", "onEndEpoch", "onEnd"]
    _ordered(diary, right, "one epoch of one sample")
    expect(network.w, 0.8, "y = w x from w = 1 after one step of rate 0.1 at x = 2: w")
    for name, moment in (("onSample", (0, 0)), ("onUpdate", (0, 1)), ("onEndEpoch", (1, 1))):
        if seen[name][:2] != moment:
            raise CheckFailed(f"In {name} of the first epoch, (epoch, t) should be {moment}, but is {seen[name][:2]}.")
    if seen["onSample"][2] != samples()[0]:
        raise CheckFailed(f"In onSample, state['sample'] should be the new sample, but is {seen['onSample'][2]!r}.")
    network = _Network([])
    engine_class().train(network, _Criterion(), lambda: samples() + samples(), 0.1, 1)
    known = [(0.4, "Zero the gradients before each backward.")]
    expect(network.w, 0.6, "y = w x from w = 1 after two such samples: w", known)
    engine, network = engine_class(), _Network([])

    def stop(state: dict[str, Any]) -> None:
        state["lr"] /= 2
        if state["epoch"] == 2:
            state["maxepoch"] = 2

    engine.hooks["onEndEpoch"], inputs = stop, chain([2.0], repeat(4.0))
    engine.hooks["onBackwardCriterion"] = lambda state: setattr(state["criterion"], "gradInput", 1.5)
    state = engine.train(network, _Criterion(), lambda: iter([{"input": next(inputs), "target": 1.0}]), 0.1, 9)
    if state is None or state["epoch"] != 2:
        raise CheckFailed("A hook set state['maxepoch'] to 2 after two epochs of nine, but training went on.")
    expect(network.diary.count("training()"), 2, "calls of network.training() in two epochs")
    call = "with a hook that halves state['lr'] after each epoch, one that sets the criterion's gradInput to 1.5, x = 2 in the first and 4 in the second, w in the end"
    known = [(0.1, "Read state['lr']."), *((each, "Call iterator() anew in every epoch.") for each in (0.55, 0.7))]
    known.append((0.6, "Hand on criterion.gradInput."))
    expect(network.w, 0.4, call, known)
    diary.clear()
    state = made().test(_Network(diary), samples, _Criterion())
    right = ["onStart", "evaluate()", "onSample", "forward", "onForward", "onForwardCriterion", "onEnd"]
    _ordered(diary, right, "a test of one sample")
    for name, t in (("onSample", 0), ("onForward", 1)):
        if seen[name][1] != t:
            raise CheckFailed(f"In {name} of a test's first sample, t should be {t}, but is {seen[name][1]}.")
    if state is None or state.get("training", True):
        raise CheckFailed("test should return the state, with training False.")
    if surplus := [name for name in ("lr", "maxepoch", "epoch") if name in state]:
        raise CheckFailed(f"A test's state should have no lr, maxepoch or epoch, but has {', '.join(surplus)}.")
    return "hooks in their order, a state that hooks may change, and tests that do not train."


def _noted(name: str, diary: list[str], seen: dict[str, tuple[Any, ...]], state: dict[str, Any]) -> None:
    diary.append(name)
    seen[name] = (state.get("epoch"), state["t"], state["sample"])


def _ordered(diary: list[str], right: list[str], story: str) -> None:
    for at, (got, wanted) in enumerate(zip([*diary, "the end"], [*right, "the end"], strict=False)):
        if got != wanted:
            before = right[at - 1] if at else "the start"
            raise CheckFailed(f"In {story}, after {before} should come {wanted}, but there comes {got}.")
