"""The warm sandbox, for real: what gets out, what does not, and how each ending is told."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.demo.hostile import SOURCES
from autograder.grading.execution import Execution
from autograder.judging.exercise import Outcome
from autograder.sandbox import CellRun, Limits, Sandbox, SandboxUnavailable, Session, Wall
from autograder.sandbox.inside import landlock
from autograder.sandbox.inside.disk import held_mb
from autograder.sandbox.launch import _binds
from autograder.sandbox.outputs import Outputs
from autograder.sandbox.session import LEFT_RUNNING, _cell_run
from autograder.sandbox.wall import FORCED, strongest
from tests.places import table
from tests.processes import descendants, wait_for
from tests.tool.sandboxes import setup

pytestmark = pytest.mark.heavy

CASES = table("tool/walls.toml")["namespaces"]
LIMITS = Limits(cell_seconds=3.0, grace_seconds=1.0, submission_seconds=30.0, output_mb=8)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(setup("hw14", LIMITS)) as sandbox:
        yield sandbox


def text(run: CellRun) -> str:
    """All that a cell has printed, shown or raised."""
    parts = ([it.get("text"), it.get("data", {}).get("text/plain"), it.get("evalue")] for it in run.outputs)
    return "".join(part or "" for each in parts for part in each)


def test_cells_share_a_namespace_and_outputs_are_nbformat(session: Session) -> None:
    assert session.run("import torch\nx = torch.ones(2)").outcome is Outcome.OK
    run = session.run("print('hello')\nx.sum()")
    assert [output.output_type for output in run.outputs] == ["stream", "execute_result"]
    assert text(run) == "hello\ntensor(2.)"
    assert run.outputs[1].execution_count
    run = session.run("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert "image/png" in run.outputs[-1].data
    failed = session.run("1 / 0")
    assert failed.outcome is Outcome.ERROR
    assert failed.failure == ("ZeroDivisionError", "division by zero")
    (output,) = failed.outputs
    assert (output.output_type, output.ename, output.evalue) == ("error", "ZeroDivisionError", "division by zero")
    assert ["1 / 0" in "".join(output.traceback), "\x1b" in "".join(output.traceback)] == [True, False]


def test_chance_depends_on_the_students_seed_alone(sandbox: Sandbox) -> None:
    code = "import random, torch, numpy as np\nprint(random.random(), np.random.rand(), torch.rand(1).item())"
    drawn = []
    for seed in (1, 1, 2**32 - 1):
        with sandbox.open(seed) as session:
            drawn.append(text(session.run(code)).split())
    assert drawn[0] == drawn[1]
    assert len({*drawn[0], *drawn[2]}) == 6


@pytest.mark.parametrize("source", table("tool/walls.toml")["namespaces"]["refused"])
def test_refused(session: Session, source: str) -> None:
    assert session.run(source).outcome is Outcome.ERROR


def test_every_mount_but_the_submissions_own_is_read_only(session: Session) -> None:
    """Looked up, not tried: nobody could not write to root's files anyway."""
    run = session.run("print(*(line.split()[4] for line in open('/proc/self/mountinfo') if ' ro,' not in line))")
    assert set(text(run).split()) == {"/tmp", "/proc", "/dev/shm", "/dev/pts"}
    look = "import os\nfor name in ('null', 'zero', 'full', 'random', 'urandom'):\n    print(open(f'/dev/{name}', 'r+b', 0).readable())\n"
    assert text(session.run(look + "open('/dev/null', 'w').write('x')")) == "True\n" * 5 + "1"
    assert session.run("os.utime('/dev/null')").failure == ("OSError", "[Errno 30] Read-only file system")


def test_nothing_of_the_course_is_visible(session: Session) -> None:
    look = 'print(sorted(os.listdir("/opt/course")), os.listdir("/opt/course/probes"))'
    run = session.run(SOURCES["read-outside"] + look)
    assert text(run) == "[]\n['inside', 'lifelong', 'probes'] ['hw14']\n"


def test_nothing_of_the_environment_or_of_a_private_folder_is_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_SEED", "canary-of-the-environment")
    private = [Path("/usr/share/doc"), Path("/var/lib")]
    hidden = _binds(setup("arrays"), private).hidden
    assert "/usr/share/doc" in hidden
    assert "/var/lib" not in hidden
    with Sandbox(setup("arrays", LIMITS), private=private) as other, other.open() as session:
        code = "import os, subprocess\nprint(os.environ, subprocess.run(['env'], capture_output=True))"
        seen = text(session.run(code))
        assert "PATH" in seen
        assert "canary" not in seen
        assert "canary" not in text(session.run("print(open('/proc/1/environ').read())"))
        run = session.run("import os\nprint(os.listdir('/usr/share/doc'), len(os.listdir('/usr/share')) > 3)")
        assert text(run) == "[] True\n"


def test_it_is_nobody_without_capabilities_within_the_limits_of_the_course(session: Session) -> None:
    run = session.run(
        "import os, re\nstatus = open('/proc/self/status').read()\n"
        "print(os.getuid(), re.findall(r'Cap\\w+:\\s*(\\w+)', status),"
        " re.findall(r'(?:NoNewPrivs|Seccomp):\\s*(\\d)', status))"
    )
    user, rest = text(run).split(" ", 1)
    assert int(user) == (os.getuid() or 65534)
    assert rest == f"{['0' * 16] * 5} ['1', '2']\n"
    names = "CPU NPROC FSIZE NOFILE MEMLOCK MSGQUEUE SIGPENDING".split()
    run = session.run(f"import resource as r\nprint([r.getrlimit(getattr(r, 'RLIMIT_' + one))[1] for one in {names}])")
    hard = [LIMITS.cpu_seconds + 5, LIMITS.processes, LIMITS.file_mb << 20, LIMITS.open_files, 0, 0, 128]
    assert json.loads(text(run)) == hard


def test_its_stream_is_the_only_descriptor_that_it_gets_and_its_probe_gets_one_too(sandbox: Sandbox) -> None:
    count = "sum(os.path.lexists(f'/proc/self/fd/{each}') for each in range(3, 1000))"
    with sandbox.open(), sandbox.open() as session:
        assert text(session.run(f"import os\nprint({count})")) == "1\n"
        session.run(f"def permute(images, permutation): raise ValueError({count})")
        (reply,) = session.probe([("permutation", {"images": np.zeros((2, 3)), "permutation": np.arange(3)})], 5.0)
        assert (reply.error or {})["message"] == "1"


def test_submissions_do_not_see_each_other(sandbox: Sandbox) -> None:
    with sandbox.open() as first, sandbox.open() as second:
        first.run("secret = 1\nopen('/tmp/left', 'w').write('x'); open('/dev/shm/left', 'w').write('x')")
        run = second.run(
            "import os\nprint('secret' in globals(), os.path.exists('/tmp/left'), os.path.exists('/dev/shm/left'), [p for p in os.listdir('/proc') if p.isdigit()])"
        )
    assert text(run) == "False False False ['1']\n"


@pytest.mark.parametrize(("outcome", "alive", "source"), CASES["endings"])
def test_endings(session: Session, outcome: str, alive: bool, source: str) -> None:
    run = session.run(source)
    assert (run.outcome, session.alive) == (outcome, alive)
    if alive:
        assert text(session.run("print(1)")) == "1\n"


def test_many_processes_share_one_allowance() -> None:
    with Sandbox(setup("arrays", Limits(total_memory_mb=600))) as sandbox, sandbox.open() as session:
        assert session.run(CASES["many_processes"]).outcome is Outcome.MEMORY
        assert not session.alive


@pytest.mark.parametrize("confined", [True, False])
def test_a_dead_zygote_is_started_anew(confined: bool) -> None:
    """Without confinement as well student code runs in another process."""
    with Sandbox(setup("arrays", LIMITS), confined) as sandbox:
        sandbox._process.kill()
        sandbox._process.wait()
        with sandbox.open() as session:
            assert text(session.run("import os\nprint(os.getpid())")) != f"{os.getpid()}\n"
            assert session.run("1 / 0").outcome is Outcome.ERROR
        process = sandbox._process
        sandbox.restart()
        assert process.returncode is not None
        os.kill(sandbox._process.pid, signal.SIGSTOP)  # then it does not end by itself
    assert sandbox._process.returncode == -signal.SIGKILL


def test_forged_outputs_are_left_out_or_made_valid() -> None:
    outputs = Outputs()
    for count in (-1, 1 << 40, "1", True, 0, 3):
        outputs.add({"output_type": "execute_result", "data": {"text/plain": "x"}, "execution_count": count})
    assert [output.execution_count for output in outputs.nodes] == [None, None, None, None, 0, 3]
    outputs.add({"output_type": "display_data", "data": {"image/png": '"><script>', "text/x-evil": "x"}})
    outputs.add({"output_type": "display_data", "data": {"image/png": "é", "image/jpeg": "a"}})
    assert "script" not in str(outputs.nodes)
    outputs.add({"output_type": "error", "ename": "E", "evalue": "<f at 0x7fa3c2d41b50> is not 0xdecaf0 at 0x10"})
    assert outputs.nodes[-1].evalue == "<f at 0x…> is not 0xdecaf0 at 0x10"
    outputs.add({"output_type": "clear"})
    for name in ("stdout", "stdout", "stderr", "odd"):
        outputs.add({"output_type": "stream", "name": name, "text": "x" * 49_950})
    told = [(output.name, output.text[-9:]) for output in outputs.nodes]
    assert told == [("stdout", "x" * 9), ("stderr", "cut off)\n")]
    for _ in range(200):
        outputs.add({"output_type": "error"})
    assert len(outputs.nodes) == 100
    for failure in ("text", ["one"], [{}] * 3):
        assert _cell_run({"failure": failure}, outputs, False).failure == ("", "")


SLEEPERS = "import os, signal, subprocess\nsleepers = [subprocess.Popen(['sleep', '987']) for _ in range(5)]\n"


def test_what_a_cell_leaves_running_ends_with_it(session: Session) -> None:
    before = descendants(os.getpid())
    run = session.run(SLEEPERS + "print(len(sleepers))")
    assert (text(run), run.outcome) == (f"5\n{LEFT_RUNNING}", Outcome.OK)
    assert descendants(os.getpid()).keys() <= before.keys()
    assert session.run("sleepers[0].wait()\n!true").outcome is Outcome.OK


def test_a_killed_submission_leaves_no_process(session: Session) -> None:
    before = descendants(os.getpid())
    deaf = "signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    assert session.run(SLEEPERS + deaf).outcome is Outcome.TIMEOUT
    assert wait_for(lambda: descendants(os.getpid()).keys() < before.keys(), 60)


@pytest.mark.parametrize("source", ["while True: pass", "import os\nos.fork(); os.fork()\nwhile True: pass"])
def test_one_process_or_many_share_the_processors_time(source: str) -> None:
    limits = Limits(cell_seconds=900, submission_seconds=900, cpu_seconds=1)  # a busy machine gives them slowly
    with Sandbox(setup("arrays", limits)) as sandbox, sandbox.open() as session:
        assert session.run(source).outcome is Outcome.TIMEOUT
        assert not session.alive


def test_a_hanging_probe_costs_only_itself(session: Session) -> None:
    session.run("def permute(images, permutation):\n    while True: pass")
    session.run("quiz_01 = {'A': True}")
    inputs = {"images": np.zeros((2, 3), np.uint8), "permutation": np.arange(3)}
    replies = session.probe([("permutation", inputs)], 0.5)
    assert [reply.outcome for reply in replies] == [Outcome.TIMEOUT]
    replies = session.probe([("quiz-01", {"variable": "quiz_01"}), ("quiz-02", {"variable": "quiz_02"})], 5.0)
    assert replies[0].value == {"chosen": ["A"]}
    assert replies[1].error is not None
    assert replies[1].error["type"] == "NotDefined"


def test_what_probes_change_is_forgotten(session: Session) -> None:
    session.run("class Sneaky(dict):\n def items(self):\n  global changed\n  changed = True\n  return []")
    session.run("quiz_01 = Sneaky()\nchanged = False")
    session.probe([("quiz-01", {"variable": "quiz_01"})], 5.0)
    assert text(session.run("print(changed)")) == "False\n"


def test_a_pool_of_threads_works_on_in_a_fork(session: Session) -> None:
    session.run(
        "import concurrent.futures, os\npool = concurrent.futures.ThreadPoolExecutor(1)\npool.submit(int).result()"
    )
    in_a_fork = (
        "child = os.fork()\nif not child: os._exit(pool.submit(abs, -7).result())\nprint(os.waitpid(child, 0)[1] >> 8)"
    )
    assert text(session.run(in_a_fork)) == "7\n"


def test_a_process_that_has_just_ended_holds_nothing(tmp_path: Path) -> None:
    assert held_mb(str(tmp_path), [str(2**22 + 1)], 10) == 0


def test_how_a_cell_failed_is_what_it_said_at_first(sandbox: Sandbox) -> None:
    """A process that is started after hidden inputs were sent may know of them, by counters of the machine."""
    metadata, said = {"nbgrader": {"grade_id": "work", "solution": True}}, []
    cell = new_code_cell("import time\nraise ValueError(time.monotonic_ns())", metadata=metadata)
    execution = Execution(sandbox, new_notebook(cells=[cell]), {"work": ""}, {"work": ()}, 0)
    for _ in range(2):
        with execution:
            execution.run()
        said.append(execution.failures["work"])
    assert said[0] == said[1]


def test_garbage_on_the_wire_ends_the_session_only(sandbox: Sandbox) -> None:
    with sandbox.open() as session:
        run = session.run(
            "import gc\nfor thing in gc.get_objects():\n"
            "    if type(thing).__name__ == 'Stream':\n"
            "        thing.sock.sendall(b'\\x00\\x00\\x00\\x10' + b'\\xff' * 1000)"
        )
        assert run.outcome is Outcome.DIED
    with sandbox.open() as session:
        assert session.run("1").outcome is Outcome.OK


def test_without_namespaces_landlock_is_taken_and_without_that_it_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv(FORCED, "none")
    with pytest.raises(SandboxUnavailable, match="may be namespaces or landlock"):
        strongest()
    monkeypatch.delenv(FORCED)
    assert strongest() is Wall.LANDLOCK
    monkeypatch.setattr(landlock, "version", lambda: 0)
    words = r"neither namespaces .bwrap.* not found. nor Landlock.* autograder doctor"
    with pytest.raises(SandboxUnavailable, match=words):
        strongest()
