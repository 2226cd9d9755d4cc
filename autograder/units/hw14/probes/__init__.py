"""The probes of hw14: how each exercise's student code is driven with a case's inputs. They run inside the sandbox.

A probe is a module of the exercise's name with ``probe(names, inputs) -> outputs``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import ewc, mas, metrics, penalty, permutation, rwalk, scp, si

Probe = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]

PROBES: dict[str, Probe] = {
    "permutation": permutation.probe,
    "metrics": metrics.probe,
    "penalty": penalty.probe,
    "ewc": ewc.probe,
    "mas": mas.probe,
    "si": si.probe,
    "rwalk": rwalk.probe,
    "scp": scp.probe,
}
"""By exercise id: the student's namespace and a case's inputs (tensors for arrays) → outputs."""
