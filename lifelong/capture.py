"""One training step as one CUDA graph, so that a GPU does not wait for Python to launch its kernels one by one."""

from collections.abc import Callable
from typing import Generic, TypeVar

import torch

Result = TypeVar("Result")

WARM_UP = 3
"""Calls before a recording, in which torch's libraries choose their algorithms and allocate what they keep."""


class Capture(Generic[Result]):
    """Calls a function without arguments again and again; on a CUDA device it is recorded once, then replayed.

    The function reads and writes tensors that stay where they are, and returns tensors that every replay overwrites.
    What it does in Python alone happens at the recording only. If it cannot be recorded, because it reads a value back
    from the device for instance, it is called as it is from then on. (CUDA graphs: Nguyen et al., "Accelerating PyTorch
    with CUDA Graphs", 2021.)
    """

    def __init__(self, function: Callable[[], Result], device: torch.device) -> None:
        self.function = function
        self.recordable = device.type == "cuda"
        self.calls = 0
        self.graph: torch.cuda.CUDAGraph | None = None
        self.result: Result | None = None

    def __call__(self) -> Result:
        """Call or replay the function; what it returns is overwritten by the next call."""
        if not self.recordable:
            return self.function()
        if self.graph is None and self.calls >= WARM_UP:
            self._record()
        if self.graph is not None and self.result is not None:
            self.graph.replay()
            return self.result
        return self.plain()

    def plain(self) -> Result:
        """Call the function itself, on a stream of its own where a recording is still to come."""
        self.calls += 1
        if not self.recordable or self.graph is not None:
            return self.function()
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            result = self.function()
        torch.cuda.current_stream().wait_stream(stream)
        return result

    def _record(self) -> None:
        """Record the function, or remember that it cannot be recorded."""
        graph = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(graph):
                self.result = self.function()
        except Exception:  # whatever a method does that a graph cannot hold; called plainly, it shows its own errors
            self.recordable = False
            torch.cuda.synchronize()
        else:
            self.graph = graph
