"""The doctor: this machine is well, each thing that may be missing is found, and then nothing starts."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.cli.tables import doctor_table
from autograder.doctor import Finding, Standing, broken, machine, open_sandbox, trial
from autograder.processors import processors
from autograder.sandbox import Limits, Sandbox, SandboxUnavailable, Wall
from autograder.sandbox.inside import landlock
from autograder.sandbox.wall import FORCED
from tests.places import EXAMPLE, ROOT, written
from tests.processes import command
from tests.tool.sandboxes import setup

pytestmark = pytest.mark.heavy


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what the doctor reads in /proc and /sys, to be changed."""
    for name in ("proc/sys/kernel/seccomp/actions_avail", "proc/meminfo", "proc/sys/user/max_user_namespaces"):
        written(tmp_path / name, Path("/", name).read_bytes())
    return tmp_path


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A PATH of links to this machine's own programs, some of which a test takes away or replaces."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)  # nobody has to find them too
    for name in ("unshare", "setpriv", "mount", "sh", "true", "bwrap"):
        found = next(path for place in os.environ["PATH"].split(":") if (path := Path(place, name)).exists())
        (folder / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))
    yield folder
    shutil.rmtree(folder)


def replace(tool: Path, script: str) -> None:
    """A shell script in a program's place."""
    tool.unlink()
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)


def about(words: str, findings: list[Finding]) -> Finding:
    (found,) = (finding for finding in findings if words in finding.promise)
    assert bool(found.remedy) is (found.standing is not Standing.HOLDS)
    return found


def test_this_machine_keeps_every_promise(course_sandbox: Sandbox) -> None:
    findings = machine(ROOT) + trial(course_sandbox, ROOT)
    assert len(findings) >= 16
    assert not broken(findings)


def test_a_sandbox_that_is_none_is_found_out() -> None:
    with Sandbox(setup("arrays", Limits(memory_mb=64)), confined=False) as sandbox:
        found = trial(sandbox, ROOT)
    assert len(broken(found)) == len(found) - (os.geteuid() != 0)  # a user who is not root cannot write everywhere
    assert "shared with this machine: user, pid" in about("namespaces", found).found
    assert "course.toml" in about("sees nothing", found).found
    assert "AF_NETLINK" in about("system calls", found).found


def test_a_sandbox_in_which_nothing_starts_is_found_out() -> None:
    with Sandbox(setup("arrays", Limits(open_files=1 << 30))) as sandbox:  # more than the kernel gives to anybody
        assert about("process starts", trial(sandbox, ROOT)).standing is Standing.BROKEN
    assert "open files" in about("Limits", machine(ROOT, Limits(open_files=1 << 31))).found


@pytest.fixture
def no_landlock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)


def test_landlock_takes_the_place_of_namespaces(tools: Path) -> None:
    (tools / "bwrap").unlink()
    findings = machine(ROOT)
    assert not broken(findings)
    assert about("second wall", findings).standing is Standing.HOLDS
    assert "second wall is taken" in about("bubblewrap", findings).found


def test_without_bubblewrap(tools: Path, no_landlock: None) -> None:
    (tools / "bwrap").unlink()
    findings = machine(ROOT)
    assert about("second wall", findings).standing is Standing.WEAK
    assert [finding.promise for finding in broken(findings)] == ["bubblewrap 0.5 or newer is installed"]
    assert "apt-get install bubblewrap" in about("bubblewrap", findings).remedy
    assert about("namespaces", findings).standing is Standing.WEAK
    assert about("C++", findings).standing is Standing.WEAK  # g++ is not on this PATH either


@pytest.mark.parametrize(("version", "standing"), [("0.4.1", Standing.BROKEN), ("0.11.0", Standing.HOLDS)])
def test_the_version_of_bubblewrap(version: str, standing: Standing, tools: Path, no_landlock: None) -> None:
    replace(tools / "bwrap", f"echo bubblewrap {version}")
    assert about("bubblewrap", machine(ROOT)).standing is standing


def test_apparmor_is_named_where_it_forbids_namespaces(root: Path, tools: Path, no_landlock: None) -> None:
    (root / "proc/sys/kernel/apparmor_restrict_unprivileged_userns").write_text("1\n")
    assert about("namespaces", machine(ROOT, root=root)).standing is Standing.HOLDS  # a profile may allow them
    replace(tools / "unshare", "echo 'unshare failed: Permission denied' >&2\nexit 1")
    replace(tools / "bwrap", '[ "$1" = --version ] && echo bubblewrap 0.8 || exec unshare')
    found = about("namespaces", machine(ROOT, root=root))
    assert found.standing is Standing.BROKEN
    assert "apparmor_restrict_unprivileged_userns=0" in found.remedy
    (root / "proc/sys/kernel/apparmor_restrict_unprivileged_userns").write_text("0\n")
    found = about("namespaces", machine(ROOT, root=root))
    assert (found.standing, found.found) == (Standing.BROKEN, "unshare failed: Permission denied")
    assert "Docker" in found.remedy


@pytest.mark.parametrize(
    "name", ["user/max_user_namespaces", "user/max_net_namespaces", "kernel/unprivileged_userns_clone"]
)
def test_a_switch_that_forbids_namespaces_is_named(name: str, root: Path, no_landlock: None) -> None:
    (root / "proc/sys" / name).write_text("0\n")
    found = about("namespaces", machine(ROOT, root=root))
    assert found.standing is Standing.BROKEN
    assert f"sysctl {name.replace('/', '.')}=" in found.remedy


def test_a_kernel_without_a_filter(root: Path) -> None:
    (root / "proc/sys/kernel/seccomp/actions_avail").unlink()
    assert about("filters", machine(ROOT, root=root)).standing is Standing.BROKEN


@pytest.mark.parametrize(
    ("mebibytes", "standing", "words"),
    [(500, Standing.BROKEN, "at least|least"), (4000, Standing.WEAK, "--jobs 1"), (10**6, Standing.HOLDS, "")],
)
def test_memory(mebibytes: int, standing: Standing, words: str, root: Path) -> None:
    (root / "proc/meminfo").write_text(f"MemTotal: 9 kB\nMemAvailable:   {mebibytes << 10} kB\n")
    found = about("Memory", machine(ROOT, Limits(total_memory_mb=4000), root))
    assert (found.standing is standing) or (processors() == 1 and standing is Standing.WEAK)
    assert any(word in found.remedy for word in words.split("|"))


def test_memory_of_a_container(root: Path) -> None:
    written(root / "sys/fs/cgroup/memory.max", f"{200 << 20}\n")
    assert "200 MiB free" in about("Memory", machine(ROOT, root=root)).found
    (root / "sys/fs/cgroup/memory.max").write_text("max\n")
    assert about("Memory", machine(ROOT, root=root)).standing is not Standing.BROKEN


@pytest.mark.parametrize(
    ("quota", "count"), [(None, 8), ("150000 100000", 2), ("max 100000", 8), ("1600000 100000", 8), ("-1 100000", 8)]
)
@pytest.mark.parametrize("files", [["cpu.max"], ["cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"]])
def test_processors_are_those_of_the_container(
    files: list[str], quota: str | None, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)))
    for name, text in zip(files, quota.split(maxsplit=len(files) - 1) if quota else (), strict=False):
        written(tmp_path / "sys/fs/cgroup" / name, text.encode())
    assert processors(tmp_path) == count


@pytest.mark.parametrize(
    "arguments",
    [["doctor"], ["grade", "arrays"], ["grade", "submitted/ada/arrays/arrays.ipynb", "--assignment", "arrays"]],
)
def test_nothing_starts_on_a_broken_promise(
    arguments: list[str], tmp_path: Path, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = EXAMPLE.clone_to(tmp_path / "course")
    written(course.submitted / "ada" / "arrays" / "arrays.ipynb", b"no notebook")
    (tools / "bwrap").unlink()
    monkeypatch.setenv(FORCED, Wall.NAMESPACES)  # else the second wall is taken
    said = " ".join(command(course.root, *arguments, status=1).split())
    assert "bubblewrap 0.5 or newer is installed" in said
    assert "sudo apt-get install bubblewrap" in said
    assert not course.autograded.exists()


def test_grading_refuses_a_sandbox_that_is_not_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the sandbox starts but does not close, the look inside is what stops the grading."""
    monkeypatch.setattr(Sandbox, "_start", _start_open)
    with pytest.raises(SandboxUnavailable, match="namespaces of its own"):
        open_sandbox(setup("arrays"), ROOT)


def _start_open(sandbox: Sandbox, start: Callable[[Sandbox], None] = Sandbox._start) -> None:
    sandbox.wall = Wall.NONE
    start(sandbox)


def test_the_table_shows_every_finding() -> None:
    findings = [*machine(ROOT), Finding("It rains", Standing.BROKEN, "drops", "Take an umbrella.")]
    assert doctor_table(findings).row_count == sum(1 + bool(finding.remedy) for finding in findings)
