"""Drive ``hadamard``: what is in `c` afterwards."""

from .kernels import launch_probe, source_of

source = source_of("hadamard")
probe = launch_probe("hadamard", ("a", "b", "c", "rows", "columns", "pitch"), result="c")
