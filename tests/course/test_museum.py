"""The museum: the lecture's cells for real libraries run where those are installed, and show a recorded run where they are not."""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from lectures.museum.command import Exhibit, exhibits, furnish, room, shared_requirements, shown, table
from lifelong.eras.museum import here, recordings
from lifelong.eras.problem import Ledger
from tests.places import COURSE
from tests.processes import command

pytestmark = pytest.mark.heavy

EXHIBITS = exhibits(COURSE)
ROOMS = COURSE.root / "build" / "museum"
"""Where `autograder museum` has made rooms, if it ever ran here."""
HERE = [exhibit for exhibit in EXHIBITS if find_spec(exhibit.module.split(".")[0])]
AWAY = [exhibit for exhibit in EXHIBITS if exhibit not in HERE]
SINGLE = {"dynet"}  # computes in float32 only


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger()


def python_for(exhibit: Exhibit) -> Path | None:
    """An interpreter that has an exhibit's library: this one, or that of its room."""
    if exhibit in HERE:
        return Path(sys.executable)
    python = room(exhibit, ROOMS) / "bin" / "python"
    return python if (room(exhibit, ROOMS) / "ready.txt").is_file() else None


@pytest.mark.parametrize("exhibit", [exhibit for exhibit in EXHIBITS if python_for(exhibit)], ids=lambda it: it.module)
def test_a_library_that_is_installed_ends_at_pytorchs_numbers(exhibit: Exhibit, ledger: Ledger) -> None:
    python = python_for(exhibit)
    assert python is not None
    finding = shown(exhibit, python, ledger)
    assert finding.run, finding.note
    assert max(finding.run.line, finding.run.net) < (1e-3 if exhibit.module in SINGLE else 1e-6)


def test_pytorchs_own_exhibit_is_always_here() -> None:
    assert "torch" in {exhibit.module for exhibit in HERE}


def test_every_exhibit_is_recorded_beside_the_cell_that_was_run() -> None:
    recorded = {module: run.source for module, run in recordings().items()}
    assert recorded == {exhibit.module: exhibit.fingerprint for exhibit in EXHIBITS}, "autograder museum --record"


def test_the_cells_of_absent_libraries_show_what_is_recorded_and_do_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for exhibit in AWAY:
        exec(compile(exhibit.source, "exhibit", "exec"), {"here": here})  # without a ledger, any work would fail
        said, run = capsys.readouterr().out, recordings()[exhibit.module]
        assert said.startswith(f"Not installed here. Recorded on {run.date}, {exhibit.module} {run.version}, Python ")
        assert all(line in said for line in run.said.splitlines())


def test_the_extra_holds_what_the_shared_exhibits_import() -> None:
    packages = {"ignite": "pytorch-ignite", "tensorflow": "tensorflow-cpu"}
    wanted = {packages.get(name, name) for name in (each.module.split(".")[0] for each in EXHIBITS if not each.alone)}
    assert wanted - {"torch"} <= {requirement.split(";")[0] for requirement in shared_requirements(COURSE)}


def test_wrong_numbers_and_failures_are_told(ledger: Ledger) -> None:
    wrong = "ledger.enter('Wrong', [w + 1 for w in line_weights], [w * float('nan') for w in net_weights])"
    finding = shown(Exhibit("json", (), wrong), Path(sys.executable), ledger)
    assert finding.run
    assert finding.run.line == pytest.approx(1)
    assert finding.run.net == float("inf")
    failed = shown(Exhibit("json", (), "1 / 0"), Path(sys.executable), ledger)
    assert (failed.run, failed.note) == (None, "ZeroDivisionError: division by zero")
    assert len(table([finding, failed]).rows) == 2


def test_a_room_that_cannot_be_furnished_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # no network is asked
    python, trouble = furnish(tmp_path / "room", ["cntk"], beside=True)
    assert "No matching distribution found for cntk" in trouble
    assert python.is_file()
    assert not (tmp_path / "room" / "ready.txt").exists()


def test_the_command_knows_what_the_museum_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    command(COURSE.root, "museum", "nonsense", "--rooms", str(tmp_path), status=1)
    said = command(COURSE.root, "museum", "CNTK", "--rooms", str(tmp_path))
    assert "No matching distribution found for cntk" in " ".join(said.split())
