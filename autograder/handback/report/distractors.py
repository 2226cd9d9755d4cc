"""Distractor analysis: which options of each question were chosen, by the class and by its upper and lower third."""

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.course.quiz import Option, Question, Quiz
from autograder.grading.result import total
from autograder.handback.report.items import thirds
from autograder.handback.report.recorded import ClassRecord, Entry
from autograder.judging.verdict import State
from autograder.sandbox.inside.quiz import letters

NOTICEABLE = 0.1
"""Difference between the shares of two thirds from which an option is remarked on."""

FEWEST = 10
"""In thirds of fewer students no option is remarked on."""


@dataclass(frozen=True)
class Choice:
    """How often one option was chosen.

    Attributes:
        option: the option.
        students: who chose it.
        share: of the class, in [0, 1].
        lower: of the lower third, in [0, 1]; None where there are no thirds.
        upper: of the upper third; as ``lower``.
        remark: what stands out; empty where nothing does.
    """

    option: Option
    students: tuple[str, ...]
    share: float
    lower: float | None
    upper: float | None
    remark: str


@dataclass(frozen=True)
class Answers:
    """How one question was answered.

    Attributes:
        question: the question.
        read: how many answers could be read; the figures are about these.
        blank: how many of these chose nothing.
        unread: whose answers were not written as the question's own cell writes them.
        choices: one per option, in the options' order; empty where no answer could be read.
        wrong: the most frequent wrong answer, its letters in order, and how many gave it; None where there is none.
    """

    question: Question
    read: int
    blank: int
    unread: tuple[str, ...]
    choices: tuple[Choice, ...]
    wrong: tuple[str, int] | None


def distractors(record: ClassRecord, quiz: Quiz) -> list[Answers]:
    """The answers to every question that the gradebook has, in order; submissions without marks are left out."""
    questions = [question for question in quiz.questions if question.id in record.items]
    split = thirds(record.marked)
    return [_answers(question, record.marked, split) for question in questions]


def _answers(question: Question, entries: Sequence[Entry], split: tuple[list[Entry], list[Entry]] | None) -> Answers:
    chosen = {entry.student: choice(entry, question) for entry in entries}
    read = {student: letters for student, letters in chosen.items() if letters is not None}
    groups = [[entry.student for entry in group if entry.student in read] for group in split] if split else []
    wrong = Counter(letters for letters in read.values() if letters and letters != question.key)
    ranked = sorted(wrong.items(), key=lambda found: (-found[1], sorted(found[0])))
    unread = tuple(student for student, letters in chosen.items() if letters is None)
    choices = tuple(_choice(option, read, groups) for option in question.options) if read else ()
    most = (", ".join(sorted(ranked[0][0])), ranked[0][1]) if ranked else None
    return Answers(question, len(read), sum(not letters for letters in read.values()), unread, choices, most)


def _choice(option: Option, read: dict[str, frozenset[str]], groups: Sequence[Sequence[str]]) -> Choice:
    students = tuple(student for student, letters in read.items() if option.letter in letters)
    lower, upper = None, None
    if groups and all(groups):
        lower, upper = (sum(option.letter in read[each] for each in group) / len(group) for group in groups)
    remark = ""
    if lower is not None and upper is not None and min(map(len, groups)) >= FEWEST:
        remark = _remark(option.right, students, lower, upper)
    return Choice(option, students, len(students) / len(read), lower, upper, remark)


def _remark(right: bool, students: Sequence[str], lower: float, upper: float) -> str:
    if not students:
        return "Right, but nobody chose it: is it as you mean it?" if right else ""
    if right and lower - upper > NOTICEABLE:
        return "Right, but the stronger choose it less: is it as you mean it?"
    if not right and upper - lower > NOTICEABLE:
        return "Wrong, but the stronger choose it more: is its wording open to another reading?"
    return ""


def choice(entry: Entry, question: Question) -> frozenset[str] | None:
    """The letters that a student chose; None where the answer is not written as the question's cell writes it.

    The cell is read and not run. What is read has to agree with what the judge, who had it run, said of it.
    """
    verdict = entry.verdicts.get(question.id)
    if verdict is None:
        return None
    if verdict.state is State.CORRECT:
        return question.key
    if verdict.state is State.MISSING:
        return frozenset()
    chosen = _letters(entry.answers.get(question.id, ""), question.variable)
    options = {option.letter for option in question.options}
    return chosen if chosen and chosen <= options and chosen != question.key else None


def _letters(source: str, variable: str) -> frozenset[str] | None:
    """What a cell of plain assignments leaves in ``variable``: the ticked keys of a dict, or letters in a row."""
    names: dict[str, object] = {}
    try:
        for statement in ast.parse(source).body:
            if isinstance(statement, ast.Assign):
                names |= {target.id: _value(statement.value, names) for target in map(_name, statement.targets)}
            elif not isinstance(statement, ast.Expr):
                return None
        return frozenset(letters(names[variable], variable))
    except (SyntaxError, ValueError, TypeError, KeyError, RecursionError, MemoryError):
        return None


def _name(target: ast.expr) -> ast.Name:
    if not isinstance(target, ast.Name):
        raise ValueError("only names are assigned to")
    return target


def _value(node: ast.expr, names: dict[str, object]) -> object:
    """A literal, in which names stand for what was assigned to them; ValueError or KeyError for anything else."""
    if isinstance(node, ast.Name):
        return names[node.id]
    if isinstance(node, ast.Dict):
        keys = [_value(key, names) for key in node.keys if key is not None]
        return dict(zip(keys, (_value(value, names) for value in node.values), strict=True))
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [_value(element, names) for element in node.elts]
    if isinstance(node, ast.Constant):
        return node.value
    raise ValueError("only literals are read")


def right_share(answers: Answers, record: ClassRecord) -> float | None:
    """The share of the marked submissions that have full marks in a question, in [0, 1]; None without any."""
    marks = [entry.marks.get(answers.question.id) for entry in record.marked]
    known = [mark for mark in marks if mark is not None]
    full = record.items[answers.question.id]
    return total(mark >= full for mark in known) / len(known) if known else None
