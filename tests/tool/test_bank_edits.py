"""Samples of the bank that are edits: of the solution, bare or not, of an earlier sample, of another file's, of every style."""

import shutil
from pathlib import Path

import pytest

from autograder.course.assignment import Assignment
from autograder.course.course import Course, CourseError
from autograder.verify.bank import samples
from tests.places import EXAMPLE, table

TABLES = table("tool/bank_edits.toml")
STYLES, FOUND, REFUSED = TABLES["styles"], TABLES["found"], TABLES["refused"]


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
    edit = "# -     return a @ b / lengths\n# +     return a @ b\n\n"
    cells = (f'# %% mistake="product" of="{base}"\n{edit}' for base in ("solution", "bare"))
    [(_, whole), (_, bare)] = read(course, cosine="".join(cells))
    assert whole.startswith('# exercise: cosine\ndef cosine(a, b):\n    """The cosine')
    assert "SOLUTION" not in whole
    assert bare.split("\n")[:2] == ["def cosine(a, b):", "    lengths = np.linalg.norm(a) * np.linalg.norm(b)"]


@pytest.mark.parametrize("name", FOUND)
def test_samples_that_are_edits(name: str, course: Course) -> None:
    case = FOUND[name]
    above = [STYLES[style] for style in case["styles"]]
    found = read(course, cosine="".join([*above, case["cells"]]), moving_average=case.get("later", ""))
    assert found[len(above) :] == [tuple(sample) for sample in case["samples"]]


@pytest.mark.parametrize("name", REFUSED)
def test_an_edit_that_does_not_fit_is_refused_with_the_file(name: str, course: Course) -> None:
    styles, cells, message = REFUSED[name]
    with pytest.raises(CourseError, match=r"cosine\.py: ") as refusal:
        read(course, cosine="".join([*map(STYLES.get, styles), cells]), moving_average=STYLES["unit"])
    assert message in str(refusal.value)
