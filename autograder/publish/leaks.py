"""What must never reach students, looked for in what is about to be published."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.course.course import SEED_FILE, Course
from autograder.course.quiz import CHOICE, Quiz
from autograder.course.source import CRITERION

_BLOCK = re.compile(r"^(# )?[ \t]*### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL | re.MULTILINE)
_GRADER = re.compile(r"^(?:from|import) autograder\b", re.MULTILINE)
_MARKS = ("### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN HIDDEN TESTS", "=== BEGIN MARK SCHEME ===")
_TELLING = 60
"""Characters, without white space, from which on a piece of a solution is no coincidence."""
_SEED = 12
"""Characters from which on a seed is looked for: a short one is in every text."""


def leaks(course: Course, files: Mapping[str, bytes]) -> list[str]:
    """What files to be published hold of solutions, quiz keys, the seed or the graders, one sentence each."""
    texts = {path: _text(path, data) for path, data in files.items()}
    pieces = [(path.name, piece) for path in sorted(course.solutions.glob("*/*.py")) for piece in _secret(path)]
    reasons = [(name, why) for name, why in _reasons(course) if len(why) > _TELLING // 2]
    found = [f"{path} holds the course's seed." for path, data in files.items() if _seed(course) in data]
    for path, text in texts.items():
        lines = _joined(text)
        found += [f"{path} holds the mark {mark!r}." for mark in _MARKS if mark in text]
        found += [f"{path} holds a piece of {name}: {piece!r}" for name, piece in pieces if piece in lines]
        found += [f"{path} holds a reason of {name}: {why!r}" for name, why in reasons if why in text]
        found += [f"{path} imports autograder."] * bool(_GRADER.search(lines))
        ticks = [tick[0] for tick in CHOICE.finditer(text) if "True" in tick[0]]
        found += [f"{path} holds an option that is ticked: {tick}" for tick in ticks]
    return found


def _text(path: str, data: bytes) -> str:
    """What a file says to its readers: of a notebook its sources and outputs, of any other file what is text in it."""
    return "\n".join(_strings(json.loads(data))) if path.endswith(".ipynb") else data.decode("utf-8", "replace")


def _strings(value: Any) -> Iterator[str]:
    """All texts in what was JSON; a list of lines is one text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        yield "".join(value)
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _joined(text: str) -> str:
    """The lines of a text that say something, without the white space around them."""
    return "\n".join(line for raw in text.splitlines() if (line := raw.strip()))


def _secret(path: Path) -> list[str]:
    """The pieces of a source's solutions that stand nowhere else in it: some exercises are to mend what is given."""
    source = path.read_text(encoding="utf-8")
    given = _joined(_BLOCK.sub("", source).replace("\n# ", "\n"))
    found = [re.sub("^# ?", "", block, flags=re.MULTILINE) if text else block for text, block in _BLOCK.findall(source)]
    return [piece for block in found for piece in _pieces(block) if piece not in given]


def _pieces(block: str) -> Iterator[str]:
    """Neighbouring lines that nobody writes by chance, as ``_joined`` has them, or one of a rubric; no comments."""
    lines = [line for raw in block.splitlines() if (line := raw.strip()) and not line.startswith("#")]
    for start in range(len(lines)):
        for end in range(start + 1, len(lines) + 1):
            piece = "\n".join(lines[start:end])
            if len("".join(piece.split())) >= _TELLING or CRITERION.match(piece):
                yield piece
                break


def _reasons(course: Course) -> Iterator[tuple[str, str]]:
    """Why each option of each quiz is right or wrong, with the name of the file that says so."""
    for name in course.assignments:
        path = course.quiz_file(name)
        for question in Quiz.load(path).questions if path else ():
            for option in question.options:
                yield f"{name}/quiz.toml", option.why


def _seed(course: Course) -> bytes:
    """The course's seed, if it has one already and it is none that stands anywhere by chance; looking makes none."""
    path = course.root / SEED_FILE
    text = os.environ.get("AUTOGRADER_SEED", "") or (path.read_text(encoding="utf-8") if path.is_file() else "")
    seed = text.strip().encode()
    return seed if len(seed) >= _SEED else b"\0no seed\0"
