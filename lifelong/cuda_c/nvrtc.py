"""NVIDIA's own compiler on a program's device code: NVRTC comes with torch's CUDA wheels and needs no GPU; or nvcc."""

import ctypes
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lifelong.cuda_c.compiler import PROGRAM, CompileError, as_program
from lifelong.cuda_c.translate import device_code, kernels

ARCHITECTURE = "compute_75"
"""The oldest that today's compilers still know (Turing, 2018); Colab's T4 is one."""

MESSAGE = re.compile(rf"^{re.escape(PROGRAM)}\((\d+)\): (?:catastrophic )?error(?: #\d+(?:-D)?)?: (.*)$", re.MULTILINE)

NOWHERE = "Neither nvcc nor NVRTC is here, so only g++ has a say. NVRTC comes with torch built for CUDA (pip install torch on Linux), nvcc with NVIDIA's CUDA Toolkit."


class NoDeviceCompiler(RuntimeError):
    """Neither NVRTC nor nvcc is here; the message says where they come from."""

    def _render_traceback_(self, *_: object) -> list[str]:
        return [f"… {self}"]


def device_compiler() -> str | None:
    """What there is: the path of libnvrtc, else that of nvcc, else None."""
    library = next(_libraries(), None)
    return str(library) if library else shutil.which("nvcc")


def compile_ptx(source: str, architecture: str = ARCHITECTURE) -> str:
    """A program's device code as PTX, the GPU's portable assembly, for a virtual architecture.

    Host functions are cut out, for NVRTC refuses them.

    Raises:
        CompileError: with the compiler's words, at the program's lines.
        NoDeviceCompiler: there is none.
    """
    program = as_program(source)
    library = _load()
    if library is not None:
        return _by_nvrtc(library, program, architecture)
    if path := shutil.which("nvcc"):
        return _by_nvcc(path, program, architecture)
    raise NoDeviceCompiler(NOWHERE)


def ask_nvidia(source: str) -> str:
    """What NVIDIA's compiler says of a program's device code, in a line or a few."""
    try:
        ptx = compile_ptx(source)
    except (CompileError, NoDeviceCompiler) as answer:
        return f"{'✗' if isinstance(answer, CompileError) else '…'} {answer}"
    names = ", ".join(name for name in kernels(source) if re.search(rf"\.entry\s+(_Z{len(name)})?{name}", ptx))
    lines = len([line for line in ptx.splitlines() if line.strip() and not line.startswith("//")])
    return f"✓ NVIDIA's compiler takes it: {lines} lines of PTX for {ARCHITECTURE}, kernels {names}"


def _libraries() -> Iterator[Path]:
    """Where libnvrtc may be: in torch's companion packages, where torch itself finds it, or in a CUDA Toolkit."""
    for place in map(Path, sys.path):
        for pattern in ("cu*/lib", "cuda_nvrtc/lib"):
            yield from sorted(place.glob(f"nvidia/{pattern}/libnvrtc.so.*"))
    yield from sorted(Path("/usr/local/cuda/lib64").glob("libnvrtc.so*"))


@cache
def _load() -> ctypes.CDLL | None:
    for path in _libraries():
        try:
            # the library of its built-in functions is beside it, where the loader does not look
            for other in sorted(path.parent.glob("libnvrtc-builtins.so*")):
                ctypes.CDLL(str(other), mode=ctypes.RTLD_GLOBAL)
            return ctypes.CDLL(str(path))
        except OSError:
            continue
    return None


def _by_nvrtc(library: ctypes.CDLL, source: str, architecture: str) -> str:
    program = ctypes.c_void_p()
    text = device_code(source).encode()
    library.nvrtcCreateProgram(ctypes.byref(program), text, PROGRAM.encode(), 0, None, None)
    options = [f"--gpu-architecture={architecture}".encode(), b"--std=c++17"]
    try:
        status = library.nvrtcCompileProgram(program, len(options), (ctypes.c_char_p * len(options))(*options))
        if status != 0:
            raise _error(_text(library, program, "ProgramLog"), source)
        return _text(library, program, "PTX")
    finally:
        library.nvrtcDestroyProgram(ctypes.byref(program))


def _text(library: ctypes.CDLL, program: ctypes.c_void_p, what: str) -> str:
    size = ctypes.c_size_t()
    getattr(library, f"nvrtcGet{what}Size")(program, ctypes.byref(size))
    buffer = ctypes.create_string_buffer(size.value)
    getattr(library, f"nvrtcGet{what}")(program, buffer)
    return buffer.value.decode("utf-8", "replace")


def _by_nvcc(path: str, source: str, architecture: str) -> str:
    with tempfile.TemporaryDirectory() as name:
        Path(name, PROGRAM).write_text(source, encoding="utf-8")
        command = [path, "--ptx", f"--gpu-architecture={architecture}", PROGRAM, "-o", "program.ptx"]
        done = subprocess.run(command, cwd=name, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
        if done.returncode != 0:
            raise _error(done.stdout + done.stderr, source)
        return Path(name, "program.ptx").read_text(encoding="utf-8")


def _error(log: str, source: str) -> CompileError:
    found = [(int(line), text) for line, text in MESSAGE.findall(log)][:3]
    return CompileError(found or [(0, log.strip()[-600:])], source)
