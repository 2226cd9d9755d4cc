"""Drive ``sgd_engine`` among objects that the host moves; it keeps the diary."""

from collections.abc import Callable, Iterable
from typing import Any

from .common import Inputs, Names, Outputs, numbers

STATE = "criterion epoch iterator lr maxepoch network sample t training".split()


class Remote:
    """A network or a criterion in Torch7's manner, with these methods, which the host moves."""

    output = gradInput = 0.0

    def __init__(self, host: Callable[[Any], Any], methods: str, prefix: str = "") -> None:
        self.host, self.methods, self.prefix = host, methods.split(), prefix

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self.methods:
            raise AttributeError(f"there is no {name!r}, but {', '.join(self.methods)}")

        def call(*given: Any) -> Any:
            told = self.host([self.prefix + name, *given])
            self.output = told if name == "forward" else self.output
            self.gradInput = told if name == "backward" else self.gradInput
            return told

        return call


def probe(names: Names, inputs: Inputs) -> Outputs:
    """The losses, and the state that the engine returns."""
    losses, host = list[float](), inputs["host"]
    engine = names["SGDEngine"]()
    network = Remote(host, "training evaluate forward zeroGradParameters backward updateParameters")
    criterion = Remote(host, "forward backward", "criterion.")

    drawn = [{"input": x, "target": t} for x, t in inputs["samples"]]

    def samples() -> Iterable[dict[str, float]]:
        if not inputs["decay"]:
            return drawn
        now = list(drawn)
        drawn.append(drawn.pop(0))  # every epoch begins with another one
        return iter(now)  # which can be gone through but once

    def hook(name: str) -> Callable[[Any], None]:
        def called(state: Any) -> None:
            first = state["sample"]["input"] if state["sample"] else -1
            host([name, *(float(each) for each in (state.get("epoch", -1), state["t"], first, state["training"]))])
            if name == "onForwardCriterion":
                losses.append(float(state["criterion"].output))
            if name == "onStartEpoch" and inputs["decay"]:
                state["lr"] = state["lr"] * inputs["decay"]
            if name == "onBackwardCriterion" and inputs["decay"]:
                state["criterion"].gradInput *= inputs["decay"]
            if name == "onEndEpoch" and inputs["decay"] and state["epoch"] == 1:
                state["epoch"] = 2
            if name == "onEndEpoch" and state["epoch"] == inputs["stop"]:
                state["maxepoch"] = state["epoch"]

        return called

    for name in inputs["hooks"]:
        engine.hooks[name] = hook(name)
    if inputs["test"]:
        state = engine.test(network, samples, criterion)
    else:
        state = engine.train(network, criterion, samples, inputs["lr"], inputs["maxepoch"])
    told = state if isinstance(state, dict) else {}
    return {
        "losses": numbers(losses),
        "state": [name for name in STATE if name in told],
        "returned": [told.get("t", False), told.get("epoch", -1) if told else False],
    }
