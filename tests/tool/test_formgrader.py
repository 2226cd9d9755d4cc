"""A written question from build to feedback, marked in a real formgrader in a real browser."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

import nbformat
import pytest

from autograder.course.assignment import Assignment
from tests.places import EXAMPLE, written
from tests.processes import command, wait_for

check = pytest.importorskip("autograder.publish.site.check", reason="needs pip install -e '.[site]'")


@contextmanager
def formgrader(folder: Path, own: Path) -> Iterator[str]:
    """Jupyter's server in a course's folder: the address of formgrader's list of submissions; its own files lie in ``own``."""
    line = [sys.executable, "-m", "jupyter", "server", "--port=0", "--no-browser", "--allow-root"]
    environment = os.environ | {f"JUPYTER_{each}_DIR": str(own / each) for each in ("CONFIG", "RUNTIME")}
    with subprocess.Popen(line, cwd=folder, env=environment) as server:
        try:
            assert wait_for(lambda: server.poll() is not None or any(own.glob("RUNTIME/jpserver-*.html")))
            about = json.loads(next(own.glob("RUNTIME/jpserver-*.json")).read_text())
            yield f"{about['url']}login?token={about['token']}&next=/formgrader/gradebook/arrays/arrays"
        finally:
            server.terminate()


def mark(page: Any, student: str, points: str, comment: str) -> None:
    """From the list of submissions, names shown, to a student's; type points and a comment below the written answer."""
    page.click(f"td >> text={student}")
    page.wait_for_selector("#best_step.needs_manual_grade")
    for field, what, typed in (("", "grade", points), ("-comment", "comment", comment)):
        with page.expect_response(lambda answer, of=f"/api/{what}/": of in answer.url):
            page.fill(f"#best_step{field}", typed)
            page.press(f"#best_step{field}", "Tab")


@pytest.mark.heavy
@pytest.mark.skipif(not any(map(which, check.BROWSERS)), reason="there is no Chromium")
def test_a_person_marks_a_written_answer(tmp_path: Path) -> None:
    course = EXAMPLE.clone_to(tmp_path / "course")
    command(course.root, "build")
    notebook = json.loads(nbformat.writes(Assignment.load(course, "arrays").release))
    for student, answer in {"ada": "Two *errors*.", "bob": "Rounding.", "eve": ""}.items():
        notebook["cells"][-1]["source"] = answer
        written(course.submitted / student / "arrays" / "arrays.ipynb", json.dumps(notebook).encode())
    assert "2 written answers wait for a person" in command(course.root, "grade", "arrays")
    with formgrader(course.root, tmp_path) as address, check.chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(address)
        page.wait_for_selector("td >> text=ada", state="attached")  # rows come after the page
        page.click("text=Show All Names")
        mark(page, "ada", "2", "Which **two**, at $x=1$?")
        page.reload()
        page.wait_for_function("$('#best_step').val() == '2' && !$('.needs_manual_grade').length")
    command(course.root, "export", "arrays")
    with (course.root / "arrays.csv").open() as file:
        marks = [f"{row['student_id']} {row['best_step']} {row['needs_manual_grade']}" for row in csv.DictReader(file)]
    assert marks == ["ada 2.0 no", "bob 0.0 yes", "eve 0.0 no"]
    command(course.root, "feedback", "arrays")
    page = (course.feedback / "ada" / "arrays" / "arrays.html").read_text()
    assert all(each in page for each in ("2 / 3", "A person has read it", "Which <strong>two</strong>, at <img"))
    assert "1 written answer waits for a person" in command(course.root, "grade", "arrays")
    command(course.root, "except", "arrays", "--student", "bob", "--excused")
    assert "for a person" not in command(course.root, "grade", "arrays")
