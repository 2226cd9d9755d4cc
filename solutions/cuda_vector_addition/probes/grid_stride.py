"""Drive ``grid_stride``: what is in `y` afterwards."""

from .kernels import launch_probe, source_of

source = source_of("saxpy")
probe = launch_probe("saxpy", ("alpha", "x", "y", "n"), result="y")
