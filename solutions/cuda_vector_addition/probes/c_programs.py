"""Compile the student's CUDA C with a main() of ours and run it on raw arrays; it holds no kernel and no answer.

The pretended device is compiled once, before the zygote forks, for a private /tmp starts empty. The program's text alone
leaves the student's process. It is closed (``lifelong/cuda_c/closed.py``), so that its run's report is the device's.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lifelong.cuda_c import CompileError, Finding, Limits, Run, compile_program, has_compiler, run_program
from lifelong.cuda_c.compiler import as_program, runtime

Inputs = Mapping[str, Any]
Outputs = dict[str, Any]

SECONDS = 4.0

_ended: dict[str, CompileError | Run] = {}
"""By source: what is not tried again."""


def run_with_main(source: str, main: str, arrays: list[Any], outputs: list[tuple[str, int]], **limits: Any) -> Run:
    """A run; what does not compile, or does not come to an end, is tried once."""
    ended = _ended.get(source)
    if isinstance(ended, CompileError):
        raise ended
    if ended is not None:
        return ended
    try:
        run = run_program(compile_program(source, main), arrays, outputs, Limits(SECONDS, **limits))
    except CompileError as error:
        _ended[source] = error
        raise
    if any(finding.kind == "timeout" for finding in run.findings):
        _ended[source] = run
    return run


def program_of(function: str) -> Callable[[Inputs], dict[str, str]]:
    """What takes out the text that a function of the student's returns."""
    return lambda names: {"program": as_program(names[function]())}


def on_device(run: Run, size: int) -> bool:
    """Whether kernels wrote, and the host fetched, as many bytes as the result has."""
    return run.written >= size and run.fetched >= size


def reported(run: Run, names: list[str], least: int = 0) -> Outputs:
    """The arrays that came out by name, and the kinds of what was found, each once.

    Args:
        least: bytes that each array on the device should have.
    """
    kinds = {_kind(finding, least) for finding in run.findings}
    return {**dict(zip(names, run.outputs, strict=False)), "faults": sorted(kinds)}


def _kind(finding: Finding, least: int) -> str:
    """The kind of a finding, and where that matters, its place."""
    if finding.kind == "bounds" and "thread" in finding.facts:
        small = finding.facts.get("space") == "device" and finding.facts.get("size", least) < least
        return "array too small" if small else "bounds in a kernel"
    if finding.kind == "bounds":
        return "bounds in a call"
    if finding.kind == "race":
        same = finding.facts.get("block") == finding.facts.get("other_block")
        return "race in a block" if same else "race between blocks"
    return finding.kind


if has_compiler():
    runtime()
