"""Between a student's objects and plain data: tensors to NumPy on the way out, the other way on the way in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import torch

DEPTH = 16


def to_arrays(tree: Any, tensors: bool) -> Any:
    """The tree with every array as students get it: one that owns its memory, a torch tensor if ``tensors``."""
    if isinstance(tree, np.ndarray):
        return sys.modules["torch"].from_numpy(tree.copy()) if tensors else tree.copy()
    if isinstance(tree, dict):
        return {key: to_arrays(value, tensors) for key, value in tree.items()}
    return [to_arrays(value, tensors) for value in tree] if isinstance(tree, list) else tree


def to_plain(value: Any, depth: int = 0) -> Any:
    """The value as JSON scalars, lists, dicts and NumPy arrays; anything else as ``{"$opaque": "type name"}``."""
    kind = type(value)
    if value is None or kind in (bool, float, str) or (kind is int and abs(value) < 1 << 63):
        return value
    torch = sys.modules.get("torch")
    if torch is not None and kind in (torch.Tensor, torch.nn.Parameter):
        return _tensor(value)
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        return value.item()
    if kind is np.ndarray and value.dtype.kind in "biuf":
        return value.astype(np.float32) if value.dtype.itemsize == 2 and value.dtype.kind == "f" else value
    if depth < DEPTH and isinstance(value, dict):
        return {str(key): to_plain(inner, depth + 1) for key, inner in value.items()}
    if depth < DEPTH and isinstance(value, list | tuple):
        return [to_plain(inner, depth + 1) for inner in value]
    entries = f" of {type(value.flat[0]).__name__}" if kind is np.ndarray and value.size else ""
    return {"$opaque": f"{kind.__module__}.{kind.__qualname__}{entries}"[:80]}


def held(value: Any) -> Any:
    """What an argument holds, as something that stays and can be compared; of other objects only what they are."""
    if isinstance(value, list | tuple):
        return [held(each) for each in value]
    if isinstance(value, dict):
        return {str(key): held(each) for key, each in value.items()}
    as_list = isinstance(value, np.ndarray) and value.dtype.kind in "Oc"  # which do not cross the wall
    plain = value.tolist() if as_list else to_plain(value)
    return (plain.dtype.str, plain.shape, plain.tobytes()) if isinstance(plain, np.ndarray) else repr(plain)


def _tensor(tensor: torch.Tensor) -> Any:
    import torch

    if tensor.layout is not torch.strided or tensor.is_complex() or tensor.device.type == "meta":
        return {"$opaque": f"torch.Tensor ({tensor.layout}, {tensor.dtype}, {tensor.device})"}
    plain = tensor.detach().cpu()
    if plain.dtype in (torch.float16, torch.bfloat16):
        plain = plain.float()
    return plain.resolve_conj().resolve_neg().numpy()
