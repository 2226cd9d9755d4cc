"""hw14 in traditional Chinese: whatever its students read has a translation, and marks know nothing of languages."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.course.assignment import Assignment
from autograder.course.catalogue import Catalogue, catalogue
from autograder.judging.judge import judge
from autograder.judging.relations import CHANGES
from autograder.render.verdict import CLOSED_QUIZ, WORDS
from autograder.verify.bank import samples
from tests.course.bank_reference import BY_ID, COURSE, JUDGES, POINTS, ask, namespace
from tests.places import ROOT

SAY = catalogue(replace(COURSE, language="zh_TW"), "hw14")
BANK = samples(Assignment.load(COURSE, "hw14"))
SAYING = "judging/compare judging/diagnosis judging/suspects judging/verdict grading/remarks ingest/match"
"""Modules of the tool whose sentences are all for students."""


def english(text: str, say: Catalogue = SAY) -> list[str]:
    """What of a text stays English, three words in a row, but for code and what Python says of an error."""
    return re.findall(r"[a-z]{2,}(?:,? [a-z]{2,}){2,}", re.sub(r"`[^`]*`|引發了 \w+：[^；]*", "", say(text)))


def sentences(node: ast.AST) -> Iterator[str]:
    """The sentences in a tree, with [7] where a value stands; no docstrings."""
    if isinstance(node, ast.JoinedStr):
        text = "".join(str(each.value) if isinstance(each, ast.Constant) else "[7]" for each in node.values)
        yield from [text] if text.endswith(".") else ()
    elif isinstance(node, ast.Constant):
        yield from [str(node.value)] if str(node.value).endswith(".") else ()
    elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        for each in ast.iter_child_nodes(node):
            yield from sentences(each)


def test_every_title_and_every_known_mistake_is_translated() -> None:
    for exercise in JUDGES["hw14"].values():
        told = [*(check.title for check in exercise.checks), *(mistake.message for mistake in exercise.mistakes)]
        assert [text for text in told if SAY(text) == text or english(text)] == []


@pytest.mark.parametrize(
    "path",
    [*COURSE.judges("hw14").glob("*.py"), *(ROOT / "autograder" / f"{each}.py" for each in SAYING.split())],
    ids=lambda path: path.stem,
)
def test_every_sentence_in_the_code_of_judges_is_translated(path: Path) -> None:
    told = sentences(ast.parse(path.read_text(encoding="utf-8")))
    assert [text for text in told if english(text) and english(f"your answer {text}")] == []


def test_every_relation_to_the_right_answer_is_translated() -> None:
    assert [words for words in CHANGES if english(f"your answer {words}.")] == []


def test_all_that_the_feedback_page_says_itself_is_translated() -> None:
    page = (ROOT / "autograder" / "templates" / "feedback.html.j2").read_text(encoding="utf-8")
    said = [*re.findall(r'say\("(.+?)"[ )]', page), *(words for _, words in WORDS.values()), CLOSED_QUIZ]
    said += [re.sub(r"\{\{.+?\}\}", "7", text) for text in re.findall(r"filter say %\}(.+?)\{% endfilter", page)]
    assert [text for text in said if SAY(text) == text] == []
    assert len(said) > 30


@pytest.mark.heavy
@pytest.mark.parametrize("exercise", JUDGES["hw14"])
def test_no_english_is_left_of_what_the_bank_is_told(exercise: str) -> None:
    cases = BY_ID[exercise].draw(np.random.default_rng(0))
    for sample in (each for each in BANK if each.exercise == exercise):
        replies = ask(BY_ID[exercise], namespace("hw14", {exercise: sample.source}), cases)
        for public in (False, True):
            told = judge(BY_ID[exercise], cases, replies, POINTS, public=public)
            assert [text for text in told.messages if english(text)] == [], sample.name
