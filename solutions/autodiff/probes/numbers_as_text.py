"""Numbers as text on the wire: 50 digits or floats on the way in, and on the way out both a float and all digits."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from lifelong.digits import Precise


def number(inputs: Mapping[str, Any], text: str) -> Any:
    """One number of the case's kind, ``Precise`` or ``float``."""
    return Precise(text) if inputs["kind"] == "precise" else float(text)


def array(inputs: Mapping[str, Any], tree: Any) -> Any:
    """An array of the case's kind, from nested lists of texts."""
    texts: Any = np.array(tree, dtype=object)
    result = np.empty(texts.shape, dtype=object if inputs["kind"] == "precise" else np.float64)
    for at in np.ndindex(texts.shape):
        result[at] = number(inputs, texts[at])
    return result


def reported(**answers: Any) -> dict[str, Any]:
    """The answers for the judge: every one as an array of floats, and under "digits" as nested lists of texts."""
    trees = {name: _texts(value) for name, value in answers.items()}
    return {**{name: _floats(tree) for name, tree in trees.items()}, "digits": trees}


def _texts(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_texts(item) for item in value]
    if isinstance(value, np.ndarray):
        return _texts(value.tolist())
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, Precise | int | float):
        return {"$opaque": type(value).__name__[:80]}
    return str(value) if isinstance(value, Precise) else repr(value)


def _floats(tree: Any) -> Any:
    try:
        return np.array(_leaves(tree), dtype=np.float64)
    except (TypeError, ValueError):  # ragged, or not of numbers
        return tree


def _leaves(tree: Any) -> Any:
    return [_leaves(item) for item in tree] if isinstance(tree, list) else float(tree)
