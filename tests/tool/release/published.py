"""What tests of the students' repository share."""

import subprocess
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.publish.students_repo import Release
from tests import places

COURSE = replace(places.COURSE, repository="https://github.com/ada/course", tag="fall")
SECRET = "0123456789abcdef" * 4
BARE = {"PYTHONPATH": sysconfig.get_path("purelib"), "PATH": "/usr/bin:/bin"}
"""With ``python -S``: the packages of this environment without the checkout, which an editable install adds."""


def code(notebook: NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def notebooks(done: Release) -> dict[str, NotebookNode]:
    paths = sorted(done.directory.rglob("*.ipynb"))
    return {path.relative_to(done.directory).as_posix(): nbformat.read(path, as_version=4) for path in paths}


def python(*arguments: str, folder: Path, path: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """A Python with PyTorch and the like, but without ``lifelong`` and ``autograder`` unless ``path`` leads there."""
    variables = BARE | {"PYTHONPATH": f"{path}:{BARE['PYTHONPATH']}" if path else BARE["PYTHONPATH"]} | environment
    command = [sys.executable, "-S", *arguments]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)


def git(*arguments: str | Path, folder: Path | None = None) -> str:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    done = subprocess.run(["git", *who, *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
