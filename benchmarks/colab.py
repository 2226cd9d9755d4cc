"""Run every notebook as a student in Colab does: ``python -m benchmarks.colab`` prints a table.

Colab's constraints, as an environment: its IPython 7.34, ipykernel, ipywidgets 7.7 and notebook 6.5, no nbgrader, and
a PyTorch, NumPy and Matplotlib that must not be replaced (those of this environment, which are linked, not copied). The
course is released into a bare git repository, which stands in for GitHub. Each notebook begins without ``lifelong``,
alone in an empty folder: its set-up cell fetches the package. Needs a network for pip the first time.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.course.course import Course
from autograder.course.source import source_notebook
from autograder.publish.students_repo import release
from benchmarks.training import machine

PINNED = (
    *("ipython==7.34.0", "ipykernel==6.17.1", "ipywidgets==7.7.1", "notebook==6.5.7", "jupyter-client==7.4.9"),
    *("setuptools==75.2.0", "PyYAML"),
)
LINKED = ("torch", "torchvision", "numpy", "matplotlib", "tqdm")
UNFINISHED = {"NotImplementedError", "CheckFailed"}
"""How the cells of an exercise fail that nobody has written yet."""


@dataclass(frozen=True)
class Colab:
    """An environment like Colab's in a folder; git is sent to another in place of the ``repository`` of notebooks."""

    place: Path
    repository: str

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.place / "venv" / "bin" / "python"

    @property
    def hub(self) -> Path:
        """The bare repository that stands in for GitHub."""
        return self.place / "github.git"

    @property
    def variables(self) -> dict[str, str]:
        """The environment of its processes: no budget, no data folder, git's address bent, its own Jupyter paths."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("LIFELONG_", "PYTHONPATH"))}
        kept |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{self.hub.as_uri()}.insteadOf"}
        places = {"JUPYTER_PATH": str(self.place / "jupyter"), "XDG_CACHE_HOME": str(self.place / "cache")}
        return {**kept, "GIT_CONFIG_VALUE_0": self.repository, **places}

    def furnish(self) -> None:
        """Make the environment unless it is there."""
        ready = self.place / "ready.txt"
        if ready.is_file() and ready.read_text(encoding="utf-8") == " ".join(PINNED):
            return
        shutil.rmtree(self.place / "venv", ignore_errors=True)
        shutil.rmtree(self.place / "linked", ignore_errors=True)
        venv.create(self.place / "venv", with_pip=True, symlinks=True)
        # Outside the environment's own folder, so that pip can shadow these but never delete them.
        _link(self.place / "linked")
        packages = next((self.place / "venv" / "lib").iterdir()) / "site-packages"
        (packages / "linked.pth").write_text(f"{self.place / 'linked'}\n", encoding="utf-8")
        _run(self.python, "-m", "pip", "install", "--quiet", *PINNED)
        kernel = self.place / "jupyter" / "kernels" / "colab"
        kernel.mkdir(parents=True, exist_ok=True)
        command = [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": command, "display_name": "Colab", "language": "python"}
        (kernel / "kernel.json").write_text(json.dumps(spec))
        ready.write_text(" ".join(PINNED), encoding="utf-8")

    def publish(self, course: Course) -> Path:
        """Release the course and push it to where the notebooks look for it; returns the released folder."""
        students = self.place / "students"
        for folder in (students, self.hub):
            shutil.rmtree(folder, ignore_errors=True)
        release(course, students)
        _run("git", "init", "--quiet", "--bare", self.hub)
        _run("git", "-C", self.hub, "config", "uploadpack.allowFilter", "true")  # as GitHub allows
        _run("git", "-C", students, "init", "--quiet", "--initial-branch", course.tag)
        _run("git", "-C", students, "add", "--all")
        author = ("-c", "user.name=Course", "-c", "user.email=course@example.org")
        _run("git", "-C", students, *author, "commit", "--quiet", "--message", "The course")
        _run("git", "-C", students, "push", "--quiet", self.hub, course.tag)
        return students

    def packages(self) -> dict[str, str]:
        """What is installed: name → version."""
        listed = _run(self.python, "-m", "pip", "list", "--format", "json", "--disable-pip-version-check")
        return {entry["name"].lower(): entry["version"] for entry in json.loads(listed)}

    def forget(self) -> None:
        """Take ``lifelong`` away again, as a new runtime has none."""
        _run(self.python, "-m", "pip", "uninstall", "--quiet", "--yes", "lifelong")


@dataclass
class Ride:
    """What became of a notebook.

    Attributes:
        name: the notebook's.
        kind: how it was run.
        seconds: in all.
        setup: seconds of the set-up cell.
        errors: the names of errors that cells ended with.
        warned: cells that wrote to stderr.
        changed: packages that are other than before, apart from ``lifelong`` itself.
    """

    name: str
    kind: str
    seconds: float = 0.0
    setup: float = 0.0
    errors: Counter[str] = field(default_factory=Counter)
    warned: int = 0
    changed: list[str] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        """Whether nothing was changed or warned of, and nothing failed but what nobody has written yet."""
        expected = UNFINISHED if self.kind == "as released" else set()
        return not self.changed and not self.warned and set(self.errors) <= expected

    def row(self) -> str:
        """The line of the table."""
        errors = ", ".join(f"{count} {name}" for name, count in self.errors.items()) or "none"
        cells = [self.name, self.kind, f"{self.seconds:.0f}", f"{self.setup:.1f}", errors, str(self.warned or "none")]
        return f"| {' | '.join([*cells, ', '.join(self.changed) or 'none'])} |"


def ride(colab: Colab, name: str, kind: str, notebook: NotebookNode, budget: str) -> Ride:
    """Run a notebook in a runtime without ``lifelong``."""
    colab.forget()
    before = colab.packages()
    result = Ride(name, kind)
    with tempfile.TemporaryDirectory() as content:
        options: Any = {"timeout": None, "kernel_name": "colab", "allow_errors": True, "store_widget_state": False}
        client = NotebookClient(notebook, resources={"metadata": {"path": content}}, **options)
        start = time.perf_counter()
        variables = colab.variables | {"LIFELONG_BUDGET": budget, "NBGRADER_EXECUTION": "validate"}
        client.execute(env=variables, stderr=subprocess.DEVNULL)
        result.seconds = time.perf_counter() - start
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                result.errors[output.ename] += 1
            result.warned += output.output_type == "stream" and output.name == "stderr"
    result.setup = _seconds(next(cell for cell in notebook.cells if cell.cell_type == "code"))
    after = colab.packages()
    result.changed = [key for key in (before.keys() | after.keys()) - {"lifelong"} if before.get(key) != after.get(key)]
    return result


def notebooks(course: Course, students: Path, names: list[str]) -> Iterator[tuple[str, str, NotebookNode]]:
    """Name, kind and contents of what is run: the lectures; each homework as released, and with its solutions."""
    for name in course.lectures:
        if not names or name in names:
            yield f"lectures/{name}", "as released", nbformat.read(students / "lectures" / f"{name}.ipynb", 4)
    for name in course.assignments:
        if not names or name in names:
            path = students / "assignments" / name / f"{name}.ipynb"
            yield f"assignments/{name}", "as released", nbformat.read(path, 4)
            yield f"assignments/{name}", "solved", source_notebook(course, name)


def main() -> None:
    """Make the environment, run the notebooks, print the table; exit code 1 if one is not fine."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="lectures and assignments; all by default")
    parser.add_argument("--place", type=Path, help="keep the environment there for the next time; temporary by default")
    parser.add_argument("--tiny", action="store_true", help="on the graders' tiny budget, on which nothing is drawn")
    options = parser.parse_args()
    course = Course.find()
    with tempfile.TemporaryDirectory() as temporary:
        place = (options.place or Path(temporary)).resolve()
        place.mkdir(parents=True, exist_ok=True)
        colab = Colab(place, course.repository)
        colab.furnish()
        students = colab.publish(course)
        os.environ["JUPYTER_PATH"] = colab.variables["JUPYTER_PATH"]  # where this process looks for the kernel
        installed = colab.packages()
        print(f"{', '.join(f'{key} {installed[key]}' for key in ('ipython', 'ipykernel', 'ipywidgets', 'notebook'))}")
        print(f"nbgrader: {installed.get('nbgrader', 'none')}; {machine()}\n")
        print("| notebook | run | seconds | of which set-up | errors | warnings | packages changed |")
        print("|---|---|---|---|---|---|---|", flush=True)
        rides = []
        for name, kind, notebook in notebooks(course, students, options.names):
            rides.append(ride(colab, name, kind, notebook, "tiny" if options.tiny else ""))
            print(rides[-1].row(), flush=True)
    sys.exit(not all(each.fine for each in rides))


def _run(*command: str | Path) -> str:
    """What a command prints; its complaint is raised."""
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done.stdout


def _link(folder: Path) -> None:
    """Links to LINKED and all that they need, as they are in this environment."""
    folder.mkdir(parents=True)
    for distribution in closure().values():
        for top in {Path(str(file)).parts[0] for file in distribution.files or []} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(Path(str(distribution.locate_file(top))).resolve())


def closure() -> Mapping[str, metadata.Distribution]:
    """The distributions LINKED and, again and again, what they require here."""
    found: dict[str, metadata.Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(name, "") for name in LINKED]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        found[name] = metadata.distribution(name)
        for needed in map(Requirement, found[name].requires or []):
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(needed.name), each) for each in ("", *needed.extras)]
    return found


def _seconds(cell: NotebookNode) -> float:
    """How long a cell ran, by the kernel's own messages."""
    times = cell.metadata["execution"]
    begin, end = (datetime.fromisoformat(times[key]) for key in ("iopub.execute_input", "shell.execute_reply"))
    return (end - begin).total_seconds()


if __name__ == "__main__":
    main()
