"""Results as Gradescope's results.json.

Its specification (gradescope-autograders.readthedocs.io, “Autograder Specifications”): ``score`` overrides the sum of
the tests; a test has ``score`` and ``max_score`` in points, ``status`` passed or failed, ``name``, ``number`` and
``output``, declared as plain text: nothing that a student wrote is ever markup.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat

from autograder.course.course import Course
from autograder.course.source import is_graded
from autograder.files import write_atomically
from autograder.gradebook.deadline import quiz_is_open
from autograder.gradebook.marks import ClassMarks, Marks, read_marks
from autograder.grading.result import QUIZ, Result, total
from autograder.judging.verdict import State, Verdict, verdict_in
from autograder.render.sanitise import visible
from autograder.render.verdict import BEYOND, CLOSED_QUIZ, WORDS

Json = dict[str, Any]


def export(course: Course, name: str, folder: Path, now: datetime | None = None) -> Path:
    """Write STUDENT/results.json below a folder for every submission, marks by hand and late penalties included.

    What waits for a person or does not count has no file: Gradescope would show it as graded. Before the deadline, of
    which ``now`` decides, the quiz has its total only.

    Raises:
        UnknownAssignment: the gradebook does not know the assignment.
    """
    folder.mkdir(parents=True, exist_ok=True)
    quiz_open = quiz_is_open(course, name, now=now)
    whole = read_marks(course, name)
    for student, marks in whole.submissions.items():
        path = folder / student / "results.json"
        if marks.complete and student not in whole.excused | whole.withdrawn:
            graded = course.autograded / (marks.owner or student) / name / f"{name}.ipynb"
            results = of_marks(marks, whole, graded, quiz_open)
            write_atomically(path, as_json(results))
        else:
            path.unlink(missing_ok=True)
    return folder


def of_marks(marks: Marks, whole: ClassMarks, autograded: Path, quiz_open: bool) -> Json:
    """The results of a submission with these marks, its words from the graded notebook."""
    tests = []
    for cell in filter(is_graded, nbformat.read(autograded, as_version=4).cells):
        exercise = cell.metadata.nbgrader.grade_id.removesuffix("-test")
        if exercise in marks.exercises:
            score, most = marks.exercises[exercise].score, whole.points[exercise]
            verdict = verdict_in(cell)
            tests.append(_test(exercise, score, most, verdict and marks.on(verdict), whole.notes.get(exercise)))
    remarks = [BEYOND.format(f"{marks.beyond:g}")] * bool(marks.beyond)
    remarks += [f"Handed in late: {marks.penalty:g} points have been taken off."] * bool(marks.penalty)
    return _results(tests, marks.score, remarks, quiz_open)


def of_result(result: Result, *, quiz_open: bool) -> Json:
    """The results of a submission that has just been graded; the quiz question by question where it is open.

    Raises:
        ValueError: it cannot be graded.
    """
    if result.problem:
        raise ValueError(result.problem)
    tests = [_test(each.exercise, each.score, each.max, each) for each in result.verdicts]
    remarks = [BEYOND.format(f"{result.beyond:g}")] * bool(result.beyond)
    return _results(tests, result.score, [*remarks, *result.repairs], quiz_open)


def as_json(results: Json) -> bytes:
    """The bytes of results.json."""
    return (json.dumps(results, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _results(tests: list[Json], score: float, remarks: list[str], quiz_open: bool) -> Json:
    questions = [test for test in tests if test["name"].startswith(QUIZ)]
    exercises = [test for test in tests if test not in questions]
    if questions:
        exercises.append(_quiz(questions, quiz_open))
    for number, test in enumerate(exercises, 1):
        test["number"] = str(number)
    results: Json = {"score": round(max(0.0, score), 4), "output_format": "text", "tests": exercises}
    return results | ({"output": visible("\n".join(remarks))} if remarks else {})


def _test(name: str, score: float, most: float, verdict: Verdict | None, note: str | None = None) -> Json:
    words = " ".join(WORDS[verdict.state]) if verdict else "marked by a person"
    said = visible("\n".join([words, *(verdict.messages if verdict else ()), *filter(None, [note])]))
    test: Json = {"name": name, "output": said, "output_format": "text"}
    if verdict and verdict.state is State.WAITING and not note:
        return test  # Gradescope shows no points beside it; a person gives them in a question of its own there
    status = "passed" if score >= most else "failed"
    return test | {"score": round(score, 4), "max_score": round(most, 4), "status": status}


def _quiz(questions: list[Json], quiz_open: bool) -> Json:
    """The quiz as one test, which names the questions without full marks and the reasons where it is open."""
    wrong = [f"{test['name']}: {test['output']}" for test in questions if test["status"] == "failed"]
    score, most = total(test["score"] for test in questions), total(test["max_score"] for test in questions)
    return {
        "name": "quiz",
        "score": score,
        "max_score": most,
        "status": "failed" if wrong else "passed",
        "output": ("\n".join(wrong) or "All questions are right.") if quiz_open else CLOSED_QUIZ,
        "output_format": "text",
    }
