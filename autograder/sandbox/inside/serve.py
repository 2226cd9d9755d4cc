"""The life of one submission's process: run cells, fork probes, until the host hangs up.

The host asks for a ``cell``, or for a ``probe``: a fork of the state, which it sends ``calls``. A fork that is told to
wait after its answers is asked again by ``resume``; whatever else comes next ends it, but for a probe beside it.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Mapping

from .fork import Ending, Fork, start
from .probe import Probe
from .shell import Output, Shell, connect
from .wire import Stream, WireError


def serve(stream: Stream, shell: Shell, probes: Mapping[str, Probe], tensors: bool) -> None:
    """Answer the host's requests one at a time; returns when the host hangs up.

    Args:
        stream: to the host.
        shell: runs the cells.
        probes: the course's own, by exercise.
        tensors: whether a case's arrays become torch tensors.
    """
    owner = os.getpid()
    waiting: Fork | None = None
    sys.path.append("")  # for modules that a cell writes

    def emit(output: Output) -> None:
        if os.getpid() == owner:  # a process that the student's code forked has no say here
            stream.send("output", output)

    connect(emit)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    stream.send("ready", {})
    while True:
        try:
            request = stream.receive()
            if request is None:
                continue
            _reap()
            kind, body = request
            if waiting and (kind == "cell" or (kind == "probe" and not body["beside"])):
                waiting.end()
                waiting = None
            if kind == "cell":
                failure = shell.run(body["source"], body.get("own", False))
                if os.getpid() != owner:
                    os._exit(0)
                missing = [name for name in body["names"] if name not in shell.user_ns]
                stream.send("done", {"failure": list(failure) if failure else None, "missing": missing})
            elif kind == "probe":
                fork = start(stream, shell, body, probes, tensors, waiting)
                waiting = fork if fork.question(stream, body["seconds"]) else waiting
            elif kind == "resume" and waiting:
                waiting = waiting if waiting.question(stream, body["seconds"]) else None
            elif kind == "resume":
                stream.send("probed", {"outcome": Ending.DIED})
        except KeyboardInterrupt:  # an interrupt that came a moment after its cell had ended
            continue
        except WireError:
            return


def _reap() -> None:
    """Take note of the processes that have ended: until then each counts against the limit on their number."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
