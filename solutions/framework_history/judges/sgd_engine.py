"""Judge ``sgd_engine``: the order of calls and hooks, and the numbers that only these calls make."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree

from .checks import check, known

HOOKS = ["onStart", "onStartEpoch", "onSample", "onForward", "onForwardCriterion", "onBackwardCriterion"]
HOOKS += ["onBackward", "onUpdate", "onEndEpoch", "onEnd"]

KEYS = {"network", "criterion", "iterator", "lr", "maxepoch", "sample", "epoch", "t", "training"}


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


def host(inputs: Tree) -> Callable[[Any], Any]:
    """The network y = w x + b and the criterion, half the squared error; of hooks and modes it takes note."""
    w, b, dw, db = inputs["w"], inputs["b"], 0.0, 0.0

    def answer(question: Any) -> Any:
        nonlocal w, b, dw, db
        name, *given = question
        one, other, *_ = (*map(float, given), 0.0, 0.0)
        if name == "zeroGradParameters":
            dw = db = 0.0
        elif name == "backward":
            dw, db = dw + other * one, db + other
        elif name == "updateParameters":
            w, b = w - one * dw, b - one * db
        told = {"forward": w * one + b, "backward": other * w, "parameters": [w, b]}
        return {**told, "criterion.forward": (one - other) ** 2 / 2, "criterion.backward": one - other}.get(name)

    return answer


def read(inputs: Tree, outputs: Tree) -> Tree:
    """The outputs with the diary of what the host was asked, and what became of the parameters."""
    asked, replay = outputs["asked"][:10_000], host(inputs)
    for question in asked:
        replay(question)
    seen = [question[1:] for question in asked if question[0] in HOOKS]
    diary = [question[0] for question in asked if question[0] not in ("zeroGradParameters", "criterion.backward")]
    return {**outputs, "diary": diary, "seen": np.array(seen), "parameters": np.array(replay(["parameters"]))}


def simulate(inputs: Tree, wrong: str = "") -> dict[str, Any]:
    """A run, by an engine that makes the mistake of this name, if any."""
    diary: list[str] = []
    seen: list[list[float]] = []
    losses: list[float] = []
    w, b, dw, db, error = inputs["w"], inputs["b"], 0.0, 0.0, 0.0
    train = not inputs["test"]
    state = {"epoch": 0 if train else -1, "t": 0, "sample": -1.0, "lr": inputs["lr"], "maxepoch": inputs["maxepoch"]}

    def hook(name: str) -> None:
        if name not in inputs["hooks"] or (name == "onEnd" and wrong == "no-onEnd"):
            return
        diary.append(name)
        seen.append(
            [float(state["epoch"]), float(state["t"]), state["sample"], float(train or wrong == "test-says-training")]
        )
        if name == "onForwardCriterion":
            losses.append(error**2 / 2)
        if name == "onStartEpoch" and inputs["decay"]:
            state["lr"] *= inputs["decay"]
        if name == "onEndEpoch" and state["epoch"] == inputs["stop"]:
            state["maxepoch"] = state["epoch"]

    def forward(x: float, target: float) -> None:
        nonlocal error
        if wrong != "sample-after-the-hook":
            state["sample"] = x
        hook("onSample")
        state["sample"] = x
        diary.append("forward")
        error = w * x + b - target
        state["t"] += not train and wrong != "t-after-the-hook"
        hook("onForward")
        state["t"] += not train and wrong == "t-after-the-hook"
        diary.append("criterion.forward")
        hook("onForwardCriterion")

    def backward(x: float) -> None:
        nonlocal w, b, dw, db
        if wrong not in ("gradients-not-zeroed", "zeroed-once-an-epoch"):
            dw = db = 0.0
        hooks = ["onBackwardCriterion", "onBackward"]
        first, second = reversed(hooks) if wrong == "backward-hooks-swapped" else hooks
        hook(first)
        diary.append("backward")
        dw, db = dw + error * x, db + error
        hook(second)
        rate = (inputs if wrong == "rate-of-the-argument" else state)["lr"]
        w, b = w - rate * dw, b - rate * db
        if wrong != "update-after-the-hook":
            diary.append("updateParameters")
        state["t"] += wrong != "t-after-the-hook"
        hook("onUpdate")
        if wrong == "update-after-the-hook":
            diary.append("updateParameters")

    hook("onStart")
    samples = list(inputs["samples"])
    limit = inputs if wrong == "epochs-of-the-argument" else state
    while train and state["epoch"] < limit["maxepoch"]:
        diary += ["training"] if wrong != "training-once" or not state["epoch"] else []
        hook("onStartEpoch")
        dw, db = (0.0, 0.0) if wrong == "zeroed-once-an-epoch" else (dw, db)
        for x, target in samples:
            forward(x, target)
            backward(x)
            state["t"] += wrong == "t-after-the-hook"
        if inputs["decay"] and wrong != "samples-of-the-start":
            samples.append(samples.pop(0))
        state["epoch"] += wrong != "epoch-after-the-hook"
        hook("onEndEpoch")
        state["epoch"] += wrong == "epoch-after-the-hook"
    if not train:
        diary.append("training" if wrong == "test-in-training-mode" else "evaluate")
        for x, target in inputs["samples"]:
            forward(x, target)
            diary += ["backward", "updateParameters"] if wrong == "learns-in-test" else []
    hook("onEnd")
    return {
        "diary": diary,
        "seen": np.array(seen, dtype=float),
        "losses": np.array(losses, dtype=float),
        "parameters": np.array([w, b]),
        "returned": [False, False] if wrong == "nothing-returned" else [state["t"], state["epoch"]],
        "state": sorted(KEYS if train or wrong == "keys-of-training" else KEYS - {"lr", "maxepoch", "epoch"}),
    }


mistake = Mistakes(beside=__file__)
known(mistake, simulate)
NUMBERS = ("losses", "parameters")
BOTH = ("train", "few hooks")
engine = partial(check, expected=simulate)
stop = partial(engine, outputs=("diary", "returned"), needs=("order",))

CHECKS = (
    engine("order", "Hooks and calls in their order", share=0.3, cases=BOTH, outputs=("diary", "losses")),
    engine("numbers", "The network learns what it should", share=0.2, cases=BOTH, outputs=NUMBERS),
    engine(
        "state", "What the hooks see in the state", share=0.15, cases=("train",), outputs=("seen", "returned", "state")
    ),
    engine("rate", "A hook may change the rate", share=0.1, cases=("decay",), outputs=("diary", *NUMBERS)),
    stop("stop", "A hook may stop the training", share=0.1, cases=("stop", "no epoch")),
    engine("test", "Testing", share=0.15),
)

EXERCISE = Exercise("sgd_engine", draw, CHECKS, tuple(mistake), read=read, host=host, hidden=("w", "b"))
