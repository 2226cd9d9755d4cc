"""Drive the student's complex step, its abs, and its judgement of functions."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from .functions import Inputs, Names, Outputs, smooth

FUNCTIONS: dict[str, Callable[[float], Callable[[Any], Any]]] = {
    "exp(a x) + sin(x)": lambda a: lambda x: np.exp(a * x) + np.sin(x),
    "10⁹ a exp(x)": lambda a: lambda x: 1e9 * a * np.exp(x),
    "a / (3 + x³/3)": lambda a: lambda x: a / (3 + x**3 / 3),
    "(a x)³ + x": lambda a: lambda x: (a * x) ** 3 + x,
    "a x right of 0, else x³": lambda a: lambda x: a * x if np.real(x) > 0 else x**3,
    "a |x|": lambda a: lambda x: a * abs(x),
    "a conj(x) + 1": lambda a: lambda x: a * np.conj(x) + 1,
    "a real(x)³ + 10⁷": lambda a: lambda x: a * np.real(x) ** 3 + 1e7,
    "a x³ + a real(x)³/3000": lambda a: lambda x: a * x**3 + a * np.real(x) ** 3 / 3000,
    "a real(x)³/3000 - a x³": lambda a: lambda x: a * np.real(x) ** 3 / 3000 - a * x**3,
    "a |x|²": lambda a: lambda x: a * abs(x) ** 2,
}


def probe(names: Names, inputs: Inputs) -> Outputs:
    """Estimates for every step (for none: the function's own); the parts of an abs; or whether a function is trusted.

    Imaginary parts of an abs are multiplied by 1e20. With estimates come, for every step, the points at which f was asked,
    if they are numbers, as real and imaginary parts.
    """
    if "function" in inputs:
        return {"trusted": bool(names["trustworthy"](FUNCTIONS[inputs["function"]](inputs["a"]), inputs["x"]))}
    if "z" in inputs:
        z = inputs["z"].numpy() + 1j * inputs["imaginary"].numpy()
        result = np.asarray(names["complex_abs"](z if z.ndim else complex(z)))
        return {"real": result.real.copy(), "imaginary": result.imag * 1e20}
    complex_step, smooth_one, asked = names["complex_step"], smooth(inputs["spec"]), list[list[list[float]]]()

    def f(at: Any) -> Any:
        asked[-1] += [[complex(at).real, complex(at).imag]] if np.ndim(at) == 0 else []
        return smooth_one(at)

    x = inputs["x"].numpy().copy() if isinstance(inputs["x"], torch.Tensor) else inputs["x"]
    steps = [{"h": h} for h in inputs["steps"].tolist()] or [{}]
    found = [(asked.append([]), np.asarray(complex_step(f, x, **step), dtype=np.float64))[1] for step in steps]
    return {"estimates": np.stack(found), "asked": asked}
