"""The command line that starts a zygote: bubblewrap around it, and no root even when the instructor is root."""

import json
import os
import pwd
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.paths import AUTOGRADER
from autograder.sandbox.setup import Setup

INSIDE = "/opt/course"
STAGE = "/mnt"  # exists on every Debian; covered by a private tmpfs, so nothing on the machine changes


class SandboxUnavailable(RuntimeError):
    """This machine cannot close student code off; the message says what to install or allow."""


@dataclass
class Binds:
    """Read-only views into the sandbox, as (path outside, path inside)."""

    pairs: list[tuple[Path, str]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def zygote_command(
    control: int, setup: Setup, scratch: Path | None, private: Sequence[Path]
) -> tuple[list[str], dict[str, str]]:
    """Argument list and environment of a zygote.

    Args:
        control: file descriptor of its control socket.
        setup: what the course puts into it.
        scratch: None to close it off; an empty folder that lasts as long as the zygote runs student code there with the
            instructor's own rights, only for one's own files.
        private: folders to hide where they lie in one that is visible inside.

    Raises:
        SandboxUnavailable: bubblewrap or a tool it needs here is missing.
    """
    module = ["-m", "inside.zygote", str(control), json.dumps(_settings(setup, scratch is None))]
    if scratch is not None:
        (scratch / "probes").mkdir()
        for path, name in _contents(setup):
            (scratch / name).symlink_to(path)
        return [sys.executable, *module], {**os.environ, **_environment(setup, str(scratch)), "TMPDIR": str(scratch)}
    require_tools()
    binds = _binds(setup, [AUTOGRADER, *private])
    privileged = os.geteuid() == 0
    sources = [f"{STAGE}/{number}" if privileged else str(path) for number, (path, _) in enumerate(binds.pairs)]
    command = [*_bubblewrap(setup, binds, sources), "/venv/bin/python", *module]
    if privileged:
        command = _as_nobody(command, [path for path, _ in binds.pairs], sources)
    return command, {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def _settings(setup: Setup, confined: bool) -> dict[str, Any]:
    """What the zygote is told; names only, for the files lie where it looks for them."""
    return {
        "assignments": list(setup.probes),
        "imports": [*setup.imports, *([setup.package.name] if setup.package else [])],
        "tensors": "torch" in setup.imports,
        "warm_up": setup.warm_up,
        "environment": list(setup.environment),
        "limits": asdict(setup.limits),
        "confined": confined,
    }


def require_tools() -> None:
    """Raise SandboxUnavailable with the remedy if a program that closes the sandbox off is missing."""
    if sys.platform != "linux":
        raise SandboxUnavailable(
            "Student code can only be closed off on Linux (on Windows: in WSL 2; on macOS: in a Linux VM or container)."
        )
    roots = {} if os.geteuid() else {"unshare": "util-linux", "setpriv": "util-linux"}
    for program, package in {"bwrap": "bubblewrap", **roots}.items():
        if shutil.which(program) is None:
            raise SandboxUnavailable(
                f"Grading needs {program} to close student code off. Install it with: sudo apt-get install {package}"
            )


def _contents(setup: Setup) -> list[tuple[Path, str]]:
    """What the zygote imports: a path outside, and its name in the folder inside."""
    package = [(setup.package, setup.package.name)] if setup.package else []
    probes = [(folder, f"probes/{assignment}") for assignment, folder in setup.probes.items()]
    return [*package, (AUTOGRADER / "sandbox" / "inside", "inside"), *probes]


def _environment(setup: Setup, path: str) -> dict[str, str]:
    return {
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",  # the order of a set is the same on every regrade
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # one thread each: a fork copies only the calling thread
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
        **setup.environment,
    }


def _binds(setup: Setup, private: Sequence[Path]) -> Binds:
    binds = Binds()
    prefix, base = Path(sys.prefix), Path(sys.base_prefix)
    binds.pairs.append((Path("/usr"), "/usr"))
    if prefix != base and not base.is_relative_to("/usr"):
        binds.pairs.append((base, str(base)))
    binds.pairs.append((prefix, "/venv"))
    binds.pairs += [(path, f"{INSIDE}/{name}") for path, name in _contents(setup)]
    for path in dict.fromkeys(folder.resolve() for folder in private):
        for source, target in binds.pairs:
            if path.is_relative_to(source.resolve()):
                binds.hidden.append(str(Path(target, path.relative_to(source.resolve()))))
    return binds


def _bubblewrap(setup: Setup, binds: Binds, sources: Sequence[str]) -> list[str]:
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    for source, (_, target) in zip(sources, binds.pairs, strict=True):
        command += ["--ro-bind", source, target]
    for target in binds.hidden:
        command += ["--tmpfs", target, "--remount-ro", target]
    for name in ("lib", "lib64", "bin", "sbin"):
        command += ["--symlink", f"usr/{name}", f"/{name}"]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", "/etc"]
    # siblings share this /dev and this root: nobody may leave anything there
    command += ["--remount-ro", "/dev", "--remount-ro", "/"]
    for name, value in {"PATH": "/usr/bin", "HOME": "/tmp", "USER": "student", **_environment(setup, INSIDE)}.items():
        command += ["--setenv", name, value]
    return [*command, "--chdir", INSIDE]


def _as_nobody(command: Sequence[str], paths: Sequence[Path], stages: Sequence[str]) -> list[str]:
    """Start as an unprivileged user from a private mount namespace in which that user can read what it needs.

    Root's own home, where an interpreter may live, is closed to others, so each source is bound to a readable place
    before root is given up.
    """
    user = pwd.getpwnam("nobody")
    mounts = [f"mount -t tmpfs -o mode=755 tmpfs {STAGE}"]
    for path, stage in zip(paths, stages, strict=True):
        mounts += [f"mkdir {stage}", f"mount --bind {shlex.quote(str(path))} {stage}"]
    drop = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--inh-caps=-all"]
    script = " && ".join([*mounts, "exec " + shlex.join([*drop, *command])])
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]
