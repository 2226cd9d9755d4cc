"""The red team's corpus: hostile submissions, graded for real, achieve nothing; and what they try would be noticed."""

import base64
from collections import Counter
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.course.assignment import Assignment
from autograder.grading.grade import grade_submission
from autograder.sandbox import Sandbox
from tests.places import ROOT, table
from tests.redteam import ATTACKS, Aim, pages
from tests.redteam.canaries import Canaries, letters
from tests.redteam.corpus import ALL, BREACH, Work
from tests.redteam.trial import BATCH, LIMITS, run, short_course
from tests.tool.sandboxes import setup

pytestmark = pytest.mark.heavy


def test_the_corpus_is_large_and_covers_every_theme_and_aim() -> None:
    assert len(ATTACKS) >= 80
    assert len({attack.student for attack in ATTACKS}) == len(ATTACKS)
    assert {attack.theme for attack in ATTACKS} == {"metadata", "interpreter", "lying", "system", "reader"}
    assert {attack.aim for attack in ATTACKS} == set(Aim)
    assert sum(attack.hurts == ALL for attack in ATTACKS) < len(ATTACKS) / 5
    assert all(attack.about for attack in ATTACKS)
    page = (ROOT / "benchmarks" / "README.md").read_text()
    for theme, count in Counter(attack.theme for attack in ATTACKS).items():
        assert f"| {theme} | {count} | 0 |" in page
    assert f"Of {len(ATTACKS)} hostile submissions" in (ROOT / "README.md").read_text()


def test_no_attack_achieves_anything(tmp_path: Path) -> None:
    """One test for many: they share a sandbox, a machine to harm, and honest submissions among them.

    A twelfth of them, since most last until a limit stops them; ``make redteam`` runs them all.
    """
    attacks = ATTACKS[::12]
    trial = run(attacks, ROOT, tmp_path)
    assert len(trial.findings) == len(attacks)
    assert {each.attack.name: each.successes for each in trial.findings if each.successes} == {}
    assert [each.attack.name for each in trial.findings if each.score > each.honest] == []
    assert (trial.leaks, trial.outside, trial.wronged) == ((), (), ())
    assert trial.bystanders > len(attacks) / BATCH


def test_without_the_sandbox_the_same_attacks_succeed(tmp_path: Path) -> None:
    """The corpus is no straw man: the judges of it see what gets out where nothing holds it back."""
    course = short_course(ROOT, tmp_path / "course")
    assignment = Assignment.load(course, "hw14")
    with Canaries(tmp_path, course).planted() as canaries, Sandbox(setup("hw14", LIMITS), confined=False) as sandbox:
        for name in ("environment", "read-everything"):
            work = Work.of(assignment)
            next(each for each in ATTACKS if each.name == name).make(work)
            last = work.notebook.cells[-1]  # of the real machine only the canaries' folder is walked
            last.source = last.source.replace("os.walk('/')", f"os.walk({str(tmp_path)!r})")
            outputs = str(grade_submission(work.bytes(), assignment, "eve", sandbox).notebook).encode()
            assert canaries.leaked(outputs) or BREACH.encode() in outputs, name


def test_secrets_are_recognised_in_other_spellings(tmp_path: Path) -> None:
    canaries = Canaries(tmp_path, short_course(ROOT, tmp_path / "course"))
    token = canaries._token("a place")
    for spelt in (token, token[::-1], token.encode().hex(), base64.b64encode(f"x{token}".encode()).decode()):
        assert canaries.leaked(f"… {spelt} …".encode()) == ["a place"]
    assert canaries.leaked(b"CANARY-0000") == []
    assert letters("0af9") == "akpj"


@pytest.mark.parametrize("page", [*table("tool/hostile.toml")["added"], "\x1b[2J", "\u202e"])
def test_what_a_page_would_do_is_recognised(page: str) -> None:
    honest = "<html><p id=one>x</p><a href='https://example.org'>y</a></html>"
    assert pages.added(honest, honest) == []
    assert pages.added(honest + page, honest)


def test_what_a_formula_of_a_page_or_a_spreadsheet_would_do_is_recognised() -> None:
    shown = [
        new_markdown_cell(r"so $\Rule{1em}{1em}{1em}$"),
        new_code_cell(outputs=[new_output("display_data", {"text/latex": r"$\color{red}{x}$"})]),
    ]
    assert pages.painted(new_notebook(cells=shown)) == [r"formula \Rule", r"formula \color"]
    assert pages.painted(new_notebook(cells=[new_markdown_cell(r"so $x$, `$\Rule$`")])) == []
    assert pages.formulas("name,score\n=1+1,-3.5\n'=1,40") == ["formula '=1+1'"]
