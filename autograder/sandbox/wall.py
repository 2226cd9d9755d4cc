"""Which wall this machine has against student code: namespaces, Landlock where these cannot be had, or none at all."""

import os
import pwd
import shutil
import subprocess
import sys
from enum import StrEnum

from autograder.sandbox.inside import landlock

FORCED = "AUTOGRADER_WALL"
"""The environment variable that says which wall is to be used: another than the strongest, or no weaker one than this."""


class SandboxUnavailable(RuntimeError):
    """This machine cannot close student code off; the message says what to install or allow."""


class Wall(StrEnum):
    """What closes a submission off; its values are what ``inside.zygote`` is told.

    NAMESPACES: its own processes, network and file system, built by bubblewrap.
    LANDLOCK: the machine's own, of which the kernel's Landlock and a narrower list of system calls leave it little.
    NONE: nothing; only for one's own files.
    """

    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    NONE = "none"


def strongest() -> Wall:
    """The strongest wall that this machine has.

    Raises:
        SandboxUnavailable: it has none.
    """
    if sys.platform != "linux":
        message = (
            "Student code can only be closed off on Linux (on Windows: in WSL 2; on macOS: in a Linux VM or container)."
        )
        raise SandboxUnavailable(message)
    forced = os.environ.get(FORCED)
    if forced not in (None, Wall.NAMESPACES, Wall.LANDLOCK):
        raise SandboxUnavailable(f"{FORCED} is {forced!r}; it may be {Wall.NAMESPACES} or {Wall.LANDLOCK}.")
    complaint = "not wanted" if forced == Wall.LANDLOCK else namespaces_complaint()
    if complaint is None:
        return Wall.NAMESPACES
    if landlock.version() and forced != Wall.NAMESPACES:
        return Wall.LANDLOCK
    message = f"Student code cannot be closed off: there are neither namespaces ({complaint}) nor Landlock. What helps: autograder doctor"
    raise SandboxUnavailable(message)


def namespaces_complaint() -> str | None:
    """What goes wrong when bubblewrap is started and a user namespace is made within it; None if nothing does."""
    programs = ("bwrap", "unshare", *(("setpriv", "mount") if os.geteuid() == 0 else ()))
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        return f"{' and '.join(missing)} not found"
    command = "bwrap --unshare-all --die-with-parent --clearenv --ro-bind / / --proc /proc --dev /dev".split()
    command += "unshare --user --mount --pid --ipc --net --uts --cgroup --fork true".split()
    if os.geteuid() == 0:
        try:
            user = pwd.getpwnam("nobody")
        except KeyError:
            return "there is no user nobody"
        command = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]
        command = ["unshare", "--mount", *command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, cwd="/")
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None if done.returncode == 0 else done.stderr.strip()[-300:] or f"exit code {done.returncode}"
