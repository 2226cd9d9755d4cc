"""The command ``autograder museum``: the lecture's programs for libraries of the past, run where those still install.

Each library gets a room: an environment of its own, or one that it shares with those that live beside PyTorch.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.markup import escape
from rich.table import Table

from autograder.cli.terminal import console, fail
from autograder.course.course import Course
from autograder.course.lecture import lecture_notebook
from lifelong.eras import problem
from lifelong.eras.museum import RECORDINGS, Recording, recordings
from lifelong.eras.problem import Ledger
from lifelong.plots import five_lines

LECTURE = "framework_history"
MARK = re.compile(r"# museum: (?P<module>[\w.]+)(?:, alone with (?P<alone>.+))?\n")
ROOM = Path(__file__).with_name("room.py")
SECONDS = 300
"""Wall-clock limit of one exhibit."""

GONE = {"CNTK": ["cntk"]}
"""Libraries of the slides that pip finds no more, with what it is asked for: to notice if it does."""


class Exhibit(NamedTuple):
    """A cell of the lecture that runs a library of the museum.

    Attributes:
        module: what it imports.
        alone: requirements of an environment of its own; none when it lives beside PyTorch.
        source: the cell.
    """

    module: str
    alone: tuple[str, ...]
    source: str

    @property
    def fingerprint(self) -> str:
        """Of the source without the poster's marks: a recording is shown beside the very cell that was run."""
        return hashlib.sha256(five_lines.unmarked(self.source).encode()).hexdigest()[:16]


class Finding(NamedTuple):
    """What became of an exhibit.

    Attributes:
        module: what it imports.
        installs: "yes", or why not.
        run: of the exhibit; None if it did not end well.
        note: what went wrong.
    """

    module: str
    installs: str
    run: Recording | None = None
    note: str = ""


def museum(
    only: Annotated[list[str] | None, typer.Argument(help="Modules, e.g. pytensor; all of them by default.")] = None,
    rooms: Annotated[Path, typer.Option(help="Where the environments are kept; some gigabytes.")] = Path(
        "build/museum"
    ),
    record: Annotated[bool, typer.Option(help="Keep what they print, for readers who lack the library.")] = False,
) -> None:
    """Run the lecture's cells for old libraries where those still install; print how far they are from PyTorch."""
    findings = []
    for finding in tour(Course.find(), rooms, only or ()):
        said = finding.run.said if finding.run else finding.note or finding.installs
        console.print(f"{finding.module}: {said}", markup=False, highlight=False)
        findings.append(finding)
    if not findings:
        raise fail(f"The museum has nothing named {', '.join(only or ())}.")
    if record:
        keep(Course.find(), {finding.module: finding.run for finding in findings if finding.run})
    console.print(table(findings))


def keep(course: Course, new: Mapping[str, Recording]) -> None:
    """Put runs, by module, into the recordings, which keep the lecture's order; those of other exhibits stay."""
    runs = {**recordings(), **new}
    ordered = {each.module: runs[each.module]._asdict() for each in exhibits(course) if each.module in runs}
    RECORDINGS.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def exhibits(course: Course) -> list[Exhibit]:
    """The museum's cells in the order of the lecture.

    They begin with ``# museum: MODULE``, or with ``# museum: MODULE, alone with REQUIREMENTS``.
    """
    found = []
    for cell in lecture_notebook(course, LECTURE).cells:
        mark = MARK.match(cell.source)
        if mark:
            found.append(Exhibit(mark["module"], tuple((mark["alone"] or "").split()), cell.source))
    return found


def tour(course: Course, folder: Path, only: Sequence[str] = ()) -> Iterator[Finding]:
    """Make the rooms, run the exhibits in them, and try what is gone; each finding as soon as it is there.

    The folder, some gigabytes, keeps the environments for the next time; ``only`` is of modules, or names of GONE.
    """
    ledger = Ledger()
    for exhibit in exhibits(course):
        if only and exhibit.module not in only:
            continue
        wanted = exhibit.alone or shared_requirements(course)
        python, trouble = furnish(room(exhibit, folder), wanted, beside=not exhibit.alone)
        yield shown(exhibit, python, ledger) if not trouble else Finding(exhibit.module, trouble)
    for name, wanted in GONE.items():
        if not only or name in only:
            python, trouble = furnish(folder / name.lower(), wanted, beside=False)
            yield Finding(name, trouble or "yes", note="" if trouble else "it does again: write a cell for it")


def room(exhibit: Exhibit, folder: Path) -> Path:
    """The environment in which an exhibit runs, furnished or not."""
    return folder / (exhibit.module if exhibit.alone else "shared")


def shared_requirements(course: Course) -> list[str]:
    """What the extra ``museum`` of pyproject.toml names."""
    project = tomllib.loads((course.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["optional-dependencies"]["museum"])


def furnish(place: Path, requirements: Sequence[str], beside: bool) -> tuple[Path, str]:
    """An environment with what pip installs, made unless it is there; ``beside``, it sees this one's packages, too.

    Returns:
        Its Python, and why pip failed, empty if it did not.
    """
    python = place / "bin" / "python"
    ready = place / "ready.txt"
    asked = "\n".join(requirements)
    if ready.is_file() and ready.read_text() == asked:
        return python, ""
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
    if beside:
        ours = [path for path in sys.path if path.endswith("site-packages")]
        inside = next((place / "lib").glob("python3*")) / "site-packages"
        (inside / "beside.pth").write_text("\n".join(ours) + "\n")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--no-cache-dir"]
    command = [*pip, *requirements]
    if not beside:
        # What is old is built as it was then: by a setuptools that still brings pkg_resources.
        subprocess.run([*pip, "setuptools<81", "wheel"], capture_output=True)
        command.insert(len(pip), "--no-build-isolation")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        ready.write_text(asked)
        return python, ""
    errors = [line for line in done.stderr.splitlines() if line.strip()]
    return python, next((line for line in reversed(errors) if "ERROR" in line or "Error" in line), "pip failed")


def shown(exhibit: Exhibit, python: Path, ledger: Ledger) -> Finding:
    """Run an exhibit with the Python of its room, on the ledger's weights; what comes back is plain numbers."""
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "task.json"
        truth = [[weight.tolist() for weight in weights] for weights in ledger.truth]
        asked = {"problem": problem.__file__, "module": exhibit.module, "source": exhibit.source, "truth": truth}
        task.write_text(json.dumps(asked))
        quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
        try:
            done = subprocess.run(
                [str(python), str(ROOM), str(task)], capture_output=True, text=True, timeout=SECONDS, env=quiet
            )
        except subprocess.TimeoutExpired:
            return Finding(exhibit.module, "yes", note=f"did not end within {SECONDS} s")
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines:
        return Finding(exhibit.module, "yes", note=(done.stderr.strip().splitlines() or ["no output"])[-1])
    date = datetime.now(UTC).date().isoformat()
    run = Recording(**json.loads(lines[-1]), date=date, source=exhibit.fingerprint, said="\n".join(lines[:-1]))
    return Finding(exhibit.module, "yes", run)


def table(findings: Sequence[Finding]) -> Table:
    """The findings, a row each."""
    result = Table(title="The museum", title_justify="left")
    for column in ("library", "installs?", "line", "net", "it says"):
        result.add_column(column, overflow="fold")
    for module, installs, run, note in findings:
        told = [f"{run.line:.0e}", f"{run.net:.0e}", escape(run.said)] if run else ["–", "–", escape(note)]
        result.add_row(f"{module} {run.version}" if run else module, escape(installs), *told)
    return result
