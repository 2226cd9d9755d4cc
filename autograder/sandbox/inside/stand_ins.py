"""What stands in, inside the sandbox, for what a notebook has elsewhere: Colab's own modules, a keyboard, a debugger."""

import ast
import builtins
import concurrent.futures
import copy
import gc
import getpass
import os
import pdb
import sys
import threading
from collections.abc import Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from queue import SimpleQueue
from types import ModuleType
from typing import Any, NoReturn

ANSWERS = 3
"""How often a cell that asks is answered with nothing; then the keyboard is at its end, lest it ask for ever."""

ELSEWHERE = {"get_ipython", "input", "getpass"}
"""Names of what only a person at a notebook has; a statement with one of them may fail."""


class Nothing(str):
    """Empty text that can be called, looked into and entered, and remains nothing."""

    def __call__(self, *_: Any, **__: Any) -> "Nothing":
        return self

    def __getattr__(self, name: str) -> "Nothing":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _: Any) -> "Nothing":
        return self

    __enter__ = __call__

    def __exit__(self, *_: object) -> None:
        pass


class _ColabModule(ModuleType):
    def __getattr__(self, name: str) -> Nothing:
        return getattr(Nothing(), name)


class Colab(MetaPathFinder, Loader):
    """Finds ``google.colab`` and all that is in it, where it is not installed."""

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        known = name == "google" or f"{name}.".startswith("google.colab.")
        return ModuleSpec(name, self, is_package=True) if known else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _ColabModule(spec.name)

    def exec_module(self, _: ModuleType) -> None:
        pass


class Lost:
    """Stands for what a statement that failed would have defined: using it raises that error again."""

    def __init__(self, error: Exception) -> None:
        self.__dict__["error"] = error

    def _use(self, *_: Any, **__: Any) -> NoReturn:
        raise self.__dict__["error"].with_traceback(None)

    __getattr__ = __setattr__ = __call__ = __getitem__ = __iter__ = __enter__ = __mro_entries__ = _use


class Keyboard:
    """Nobody sits there: a question gets an empty answer, and after a few the end of the input."""

    asked = 0

    def __call__(self, prompt: object = "", *_: Any, **__: Any) -> str:
        self.asked += 1
        if self.asked > ANSWERS:
            raise EOFError("nobody answers while this is graded")
        print(prompt)
        return ""


KEYBOARD = Keyboard()


def install() -> None:
    """Put the stand-ins in their places; done once, before the first fork."""
    from IPython.core import debugger

    sys.meta_path.append(Colab())
    builtins.input = getpass.getpass = KEYBOARD
    pdb.set_trace = debugger.set_trace = sys.breakpointhook = Nothing("")  # type: ignore[assignment]
    os.register_at_fork(after_in_child=_revive)
    if torch := sys.modules.get("torch"):  # a fork has none of the threads that an operation waits for
        torch.set_num_threads(1)
        torch.set_num_threads = torch.set_num_interop_threads = lambda count: None


def _revive() -> None:
    """A fork copies one thread only: pools of threads that were copied with it start theirs anew."""
    for pool in gc.get_objects():
        if type(pool) is concurrent.futures.ThreadPoolExecutor:
            pool._threads, pool._work_queue = set(), SimpleQueue()
            pool._idle_semaphore = threading.Semaphore(0)


def parts(node: ast.stmt) -> Iterator[ast.stmt]:
    """The statement, or of an import of several names one statement for each."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        yield node
        return
    for alias in node.names:
        part = copy.copy(node)
        part.names = [alias]
        yield part


def binds(node: ast.AST) -> Iterator[str]:
    """The names that a statement defines in the notebook."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return
    if isinstance(node, ast.alias):
        yield (node.asname or node.name).split(".")[0]
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    for child in ast.iter_child_nodes(node):
        yield from binds(child)


def asks_elsewhere(node: ast.AST) -> bool:
    """Whether a statement is a magic, or waits for a person."""
    return any(isinstance(each, ast.Name) and each.id in ELSEWHERE for each in ast.walk(node))
