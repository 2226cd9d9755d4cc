"""The wall that is taken where namespaces cannot be had: Landlock, a narrower filter, and as root a user id of its own."""

import mmap
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.course.assignment import Assignment
from autograder.demo import mangle
from autograder.demo.roster import with_sources
from autograder.doctor import broken, trial
from autograder.gradebook.annotation import annotate
from autograder.grading.worker import Task, grade_safely
from autograder.judging.exercise import Outcome
from autograder.paths import AUTOGRADER
from autograder.sandbox import Limits, Sandbox, Session, Wall, launch
from autograder.sandbox.inside import disk, landlock, processes, zygote
from autograder.sandbox.session import LEFT_RUNNING
from autograder.sandbox.wall import FORCED
from tests.places import COURSE, ROOT, table, written
from tests.processes import descendants, wait_for
from tests.tool.sandboxes import setup
from tests.tool.test_sandbox import text

pytestmark = [pytest.mark.heavy, pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")]

LIMITS = Limits(cell_seconds=4.0, grace_seconds=1.0, tmp_mb=48)
CASES = table("tool/walls.toml")["landlock"]
ORPHANS = CASES["orphans"]
ASSIGNMENT = Assignment.load(COURSE, "finite_differences")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FORCED, Wall.LANDLOCK)
        with Sandbox(setup(ASSIGNMENT.name, LIMITS), private=[ROOT, Path("/usr/share/doc")]) as sandbox:
            lines = len(os.listdir("/proc/self/fd"))
            sandbox.restart()
            assert len(os.listdir("/proc/self/fd")) == lines
            yield sandbox
    assert sandbox._process.poll() is not None


def test_what_the_doctor_looks_at_holds(sandbox: Sandbox) -> None:
    assert sandbox.wall is Wall.LANDLOCK
    assert not broken(trial(sandbox, ROOT))


def test_the_marks_are_the_same(sandbox: Sandbox) -> None:
    half = dict.fromkeys(list(ASSIGNMENT.solution_cells)[::2], "import lifelong\nraise ValueError(lifelong.__file__)")
    task = Task("ada", "finite_differences.ipynb", mangle.plain(with_sources(ASSIGNMENT, half)))
    with Sandbox(setup(ASSIGNMENT.name, LIMITS)) as other:
        first, second = (annotate(grade_safely(task, ASSIGNMENT, each, "")) for each in (other, sandbox))
    assert first == second


@pytest.mark.parametrize("source", CASES["refused"])
def test_refused(session: Session, source: str) -> None:
    run = session.run(source.replace("COURSE", str(ROOT)).replace("GRADER", str(os.getpid())))
    assert (run.failure or ("",))[0] in ("PermissionError", "OSError")


def test_beside_what_is_hidden_all_can_be_read_but_through_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("hidden", "seen"):
        (tmp_path / name).mkdir()
    (tmp_path / "link").symlink_to("hidden")
    expected = [(tmp_path / "seen", landlock.LOOK)]
    assert list(launch._rules(tmp_path, [tmp_path / "hidden"])) == expected
    monkeypatch.setattr(launch, "AUTOGRADER", tmp_path / "hidden")  # beside the tool, packages have to be found
    assert list(launch._rules(tmp_path, [tmp_path / "hidden"])) == [(tmp_path, landlock.LIST), *expected]


def test_the_names_in_a_hidden_folder_are_not_listed(session: Session) -> None:
    run = session.run("import os\nprint([*os.walk('/usr/share/doc')], os.path.isdir('/usr/share/doc'))")
    assert text(run) == "[] True\n"


def test_it_has_a_home_and_what_python_needs(session: Session) -> None:
    made = "import os, tempfile, torch\nopen('x', 'w').write('y')\ntempfile.mkdtemp()\ntorch.save(torch.ones(2), 'z')\n"
    assert text(session.run(made + "!echo hello >&2; cat x\nprint(os.cpu_count() > 0)")) == "hello\nyTrue\n"
    names = [*map("proc/{}".format, "cpuinfo meminfo stat uptime version".split()), "dev/null", "dev/zero", "dev/full"]
    names += ["dev/random", "dev/urandom"]
    assert session.run(f"for name in {names}: open('/' + name).close()").outcome is Outcome.OK
    loader = "torch.utils.data.DataLoader(torch.arange(4), 2, shuffle=True, num_workers=2, timeout=9, persistent_workers=True)"
    assert text(session.run(f"for _ in range(2): print(sum(len(rows) for rows in {loader}))")) == "4\n4\n"
    made = "from pathlib import Path\nPath('run').touch(0o700, exist_ok=False)\nPath('run').write_text('#!/bin/sh\\necho 7')\n!./run"
    assert text(session.run(made)) == "7\n"  # as the course's C programs are made, and started
    run = session.run("import matplotlib.pyplot as plt, decimal, sqlite3\nplt.title('t'); plt.plot([1, 2]);")
    assert "image/png" in run.outputs[-1].data


def test_nobody_elses_file_is_changed(session: Session, tmp_path: Path) -> None:
    """As root it has another user's id; an ordinary user's calls that change a file by its name do nothing."""
    mine = tmp_path / "mine"
    mine.touch(0o600)
    before = mine.stat()
    session.run(f"import os\nfor act in (lambda p: os.chmod(p, 0), lambda p: os.utime(p, (1, 1))): act({str(mine)!r})")
    assert (mine.stat().st_mode, mine.stat().st_mtime) == (before.st_mode, before.st_mtime)


def test_submissions_do_not_see_each_other(sandbox: Sandbox) -> None:
    with sandbox.open() as first, sandbox.open() as second:
        code = "import os\nopen('left', 'w').write('x')\nprint(os.getuid(), os.getpid(), os.path.abspath('left'))"
        user, pid, path = text(first.run(code)).split()
        home = next(Path(f"/proc/{child}/cwd").resolve() for child in [pid] if user)
        assert path.endswith("/left")
        for act in (f"open('{home}/left')", f"os.listdir('{home}')", f"os.kill({pid}, 0)", f"open('/proc/{pid}/maps')"):
            assert second.run(f"import os\n{act}").outcome is Outcome.ERROR
        assert (int(user) != int(text(second.run("print(os.getuid())")))) is (os.geteuid() == 0)
    assert wait_for(lambda: not home.exists(), 60)


@pytest.mark.parametrize(("outcome", "source"), [(end, it) for end in CASES["endings"] for it in CASES["endings"][end]])
def test_endings(sandbox: Sandbox, outcome: str, source: str) -> None:
    with sandbox.open() as session:
        assert session.run(source).outcome == outcome


def test_no_submission_takes_processes_from_another(sandbox: Sandbox) -> None:
    """An ordinary user's submissions have one user id, and so one count of processes."""
    with sandbox.open() as first, sandbox.open() as second:
        sleepers = "import threading, time\nfor n in range(20): threading.Thread(target=time.sleep, args=(99,), daemon=True).start()"
        assert first.run(sleepers).outcome is second.run(sleepers).outcome is Outcome.OK
        assert second.run("import subprocess; subprocess.run(['true'], check=True)").outcome is Outcome.OK
        crowd = sleepers.replace("20", "60") + "\nwhile True: pass"
        assert first.run(crowd).outcome is (Outcome.ERROR if os.geteuid() == 0 else Outcome.DIED)


def test_who_ends_while_it_is_looked_for_may_have_left_another() -> None:
    ended = "987654321"
    with subprocess.Popen(["sleep", "987"]) as left:
        found = iter([[ended]])
        assert processes._end(lambda: next(found, [] if left.poll() else [str(left.pid)]))
    assert left.returncode == -signal.SIGKILL


def test_no_submission_gets_the_id_of_a_user_who_runs_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zygote, "USERS", [os.getuid(), 54_321])
    assert {zygote._unused_user() for _ in range(20)} == {54_321}


def test_where_the_kernel_lists_no_children_all_processes_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LISTED": False, "_pids": lambda: ["7", "8"], "_parent": {"7": "1", "8": "7"}.get}.items():
        monkeypatch.setattr(processes, name, value)
    assert [processes._children(name) for name in ("1", "7", "8")] == [["7"], ["8"], []]


def test_the_end_of_every_process_but_the_first_is_taken_note_of() -> None:
    first, other = (os.posix_spawn("/bin/true", ["true"], {}) for _ in range(2))
    assert wait_for(lambda: processes._living([str(first), str(other)]) == [], 60)
    processes._reap(first)
    assert [Path(f"/proc/{each}").exists() for each in (first, other)] == [True, False]
    os.waitpid(first, 0)


def test_as_many_threads_as_may_be_are_none_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_threads", lambda _: 9)
    limits = dict.fromkeys(("total_memory_mb", "cpu_seconds", "file_mb", "tmp_mb"), 1 << 19) | {"processes": 9}
    assert processes.Processes(os.getpid()).exceeded(limits, str(tmp_path)) == ""
    assert processes.Processes(os.getpid()).exceeded(limits | {"processes": 8}, str(tmp_path)) == "processes"


def test_too_many_files_or_what_is_always_moved_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "MOST_FILES", 9)
    for number in range(9):
        (tmp_path / str(number)).touch()
    assert disk.lying_mb(str(tmp_path)) < LIMITS.tmp_mb
    (tmp_path / "deep").mkdir()
    assert disk.lying_mb(str(tmp_path)) > LIMITS.tmp_mb
    assert disk.lying_mb(str(tmp_path / "never where it was")) > LIMITS.tmp_mb


def test_a_name_that_breaks_lines_breaks_no_count(tmp_path: Path) -> None:
    path = written(Path(f"{tmp_path}/x\r {tmp_path}/file"), bytes(9))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ):
        path.unlink()
        assert disk.held_mb(str(tmp_path), ["self"], LIMITS.file_mb) == 0


def test_nothing_outlives_its_cell_or_its_submission(sandbox: Sandbox) -> None:
    with sandbox.open() as session:
        before = descendants(os.getpid())
        assert LEFT_RUNNING in text(session.run(ORPHANS))
        assert descendants(os.getpid()).keys() <= before.keys()
        session.run(ORPHANS + "while True:\n    try: time.sleep(1)\n    except BaseException: pass")
        assert not session.alive
    assert wait_for(lambda: not any("987" in each for each in descendants(os.getpid()).values()), 60)


def test_a_monitor_that_dies_leaves_nothing(sandbox: Sandbox) -> None:
    with sandbox.open() as session:
        session._stream.send("cell", {"source": ORPHANS + "time.sleep(60)"})
        assert wait_for(lambda: len(descendants(sandbox._process.pid)) >= 7, 60)
        min(psutil.Process(sandbox._process.pid).children(), key=psutil.Process.create_time).kill()
        assert wait_for(lambda: not descendants(sandbox._process.pid), 60)
        session.alive = False
        session._report = {}


def test_with_an_older_kernel_no_signal_but_to_the_own_group() -> None:
    """An ordinary user's student code has that user's id; the filter does what Landlock cannot do yet."""
    environment = {**os.environ, "PYTHONPATH": str(AUTOGRADER / "sandbox")}
    command = [sys.executable, "-c", CASES["signals"]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.stdout == "refused " * 5, done.stderr
