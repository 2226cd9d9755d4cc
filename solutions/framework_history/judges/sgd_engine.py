"""Judge ``sgd_engine``: the order of calls and hooks, and the numbers that only these calls make."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Slip, Tree

from .checks import known

HOOKS = ["onStart", "onStartEpoch", "onSample", "onForward", "onForwardCriterion", "onBackwardCriterion"]
HOOKS += ["onBackward", "onUpdate", "onEndEpoch", "onEnd"]

EVENTS = {*HOOKS, "training", "evaluate", "forward", "criterion.forward", "backward", "updateParameters", "the end"}

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
        case("decay", decay=round(float(rng.uniform(0.4, 0.8)), 2), maxepoch=4),
        case("stop", maxepoch=int(rng.integers(5, 9)), stop=2),
        case("no epoch", maxepoch=0),
        case("test", test=True),
    ]


def criterion(output: float, target: float) -> float:
    """Half the squared error times the target, so that output and target may not change places."""
    return (output - target) ** 2 * target / 2


def host(inputs: Tree) -> Callable[[Any], Any]:
    """The network y = w x + b and the criterion; of hooks and modes it takes note."""
    w, b, dw, db = inputs["w"], inputs["b"], inputs["decay"], inputs["decay"]  # what is there at first

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
        return {**told, "criterion.forward": criterion(one, other), "criterion.backward": (one - other) * other}.get(
            name
        )

    return answer


def read(inputs: Tree, outputs: Tree) -> Tree:
    """The outputs with the diary of what the host was asked, and what became of the parameters."""
    asked, replay = outputs["asked"][:10_000], host(inputs)
    for question in asked:
        replay(question)
    seen = [question[1:] for question in asked if question[0] in HOOKS]
    diary = [question[0] for question in asked if question[0] not in ("zeroGradParameters", "criterion.backward")]
    return {**outputs, "diary": diary, "seen": np.array(seen), "parameters": np.array(replay(["parameters"]))}


def simulate(inputs: Tree, wrong: Collection[str] = frozenset()) -> dict[str, Any]:
    """A run, by an engine that makes the mistakes of these names, if any."""
    diary: list[str] = []
    seen: list[list[float]] = []
    losses: list[float] = []
    w, b, dw, db, output, target = inputs["w"], inputs["b"], inputs["decay"], inputs["decay"], 0.0, 1.0
    train = not inputs["test"]
    wrong = {*wrong, *(name.removesuffix(" in train" if train else " in test") for name in wrong)}
    state = {"epoch": 0 if train else -1, "t": 0, "sample": -1.0, "lr": inputs["lr"], "maxepoch": inputs["maxepoch"]}

    def hook(name: str) -> None:
        if name not in inputs["hooks"] or (name == "onEnd" and "no-onEnd" in wrong):
            return
        diary.append(name)
        training = train or "test-says-training" in wrong
        seen.append([float(each) for each in (state["epoch"], state["t"], state["sample"], training)])
        if name == "onForwardCriterion":
            losses.append(criterion(target, output) if "loss-turned" in wrong else criterion(output, target))
        if "copies-for-hooks" in wrong:
            return
        if name == "onStartEpoch" and inputs["decay"]:
            state["lr"] *= inputs["decay"]
        if name == "onEndEpoch" and inputs["decay"] and state["epoch"] == 1 and "epochs-of-the-argument" not in wrong:
            state["epoch"] = 2
        if name == "onEndEpoch" and state["epoch"] == inputs["stop"]:
            state["maxepoch"] = state["epoch"]

    def forward(x: float, t: float) -> None:
        nonlocal output, target
        if "sample-after-the-hook" not in wrong:
            state["sample"] = x
        hook("onSample")
        state["sample"] = x
        diary.append("forward")
        output, target = w * x + b, t
        counts = {"t-after-the-hook", "t-not-counted", "t-after-the-criterion"}.isdisjoint(wrong)
        state["t"] += not train and counts
        hook("onForward")
        state["t"] += not train and "t-after-the-hook" in wrong
        diary.append("criterion.forward")
        hook("onForwardCriterion")
        state["t"] += not train and "t-after-the-criterion" in wrong

    def backward(x: float) -> None:
        nonlocal w, b, dw, db
        if {"gradients-not-zeroed", "zeroed-once-an-epoch", "zeroed-after-the-update"}.isdisjoint(wrong):
            dw = db = 0.0
        hooks = ["onBackwardCriterion", "onBackward"]
        first, second = reversed(hooks) if "backward-hooks-swapped" in wrong else hooks
        hook(first)
        diary.append("backward")
        slope = (target - output) * output if "gradient-turned" in wrong else (output - target) * target
        slope *= 1.0 if "gradient-returned" in wrong else inputs["decay"] or 1
        dw, db = dw + slope * x, db + slope
        hook(second)
        dw, db = (0.0, 0.0) if "zeroed-before-the-update" in wrong else (dw, db)
        rate = (inputs if "rate-of-the-argument" in wrong else state)["lr"]
        w, b = w - rate * dw, b - rate * db
        dw, db = (0.0, 0.0) if "zeroed-after-the-update" in wrong else (dw, db)
        if "update-after-the-hook" not in wrong:
            diary.append("updateParameters")
        state["t"] += {"t-after-the-hook", "t-not-counted"}.isdisjoint(wrong)
        hook("onUpdate")
        if "update-after-the-hook" in wrong:
            diary.append("updateParameters")

    mode = "training" if "test-in-training-mode" in wrong else "evaluate"
    diary += [mode] if not train and "mode-before-onStart" in wrong else []
    hook("onStart")
    diary += ["training"] if train and "training-before-the-epochs" in wrong else []
    samples = list(inputs["samples"])
    limit = inputs if "epochs-of-the-argument" in wrong else state
    while train and state["epoch"] < limit["maxepoch"]:
        seldom = "training-before-the-epochs" in wrong or ("training-once" in wrong and state["epoch"])
        diary += [] if seldom else ["training"]
        hook("onStartEpoch")
        state["t"] = 0 if "t-of-the-epoch" in wrong else state["t"]
        dw, db = (0.0, 0.0) if "zeroed-once-an-epoch" in wrong else (dw, db)
        for at, (x, target) in enumerate(samples):
            forward(x, target)
            state["t"] = at if "t-is-an-index" in wrong else state["t"]
            backward(x)
            state["t"] += "t-after-the-hook" in wrong
        if inputs["decay"] and "samples-of-the-start" not in wrong:
            samples.append(samples.pop(0))
        state["epoch"] += "epoch-after-the-hook" not in wrong
        hook("onEndEpoch")
        state["epoch"] += "epoch-after-the-hook" in wrong
    if not train:
        diary += [mode] if "mode-before-onStart" not in wrong else []
        for x, target in inputs["samples"]:
            forward(x, target)
            diary += ["backward", "updateParameters"] if "learns-in-test" in wrong else []
    hook("onEnd")
    return {
        "diary": diary,
        "seen": np.array(seen, dtype=float),
        "losses": np.array(losses, dtype=float),
        "parameters": np.array([w, b]),
        "returned": [False, False] if "nothing-returned" in wrong else [state["t"], state["epoch"]],
        "state": sorted(KEYS if train or "keys-of-training" in wrong else KEYS - {"lr", "maxepoch", "epoch"}),
    }


def _ordered(inputs: Tree, outputs: Tree) -> Slip | None:
    """The first place where the diary is another, in words that hold nothing but the names of hooks and calls."""
    diary, right = [*outputs["diary"], "the end"], [*simulate(inputs)["diary"], "the end"]
    for at, (came, due) in enumerate(zip(diary, right, strict=False)):
        if came != due:
            came, before = came if came in EVENTS else "something else", right[at - 1] if at else "the start"
            return Slip(f"{came} for {due}", f"After {before} should come {due}; yours goes on with {came}.")
    return None


MISTAKES = known(__file__, simulate)
NUMBERS = ("losses", "parameters")
BOTH = ("train", "few hooks")
engine = partial(Check, expected=simulate)
ordered = partial(engine, complaint=_ordered)
stop = partial(ordered, outputs=("diary", "returned"), needs=("order",))

CHECKS = (
    ordered("order", "Hooks and calls in their order", share=0.3, cases=BOTH, outputs=("diary", "losses")),
    engine("numbers", "The network learns what it should", share=0.2, cases=BOTH, outputs=NUMBERS),
    engine(
        "state", "What the hooks see in the state", share=0.15, cases=("train",), outputs=("seen", "returned", "state")
    ),
    ordered("rate", "A hook may change rate and gradient", share=0.1, cases=("decay",), outputs=("diary", *NUMBERS)),
    stop("stop", "A hook may stop the training", share=0.1, cases=("stop", "no epoch")),
    ordered("test", "Testing", share=0.15),
)

EXERCISE = Exercise("sgd_engine", draw, CHECKS, read=read, host=host, hidden=("w", "b"), **MISTAKES)
