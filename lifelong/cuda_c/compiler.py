"""g++ for CUDA C: a program and our header in, an executable out; or messages that point at the student's line.

The instrumentation is the compiler's own (of ThreadSanitizer: a call before every load and store; of
UndefinedBehaviorSanitizer: every index into an array of known size), the runtime is ours, ``include/memory.cpp``. The
stock AddressSanitizer reserves 16 TiB of address space, which a grading sandbox forbids; it leaves out the store that
follows a load of the same cell, so that races go unseen; and it cannot tell a device's memory from the host's.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lifelong.cuda_c import closed
from lifelong.cuda_c.translate import SourceError, translate

INCLUDE = Path(__file__).parent / "include"
RUNTIME = ("memory", "threads", "report")
SECONDS = 30.0
PROGRAM, HARNESS = "program.cu", "the course's main()"

STANDARD = ("-std=gnu++20", "-no-pie", "-fno-pie")
WATCHED = ("-fsanitize=thread", "-fsanitize=bounds-strict", "-fno-threadsafe-statics")
CLOSED = (
    *("-DLIFELONG_CLOSED", "-Wpedantic", "-fvisibility=hidden", "-fno-exceptions", "-fno-jump-tables"),
    *("-fstack-clash-protection", "-fno-builtin", "-fdump-tree-optimized-asmname=tree"),
)
"""Of a program that is graded: nothing in it goes where it is not seen."""
POISONED = "-ftrivial-auto-var-init=pattern"
"""A variable that nothing has been put into holds no null by chance; of g++ 12 and newer."""

WRAPPED = ("malloc", "calloc", "realloc", "free")
COPIES = ("memcpy=lifelong_memcpy", "memmove=lifelong_memmove", "memset=lifelong_memset")
"""What the compiler itself calls to copy large structs, and the library's templates for arrays."""

MESSAGE = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):(?:\d+:)? (?:fatal )?error: (?P<text>.*)$", re.MULTILINE)
UNDEFINED = re.compile(r"undefined reference to `(\w+)")
MISSING = re.compile(
    r"'(?:\w+::)*(?P<name>(?:cuda|cu|__|this_|thrust)\w*)' (?:was not declared|is not a member|has not been|does not name).*"
)
NOTHING = r"`\g<name>` is nothing that this pretended device has: it is misspelt, or only a real GPU has it."
STD = re.compile(r"'(?P<name>\w+)' (?:is not a member of 'std'|in namespace 'std' does not name).*")
NO_STD = r"`std::\g<name>` is nothing that a program has here: is an #include missing? Programs that are graded have C's library, printf, simple output by cout, <vector>, <algorithm> and <numeric>."
ABSENT = re.compile(r"(?P<name>[\w/.]+): No such file or directory")
NO_HEADER = r"there is no <\g<name>> here: the pretended device has CUDA's runtime, cooperative groups of a block, and helper_cuda.h's checks."
MOST_MESSAGES = 3

SYMBOL = re.compile(r"^([0-9a-f]+) .{6}O (lifelong_\w+|\.data|\.bss)\s+([0-9a-f]+)\s+(?:\.hidden )?(.+)$", re.MULTILINE)
SPACES = {"lifelong_shared": 2, "lifelong_device": 3, "lifelong_constant": 4}
HOST_VARIABLE = 5
OBJECT = re.compile(r"^[0-9a-f]+ .{6}O \S+\s+[0-9a-f]+\s+(?:\.hidden )?(.+)$", re.MULTILINE)

INSTALL = "This machine has no C++ compiler, which CUDA C on a CPU needs. On Debian, Ubuntu and WSL: sudo apt-get install g++; on Fedora: sudo dnf install gcc-c++; in conda: conda install -c conda-forge gxx. Colab has one. The exercises with the simulator work without it."


class NoCompiler(RuntimeError):
    """There is no g++ here; the message says how to get it."""

    def _render_traceback_(self, *_: object) -> list[str]:
        return [f"✗ {self}"]


class CompileError(ValueError):
    """The compiler refuses a program; each of its messages has a line of it, 0 where it is about the whole."""

    def __init__(self, messages: Sequence[tuple[int, str]], source: str) -> None:
        self.messages = list(messages)
        told = (f"line {at}: {text}\n    {source_line(source, at)}" if at else text for at, text in messages)
        super().__init__("\n".join(told))

    def _render_traceback_(self, *_: object) -> list[str]:
        return [f"✗ The program does not compile.\n{self}"]


@dataclass(frozen=True)
class Executable:
    """A compiled program.

    Attributes:
        source: the student's.
        binary: the file's bytes.
        variables: its variables, a line each: space (as in ``include/machine.h``), address, size and name.
    """

    source: str
    binary: bytes
    variables: str


def source_line(source: str, line: int) -> str:
    """The text of a line of a program, counted from 1."""
    lines = source.splitlines()
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""


def find_compiler() -> str:
    """The path of g++.

    Raises:
        NoCompiler: there is none.
    """
    if sys.platform != "linux":
        raise NoCompiler("CUDA C on a CPU needs Linux: use Colab, or WSL on Windows. The simulator runs anywhere.")
    path = shutil.which("g++")
    if path is None:
        raise NoCompiler(INSTALL)
    return path


def as_program(source: str) -> str:
    """The source as it is numbered: a string in triple quotes begins on the line after them."""
    return source.removeprefix("\n")


def compile_program(source: str, harness: str = "") -> Executable:
    """Compile CUDA C for the CPU.

    Args:
        source: the student's program.
        harness: C++ with a main() of our own; the student's own is left out then. A program with one is closed: what
            its run reports is true, even of a program that would like to forge it.

    Raises:
        CompileError: with the compiler's words, at the student's lines.
        NoCompiler: there is no g++.
    """
    return _compiled(as_program(source), harness)


@cache
def _compiled(source: str, harness: str) -> Executable:
    try:
        translated = translate(source)
        with tempfile.TemporaryDirectory() as name:
            return _linked(Path(name), source, translated, harness)
    except SourceError as error:
        raise CompileError([(error.line, error.text)], source) from None


def _linked(folder: Path, source: str, translated: str, harness: str) -> Executable:
    compiler = find_compiler()
    hidden = ("#define main lifelong_student_main\n", "\n#undef main\n") if harness else ("", "\n")
    text = f'#line 1 "{PROGRAM}"\n{translated}'
    plain = ["-fno-diagnostics-show-caret", "-fdiagnostics-color=never", "-fmax-errors=10"] + (["-w"] * (not harness))
    if harness:
        bare = f'#line 1 "{PROGRAM}"\n{closed.without_includes(source)}\n'
        (folder / "own.cpp").write_text(bare, encoding="utf-8")
        alone = _must([compiler, *STANDARD, *plain, "-nostdinc", "-E", "own.cpp"], folder, source)
        text = translate(closed.preprocessed(alone.stdout))
    wanted = dict.fromkeys(closed.LIBRARY.findall(source) if harness else ())
    helpers = "".join(f"#include <{closed.OWN.get(each, each)}>\n" for each in wanted)
    text = f'#include "cuda_on_cpu.h"\n{helpers}{hidden[0]}{text}{hidden[1]}'
    if harness:
        text += f'#line 1 "{HARNESS}"\n{harness}\n'
    for part, data in runtime().items():
        (folder / f"{part}.o").write_bytes(data)
    (folder / "whole.cpp").write_text(text, encoding="utf-8")
    watched = [*STANDARD, "-O0", "-g1", *WATCHED, *plain, *_poison(), *(CLOSED if harness else ()), f"-I{INCLUDE}"]
    done = _must([compiler, *watched, "-c", "whole.cpp", "-o", "whole.o"], folder, source)
    _must(["objcopy", *(f"--redefine-sym={each}" for each in COPIES), "whole.o"], folder, source)
    if harness:
        dump = ["objdump", "--no-show-raw-insn", "whole.o"]
        symbols, code = (_run([*dump, what], folder).stdout for what in ("--syms", "-d"))
        closed.refuse(symbols, code, (folder / "tree").read_text("utf-8", "replace"), done.stderr, source)
    # without the options of instrumentation, which would bring the stock runtime in
    objects = [f"{part}.o" for part in ("whole", *RUNTIME)]
    wrap = [f"-Wl,--wrap={function}" for function in WRAPPED]
    _must([compiler, *STANDARD, *objects, *wrap, "-lm", "-o", "program"], folder, source)
    return Executable(source, (folder / "program").read_bytes(), _variables(folder, source))


def _variables(folder: Path, source: str) -> str:
    """The program's own variables; what the linker made of the sections that the header names.

    Of a template's variables the compiler forgets the section.
    """
    own, whole = (_run(["objdump", "--syms", "--demangle", name], folder).stdout for name in ("whole.o", "program"))
    names, lines = set(OBJECT.findall(own)), []
    for address, section, size, name in SYMBOL.findall(whole):
        short = re.sub(r"\[abi:\w+\]", "", name).rpartition("::")[2].strip()
        if name in names and re.fullmatch(r"\w+", short) and int(size, 16):
            shared = ">" in name and re.search(rf"__shared__[^;]*\b{short}\b", source)
            space = SPACES["lifelong_shared"] if shared else SPACES.get(section, HOST_VARIABLE)
            lines.append(f"{space} {int(address, 16)} {int(size, 16)} {short}")
    return "\n".join(lines)


@cache
def _poison() -> tuple[str, ...]:
    """The option that poisons variables, where the compiler has it."""
    asked = [find_compiler(), POISONED, "-fsyntax-only", "-xc++", os.devnull]
    return (POISONED,) * (not subprocess.run(asked, capture_output=True, stdin=subprocess.DEVNULL).returncode)


@cache
def runtime() -> dict[str, bytes]:
    """The pretended device as object files, compiled once in the life of a process."""
    compiler = find_compiler()
    _poison()  # asked here once, for all programs
    with tempfile.TemporaryDirectory() as folder:
        command = [compiler, *STANDARD, "-O2", "-fno-omit-frame-pointer", "-w", "-c"]
        pipes: Any = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        running = [
            subprocess.Popen([*command, str(INCLUDE / f"{part}.cpp"), "-o", f"{part}.o"], cwd=folder, **pipes)
            for part in RUNTIME
        ]
        said = [process.communicate(timeout=SECONDS)[0] for process in running]
        if any(process.returncode for process in running):
            raise NoCompiler(f"g++ cannot compile the course's own code (version 10 or newer is needed):\n{said}")
        return {part: Path(folder, f"{part}.o").read_bytes() for part in RUNTIME}


def _must(command: list[str], folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    done = _run(command, folder)
    if done.returncode != 0:
        raise CompileError(_messages(done.stderr, source), source)
    return done


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C", "TMPDIR": str(folder)}
    pipes: Any = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    text: Any = {"text": True, "errors": "replace"}
    with subprocess.Popen(command, cwd=folder, env=environment, process_group=0, **pipes, **text) as process:
        try:
            out, said = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            out, said = "", f"{PROGRAM}:1:1: error: compiling it takes too long"
        finally:
            if process.poll() is None:  # its compiler proper holds the pipes, too
                os.killpg(process.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(command, process.returncode, out, said)


def _messages(said: str, source: str) -> list[tuple[int, str]]:
    """The first errors at lines of the student's, in plain words where a cause is common."""
    found: list[tuple[int, str]] = []
    for match in MESSAGE.finditer(said):
        line, text = int(match["line"]), match["text"]
        if match["file"] == PROGRAM:
            text = re.sub(r"lifelong::(?:allocate_typed|copy|release|fill)\b", "cuda…", text)
            text = STD.sub(NO_STD, ABSENT.sub(NO_HEADER, MISSING.sub(NOTHING, text)))
            found.append((min(line, source.count("\n") + 1), text))
        elif match["file"] == HARNESS:
            found.append((0, f"The program does not fit the call that was asked for: {text}"))
    missing = {"main": "There is no main()."}
    undefined = UNDEFINED.findall(said)
    found += [(0, missing.get(name, f"There is no function `{name}`, which is called.")) for name in undefined]
    found = list(dict.fromkeys(found))[:MOST_MESSAGES]
    return found or [(0, said.strip()[-400:] or "g++ failed without a word.")]
