"""The threat model, and the term beside other graders, name tests: each exists, and the figures are the code's."""

import re
from pathlib import Path

import pytest

from autograder.doctor import Standing
from autograder.doctor.machine import LEAST_DISK_MB, LEAST_MEMORY_MB, OLDEST_BUBBLEWRAP, OLDEST_KERNEL
from autograder.doctor.trial import second_wall
from autograder.sandbox import Limits
from autograder.sandbox.inside.monitor import PERIOD

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "threat-model.md").read_text()
BESIDE = (TESTS.parent / "docs" / "beside-others.md").read_text().split("# A term beside other graders")[1]
NAMED = sorted(set(re.findall(r"`(test_\w+\.py)::(\w+)`", PAGE + BESIDE)))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_named_test_exists(file: str, test: str) -> None:
    assert f"\ndef {test}(" in next(TESTS.rglob(file)).read_text()


def test_every_promise_names_a_test_or_a_command() -> None:
    sections = PAGE.split("## Promises")[1].split("## Not promised")[0]
    rows = [line for line in sections.splitlines() if line.startswith("| ") and "shown by" not in line]
    assert len(rows) >= 20
    assert all("::test_" in row.rsplit("|", 2)[1] for row in rows)
    ours = [row.split(" | ")[1] for row in BESIDE.split("\n\n")[2].splitlines()[2:]]
    assert len(ours) >= 12
    assert all("::test_" in cell for cell in ours)


def test_the_figures_are_the_codes() -> None:
    assert f"Linux {OLDEST_KERNEL[0]}.{OLDEST_KERNEL[1]} or newer" in PAGE
    assert f"bubblewrap {OLDEST_BUBBLEWRAP[0]}.{OLDEST_BUBBLEWRAP[1]} or newer" in PAGE
    assert f"{LEAST_MEMORY_MB >> 10} GiB of free memory" in PAGE
    assert f"{Limits().total_memory_mb >> 10} GiB for each submission" in PAGE
    assert f"{LEAST_DISK_MB} MiB of free disk" in PAGE
    assert (Limits().submission_seconds, PERIOD) == (180.0, 0.25)  # "about three minutes", "four times a second"


@pytest.mark.parametrize("shared", [False, True])
def test_the_doctor_says_what_the_page_says_of_the_second_wall(shared: bool) -> None:
    table = PAGE.split("| for an ordinary user |\n")[1].split("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[1:]]
    cells = {row[0]: row[2] if row[3].startswith("the same") or not shared else row[3] for row in rows}
    found = {each.promise: each.standing for each in second_wall([], shared)[:-1]}
    assert found == {row: Standing(cell.split(":")[0].replace("weaker", "weak")) for row, cell in cells.items()}
