"""CUDA C on any machine: compiled by g++ for a simulated device whose memory is not the host's.

>>> program = compile_program(source)           # CompileError points at the program's line
>>> run_program(program).findings               # out of bounds, races, leaks, host pointers …

``run_cuda`` does both and shows the outcome; ``nvrtc`` asks the real compiler; ``gpu`` runs on the real thing.
"""

from dataclasses import dataclass
from textwrap import fill

from lifelong.cuda_c.compiler import (
    INSTALL,
    CompileError,
    Executable,
    NoCompiler,
    as_program,
    compile_program,
    find_compiler,
)
from lifelong.cuda_c.messages import explain, explained
from lifelong.cuda_c.runner import Finding, Grid, Limits, Run, run_program

WIDTH = 100
"""Columns of what a notebook shows, which breaks longer lines anywhere."""


@dataclass(frozen=True)
class Shown:
    """A run as a notebook shows it: what was printed, then what was found."""

    run: Run
    source: str

    @property
    def text(self) -> str:
        """The whole in plain text."""
        run = self.run
        lines = [run.stdout.rstrip("\n")] if run.stdout.strip() else []
        first = sorted(run.findings, key=lambda each: each.kind != "failed-launch")  # the cause before the effects
        lines += [fill(f"✗ {text}", WIDTH, subsequent_indent="  ") for text in explained(first, self.source)]
        if not run.findings:
            lines.append("✓ no fault found" + ("" if run.status == 0 else f"; exit status {run.status}"))
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.text


def run_cuda(source: str) -> Shown | None:
    """Compile a whole CUDA C program with a main() for the CPU, run it, and show what it printed and what was found.

    Where there is no g++, say how to get it and return None: the rest of a notebook can do without.

    Raises:
        CompileError: with the compiler's words, at the program's lines.
    """
    if not has_compiler():
        print(f"… {INSTALL}")
        return None
    return Shown(run_program(compile_program(source)), as_program(source))


def has_compiler() -> bool:
    """Whether there is a g++ here."""
    try:
        find_compiler()
    except NoCompiler:
        return False
    return True
