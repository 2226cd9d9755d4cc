"""Results as Gradescope's results.json.

Its specification (gradescope-autograders.readthedocs.io, “Autograder Specifications”): ``score`` overrides the sum of
the tests; of a test ``score`` and ``max_score`` in points, ``status`` passed or failed, ``name``, ``number`` and
``output``, which is said to be plain text, so that nothing of a student's is ever markup.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.utils import is_grade

from autograder.course.course import Course
from autograder.files import write_atomically
from autograder.gradebook.annotation import VERDICT_TYPE, WORDS
from autograder.grading.result import QUIZ, Graded, total
from autograder.judging.verdict import State
from autograder.render.sanitise import visible

Results = dict[str, Any]


def export(course: Course, name: str, folder: Path) -> Path:
    """Write STUDENT.json below a folder for every submission; marks by hand and late penalties are in them.

    A submission that waits for a person has no file: Gradescope would show it as graded.

    Raises:
        MissingEntry: the gradebook does not know the assignment.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with Gradebook(course.db_url, course.name) as gradebook:
        for submission in gradebook.find_assignment(name).submissions:
            path = folder / submission.student.id / "results.json"
            results = of_submission(submission, course.autograded / submission.student.id / name / f"{name}.ipynb")
            if results is None:
                path.unlink(missing_ok=True)
                continue
            path.parent.mkdir(exist_ok=True)
            write_atomically(path, as_json(results))
    return folder


def of_submission(submission: SubmittedAssignment, autograded: Path) -> Results | None:
    """The results of a graded submission, its words from the autograded notebook; None while a mark is wanting."""
    grades = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
    if not grades or any(each.auto_score is None and each.manual_score is None for each in grades.values()):
        return None
    cells = [cell for cell in nbformat.read(autograded, as_version=4).cells if is_grade(cell)]
    tests = [
        _test(
            cell.metadata.nbgrader.grade_id.removesuffix("-test"),
            grades[cell.metadata.nbgrader.grade_id].score,
            float(cell.metadata.nbgrader.points),
            *_said(cell),
        )
        for cell in cells
        if cell.metadata.nbgrader.grade_id in grades
    ]
    penalty = submission.late_submission_penalty or 0.0
    late = f"Handed in late: {penalty:g} points have been taken off." if penalty else ""
    return _results(tests, submission.score - penalty, [late] if late else [])


def of_graded(graded: Graded) -> Results:
    """The results of what has just been graded.

    Raises:
        ValueError: it cannot be graded, so that there are no results.
    """
    if graded.problem:
        raise ValueError(graded.problem)
    tests = [_test(each.exercise, each.score, each.max, each.state, each.messages) for each in graded.verdicts]
    return _results(tests, graded.score, list(graded.repairs))


def as_json(results: Results) -> bytes:
    """The bytes of results.json."""
    return (json.dumps(results, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _results(tests: list[Results], score: float, remarks: list[str]) -> Results:
    questions = [test for test in tests if test["name"].startswith(QUIZ)]
    exercises = [test for test in tests if test not in questions]
    if questions:
        exercises.append(_quiz(questions))
    for number, test in enumerate(exercises, 1):
        test["number"] = str(number)
    results: Results = {"score": round(max(0.0, score), 4), "output_format": "text", "tests": exercises}
    return results | ({"output": visible("\n".join(remarks))} if remarks else {})


def _test(name: str, score: float, most: float, state: State | None, messages: Iterable[str]) -> Results:
    words = f"{WORDS[state][0]} {WORDS[state][1]}" if state else "marked by a person"
    return {
        "name": name,
        "score": round(score, 4),
        "max_score": round(most, 4),
        "status": "passed" if score >= most else "failed",
        "output": visible("\n".join([words, *messages])),
        "output_format": "text",
    }


def _quiz(questions: list[Results]) -> Results:
    """The quiz as one test, which says for which questions there are no marks."""
    wrong = [test["name"].removeprefix(QUIZ) for test in questions if test["status"] == "failed"]
    score, most = total(test["score"] for test in questions), total(test["max_score"] for test in questions)
    return {
        "name": "quiz",
        "score": score,
        "max_score": most,
        "status": "failed" if wrong else "passed",
        "output": f"Not right yet: {', '.join(wrong)}" if wrong else "All questions are right.",
        "output_format": "text",
    }


def _said(cell: NotebookNode) -> tuple[State | None, list[str]]:
    """The state and the messages that annotate left in a graded cell."""
    for output in cell.get("outputs", []):
        verdict = output.get("data", {}).get(VERDICT_TYPE)
        if verdict:
            return State(verdict["state"]), list(verdict["messages"])
    return None, []
