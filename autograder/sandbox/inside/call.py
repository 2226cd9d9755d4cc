"""The probe of an exercise that is one function: call it, and look at its arguments afterwards."""

from collections.abc import Mapping
from typing import Any

from .plain import held


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Call a function of the student's.

    Args:
        names: the student's namespace.
        inputs: {"function": its name, "arguments": a list}, and "numpy": True where tensors become NumPy arrays.

    Returns:
        {"value": what it returned, "changed": the positions of arguments that are not as they were}.

    Raises:
        TypeError: the name is not that of a function.
    """
    name, given = inputs["function"], inputs["arguments"]
    if inputs.get("numpy"):
        given = _numpy(given)
    function = names[name]
    if not callable(function):
        raise TypeError(f"`{name}` should be a function, but is a {type(function).__name__}")
    before = [held(each) for each in given]
    value = function(*given)
    changed = [at for at, (was, now) in enumerate(zip(before, given, strict=True)) if was != held(now)]
    return {"value": value, "changed": changed}


def _numpy(tree: Any) -> Any:
    """The tree with NumPy arrays in place of tensors."""
    if isinstance(tree, dict):
        return {key: _numpy(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_numpy(value) for value in tree]
    return tree.numpy() if hasattr(tree, "numpy") else tree
