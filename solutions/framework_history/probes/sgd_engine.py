"""Drive ``sgd_engine`` among objects that the host moves; it keeps the diary."""

from collections.abc import Callable
from typing import Any

from .common import Inputs, Names, numbers


class Network:
    """A network in Torch7's manner, which the host computes."""

    output = 0.0

    def __init__(self, host: Callable[[Any], Any]) -> None:
        self.host = host

    def training(self) -> None:
        """The mode for training."""
        self.host(["training"])

    def evaluate(self) -> None:
        """The mode for testing."""
        self.host(["evaluate"])

    def forward(self, x: float) -> float:
        """The output."""
        self.output = self.host(["forward", x])
        return self.output

    def zeroGradParameters(self) -> None:  # noqa: N802 – Torch7's own name
        """Forget the gradients."""
        self.host(["zero"])

    def backward(self, x: float, g: float) -> Any:
        """Add to the gradients."""
        return self.host(["backward", x, g])

    def updateParameters(self, rate: float) -> None:  # noqa: N802 – Torch7's own name
        """One step."""
        self.host(["update", rate])


class Criterion:
    """Half the squared error."""

    output = gradInput = 0.0  # noqa: N815 – Torch7's own name

    def __init__(self, host: Callable[[Any], Any]) -> None:
        self.host = host

    def forward(self, y: float, t: float) -> float:
        """The loss."""
        self.output = self.host(["criterion", y, t])
        return self.output

    def backward(self, y: float, t: float) -> float:
        """Its derivative."""
        self.gradInput = y - t
        return self.gradInput


def probe(names: Names, inputs: Inputs) -> dict[str, Any]:
    """The losses, and the state that the engine returns."""
    losses, host = list[float](), inputs["host"]
    engine = names["SGDEngine"]()
    network, criterion = Network(host), Criterion(host)

    def samples() -> list[dict[str, float]]:
        return [{"input": x, "target": t} for x, t in inputs["samples"]]

    def hook(name: str) -> Callable[[Any], None]:
        def called(state: Any) -> None:
            first = state["sample"]["input"] if state["sample"] else -1
            host([name, *(float(each) for each in (state.get("epoch", -1), state["t"], first, state["training"]))])
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
        "losses": numbers(losses),
        "returned": [type(state) is dict and state.get("t"), type(state) is dict and state.get("epoch", -1)],
    }
