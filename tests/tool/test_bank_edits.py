"""Samples of the bank that are edits: of the solution, bare or not, of an earlier sample, of another file's, of every style."""

import shutil
from pathlib import Path

import pytest

from autograder.course.assignment import Assignment
from autograder.course.course import Course, CourseError
from autograder.verify.bank import samples
from tests.places import EXAMPLE

UNIT = '# %% style="unit"\ndef cosine(a, b):\n    lengths = 1\n    return a @ b / lengths\n\n'
LOOP = '# %% style="loop"\ndef cosine(a, b):\n    return sum(a * b)\n\n'
NO_DIVISION = "# -     return a @ b / lengths\n# +     return a @ b\n\n"
NAMED = NO_DIVISION.replace("a @ b\n", "a @ b  # x\n")
PRODUCT = "def cosine(a, b):\n    lengths = 1\n    return a @ b"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The NumPy course, whose exercises are ``cosine`` and ``moving_average``, with an empty bank."""
    shutil.copytree(EXAMPLE.root, tmp_path / "course")
    course = Course.at(tmp_path / "course")
    for path in course.bank("arrays").glob("*.py"):
        path.unlink()
    return course


def read(course: Course, **bank: str) -> list[tuple[str, str]]:
    """Name and source of each sample of such a bank, by exercise."""
    for exercise, cells in bank.items():
        (course.bank("arrays") / f"{exercise}.py").write_text(cells, encoding="utf-8")
    return [(sample.name, sample.source) for sample in samples(Assignment.load(course, "arrays"))]


def test_an_edit_of_the_bare_solution_has_no_docstring_and_no_marker(course: Course) -> None:
    cells = (f'# %% mistake="product" of="{base}"\n{NO_DIVISION}' for base in ("solution", "bare"))
    [(_, whole), (_, bare)] = read(course, cosine="".join(cells))
    assert whole.startswith('# exercise: cosine\ndef cosine(a, b):\n    """The cosine')
    assert "SOLUTION" not in whole
    assert bare.split("\n")[:2] == ["def cosine(a, b):", "    lengths = np.linalg.norm(a) * np.linalg.norm(b)"]


def test_an_edit_of_every_style_that_has_the_lines_and_one_of_an_earlier_file(course: Course) -> None:
    styles = f'{UNIT}{LOOP}# %% mistake="product" of="*"\n{NO_DIVISION}'
    found = read(course, cosine=styles, moving_average=f'# %% nothing="product" of="cosine/unit"\n{NO_DIVISION}')
    assert found[2:] == [("product", PRODUCT)] * 2


def test_other_lines_in_the_place_that_the_sample_above_edits(course: Course) -> None:
    found = read(
        course,
        cosine=f'{UNIT}# %% mistake="product" of="unit"\n{NO_DIVISION}\n# %% nothing="zero" of="^"\n# +     return 0',
    )
    assert found[1:] == [("product", PRODUCT), ("zero", PRODUCT.replace("a @ b", "0"))]


def test_a_table_of_samples_with_an_edit_each(course: Course) -> None:
    gone = '# %% nothings of="unit"\n# -     lengths = 1\n# +  # gone\n'
    rows = "# -     return a @ b / lengths\n# +     a = 0  # 0\n# +     a = 0\n# +     return a  # zero\n\n"
    found = read(course, cosine=f'{UNIT}{gone}{rows}# %% mistakes of="^"\n# +     return a @ b    # product')
    gone, zero = found[0][1].replace("\n    lengths = 1", ""), PRODUCT.replace("return a @ b", "a = 0")
    assert found[1:] == [("gone", gone), ("0", zero), ("zero", f"{zero}\n    return a"), ("product", PRODUCT)]


def test_rows_of_several_edits_one_of_another_sample_one_in_the_places_of_the_row_above(course: Course) -> None:
    rows = "# -     lengths = 1\n# +     lengths = 2\n# ...\n# -     return a @ b / lengths\n# +     return a  # x\n"
    rows += '# +     lengths = 3\n# ...\n# +     return b  # y\n# -     lengths = 2\n# ...\n# -     return a\n# +  # z of="x"'
    lines = ("    lengths = 2\n    return a", "    lengths = 3\n    return b")
    found = read(course, cosine=f'{UNIT}# %% mistakes of="unit"\n{rows}')
    head = "def cosine(a, b):"
    assert found[1:] == [("x", f"{head}\n{lines[0]}"), ("y", f"{head}\n{lines[1]}"), ("z", head)]


def test_the_second_sample_of_a_name_and_several_edits_of_it_one_with_a_line_that_stays(course: Course) -> None:
    again = (
        '# %% mistake="other" of="unit 2"\n# - def cosine(a, b):\n# + def cosine(x, y):\n# ...\n# -     lengths = 2\n'
        "#       return a @ b / lengths\n# +     # never reached\n"
    )
    found = read(course, cosine=UNIT + UNIT.replace("= 1", "= 2") + again)
    assert found[2] == ("other", "def cosine(x, y):\n    return a @ b / lengths\n    # never reached")


def test_pieces_of_lines_one_of_them_gone(course: Course) -> None:
    pieces = '# %% mistake="product" of="unit"\n# ~ = 1 => = 23\n# ~ 3 =>\n# ~ @ b / lengths => @ b'
    found = read(course, cosine=f"{UNIT}{pieces}")
    assert found[1:] == [("product", PRODUCT.replace("= 1", "= 2"))]


def test_pieces_in_a_table_leave_the_old_lines_of_the_row_above(course: Course) -> None:
    rows = "# -     return a @ b / lengths\n# +     return a  # a\n# ~ cosine => sine\n# ~ 1 => 2  # sine\n"
    rows += '# ~ sum(a * b) =>    # nothing of="loop"\n# +     return b  # b\n\n'
    found = read(
        course, cosine=f'{UNIT}{LOOP}# %% mistakes of="unit"\n{rows}# %% nothings of="^"\n# +     return 0  # 0'
    )
    lines = [PRODUCT.replace("a @ b", new) for new in ("a", "b", "0")]
    sine = "def sine(a, b):\n    lengths = 2\n    return a @ b / lengths"
    nothing = "def cosine(a, b):\n    return "
    assert found[2:] == [("a", lines[0]), ("sine", sine), ("nothing", nothing), ("b", lines[1]), ("0", lines[2])]


def test_a_piece_of_every_style_that_has_it_once(course: Course) -> None:
    twice = UNIT.replace("a @ b", "a @ b + a @ b")
    found = read(course, cosine=f'{UNIT}{LOOP}{twice}# %% mistake="sum" of="*"\n# ~ a @ b => a + b')
    assert found[3:] == [("sum", UNIT.split("\n", 1)[1].strip().replace("@", "+"))]


TWICE = '# %% style="twice"\na = 1\nb = 2\na = 1\n\n'
REFUSED = {
    "no such base": ('# %% mistake="x" of="unit"\n# - a', "'x' is an edit of 'unit', of which there is none above it"),
    "of a later file": (f'# %% mistake="x" of="moving_average/unit"\n{NO_DIVISION}', "of which there is none above it"),
    "nothing edited above": (
        f'{UNIT}# %% nothing="x" of="^"\n# + 0',
        "is an edit of '^', of which there is none above",
    ),
    "no style fits": (f'{LOOP}# %% mistake="x" of="*"\n{NO_DIVISION}', "'x' of=\"*\" fits no style above it"),
    "lines that are not there": (f'{LOOP}# %% mistake="x" of="loop"\n{NO_DIVISION}', "once, but occurs 0 times"),
    "lines that occur twice": (f'{TWICE}# %% mistake="x" of="twice"\n# - a = 1', "once, but occurs 2 times"),
    "a piece that is there twice": (
        f'{TWICE}# %% mistake="x" of="twice"\n# ~ a = => b =',
        "this should occur once, but occurs 2 times:\na =",
    ),
    "a piece without an arrow": (
        f'{UNIT}# %% mistake="x" of="unit"\n# ~ lengths',
        "'# ~ OLD => NEW' only:\n# ~ lengths",
    ),
    "a piece among old lines": (
        f'{UNIT}# %% mistake="x" of="unit"\n{NO_DIVISION.strip()}\n# ~ 1 => 2',
        "NEW' only:\n# -",
    ),
    "a last row without a name": (f'{UNIT}# %% mistakes of="unit"\n{NO_DIVISION}', "must end with its name:"),
    "a row without a name": (f'{UNIT}# %% styles of="unit"\n{NO_DIVISION.strip()}\n{NAMED}', "must end with its name:"),
    "a table without rows": (f'{UNIT}# %% nothings of="unit"\n# - a', "must end with its name:"),
    "no kind": ("# %%\ndef cosine(a, b):\n    return 0", "a cell's header must say one of mistake, style, nothing"),
}


@pytest.mark.parametrize(("cells", "message"), REFUSED.values(), ids=list(REFUSED))
def test_an_edit_that_does_not_fit_is_refused_with_the_file(cells: str, message: str, course: Course) -> None:
    with pytest.raises(CourseError, match=r"cosine\.py: ") as refusal:
        read(course, cosine=cells, moving_average=UNIT)
    assert message in str(refusal.value)
