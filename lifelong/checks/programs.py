"""A student's CUDA C program with a main() of the course, compiled and run on the pretended device."""

from pathlib import Path
from typing import Any

from lifelong.checks.expect import CheckFailed, Names, lookup
from lifelong.cuda_c import Limits, NoCompiler, Run, compile_program, explained, run_program
from lifelong.cuda_c.compiler import CompileError, as_program


def main_of(exercise: str) -> str:
    """The main() with which a program of an exercise is run, here and for marks."""
    files = (Path(__file__).with_name(f"{name}.cu") for name in ("programs", exercise))
    return "".join(file.read_text(encoding="utf-8") for file in files)


class Program:
    """A student's program with a main() of ours."""

    def __init__(self, names: Names, function: str, exercise: str) -> None:
        source = lookup(names, function, exercise)()
        if not isinstance(source, str):
            raise CheckFailed(f"{function}() should return the program as a string. Is there a `return`?")
        self.source = as_program(source)
        try:
            self._compiled = compile_program(source, main_of(exercise))
        except CompileError as error:
            raise CheckFailed(f"The program does not compile.\n{error}") from None
        except NoCompiler as error:
            raise CheckFailed(str(error)) from None

    def run(self, inputs: list[Any], outputs: list[tuple[str, int]], story: str, limits: Limits | None = None) -> Run:
        """Run the program, which must come to its end without a fault."""
        run = run_program(self._compiled, inputs, outputs, limits)
        if run.findings:
            raise CheckFailed(f"{story}: {explained(run.findings, self.source)[0]}")
        return run
