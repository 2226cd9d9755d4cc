"""Drive ``theano_function`` with numbers that stay outside, where their use is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .common import Inputs, Names, raised
from .graphs import build


class Handle:
    """A number that the host keeps; it does the operations on it, too."""

    def __init__(self, host: Callable[[Any], int], place: int) -> None:
        self.host, self.place = host, place

    def __add__(self, other: Any) -> Handle:
        return self._done("add", self, other)

    def __mul__(self, other: Any) -> Handle:
        return self._done("mul", self, other)

    def __sub__(self, other: Any) -> Handle:
        return self._done("sub", self, other)

    def __rsub__(self, other: Any) -> Handle:
        return self._done("sub", other, self)

    __radd__, __rmul__ = __add__, __mul__

    def _done(self, operation: str, *operands: Any) -> Handle:
        return Handle(self.host, self.host([operation, *map(_number, operands)]))


def probe(names: Names, inputs: Inputs) -> dict[str, Any]:
    """Results and shared values after each call; or the error that comes up."""
    made = build(names, inputs["program"])
    function = names["function"]

    def compiled() -> Any:
        outputs = inputs["outputs"]
        return function(
            [made[at] for at in inputs["inputs"]],
            made[outputs] if isinstance(outputs, int) else [made[at] for at in outputs],
            updates=[(made[a], made[b]) for a, b in inputs["updates"]],
            givens={made[a]: made[b] for a, b in inputs["givens"]},
        )

    if inputs["expect"] == "missing":
        return raised(compiled)
    call = compiled()
    if inputs["expect"] == "arguments":
        return {"few": raised(lambda: call(1.0))["error"], "many": raised(lambda: call(1.0, 2.0, 3.0))["error"]}
    shared = [node for node, line in zip(made, inputs["program"], strict=True) if line[0] == "shared"]
    results, states = [], []
    for arguments in inputs["arguments"]:
        answer = call(*(Handle(inputs["host"], each) if inputs["count"] else each for each in arguments))
        results.append(_number(answer))
        states.append([_number(node.value) for node in shared])
    return {"results": results, "shared": states}


def _number(answer: Any) -> Any:
    if isinstance(answer, list | tuple):
        return [_number(each) for each in answer]
    return [answer.place] if isinstance(answer, Handle) else answer
