"""Expectations in words: each compares an answer with a hand-derived one, and says what is off for which input."""

import copy
import linecache
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from numbers import Number
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lifelong.checks.failure import CheckFailed
from lifelong.checks.outcomes import CELLS, cell_of, outdated
from lifelong.digits import FloatRefused, Precise

Names = Mapping[str, Any]
"""The names that the notebook defines."""

Numbers = Any
"""A number, or nested lists of numbers."""

Known = Sequence[tuple[Any, str]]
"""Commonest wrong answers, of importances some of the entries by name, and the sentence that each betrays."""

TOLERANCE = 1e-4
NOTEBOOK = "__main__"
"""The module that a notebook's own code belongs to."""
MOST = 100
"""The most numbers that are shown of an array."""


@cache
def known(exercise: str, case: str) -> Sequence[tuple[Any, str]]:
    """The commonest wrong answers to a case of an exercise, each with the sentence that it betrays, tried in order."""
    tables = tomllib.loads(Path(__file__).with_name("known.toml").read_text(encoding="utf-8"))
    return [(wrong, text) for text, wrong in tables[exercise][case].items()]


def examples(exercise: str) -> Any:
    """The rows of an exercise's table of examples."""
    return tomllib.loads(Path(__file__).with_name("examples.toml").read_text(encoding="utf-8"))[exercise]


def lookup(names: Mapping[str, Any], name: str, exercise: str) -> Any:
    """The student's object of that name."""
    if name not in names:
        raise CheckFailed(f"There is no `{name}` yet: first run the cell that begins with `# exercise: {exercise}`.")
    CELLS.setdefault(exercise, {})[name] = cell_of(names[name])
    if built := outdated(name, names):
        raise CheckFailed(built)
    return names[name]


def show(value: Any) -> str:
    """A value as short text: at most four significant digits, large arrays by their shape, networks by their layers."""
    if isinstance(value, Tensor | np.ndarray | np.generic):
        size = value.numel() if isinstance(value, Tensor) else value.size
        return show(value.tolist()) if size <= MOST else f"{type(value).__name__} {list(value.shape)}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(show(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {show(item)}" for key, item in value.items()) + "}"
    if isinstance(value, nn.Module):
        sizes = [str(getattr(value, name)) for name in ("in_features", "out_features") if hasattr(value, name)]
        return f"{type(value).__name__}({', '.join([*sizes, *map(show, value.children())])})"
    if callable(value):
        name = str(getattr(value, "__name__", "<"))
        return "a function" if name.startswith("<") else name
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Number) or type(value).__module__ == "builtins":
        return repr(value)
    shape = () if type(value).__module__ == NOTEBOOK else getattr(value, "shape", ())
    return f"{type(value).__name__} {list(shape)}" if shape else f"{type(value).__name__}(…)"


def close(got: Any, expected: Numbers, tolerance: float = TOLERANCE) -> bool:
    """Whether the shape is right and ‖got − expected‖ small beside ‖expected‖, beside 1 where only zeros are expected."""
    want = torch.as_tensor(expected, dtype=torch.float64)
    have = torch.as_tensor(got).detach().to(torch.float64).cpu()
    if have.shape != want.shape:
        return False
    size = float(want.norm())
    return float((have - want).norm()) <= tolerance * (size if size > 0 else 1.0)


def expect(got: Any, right: Any, call: str, known: Known = (), tolerance: float = 1e-9) -> None:
    """A number, list or array of any kind of number, with the right shape, and ‖got − right‖ ≤ tolerance · ‖right‖."""
    wanted = np.asarray(right, dtype=float)
    have = _floats(got, call)
    if have.shape != wanted.shape:
        reason = next((f" {text}" for wrong, text in known if np.shape(wrong) == have.shape != wanted.shape), "")
        raise CheckFailed(f"{call} should have shape {list(wanted.shape)}, but has {list(have.shape)}.{reason}")
    if close(have, wanted, tolerance):
        return
    reason = next((f" {text}" for wrong, text in known if close(have, wrong, max(tolerance, 1e-6))), "")
    told = show if show(wanted.tolist()) != show(have.tolist()) else str
    raise CheckFailed(f"{call} should be {told(wanted.tolist())}, but is {told(have.tolist())}.{reason}")


def _floats(got: Any, call: str) -> Any:
    try:
        values = np.asarray(got, dtype=object)
        return np.asarray([float(str(value)) for value in values.flat]).reshape(values.shape)
    except (TypeError, ValueError):
        raise CheckFailed(f"{call} should hold numbers, but is {_kind(got)}.") from None


def expect_digits(action: Callable[[], Any], right: Sequence[Precise], call: str) -> None:
    """What an action makes of 50-digit numbers has as many, and has not been through floats."""
    try:
        got = action()
    except FloatRefused as error:
        raise CheckFailed(f"{call}, fed with 50-digit numbers: {error}.") from None
    for value, wanted in zip(np.asarray(got, dtype=object).flat, right, strict=True):
        if abs(Precise(value) - wanted) > abs(wanted) * 1e-42:
            message = f"{call}, fed with 50-digit numbers, gives {value}, which is right to fewer than 42 digits (it should be {wanted}). Somewhere they go through floats; take values as they come."
            raise CheckFailed(message)


def evaluated(text: str, names: Mapping[str, Any], kind: type, story: str) -> Any:
    """The value of a formula, an object of the student's class; a crash within can quote the formula."""
    file = str(Path(__file__).with_name("<formula>"))
    linecache.cache[file] = (len(text), None, [text], file)
    result = eval(compile(text, file, "eval"), dict(names))
    if not isinstance(result, kind):
        raise CheckFailed(f"{story}{text} should be a {kind.__name__}, but is of type {type(result).__name__}.")
    return result


def by_paths(node: Any, leaf: Any, g: Any) -> Any:
    """What arrives at the leaf over all paths; for tiny graphs."""
    return g if node is leaf else sum((by_paths(parent, leaf, pull(g)) for parent, pull in node.parents), start=0)


def expect_number(got: Any, expected: float, call: str, known: Sequence[tuple[float, str]] = ()) -> None:
    """A number of any kind, close to the expected one; `known` pairs wrong numbers with what they betray."""
    try:
        value = float(got.detach() if isinstance(got, Tensor) else got)
    except (TypeError, ValueError, RuntimeError):
        raise CheckFailed(f"{call} should be one number, but is {_kind(got)}.") from None
    if abs(value - expected) <= TOLERANCE:
        return
    reason = next((f" {text}" for wrong, text in known if abs(value - wrong) <= TOLERANCE), "")
    raise CheckFailed(f"{call} should be {expected:.4g}, but is {value:.4g}.{reason}")


def expect_form(got: Any, shape: Sequence[int], call: str, dtype: torch.dtype | None = torch.float32) -> None:
    """A tensor of this shape and dtype, of any dtype if that is None."""
    if not isinstance(got, Tensor):
        raise CheckFailed(f"{call} should be a tensor, but is {_kind(got)}.")
    if got.shape != tuple(shape):
        raise CheckFailed(f"{call} should have shape {list(shape)}, but has {list(got.shape)}.")
    if dtype not in (None, got.dtype):
        raise CheckFailed(f"{call} should have dtype {_short(dtype)}, but has {_short(got.dtype)}.")


def expect_tensor(got: Any, expected: Numbers, call: str, dtype: torch.dtype = torch.float32) -> None:
    """A tensor of the expected shape, dtype and values."""
    expect_form(got, torch.as_tensor(expected).shape, call, dtype)
    if not close(got, expected):
        raise CheckFailed(f"{call} should be {show(expected)}, but is {show(got)}.")


def expect_params(got: Any, model: nn.Module, call: str) -> dict[str, Tensor]:
    """A new, detached tensor for each parameter, of its shape and dtype, non-negative and finite."""
    if not isinstance(got, Mapping):
        raise CheckFailed(f"{call} should be a dict with a tensor for each parameter name, but is {_kind(got)}.")
    parameters = dict(model.named_parameters())
    for name in parameters:
        if name not in got:
            raise CheckFailed(f"{call} has no entry {name!r}. Its keys should be those of model.named_parameters().")
    for name in got:
        if name not in parameters:
            raise CheckFailed(f"{call} has an entry {name!r}, but the model has no parameter of that name.")
    for name, parameter in parameters.items():
        _expect_like(got[name], parameter, f"{call}[{name!r}]")
    return dict(got)


def _expect_like(got: Any, given: nn.Parameter, where: str) -> None:
    expect_form(got, given.shape, where, given.dtype)
    if got.requires_grad:
        raise CheckFailed(f"{where} is still tied to the graph it was computed with: detach it.")
    if not bool(torch.isfinite(got).all()):
        raise CheckFailed(f"{where} holds NaN or infinity: {show(got)}.")
    if bool((got < 0).any()):
        raise CheckFailed(f"{where} holds negative entries, and an importance is never negative: {show(got)}.")


def expect_importance(
    got: Any, model: nn.Module, expected: Mapping[str, Numbers], call: str, story: str, known: Known = ()
) -> None:
    """An importance by parameter name, close to the expected one.

    Args:
        got: the student's answer.
        model: whose parameters it is about.
        expected: the right numbers for some or all of the parameters.
        call: what was called, e.g. ``"EWC().importance(model, batches)"``.
        story: the input in words: "with … , ".
        known: wrong answers and what they betray, tried in order.
    """
    values = expect_params(got, model, call)
    for name, want in expected.items():
        if close(values[name], want):
            continue
        reason = f" {_recognise(values, known)}".rstrip()
        raise CheckFailed(f"{story}, {call}[{name!r}] should be {show(want)}, but is {show(values[name])}.{reason}")


def _recognise(values: Mapping[str, Tensor], known: Known) -> str:
    for wrong, text in known:
        if all(close(values[name], number) for name, number in wrong.items()):
            return text
    if not any(bool(value.any()) for value in values.values()):
        return "It is zero everywhere: has anything been added up?"
    return ""


@contextmanager
def untouched(model: nn.Module, batches: Sequence[tuple[Tensor, Tensor]], call: str) -> Iterator[None]:
    """Inside, a call must leave parameters, their ``grad``, buffers, mode and batches as they were."""
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 7.0)
    state = copy.deepcopy(model.state_dict())
    learnable = {name: parameter.requires_grad for name, parameter in model.named_parameters()}
    modes = [module.training for module in model.modules()]
    examples = [(inputs.clone(), labels.clone()) for inputs, labels in batches]
    yield
    for name, value in model.state_dict().items():
        if not torch.equal(value, state[name]):
            raise CheckFailed(f"{call} changed the model's {name!r}; measuring must leave the model as it was.")
    for name, parameter in model.named_parameters():
        if parameter.grad is None or not bool((parameter.grad == 7.0).all()):
            message = f"{call} changed the .grad of {name!r}, which training still needs. Compute gradients with torch.autograd.grad, which leaves .grad alone, instead of .backward()."
            raise CheckFailed(message)
        if parameter.requires_grad != learnable[name]:
            raise CheckFailed(f"{call} changed requires_grad of {name!r}.")
    if [module.training for module in model.modules()] != modes:
        raise CheckFailed(f"{call} left the model in another mode: put it back into train or eval, as it was.")
    for (inputs, labels), (inputs_before, labels_before) in zip(batches, examples, strict=True):
        if not (torch.equal(inputs, inputs_before) and torch.equal(labels, labels_before)):
            raise CheckFailed(f"{call} changed the examples in `batches`.")


def _kind(value: Any) -> str:
    if value is None:
        return "None (is there a `return`?)"
    if isinstance(value, Tensor):
        return f"a tensor of shape {list(value.shape)}"
    return f"of type {type(value).__name__}"


def _short(dtype: torch.dtype | None) -> str:
    return str(dtype).removeprefix("torch.")
