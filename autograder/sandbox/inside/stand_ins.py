"""What stands in, inside the sandbox, for what a notebook has elsewhere: Colab's own modules, a keyboard, a debugger."""

import ast
import builtins
import copy
import gc
import getpass
import os
import pdb
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from queue import SimpleQueue
from types import ModuleType
from typing import Any, NoReturn

from IPython.core import debugger

ANSWERS = 3
"""How many questions of a cell get an empty answer; then the keyboard is at its end, lest it be asked for ever."""
ELSEWHERE = {"get_ipython", "input", "getpass"}
"""Names of what only a person at a notebook has."""
asked = 0


class Nothing(str):
    """Empty text that can be called, looked into and entered, and remains nothing."""

    def __getattr__(self, name: str) -> "Nothing":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self

    __getitem__ = __enter__ = __call__

    def __exit__(self, *_: object) -> None: ...


class Colab(MetaPathFinder, Loader):
    """Finds ``google.colab``, and all that is in it, where it is not installed: nothing."""

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        known = name == "google" or f"{name}.".startswith("google.colab.")
        return ModuleSpec(name, self, is_package=True) if known else None

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__getattr__"] = Nothing().__getattr__


class Lost:
    """Stands for what a statement that failed would have defined: using it raises that error again."""

    def __init__(self, error: Exception) -> None:
        self.__dict__["error"] = error

    def _use(self, *_: Any, **__: Any) -> NoReturn:
        raise self.__dict__["error"].with_traceback(None)

    __getattr__ = __call__ = __getitem__ = __iter__ = __enter__ = __mro_entries__ = _use


def answer(prompt: object = "", *_: Any, **__: Any) -> str:
    """What ``input`` and ``getpass`` get, since nobody sits there."""
    global asked
    asked += 1
    if asked > ANSWERS:
        raise EOFError("nobody answers while this is graded")
    print(prompt)
    return ""


def install() -> None:
    """Put everything in its place, once, before the first fork."""
    sys.meta_path.append(Colab())
    builtins.input = getpass.getpass = answer
    pdb.set_trace = debugger.set_trace = sys.breakpointhook = Nothing()
    os.register_at_fork(after_in_child=_revive)
    if torch := sys.modules.get("torch"):  # a fork has none of the threads that an operation waits for
        vars(torch).update(dict.fromkeys(("set_num_threads", "set_num_interop_threads"), Nothing()))


def load_alone() -> None:
    """Have PyTorch's DataLoader load without workers: they need semaphores, which are files of the machine's own /dev/shm."""
    if module := sys.modules.get("torch.utils.data.dataloader"):
        alone = module._SingleProcessDataLoaderIter
        vars(module)["_MultiProcessingDataLoaderIter"] = lambda loader: alone(_without_workers(loader))


def _without_workers(loader: object) -> object:
    loader = copy.copy(loader)
    vars(loader).update(num_workers=0, timeout=0)
    return loader


def _revive() -> None:
    """A fork has one thread only: pools of threads begin anew."""
    for pool in gc.get_objects():
        if type(pool) is ThreadPoolExecutor:
            pool._threads, pool._work_queue, pool._idle_semaphore = set(), SimpleQueue(), threading.Semaphore(0)


def parts(node: ast.stmt) -> list[ast.stmt]:
    """The statement, or of an import of several modules one statement for each."""
    names = node.names if isinstance(node, ast.Import) else []
    return [ast.copy_location(ast.Import([name]), node) for name in names] or [node]


def binds(node: ast.AST) -> Iterator[str]:
    """The names that a statement defines in the notebook."""
    match node:
        case ast.alias(name, other):
            yield (other or name).split(".")[0]
        case ast.Name(name, ast.Store()) | ast.FunctionDef(name) | ast.ClassDef(name):
            yield name
        case _:
            for child in ast.iter_child_nodes(node):
                yield from binds(child)


def asks_elsewhere(node: ast.AST) -> bool:
    """Whether a statement is a magic, or waits for a person."""
    return any(isinstance(each, ast.Name) and each.id in ELSEWHERE for each in ast.walk(node))
