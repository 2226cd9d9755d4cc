"""Drive ``theano_function`` with numbers that count how often they are used."""

from collections.abc import Callable
from operator import add, mul, sub
from typing import Any

from .common import CHANGED, Inputs, Names, Outputs, raised
from .graphs import build


class Counted:
    """A number that counts the operations of all of its kind."""

    total = 0

    def __init__(self, value: float) -> None:
        self.value = value

    def __bool__(self) -> bool:
        return bool(self.value)


def counted(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Counted]:
    """The operation on such numbers, counted."""

    def method(a: Any, b: Any) -> Counted:
        Counted.total += 1
        return Counted(operation(_number(a), _number(b)))

    return method


for name, apply in {"add": add, "mul": mul, "sub": sub, "rsub": lambda a, b: b - a, "radd": add, "rmul": mul}.items():
    setattr(Counted, f"__{name}__", counted(apply))


def probe(names: Names, inputs: Inputs) -> Outputs:
    """Results and shared values after each call, and how many operations each took; or the error that comes up."""
    made = build(names, inputs["program"])
    before = [[*node.inputs] for node in made]
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
    results, states, operations = [], [], []
    for arguments in inputs["calls"]:
        Counted.total = 0
        answer = call(*(Counted(number) if inputs["count"] else number for number in arguments))
        operations.append(Counted.total)
        results.append(_number(answer))
        states.append([_number(node.value) for node in shared])
    told = {"results": results, "shared": states, CHANGED: before != [[*node.inputs] for node in made]}
    return told | {"operations": operations} if inputs["count"] else told


def _number(answer: Any) -> Any:
    if isinstance(answer, list | tuple):
        return [_number(each) for each in answer]
    return answer.value if isinstance(answer, Counted) else answer
