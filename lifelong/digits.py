"""Numbers of 50 digits, and functions that take any kind of number: code that differentiates must not ask which."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Context, Decimal
from functools import total_ordering
from typing import Any

import numpy as np

DIGITS = 50

_CONTEXT = Context(prec=DIGITS)


class FloatRefused(TypeError):
    """Somebody tried to turn a 50-digit number into a float, which keeps 16 digits."""


def _operators(operation: Callable[[Any, Any], Decimal]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """An operator's two methods: of the number on its left, and of the one on its right."""
    return lambda self, other: _binary(operation, self, other), lambda self, other: _binary(operation, other, self)


@total_ordering
class Precise:
    """A real number of 50 digits that takes part in arithmetic with ints and floats, but never becomes one.

    Args:
        value: another Precise, an int, a float (taken exactly) or a decimal string such as ``"0.1"``.

    Raises:
        FloatRefused: by ``float(number)``, ``math.exp(number)``, ``np.array(number, dtype=float)``.
    """

    __slots__ = ("_decimal",)

    def __init__(self, value: Any) -> None:
        own = _decimal(value)
        self._decimal = _CONTEXT.create_decimal(value) if own is None else own

    def __repr__(self) -> str:
        return f"Precise('{self._decimal}')"

    def __str__(self) -> str:
        return str(self._decimal)

    def __float__(self) -> float:
        message = "a 50-digit number would lose digits as a float: take values as they come, without float(…), dtype=float or math.exp; `exp`, `log` and `tanh` of lifelong take any number"
        raise FloatRefused(message)

    __add__, __radd__ = _operators(_CONTEXT.add)
    __sub__, __rsub__ = _operators(_CONTEXT.subtract)
    __mul__, __rmul__ = _operators(_CONTEXT.multiply)
    __truediv__, __rtruediv__ = _operators(_CONTEXT.divide)
    __pow__, __rpow__ = _operators(_CONTEXT.power)

    def __neg__(self) -> Precise:
        return _wrapped(_CONTEXT.minus(self._decimal))

    def __pos__(self) -> Precise:
        return self

    def __abs__(self) -> Precise:
        return _wrapped(_CONTEXT.abs(self._decimal))

    def __eq__(self, other: object) -> bool:
        value = _decimal(other)
        return value is not None and self._decimal == value

    def __hash__(self) -> int:
        return hash(self._decimal)

    def __lt__(self, other: Any) -> bool:
        return self._decimal < _operand(other)

    def __bool__(self) -> bool:
        return bool(self._decimal)

    def __getattr__(self, name: str) -> Any:
        """What NumPy's scalars have too (``shape``, ``reshape`` …): a sum over an array of these is a bare one."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(np.array(self, dtype=object), name)

    # NumPy's functions call these on arrays of objects: np.exp(array) asks every entry for its exp().
    def conjugate(self) -> Precise:
        """This number, which is real: np.vdot and variances ask for it."""
        return self

    def exp(self) -> Precise:
        """e to this number."""
        return _wrapped(_CONTEXT.exp(self._decimal))

    def log(self) -> Precise:
        """The natural logarithm of this number, which must be positive."""
        return _wrapped(_CONTEXT.ln(self._decimal))

    def tanh(self) -> Precise:
        """The hyperbolic tangent."""
        square = _CONTEXT.exp(_CONTEXT.multiply(2, self._decimal))
        return _wrapped(_CONTEXT.divide(_CONTEXT.subtract(square, 1), _CONTEXT.add(square, 1)))

    def sqrt(self) -> Precise:
        """The square root of this number, which must not be negative."""
        return _wrapped(_CONTEXT.sqrt(self._decimal))


def exp(x: Any) -> Any:
    """e to the x, for a float, an array, or any object that has a method ``exp``."""
    return _call("exp", x)


def log(x: Any) -> Any:
    """The natural logarithm, for a float, an array, or any object that has a method ``log``."""
    return _call("log", x)


def tanh(x: Any) -> Any:
    """The hyperbolic tangent, for a float, an array, or any object that has a method ``tanh``."""
    return _call("tanh", x)


def _call(name: str, x: Any) -> Any:
    if isinstance(x, np.ndarray | np.generic):
        return getattr(np, name)(x)
    method = getattr(x, name, None)
    return getattr(math, name)(x) if method is None else method()


def _decimal(value: Any) -> Decimal | None:
    """A number as a Decimal, exactly; None for anything that is no number."""
    if isinstance(value, Precise):
        return value._decimal
    if isinstance(value, np.generic):
        value = value.item()
    return Decimal(value) if isinstance(value, int | float) else None


def _operand(value: Any) -> Decimal:
    number = _decimal(value)
    if number is None:
        raise TypeError(f"a Precise number cannot be compared with a {type(value).__name__}")
    return number


def _binary(operation: Any, left: Any, right: Any) -> Any:
    a, b = _decimal(left), _decimal(right)
    return NotImplemented if a is None or b is None else _wrapped(operation(a, b))


def _wrapped(value: Decimal) -> Precise:
    number = Precise.__new__(Precise)
    number._decimal = value
    return number
