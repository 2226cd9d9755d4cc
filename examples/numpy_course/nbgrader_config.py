"""What `nbgrader …` and formgrader need to know of this course: the same folders and the same steps as `autograder`."""

from pathlib import Path

from autograder.gradebook.settings import configure

c = get_config()  # noqa: F821 (nbgrader provides it)
configure(c, Path(__file__).parent)
