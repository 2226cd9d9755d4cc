"""Run a compiled program under limits, pass raw arrays in and out, and read what the pretended device found."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from lifelong.cuda_c.compiler import PROGRAM, Executable

Array = np.ndarray[Any, Any]

MEBIBYTE = 1 << 20
NUMBERS = {
    "launch": ("code", *(f"{what}_{side}" for what in ("grid", "block") for side in "xyz")),
    "end": ("atomics", "written", "writers", "fetched"),
}
"""What a line of the report that is no fault must have; others may lack anything."""


@dataclass(frozen=True)
class Limits:
    """What a program may use.

    Attributes:
        seconds: wall-clock time; CPU time is capped a second later.
        memory_mb: address space, MiB.
        output_mb: one file, and what it prints, MiB.
        device_bytes: the pretended device's memory.
        launches: whether the pretended device takes any launch at all.
        copies: how many copies the pretended device makes before its memory fails.
    """

    seconds: float = 10.0
    memory_mb: int = 6144
    output_mb: int = 16
    device_bytes: int = 64 * MEBIBYTE
    launches: bool = True
    copies: int = 1 << 60


@dataclass(frozen=True)
class Finding:
    """What went wrong in a run.

    Attributes:
        kind: e.g. ``"bounds"``, ``"race"``, ``"leak"``; ``"timeout"`` and ``"crash"`` are the runner's own.
        line: of the program, counted from 1; 0 where unknown.
        facts: what the device reports, as in ``include/report.cpp``; every place in the code as a line.
    """

    kind: str
    line: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Grid:
    """One launch: the kernel's name, the line, both sizes in three dimensions, and whether CUDA took it."""

    name: str
    line: int
    blocks: tuple[int, ...]
    threads: tuple[int, ...]
    started: bool


@dataclass(frozen=True)
class Run:
    """How a program ran.

    Attributes:
        stdout: what it printed.
        outputs: the arrays that the harness passed out; those missing that it did not come to.
        findings: what went wrong, in the order of discovery; empty when all is well.
        launches: every launch, the first 400.
        status: its exit status; negative where a signal ended it, None at a timeout.
        atomics: how many atomic operations its threads did.
        written: bytes of the device's memory that its threads wrote, each as often as it was written.
        writers: how many threads wrote there, of all launches.
        fetched: bytes that were copied from the device to the host.
    """

    stdout: str
    outputs: tuple[Array, ...]
    findings: tuple[Finding, ...]
    launches: tuple[Grid, ...]
    status: int | None
    atomics: int
    written: int
    writers: int
    fetched: int


def run_program(
    program: Executable,
    inputs: Sequence[Array] = (),
    outputs: Sequence[tuple[str, int]] = (),
    limits: Limits | None = None,
) -> Run:
    """Run a program once in a process of its own.

    Args:
        program: what ``compile_program`` gave.
        inputs: arrays whose raw bytes the harness reads in this order.
        outputs: (dtype, count) of the arrays that it writes.
        limits: what it may use.
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "program").touch(0o700, exist_ok=False)  # the sandbox may let no mode be changed
        (folder / "program").write_bytes(program.binary)
        (folder / "variables").write_text(program.variables, encoding="utf-8")
        (folder / "input").write_bytes(b"".join(np.ascontiguousarray(array).tobytes() for array in inputs))
        with ExitStack() as stack:  # what is read afterwards are these files, whatever has taken their names
            names = ("report", "output", "stdout")
            report, output, stdout = (stack.enter_context((folder / each).open("w+b")) for each in names)
            status = _execute(folder, limits, stdout)
            for file in (report, output, stdout):
                file.seek(0)
            report_data, data, said = (file.read(limits.output_mb * MEBIBYTE) for file in (report, output, stdout))
        lines = _report(report_data)
        printed = said.decode("utf-8", "replace")
        places = _lines_of(folder, {facts[key] for facts in lines for key in _places(facts)})
    for facts in lines:
        for key in _places(facts):
            facts[key.replace("place", "line")] = places.get(facts.pop(key), 0)
    found = [Finding(str(facts["kind"]), int(facts.get("line", 0)), facts) for facts in lines]
    launches = tuple(_grid(each) for each in found if each.kind == "launch")
    ended = [each for each in found if each.kind == "end"]
    faults = [each for each in found if each.kind not in NUMBERS]
    if status is None or status == -signal.SIGXCPU:
        faults.append(Finding("timeout", 0))
    elif not ended and not faults:
        faults.append(Finding("crash", 0, {"status": status}))
    counts = [sum(int(each.facts[key]) for each in ended) for key in NUMBERS["end"]]
    return Run(printed, _arrays(data, outputs), tuple(faults), launches, status, *counts)


def _execute(folder: Path, limits: Limits, stdout: BinaryIO) -> int | None:
    """The exit status, or None where the time ran out."""
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin"),
        "LC_ALL": "C.UTF-8",
        "LIFELONG_REPORT": str(folder / "report"),
        "LIFELONG_VARIABLES": str(folder / "variables"),
        "LIFELONG_INPUT": str(folder / "input"),
        "LIFELONG_OUTPUT": str(folder / "output"),
        "LIFELONG_CPU_SECONDS": str(int(limits.seconds) + 1),
        "LIFELONG_FILE_BYTES": str(limits.output_mb * MEBIBYTE),
        "LIFELONG_MEMORY_BYTES": str(limits.memory_mb * MEBIBYTE),
        "LIFELONG_CORE_BYTES": "0",
        "LIFELONG_DEVICE_BYTES": str(limits.device_bytes),
        "LIFELONG_COPIES": str(limits.copies),
    }
    if not limits.launches:
        environment["LIFELONG_NO_LAUNCH"] = "1"
    streams: Any = {"stdin": subprocess.DEVNULL, "stdout": stdout, "stderr": stdout}
    process = subprocess.Popen([str(folder / "program")], cwd=folder, env=environment, process_group=0, **streams)
    try:
        return process.wait(limits.seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None


def _report(data: bytes) -> list[dict[str, Any]]:
    """The report's lines; a program may have written anything there."""
    found = []
    for line in data.decode("utf-8", "replace").splitlines()[:1000]:
        try:
            facts = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(facts, dict) and isinstance(facts.get("kind"), str):
            numbers = ("line", *NUMBERS.get(facts["kind"], ()))
            if all(isinstance(facts.get(key, 0 if key == "line" else None), int) for key in numbers):
                found.append(facts)
    return found


def _places(facts: Mapping[str, Any]) -> list[str]:
    return [key for key in ("place", "allocated_place") if isinstance(facts.get(key), int)]


def _lines_of(folder: Path, places: set[int]) -> dict[int, int]:
    """The line of the program for places in its code: of several functions put into one another, the student's."""
    tool = shutil.which("addr2line")
    if not places or tool is None:
        return {}
    ordered = sorted(places)
    # a place is where a call returns to: the call itself is a byte earlier
    command = [tool, "-i", "-a", "-e", str(folder / "program"), *(hex(max(place - 1, 0)) for place in ordered)]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=20)
    found: dict[int, int] = {}
    current = 0
    for line in done.stdout.splitlines():
        if re.fullmatch(r"0x[0-9a-f]+", line):
            current = int(line, 16) + 1
        elif (match := re.search(rf"{re.escape(PROGRAM)}:(\d+)", line)) and current not in found:
            found[current] = int(match[1])
    return found


def _grid(finding: Finding) -> Grid:
    facts = finding.facts
    blocks, threads = (tuple(int(facts[f"{size}_{side}"]) for side in "xyz") for size in ("grid", "block"))
    return Grid(str(facts.get("name")), finding.line, blocks, threads, facts["code"] == 0)


def _arrays(data: bytes, outputs: Sequence[tuple[str, int]]) -> tuple[Array, ...]:
    arrays, start = [], 0
    for dtype, count in outputs:
        end = start + np.dtype(dtype).itemsize * count
        if end > len(data):
            break
        arrays.append(np.frombuffer(data[start:end], dtype=dtype).copy())
        start = end
    return tuple(arrays)
