"""Start the real sandbox, look around in it, and compare what is seen with what was promised."""

import json
import os
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.doctor.finding import Finding, Standing, broken, judged, refusal
from autograder.doctor.machine import MEBIBYTE, NAMESPACES, machine
from autograder.sandbox import Limits, Sandbox, SandboxFailed, SandboxUnavailable, Session, Setup, Wall
from autograder.sandbox.wall import FORCED

REPORT = "Do not grade here. Please report this with the output of autograder doctor."

MOST_THREADS = 4096
"""That a user may have beside a submission, where both have one id: enough for a desktop, too few to stop the machine."""

LOOK = tomllib.loads(Path(__file__).with_name("look.toml").read_text(encoding="utf-8"))["cell"]


def open_sandbox(setup: Setup, course: Path, *private: Path) -> Sandbox:
    """A sandbox that was looked into and found closed, on a machine that keeps the other promises as well.

    Nothing of the course's folder and of the ``private`` ones may be seen inside.

    Raises:
        SandboxUnavailable: a promise is broken; the message says which and what to do.
    """
    found = broken(machine(course, setup.limits))
    if found:
        raise SandboxUnavailable(refusal(found))
    sandbox = Sandbox(setup, private=[course, *private])
    found = broken(trial(sandbox, course))
    if found:
        sandbox.close()
        raise SandboxUnavailable(refusal(found))
    return sandbox


def trial(sandbox: Sandbox, course: Path) -> list[Finding]:
    """What a submission would find in this sandbox, where it may see nothing of ``course``; in tenths of a second."""
    try:
        with sandbox.open() as session:
            seen = _look(session, sandbox.limits.memory_mb, course, sandbox.wall is Wall.LANDLOCK)
    except SandboxFailed:
        seen = None
    if seen is None:
        return [Finding("A submission's process starts", Standing.BROKEN, "it ended before it could answer", REPORT)]
    by_wall = _behind_landlock if sandbox.wall is Wall.LANDLOCK else _behind_namespaces
    shared = sandbox.wall is Wall.LANDLOCK and os.geteuid() != 0  # what else the user runs counts as well
    found = [*_closed(seen), *by_wall(seen), *_files(seen), _held(seen, sandbox.limits, shared)]
    return second_wall(found, shared) if sandbox.wall is Wall.LANDLOCK else found


def second_wall(found: Sequence[Finding], shared: bool) -> list[Finding]:
    """What was found behind Landlock, and how else that wall is weaker than namespaces; what is broken stays.

    Submissions have the user id of whoever grades where it is ``shared``.
    """
    rows = tomllib.loads(Path(__file__).with_name("second_wall.toml").read_text(encoding="utf-8"))
    findings = {each.promise: each for each in found}
    for promise, row in rows.items():
        weak = row.get("weak") or (row.get("user") if shared else "")
        if findings.get(promise) not in broken(found):
            findings[promise] = Finding(promise, Standing.WEAK if weak else Standing.HOLDS, weak or row["holds"])
    forced = f"unset {FORCED}, or " if FORCED in os.environ else ""
    remedy = f"Behind namespaces all of this holds: {forced}see above what they need here, and docs/containers.md."
    return [*findings.values(), Finding("It is closed off by namespaces", Standing.WEAK, "by Landlock", remedy)]


def _look(session: Session, memory_mb: int, course: Path, machines_own: bool) -> dict[str, Any] | None:
    """The facts as they are seen from inside; None where nothing answers."""
    paths = [str(course / name) for name in ("course.toml", "solutions", "submitted", "gradebook.db", ".course-seed")]
    places = ["/", "/usr", "/dev", "/opt", "/etc", "/proc", str(course)]
    places += ["/tmp", "/dev/shm"] if machines_own else []
    names = f"NAMESPACES, PATHS, PLACES, PARENT = {NAMESPACES!r}, {paths!r}, {places!r}, {os.getpid()}\n"
    names += f"MEMORY = {(memory_mb + 64) * MEBIBYTE}"
    run = session.run(f"{names}\n{LOOK}")
    text = "".join(output.get("text", "") for output in run.outputs)
    try:
        seen = json.loads(text)
    except ValueError:
        return None
    return seen if isinstance(seen, dict) else None


def _closed(seen: dict[str, Any]) -> Iterator[Finding]:
    """Its rights and its system calls."""
    bare = seen["user"] != 0 and seen["capabilities"] == 0 and seen["no_new_privileges"] == 1
    found = f"user {seen['user']}, capabilities {seen['capabilities']:x}, no new privileges {seen['no_new_privileges']}"
    yield judged("A submission has no rights and can get none", bare, found, REPORT)
    allowed = [name for name, refused in seen["refused"].items() if not refused]
    found = f"allowed: {', '.join(allowed)}" if allowed else f"filter mode {seen['filter']}"
    yield judged("Its system calls are filtered", seen["filter"] == 2 and not allowed, found, REPORT)


def _behind_namespaces(seen: dict[str, Any]) -> Iterator[Finding]:
    shared = [name for name in NAMESPACES if os.readlink(f"/proc/self/ns/{name}") == seen["namespaces"][name]]
    found = f"shared with this machine: {', '.join(shared)}" if shared else f"{len(NAMESPACES)} of {len(NAMESPACES)}"
    yield judged("It has namespaces of its own", not shared, found, REPORT)
    found = f"interfaces: {', '.join(seen['interfaces'])}"
    yield judged("It sees no network", set(seen["interfaces"]) <= {"lo"}, found, REPORT)


def _behind_landlock(seen: dict[str, Any]) -> Iterator[Finding]:
    found = "it reaches the process that grades" if seen["parent"] else "none"
    yield judged("It reaches no process but its own", not seen["parent"], found, REPORT)
    found = "sockets can be had" if seen["sockets"] else "no sockets at all"
    yield judged("It has no network", not seen["sockets"], found, REPORT)


def _files(seen: dict[str, Any]) -> Iterator[Finding]:
    """What it sees and where it writes."""
    others = max(len(seen["processes"]) - 1, 0)
    found = f"of the course {', '.join(seen['visible']) or 'nothing'}; {others} other processes"
    holds = not seen["visible"] and not others
    yield judged("It sees nothing of the course and of other processes", holds, found, REPORT)
    found = f"it may also write to {', '.join(seen['writable'])}" if seen["writable"] else "nowhere else"
    yield judged("It can write to a folder of its own alone", not seen["writable"], found, REPORT)


def _held(seen: dict[str, Any], limits: Limits, shared: bool) -> Finding:
    held = seen["limits"]
    most = {"NPROC": limits.processes, "NOFILE": limits.open_files, "FSIZE": limits.file_mb * MEBIBYTE}
    most |= {"CPU": limits.cpu_seconds + 5}
    most["NPROC"] += MOST_THREADS if shared else 0
    loose = [name for name, value in most.items() if not 0 <= held[name] <= value]
    loose += [name for name in ("DATA", "AS") if held[name] < 0]
    loose += [] if seen["core"] in ("0", "1") else ["CORE"]
    loose += [] if seen["too_much_memory"] else ["memory: more than allowed could be had"]
    return judged("Its limits are in force", not loose, f"not: {', '.join(loose)}" if loose else "all", REPORT)
