"""The system-call filter, for real: what it refuses, with which error, and that what honest students use still works."""

import ctypes
from collections.abc import Iterator

import pytest

from autograder.judging.exercise import Outcome
from autograder.sandbox import Sandbox, Session
from tests.tool.sandboxes import setup
from tests.tool.test_sandbox import LIMITS, text

pytestmark = pytest.mark.heavy

REFUSED = """
    EPERM io_setup 9 0; inotify_init1 0; inotify_add_watch 0 0 0; fanotify_init 0 0; sync; syncfs 1; sync_file_range 1 0 0 0
    EPERM fadvise64 1 0 0 4; mincore 0 0 0; readahead 1 0 9; madvise 0 0 3; madvise 0 0 21; madvise 0 0 22; madvise 0 0 12
    ENOSYS preadv2 1 0 0 0 0 8; pwritev2 1 0 0 0 0 0; cachestat 1 0 0 0; flock 1 2; process_madvise 0 0 0 0 0; membarrier 1 0
    EPERM fcntl 1 1024 1; fcntl 1 1026 1; fcntl 1 8 1; fcntl 1 10 1; fcntl 1 37 0; fcntl 1 1031 9999; fcntl 1 1036 0
    EPERM prctl 1 0; prctl 1 9; prctl 4 0; prctl 41 1; prctl 22 2 0; ioctl 0 21522 0; ioctl 0 21532 0; ioctl 0 35090 0
    EPERM ioprio_set 2 0 24576; setpriority 1 0 19; setpriority 2 0 19; sched_setaffinity 0 0 0; sched_setscheduler 0 3 0
    EPERM clone 268435473 0; clone 32785 0; unshare 0; setns 0 0; setsid; mount 0 0 0 0 0; ptrace 0 0; seccomp 2 0 0; kcmp 1 1
    EPERM keyctl 0; mq_open 0 0; shmget 0 1 0; semget 0 1 0; msgget 0 0; bpf 0; perf_event_open 0; userfaultfd 0; mlock 0 0
    EPERM splice 0 0 0 0 0; tee 0 0 0; vmsplice 0 0 0; memfd_create 0 0; socket 40 1 0; socket 16 3 0; socketpair 2 1 0
    EPERM mmap 0 4096 3 262178 -1 0; adjtimex 0; name_to_handle_at 0 0; swapoff 0; personality 0; 1073741863
    ENOSYS clone3 0 0; io_uring_setup 1 0; process_mrelease -1 0; pidfd_open 1 0; landlock_create_ruleset 0 0 1; 511
    EOPNOTSUPP fsetxattr 1 0 0 0 0; removexattr 0 0
"""
"""An error, and calls that it answers; 21522 is TIOCSTI, 32785 has CLONE_PARENT, 1073741863 is x32's getpid."""

CALL = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
for error, call, *numbers in CALLS:
    ctypes.set_errno(0)
    result = libc.syscall(*map(ctypes.c_long, numbers))
    if result != -1 or ctypes.get_errno() != getattr(errno, error): print(call, result, ctypes.get_errno())
"""

HONEST = {
    "commands": """import shutil, subprocess
script = 'set -e; echo a > x; cp x y; mv y z; ln -s z w; sed -i s/a/b/ z; ls /usr >&2; cat z | sort; tar cf t z; timeout 9 true'
assert subprocess.run(script, shell=True, capture_output=True, text=True).stdout == 'b\\n'
shutil.copy2('z', 'v'); shutil.make_archive('a', 'zip', '.', 'z'); open('t.cpp', 'w').write('#include <thread>\\nint main() { std::thread([] {}).join(); }')
if shutil.which('g++'): assert subprocess.getoutput('g++ -O1 -pthread t.cpp -o t && ./t') == ''""",
    "processes": """import asyncio, concurrent.futures, multiprocessing, threading, torch
from torch.utils.data import DataLoader, TensorDataset
fork = multiprocessing.get_context('fork'); queue = fork.Queue(); child = fork.Process(target=queue.put, args=(3,)); child.start()
with fork.Pool(2) as pool, concurrent.futures.ThreadPoolExecutor(3) as threads: assert pool.map(abs, [-1, -2]) == list(threads.map(abs, [1, 2]))
assert queue.get() == 3; child.join(); thread = threading.Thread(target=asyncio.run, args=(asyncio.sleep(0.01),)); thread.start(); thread.join()
assert [rows.sum().item() for rows, in DataLoader(TensorDataset(torch.arange(8.)), batch_size=4, num_workers=2)] == [6, 22]
torch.set_num_threads(2); torch.randn(99, 99).svd(); torch.zeros(3).share_memory_();""",
    "files": """import os, select, signal, socket, sqlite3, tempfile, time, torch, numpy as np, matplotlib.pyplot as plt
left, right = socket.socketpair(); right.send(b'x'); assert select.select([left], [], [], 1)[0]; socket.create_server(('127.0.0.1', 0)).close(); os.nice(1)
with sqlite3.connect('x.db') as base: base.execute('create table a (b)'); base.execute('insert into a values (1)')
signal.signal(signal.SIGALRM, lambda *_: None); signal.setitimer(signal.ITIMER_REAL, 0.01); time.sleep(0.02); plt.plot([1, 2]); plt.savefig('x.pdf'); plt.close()
file = tempfile.NamedTemporaryFile(delete=False); os.fsync(file.fileno()); os.replace(file.name, 'new'); assert os.sched_getaffinity(0) and os.cpu_count()
rows = np.memmap('m', 'f4', 'w+', shape=9); rows[:] = 1; rows.flush(); torch.save(torch.ones(2), 'a.pt'); torch.load('a.pt', mmap=True);""",
}


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Sandbox(setup("hw14", LIMITS)) as sandbox, sandbox.open() as session:
        yield session


def test_what_the_filter_refuses(session: Session) -> None:
    resolve = ctypes.CDLL("libseccomp.so.2").seccomp_syscall_resolve_name
    calls = []
    for error, rest in (line.split(maxsplit=1) for line in REFUSED.strip().split("\n")):
        for call in rest.split(";"):
            name, *arguments = call.split()
            calls.append((error, call, int(name) if name.isdigit() else resolve(name.encode()), *map(int, arguments)))
    assert text(session.run(f"CALLS = {calls}{CALL}")) == ""


@pytest.mark.parametrize("use", HONEST)
def test_what_honest_students_use_works(session: Session, use: str) -> None:
    run = session.run(HONEST[use])
    assert (text(run), run.outcome) == ("", Outcome.OK)
