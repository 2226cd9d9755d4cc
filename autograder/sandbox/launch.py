"""The command line that starts a zygote: bubblewrap around it, and no root even when the instructor is root.

Where no namespaces can be had, every submission closes itself off by Landlock; the zygote is started as it is.
"""

import json
import os
import pwd
import shlex
import shutil
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.paths import AUTOGRADER
from autograder.sandbox.inside import landlock
from autograder.sandbox.setup import Setup
from autograder.sandbox.wall import Wall

INSIDE = "/opt/course"
STAGE = "/mnt"  # exists on every Debian; covered by a private tmpfs, so nothing on the machine changes


@dataclass
class Binds:
    """Read-only views into the sandbox, as (path outside, path inside)."""

    pairs: list[tuple[Path, str]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Launch:
    """How a zygote is started: argument list, environment, and file descriptors that it keeps beside its control socket."""

    command: list[str]
    environment: dict[str, str]
    kept: tuple[int, ...] = ()


def zygote_launch(control: int, setup: Setup, wall: Wall, scratch: Path, private: Sequence[Path]) -> Launch:
    """How to start a zygote.

    Args:
        control: file descriptor of its control socket.
        setup: what the course puts into it.
        wall: what closes a submission off.
        scratch: an empty folder that lasts as long as the zygote; not for use behind namespaces.
        private: folders to hide where they lie in one that is visible inside.
    """
    settings = _settings(setup, wall)
    if wall is Wall.NAMESPACES:
        binds = _binds(setup, [AUTOGRADER, *private])
        privileged = os.geteuid() == 0
        sources = [f"{STAGE}/{number}" if privileged else str(path) for number, (path, _) in enumerate(binds.pairs)]
        command = [*_bubblewrap(setup, binds, sources), "/venv/bin/python", *_module(control, settings)]
        if privileged:
            command = _as_nobody(command, [path for path, _ in binds.pairs], sources)
        return Launch(command, {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
    if wall is Wall.LANDLOCK:
        return _landlocked(control, setup, settings, scratch, [AUTOGRADER, *private])
    (scratch / "probes").mkdir()
    for path, name in _contents(setup):
        (scratch / name).symlink_to(path)
    environment = {**os.environ, **_environment(setup, str(scratch)), "TMPDIR": str(scratch)}
    return Launch([sys.executable, *_module(control, settings)], environment)


def _module(control: int, settings: Mapping[str, Any]) -> list[str]:
    return ["-P", "-m", "inside.zygote", str(control), json.dumps(settings)]


def _landlocked(control: int, setup: Setup, settings: dict[str, Any], scratch: Path, private: Sequence[Path]) -> Launch:
    """Copies of what is imported, for it may lie where only root can go, and rules for what else may be read."""
    course, homes, prefix, base = scratch / "course", scratch / "homes", Path(sys.prefix), Path(sys.base_prefix)
    homes.mkdir()
    for path, name in _contents(setup):
        shutil.copytree(path, course / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (scratch, homes, course, *course.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    python, packages, shown, kept = Path(sys.executable), list[str](), {}, list[int]()
    if os.geteuid() == 0 and not all(map(_open_to_all, (prefix, base))):
        for place in (prefix, base):  # by numbers, for no other user comes there by their names
            kept.append(os.open(place, os.O_PATH))
            shown[place] = Path(f"/proc/self/fd/{kept[-1]}")
        python = shown[base] / Path(os.path.realpath(sys.executable)).relative_to(base.resolve())
        packages = [str(shown[prefix] / Path(sysconfig.get_path("purelib")).relative_to(prefix))]
    hidden = [folder.resolve() for folder in private]
    system = [Path(name) for name in ("/usr", "/lib", "/lib64", "/bin", "/sbin")]
    visible = [(str(course), landlock.LOOK)]
    for place in dict.fromkeys(path.resolve() for path in (*system, base, prefix)):
        rules = _rules(place, hidden)
        visible += [(str(shown.get(place, place) / path.relative_to(place)), rights) for path, rights in rules]
    visible += [(f"/dev/{name}", landlock.READ | landlock.WRITE) for name in "null zero full random urandom".split()]
    visible += [(f"/proc/{name}", landlock.READ) for name in ("cpuinfo", "meminfo", "stat", "uptime", "version")]
    variables = {"PATH": "/usr/bin:/bin", "USER": "student", **_environment(setup, ":".join([str(course), *packages]))}
    settings |= {"visible": visible, "homes": str(homes), "kept": kept}
    return Launch([str(python), *_module(control, settings)], variables, tuple(kept))


def _rules(base: Path, hidden: Sequence[Path]) -> Iterator[tuple[Path, int]]:
    """What makes a folder readable but for those hidden in it.

    Whoever may list a folder may list all below. So what a private folder lies in cannot be listed; around the tool, which
    has no secret names, it can: packages are found that way.
    """
    if base in hidden:
        return
    within = {path for path in hidden if path.is_relative_to(base)}
    if not within:
        yield base, landlock.LOOK
        return
    if within <= {AUTOGRADER.resolve()}:
        yield base, landlock.LIST
    for path in base.iterdir():
        if not path.is_symlink():
            yield from _rules(path, hidden)


def _open_to_all(folder: Path) -> bool:
    return all(path.stat().st_mode & 1 for path in (folder, *folder.parents))


def _settings(setup: Setup, wall: Wall) -> dict[str, Any]:
    """What the zygote is told; names only, for the files lie where it looks for them."""
    return {
        "assignments": list(setup.probes),
        "imports": [*setup.imports, *([setup.package.name] if setup.package else [])],
        "tensors": "torch" in setup.imports,
        "warm_up": setup.warm_up,
        "environment": list(setup.environment),
        "limits": asdict(setup.limits),
        "wall": wall,
    }


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
