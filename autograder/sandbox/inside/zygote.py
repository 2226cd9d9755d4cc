"""The warm process: imports what is heavy once, then forks a closed-off child for every submission.

It never runs student code itself. It stays single-threaded, because a fork copies only the calling thread and would
leave the locks of the others held.
"""

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import pwd
import random
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from . import jail, landlock, pages, seccomp
from .monitor import PERIOD, monitor
from .probe import SOURCE, seed_generators
from .processes import Processes, end_orphans, threads_of
from .wire import Stream

NAMESPACES, LANDLOCK, UNCONFINED = "namespaces", "landlock", "none"
"""The walls: what the kernel calls namespaces, Landlock without them, nothing."""

USERS = range(20_000, 60_000)
"""Where root grades without namespaces, a submission gets one of these user ids, which nobody has."""

PRELOADED = ("numpy", "matplotlib.pyplot", "matplotlib_inline.backend_inline")
"""What is imported for every course."""


def main() -> None:
    """Serve the host: ``argv`` is the control socket's descriptor and a JSON object of settings."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(sys.argv[2])
    gc.disable()  # what is imported stays: looking for garbage among it takes a sixth of the start
    for name in (*settings["imports"], *PRELOADED):
        importlib.import_module(name)
    from .shell import make_shell
    from .stand_ins import load_alone

    probes = {name: probe for assignment in settings["assignments"] for name, probe in _probes(assignment)}
    apart = [name.removeprefix(SOURCE) for name in probes if name.startswith(SOURCE)]
    shell = make_shell(settings["warm_up"])
    wall = settings["wall"]
    program = b"" if wall == UNCONFINED else seccomp.compile_filter(_sections(wall))
    if wall == LANDLOCK:
        load_alone()
        jail.adopt_orphans()
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise SystemExit(f"the zygote has {threads} threads; it can only fork safely with one")
    gc.collect()
    gc.freeze()
    gc.enable()
    pages.collapse()
    control.send(json.dumps({"ready": True, "apart": apart}).encode())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    held: dict[socket.socket, tuple[int, list[int]]] = {}  # line to a monitor → it, and a handle of what it watches
    clean = True
    while True:
        ready = select.select([control, *held], [], [], None if clean else PERIOD)[0]
        for line in {*ready} & {*held}:  # the monitor has ended, and its submission as well, or it does now
            _let_go(line, held.pop(line)[1], signal.SIGKILL)
            clean = wall != LANDLOCK
        clean = clean or end_orphans([watcher for watcher, _ in held.values()])
        if control not in ready:
            continue
        message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 2)
        if not message:
            return
        life, frames = (socket.socket(fileno=descriptor) for descriptor in descriptors)
        line, zygote = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        watcher = os.fork()
        if watcher == 0:
            try:
                for ours in (control, line):
                    ours.close()
                for other, (_, handles) in held.items():  # it could kill other submissions by these
                    _let_go(other, handles, 0)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _submission(json.loads(message), settings, life, frames, zygote, shell, probes, program)
            finally:
                os._exit(0)
        for each in (life, frames, zygote):
            each.close()
        held[line] = watcher, socket.recv_fds(line, 1, 1)[1]


def _let_go(line: socket.socket, handles: list[int], last: int) -> None:
    """Close what is held of a submission; its process gets a last signal if it is there."""
    line.close()
    for handle in handles:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, last)
        os.close(handle)


def _probes(assignment: str) -> Iterator[tuple[str, Any]]:
    """The probes of an assignment: every module of its folder that has one, under the module's name.

    Where it has a function ``source``, too, that is one more, which takes out what the probe is called with apart.
    """
    for found in pkgutil.iter_modules(importlib.import_module(f"probes.{assignment}").__path__):
        module = importlib.import_module(f"probes.{assignment}.{found.name}")
        if hasattr(module, "probe"):
            yield found.name, module.probe
        if hasattr(module, "source"):
            yield SOURCE + found.name, lambda names, _, source=module.source: source(names)


def _submission(
    request: dict[str, Any],
    settings: dict[str, Any],
    life: socket.socket,
    frames: socket.socket,
    zygote: socket.socket,
    shell: Any,
    probes: Any,
    program: bytes,
) -> None:
    """Become the monitor of one submission; the child that it watches is the submission.

    Each has a session of its own: signals to a process group cross PID namespaces, and groups can be joined within a
    session.
    """
    from .serve import serve

    os.setsid()
    wall, limits, home, user = settings["wall"], settings["limits"], None, None
    if wall == NAMESPACES:
        jail.enter_namespaces()
    elif wall == LANDLOCK:
        jail.adopt_orphans()
        user = _unused_user() if os.geteuid() == 0 else None
        home = _home(settings["homes"], user)
    child = os.fork()
    if child:
        frames.close()
        handle = os.pidfd_open(child)
        socket.send_fds(zygote, [b"."], [handle])  # the zygote holds the submission as well, should this process die
        processes = None if wall == UNCONFINED else Processes(child if wall == LANDLOCK else None)
        monitor(life, child, handle, limits, processes, home)
        return
    os.setsid()
    jail.die_with_parent(signal.SIGKILL)
    life.close()
    zygote.close()
    os.set_inheritable(kept := frames.fileno(), False)
    lines = sorted({kept, *settings.get("kept", ())})
    for start, end in pairwise((2, *lines, os.sysconf("SC_OPEN_MAX"))):  # every other is a line to somebody
        os.closerange(start + 1, end)
    if wall == NAMESPACES:
        jail.mount_private(limits["tmp_mb"])
    own = home or tempfile.mkdtemp()
    os.chdir(own)
    if wall != UNCONFINED:
        most = limits["processes"]
        if home and user is None:  # room for neighbours that start later: the monitor counts what is its own
            most += threads_of(os.getuid()) + most * (os.cpu_count() or 1)
        jail.set_limits({**limits, "processes": most})
        jail.drop_privileges(user)
    if home:
        jail.die_with_parent(signal.SIGKILL)  # another user's process has to say so again
        landlock.restrict([*settings["visible"], *_own_state()], home)
    if wall != UNCONFINED:
        seccomp.load_filter(program)
    _clean_state(request["seed"], own, settings)
    serve(Stream(frames), shell, probes, settings["tensors"])


def _sections(wall: str) -> list[str]:
    """Which sections of the list of system calls are in force: the wall's, and two where a submission has the grader's user id.

    The second of them, where the kernel does not keep signals apart.
    """
    if wall != LANDLOCK or os.geteuid() == 0:
        return [wall]
    return [wall, "shared", *(["unscoped"] if landlock.version() < landlock.SCOPES_SINCE else [])]


def _unused_user() -> int:
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            taken.add(os.stat(f"/proc/{name}").st_uid if name.isdigit() else 0)
    return random.SystemRandom().choice([user for user in USERS if user not in taken])


def _home(place: str, user: int | None) -> str:
    home = tempfile.mkdtemp(dir=place)
    if user is not None:
        os.chown(home, user, user)
    return home


def _own_state() -> list[landlock.Rule]:
    """What a process may read of itself, the first one of a submission only."""
    return [(f"/proc/{os.getpid()}/{name}", landlock.READ) for name in ("status", "stat", "statm", "maps", "limits")]


def _clean_state(seed: int, home: str, settings: dict[str, Any]) -> None:
    """The same start for every submission: environment, standard streams, random generators, one thread."""
    names = ("PATH", "LANG", "MPLBACKEND", *settings["environment"])
    keep = {name: os.environ[name] for name in names if name in os.environ}
    os.environ.clear()
    os.environ.update(keep, PIP_NO_INDEX="1", TORCHDYNAMO_DISABLE="1")  # no network to try; compiled, it is the same
    os.environ.update(HOME=home, IPYTHONDIR=f"{home}/.ipython", MPLCONFIGDIR=f"{home}/.matplotlib")
    if settings["wall"] == LANDLOCK:
        os.environ["TMPDIR"] = home
    tempfile.tempdir = None
    sys.argv = ["notebook"]
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
    if settings["tensors"]:
        import torch

        torch.set_num_threads(1)
    seed_generators(seed, settings["tensors"])


if __name__ == "__main__":
    main()
