"""Judge ``sgd_engine``: the order of calls and hooks, and the numbers that only these calls make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

HOOKS = (
    "onStart",
    "onStartEpoch",
    "onSample",
    "onForward",
    "onForwardCriterion",
    "onBackwardCriterion",
    "onBackward",
    "onUpdate",
    "onEndEpoch",
    "onEnd",
)


def draw(rng: np.random.Generator) -> list[Case]:
    """Plain training, with few hooks, with a changing rate, stopped early, none at all; and tests."""

    def case(name: str, hooks: Any = HOOKS, **more: Any) -> Case:
        samples = [[float(x), float(t)] for x, t in rng.uniform(0.5, 2, (int(rng.integers(3, 5)), 2)).round(2)]
        w, b = (float(each) for each in rng.normal(size=2).round(2))
        given = {"w": w, "b": b, "lr": 0.1, "maxepoch": 2, "decay": 0.0, "stop": 0, "test": False, **more}
        return Case(name, {**given, "samples": samples, "hooks": list(hooks)})

    return [
        case("train"),
        case("few hooks", ("onEndEpoch", "onForwardCriterion")),
        case("decay", decay=round(float(rng.uniform(0.4, 0.8)), 2), maxepoch=3),
        case("stop", maxepoch=int(rng.integers(5, 9)), stop=2),
        case("no epoch", maxepoch=0),
        case("test", test=True),
    ]


def simulate(
    inputs: Tree,
    *,
    zeroed: bool = True,
    lr: str = "state",
    maxepoch: str = "state",
    t: str = "before",
    epoch: str = "before",
    update: str = "before",
    sample: str = "before",
    learns_in_test: bool = False,
    mode: str = "right",
    swapped: tuple[str, str] = ("", ""),
    without: str = "",
) -> dict[str, Any]:
    """A run, by an engine that may be wrong in one way.

    Args:
        inputs: the case.
        zeroed: whether gradients are zeroed for each sample.
        lr, maxepoch: "state", or "argument" where the argument of `train` is used for ever.
        t, epoch, update, sample: whether that happens "before" its hook or "after" it.
        learns_in_test: whether a test is followed by a step.
        mode: "right", or "training" where a test, too, is in the mode for training.
        swapped: two hooks that are called in each other's place.
        without: a hook that is never called.
    """
    diary: list[str] = []
    seen: list[list[float]] = []
    losses: list[float] = []
    w, b = inputs["w"], inputs["b"]
    dw = db = 0.0
    train = not inputs["test"]
    state: dict[str, Any] = {"t": 0, "sample": None, "training": train, "output": 0.0}
    if train:
        state |= {"epoch": 0, "lr": inputs["lr"], "maxepoch": inputs["maxepoch"]}

    def hook(name: str) -> None:
        name = dict(zip(swapped, reversed(swapped), strict=True)).get(name, name)
        if name not in inputs["hooks"] or name == without:
            return
        diary.append(name)
        first = state["sample"][0] if state["sample"] else -1.0
        seen.append([float(state.get("epoch", -1)), float(state["t"]), float(first), float(state["training"])])
        if name == "onForwardCriterion":
            losses.append(state["output"])
        if name == "onStartEpoch" and inputs["decay"]:
            state["lr"] *= inputs["decay"]
        if name == "onEndEpoch" and state["epoch"] == inputs["stop"]:
            state["maxepoch"] = state["epoch"]

    hook("onStart")
    if not train:
        diary.append("training" if mode == "training" else "evaluate")
    rounds = 0
    while (
        rounds < 1
        if not train
        else (rounds if maxepoch == "argument" else state["epoch"])
        < (inputs["maxepoch"] if maxepoch == "argument" else state["maxepoch"])
    ):
        if train:
            diary.append("training")
            hook("onStartEpoch")
        for x, target in inputs["samples"]:
            if sample == "before":
                state["sample"] = (x, target)
            hook("onSample")
            state["sample"] = (x, target)
            diary.append("forward")
            y = w * x + b
            state["t"] += not train and t == "before"
            hook("onForward")
            diary.append("criterion")
            state["output"] = (y - target) ** 2 / 2
            hook("onForwardCriterion")
            state["t"] += not train and t == "after"
            if not train and not learns_in_test:
                continue
            if zeroed:
                dw = db = 0.0
            g = y - target
            if train:
                hook("onBackwardCriterion")
            diary.append("backward")
            dw, db = dw + g * x, db + g
            if train:
                hook("onBackward")
            rate = inputs["lr"] if lr == "argument" or not train else state["lr"]
            if update == "after":
                state["t"] += t == "before"
                hook("onUpdate")
            diary.append("update")
            w, b = w - rate * dw, b - rate * db
            if train and update == "before":
                state["t"] += t == "before"
                hook("onUpdate")
                state["t"] += t == "after"
        rounds += 1
        if train:
            state["epoch"] += epoch == "before"
            hook("onEndEpoch")
            state["epoch"] += epoch == "after"
    hook("onEnd")
    return {
        "diary": diary,
        "seen": np.array(seen, dtype=float),
        "losses": np.array(losses, dtype=float),
        "parameters": np.array([w, b]),
        "returned": [state["t"], state.get("epoch", -1)],
    }


def _only(*keys: str) -> Callable[[Tree], dict[str, Any]]:
    return lambda inputs: {key: value for key, value in simulate(inputs).items() if key in keys}


def _slip(*keys: str, train: bool = True, test: bool = True, **switches: Any) -> Callable[[Tree], dict[str, Any]]:
    def expected(inputs: Tree) -> dict[str, Any]:
        if not (test if inputs["test"] else train):
            return {}
        try:
            return {key: value for key, value in simulate(inputs, **switches).items() if key in keys}
        except KeyError:  # a hook that stops the training finds no epoch yet
            return {}

    return expected


NUMBERS = ("losses", "parameters")

EXERCISE = Exercise(
    id="sgd_engine",
    draw=draw,
    checks=(
        Check(
            "order",
            "Hooks and calls in their order",
            share=0.3,
            cases=("train", "few hooks"),
            expected=_only("diary", "losses"),
        ),
        Check(
            "numbers",
            "The network learns what it should",
            share=0.2,
            cases=("train", "few hooks"),
            expected=_only(*NUMBERS),
        ),
        Check(
            "state", "What the hooks see in the state", share=0.15, cases=("train",), expected=_only("seen", "returned")
        ),
        Check("rate", "A hook may change the rate", share=0.1, cases=("decay",), expected=_only("diary", *NUMBERS)),
        Check(
            "stop",
            "A hook may stop the training",
            share=0.1,
            cases=("stop", "no epoch"),
            expected=_only("diary", "returned"),
            needs=("order",),
        ),
        Check("test", "Testing", share=0.15, cases=("test",), expected=simulate),
    ),
    mistakes=(
        Mistake(
            "gradients-not-zeroed",
            "The gradients of earlier samples are still there: zeroGradParameters before each backward.",
            _slip(*NUMBERS, zeroed=False, test=False),
            ("numbers", "rate", "order"),
        ),
        Mistake(
            "rate-of-the-argument",
            "The learning rate of the call is used to the end: read state['lr'] for every update.",
            _slip(*NUMBERS, lr="argument", test=False),
            ("rate",),
        ),
        Mistake(
            "epochs-of-the-argument",
            "The number of epochs is fixed at the start: ask state['maxepoch'] before every epoch.",
            _slip("diary", maxepoch="argument", test=False),
            ("stop",),
        ),
        Mistake(
            "t-after-the-hook",
            "`t` should count the sample before its hook (onUpdate in train, onForward in test) is called.",
            _slip("seen", t="after"),
            ("state", "test"),
        ),
        Mistake(
            "epoch-after-the-hook",
            "`epoch` should count the epoch before onEndEpoch is called.",
            _slip("seen", epoch="after", test=False),
            ("state",),
        ),
        Mistake(
            "update-after-the-hook",
            "onUpdate is called before the update; it comes after it.",
            _slip("diary", update="after", test=False),
            ("order", "rate"),
        ),
        Mistake(
            "sample-after-the-hook",
            "onSample finds the sample before in the state: set state['sample'] first.",
            _slip("seen", sample="after"),
            ("state", "test"),
        ),
        Mistake(
            "backward-hooks-swapped",
            "onBackwardCriterion comes after the criterion's backward, before that of the network; then onBackward.",
            _slip("diary", swapped=("onBackward", "onBackwardCriterion"), test=False),
            ("order", "rate"),
        ),
        Mistake(
            "no-onEnd",
            "onEnd is never called.",
            _slip("diary", without="onEnd"),
            ("order", "rate", "stop", "test"),
        ),
        Mistake(
            "learns-in-test",
            "`test` must not train: no backward and no update.",
            _slip("diary", learns_in_test=True, train=False),
            ("test",),
        ),
        Mistake(
            "test-in-training-mode",
            "`test` should put the network into its mode for testing: network.evaluate().",
            _slip("diary", mode="training", train=False),
            ("test",),
        ),
    ),
)
