"""IPython without a kernel: runs cells through InteractiveShell and hands every output on, as nbformat, at once."""

import ast
import base64
import contextlib
import io
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from . import stand_ins

Output = dict[str, Any]
_emit: Callable[[Output], None] = lambda output: None  # noqa: E731

LONGEST = 100_000
"""Characters of an exception's message that are passed on: one of megabytes would end the submission."""

WARM_UP = (  # what nearly every submission does, done once before the first fork, so that no child pays for it
    "class A:\n    def f(self): return 1\nA().f()",
    "print(1)",
    "raise ValueError(1)",
    "def f(:",
    "%matplotlib inline",
)

WRAPPER = re.compile(r"\s*%%(\w+).*\n")
TRANSPARENT = ("time", "capture")
"""Cell magics that change nothing of what a cell defines."""


class _Text(io.TextIOBase):
    """A standard stream whose text becomes nbformat stream outputs, in pieces of at most 64 KiB."""

    encoding = "utf-8"

    def __init__(self, name: str) -> None:
        self.name, self._size = name, 0
        self._parts: list[str] = []

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1 if self.name == "stdout" else 2

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._parts.append(text)
        self._size += len(text)
        if self._size > 1 << 16:
            self.flush()
        return len(text)

    def flush(self) -> None:
        if self._parts:
            text = "".join(self._parts)
            self._parts.clear()
            self._size = 0
            _emit({"output_type": "stream", "name": self.name, "text": text})


def _emit_data(kind: str, data: dict[str, Any], metadata: dict[str, Any] | None, **more: Any) -> None:
    flush()
    plain = {key: base64.b64encode(each).decode() if isinstance(each, bytes) else each for key, each in data.items()}
    _emit({"output_type": kind, "data": plain, "metadata": metadata or {}, **more})


class _Publisher(DisplayPublisher):
    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        _emit_data("display_data", data, metadata)

    def clear_output(self, wait: bool = False) -> None:
        flush()
        _emit({"output_type": "clear"})


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        _emit_data("execute_result", format_dict, md_dict, execution_count=Shell.instance().execution_count)

    def finish_displayhook(self) -> None:
        pass


class Shell(InteractiveShell):
    """The shell of one submission.

    Attributes:
        failure: type name and message of the last exception in the last cell, or None.
        own: whether the last cell is the student's own, of which every statement is tried.
    """

    displayhook_class = _Hook
    display_pub_class = _Publisher
    failure: tuple[str, str] | None = None
    own = False

    def init_history(self) -> None:
        self.config.HistoryManager.enabled = False
        super().init_history()

    def init_io(self) -> None:
        pass

    def enable_gui(self, gui: str | None = None) -> None:
        pass

    def system(self, cmd: str) -> None:
        """Run a command line, as after "!"; IPython's own ways need a terminal."""
        command = ["/bin/sh", "-c", self.var_expand(cmd, depth=1)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        sys.stdout.write(done.stdout.decode(errors="replace"))
        self.user_ns["_exit_code"] = done.returncode

    def ask_exit(self) -> None:
        raise SystemExit("exit() has no effect here")

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        name = getattr(etype, "__name__", str(etype))[:LONGEST]
        text = str(evalue)[:LONGEST]
        self.failure = (name, text[:2000])
        flush()
        trace = [line[:LONGEST] for line in stb]
        _emit({"output_type": "error", "ename": name, "evalue": text, "traceback": trace})

    def transform_cell(self, raw_cell: str) -> str:
        """The cell as Python. Several lines that are Python already stay as they are, and parsing them is faster."""
        if "\n" in raw_cell.strip() and not raw_cell[0].isspace() and not self.input_transformers_post:
            with contextlib.suppress(SyntaxError, ValueError, MemoryError, RecursionError):
                with warnings.catch_warnings(action="ignore"):  # compiling it warns
                    ast.parse(raw_cell)
                return raw_cell
        return str(super().transform_cell(raw_cell))

    def should_run_async(self, raw_cell: str, **options: Any) -> bool:
        """Whether to run it in an event loop, for which it would be compiled once more."""
        return ("await" in raw_cell or "async" in raw_cell) and super().should_run_async(raw_cell, **options)

    async def run_ast_nodes(self, nodelist: list[ast.stmt], *names: Any, **options: Any) -> bool:
        """Run a cell's statements; one that lacks what a notebook has elsewhere costs only what it would have defined."""
        nodes = [part for node in nodelist for part in stand_ins.parts(node)]
        for node in nodes:
            shown = options if node is nodes[-1] else options | {"interactivity": "none"}
            if await super().run_ast_nodes([node], *names, **shown):
                error = options["result"].error_in_exec
                if not self._goes_on(node, error):
                    return True
                for name in stand_ins.binds(node):
                    self.user_ns.setdefault(name, stand_ins.Lost(error))
        return False

    def _goes_on(self, node: ast.stmt, error: BaseException | None) -> bool:
        """Whether a cell goes on after a statement that failed."""
        lacks = isinstance(error, ImportError | OSError | EOFError) or stand_ins.asks_elsewhere(node)
        mends = isinstance(error, Exception) and not isinstance(error, MemoryError)
        return mends and not isinstance(node, ast.Raise) and (self.own or lacks)

    def _unwrapped(self, source: str) -> str:
        """The cell without cell magics that are unknown, or only time or hide it: its statements can fail one by one."""
        while match := WRAPPER.match(source):
            rest = source[match.end() :]
            if match[1] not in TRANSPARENT and match[1] in self.magics_manager.magics["cell"]:
                break
            if self.check_complete(rest)[0] == "invalid":
                break
            source = rest
        return source

    def run(self, source: str, own: bool = False) -> tuple[str, str] | None:
        """Run one cell; its outputs are emitted as they come. Returns type name and message of what it raised."""
        self.failure, self.own = None, own
        stand_ins.asked = 0
        try:
            self.run_cell(self._unwrapped(source), store_history=True, silent=False)
        except KeyboardInterrupt:
            self.showtraceback()
        flush()
        return self.failure


def flush() -> None:
    """Emit what the standard streams still hold."""
    sys.stdout.flush()
    sys.stderr.flush()


def make_shell(warm_up: str) -> Shell:
    """The one shell of this process, warmed up and reset, so that a fork of it starts at once and knows nothing.

    Args:
        warm_up: a cell of the course's own that is run as well.
    """
    config = Config()
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.ast_node_interactivity = "last_expr"
    shell: Shell = Shell.instance(config=config)
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Text("stdout"), _Text("stderr")
    for source in (*WARM_UP, warm_up):
        shell.run_cell(source, store_history=False, silent=False)
    sys.stdout, sys.stderr = before
    shell.reset(new_session=True)
    shell.execution_count = 1
    for magic in ("reset", "reset_selective"):  # what is gone at the end cannot be graded
        shell.magics_manager.register_function(lambda line: None, magic_name=magic)
    stand_ins.install()
    return shell


def connect(emit: Callable[[Output], None]) -> None:
    """From now on this process's outputs go to ``emit``."""
    global _emit
    _emit = emit
    sys.stdout, sys.stderr = _Text("stdout"), _Text("stderr")
