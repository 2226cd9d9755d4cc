"""Say plainly when student code uses torch.autograd, turns 50 digits into floats, recurses too deep, or walks paths.

This is for the message alone, and a clever student gets round it. The guarantee is elsewhere: every exercise is judged
on 50-digit numbers, which torch cannot hold, so that nothing that torch computes can be right.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

import torch

from lifelong.digits import FloatRefused

Names = Inputs = Mapping[str, Any]
Outputs = dict[str, Any]
Probe = Callable[[Names, Inputs], Outputs]


class AutogradRefused(RuntimeError):
    """torch.autograd was asked for a derivative."""


class TooManyPulls(RuntimeError):
    """A backward pass called far more pulls than its graph has edges."""


def watched(probe: Probe) -> Probe:
    """The probe, which reports ``{"refused": …}`` where the student's code does what is refused."""

    def wrapper(names: Names, inputs: Inputs) -> Outputs:
        try:
            with _without_autograd():
                return probe(names, inputs)
        except FloatRefused:
            return {"refused": "float"}
        except AutogradRefused:
            return {"refused": "autograd"}
        except TooManyPulls:
            return {"refused": "paths"}
        except RecursionError:
            if "parents" not in inputs:  # no deep graph, but a function that calls itself
                raise
            return {"refused": "recursion"}

    return wrapper


@contextmanager
def _without_autograd() -> Iterator[None]:
    """Inside, reverse and forward mode of torch raise; whatever name they were saved under, they come through here."""
    with (
        mock.patch.object(torch.autograd.Variable, "_execution_engine", _Refusing()),
        mock.patch.object(torch._VF, "_make_dual", _refuse, create=True),
    ):
        yield


class _Refusing:
    def __getattr__(self, name: str) -> Any:
        return _refuse


def _refuse(*_: Any, **__: Any) -> Any:
    raise AutogradRefused("torch.autograd is refused here: write the derivative yourself")
