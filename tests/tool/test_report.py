"""The teacher's page says what is recorded, and nothing that a student wrote runs in it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.cli.main import app
from autograder.course.quiz import Quiz
from autograder.gradebook.marks import UnknownAssignment
from autograder.gradebook.record import record
from autograder.handback.report import report
from autograder.handback.report.distractors import choice, distractors
from autograder.handback.report.findings import failures, mistakes, repairs
from autograder.handback.report.items import analyse, correlation, reliability, thirds
from autograder.handback.report.page import render
from autograder.handback.report.pairs import pairs_path, read_pairs
from autograder.handback.report.recorded import ClassRecord, Entry, read_class
from autograder.judging.verdict import State, Verdict
from tests.tool.graded_examples import VERDICTS, graded, small_course, ungradable

EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def entry(student, *marks, items=("one", "two", "three"), **options):
    return Entry(student, "", dict(zip(items, marks, strict=True)), **options)


def verdict(state, message="", mistakes=None):
    return Verdict("two", 0.0, 10.0, state, (message,), kept=mistakes or {})


def class_of(*entries, worth=10.0, absent=()):
    return ClassRecord("hw1", "HW 1", dict.fromkeys(entries[0].marks, worth) if entries else {}, entries, absent)


NO_QUIZ = Quiz(())


def page_of(record, quiz=NO_QUIZ, links=None):
    return BeautifulSoup(render(record, quiz, None, links or {}, Path("report/hw1.html")), "html.parser")


def words(element):
    return " ".join(element.get_text(" ").split())


@pytest.fixture(scope="module")
def quiz(tmp_path_factory):
    return Quiz.load(small_course(tmp_path_factory.mktemp("quiz")).solutions / "hw1" / "quiz.toml")


class TestItems:
    """The statistics, beside NumPy's or by hand."""

    def marks(self, students=40, seed=0):
        rng = np.random.default_rng(seed)
        ability = rng.normal(size=(students, 1))
        return np.clip(np.round(5 + 2 * ability + rng.normal(size=(students, 3)) * [1, 2, 4]), 0, 10)

    def test_difficulty_and_discrimination(self):
        marks = self.marks()
        items = analyse(class_of(*(entry(f"s{at}", *map(float, row)) for at, row in enumerate(marks))))
        for at, item in enumerate(items):
            rest = np.delete(marks, at, axis=1).sum(axis=1)
            assert item.difficulty == pytest.approx(marks[:, at].mean() / 10)
            assert item.discrimination == pytest.approx(np.corrcoef(marks[:, at], rest)[0, 1])
        assert items[0].discrimination > items[2].discrimination

    def test_reliability_is_that_of_the_textbook(self):
        """Three items of which the second is the first again and the third is noise: α from variances by hand."""
        rows = [(1, 1, 0), (2, 2, 2), (3, 3, 1), (4, 4, 1)]
        record = class_of(*(entry(f"s{at}", *map(float, row)) for at, row in enumerate(rows)))
        # variances 5/3, 5/3, 2/3; of the sums 2, 6, 7, 9: 26/3
        assert reliability(record) == pytest.approx(3 / 2 * (1 - 4 / (26 / 3)))

    def test_who_waits_counts_nowhere(self):
        record = class_of(entry("a", 10.0, 0.0, 5.0), entry("b", None, None, None))
        assert [item.difficulty for item in analyse(record)] == [1.0, 0.0, 0.5]
        assert [each.student for each in record.marked] == ["a"]

    def test_a_missing_mark_is_no_zero(self):
        record = class_of(entry("a", 10.0, None, 5.0), entry("b", 0.0, 4.0, 5.0))
        assert [(item.students, item.difficulty) for item in analyse(record)] == [(2, 0.5), (1, 0.4), (2, 0.5)]

    def test_not_defined_for_two_or_for_equals(self):
        assert correlation(np.array([1.0, 2.0]), np.array([1.0, 2.0])) is None
        assert correlation(np.ones(9), np.arange(9.0)) is None
        same = class_of(*(entry(f"s{at}", 5.0, 5.0, 5.0) for at in range(30)))
        assert [item.discrimination for item in analyse(same)] == [None] * 3
        assert reliability(same) is None
        assert thirds(same.entries) is None

    def test_an_item_that_the_stronger_fail_is_remarked_on_in_a_class_only(self):
        def record(students):
            return class_of(
                *(entry(f"s{at}", float(at % 10), float(at % 10), 10.0 - at % 10) for at in range(students))
            )

        assert "does worse here" in analyse(record(40))[2].remark
        assert analyse(record(10))[2].remark == ""
        assert analyse(record(10))[2].discrimination == pytest.approx(-1)

    def test_what_chance_alone_would_do_is_not_remarked_on(self):
        rng = np.random.default_rng(0)
        chance = analyse(class_of(*(entry(f"s{at}", *rng.choice([0.0, 5.0, 10.0], 3)) for at in range(200))))
        assert any(item.discrimination < 0 for item in chance)
        assert not any("does worse here" in item.remark for item in chance)

    def test_thirds_hold_equals_together(self):
        entries = [entry(f"s{at}", float(score), 0.0, 0.0) for at, score in enumerate([1, 2, 2, 2, 5, 6, 7, 7, 9])]
        lower, upper = thirds(entries)
        assert [each.student for each in lower] == ["s0", "s1", "s2", "s3"]
        assert [each.student for each in upper] == ["s5", "s6", "s7", "s8"]
        assert thirds(entries[:5]) is None


def answer(**ticks):
    letters = dict.fromkeys("ABCD", False) | ticks
    lines = [f"{letter} = {value}  #@param" for letter, value in letters.items()]
    ticked = ", ".join(f'"{letter}": {letter}' for letter in letters)
    return "\n".join([*lines, f"quiz_01 = {{{ticked}}}"])


def answered(student, score, source, state=State.WRONG):
    return Entry(
        student,
        "",
        {"double": score, "quiz-01": 0.0},
        verdicts={"quiz-01": Verdict("quiz-01", 0.0, 0.5, state)},
        answers={"quiz-01": source},
    )


class TestDistractors:
    """Question 1 of the small course: the options are 1, 2, 3, 4; B and D are right."""

    @pytest.mark.parametrize(
        ("source", "letters"),
        [
            (answer(A=True, C=True), "AC"),
            ("# exercise: quiz-01\nquiz_01 = {'A', 'B'}", "AB"),
            ("quiz_01 = 'a, b'", "AB"),
            ("quiz_01 = ['A']\nprint(quiz_01)", "A"),
            ("right = True\nquiz_01 = {'B': right, 'C': right, 'D': False}", "BC"),
        ],
    )
    def test_a_choice_is_read_off_the_cell(self, quiz, source, letters):
        assert choice(answered("a", 1.0, source), quiz["quiz-01"]) == frozenset(letters)

    @pytest.mark.parametrize(
        "source",
        [
            "quiz_01 = {each: True for each in 'AC'}",
            "quiz_01 = {'A': True}\nquiz_01['B'] = True",
            "if True:\n    quiz_01 = 'A'",
            "quiz_01 = 'A",
            "quiz_01 = {[]: True}",
            "quiz_01 = 'XYZ'",
            "quiz_01 = 'BD'",  # the key, yet marked wrong: something else happened when it was run
            "quiz_01 = " + "[" * 5000 + "]" * 5000,
            "",
        ],
    )
    def test_what_cannot_be_read_is_not_guessed(self, quiz, source):
        assert choice(answered("a", 1.0, source), quiz["quiz-01"]) is None

    def test_the_judges_word_counts(self, quiz):
        assert choice(answered("a", 1.0, "quiz_01 = pick()", State.CORRECT), quiz["quiz-01"]) == {"B", "D"}
        assert choice(answered("a", 1.0, answer(), State.MISSING), quiz["quiz-01"]) == frozenset()

    def test_shares_of_class_and_thirds(self, quiz):
        entries = [answered(f"s{at:02}", float(at // 10), answer(A=True, B=True)) for at in range(10)]
        entries += [answered(f"s{at:02}", float(at // 10), answer(B=True, C=True)) for at in range(10, 30)]
        entries[0] = answered("s00", 0.0, "quiz_01 = pick()")
        entries[1] = answered("s01", 0.0, answer(), State.MISSING)
        (found,) = distractors(class_of(*entries), quiz)
        a, b, c, d = found.choices
        assert (found.read, found.unread, found.blank) == (29, ("s00",), 1)
        assert (a.share, b.share, c.share, d.share) == pytest.approx((8 / 29, 28 / 29, 20 / 29, 0))
        assert (a.lower, a.upper) == (pytest.approx(8 / 9), 0)
        assert (c.lower, c.upper) == (0, 1)
        assert found.wrong == ("B, C", 20)

    def test_what_misleads_the_stronger_is_remarked_on(self, quiz):
        entries = [answered(f"s{at:02}", float(at // 10), answer(A=at < 10, C=at >= 20, B=True)) for at in range(30)]
        (found,) = distractors(class_of(*entries), quiz)
        assert [bool(each.remark) for each in found.choices] == [False, False, True, True]
        assert "stronger choose it more" in found.choices[2].remark
        assert "nobody chose it" in found.choices[3].remark

    def test_a_right_option_that_the_stronger_choose_less_is_remarked_on(self, quiz):
        entries = [answered(f"s{at:02}", float(at // 10), answer(B=at < 20, D=at >= 10, A=True)) for at in range(30)]
        (found,) = distractors(class_of(*entries), quiz)
        assert ["stronger choose it less" in each.remark for each in found.choices] == [False, True, False, False]


def told(student, state, message="", **mistakes):
    return entry(student, 0.0, 0.0, 0.0, verdicts={"two": verdict(state, message, mistakes)})


class TestFindings:
    def test_mistakes_name_their_students_the_frequent_first(self):
        record = class_of(
            told("a", State.WRONG, halved="Divide by two."),
            told("b", State.PARTIAL, halved="Divide by two.", root="No root."),
            told("c", State.PARTIAL, root="No root."),
            told("d", State.PARTIAL, root="No root."),
        )
        assert [(each.exercise, each.name, each.message, each.students) for each in mistakes(record)] == [
            ("two", "root", "No root.", ("b", "c", "d")),
            ("two", "halved", "Divide by two.", ("a", "b")),
        ]

    def test_every_failure_is_named_once(self):
        record = class_of(
            told("a", State.TIMEOUT, "slow"),
            told("b", State.TIMEOUT, "slow"),
            told("c", State.ERROR, "NameError"),
            told("d", State.MEMORY, "large"),
            told("e", State.WRONG, "no"),
            replace(told("f", State.UNGRADABLE, "PDF"), problem="PDF", marks=dict.fromkeys(("one", "two", "three"))),
        )
        assert [(each.state, each.exercise, each.message, each.students) for each in failures(record)] == [
            (State.UNGRADABLE, "", "PDF", ("f",)),
            (State.MEMORY, "two", "large", ("d",)),
            (State.TIMEOUT, "two", "slow", ("a", "b")),
            (State.ERROR, "two", "NameError", ("c",)),
        ]

    def test_repairs_are_counted_by_student(self):
        entries = [entry(name, 1.0, 1.0, 1.0, repairs=found) for name, found in (("a", ("x", "x")), ("b", ("x", "y")))]
        assert repairs(class_of(*entries)) == [("x", ("a", "b")), ("y", ("b",))]


class TestPage:
    """What the page shows of hand-made classes, the ill ones among them."""

    def test_a_cell_of_the_heat_map_leads_to_its_students(self):
        page = page_of(class_of(*(told(f"s{at}", State.WRONG, **{"batch-mean": "Square first."}) for at in range(3))))
        (cell,) = page.select(".heat td a")
        target = page.find(id=cell["href"].removeprefix("#"))
        assert cell.get_text() == "3"
        assert "batch mean" in words(target)
        assert "s0, s1, s2" in words(target)

    def test_every_link_within_the_page_arrives(self, quiz):
        record = class_of(*(answered(f"s{at:02}", float(at), answer(A=True)) for at in range(30)))
        page = page_of(record, quiz)
        targets = [link["href"][1:] for link in page.select("a[href^='#']")]
        assert len(targets) > 8
        assert all(page.find(id=target) for target in targets)
        identities = [element["id"] for element in page.select("[id]")]
        assert len(identities) == len(set(identities))

    def test_every_picture_has_words(self, quiz):
        page = page_of(class_of(*(answered(f"s{at:02}", float(at), answer(A=True)) for at in range(30))), quiz)
        assert len(page.select("svg")) > 6
        assert all(picture["role"] == "img" and picture["aria-label"] for picture in page.select("svg"))
        assert all(table.caption for table in page.select("table"))

    def test_it_loads_and_runs_nothing(self, quiz):
        entries = [replace(answered(f"{at}{EVIL}", float(at), answer(A=True)), repairs=(EVIL,)) for at in range(9)]
        entries.append(replace(entries[0], student="x", verdicts={"double": verdict(State.ERROR, EVIL, {EVIL: EVIL})}))
        entries.append(replace(entries[0], student="y", name=EVIL, problem=EVIL))
        page = page_of(class_of(*entries, absent=(EVIL,)), quiz, links={"x": "feedback/x%22.html"})
        assert page.get_text().count("<script>alert(1)</script>") > 20
        assert not page.select("script, link, iframe, object, form, img[src='x']")
        assert not [name for element in page.find_all(True) for name in element.attrs if name.startswith("on")]
        assert all(image["src"].startswith("data:") for image in page.select("img"))
        assert not re.search(r"url\(|@import|https?://", str(page.style))

    def test_one_student(self, quiz):
        page = page_of(class_of(answered("ada", 1.0, answer(A=True))), quiz)
        assert "1 submission this is mostly chance" in words(page)
        assert "There are no thirds to compare" in words(page)
        assert "nan" not in words(page).lower().split()

    def test_nobody(self, quiz):
        page = page_of(ClassRecord("hw1", "HW 1", {"double": 2.0, "quiz-01": 1.0}, (), ("ada",)), quiz)
        assert "Nobody’s work has been graded yet" in words(page)
        assert "without a graded submission: ada" in words(page)
        assert not page.select("svg")

    def test_all_wait_for_a_person(self):
        page = page_of(class_of(entry("a", None, None, None, problem="A PDF."), entry("b", None, None, None)))
        assert "2 waiting for a person" in words(page.header)
        assert "A PDF." in words(page)
        assert "There are no scores yet" in words(page)

    def test_all_the_same_score(self):
        page = page_of(class_of(*(entry(f"s{at}", 5.0, 5.0, 5.0) for at in range(30))))
        assert "All have the same score" in words(page)
        assert "reliability" not in words(page.header)
        assert words(page.find(id="i-one")).endswith("0.50 –")

    @pytest.mark.parametrize("marks", [(0.0, 0.0, 0.0), (10.0, 10.0, 12.5)])
    def test_scores_at_both_ends_and_beyond(self, marks):
        page = page_of(class_of(*(entry(f"s{at}", *marks) for at in range(4))))
        counts = [int(row.find_all("td")[2].get_text()) for row in page.select("section")[0].select("tbody tr")]
        assert sum(counts) == 4

    def test_no_quiz_no_section(self):
        page = page_of(class_of(entry("a", 1.0, 2.0, 3.0)))
        assert page.find(id="quiz") is None
        assert "None of the known mistakes was made" in words(page)

    def test_without_points(self):
        record = replace(class_of(entry("a", 0.0, 0.0, 0.0)), items=dict.fromkeys(("one", "two", "three"), 0.0))
        assert "HW 1" in words(page_of(record))


class TestRecorded:
    """From a real gradebook and real graded copies."""

    @pytest.fixture
    def course(self, tmp_path):
        course = small_course(tmp_path)
        (course.submitted / "ada" / "hw1").mkdir(parents=True)
        (course.submitted / "ada" / "hw1" / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC\n")
        record([graded(course, repairs=("Mended.",)), graded(course, "bo", VERDICTS), ungradable(course)], course)
        with Gradebook(course.db_url, course.name) as gradebook:
            gradebook.update_or_create_student("bo", first_name="Bo", last_name="Li")
            gradebook.add_student("absent")
            (notebook,) = gradebook.find_submission("hw1", "bo").notebooks
            next(grade for grade in notebook.grades if grade.name == "last-test").manual_score = 0.75
            gradebook.db.commit()
        return course

    def test_marks_verdicts_and_copies_come_together(self, course):
        found = read_class(course, "hw1")
        ada, bo, eve = found.entries
        assert list(found.items.items()) == [(each.exercise, each.max) for each in VERDICTS]
        assert (ada.score, ada.repairs, ada.verdicts["slices"].state) == (3.83, ("Mended.",), State.PARTIAL)
        assert ada.verdicts["slices"].explanations == {"one-slice": "…"}
        assert (bo.name, bo.score, bo.by_hand) == ("Bo Li", 4.58, {"last"})
        assert (eve.waiting, eve.problem) == (True, "The file is a PDF; hand in the .ipynb file.")
        assert choice(ada, Quiz.load(course.solutions / "hw1" / "quiz.toml")["quiz-01"]) == {"B", "D"}
        assert found.absent == ("absent",)

    def test_a_copy_that_is_gone_costs_its_verdicts_only(self, course):
        (course.autograded / "ada" / "hw1" / "hw1.ipynb").write_text("{")
        ada = read_class(course, "hw1").entries[0]
        assert (ada.score, ada.verdicts, ada.repairs) == (3.83, {}, ())
        assert report(course, "hw1").is_file()

    def test_the_command_writes_the_page_with_pairs_and_feedback(self, course, monkeypatch):
        feedback = course.feedback / "ada" / "hw1" / "hw1.html"
        feedback.parent.mkdir(parents=True)
        feedback.write_text("ada's page")
        pairs = pairs_path(course, "hw1")
        pairs.parent.mkdir()
        (pairs.parent / "hw1.html").write_text("side by side")
        found = [{"students": ["ada", "bo"], "similarity": 0.5}]
        found.append({"students": ["bo", "eve"], "similarity": 0.93, "page": "hw1.html"})
        pairs.write_text(json.dumps({"assignment": "hw1", "pairs": found}))
        monkeypatch.setenv("AUTOGRADER_COURSE", str(course.root))
        result = CliRunner().invoke(app, ["report", "hw1"])
        assert result.exit_code == 0, result.output
        path = course.root / "report" / "hw1.html"
        page = BeautifulSoup(path.read_text(), "html.parser")
        rows = page.select(".pairs tbody tr")
        assert [words(row) for row in rows] == ["bo eve 93 % side by side", "ada bo 50 %"]
        for address in ("../similar/hw1.html", "../feedback/ada/hw1/hw1.html"):
            assert page.select(f"a[href='{address}']")
            assert (path.parent / address).is_file()

    def test_pairs_that_are_none_are_refused(self, course, monkeypatch):
        pairs_path(course, "hw1").parent.mkdir()
        pairs_path(course, "hw1").write_text('{"pairs": [{"students": ["ada"]}]}')
        with pytest.raises(ValueError, match="does not hold similar pairs"):
            read_pairs(course, "hw1")
        monkeypatch.setenv("AUTOGRADER_COURSE", str(course.root))
        assert CliRunner().invoke(app, ["report", "hw1"]).exit_code == 1

    def test_an_assignment_that_is_not_in_the_gradebook(self, course, monkeypatch):
        with Gradebook(course.db_url, course.name) as gradebook:
            gradebook.remove_assignment("hw1")
        with pytest.raises(UnknownAssignment):
            report(course, "hw1")
        monkeypatch.setenv("AUTOGRADER_COURSE", str(course.root))
        result = CliRunner().invoke(app, ["report", "hw1"])
        assert result.exit_code == 1
        assert "autograder grade hw1" in result.output
