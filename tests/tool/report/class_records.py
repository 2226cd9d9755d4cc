"""Classes that never were, for tests of the report."""

from pathlib import Path

from bs4 import BeautifulSoup

from autograder.course.quiz import Quiz
from autograder.handback.report.page import render
from autograder.handback.report.recorded import ClassRecord, Entry
from autograder.judging.verdict import CheckResult, State, Verdict

EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def entry(student, *marks, items=("one", "two", "three"), **options):
    return Entry(student, "", dict(zip(items, marks, strict=True)), **options)


def verdict(state, message="", mistakes=None):
    checks = tuple(CheckResult(name, name, 0.5, False, words, name) for name, words in (mistakes or {}).items())
    return Verdict("two", 0.0, 10.0, state, (message,), checks)


def class_of(*entries, worth=10.0, absent=()):
    return ClassRecord("hw1", "HW 1", dict.fromkeys(entries[0].marks, worth) if entries else {}, entries, absent)


NO_QUIZ = Quiz(())


def page_of(record, quiz=NO_QUIZ, links=None):
    return BeautifulSoup(render(record, quiz, None, links or {}, Path("report/hw1.html"), "submitted"), "html.parser")


def words(element):
    return " ".join(element.get_text(" ").split())


def answer(**ticks):
    letters = dict.fromkeys("ABCD", False) | ticks
    lines = [f"{letter} = {value}  #@param" for letter, value in letters.items()]
    ticked = ", ".join(f'"{letter}": {letter}' for letter in letters)
    return "\n".join([*lines, f"quiz_01 = {{{ticked}}}"])


def answered(student, score, source, state=State.WRONG):
    told = {"quiz-01": Verdict("quiz-01", 0.0, 0.5, state)}
    return Entry(student, "", {"double": score, "quiz-01": 0.0}, verdicts=told, answers={"quiz-01": source})
