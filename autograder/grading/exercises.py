"""The exercises of an assignment as their judges see them."""

from functools import cache

import numpy as np

from autograder.course.assignment import Assignment
from autograder.course.course import CourseError
from autograder.course.quiz import Question, Quiz
from autograder.judging.exercise import Case, Check, Exercise, Tree
from autograder.judging.modules import JudgeError, judges


@cache
def exercises_of(assignment: Assignment) -> tuple[Exercise, ...]:
    """The exercises of an assignment that have a judge or a key, in the notebook's order.

    Raises:
        CourseError: the notebook, the judges and the probes do not have the same exercises.
    """
    course, name = assignment.course, assignment.name
    try:
        known = judges(course.judges(name))
    except JudgeError as error:
        raise CourseError(str(error)) from None
    for exercise, judge in known.items():
        probe = course.probes(name) / f"{exercise}.py"
        if not judge.plain_call and not probe.is_file():
            raise CourseError(f"{name}: {exercise} has a judge, but no probe: there is no {probe}.")
    file = course.quiz_file(name)
    known |= {each.id: each for each in quiz_exercises(Quiz.load(file))} if file else {}
    asked = [exercise for exercise, _ in assignment.exercises if exercise not in assignment.written]
    unjudged, unasked = (", ".join(sorted(odd)) for odd in (set(asked) - set(known), set(known) - set(asked)))
    if unjudged:
        raise CourseError(f"{name}: the notebook asks {unjudged}, which has no judge ID.py in {course.judges(name)}.")
    if unasked:
        message = f"{name}: {unasked} has a judge, but no graded cell in the notebook that was built last: run `autograder build {name}`; the cell's grade_id is the id and `-test`."
        raise CourseError(message)
    return tuple(known[exercise] for exercise in asked)


def quiz_exercises(quiz: Quiz) -> list[Exercise]:
    """One exercise per question; what crosses the sandbox's wall is the variable's name, never the key."""
    return [_exercise(question) for question in quiz.questions]


def _exercise(question: Question) -> Exercise:
    def draw(_: np.random.Generator) -> list[Case]:
        return [Case("chosen", {"variable": question.variable})]

    def complaint(_: Tree, outputs: Tree) -> str | None:
        chosen = outputs.get("chosen")
        if not isinstance(chosen, list) or not all(isinstance(letter, str) for letter in chosen):
            return "the chosen letters could not be read."
        return None if set(chosen) == question.key else "not all and only the right options."

    title = f"Question {question.number} ({question.topic})"
    check = Check("chosen", title, share=1.0, cases=("chosen",), complaint=complaint, fixed=True)
    return Exercise(question.id, draw, (check,))
