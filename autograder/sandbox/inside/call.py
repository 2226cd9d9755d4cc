"""The probe of an exercise that is one function: call it, and look at its arguments afterwards."""

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np

from .plain import to_plain


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Call a function of the student's with copies of the arguments.

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
    arguments = copy.deepcopy(given)
    value = function(*arguments)
    changed = [at for at, (was, now) in enumerate(zip(given, arguments, strict=True)) if not _same(was, now)]
    return {"value": value, "changed": changed}


def _numpy(tree: Any) -> Any:
    """The tree with NumPy arrays in place of tensors."""
    if isinstance(tree, dict):
        return {key: _numpy(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_numpy(value) for value in tree]
    return tree.numpy() if hasattr(tree, "numpy") else tree


def _same(was: Any, now: Any) -> bool:
    """Whether two arguments hold the same, types included; NaN is NaN."""
    if type(was) is not type(now):
        return False
    if isinstance(was, dict):
        return was.keys() == now.keys() and all(_same(was[key], now[key]) for key in was)
    if isinstance(was, list):
        return len(was) == len(now) and all(_same(left, right) for left, right in zip(was, now, strict=True))
    left, right = to_plain(was), to_plain(now)
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return left.dtype == right.dtype and left.tobytes() == right.tobytes() and left.shape == right.shape
    return bool(left == right) or (left != left and right != right)
