"""Write docs/topics.md: every topic of the slide decks and its place, from the tables in lectures/README.md.

python -m docs.topics
"""

import re
from dataclasses import dataclass
from pathlib import Path

from autograder.course.course import Course

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "topics.md"
SECTION = re.compile(r"^## (?P<name>\w+): where each topic is$(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)

HEAD = """# Where each topic of the slides is

Every topic of the five slide decks, deck by deck: in which section of a lecture it is told, in which exercise it is
done. What the decks have beside their subject is told on the three reading pages at the end. The quizzes of hw14 and
framework_history ask about all of their decks.

This page is written by `python -m docs.topics` from the tables in [lectures/README.md](../lectures/README.md); change
them there. A test holds every place to exist.
"""


@dataclass(frozen=True)
class Topic:
    """One topic and its place.

    Attributes:
        lecture: the lecture's or reading page's name.
        text: the topic in words.
        section: the heading under which it is told.
        exercises: the exercises in which it is done.
    """

    lecture: str
    text: str
    section: str
    exercises: tuple[str, ...]


def topics(text: str) -> list[Topic]:
    """The rows of all tables in lectures/README.md, in their order."""
    found = []
    for section in SECTION.finditer(text):
        lines = [line for line in section["text"].splitlines() if line.startswith("| ")][1:]
        for line in lines:
            topic, place, exercises = (cell.strip() for cell in re.split(r" ?\|(?= |$)", line.strip().strip("|")))
            found.append(Topic(section["name"], topic, place, tuple(re.findall(r"`([\w-]+)`", exercises))))
    return found


def anchor(heading: str) -> str:
    """A heading's address within its page, as GitHub forms it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def page(course: Course) -> str:
    """The text of docs/topics.md."""
    homework = {entry.unit: name for name, entry in course.entries.items()}
    rows = topics((course.lecture_directory / "README.md").read_text(encoding="utf-8"))
    parts = [HEAD]
    for lecture in dict.fromkeys(row.lecture for row in rows):
        kind = "reading page" if lecture.startswith("reading_") else "lecture"
        parts.append(f"\n## {lecture}\n\n| topic | {kind} | exercise |\n|---|---|---|\n")
        for row in (row for row in rows if row.lecture == lecture):
            place = f"[{row.section}](../lectures/{lecture}.ipynb#{anchor(row.section)})"
            name = homework.get(lecture)
            exercises = ", ".join(f"[`{each}`](../assignments/{name}/{name}.ipynb)" for each in row.exercises)
            parts.append(f"| {row.text} | {place} | {exercises} |\n".replace("|  |", "| |"))
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(Course.at(ROOT)), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
