"""A limit on how long a student's code may take in a check, in whatever thread and on whatever system."""

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 20.0


class OutOfTime(BaseException):
    """The time is up. No Exception, lest the student's ``except Exception`` catches it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``OutOfTime`` in this thread when what is done within takes too long.

    Python sees to it between two of its own instructions. In the main thread a signal ends what waits longer, such as
    ``time.sleep``; in any other such a wait ends by itself only, and the limit is told then: no thread can be killed.
    """
    thread, over = ctypes.c_ulong(threading.get_ident()), threading.Event()
    wakes = threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGURG")  # which else is ignored
    before = signal.signal(signal.SIGURG, lambda *_: None) if wakes else None

    def watch() -> None:
        late = over.wait(seconds)
        while not late:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(OutOfTime))
            if wakes:
                signal.pthread_kill(thread.value, signal.SIGURG)
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
        if wakes:
            signal.signal(signal.SIGURG, before or signal.SIG_DFL)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)  # what is pending is of no use any more
