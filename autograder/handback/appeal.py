"""Answers a student who disputes a mark: what is recorded, and what a person needs to see whether it is right.

It tells hidden inputs: what it returns is for instructors.
"""

import difflib
from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.course.assignment import Assignment
from autograder.course.course import Course, CourseError
from autograder.gradebook.marks import graded_copy, recorded_marks
from autograder.grading.classroom import find_submissions, read
from autograder.grading.fingerprint import HALF, fingerprint, judge_hash
from autograder.grading.grade import Evidence, grade_submission
from autograder.grading.judge_process import work_apart
from autograder.grading.worker import Task, sandbox_of
from autograder.ingest import Ungradable
from autograder.judging.account import account
from autograder.judging.verdict import Verdict, verdicts_in


def appeal(course: Course, student: str, name: str, exercise: str) -> dict[str, Any]:
    """The recorded verdict on an exercise, with the account of each of its checks, as JSON values.

    The hand-in is graded again, with the same inputs: those that the course's seed draws for this student.

    Raises:
        CourseError: there is no such assignment, student or exercise, or no mark of this file by these graders.
        SandboxUnavailable, SandboxFailed: it cannot be graded here, now.
    """
    assignment = Assignment.load(course, name)
    _find(exercise, [each for each, _ in assignment.exercises], f"{name} has no exercise {{}}.")
    submissions = {each.student: each for each in find_submissions(course, name)}
    _find(student, submissions, f"Nobody called {{}} has handed in {name}.")
    try:
        task = read(submissions[student])
    except Ungradable as reason:
        raise CourseError(f"{student}: {reason}") from None
    recorded = _recorded(assignment, task, exercise)
    evidence: dict[str, Evidence] = {}
    with sandbox_of(assignment) as sandbox:
        graded = grade_submission(task.data, assignment, student, sandbox, task.filename, evidence)
    if exercise not in evidence:
        raise CourseError(f"Nothing was asked of {exercise}: {' '.join(recorded.messages)}")
    checks = work_apart((exercise, partial(account, *evidence[exercise])))
    again = next(each for each in graded.verdicts if each.exercise == exercise)
    mark = recorded_marks(course, name).submissions[student].exercises[exercise]
    about = {"student": student, "assignment": name, "file": str(submissions[student].path)}
    marks = {"by hand": mark.manual, "graded again": again.score}
    return about | recorded.to_json() | marks | {"checks": checks}


def _find(name: str, known: Iterable[str], sentence: str) -> None:
    """Refuse a name that is not known, with those that are like it."""
    names = list(known)
    if name not in names:
        alike = difflib.get_close_matches(name, names)
        there = f"Did you mean {' or '.join(alike)}?" if alike else f"There are: {', '.join(names[:30]) or 'none'}."
        raise CourseError(f"{sentence.format(repr(name))} {there}")


def _recorded(assignment: Assignment, task: Task, exercise: str) -> Verdict:
    """The verdict that is recorded of the file as it is now."""
    name, student = assignment.name, task.student
    command = f"autograder grade {name}"
    try:
        notebook = graded_copy(assignment.course, student, name)
        about = notebook["metadata"]["autograder"]
        kept, verdict = about["fingerprint"], {each.exercise: each for each in verdicts_in(notebook)}[exercise]
    except (ValueError, LookupError, TypeError):
        raise CourseError(f"{student}'s {name} has not been graded yet: run {command}.") from None
    now = fingerprint(judge_hash(assignment), student, task.filename, task.data)
    if kept[HALF:] != now[HALF:]:
        raise CourseError(f"{student}'s file has changed since its mark was given: {command} grades what is there now.")
    if kept[:HALF] != now[:HALF]:
        message = f"The graders (judges, solution, tool or libraries) have changed since {student}'s mark was given: run {command}, which gives new marks to whom it concerns, then ask again."
        raise CourseError(message)
    if about["problem"]:
        raise CourseError(f"{student}'s {name} could not be graded: {about['problem']}")
    return verdict
