"""Drive ``bounds_guard``: a launch with spare threads, and what is in `result` afterwards."""

from .kernels import launch_probe, source_of

source = source_of("fahrenheit")
probe = launch_probe("fahrenheit", ("celsius", "result", "n"), result="result")
