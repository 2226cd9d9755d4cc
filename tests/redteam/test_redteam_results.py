"""What is published about the red team is what its runs wrote down."""

from collections import Counter

import matplotlib.colors
import pytest

from benchmarks.redteam import GRADERS, ROOT, count, results
from benchmarks.redteam_figure import RED, figure
from tests.redteam import ATTACKS

COUNTS = {grader: count(results(grader)) for grader in GRADERS}


@pytest.mark.parametrize("grader", GRADERS)
def test_results_are_of_attacks_that_exist(grader: str) -> None:
    assert set(results(grader)) <= {attack.name for attack in ATTACKS}


def test_nothing_dangerous_was_run_outside_the_sandbox() -> None:
    dangerous = {attack.name for attack in ATTACKS if attack.dangerous}
    assert dangerous
    assert not dangerous & (results("nbgrader").keys() | results("otter").keys())


def test_no_attack_succeeds_here() -> None:
    assert [name for name, each in results("course").items() if each["successes"]] == []


def test_the_page_says_what_the_results_say() -> None:
    text = (ROOT / "benchmarks" / "README.md").read_text().split("## The red team")[1].split("\n## ")[0]
    for theme in COUNTS["course"]:
        shares = [_share(COUNTS[grader][theme]) for grader in GRADERS]
        assert " | ".join(shares) in next(line for line in text.splitlines() if line.startswith(f"| {theme}"))
    totals = [_share(sum(COUNTS[grader].values(), Counter())) for grader in GRADERS]
    assert " | ".join(totals) in next(line for line in text.splitlines() if line.startswith("| all"))


def _share(found: Counter[str]) -> str:
    return f"{found['succeed']} of {found['succeed'] + found['fail']}"


def test_a_bar_is_as_long_as_the_attacks_that_succeed() -> None:
    theme = {"succeed": 3, "fail": 4, "not run": 2}
    drawing = figure({name: {"reader": Counter(theme)} for name in ("a", "b", "c")})
    axes = drawing.axes[0]
    colours = {matplotlib.colors.to_hex(bar.get_facecolor()): bar.get_width() for bar in axes.patches}
    assert colours[RED.lower()] == 3
    assert {text.get_text() for text in axes.texts} == {"3 of 7"}
    assert "a: 3 succeed of 7 run" in {text.get_text() for text in drawing.legends[0].get_texts()}
