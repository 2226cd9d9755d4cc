"""What `nbgrader …` and formgrader need to know of this course: the same folders and the same steps as `autograder`."""

from pathlib import Path

from autograder.course import Course
from autograder.plugin import configure

c = get_config()  # noqa: F821 (nbgrader provides it)

# Folders, gradebook and the steps of generate_assignment: as course.toml and autograder/course.py have them.
c.merge(Course.at(Path(__file__).parent).config())

# nbgrader autograde: the notebook is rebuilt from the course's own copy, run in the sandbox and judged; the verdicts
# are written as the graded cells' outputs. nbgrader generate_feedback and export: the same safe pages and CSV.
configure(c)
