"""Copies are found under new names and comments; those who only wrote the same formula are not."""

import copy
import json
import re
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.handback.report.pairs import read_pairs
from autograder.handback.similar import Resemblance, Work, resemblance, similar_submissions, write
from autograder.handback.similar.page import page
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


def own(number: int) -> str:
    """Some code of one's own: structurally another for every number."""
    steps = ["total = total + weight * value", "total -= value ** 2 / (weight + 1)", "seen.append(max(total, value))"]
    steps += [
        "if value > weight:\n            break",
        "total = abs(total) % 97",
        "seen = [each for each in seen if each]",
    ]
    body = "\n        ".join(steps[(number // 6**place) % 6] for place in range(5))
    return f"""# exercise: penalty
def penalty(values, weights):
    total, seen = {number}.0, []
    for value, weight in zip(values, weights):
        {body}
    return total, seen, {", ".join(f"total + {number} * {place}" for place in range(number % 4 + 2))}
"""


def disguised(code: str) -> str:
    """The same code with other names, comments and spaces."""
    names = {"total": "summe", "seen": "liste", "value": "wert", "weight": "g", "penalty": "strafe", "values": "ws"}
    renamed = re.sub(
        r"[a-z]+", lambda word: names.get(word[0], word[0]), code.replace("# exercise: penalty", "# meins")
    )
    return renamed.replace("\n    for", "\n    # Schritt für Schritt\n\n    for").replace(" + ", "  +  ")


CLASS = [Work(f"student-{number:02d}", f"{GIVEN}\n{FORMULA}\n{own(1000 + 997 * number)}") for number in range(20)]


def named(found: Resemblance) -> list[set[str]]:
    return [{work.student for work in group} for group in found.groups] + [
        {pair.one.student, pair.other.student} for pair in found.pairs
    ]


def test_a_class_that_wrote_the_same_formula_copied_nothing() -> None:
    found = resemblance(CLASS, GIVEN)
    assert found.compared == 20
    assert named(found) == []


def test_a_disguised_copy_is_the_same() -> None:
    copied = Work("copycat", disguised(CLASS[7].code))
    assert copied.code != CLASS[7].code
    assert named(resemblance([*CLASS, copied], GIVEN)) == [{"copycat", "student-07"}]


def test_a_copy_with_more_written_around_it_is_alike_and_marked() -> None:
    more = "class Other:\n    @property\n    def size(self):\n        return {key: len(text) for key, text in self}\n"
    copied = Work("copycat", f"{more}\n\n{disguised(own(1000 + 997 * 7))}")
    found = resemblance([*CLASS, copied], GIVEN)
    (pair,) = found.pairs
    assert {pair.one.student, pair.other.student} == {"copycat", "student-07"}
    assert pair.share > 0.5
    by_student = {pair.one.student: (pair.one, pair.one_lines), pair.other.student: (pair.other, pair.other_lines)}
    for student, word in (("copycat", "strafe"), ("student-07", "penalty")):
        work, marked = by_student[student]
        lines = work.code.split("\n")
        start = next(at for at, line in enumerate(lines) if line.startswith(f"def {word}"))
        body = {at for at in range(start, len(lines)) if lines[at].strip() and "#" not in lines[at]}
        assert len(body & marked) >= 0.7 * len(body)
        assert len(marked - body) <= 1


def test_without_the_courses_code_taken_out_all_would_be_alike() -> None:
    pairs = [Work(each.student, each.code) for each in CLASS[:3]]  # few enough that nothing is everybody's
    assert named(resemblance(pairs, GIVEN + FORMULA)) == []
    assert len(named(resemblance(pairs))) == 3


def test_the_order_of_the_class_makes_no_difference() -> None:
    works = [*CLASS, Work("copycat", disguised(CLASS[3].code + "\n" + own(5)))]
    forth, back = resemblance(works, GIVEN), resemblance(works[::-1], GIVEN)
    assert {frozenset(each) for each in named(forth)} == {frozenset(each) for each in named(back)}
    assert named(forth)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=400), max_size=4))
def test_any_code_is_compared(sources: list[str]) -> None:
    works = [Work(str(number), source + own(number)) for number, source in enumerate(sources)]
    found = resemblance([*works, *works], GIVEN)
    assert len(found.groups) == len({each.code for each in works}) or found.compared <= 2 * len(works)
    page(found, "hw1")


HOSTILE = "<script>alert(1)</script>"


def test_the_page_loads_and_runs_nothing() -> None:
    attack = Work(
        f'"><img src=x onerror="x">{HOSTILE}',
        own(4242).replace("total, seen =", f'_ = "{HOSTILE}\u202e"; total, seen ='),
    )
    copied = Work("copycat", f"{disguised(attack.code)}\n{own(31)}")
    found = resemblance([*CLASS, attack, copied], GIVEN)
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
    answers = {"ada": own(4321), "bo": disguised(own(4321)), "cy": own(2222), "dee": ""}
    for student, answer in answers.items():
        notebook = copy.deepcopy(assignment.release)
        if answer:
            cell = notebook.cells[assignment.solution_cells["double"]]
            cell.source = f"# exercise: double\n{answer.replace('# exercise: penalty', '')}\ndouble = 1"
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


@pytest.mark.parametrize("works", [[], [Work("ada", "")], [Work("ada", "x = 1")]])
def test_too_little_to_compare(works: list[Work]) -> None:
    found = resemblance(works, GIVEN)
    assert (found.compared, found.groups, found.pairs) == (0, (), ())
    assert "None." in page(found, "hw1")
