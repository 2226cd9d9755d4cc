"""The system-call filter of a student's process, compiled once by libseccomp and loaded by every child.

It allows what Python, PyTorch, NumPy, matplotlib, IPython, shells and g++ were seen to use, and their like; whatever else
the kernel has or will have is refused. A page cache, a lock, a counter of the machine is a letter box between submissions,
and a rare interface is where the next hole in the kernel is.
"""

import ctypes
import errno
import os

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
ACT_BADARCH, CTL_OPTIMIZE, BINARY_TREE = 2, 8, 2
SCMP_CMP_MASKED_EQ = 7
WORD = 0xFFFFFFFF
"""What the kernel looks at of an argument that is an int."""

ALLOWED = """
    read write readv writev pread64 pwrite64 preadv pwritev open openat creat close close_range lseek dup dup2 dup3
    stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink readlinkat getcwd chdir fchdir
    getdents getdents64 mkdir mkdirat rmdir rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat
    mknod mknodat truncate ftruncate fallocate chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat umask
    utime utimes futimesat utimensat getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
    sendfile copy_file_range pipe pipe2 select pselect6 poll ppoll
    epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2 signalfd signalfd4
    munmap mprotect mremap brk futex set_robust_list get_robust_list set_tid_address rseq restart_syscall arch_prctl
    fork vfork execve exit exit_group wait4 waitid kill tkill tgkill
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause alarm
    getitimer setitimer nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times
    timer_create timer_settime timer_gettime timer_getoverrun timer_delete
    timerfd_create timerfd_settime timerfd_gettime
    getpid getppid gettid getpgid getpgrp setpgid getsid getuid geteuid getgid getegid getresuid getresgid getgroups
    getrlimit setrlimit prlimit64 getrusage getpriority sysinfo uname getrandom getcpu
    sched_yield sched_getaffinity sched_getscheduler sched_getparam sched_get_priority_max sched_get_priority_min
    bind connect listen accept accept4 getsockname getpeername shutdown setsockopt getsockopt
    sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg
""".split()

CHOICES = {
    # F_DUPFD to F_SETFL, POSIX locks (SQLite's; they end with the process), F_DUPFD_CLOEXEC, F_GETPIPE_SZ: no leases
    "fcntl": (1, WORD, "0 1 2 3 4 5 6 7 406 408"),
    # TC[GS]ETS* and the same with 2, TIOC[GS]WINSZ, TIOC[GS]PGRP, pseudo-terminals, FIONREAD FIONBIO FIONCLEX FIOCLEX
    "ioctl": (
        1,
        WORD,
        "5401 5402 5403 5404 802c542a 402c542b 402c542c 402c542d 5413 5414 540f 5410 80045430 40045431 5441 541b 5421 5450 5451",
    ),
    # NORMAL RANDOM SEQUENTIAL DONTNEED FREE DONTFORK DOFORK (NO)HUGEPAGE DONTDUMP DODUMP WIPEONFORK KEEPONFORK GUARD_*
    "madvise": (2, WORD, "0 1 2 4 8 a b e f 10 11 12 13 66 67"),
    # PR_GET_DUMPABLE PR_SET_NAME PR_GET_NAME PR_CAPBSET_READ PR_GET_NO_NEW_PRIVS PR_SVE_GET_VL PR_SET_VMA
    "prctl": (0, WORD, "3 f 10 17 27 33 53564d41"),
    "setpriority": (0, WORD, "0"),  # PRIO_PROCESS
    "socket": (
        0,
        WORD,
        "1 2 a",
    ),  # AF_UNIX AF_INET AF_INET6; AF_VSOCK, which knows no namespace, reaches the hypervisor
    "socketpair": (0, WORD, "1"),
    "clone": (0, 0x7E80A000, "0"),  # no CLONE_NEW*, CLONE_UNTRACED, CLONE_PARENT, CLONE_PTRACE
    "mmap": (3, 0x40000, "0"),  # no MAP_HUGETLB: the machine has few
}
"""Calls that are allowed with some values of one argument: its position, the bits that count, the values."""

EXCUSED = {
    0: "fsync fdatasync msync",  # all that can be written is in memory, and a flush would hold up the machine's disk
    errno.ENOSYS: "flock preadv2 pwritev2 execveat membarrier get_mempolicy",
    errno.EOPNOTSUPP: "setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr",
}
"""Calls that fail, or do nothing, so that libraries and commands take another way; after EPERM they would not."""

NEWEST = range(424, 512)
"""The numbers that all architectures share, Linux 5.1 and newer: those not allowed are absent, as on an older kernel."""


class _Compare(ctypes.Structure):
    _fields_ = (("argument", ctypes.c_uint), ("operator", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def compile_filter() -> bytes:
    """The filter as a BPF program: what is on the lists above is allowed, all else fails with EPERM, ENOSYS or its like.

    Raises:
        OSError: libseccomp.so.2 is not installed, or refuses a rule.
    """
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(ERRNO | errno.EPERM)))
    library.seccomp_attr_set(context, ACT_BADARCH, ctypes.c_uint32(ERRNO | errno.EPERM))  # int 0x80 and x32
    library.seccomp_attr_set(context, CTL_OPTIMIZE, ctypes.c_uint32(BINARY_TREE))  # libseccomp 2.5 and newer have it

    def rule(action: int, call: str | int, *conditions: tuple[int, int, int, int]) -> None:
        number = library.seccomp_syscall_resolve_name(call.encode()) if isinstance(call, str) else call
        if number == -1:  # libseccomp is older than the call: it is absent
            return
        compares = (_Compare * len(conditions))(*(_Compare(*condition) for condition in conditions))
        if library.seccomp_rule_add_array(context, ctypes.c_uint32(action), number, len(conditions), compares) != 0:
            raise OSError(f"libseccomp refuses a rule for {call}")

    for name in ALLOWED:
        rule(ALLOW, name)
    for name, (argument, bits, values) in CHOICES.items():
        for value in values.split():
            rule(ALLOW, name, (argument, SCMP_CMP_MASKED_EQ, bits, int(value, 16)))
    for error, names in EXCUSED.items():
        for name in names.split():
            rule(ERRNO | error, name)
    for number in set(NEWEST) - {library.seccomp_syscall_resolve_name(name.encode()) for name in ALLOWED}:
        rule(ERRNO | errno.ENOSYS, number)
    return _export(library, context)


def _export(library: ctypes.CDLL, context: ctypes.c_void_p) -> bytes:
    descriptor = os.open("/tmp", os.O_TMPFILE | os.O_RDWR)
    try:
        if library.seccomp_export_bpf(context, descriptor) != 0:
            raise OSError("libseccomp cannot export the filter")
        os.lseek(descriptor, 0, os.SEEK_SET)
        return os.read(descriptor, 1 << 16)
    finally:
        os.close(descriptor)
        library.seccomp_release(context)


def load_filter(program: bytes) -> None:
    """Put the filter on this process and all that it will start; there is no way back.

    Raises:
        OSError: the kernel refuses it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    structure = _Program(len(program) // 8, program)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(structure), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the kernel refuses the system-call filter")
