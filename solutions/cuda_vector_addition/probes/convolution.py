"""Drive ``convolution``: what is in `result` afterwards."""

from .kernels import launch_probe

probe = launch_probe("convolve", ("image", "weights", "result", "rows", "columns", "k"), result="result")
