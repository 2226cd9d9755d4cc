"""The probes of cuda_vector_addition: how each exercise's student code is launched with a case's inputs.

They run inside the sandbox, and hold no kernel. Each is ``probe(names, inputs) -> outputs``.
"""

from __future__ import annotations

from . import kernels
from .c_programs import C_PROBES

PROBES = {
    "global_index": kernels.global_index,
    "bounds_guard": kernels.bounds_guard,
    "grid_size": kernels.grid_size,
    "grid_stride": kernels.grid_stride,
    "hadamard": kernels.hadamard,
    "block_sum": kernels.block_sum,
    "convolution": kernels.convolution,
    **C_PROBES,
}
"""By exercise id: the student's namespace and a case's inputs (tensors for arrays) → outputs."""
