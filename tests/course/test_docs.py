"""The documents: every topic has its place, every link leads somewhere, every source is in the bibliography."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

from autograder.course.assignment import Assignment
from autograder.course.lecture import lecture_notebook
from tests.places import COURSE, ROOT

DOCUMENTS = sorted((ROOT / "docs").glob("*.md"))
LITTLE_WORDS = set("about against beside drawn each from real that their what where which with".split())
ARXIV = re.compile(r"arXiv:\s*(\d{4}\.\d{4,5})")
YEAR = re.compile(r"\b(?:19\d\d|20[0-2]\d)\b(?!\.\d)")
DOI = re.compile(r"\b10\.\d{4,9}/[^\s)>\]]*[^\s)>\],.;:]")


class Topic(NamedTuple):
    """A row of docs/topics.md."""

    text: str
    section: str
    lecture: str
    anchor: str
    exercises: str


MAP = (ROOT / "docs" / "topics.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (.+) \| \[(.+)\]\(\.\./lectures/(\w+)\.ipynb#(.+?)\) \| (.*)\|$", re.MULTILINE)
TOPICS = [Topic(*row) for row in ROW.findall(MAP)]


@cache
def sections(lecture: str) -> dict[str, str]:
    """What is said below each heading of a lecture, subsections included, in small letters and without marks."""
    text = "\n".join(cell.source for cell in lecture_notebook(COURSE, lecture).cells)
    headings = [*re.finditer(r"^(##+) (.+)$", text, re.MULTILINE)]
    found = {}
    for number, heading in enumerate(headings):
        ends = [each.start() for each in headings[number + 1 :] if len(each[1]) <= len(heading[1])]
        found[heading[2]] = re.sub(r"[*`]", "", text[heading.start() : min(ends, default=len(text))]).lower()
    return found


def test_every_row_of_the_map_is_a_topic() -> None:
    assert len(TOPICS) == MAP.count("\n| ") - MAP.count("| topic |")


@pytest.mark.parametrize("lecture", COURSE.lectures)
def test_every_topic_of_a_lecture_has_its_place(lecture: str) -> None:
    rows = [topic for topic in TOPICS if topic.lecture == lecture]
    assert len(rows) >= 7
    assert {row.section for row in rows} <= set(sections(lecture))
    for row in rows:
        assert row.anchor == re.sub(r"[^\w\- ]", "", row.section.lower()).replace(" ", "-")
    units = {entry.unit: name for name, entry in COURSE.entries.items()}
    known = {name for name, _ in Assignment.load(COURSE, units[lecture]).exercises} if lecture in units else set()
    told = {exercise for row in rows for exercise in re.findall(r"`([\w-]+)`", row.exercises)}
    assert told == {each for each in known if "quiz" not in each}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: f"{topic.lecture}: {topic.text}")
def test_a_topic_s_place_says_its_words(topic: Topic) -> None:
    words = set(re.findall(r"[^\W_]{4,}", topic.text.lower())) - LITTLE_WORDS
    unsaid = [word for word in words if word[:5] not in sections(topic.lecture)[topic.section]]
    assert unsaid == [], f"not said under {topic.section!r}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(document: Path) -> None:
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for path in re.findall(r"\]\((?![a-z]+:)([^)\s#]+)", text):
        assert (document.parent / path).exists(), path


def test_every_command_of_the_guide_is_one() -> None:
    from autograder.cli.main import GROUPS, STEPS

    groups = [import_module(f"autograder.cli.{group}").app for group in GROUPS]
    commands = {each.name or each.callback.__name__ for group in groups for each in group.registered_commands}
    assert commands == {name for names in STEPS.values() for name in names}
    text = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
    named = set(re.findall(r"autograder ([a-z-]+)\b", text)) - {"and"}
    assert len(named) > 9
    assert named <= commands


TEXTS = [*COURSE.lecture_directory.glob("*.py"), *COURSE.solutions.iterdir()]
TEXTS += [path for name in ("lifelong", "autograder") for path in (ROOT / name).rglob("*.py")]
BIBLIOGRAPHY = (ROOT / "docs" / "bibliography.md").read_text(encoding="utf-8")
FACTS = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
WORKS = [line[2:] for line in BIBLIOGRAPHY.splitlines() if line.startswith("* ")]


def test_every_identifier_of_the_course_and_every_year_of_a_lecture_has_a_source() -> None:
    texts = [path.read_text(encoding="utf-8") for path in TEXTS if path.is_file()]
    named = {each for text in texts for pattern in (ARXIV, DOI) for each in pattern.findall(text)}
    assert len(named) > 10
    assert {each for each in named if each not in BIBLIOGRAPHY} == set()
    years = {year for path in COURSE.lecture_directory.glob("*.py") for year in YEAR.findall(path.read_text())}
    assert years - set(YEAR.findall(BIBLIOGRAPHY + FACTS)) == set()


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work[:40])
def test_a_work_is_used_where_the_bibliography_says(work: str) -> None:
    reference, _, places = work.rpartition(" — ")
    author = re.search(r"[^\W\d_]{2,}", reference)
    assert author
    lectures = [name for name in COURSE.lectures if re.search(rf"\b{name}\b", places)]
    files = [COURSE.lecture_directory / f"{name}.py" for name in lectures]
    files += [ROOT / path for path in re.findall(r"`([\w/.]+)`", places)]
    assert files or "all units" in places
    for path in files:
        assert author[0] in path.read_text(encoding="utf-8"), f"{author[0]} is not named in {path.name}"
