"""Wherever a mark is shown it is the same to the cent, after random mixtures of all that changes marks in a term.

Mixtures are drawn, made with the commands and as formgrader does, and worked out here once more; docs/instructors.md,
“Which number stands where”, says what each place has to show. ``MIXTURES=200`` draws so many, each on top of the last.
"""

import csv
import json
import math
import os
import random
import re
import shutil
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Grade, Gradebook
from typer.testing import CliRunner

from autograder.cli.main import app
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.course.exceptions import FILE, add, read
from autograder.demo import mangle
from autograder.demo.roster import with_sources
from autograder.verify.bank import samples
from tests.places import EXAMPLE, described, table, written
from tests.tool.small_course import question

pytestmark = pytest.mark.heavy

TABLES = table("tool/agreement.toml")
POINTS: dict[str, float] = TABLES["points"]
STUDENTS, ABSENT = [f"s{at:02d}" for at in range(10)], "s99"  # who hands in nothing, and is in a group
DUE, LATER, HOUR = datetime(2026, 11, 20, 12), datetime(2026, 11, 22, 14), timedelta(hours=1)


class Term:
    """A course in which ten have handed in something, what is done in it, and what everybody's marks must be."""

    def __init__(self, course: Course, chance: random.Random) -> None:
        self.course, self.due, self.enough, self.times = course, DUE, 13.0, dict[str, datetime]()
        self.by_hand: dict[tuple[str, str], list[float | None]] = {}  # a person's points and extra credit
        assignment = Assignment.load(course, "arrays")
        for student in STUDENTS:
            drawn = {each.exercise: each.source for each in samples(assignment) if chance.random() < 0.3}
            drawn["best_step"] = "Rounding."
            drawn |= {exercise: stub for exercise, stub in assignment.stubs.items() if chance.random() < 0.3}
            notebook = mangle.web_page() if student[-1] == "7" else mangle.plain(with_sources(assignment, drawn))
            folder, self.times[student] = course.submitted / student / "arrays", DUE + chance.randint(-30, 90) * HOUR
            written(folder / "timestamp.txt", f"{self.times[student]} UTC")
            written(folder / "arrays.ipynb", notebook)

    def judge(self, chance: random.Random) -> None:
        """The checks of an exercise are worth other shares of its points."""
        path, share = Path("solutions/arrays/judges/cosine.py"), chance.randint(1, 9)
        text = re.sub(r"draw\(0..\)", f"draw(0.{share})", path.read_text())
        written(path, re.sub(r"draw\(0..,", f"draw(0.{10 - share},", text))
        run("grade", "arrays")

    def exceptions(self, chance: random.Random) -> None:
        Path(FILE).unlink(missing_ok=True)
        for student in chance.sample(STUDENTS, 5):
            add(self.course, "students", {"student": student} | chance.choice(TABLES["students"]))
        for exercise in chance.sample([*POINTS], 2):
            row = {"assignment": "arrays", "exercise": exercise, "reason": "Unclear."}
            add(self.course, "exercises", row | chance.choice(TABLES["exercises"]))
        members = [*chance.sample(STUDENTS, 4), ABSENT]
        add(self.course, "groups", {"assignment": "arrays", "members": members[:2]})
        run("except", "arrays", "--group", ",".join(members[2:]))

    def person(self, chance: random.Random) -> None:
        """Points and extra credit, as formgrader writes them; how exceptions change them the next command says.

        Some type into a copy of the gradebook, what nobody else has typed; it is taken in.
        """
        shutil.copy(self.course.gradebook, "copy.db")
        with Gradebook(self.course.db_url) as gradebook, Gradebook("sqlite:///copy.db") as theirs:
            copies = grades(theirs)
            for key, grade in chance.sample(sorted(grades(gradebook).items()), 10):
                own = self.by_hand.setdefault(key, [None, None])
                typed = chance.choice([None, 0.0, 0.25, POINTS[key[1]]])
                if typed != grade.manual_score:  # else nobody has typed anything
                    fresh = typed is not None and own[0] is None and grade.manual_score is None
                    own[0] = copies[key].manual_score = typed
                    grade.manual_score = None if fresh and chance.random() < 0.5 else typed
                if (extra := chance.choice([None, None, 0.5])) != own[1]:
                    fresh = extra is not None and own[1] is None
                    own[1] = copies[key].extra_credit = extra
                    grade.extra_credit = None if fresh and chance.random() < 0.5 else extra
                grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
            gradebook.db.commit()
            theirs.db.commit()
        run("by-hand", "arrays", "copy.db")

    def choice(self, chance: random.Random) -> None:
        """Fewer points are full marks, or more."""
        old, self.enough = self.enough, chance.choice([13.0, 8.5, 3.0])
        self.course = described(self.course, f"enough_points = {old}", f"enough_points = {self.enough}")
        run("build")
        run("export", "arrays")

    def total(self, points: dict[str, float], bonus: Collection[str] = ()) -> float:
        """Points of exercises up to those that are enough, and of the quiz and what is a bonus."""
        asked = sum(points[each] for each in points if not each.startswith("quiz") and each not in bonus)
        return min(asked, self.enough) + sum(points.values()) - asked

    def deadline(self, chance: random.Random) -> None:
        old, self.due = self.due, DUE + chance.randint(-30, 30) * HOUR
        self.course = described(self.course, f"due = {old}Z", f"due = {self.due}Z")

    def wanted(self) -> dict[str, tuple[str, dict[str, float], float, float, bool]]:
        """Student → whose hand-in counts, what it has by exercise, after lateness, before exceptions, whether it waits."""
        rows, found = read(self.course, "arrays"), {}
        bonus = {exercise for exercise, row in rows.exercises.items() if "bonus" in row}
        more = {"due": LATER - self.due, "extra_hours": 30 * HOUR, "late_penalty": 9999 * HOUR}
        with Gradebook(self.course.db_url) as gradebook:
            automatic = {key: grade.auto_score for key, grade in grades(gradebook).items()}
        for student in {*STUDENTS, ABSENT}:
            group = next((each for each in rows.groups if student in each), [student])
            if there := [each for each in group if each in self.times and each not in rows.those("withdrawn")]:
                owner, earned, counted, waits = max(there, key=lambda each: self.times[each]), {}, {}, False
                for exercise, most in POINTS.items():
                    row, manual = rows.exercises.get(exercise, {}), self.by_hand.get((owner, exercise), [None, None])
                    points = automatic[owner, exercise] if manual[0] is None else manual[0]
                    worth, own = row.get("points", most), (points or 0.0) + (manual[1] or 0.0)
                    fixed = 0.0 if "dropped" in row else worth if "full_marks" in row else None
                    counted[exercise] = round(own * worth / most, 2) if fixed is None else fixed
                    earned[exercise], waits = own, waits or (points is None and fixed is None)
                given = [[more[key] for key in rows.students.get(each, ()) if key in more] for each in group]
                late = self.times[owner] - self.due - max(each[0] if each else 0 * HOUR for each in given) - HOUR / 4
                score = self.total(counted, bonus) * (1 - min(0.3, 0.1 * max(0, math.ceil(late / (24 * HOUR)))))
                found[student] = owner, counted, score, self.total(earned), waits
        return found


def grades(gradebook: Gradebook) -> dict[tuple[str, str], Grade]:
    of = {student: gradebook.find_submission_notebook("arrays", "arrays", student) for student in STUDENTS}
    return {(student, each.name.removesuffix("-test")): each for student in STUDENTS for each in of[student].grades}


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, (arguments, done.output, done.exception)
    return done.output


def column(name: str, student: str, value: str) -> dict[str, str]:
    return {row[student]: row[value] for row in csv.DictReader(Path(name).read_text("utf-8-sig").splitlines())}


def handed_back() -> dict[str, dict[str, str]]:
    """Place → student → the total that stands there."""
    sheet = [f"Participant {student[1:]},{student},1.00,-" for student in (*STUDENTS, ABSENT)]
    written(Path("sheet.csv"), "\n".join(["Identifier,ID number,Grade,Last modified (grade)", *sheet]))
    for each in TABLES["commands"]:
        run(*each.split())
    pages, scope = Path().glob("feedback/*/arrays/arrays.html"), Path().glob("arrays-gradescope/*/results.json")
    report = Path("report/arrays.html").read_text()
    found = {place: column(*where) for place, where in TABLES["columns"].items()}
    return found | {
        "moodle": {f"s{participant[-2:]}": grade for participant, grade in found["moodle"].items()},
        "gradescope": {each.parts[1]: json.loads(each.read_text())["score"] for each in scope},
        "page": {each.parts[1]: re.findall(r'score">(Excused|[\d.]+|Not)', each.read_text())[0] for each in pages},
        "report": dict(re.findall(r'<th scope="row">.*?(s\d\d).*?<b>([\d.?]+)', report)),
    }


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    course, entry = EXAMPLE.clone_to(tmp_path_factory.mktemp("term")), "[assignments.arrays]\n"
    source = course.solutions / "arrays" / "arrays.py"
    written(source, f"{source.read_text()}\n\n# %% [markdown]\n# {{{{choice}}}}\n\n# %% [markdown]\n# <!-- quiz -->\n")
    written(source.with_name("quiz.toml"), question(1))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course.root)
        more = f"quiz_points = 1\nenough_points = 13.0\ndue = {DUE}Z\n"
        course = described(course, entry, f"{TABLES['late']}\n{entry}{more}")
        run("build")
        term = Term(course, random.Random(0))
        run("grade", "arrays")
        yield term


@pytest.mark.parametrize("seed", range(int(os.environ.get("MIXTURES", "4"))))
def test_every_place_shows_the_same_mark(seed: int, term: Term) -> None:
    chance = random.Random(seed)
    for step in chance.sample([term.judge, term.exceptions, term.person, term.deadline, term.choice], 5):
        step(chance)
    rows, wanted = read(term.course, "arrays"), term.wanted()
    gone, excused = rows.those("withdrawn"), rows.those("excused")
    with Gradebook(term.course.db_url) as gradebook:
        formgrader = {each["student"]: each["score"] for each in gradebook.submission_dicts("arrays")}
        asked = [(student, each) for (student, _), each in grades(gradebook).items() if each.needs_manual_grade]
        unread = {student for student, each in asked if each.auto_score is None and each.manual_score is None}
    assert unread - gone == {student for student, (owner, *_, waits) in wanted.items() if waits and student == owner}
    worth = {each: rows.exercises.get(each, {}).get("points", most) for each, most in POINTS.items()}
    apart = {each for each, row in rows.exercises.items() if {"dropped", "bonus"} & row.keys()}
    possible = term.total({each: most for each, most in worth.items() if each not in apart})
    values = handed_back()
    for student, (owner, counted, score, _, waits) in wanted.items():
        kind = "gone" if student in gone else "excused" if student in excused else "waits" if waits else ""
        for place, shown in values.items():
            due = {"moodle": min(score, possible), "final": 100 * score / possible}.get(place, score)
            found, word = str(shown.get(student)), TABLES["places"][place].get(kind, "None")
            agrees = re.fullmatch(word, found) if kind else float(found) == pytest.approx(due, abs=0.006)
            assert agrees, (place, student, found, kind or due)
        for exercise, points in {} if student in gone | excused else counted.items():
            found = column("arrays.csv", "student_id", exercise)[student]
            assert waits or float(found) == pytest.approx(points, abs=0.006), (student, exercise)
        assert waits or student != owner or formgrader[student] == pytest.approx(term.total(counted, apart)), student
    assert {*column("arrays.csv", "max_score", "max_score")} == {str(possible)}
    said, wanted = run("grade", "arrays", "--json", "results.json"), term.wanted()
    table = dict(re.findall(r"^ *(s\d\d) +([\d.]+)", said, re.MULTILINE))
    plain = {each["student"]: each["score"] for each in json.loads(Path("results.json").read_text())}
    assert table.keys() == plain.keys() == {*STUDENTS} - gone
    for student in table:
        _, _, score, earned, waits = wanted[student]
        assert waits or float(table[student]) == pytest.approx(score, abs=0.006), student
        assert plain[student] == pytest.approx(earned, abs=0.006), student
