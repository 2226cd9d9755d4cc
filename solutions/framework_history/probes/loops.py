"""Drive the loops: scan and the slide's power, and Torchnet's engine among objects that keep a diary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .common import Inputs, Names, array, numbers, raised

STEPS: dict[str, Callable[..., Any]] = {
    "horner": lambda s, p, x: p * x + s,
    "two": lambda a, b, p: 2 * a - b + 3 * p,
    "map": lambda s, c: s * s - c,
    "sum": lambda s, p: p + s,
    "constants": lambda p, a, b: a * p - b,
}


def scan_loop(names: Names, inputs: Inputs) -> dict[str, Any]:
    """Powers, or the results of a scan."""
    if inputs["what"] == "power":
        base = array(inputs["base"]) if isinstance(inputs["base"], list) else inputs["base"]
        return {"powers": [numbers(names["power"](base, k)) for k in inputs["exponents"]]}
    scan = names["scan"]
    if inputs["what"] == "endless":
        return raised(lambda: scan(STEPS["sum"], [], 0))
    return {
        "results": scan(
            STEPS[inputs["fn"]], inputs["sequences"], inputs["initial"], inputs["constants"], inputs["steps"]
        )
    }


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


def sgd_engine(names: Names, inputs: Inputs) -> dict[str, Any]:
    """The diary of a run, the losses, the parameters in the end, and what the hooks saw in the state."""
    diary: list[str] = []
    seen: list[list[float]] = []
    losses: list[float] = []
    engine = names["SGDEngine"]()
    network, criterion = Network(inputs["w"], inputs["b"], diary), Criterion(diary)

    def samples() -> list[dict[str, float]]:
        return [{"input": x, "target": t} for x, t in inputs["samples"]]

    def hook(name: str) -> Callable[[Any], None]:
        def called(state: Any) -> None:
            diary.append(name)
            sample = state["sample"]
            seen.append(
                [
                    float(state.get("epoch", -1)),
                    float(state["t"]),
                    float(sample["input"] if sample else -1),
                    float(state["training"]),
                ]
            )
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
