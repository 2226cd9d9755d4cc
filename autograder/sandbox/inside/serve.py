"""The life of one submission's process: run cells, fork probes, until the host hangs up."""

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from .plain import to_plain
from .probe import Probe, answer, probe_of
from .shell import Output, Shell, connect
from .wire import LENGTH, Stream, WireError


def serve(stream: Stream, shell: Shell, probes: Mapping[str, Probe], tensors: bool) -> None:
    """Answer the host's requests ``cell``, ``missing`` and ``probe`` one at a time; returns when the host hangs up.

    Args:
        stream: to the host.
        shell: runs the cells.
        probes: the course's own, by exercise.
        tensors: whether a case's arrays become torch tensors.
    """
    owner = os.getpid()
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
            if kind == "cell":
                failure = shell.run(body["source"], body.get("own", False))
                if os.getpid() != owner:
                    os._exit(0)
                stream.send("done", {"failure": list(failure) if failure else None})
            elif kind == "missing":
                stream.send("done", {"names": [name for name in body["names"] if name not in shell.user_ns]})
            elif kind == "probe":
                _probe(stream, shell, body, probes, tensors)
        except KeyboardInterrupt:  # an interrupt that came a moment after its cell had ended
            continue
        except WireError:
            return


def _reap() -> None:
    """Take note of the processes that have ended: until then each counts against the limit on their number."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def _probe(stream: Stream, shell: Shell, request: Any, probes: Mapping[str, Probe], tensors: bool) -> None:
    """In a fork run a cell if there is one, and then make the calls; pass whole frames on, and end it when its time is up."""
    calls = [(probe_of(exercise, probes), inputs) for exercise, inputs in request["calls"]]
    names, cell = shell.user_ns if request["names"] is None else request["names"], request["cell"]
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            ours.close()
            stream.sock.close()
            connect(lambda output: None)
            replies = Stream(theirs)
            for probe, inputs in calls if not cell or shell.run(cell) is None else ():
                replies.send("reply", answer(probe, names, {**inputs, "host": partial(_ask, replies)}, tensors))
        finally:
            os._exit(0)
    theirs.close()
    ended = _relay(Stream(ours), stream, time.monotonic() + request["seconds"])
    ours.close()
    if not ended:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    stream.send("probed", {"outcome": "died" if ended else "timeout"})


def _ask(host: Stream, question: Any) -> Any:
    """What the host answers; a ValueError where the question makes no sense to it."""
    host.send("ask", json.loads(json.dumps(to_plain(question), default=np.ndarray.tolist)))
    _, told = host.receive() or ("", {"error": "no answer"})
    if "error" in told:
        raise ValueError(told["error"])
    return told["value"]


def _relay(child: Stream, host: Stream, deadline: float) -> bool:
    """Pass frames on, both ways, until the child hangs up (True) or the time is up (False)."""
    while True:
        left = deadline - time.monotonic()
        ready = select.select([child.sock, host.sock], [], [], left)[0] if left > 0 else []
        if not ready:
            return False
        if host.sock in ready:
            host.fill()
        child.sock.settimeout(left)  # what does not listen must not hold up its own end
        try:
            if child.sock in ready:
                child.fill()
            for source, target in ((host, child), (child, host)):
                while (payload := source.take()) is not None:
                    target.sock.sendall(LENGTH.pack(len(payload)) + payload)
        except TimeoutError:
            return False
        except (WireError, OSError):
            return True
