"""Secrets and bystanders around the grader, and whether an attack got at them."""

import base64
import contextlib
import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from unittest.mock import patch

import matplotlib
import numpy as np
import psutil
from nbgrader.api import Gradebook

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.grading.grade import exercises_of, generator
from tests.places import written

PORT = 31339
"""Where a server of the grader's machine waits for visitors; the attacks know it."""

LISTENING = (31337, 31338, 31340)
"""Where attacks listen."""

SHARED = tuple(Path(folder) for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run", "/dev/mqueue", "/dev", "/"))
"""Folders of the machine that everybody can write to, or should not."""


class Canaries:
    """Secrets planted around a throw-away course and its gradebook, one wherever a real one would be.

    An empty folder becomes the grader's home and temporary folder.
    """

    def __init__(self, folder: Path, course: Course) -> None:
        self.folder, self.course = folder, course
        self.tokens: dict[str, str] = {}
        self.visits = 0
        self._before: dict[str, str] = {}
        self._marked: set[Path] = set()

    @contextlib.contextmanager
    def planted(self) -> Iterator[Self]:
        """Plant them all; while inside, the environment is the grader's with its home and its secrets."""
        home, temporary = self.folder / "home", self.folder / "tmp"
        temporary.mkdir(parents=True)
        self._write(home / ".ssh" / "id_rsa", "a key in the home directory")
        self._write(home / ".canary", "a file in the home directory")
        self._write(self.course.root / "neighbour.canary", "a file beside the submissions")
        self._write(self.course.root / ".course-seed", "the course's seed")
        self._write(self.course.submitted / "ada" / "hw14" / "notes.txt", "another student's folder")
        with self.course.instructors_source("hw14").open("a") as file:
            file.write(f"\n# {self._token('the solutions')}\n")
        with Gradebook(self.course.db_url, self.course.name) as gradebook:
            gradebook.add_student("zz-secretive", first_name=self._token("the gradebook"))
        variables = {"HOME": str(home), "REDTEAM_SECRET": self._token("the environment"), "PATH": os.environ["PATH"]}
        variables["MPLCONFIGDIR"] = matplotlib.get_configdir()  # else our own plots write their fonts' cache to HOME
        old = tempfile.tempdir
        with patch.dict(os.environ, variables), self._server(), self._bystander():
            os.environ.pop("AUTOGRADER_SEED", None)
            tempfile.tempdir = str(temporary)
            self._before, self._marked = self._tree(), _marked()
            try:
                yield self
            finally:
                tempfile.tempdir = old

    def leaked(self, text: bytes) -> list[str]:
        """Which of the secrets the bytes hold, in one spelling or another."""
        return [place for place, token in self.tokens.items() if any(each in text for each in _spellings(token))]

    def changes(self) -> list[str]:
        """What is not as it was outside: files, leftovers, servers, visitors, processes."""
        before, after = self._before, self._tree()
        found = [f"changed: {name}" for name in sorted(before | after) if before.get(name) != after.get(name)]
        found += [f"left behind: {path}" for path in sorted(_marked() - self._marked)]
        found += [f"left by the grader: {path.name}" for path in (self.folder / "tmp").iterdir()]
        if self.visits:
            found.append("the network was reached")
        if self._canary.poll() is not None:
            found.append("a process of the machine was killed")
        return found + listeners() + daemons()

    def _token(self, place: str) -> str:
        self.tokens[place] = "CANARY-" + secrets.token_hex(16)
        return self.tokens[place]

    def _write(self, path: Path, place: str) -> None:
        written(path, self._token(place) + "\n")

    def _tree(self) -> dict[str, str]:
        """Digests of all that grading has no business to change."""
        roots = (self.folder / "home", self.course.solutions, self.course.submitted, self.course.release_directory)
        files = [path for root in roots for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
        files += [self.course.root / name for name in ("neighbour.canary", ".course-seed", "course.toml")]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.is_file()}

    @contextlib.contextmanager
    def _server(self) -> Iterator[None]:
        """A server that counts its visitors, by address and by abstract name."""
        with socket.socket() as public, socket.socket(socket.AF_UNIX) as hidden:
            public.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):  # in use: by another run of this corpus
                public.bind(("127.0.0.1", PORT))
                hidden.bind("\0redteam-canary")
                for each in (public, hidden):
                    each.listen()
                    threading.Thread(target=self._count, args=(each,), daemon=True).start()
            yield

    def _count(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                server.accept()
                self.visits += 1

    @contextlib.contextmanager
    def _bystander(self) -> Iterator[None]:
        """A process of the user that student code runs as, there to be killed."""
        users = int(Path("/proc/self/uid_map").read_text().split()[2])  # in a container it may be root alone
        privileged = os.geteuid() == 0 and users > 1
        drop = ["setpriv", "--reuid=nobody", "--clear-groups"] if privileged and shutil.which("setpriv") else []
        self._canary = subprocess.Popen([*drop, "sleep", "86399"])
        try:
            yield
        finally:
            self._canary.kill()
            self._canary.wait()


def _marked() -> set[Path]:
    """What lies about in the machine's shared folders under a name that the attacks use."""
    return {path for folder in SHARED for path in folder.glob("redteam-*")}


def hidden_inputs(assignment: Assignment, student: str) -> dict[str, str]:
    """The beginning of every array that a student's functions are questioned with, in hexadecimal."""
    found = {}
    for exercise in exercises_of(assignment):
        for case in exercise.draw(generator(assignment, student, exercise.id)):
            for number, array in enumerate(_arrays(case.inputs)):
                start = array.tobytes()[:12]
                if len(set(start)) >= 6:  # short counts look alike everywhere
                    found[f"input {number} of {exercise.id}, {case.name}"] = start.hex()
    return found


def letters(digits: str) -> str:
    """Hexadecimal digits as the letters from a to p, in which no filter finds a number."""
    return "".join(chr(97 + int(digit, 16)) for digit in digits)


def _arrays(tree: object) -> Iterator[np.ndarray]:
    if isinstance(tree, np.ndarray):
        yield tree
    elif isinstance(tree, dict):
        for value in tree.values():
            yield from _arrays(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from _arrays(value)


def _spellings(token: str) -> list[bytes]:
    """A secret as it is, in hexadecimal, in base64, backwards and in wide characters."""
    plain = token.encode()
    inner = [base64.b64encode(bytes(shift) + plain)[4:-4] for shift in range(3)]
    return [plain, plain.hex().encode(), plain[::-1], token.encode("utf-16-le"), plain.swapcase(), *inner]


def listeners() -> list[str]:
    """The servers of attacks that the machine's own network can reach."""
    found = []
    for name in ("tcp", "tcp6", "unix"):
        text = Path(f"/proc/net/{name}").read_text()
        found += [f"listening on port {port}" for port in LISTENING if f":{port:04X} " in text]
        found += ["listening on a socket"] if "redteam-listens" in text else []
    return found


def daemons() -> list[str]:
    """Processes that attacks left behind."""
    lines = {each.pid: " ".join(each.info["cmdline"] or ()) for each in psutil.process_iter(["cmdline"])}
    return [f"process {process} is still running" for process, line in lines.items() if "redteam-daemon" in line]
