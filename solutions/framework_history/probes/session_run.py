"""Drive ``session_run`` with functions that the host computes."""

from functools import partial
from typing import Any

from .common import Inputs, Names, Outputs, raised, watch


def probe(names: Names, inputs: Inputs) -> Outputs:
    """What each run gives, or the errors of runs that lack something."""
    nodes = _graph(names, inputs)
    sessions = [names["Session"]() for _ in range(inputs["sessions"])]
    results, errors, changed = [], [], dict[str, Any]()
    for number, fetches, feeds in inputs["runs"]:
        feed = {nodes[at]: value for at, value in feeds}
        wanted, told = _fetches(fetches, nodes), watch(feed)
        if inputs["errors"]:
            errors.append(raised(lambda s=sessions[number], w=wanted, f=feed: s.run(w, f)))
            continue
        results.append(_answer(sessions[number].run(wanted, feed) if feed else sessions[number].run(wanted)))
        changed |= told()
    return {"errors": errors} if inputs["errors"] else {"results": results, **changed}


def _graph(names: Names, inputs: Inputs) -> list[Any]:
    def computed(at: int, *operands: Any) -> Any:
        return inputs["host"]([at, *operands])

    nodes: list[Any] = []
    for at, (op, *rest) in enumerate(inputs["nodes"]):
        if op in ("placeholder", "variable"):
            nodes.append(names[op](rest[0]))
        elif op == "assign":
            nodes.append(names["assign"](nodes[rest[0]], nodes[rest[1]]))
        else:
            nodes.append(names["compute"](partial(computed, at), *(nodes[each] for each in rest)))
    return nodes


def _fetches(form: Any, nodes: list[Any]) -> Any:
    """Numbers stand for nodes; ["tuple", …] for a tuple."""
    if isinstance(form, dict):
        return {key: _fetches(each, nodes) for key, each in form.items()}
    if isinstance(form, list):
        fetches = [_fetches(each, nodes) for each in form if each != "tuple"]
        return tuple(fetches) if form[:1] == ["tuple"] else fetches
    return nodes[form]


def _answer(answer: Any) -> Any:
    if isinstance(answer, tuple):
        return ["tuple", *(_answer(each) for each in answer)]
    if isinstance(answer, list):
        return [_answer(each) for each in answer]
    return {str(key): _answer(each) for key, each in answer.items()} if isinstance(answer, dict) else answer
