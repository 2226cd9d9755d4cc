"""Drive ``convolution``: what is in `result` afterwards."""

from .kernels import launch_probe, source_of

source = source_of("convolve")
probe = launch_probe("convolve", ("image", "weights", "result", "rows", "columns", "k"), result="result")
