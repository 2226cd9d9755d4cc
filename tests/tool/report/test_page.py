"""Findings, the page, and what is read of a graded class."""

import json
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook

from autograder.course.quiz import Quiz
from autograder.gradebook.record import record
from autograder.handback.report import report
from autograder.handback.report.distractors import choice
from autograder.handback.report.findings import failures, mistakes, repairs
from autograder.handback.report.pairs import pairs_path, read_pairs
from autograder.handback.report.recorded import ClassRecord, read_class
from autograder.judging.verdict import State
from tests.places import written
from tests.processes import command
from tests.tool.graded_examples import VERDICTS, graded, small_course, stamped, ungradable
from tests.tool.report.class_records import EVIL, answer, answered, class_of, entry, page_of, verdict, words


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

    def test_every_link_within_the_page_arrives_and_every_picture_has_words(self, quiz):
        page = page_of(class_of(*(answered(f"s{at:02}", float(at), answer(A=True)) for at in range(30))), quiz)
        targets = [link["href"][1:] for link in page.select("a[href^='#']")]
        assert len(targets) > 8
        assert all(page.find(id=target) for target in targets)
        identities = [element["id"] for element in page.select("[id]")]
        assert len(identities) == len(set(identities))
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
        stamped(course, "2026-01-01 10:00:00 UTC\n")
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

    def test_the_command_writes_the_page_with_pairs_and_feedback(self, course):
        written(course.feedback / "ada" / "hw1" / "hw1.html", b"ada's page")
        pairs = pairs_path(course, "hw1")
        written(pairs.parent / "hw1.html", "side by side")
        found = [{"students": ["ada", "bo"], "similarity": 0.5}]
        found.append({"students": ["bo", "eve"], "similarity": 0.93, "page": "hw1.html"})
        pairs.write_text(json.dumps({"assignment": "hw1", "pairs": found}))
        command(course.root, "report", "hw1")
        path = course.root / "report" / "hw1.html"
        page = BeautifulSoup(path.read_text(), "html.parser")
        rows = page.select(".pairs tbody tr")
        assert [words(row) for row in rows] == ["bo eve 93 % side by side", "ada bo 50 %"]
        for address in ("../similar/hw1.html", "../feedback/ada/hw1/hw1.html"):
            assert page.select(f"a[href='{address}']")
            assert (path.parent / address).is_file()

    def test_pairs_that_are_none_are_refused(self, course):
        written(pairs_path(course, "hw1"), '{"pairs": [{"students": ["ada"]}]}')
        with pytest.raises(ValueError, match="does not hold similar pairs"):
            read_pairs(course, "hw1")
        assert "does not hold similar pairs" in " ".join(command(course.root, "report", "hw1", status=1).split())
