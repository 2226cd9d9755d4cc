"""Drive ``sgd_engine`` among objects that keep a diary."""

from collections.abc import Callable
from typing import Any

from .common import Inputs, Names, numbers


class Network:
    """y = w x + b in Torch7's manner; every call goes into the diary."""

    def __init__(self, w: float, b: float, diary: list[str]) -> None:
        self.w, self.b, self.diary = w, b, diary
        self.output = self.dw = self.db = 0.0

    def training(self) -> None:
        """The mode for training."""
        self.diary.append("training")

    def evaluate(self) -> None:
        """The mode for testing."""
        self.diary.append("evaluate")

    def forward(self, x: float) -> float:
        """The output."""
        self.diary.append("forward")
        self.output = self.w * x + self.b
        return self.output

    def zeroGradParameters(self) -> None:  # noqa: N802 – Torch7's own name
        """Forget the gradients."""
        self.dw = self.db = 0.0

    def backward(self, x: float, g: float) -> float:
        """Add to the gradients."""
        self.diary.append("backward")
        self.dw, self.db = self.dw + g * x, self.db + g
        return g * self.w

    def updateParameters(self, rate: float) -> None:  # noqa: N802 – Torch7's own name
        """One step."""
        self.diary.append("update")
        self.w, self.b = self.w - rate * self.dw, self.b - rate * self.db


class Criterion:
    """Half the squared error."""

    output = gradInput = 0.0  # noqa: N815 – Torch7's own name

    def __init__(self, diary: list[str]) -> None:
        self.diary = diary

    def forward(self, y: float, t: float) -> float:
        """The loss."""
        self.diary.append("criterion")
        self.output = (y - t) ** 2 / 2
        return self.output

    def backward(self, y: float, t: float) -> float:
        """Its derivative."""
        self.gradInput = y - t
        return self.gradInput


def probe(names: Names, inputs: Inputs) -> dict[str, Any]:
    """The diary of a run, the losses, the parameters in the end, and what the hooks saw in the state."""
    diary, seen, losses = list[str](), list[list[float]](), list[float]()
    engine = names["SGDEngine"]()
    network, criterion = Network(inputs["w"], inputs["b"], diary), Criterion(diary)

    def samples() -> list[dict[str, float]]:
        return [{"input": x, "target": t} for x, t in inputs["samples"]]

    def hook(name: str) -> Callable[[Any], None]:
        def called(state: Any) -> None:
            diary.append(name)
            first = state["sample"]["input"] if state["sample"] else -1
            seen.append([float(each) for each in (state.get("epoch", -1), state["t"], first, state["training"])])
            if name == "onForwardCriterion":
                losses.append(float(state["criterion"].output))
            if name == "onStartEpoch" and inputs["decay"]:
                state["lr"] = state["lr"] * inputs["decay"]
            if name == "onEndEpoch" and state["epoch"] == inputs["stop"]:
                state["maxepoch"] = state["epoch"]

        return called

    for name in inputs["hooks"]:
        engine.hooks[name] = hook(name)
    if inputs["test"]:
        state = engine.test(network, samples, criterion)
    else:
        state = engine.train(network, criterion, samples, inputs["lr"], inputs["maxepoch"])
    return {
        "diary": diary,
        "seen": numbers(seen),
        "losses": numbers(losses),
        "parameters": numbers([network.w, network.b]),
        "returned": [type(state) is dict and state.get("t"), type(state) is dict and state.get("epoch", -1)],
    }
