"""Drive ``block_sum``: what is in `sums` afterwards."""

from .kernels import launch_probe, source_of

source = source_of("block_sum")
probe = launch_probe("block_sum", ("x", "sums", "n"), result="sums", in_step=True)
