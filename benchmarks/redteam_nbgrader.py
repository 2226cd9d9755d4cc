"""The red team against plain nbgrader: ``python -m benchmarks.redteam nbgrader`` runs this inside bubblewrap.

The tests are hidden cells, as nbgrader's manual says; ``nbgrader autograde`` and ``nbgrader generate_feedback`` do the
rest.
"""

import sys
from collections import Counter
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateFeedback

from autograder.course.course import Course
from benchmarks.redteam_rival import Outcome, convert, serve, template

CELL_SECONDS = 8

GRADED = """# tests of {exercise}
### BEGIN HIDDEN TESTS
from judged import mark
score = mark({exercise!r}, globals())
assert score > 0
score
### END HIDDEN TESTS"""


class Nbgrader:
    """nbgrader with its own steps and no others."""

    modules: tuple[str, ...] = ()

    def prepare(self, root: Path, folder: Path) -> None:
        """A course whose graded cells hold hidden tests."""
        template(root, folder, lambda exercise: GRADED.format(exercise=exercise))

    def grade(self, course: Course, paged: bool) -> None:
        """As ``nbgrader autograde`` and ``nbgrader generate_feedback`` do it."""
        for converter in (Autograde, GenerateFeedback) if paged else (Autograde,):
            try:
                convert(converter, course, ExecutePreprocessor={"timeout": CELL_SECONDS})
            except Exception as error:  # what is left undone is seen in the gradebook
                print(type(error).__name__, str(error)[:200], file=sys.stderr)

    def outcome(self, course: Course, student: str) -> Outcome:
        """The marks in the gradebook, the graded notebook, the feedback page."""
        text = _read(course.autograded / student / "hw14", "*.ipynb")
        return Outcome(marks(course, student), text, _read(course.feedback / student / "hw14", "*.html"))


def marks(course: Course, student: str) -> Counter[str]:
    with Gradebook(course.db_url, course.name) as gradebook:
        try:
            notebook = gradebook.find_submission_notebook("hw14", "hw14", student)
        except MissingEntry:
            return Counter()
        return Counter({grade.name.removesuffix("-test"): grade.score for grade in notebook.grades})


def _read(folder: Path, pattern: str) -> str:
    return "".join(path.read_text(errors="replace") for path in sorted(folder.glob(pattern)))


if __name__ == "__main__":
    serve(Nbgrader(), Path(sys.argv[1]), Path(sys.argv[2]))
