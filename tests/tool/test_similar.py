"""Copies are found under new names and comments; those who only wrote the same formula are not."""

import copy
import json
import random
import re
import time
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.handback.report.pairs import read_pairs
from autograder.cli.tables import similar_table
from autograder.handback.similar import Omission, Resemblance, Work, resemblance, similar_submissions, write
from autograder.handback.similar.page import page
from tests.tool.disguises import DISGUISES, renamed
from tests.tool.graded_examples import small_course

GIVEN = '''class Trainer:
    """What the course gives: nobody's own."""

    def __init__(self, model, rate=0.1, epochs=10):
        self.model, self.rate, self.epochs = model, rate, epochs

    def fit(self, batches):
        for epoch in range(self.epochs):
            for images, labels in batches:
                loss = self.model(images, labels)
                self.model.step(self.rate * loss)
        return self.model
'''
FORMULA = """# exercise: accuracy
def accuracy(predictions, labels):
    right = (predictions == labels).sum()
    return right / len(labels)
"""


FORMS = ("({} + {}) * 2", "{} - {}", "{} / {} ** 3", "[{}, {}]", "[{} for {} in seen]", "{} if {} else 0", "-{} @ {}", "{}[:{}]")


def own(number: int) -> str:
    """Some code of one's own: structurally another for every number."""
    rng = random.Random(number)

    def value(depth: int) -> str:
        return rng.choice(FORMS).format(value(depth - 1), value(depth - 1)) if depth else rng.choice("abxy")

    steps = [rng.choice(("total = {}", "total += {}", "seen.append({})", "if {}:\n            break")) for _ in range(10)]
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


def test_a_class_that_wrote_the_same_formula_copied_nothing() -> None:
    found = resemblance(CLASS, [GIVEN])
    assert found.compared == 20
    assert named(found) == []


@pytest.mark.parametrize("name", DISGUISES)
def test_a_copy_is_found_under_every_disguise(name: str) -> None:
    cells = DISGUISES[name](CLASS[7].cells[1:])
    found = resemblance([*CLASS, Work("copycat", tuple(cells))], [GIVEN])
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
    attack = Work(
        f'"><img src=x onerror="x">{HOSTILE}',
        (own(4242).replace("total, seen =", f'_ = "{HOSTILE}\u202e"; total, seen ='),),
    )
    copied = Work("copycat", (attack.code, own(31)))
    found = resemblance([*CLASS, attack, copied], [GIVEN], [Omission(HOSTILE, HOSTILE)])
    text = page(found, f"hw1{HOSTILE}")
    assert found.pairs
    assert "<script" not in text
    assert "<img" not in text
    assert "\u202e" not in text
    assert not re.search(r"(?:src|href)\s*=|url\(|@import", text.replace("&#34;", "").replace("src=x onerror", ""))
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def test_from_what_was_handed_in_to_page_and_report(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    assignment = Assignment.load(course, "hw1")
    answers = {"ada": own(4321), "bo": renamed(own(4321)), "cy": own(2222), "dee": ""}
    for student, answer in answers.items():
        notebook = copy.deepcopy(assignment.release)
        if answer:
            cell = notebook.cells[assignment.solution_cells["double"]]
            cell.source = f"# exercise: double\n{answer.split(chr(10), 1)[1]}\ndouble = 1"
        path = course.submitted / student / "hw1" / "hw1.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    (course.submitted / "eve" / "hw1").mkdir(parents=True)
    (course.submitted / "eve" / "hw1" / "hw1.ipynb").write_bytes(b"%PDF")
    found = similar_submissions(assignment)
    assert found.compared == 3
    assert named(found) == [{"ada", "bo"}]
    path = write(found, course, "hw1")
    assert "ada" in path.read_text(encoding="utf-8")
    (pair,) = read_pairs(course, "hw1") or ()
    assert (set(pair.students), pair.similarity, pair.page) == ({"ada", "bo"}, 1.0, path)
    assert json.loads(path.with_suffix(".json").read_text())["assignment"] == "hw1"


@pytest.mark.parametrize("works", [[], [Work("ada", ())], [Work("ada", ("x = 1",))]])
def test_too_little_to_compare(works: list[Work]) -> None:
    found = resemblance(works, [GIVEN])
    assert (found.compared, found.groups, found.pairs) == (0, (), ())
    assert "None." in page(found, "hw1")
