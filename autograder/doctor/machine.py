"""What must be there before the sandbox can start: programs, kernel features, limits, memory, disk."""

import ctypes
import os
import platform
import pwd
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from autograder.doctor.finding import Finding, Standing, judged
from autograder.processors import processors
from autograder.sandbox import Limits, Wall
from autograder.sandbox.inside import landlock
from autograder.sandbox.wall import FORCED, namespaces_complaint

OLDEST_KERNEL = (5, 3)  # pidfd_open, by which the monitor waits for a submission's end
OLDEST_BUBBLEWRAP = (0, 5)  # --clearenv
NAMESPACES = ("user", "pid", "mnt", "ipc", "net", "uts", "cgroup")
APPARMOR = "kernel.apparmor_restrict_unprivileged_userns"
MEBIBYTE = 1 << 20
CONTAINER = "In Docker or Podman: --security-opt seccomp=unconfined --security-opt systempaths=unconfined, and for root --cap-add SYS_ADMIN too."
LEAST_MEMORY_MB, LEAST_DISK_MB = 1024, 256
"""With less, not even a submission that takes little can be graded and recorded."""


def machine(course: Path, limits: Limits | None = None, root: Path = Path("/")) -> list[Finding]:
    """All that can be told without starting the sandbox, by ``root``'s proc and sys, in hundredths of a second."""
    limits = limits or Limits()
    if sys.platform != "linux":
        remedy = "On Windows grade in WSL 2; on macOS in a Linux virtual machine or container."
        return [Finding("The system is Linux", Standing.BROKEN, sys.platform, remedy)]
    second = _landlock()
    walls = [*_programs(), _namespaces(root), _user()]
    if second.standing is Standing.HOLDS and os.environ.get(FORCED) != Wall.NAMESPACES:
        walls = [_softened(finding) for finding in walls]
    closing = [_kernel(), _libseccomp(), _filter(root), *walls, second]
    return [*closing, _limits(limits), _memory(limits, root), _disk(course), _compiler()]


def _landlock() -> Finding:
    version = landlock.version()
    remedy = "Linux 5.13 or newer, started with Landlock, would grade where namespaces cannot be had."
    found = f"Landlock, version {version}" if version else "no Landlock"
    return judged("There is a second wall", version > 0, found, remedy, Standing.WEAK)


def _softened(finding: Finding) -> Finding:
    """What breaks the first wall only weakens a machine that has the second."""
    weak = replace(finding, standing=Standing.WEAK, found=f"{finding.found}; the second wall is taken")
    return weak if finding.standing is Standing.BROKEN else finding


def _kernel() -> Finding:
    release = platform.release()
    wanted = ".".join(map(str, OLDEST_KERNEL))
    holds = _version(release) >= OLDEST_KERNEL
    return judged(f"The kernel is Linux {wanted} or newer", holds, release, "Update the system.")


def _programs() -> list[Finding]:
    """Bubblewrap, and for root what gives its rights up."""
    wanted = ".".join(map(str, OLDEST_BUBBLEWRAP))
    found = _bubblewrap_version()
    install = "Install it: sudo apt-get install bubblewrap (dnf, pacman and zypper call it the same)"
    holds = found is not None and _version(found) >= OLDEST_BUBBLEWRAP
    findings = [judged(f"bubblewrap {wanted} or newer is installed", holds, found or "not found on PATH", install)]
    if os.geteuid() == 0:
        missing = [program for program in ("unshare", "setpriv", "mount") if shutil.which(program) is None]
        remedy = "Install them: sudo apt-get install util-linux mount"
        there = f"no {', '.join(missing)}" if missing else "yes"
        findings.append(judged("Root can give its rights up", not missing, there, remedy))
    return findings


def _bubblewrap_version() -> str | None:
    try:
        done = subprocess.run(["bwrap", "--version"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.split()[-1] if done.stdout.split() else "it does not say"


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:2])


def _libseccomp() -> Finding:
    try:
        ctypes.CDLL("libseccomp.so.2")
        found = True
    except OSError:
        found = False
    remedy = "Install it: sudo apt-get install libseccomp2"
    return judged("libseccomp compiles the system-call filter", found, "installed" if found else "not found", remedy)


def _filter(root: Path) -> Finding:
    actions = _read(root / "proc/sys/kernel/seccomp/actions_avail")
    remedy = "This kernel was built without CONFIG_SECCOMP_FILTER: use the distribution's own, or a virtual machine."
    found = "it does" if actions else "it cannot"
    return judged("The kernel filters system calls", "errno" in actions.split(), found, remedy)


def _namespaces(root: Path) -> Finding:
    """Namespaces within namespaces: tried, for many things can forbid them; what is written down gives the reason."""
    promise = "An ordinary user may make namespaces within namespaces"
    for name in NAMESPACES:
        if _read(root / f"proc/sys/user/max_{name}_namespaces") == "0":
            remedy = f"sudo sysctl user.max_{name}_namespaces=10000"
            return Finding(promise, Standing.BROKEN, f"user.max_{name}_namespaces is 0", remedy)
    if _read(root / "proc/sys/kernel/unprivileged_userns_clone") == "0":
        remedy = "sudo sysctl kernel.unprivileged_userns_clone=1"
        return Finding(promise, Standing.BROKEN, "kernel.unprivileged_userns_clone is 0", remedy)
    if shutil.which("bwrap") is None:
        return Finding(promise, Standing.WEAK, "not tried without bubblewrap", "Install bubblewrap, then look again.")
    restricted = _read(root / f"proc/sys/{APPARMOR.replace('.', '/')}") == "1"
    complaint = namespaces_complaint()
    if complaint is None:
        return Finding(promise, Standing.HOLDS, "tried, it may")
    if restricted:
        remedy = f"On Ubuntu: echo {APPARMOR}=0 | sudo tee /etc/sysctl.d/60-autograder.conf && sudo sysctl --system"
        return Finding(promise, Standing.BROKEN, f"AppArmor forbids it ({APPARMOR} is 1)", remedy)
    return Finding(promise, Standing.BROKEN, complaint, CONTAINER)


def _user() -> Finding:
    promise = "Student code is nobody's"
    if os.geteuid() != 0:
        return Finding(promise, Standing.HOLDS, f"it runs as {_name(os.geteuid())}, shut off from your files")
    remedy = "Make the user: sudo useradd --system --no-create-home --shell /usr/sbin/nologin nobody"
    try:
        pwd.getpwnam("nobody")
    except KeyError:
        return Finding(promise, Standing.BROKEN, "you are root, and there is no user nobody", remedy)
    return Finding(promise, Standing.HOLDS, "you are root; it runs as another user")


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:  # a container that was started with a number
        return str(user)


def _limits(limits: Limits) -> Finding:
    """A process may lower its limits, but not go over the hard ones that it has got."""
    wanted = {
        "processes (ulimit -u)": (resource.RLIMIT_NPROC, limits.processes),
        "open files (ulimit -n)": (resource.RLIMIT_NOFILE, limits.open_files),
        "CPU seconds (ulimit -t)": (resource.RLIMIT_CPU, limits.cpu_seconds + 5),
        "file size (ulimit -f)": (resource.RLIMIT_FSIZE, limits.file_mb * MEBIBYTE),
        "memory (ulimit -v)": (resource.RLIMIT_AS, 4 * limits.memory_mb * MEBIBYTE),
        "data (ulimit -d)": (resource.RLIMIT_DATA, 2 * limits.memory_mb * MEBIBYTE),
    }
    low = []
    for name, (limit, least) in wanted.items():
        hard = resource.getrlimit(limit)[1]
        if hard not in (resource.RLIM_INFINITY, -1) and hard < least:
            low.append(f"{name}: {hard}, needed {least}")
    remedy = "Raise these hard limits: /etc/security/limits.conf, or ulimits of the container."
    return judged("Limits leave room for those of a submission", not low, "; ".join(low) or "they do", remedy)


def _memory(limits: Limits, root: Path) -> Finding:
    """What is free on the machine, or in the container that this is."""
    free = int((re.search(r"MemAvailable:\s*(\d+)", _read(root / "proc/meminfo")) or [0, 0])[1]) >> 10
    for path in ("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"):
        text = _read(root / path)
        if text.isdigit():
            free = min(free, int(text) >> 20)
    at_a_time = processors(root)
    at_once = free // limits.total_memory_mb
    found = f"{free:,} MiB free; a submission may take {limits.total_memory_mb:,} MiB, {at_a_time} run at a time"
    if free < LEAST_MEMORY_MB:
        remedy = f"Close other programs, or give the machine more: {LEAST_MEMORY_MB:,} MiB is the least."
        return Finding("Memory suffices", Standing.BROKEN, found, remedy)
    remedy = f"Grade with --jobs {max(at_once, 1)}, or the kernel may kill a worker (what it lost is graded again)."
    return judged("Memory suffices", at_once >= at_a_time, found, remedy, Standing.WEAK)


def _disk(course: Path) -> Finding:
    places = {"the course's folder": course, "the temporary folder": Path(tempfile.gettempdir())}
    free = {name: shutil.disk_usage(path).free >> 20 for name, path in places.items()}
    writable = all(os.access(path, os.W_OK) for path in places.values())
    found = ", ".join(f"{megabytes:,} MiB free in {name}" for name, megabytes in free.items())
    remedy = f"Make room ({LEAST_DISK_MB} MiB is the least) and see that you may write there."
    return judged("Marks can be written", writable and min(free.values()) >= LEAST_DISK_MB, found, remedy)


def _compiler() -> Finding:
    path = shutil.which("g++")
    remedy = "Install it: sudo apt-get install g++. Without it, homework in C++ is graded by the simulator alone."
    return judged("Homework in C++ can be compiled", path is not None, path or "no g++", remedy, Standing.WEAK)


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
