"""The warm sandbox, seen from the instructor's side: one process, forked for each submission."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from autograder.files import scratch
from autograder.sandbox.launch import zygote_launch
from autograder.sandbox.session import Session
from autograder.sandbox.setup import Setup
from autograder.sandbox.wall import SandboxUnavailable, Wall, strongest

START_SECONDS = 120.0


class SandboxClosed(RuntimeError):
    """The sandbox was closed by whom it belongs to, perhaps while it was in use: grade the submission in another."""


class Sandbox:
    """A zygote and what it forks. Start-up takes seconds, a session milliseconds; use as a context manager.

    Args:
        setup: what the course puts into it, and what each submission may use.
        confined: False switches the isolation off; only for one's own files.
        private: folders that must not be seen inside, even where they lie in one that is, such as /usr.

    Raises:
        SandboxUnavailable: this machine cannot close student code off.

    Attributes:
        limits: of each submission.
        wall: what closes it off.
        apart: exercises whose probe is called where no student code has run, with what ``source`` has taken out.
    """

    def __init__(self, setup: Setup, confined: bool = True, private: Sequence[Path] = ()) -> None:
        self.limits = setup.limits
        self.wall = strongest() if confined else Wall.NONE
        self._settings = setup, private
        self._closed = False
        self._changing = threading.Lock()  # it may be closed by another thread than the one that uses it
        self._start()

    def _start(self) -> None:
        setup, private = self._settings
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._scratch = ExitStack()
        folder = self._scratch.enter_context(scratch())
        launch = zygote_launch(theirs.fileno(), setup, self.wall, folder, private)
        self._control = ours
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            launch.command,
            env=launch.environment,
            pass_fds=[theirs.fileno(), *launch.kept],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        for descriptor in launch.kept:
            os.close(descriptor)
        theirs.close()
        ours.settimeout(START_SECONDS)
        try:
            hello = ours.recv(1 << 16)
        except OSError:
            hello = b""
        if not hello:
            self._stop()
            self._log.seek(0)
            words = self._log.read().decode(errors="replace").strip().splitlines()
            raise SandboxUnavailable(_explain(words))
        self.apart = frozenset(json.loads(hello)["apart"])

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self, seed: int = 0, deadline: float | None = None, output_bytes: int | None = None) -> Session:
        """A fresh process for one submission; a zygote that has died (of the machine's memory, say) is started anew.

        Args:
            seed: of the random generators inside, below 2**32.
            deadline: when the submission must have ended, ``time.monotonic()`` seconds; by default after
                ``limits.submission_seconds``.
            output_bytes: the most that may come out of it; by default ``limits.output_mb``.

        Raises:
            SandboxFailed: the process did not start.
            SandboxClosed: the sandbox has been closed.
        """
        if self._closed or self._process.poll() is not None:
            self.restart()
        life, life_inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        frames, frames_inside = socket.socketpair()
        message = json.dumps({"seed": seed}).encode()
        with suppress(OSError):  # the zygote has died this moment: the session finds nobody at the other end
            socket.send_fds(self._control, [message], [life_inside.fileno(), frames_inside.fileno()])
        life_inside.close()
        frames_inside.close()
        if deadline is None:
            deadline = time.monotonic() + self.limits.submission_seconds
        if output_bytes is None:
            output_bytes = self.limits.output_mb << 20
        return Session(life, frames, self.limits, deadline, output_bytes)

    def restart(self) -> None:
        """Kill the zygote and whatever it has forked, stopped processes too, and start a new one.

        Raises:
            SandboxClosed: the sandbox has been closed.
        """
        with self._changing:
            if self._closed:
                raise SandboxClosed("The sandbox was closed while it was in use.")
            self._process.kill()
            self._stop()
            self._start()

    def close(self) -> None:
        """End the zygote and with it whatever it has forked, for good."""
        with self._changing:
            self._closed = True
            self._stop()

    def _stop(self) -> None:
        self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._scratch.close()


def _explain(words: Sequence[str]) -> str:
    text = "\n".join(words[-5:])
    missing = re.search(r"No module named '([\w.]+)'", text)
    if missing:
        name = missing[1]
        return f"course.toml has the sandbox import {name}, which is not installed here: pip install {name.partition('.')[0]}"
    return f"The sandbox did not start within {START_SECONDS:.0f} seconds, or ended before. It said:\n{text}"
