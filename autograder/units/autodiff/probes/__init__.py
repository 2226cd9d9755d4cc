"""The probes of autodiff: how each exercise's student code is driven with a case's inputs. They run inside the sandbox.

They hold no derivative and no backward pass. Each is ``probe(names, inputs) -> outputs``.
"""

from __future__ import annotations

from . import arrays, graph, loss, scalars
from .watch import Probe, watched

PROBES: dict[str, Probe] = {
    name: watched(probe)
    for name, probe in {
        "wengert_list": scalars.wengert_list,
        "dual_numbers": scalars.dual_numbers,
        "nested_derivatives": scalars.nested_derivatives,
        "backward_pass": graph.backward_pass,
        "scalar_tape": scalars.scalar_tape,
        "hessian_vector": scalars.hessian_vector,
        "unbroadcast": arrays.unbroadcast,
        "tensor_tape": arrays.tensor_tape,
        "dot_product_test": arrays.dot_product_test,
        "log_softmax_nll": loss.log_softmax_nll,
        "train_on_tape": loss.train_on_tape,
    }.items()
}
"""By exercise id: the student's namespace and a case's inputs (tensors for arrays) → outputs."""
