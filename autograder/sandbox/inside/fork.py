"""A fork of a submission's state, in which probes are called; it may wait to be asked more."""

import contextlib
import json
import os
import select
import signal
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np

from .plain import to_plain
from .probe import Probe, answer, probe_of, seed_generators
from .shell import Shell, connect
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

    def question(self, host: Stream, seconds: float) -> bool:
        """Pass frames on between it and the host; whether it then waits for more, else it has ended, or is ended here."""
        ending = self._relay(host, time.monotonic() + seconds)
        if ending is not Ending.WAITING:
            self.end()
        host.send("probed", {"outcome": ending})
        return ending is Ending.WAITING

    def end(self) -> None:
        """Kill it, whatever it is at."""
        self.stream.sock.close()
        with contextlib.suppress(ProcessLookupError, ChildProcessError):  # it has died, and perhaps been reaped
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)

    def _relay(self, host: Stream, deadline: float) -> Ending:
        """Pass frames on, both ways, until it waits or hangs up, or the time is up."""
        child = self.stream
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


def start(
    host: Stream, shell: Shell, request: Any, probes: Mapping[str, Probe], tensors: bool, waiting: Fork | None
) -> Fork:
    """A fork that runs a cell if there is one, and then makes the calls that it is sent, an empty frame behind each lot that is not the last.

    Args:
        host: the stream to the host, which is not for the fork.
        shell: the submission's state.
        request: ``cell``, its source or nothing, and ``names``, what probes get in place of the state's own.
        probes: the course's own, by exercise.
        tensors: whether a case's arrays become torch tensors.
        waiting: the fork that waits meanwhile, whose stream is not for this one.
    """
    names, cell = shell.user_ns if request["names"] is None else request["names"], request["cell"]
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            for line in (ours, host.sock, *([waiting.stream.sock] if waiting else ())):
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


def _ask(host: Stream, question: Any) -> Any:
    """What the host answers; a ValueError where the question makes no sense to it."""
    host.send("ask", json.loads(json.dumps(to_plain(question), default=np.ndarray.tolist)))
    _, told = host.receive() or ("", {"error": "no answer"})
    if "error" in told:
        raise ValueError(told["error"])
    return told["value"]
