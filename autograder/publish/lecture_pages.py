"""A lecture as two files that need no server: a page to read and slides."""

from pathlib import Path

from autograder.course.course import Course
from autograder.course.lecture import executed, lecture_notebook
from autograder.files import write_atomically
from autograder.render.notebook import page, slides


def convert(course: Course, name: str, folder: Path) -> list[Path]:
    """Run a lecture; write NAME.html, a page, and NAME.slides.html into a folder; they load nothing from anywhere.

    Raises:
        CourseError: no such lecture.
        LectureError: it does not run without an error or a warning.
    """
    notebook = executed(lecture_notebook(course, name), course)
    texts = {folder / f"{name}.html": page(notebook), folder / f"{name}.slides.html": slides(notebook)}
    for path, text in texts.items():
        write_atomically(path, text.encode())
    return list(texts)
