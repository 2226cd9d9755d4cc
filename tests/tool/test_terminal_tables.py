"""The terminal's tables show what the results say, and nothing in them moves the cursor."""

from io import StringIO

import pytest
from rich.console import Console

from autograder.cli.tables import class_table, promise_table, result_table
from autograder.judging.verdict import State, Verdict
from autograder.verify.promises import Promise
from tests.tool.graded_examples import graded, small_course

HOSTILE = "[red]\x1b[2J\x1b]0;title\x07\x9b1A\u202e[/]\\"


def shown(table, width=200):
    """What a terminal with colours gets."""
    console = Console(file=StringIO(), force_terminal=True, color_system="standard", width=width)
    console.print(table)
    return console.file.getvalue()


@pytest.mark.parametrize("table", [result_table, lambda result: class_table([result], {})])
def test_students_write_no_escapes_on_the_terminal(table, tmp_path):
    verdicts = (Verdict("double", 0.0, 2.0, State.ERROR, (HOSTILE,)),)
    text = shown(table(graded(small_course(tmp_path), HOSTILE, verdicts, repairs=(HOSTILE,))))
    assert "[red]⟨U+001B⟩[2J⟨U+001B⟩]0;title⟨U+0007⟩⟨U+009B⟩1A⟨U+202E⟩[/]\\" in text
    assert not set("\x07\x9b\u202e") & set(text)
    assert "\x1b[2J" not in text
    assert "\x1b]" not in text


def test_promises_show_the_names_as_they_are():
    text = shown(promise_table("hw1", [Promise("kept", "1 of 2", False, (HOSTILE,))]))
    assert "[red]⟨U+001B⟩[2J" in text
    assert "NO" in text


def test_the_class_table_says_how_often_each_has_handed_in(tmp_path):
    result = graded(small_course(tmp_path))
    assert "731" in shown(class_table([result], {"ada": 731}))
