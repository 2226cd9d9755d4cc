"""Drive ``block_sum``: what is in `sums` afterwards."""

from .kernels import launch_probe

probe = launch_probe("block_sum", ("x", "sums", "n"), result="sums")
