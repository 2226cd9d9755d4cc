"""hw14 in traditional Chinese: whatever its students read has a translation, and marks know nothing of languages."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder.course.assignment import Assignment
from autograder.course.catalogue import Catalogue, catalogue
from autograder.course.source import grade_id
from autograder.handback.feedback import page
from autograder.ingest import ingest
from autograder.judging.failures import CRASHES
from autograder.judging.judge import judge
from autograder.judging.relations import CHANGES
from autograder.render.verdict import CLOSED_QUIZ, WORDS
from autograder.verify.bank import samples
from lifelong.checks import CheckFailed, outcome
from lifelong.checks.progress import table
from tests.course.bank_reference import BY_ID, COURSE, JUDGES, POINTS, ask, namespace
from tests.places import ROOT

HW14, CHECKS = Assignment.load(COURSE, "hw14"), ROOT / "lifelong" / "checks"
GRADER = catalogue("zh_TW", COURSE.solutions / "hw14")
PACKAGE = Catalogue("zh_TW", ROOT / "lifelong" / "locale" / "zh_TW.po")
OWN = "permutation metrics penalty ewc mas si rwalk scp expect importances walks quiz outcomes hints"
TOOL = "judging/compare judging/complaint judging/diagnosis judging/failures judging/suspects judging/verdict grading/remarks ingest/match"
MODULES = [
    *COURSE.judges("hw14").glob("*.py"),
    *(CHECKS / f"{each}.py" for each in OWN.split()),
    *(ROOT / "autograder" / f"{each}.py" for each in TOOL.split()),
]
"""Whose sentences are all for students of hw14."""


def english(text: str, say: Catalogue) -> list[str]:
    """What stays English, three words in a row, but for code and what Python says of an error."""
    told = re.sub(r"`[^`]*`|\(model[\w, ]*\)|(引發了|因) \w+(：| 而中斷)[^；]*", "", say(text))
    return re.findall(r"[a-z]{2,}(?:,? [a-z]{2,}){2,}", told)


def test_all_that_stands_in_tables_and_on_the_page_is_translated() -> None:
    template = (ROOT / "autograder" / "templates" / "feedback.html.j2").read_text(encoding="utf-8")
    told = [*re.findall(r'say\("(.+?)"[ )]', template), *(words for _, words in WORDS.values()), CLOSED_QUIZ]
    told += [re.sub(r"\{\{.+?\}\}", "7", each) for each in re.findall(r"filter say %\}(.+?)\{%", template)]
    told += [cell.source for cell in HW14.release.cells if cell.cell_type != "code"]
    told += [f"your answer {words}." for words in CHANGES] + [row["says"] for row in CRASHES.values()]
    for exercise in JUDGES["hw14"].values():
        told += [*(check.title for check in exercise.checks), *(mistake.message for mistake in exercise.mistakes)]
    tables = ("known", "hints", "walks")
    own, hints, walks = (tomllib.loads((CHECKS / f"{each}.toml").read_text(encoding="utf-8")) for each in tables)
    helped = [text for exercise in set(JUDGES["hw14"]) & own.keys() for case in own[exercise].values() for text in case]
    helped += [text for exercise in set(JUDGES["hw14"]) & hints.keys() for text in hints[exercise]]
    helped += [text for rows in walks.values() for row in rows for *_, text in row.get("known", ())]
    assert [text for text in told if GRADER(text) == text] + [text for text in helped if PACKAGE(text) == text] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_sentence_in_the_code_is_translated(path: Path) -> None:
    sentences = re.findall(r'(?<!")"([^"\n]*\.)"(?!")', path.read_text(encoding="utf-8"))
    told = [f"[7] {re.sub(r'{[^{}]*}', '[7]', each)}" for each in sentences]
    assert [text for text in told if english(text, PACKAGE if path.is_relative_to(CHECKS) else GRADER)] == []


@pytest.mark.heavy
@pytest.mark.parametrize("exercise", JUDGES["hw14"])
def test_no_english_is_left_of_what_the_bank_is_told(exercise: str) -> None:
    cases = BY_ID[exercise].draw(np.random.default_rng(0))
    for sample in (each for each in samples(HW14) if each.exercise == exercise):
        names = namespace("hw14", {exercise: sample.source})
        told = judge(BY_ID[exercise], cases, ask(BY_ID[exercise], names, cases), POINTS, public=True).messages
        assert [text for text in told if english(text, GRADER)] == [], sample.name
        try:
            helped = outcome(names, exercise)
        except (CheckFailed, NotImplementedError) as said:
            helped = str(said)
        assert english(helped, PACKAGE) == [], sample.name


def test_where_students_choose_no_english_is_left_of_what_is_beyond_full_marks() -> None:
    grades = {"student": "ada", "assignment": "hw14", "score": 24.0, "max_score": 24.0}
    grades |= {"beyond": 2.5, "late_penalty": 1.0}
    told = page(nbformat.v4.new_notebook(), grades, quiz_open=True, say=GRADER)
    assert "2.5" in told
    assert english(re.sub(r"<[^>]*>", " ", told.partition("<main>")[2]), GRADER) == []
    assert english(table({"EXERCISES": {"ewc": 2.0}, "ENOUGH": 1.0})[1], PACKAGE) == []


def test_a_check_speaks_the_language_that_a_cell_names() -> None:
    cells = [
        "# language: zh_TW\nfrom lifelong import check, hint",
        "permute = None",
        'hint("ewc")',
        'check("permutation")',
    ]
    run = f"from IPython.core.interactiveshell import InteractiveShell as S\nfor cell in {cells}: S.instance().run_cell(cell, True)"
    said = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert "提示 1/3" in said
    assert "而中斷" in said


def test_a_translated_notebook_that_is_handed_in_is_read_as_the_released_one() -> None:
    read = []
    for language in ("", ".zh_TW"):
        notebook = nbformat.read(COURSE.release_path("hw14").with_suffix(f"{language}.ipynb"), as_version=4)
        for cell in notebook.cells:
            cell.source = HW14.solved.get(grade_id(cell), cell.source)
        read.append(ingest(nbformat.writes(notebook).encode(), HW14))
    assert read[0] == read[1]
    assert read[1].repairs == []
