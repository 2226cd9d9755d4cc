"""Copies are found under new names and comments; those who only wrote the same formula are not."""

import io
import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from autograder.cli.tables import similar_table
from autograder.course.assignment import Assignment
from autograder.handback.report.pairs import read_pairs
from autograder.handback.similar import Omission, Resemblance, Work, resemblance, similar_submissions, write
from autograder.handback.similar.normal import symbols, without_prose
from autograder.handback.similar.page import page
from tests.places import table
from tests.tool.disguises import DISGUISES, renamed
from tests.tool.graded_examples import small_course

GIVEN, FORMULA = table("tool/similar.toml").values()
FORMS = "({} + {}) * 2; {} - {}; {} / {} ** 3; [{}, {}]; [{} for {} in seen]; {} if {} else 0; -{} @ {}; {}[:{}]"


def own(number: int) -> str:
    """Some code of one's own: structurally another for every number."""
    rng = random.Random(number)

    def value(depth: int) -> str:
        return rng.choice(FORMS.split("; ")).format(value(depth - 1), value(depth - 1)) if depth else rng.choice("abxy")

    forms = ("total = {}", "total += {}", "seen.append({})", "if {}:\n            break")
    steps = [rng.choice(forms) for _ in range(10)]
    body = "\n        ".join(step.format(value(2)) for step in steps)
    return f"""# exercise: penalty
def penalty(values, weights):
    total, seen = {number}.0, []
    for value, weight in zip(values, weights):
        {body}
    return total, seen
"""


CLASS = [Work(f"student-{number:02d}", (f"{GIVEN}\n{FORMULA}", own(1000 + 997 * number))) for number in range(20)]


def named(found: Resemblance) -> list[set[str]]:
    return [{work.student for work in group} for group in found.groups] + [
        {pair.one.student, pair.other.student} for pair in found.pairs
    ]


@pytest.mark.parametrize("name", DISGUISES)
def test_a_copy_is_found_under_every_disguise_and_the_same_formula_is_none(name: str) -> None:
    cells = DISGUISES[name](CLASS[7].cells[1:])
    found = resemblance([*CLASS, Work("copycat", tuple(cells))], [GIVEN])
    assert found.compared == 21
    assert named(found) == [{"copycat", "student-07"}]
    assert all(pair.share > 0.6 for pair in found.pairs)


def test_what_is_shared_is_marked_on_both_sides() -> None:
    more = "class Other:\n    @property\n    def size(self):\n        return {key: len(text) for key, text in self}\n"
    copied = Work("copycat", (more, f"{renamed(CLASS[7].cells[1])}\nexec('y = 2')"))
    (pair,) = resemblance([*CLASS, copied], [GIVEN]).pairs
    for work, marked in ((pair.one, pair.one_lines), (pair.other, pair.other_lines)):
        lines = work.code.split("\n")
        start = next(at for at, line in enumerate(lines) if line.startswith("# exercise: penalty") or "# _" in line) + 1
        body = {at for at in range(start, len(lines)) if "exec" not in lines[at]}
        assert len(body & marked) >= 0.7 * len(body)
        assert not marked - body


def test_without_the_courses_code_taken_out_all_would_be_alike() -> None:
    pairs = [*CLASS[:3]]  # few enough that nothing is everybody's
    assert named(resemblance(pairs, [GIVEN, FORMULA])) == []
    assert len(named(resemblance(pairs))) == 3


def test_the_order_of_the_class_makes_no_difference() -> None:
    works = [*CLASS, Work("copycat", (renamed(CLASS[3].code), own(5)))]
    forth, back = resemblance(works, [GIVEN]), resemblance(works[::-1], [GIVEN])
    assert {frozenset(each) for each in named(forth)} == {frozenset(each) for each in named(back)}
    assert named(forth)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=400), max_size=4))
def test_any_code_is_compared(sources: list[str]) -> None:
    works = [Work(str(number), (source, own(number))) for number, source in enumerate(sources)]
    found = resemblance([*works, *works], [GIVEN])
    assert len(found.groups) == len(works)
    page(found, "hw1")


HOSTILE = "<script>alert(1)</script>"


def test_the_page_loads_and_runs_nothing() -> None:
    code = own(4242).replace("total, seen =", f'_ = "{HOSTILE}\u202e"; total, seen =')
    attack = Work(f'"><img src=x onerror="x">{HOSTILE}', (code,))
    copied = Work("copycat", (attack.code, own(31)))
    found = resemblance([*CLASS, attack, copied], [GIVEN], [Omission(HOSTILE, HOSTILE)])
    text = page(found, f"hw1{HOSTILE}")
    assert found.pairs
    assert "<script" not in text
    assert "<img" not in text
    assert "\u202e" not in text
    assert not re.search(r"(?:src|href)\s*=|url\(|@import", text.replace("&#34;", "").replace("src=x onerror", ""))
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def halves(code: str) -> list[str]:
    """A function in two cells."""
    lines = code.split("\n")
    return ["\n".join(lines[:7]), "\n".join(lines[7:])]


COPY = renamed(own(4321))
HANDED_IN: dict[str, bytes | list[tuple[str, str]] | None] = {
    "ada": [("code", own(4321))],
    "in other cells": [("code", f"A = True\n{part}") for part in halves(COPY)],
    "in text": [("markdown", f"What I think of it is\nnot easy to say.\n\n```python\n{COPY}```")],
    "as a script": COPY.encode(),
    "in ten thousand cells": [("code", line) for line in COPY.split("\n")] + [("code", "print(1)")] * 10_000,
    "behind megabytes": [("code", "#\n" * 40_000 + COPY), *[("code", "# x\n" * 400_000)] * 3],
    "cy": [("code", own(2222))],
    "dee": [],
    "eve": b"%PDF",
    "fay": [("code", "x = 1")],
    "gil": [("code", own(7)), ("code", "x += f(y[3])\n" * 20_000)],
    "hal": None,
}
NOT_COMPARED = {"dee": "No code but", "eve": "a PDF", "fay": "Too little"}
NOT_COMPARED |= {"gil": "first 100,000 tokens", "hal": "no file"}


def test_from_what_was_handed_in_to_page_report_and_terminal(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    assignment = Assignment.load(course, "hw1")
    for student, content in HANDED_IN.items():
        folder = course.submitted / student / "hw1"
        folder.mkdir(parents=True)
        if isinstance(content, bytes):
            (folder / ("hw1.py" if student == "as a script" else "hw1.ipynb")).write_bytes(content)
        elif content is not None:
            cells = [*assignment.release.cells, *({"cell_type": kind, "source": text} for kind, text in content)]
            (folder / "hw1.ipynb").write_text(json.dumps({"cells": cells}))
    found = similar_submissions(assignment)
    assert set().union(*named(found)) == set(list(HANDED_IN)[:6])
    assert all(pair.share > 0.8 for pair in found.pairs)
    path = write(found, course, "hw1")
    assert [(pair.similarity, pair.page) for pair in read_pairs(course, "hw1") or ()][:1] == [(1.0, path)]
    said = json.loads(path.with_suffix(".json").read_text())["not_compared"]
    assert {each["student"] for each in said} == set(NOT_COMPARED)
    console = Console(width=400, file=io.StringIO(), record=True)
    console.print(similar_table("hw1", found))
    terminal = console.export_text()
    for student, reason in NOT_COMPARED.items():
        assert [each["student"] for each in said if reason in each["reason"]] == [student]
        assert re.search(f"{student}.*{reason}", path.read_text(encoding="utf-8"))
        assert re.search(f"{student}: .*{reason}", terminal)


@pytest.mark.parametrize(("one", "other"), table("tool/tables.toml")["alike"])
def test_the_same_is_read_in_what_is_written_otherwise(one: str, other: str) -> None:
    assert symbols([one])[0] == symbols([other])[0] != []


@pytest.mark.parametrize(
    "head", ["if 1 == 1:\n  ", "while True: ", "if False:\n  x\n%time ", "if not 0:\n  ", "'''a'''; "]
)
def test_what_runs_is_read(head: str) -> None:
    assert symbols([f"{head}y[1](2)"])[0][-5:] == ["N", "[", "0", "]", "0"]


def test_prose_is_not_code_and_code_is_not_prose() -> None:
    code = "x = [each for each in seen if each is not None]  # those that are there"
    prose = "The mean of it\nis not, as I think, so."
    assert without_prose(f"{prose}\n\n{code}\n\n{prose}") == f"\n\n\n{code}\n\n\n"
    assert symbols(["f('the mean of all that is there')"])[0] == ["N", "S"]


LONG = ["  \n", "#\n", "x ", "x=1;", "'''\\'''", "'''", '\\"', "\\\n", "(", "if False: ", "x:"]
LONG += ["'y=f(1) '", "%a\n", "9", "a b\n\n"]


@pytest.mark.parametrize("text", LONG)
def test_no_text_is_too_long(text: str) -> None:
    """A pass that took quadratic time would last for hours here."""
    hidden = Work("ada", (text * (3_000_000 // len(text)), own(3)))
    found = resemblance([hidden, Work("bo", (own(3),)), *CLASS], [GIVEN])
    assert "ada" in {each.student for each in found.omissions} or {"ada", "bo"} in named(found)


@pytest.mark.parametrize("works", [[], [Work("ada", ())], [Work("ada", ("x = 1",))]])
def test_too_little_to_compare(works: list[Work]) -> None:
    found = resemblance(works, [GIVEN])
    assert (found.compared, found.groups, found.pairs) == (0, (), ())
    assert "None." in page(found, "hw1")
