"""The quiz: its file, its cells, and what students get of them."""

import ast
import re
from collections import Counter
from pathlib import Path
from statistics import median

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.course.quiz import Quiz, QuizError, question_cells, without_choices
from autograder.gradebook.release_stubs import ReleaseStubs
from tests.course.quiz_reference import QUIZ, ROOT
from tests.places import table

METHODS = dict.fromkeys(["EWC", "MAS", "SI", "RWalk", "SCP"], 3)
OTHERS = dict.fromkeys(["Scenarios", "LwF", "iCaRL", "GEM", "A-GEM", "DGR"], 1)
TOPICS = {"Basics": 4, **METHODS, **OTHERS}
POINTS = 0.4
QUESTION_IDS = [question.id for question in QUIZ.questions]


def notebook(solved: bool) -> nbformat.NotebookNode:
    cells = [cell for question in QUIZ.questions for cell in question_cells(question, POINTS, solved)]
    result = nbformat.v4.new_notebook(cells=cells)
    result.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return result


def ticked(source: str) -> dict[str, bool]:
    """What the variable of a choice cell holds once the cell has run."""
    names: dict[str, dict[str, bool]] = {}
    exec(source, names)
    return next(value for name, value in names.items() if re.fullmatch(r"quiz_\d\d", name))


def test_there_are_25_questions_on_the_topics_of_the_homework() -> None:
    assert [f"quiz-{number:02d}" for number in range(1, 26)] == QUESTION_IDS
    assert Counter(question.topic for question in QUIZ.questions) == TOPICS


def test_every_option_has_a_text_of_its_own() -> None:
    options = [(option.text, question.id) for question in QUIZ.questions for option in question.options]
    texts = Counter((text, where) if re.fullmatch(r"[\d.]+", text) else text for text, where in options)
    assert max(texts.values()) == 1


def test_no_rule_of_thumb_passes_the_quiz() -> None:
    """Ticking everything, one letter, or by the length of the options gets far less than half of the questions."""
    rules = {
        "all": lambda question: frozenset(option.letter for option in question.options),
        "longest": lambda question: frozenset(max(question.options, key=lambda option: len(option.text)).letter),
        "longer half": lambda question: frozenset(
            option.letter
            for option in question.options
            if len(option.text) >= median(len(other.text) for other in question.options)
        ),
    } | {letter: lambda question, letter=letter: frozenset(letter) for letter in "ABCDE"}
    passed = {name: sum(rule(question) == question.key for question in QUIZ.questions) for name, rule in rules.items()}
    assert max(passed.values()) <= 5, passed


def test_letters_and_numbers_of_right_options_vary() -> None:
    for letter in "ABCDE":
        offered = [each for each in QUIZ.questions if letter in {option.letter for option in each.options}]
        share = sum(letter in question.key for question in offered) / len(offered)
        assert 0.3 < share < 0.7, letter
    counts = Counter(len(question.key) for question in QUIZ.questions)
    assert len(counts) >= 4
    assert max(counts.values()) < len(QUIZ.questions) / 2 + 1


def test_right_options_are_no_longer_than_wrong_ones() -> None:
    lengths = {
        right: [len(option.text) for question in QUIZ.questions for option in question.options if option.right is right]
        for right in (True, False)
    }
    assert 0.8 < median(lengths[True]) / median(lengths[False]) < 1.25


def test_every_proof_is_a_test_and_every_proving_test_is_named() -> None:
    tests = {
        node.name
        for path in (ROOT / "tests" / "course").glob("test_quiz_proofs_*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and re.match(r"test_quiz_\d\d_", node.name)
    }
    proofs = {question.proof: question for question in QUIZ.questions if question.proof}
    assert tests == set(proofs)
    assert all(name.startswith(f"test_{question.variable}_") for name, question in proofs.items())
    assert len(proofs) >= 15


@pytest.mark.parametrize("solved", [True, False])
def test_cells_are_valid_and_read_back_as_they_were(solved: bool) -> None:
    made = notebook(solved)
    nbformat.validate(made)
    MetadataValidator().validate_nb(made)
    text = nbformat.writes(made)
    assert nbformat.writes(nbformat.reads(text, as_version=4)) == text
    assert nbformat.writes(notebook(solved)) == text


def test_graded_cells_carry_the_points() -> None:
    graded = [cell for cell in notebook(True).cells if cell.metadata["nbgrader"]["grade"]]
    assert sum(cell.metadata["nbgrader"]["points"] for cell in graded) == pytest.approx(10)
    assert [cell.source for cell in graded] == [f'check("{identity}")' for identity in QUESTION_IDS]
    assert all(cell.metadata["nbgrader"]["locked"] for cell in graded)


def test_a_question_shows_its_text_and_all_options_but_no_reason() -> None:
    for question in QUIZ.questions:
        shown = question_cells(question, POINTS, solved=True)[0].source
        assert shown.startswith(f"### Question {question.number} · {question.topic}\n\n{question.text}\n\n- **A.** ")
        for option in question.options:
            assert f"- **{option.letter}.** {option.text}" in shown
            assert option.why not in shown


def test_the_solved_cells_hold_the_key() -> None:
    for question in QUIZ.questions:
        chosen = ticked(question_cells(question, POINTS, solved=True)[1].source)
        assert {letter for letter, value in chosen.items() if value} == question.key
        assert list(chosen) == [option.letter for option in question.options]


def test_the_choice_cell_is_a_form_in_colab() -> None:
    assert question_cells(QUIZ["quiz-05"], POINTS, solved=True)[1].source == (
        "# exercise: quiz-05\n"
        'A = False  #@param {type:"boolean"}\n'
        'B = False  #@param {type:"boolean"}\n'
        'C = True  #@param {type:"boolean"}\n'
        'D = False  #@param {type:"boolean"}\n'
        'quiz_05 = {"A": A, "B": B, "C": C, "D": D}'
    )


def test_the_release_has_the_questions_and_not_the_key() -> None:
    released, _ = ReleaseStubs().preprocess(notebook(True), {})
    assert nbformat.writes(released) == nbformat.writes(notebook(False))
    assert "True" not in "".join(cell.source for cell in released.cells if cell.cell_type == "code")


@pytest.mark.parametrize(
    "source",
    [
        '# exercise: quiz-05\nquiz_05 = {"A": True, "B": False}',
        '# exercise: quiz-05\nA = True\nquiz_05 = {"A": A}',
        '# exercise: quiz-05\nA = False  #@param {type:"boolean"}\nquiz_05 = {"A": A, "B": True}',
        '# exercise: quiz-05\nquiz_05 = {"B"}',
    ],
)
def test_a_cell_whose_key_cannot_be_cleared_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="cannot be cleared"):
        without_choices(source)


GOOD, FAULTS = table("course/quiz_faults.toml").values()


def test_a_small_file_loads(tmp_path: Path) -> None:
    path = tmp_path / "quiz.toml"
    path.write_text(GOOD)
    question = Quiz.load(path)["quiz-01"]
    assert (question.number, question.variable, question.key, question.proof) == (1, "quiz_01", {"A"}, "")
    with pytest.raises(KeyError):
        Quiz.load(path)["quiz-02"]
    path.write_text("")
    with pytest.raises(QuizError, match="'questions' is a required property"):
        Quiz.load(path)


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_file_is_refused_with_what_is_wrong(name: str, tmp_path: Path) -> None:
    path, (old, new, message) = tmp_path / "quiz.toml", FAULTS[name].values()
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(QuizError, match=message):
        Quiz.load(path)
