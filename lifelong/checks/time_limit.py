"""A limit on how long a student's code may take in a check, in whatever thread and on whatever system."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 20.0


class OutOfTime(BaseException):
    """The time is up. No Exception, lest the student's ``except Exception`` catches it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``OutOfTime`` in this thread when what is done within takes too long; a signal would do in the main one only."""
    thread, over = ctypes.c_ulong(threading.get_ident()), threading.Event()

    def watch() -> None:
        late = over.wait(seconds)
        while not late:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(OutOfTime))
            late = over.wait(1.0)  # code that has caught it is told again

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        try:
            yield
        finally:
            over.set()
    finally:
        over.set()  # should the time have been up just in the line above
        watcher.join()
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)  # what is pending is of no use any more
