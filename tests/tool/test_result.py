"""The result of grading: its totals and its JSON."""

import json

from autograder.grading.result import Result
from autograder.judging.verdict import State, Verdict
from tests.tool.graded_examples import RIGHT, WRONG, graded, small_course, ungradable

NOTHING = {"message": "", "mistake": None}


def test_json_has_every_check_and_the_quizs_questions_inside_the_quiz(tmp_path):
    result = graded(small_course(tmp_path), repairs=("One cell was doubled.",)).to_json()
    assert json.loads(json.dumps(result)) == result
    assert list(result) == ["assignment", "student", "score", "max", "repairs", "exercises"]
    assert (result["score"], result["max"], result["repairs"]) == (3.83, 7.0, ["One cell was doubled."])
    assert list(result["exercises"]) == ["double", "slices", "last", "quiz"]
    unwritten = {"state": "missing", "messages": ["This exercise has not been written yet."]}
    assert result["exercises"]["last"] == {"score": 0.0, "max": 1.0, **unwritten, "checks": []}
    kept, broken = result["exercises"]["slices"]["checks"]
    assert kept == {"name": "value", "title": "the right value", "share": 0.44, "passed": True} | NOTHING
    assert (broken["share"], broken["message"], broken["mistake"]) == (0.56, "…", "one-slice")
    quiz = result["exercises"]["quiz"]
    assert (quiz["score"], quiz["max"], quiz["state"]) == (0.5, 1.0, "partial")
    states = {name: each["state"] for name, each in quiz["questions"].items()}
    assert states == {"quiz-01": "correct", "quiz-02": "wrong"}


def test_points_add_up_as_on_paper():
    questions = tuple(Verdict(f"quiz-{number:02d}", 0.4, 0.4, State.CORRECT) for number in range(1, 26))
    result = Result("hw", "ada", None, questions)
    assert (result.score, result.max) == (10.0, 10.0)
    assert result.to_json()["exercises"]["quiz"]["state"] == "correct"


def test_the_quiz_has_the_state_that_its_questions_share():
    def state(*verdicts):
        return Result("hw", "ada", None, verdicts).to_json()["exercises"]["quiz"]["state"]

    missing = Verdict("quiz-03", 0.0, 0.5, State.MISSING)
    assert state(missing) == "missing"
    assert state(WRONG, missing) == "wrong"
    assert state(RIGHT, missing) == "partial"


def test_the_reason_is_told_where_nothing_could_be_graded(tmp_path):
    result = ungradable(small_course(tmp_path)).to_json()
    assert result["problem"].startswith("The file is a PDF")
    assert {each["state"] for each in result["exercises"].values()} == {"ungradable"}
