"""The probes of finite_differences: how each exercise's student code is driven. They run inside the sandbox.

A probe is a module of the exercise's name with ``probe(names, inputs) -> outputs``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import best_h, complex_step, gradcheck, gradient, remainder, richardson, schemes, stencil

Probe = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]

PROBES: dict[str, Probe] = {
    "schemes": schemes.probe,
    "best_h": best_h.probe,
    "remainder": remainder.probe,
    "stencil": stencil.probe,
    "richardson": richardson.probe,
    "gradient": gradient.probe,
    "complex_step": complex_step.probe,
    "gradcheck": gradcheck.probe,
}
"""By exercise id: the student's namespace and a case's inputs (tensors for arrays) → outputs."""
