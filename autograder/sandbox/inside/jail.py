"""Close a freshly forked child off: namespaces, private mounts, limits, another user, no capabilities. Linux only."""

import ctypes
import os
import resource
from collections.abc import Mapping

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_SLAVE = 1, 2, 4, 8, 32, 4096, 0x4000, 0x80000
KEPT_FLAGS = {2: MS_NOSUID, 4: MS_NODEV, 8: MS_NOEXEC, 1024: 1024, 2048: 2048, 4096: 1 << 21}
"""What a mount may not lose, such as times of access: as ``statvfs`` says it, and as ``mount`` is told."""
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 36, 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
DEVICES = "null zero full random urandom tty".split()
CAPABILITY_VERSION_3 = 0x20080522
MEBIBYTE = 1 << 20

LOWER_WILL_DO = (resource.RLIMIT_NPROC, resource.RLIMIT_CORE)
"""Limits that may be those of the machine, where it has lower ones."""

libc = ctypes.CDLL(None, use_errno=True)


def _must(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def enter_namespaces() -> None:
    """Leave every namespace of the parent; the next child forked is process 1 of a PID namespace of its own."""
    user, group = os.getuid(), os.getgid()
    flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWCGROUP
    _must(libc.unshare(flags), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w") as handle:
            handle.write(text)


def mount_private(tmp_mb: int) -> None:
    """Give the child a /tmp, /dev/shm, /dev/pts and /proc that no sibling sees; all else is read-only already."""

    def mount(kind: str, target: str, flags: int, options: str = "") -> None:
        _must(
            libc.mount(kind.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode()),
            f"mount {target}",
        )

    _must(libc.mount(None, b"/", None, ctypes.c_ulong(MS_REC | MS_SLAVE), None), "mount /")
    mount("tmpfs", "/tmp", MS_NOSUID | MS_NODEV, f"size={tmp_mb}m,nr_inodes=20000,mode=1777")
    mount("tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64m,nr_inodes=2000,mode=1777")
    mount("devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620")
    mount("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    # The machine's own devices keep the dates that are set; writing to a device needs no mount that can be written.
    for name in DEVICES:
        device = f"/dev/{name}"
        if os.path.ismount(device):
            held = os.statvfs(device).f_flag
            flags = sum(told for said, told in KEPT_FLAGS.items() if held & said) | MS_REMOUNT | MS_BIND | MS_RDONLY
            _must(libc.mount(None, device.encode(), None, ctypes.c_ulong(flags), None), f"mount {device}")


def set_limits(limits: Mapping[str, int]) -> None:
    """Resource limits of every process of the submission; memory counts on top of what the zygote already holds.

    Args:
        limits: ``memory_mb``, ``cpu_seconds``, ``processes``, ``file_mb``, ``open_files``.
    """
    with open("/proc/self/status") as handle:
        held = {
            key: int(rest.split()[0]) >> 10
            for key, _, rest in (line.partition(":") for line in handle)
            if key[:2] == "Vm"
        }
    memory = limits["memory_mb"]
    for limit, value in (
        (resource.RLIMIT_DATA, (held["VmData"] + memory) * MEBIBYTE),
        (resource.RLIMIT_AS, (held["VmSize"] + memory + 1024) * MEBIBYTE),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_FSIZE, limits["file_mb"] * MEBIBYTE),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 1),  # by 0 a crash still starts the machine's program for crashes, where it has one
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, 128),
    ):
        most = resource.getrlimit(limit)[1] if limit in LOWER_WILL_DO else resource.RLIM_INFINITY
        resource.setrlimit(limit, (value if most == resource.RLIM_INFINITY else min(value, most),) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"] + 5))


def drop_privileges(user: int | None = None) -> None:
    """No new privileges, no capability in any set, not even within the child's own user namespace.

    Args:
        user: whose process this is to be from now on, as root can choose; None to leave it as it is.
    """
    _must(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    capability = 0
    while libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) == 0:
        capability += 1
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        _must(libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "dumpable")  # as that user the monitor looks into it
    _must(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "ambient capabilities")
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _must(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this process a signal when its parent ends."""
    _must(libc.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal_number), 0, 0, 0), "parent-death signal")


def adopt_orphans() -> None:
    """From now on what loses its parent, among this process's descendants, becomes its child."""
    _must(libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "subreaper")
