"""Short digests of what a training is made of, to decide whether two are the same."""

import hashlib
import types
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from lifelong.method import Method
from lifelong.tasks import Task


def of_run(method: Method, model: nn.Module, tasks: Sequence[Task], settings: Sequence[object]) -> str:
    """A digest of what a training that has not begun is made of; settings are compared by ``str``."""
    weights = of_tensors(list(model.state_dict().values()))
    parts = [of_method(method), weights, of_tasks(tasks), method.strength, *settings]
    return hashlib.blake2b("\n".join(map(str, parts)).encode(), digest_size=6).hexdigest()


def of_tensors(tensors: Sequence[Tensor]) -> str:
    """A digest of the tensors' shapes, dtypes and values."""
    digest = hashlib.blake2b(digest_size=16)
    for tensor in tensors:
        digest.update(f"{tensor.dtype}{list(tensor.shape)}".encode())
        digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def of_tasks(tasks: Sequence[Task]) -> str:
    """A digest of all images and labels."""
    splits = [split for task in tasks for split in (task.train, task.test)]
    return of_tensors([tensor for split in splits for tensor in (split.images, split.labels)])


def of_method(method: Method) -> str:
    """A digest of a method's code and settings.

    It covers its classes below ``Method``, the functions and classes of the same module that they name, and the
    attributes of the object that are numbers, strings or tensors.
    """
    digest = hashlib.blake2b(digest_size=16)
    seen: set[int] = set()
    for base in type(method).__mro__:
        if base not in (Method, object):
            for part in _parts(base, base.__module__, seen):
                digest.update(part.encode())
    for name, value in sorted(vars(method).items()):
        digest.update(f"{name}={of_tensors([value]) if isinstance(value, Tensor) else _plain(value)}".encode())
    return digest.hexdigest()


def _parts(thing: object, module: str, seen: set[int]) -> Iterator[str]:
    """The code of a function or a class, and of what it names in its own module, piece by piece."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, (staticmethod, classmethod, property)):
        inner = thing.fget if isinstance(thing, property) else thing.__func__
        yield from _parts(inner, module, seen)
    elif isinstance(thing, types.FunctionType):
        yield f"{thing.__qualname__}{thing.__defaults__}{thing.__kwdefaults__}"
        yield from _code(thing.__code__)
        for name in sorted(_names(thing.__code__)):
            used = thing.__globals__.get(name)
            if getattr(used, "__module__", None) == module:
                yield from _parts(used, module, seen)
            else:
                yield f"{name}={_plain(used)}"
    elif isinstance(thing, type):
        yield thing.__qualname__
        for name, value in sorted(vars(thing).items()):
            if not name.startswith("__") or name in ("__init__", "__call__"):
                yield f"{name}={_plain(value)}"
                yield from _parts(value, module, seen)


def _code(code: types.CodeType) -> Iterator[str]:
    """Bytecode, names and constants of a function and of those inside it."""
    yield f"{code.co_code.hex()}{code.co_names}{code.co_varnames}"
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _code(constant)
        else:
            yield repr(sorted(map(repr, constant)) if isinstance(constant, frozenset) else constant)


def _names(code: types.CodeType) -> set[str]:
    inner = [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return set(code.co_names).union(*map(_names, inner))


def _plain(value: object) -> str:
    """Numbers, strings and tuples of them as they are written, the rest by type."""
    return repr(value) if isinstance(value, (int, float, str, tuple, type(None))) else type(value).__name__
