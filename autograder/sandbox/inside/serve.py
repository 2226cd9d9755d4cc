"""The life of one submission's process: run cells, fork probes, until the host hangs up.

The host asks for a ``cell``, or for a ``probe``: a fork of the state, which it sends ``calls``. A
fork that is told to wait after its answers is asked again by ``resume``; whatever else comes next ends it, but for a
probe beside it.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np

from .plain import to_plain
from .probe import Probe, answer, probe_of, seed_generators
from .shell import Output, Shell, connect
from .wire import LENGTH, Stream, WireError


class Ending(StrEnum):
    """How a fork's answering ended."""

    DIED = "died"
    TIMEOUT = "timeout"
    WAITING = "waiting"


@dataclass(frozen=True)
class Fork:
    """A fork of the submission's state, in which probes are called.

    Attributes:
        process: its id.
        stream: to it.
    """

    process: int
    stream: Stream

    def end(self) -> None:
        """Kill it, whatever it is at."""
        self.stream.sock.close()
        with contextlib.suppress(ProcessLookupError, ChildProcessError):  # it has died, and perhaps been reaped
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)


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
                fork = _fork(stream, shell, body, probes, tensors, waiting)
                waiting = _question(fork, stream, body["seconds"]) or waiting
            elif kind == "resume" and waiting:
                waiting = _question(waiting, stream, body["seconds"])
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


def _fork(
    stream: Stream, shell: Shell, request: Any, probes: Mapping[str, Probe], tensors: bool, waiting: Fork | None
) -> Fork:
    """A fork that runs a cell if there is one, and then makes the calls that it is sent, an empty frame behind each lot that is not the last."""
    names, cell = shell.user_ns if request["names"] is None else request["names"], request["cell"]
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            for line in (ours, stream.sock, *([waiting.stream.sock] if waiting else ())):
                line.close()
            connect(lambda output: None)
            replies, more = Stream(theirs), not cell or shell.run(cell) is None
            while more and (told := replies.receive()):
                seed_generators(0, tensors)  # whoever asks, and whatever was asked before
                for exercise, inputs in told[1]["calls"]:
                    given = {**inputs, "host": partial(_ask, replies)}
                    replies.send("reply", answer(probe_of(exercise, probes), names, given, tensors))
                if more := told[1]["wait"]:
                    theirs.sendall(LENGTH.pack(0))
        finally:
            os._exit(0)
    theirs.close()
    return Fork(child, Stream(ours))


def _question(fork: Fork, host: Stream, seconds: float) -> Fork | None:
    """Pass frames on between a fork and the host; the fork if it waits for more, else it has ended, or is ended here."""
    ending = _relay(fork.stream, host, time.monotonic() + seconds)
    if ending is not Ending.WAITING:
        fork.end()
    host.send("probed", {"outcome": ending})
    return fork if ending is Ending.WAITING else None


def _ask(host: Stream, question: Any) -> Any:
    """What the host answers; a ValueError where the question makes no sense to it."""
    host.send("ask", json.loads(json.dumps(to_plain(question), default=np.ndarray.tolist)))
    _, told = host.receive() or ("", {"error": "no answer"})
    if "error" in told:
        raise ValueError(told["error"])
    return told["value"]


def _relay(child: Stream, host: Stream, deadline: float) -> Ending:
    """Pass frames on, both ways, until the child waits or hangs up, or the time is up."""
    while (left := deadline - time.monotonic()) > 0:
        child.sock.settimeout(left)  # what does not listen must not hold up its own end
        try:
            for source, target in ((host, child), (child, host)):
                while (payload := source.take()) is not None:
                    if source is child and not payload:
                        return Ending.WAITING
                    target.sock.sendall(LENGTH.pack(len(payload)) + payload)
            ready = select.select([child.sock, host.sock], [], [], left)[0]
            if child.sock in ready:
                child.fill()
        except TimeoutError:
            break
        except (WireError, OSError):
            return Ending.DIED
        if host.sock in ready:
            host.fill()
    return Ending.TIMEOUT
