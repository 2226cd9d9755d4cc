"""The system-call filter of a student's process, compiled once by libseccomp and loaded by every child.

Namespaces and dropped capabilities already take most power away; the filter closes what they leave open: kernel
interfaces with a history of holes, namespaces within the namespace, and socket families that ignore network
namespaces (AF_VSOCK reaches the hypervisor).
"""

import ctypes
import errno
import os
import socket

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALLOW = 0x7FFF0000
SCMP_CMP_EQ, SCMP_CMP_GT, SCMP_CMP_MASKED_EQ = 4, 6, 7
NAMESPACE_FLAGS = 0x7E020000  # every CLONE_NEW* but the one for time, which only unshare and clone3 take
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
PR_SET_DUMPABLE = 4

DENIED = """
    mount umount2 pivot_root chroot mount_setattr move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick
    setns unshare ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp bpf perf_event_open
    userfaultfd keyctl add_key request_key io_uring_setup io_uring_enter io_uring_register open_by_handle_at
    name_to_handle_at init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct
    quotactl quotactl_fd syslog personality memfd_create memfd_secret shmget shmat shmctl msgget semget mq_open
    fanotify_init vmsplice set_mempolicy mbind migrate_pages move_pages landlock_create_ruleset
    settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname iopl ioperm modify_ldt vhangup
    nfsservctl uselib ustat sysfs lookup_dcookie
""".split()


class _Compare(ctypes.Structure):
    _fields_ = (("argument", ctypes.c_uint), ("operator", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def compile_filter() -> bytes:
    """The filter as a BPF program: everything is allowed but the list above and what is refused by argument.

    Raises:
        OSError: libseccomp.so.2 is not installed, or refuses a rule.
    """
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(ALLOW)))

    def refuse(name: str, error: int, *conditions: tuple[int, int, int, int]) -> None:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number == -1:  # libseccomp is older than the call: the kernel's own answer stands
            return
        compares = (_Compare * len(conditions))(*(_Compare(*condition) for condition in conditions))
        action = ctypes.c_uint32(0x00050000 | error)
        if library.seccomp_rule_add_array(context, action, number, len(conditions), compares) != 0:
            raise OSError(f"libseccomp refuses a rule for {name}")

    for name in DENIED:
        refuse(name, errno.EPERM)
    refuse("clone3", errno.ENOSYS)  # its flags lie in memory, out of a filter's reach; libc falls back to clone
    for bit in range(32):
        if NAMESPACE_FLAGS >> bit & 1:
            refuse("clone", errno.EPERM, (0, SCMP_CMP_MASKED_EQ, 1 << bit, 1 << bit))
    allowed = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)  # the network namespace has nobody at the other end
    for call in ("socket", "socketpair"):
        for family in range(max(allowed)):
            if family not in allowed:
                refuse(call, errno.EAFNOSUPPORT, (0, SCMP_CMP_EQ, family, 0))
        refuse(call, errno.EAFNOSUPPORT, (0, SCMP_CMP_GT, max(allowed), 0))
    refuse("prctl", errno.EPERM, (0, SCMP_CMP_MASKED_EQ, 0xFFFFFFFF, PR_SET_DUMPABLE))  # the monitor has to look in
    refuse("setsid", errno.EPERM)  # the scheduler shares processors out by session: one for each submission
    for request in (TIOCSTI, TIOCLINUX):
        refuse("ioctl", errno.EPERM, (1, SCMP_CMP_MASKED_EQ, 0xFFFFFFFF, request))
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
