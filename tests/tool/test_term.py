"""Over a term: what has changed since a grading, Moodle's worksheet, final marks, and the beginning of the next term."""

import csv
import itertools
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder.course.course import Course
from autograder.course.exceptions import FILE, add
from autograder.gradebook.marks import read_marks
from autograder.gradebook.record import record
from autograder.handback.changes import changes, keep
from autograder.handback.final import final_mark, final_rows
from autograder.handback.moodle import export
from tests.places import described, table, written
from tests.processes import command
from tests.tool.graded_examples import VERDICTS, graded, redated, stamped, ungradable

pytestmark = pytest.mark.heavy

TABLES = table("tool/term.toml")

SHARES = st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 3), st.integers(1, 3)), min_size=1)


@given(SHARES, st.integers(0, 7))
def test_the_final_mark_is_the_best_that_leaving_out_the_lowest_can_give(drawn: Mapping[str, tuple], drop: int) -> None:
    shares, weights = ({name: float(pair[at]) for name, pair in drawn.items()} for at in (0, 1))
    left = len(shares) - min(drop, len(shares) - 1)
    means = {
        each: sum(shares[name] * weights[name] for name in each) / sum(weights[name] for name in each)
        for each in itertools.combinations(shares, left)
        if sorted(map(shares.get, each)) == sorted(shares.values())[-left:]
    }
    mark, dropped = final_mark(shares, weights, drop)
    assert (mark, left) == (pytest.approx(max(means.values())), len(shares) - len(dropped))


def test_final_marks_weigh_homeworks_drop_the_worst_and_honour_exceptions(course: Course) -> None:
    """Three homeworks of ten points; who has which points in them; None where a person still has to give some."""
    about = "".join(f'[assignments.{name}]\nunit = "u"\ntitle = "t"\nweight = {at}\n' for at, name in enumerate("efgh"))
    course = described(course, "[course]", f"{about}[final]\ndrop_lowest = 1\n[course]")
    scores = {"ada": (8, 5, 2), "ben": (9, 9, 9), "cem": (4, None, 6), "dan": (1, 1, 1), "eve": (10,)}
    with Gradebook(course.db_url, course.name) as gradebook:
        for at, name in enumerate("fgh"):
            gradebook.add_assignment(name)
            gradebook.add_notebook(name, name)
            gradebook.add_grade_cell("x-test", name, name, max_score=10, cell_type="code")
            for student, points in scores.items():
                gradebook.update_or_create_student(student)
                if at < len(points):
                    gradebook.add_submission(name, student)
                    gradebook.find_grade("x-test", name, name, student).auto_score = points[at]
        gradebook.db.commit()
    add(course, "students", {"student": "ben", "assignment": "f", "excused": True})
    add(course, "students", {"student": "dan", "withdrawn": True})
    found = {row["student_id"]: [row[key] for key in ("final", "dropped", *"fgh")] for row in final_rows(course)}
    assert found == {
        "ada": [round(100 * (0.8 * 1 + 0.5 * 2) / 3, 2), "h", 80.0, 50.0, 20.0],
        "ben": [90.0, "h", "excused", 90.0, 90.0],
        "cem": ["", "", 40.0, "waits", 60.0],
        "eve": [round(100 * 1.0 / 3, 2), "h", 100.0, 0.0, 0.0],
    }
    said = command(course.root, "final")
    assert "1 f × 1, 2 g × 2, 3 h × 3; ( ) dropped" in said
    rows = [line.split() for line in said.splitlines()]
    assert [row for row in rows if row[:1] in (["ben"], ["cem"])] == TABLES["shown"]
    assert [*csv.DictReader((course.root / "final.csv").read_text("utf-8-sig").splitlines())][1]["f"] == "excused"


def test_changes_name_their_cause_and_tell_those_concerned_alone(course: Course, tmp_path: Path) -> None:
    better = (replace(VERDICTS[0], score=1.0), *VERDICTS[1:4], replace(VERDICTS[4], score=0.5))
    before = dict.fromkeys("ada ben cem dan eve".split(), (VERDICTS, "judge".ljust(32) + "file"))
    after = {
        "ada": (better, "judge".ljust(32) + "new"),
        "ben": (better, "new".ljust(32) + "file"),
        "fay": (VERDICTS, ""),
        "cem": (VERDICTS, "new".ljust(32) + "file"),
    }
    for state in (before, after):
        keep(course, "hw1")  # of the first time nothing: nobody has a mark
        record([replace(graded(course, who, made), fingerprint=of) for who, (made, of) in state.items()], course)
    with Gradebook(course.db_url, course.name) as gradebook:
        gradebook.find_grade("double-test", "hw1", "hw1", "cem").manual_score = 0.5
        gradebook.db.commit()
    add(course, "students", {"student": "dan", "assignment": "hw1", "excused": True})
    assert [list(map(str, row.values())) for row in changes(course, "hw1")[1]] == TABLES["changes"]
    add(course, "exercises", {"assignment": "hw1", "exercise": "last", "full_marks": True, "reason": "A bug."})
    for student in ("dan", "eve"):
        add(course, "students", {"student": student, "withdrawn": True})
    command(course.root, "changes", "hw1", "--messages", "told")
    assert {path.stem for path in (course.root / "told").iterdir()} == {"ada", "ben", "cem", "fay"}
    told = (course.root / "told" / "cem.txt").read_text()
    assert "- last: 0.0 → 1.0 (exception: Full marks for all. A bug.)\n" in told


def moodle(text: str, most: float) -> dict[int, float]:
    """The grades that Moodle takes from a worksheet: the columns are found by name, others than these are not asked for."""
    rows = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    taken = [row for row in rows if row["Last modified (grade)"]]
    grades = {int(row["Identifier"][len("Participant ") :]): row["Grade"] for row in taken}
    return {number: float(grade) for number, grade in grades.items() if grade and 0 <= float(grade) <= most}


def test_moodle_reads_every_grade_from_its_own_worksheet(course: Course, tmp_path: Path) -> None:
    sheet = written(tmp_path / "sheet.csv", TABLES["worksheet"].lstrip())
    record([graded(course), graded(course, "ben"), ungradable(course), graded(course, "dan")], course)
    add(course, "students", {"student": "ben", "excused": True})
    assert moodle(export(course, "hw1", sheet, tmp_path / "out.csv").read_text(), 7) == {1: 3.83, 2: 6.0, 4: 3.83}
    for delimiter, code in ((";", "utf-8"), ("\t", "utf-16")):  # Excel has saved it
        again = TABLES["worksheet"].lstrip().replace(",", delimiter).encode(code)
        assert moodle(export(course, "hw1", written(tmp_path / "x.csv", again), tmp_path / "out.csv").read_text(), 7)
    foreign = written(tmp_path / "x.csv", "Kennung,Name\nTeilnehmer/in1,a")
    with pytest.raises(ValueError, match="has no column 'Grade': download and upload it with Moodle in English"):
        export(course, "hw1", foreign, tmp_path / "out.csv")
    for row in (
        'Participant 6,Test Student,,,40.00,7.00,Yes,-,-,,"\n',
        "Participant 2,Test Student,,,40.00,7.00,Yes,-,-,\n",
    ):
        with pytest.raises(ValueError, match=r"nothing closes it|row 3 is not as Moodle writes it"):
            export(course, "hw1", written(tmp_path / "x.csv", TABLES["worksheet"].lstrip() + row), tmp_path / "out.csv")
    for heading in ("Maximum grade", "Maximum Grade"):
        written(sheet, TABLES["worksheet"].lstrip().replace("Maximum grade", heading).replace(",7.00,", ",100.00,"))
        with pytest.raises(ValueError, match=r"in Moodle 100\.00: set its maximum grade to 7"):
            export(course, "hw1", sheet, tmp_path / "out.csv")


def test_the_next_term_begins_empty_and_the_last_one_stays_whole(tmp_path: Path) -> None:
    course = redated(tmp_path, 'title = "HW 1"', 'due = 2026-11-20T12:00:00Z\ntitle = "HW 1"', "")
    stamped(course, "2026-11-20 10:00:00 UTC")
    record([graded(course)], course)
    add(course, "students", {"student": "ada", "extra_hours": 1})
    seed, marks, before = course.seed(), read_marks(course, "hw1"), sorted(tmp_path.rglob("*"))
    assert "of hw1" in command(tmp_path, "rollover", "autumn-2027", "--dry-run")
    assert sorted(tmp_path.rglob("*")) == before
    command(tmp_path, "rollover", "autumn-2027")
    last, new = Course.at(tmp_path / "terms" / course.tag), Course.at(tmp_path)
    assert (last.seed(), read_marks(last, "hw1"), last.tag) == (seed, marks, course.tag)
    texts = [tomllib.loads((each.root / "course.toml").read_text()) for each in (last, new)]
    assert texts[1] == texts[0] | {"course": texts[0]["course"] | {"tag": "autumn-2027"}}
    assert new.seed() != seed
    assert not [name for name in ("submitted", "autograded", "gradebook.db", FILE) if (tmp_path / name).exists()]
