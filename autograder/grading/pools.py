"""Where submissions are graded: in this process, or in several of this machine; ``cluster`` adds a Dask cluster."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from autograder.files import scratch
from autograder.sandbox.inside.jail import die_with_parent

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Where the libraries below NumPy and PyTorch look, once, for how many threads to start."""

P = ParamSpec("P")
T = TypeVar("T")


class Pool(Protocol):
    """A place where work is done.

    Attributes:
        slots: how many submissions are graded at a time.
        deaths: what a future raises whose worker has died.
    """

    @property
    def slots(self) -> int: ...

    @property
    def deaths(self) -> tuple[type[BaseException], ...]: ...

    def open(self, leave: Callable[[], object] | None = None) -> Any:
        """A context manager that gives an Executor; left by an exception, it ends all work at once.

        Args:
            leave: what to do at the end in each of the pool's processes that goes on without it.
        """

    def alone(self) -> Pool:
        """The same for one submission at a time."""


@dataclass(frozen=True)
class Here:
    """This very process: for one submission nothing else is worth starting."""

    slots: int = 1
    deaths: tuple[type[BaseException], ...] = ()

    @contextmanager
    def open(self, leave: Callable[[], object] | None = None) -> Iterator[Executor]:
        """An executor that has done the work when ``submit`` returns."""
        try:
            yield _AtOnce()
        finally:
            if leave is not None:
                leave()

    def alone(self) -> Here:
        """The same."""
        return self


class _ByFile(Executor):
    """Hands the arguments of a call over in a file: in a pipe that nobody empties any more, Python before 3.12 waits for ever.

    https://github.com/python/cpython/issues/94777
    """

    def __init__(self, executor: Executor, folder: Path) -> None:
        self._executor, self._folder, self._count = executor, folder, count()

    def submit(self, function: Callable[P, T], /, *arguments: P.args, **options: P.kwargs) -> Future[T]:
        file = self._folder / str(next(self._count))
        file.write_bytes(pickle.dumps((function, arguments, options)))
        return self._executor.submit(_from_file, file)


def _from_file(file: Path) -> Any:
    function, arguments, options = pickle.loads(file.read_bytes())
    file.unlink()
    return function(*arguments, **options)


class _AtOnce(Executor):
    def submit(self, function: Callable[P, T], /, *arguments: P.args, **options: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(function(*arguments, **options))
        except Exception as error:
            future.set_exception(error)
        return future


@dataclass(frozen=True)
class Processes:
    """Processes of this machine, each with a sandbox of its own."""

    slots: int
    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)

    @contextmanager
    def open(self, leave: Callable[[], object] | None = None) -> Iterator[Executor]:
        """A process pool that has started; Ctrl-C reaches this process alone, which then ends the others."""
        executor = ProcessPoolExecutor(
            self.slots, mp_context=get_context("spawn"), initializer=_die_with_parent, initargs=(os.getpid(),)
        )
        try:
            with _interrupts_ignored(), _one_thread_each():  # what is started now has both from its first moment on
                for _ in range(self.slots):
                    executor.submit(os.getpid)
            with scratch() as folder:
                yield _ByFile(executor, folder)
        except BaseException:
            for process in list((executor._processes or {}).values()):  # as kill_workers() of Python 3.14
                process.kill()
            raise
        finally:
            executor.shutdown(cancel_futures=True)

    def alone(self) -> Processes:
        """One process."""
        return replace(self, slots=1)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only that one may say so, and only it hears them
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes that are started meanwhile do their linear algebra in one thread: there is one for each processor."""
    before = dict(os.environ)
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name in THREADS:
            os.environ.pop(name)
            if name in before:
                os.environ[name] = before[name]


def _die_with_parent(parent: int) -> None:
    """A worker whose parent was killed would wait for work for ever, and its sandbox with it."""
    die_with_parent(signal.SIGKILL)
    if os.getppid() != parent:  # it was killed before that
        os._exit(1)
