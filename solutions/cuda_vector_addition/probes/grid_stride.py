"""Drive ``grid_stride``: what is in `y` afterwards."""

from .kernels import launch_probe

probe = launch_probe("saxpy", ("alpha", "x", "y", "n"), result="y")
