"""The probes of framework history: how each exercise's student code is driven. They run inside the sandbox.

They hold no answers: no evaluation of graphs, no engine, no interpreter. What a student's code builds goes out as plain
data, and is tried outside. Each is ``probe(names, inputs) -> outputs``.
"""

from __future__ import annotations

from . import exchange, formulas, layers, loading, loops, recording, sessions, tables, trainers
from .common import Probe

PROBES: dict[str, Probe] = {
    "bagging_trainer": trainers.bagging_trainer,
    "symbolic_grad": formulas.symbolic_grad,
    "simplify": formulas.simplify,
    "theano_function": formulas.theano_function,
    "scan_loop": loops.scan_loop,
    "torch7_containers": layers.torch7_containers,
    "yaml_objects": loading.yaml_objects,
    "keras_graph": layers.keras_graph,
    "session_run": sessions.session_run,
    "gradient_tape": recording.gradient_tape,
    "sgd_engine": loops.sgd_engine,
    "onnx_exchange": exchange.onnx_exchange,
    "timeline": tables.timeline,
}
"""By exercise id: the student's namespace and a case's inputs (tensors for arrays) → outputs."""
