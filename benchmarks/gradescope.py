"""Gradescope imitated by its documents: does it show what is graded here, and does its container keep the secrets?

``python -m benchmarks.gradescope RULES`` unpacks the zip of hw14 to /autograder, runs setup.sh once, and then run_autograder for
each of the sample class, every time in a new copy of that image and without a network. RULES is a program that runs its arguments
as a plain container would: root with Docker's default capabilities and system calls. Needs root, overlayfs and some 8 GB; ends
with exit code 1 if a results.json differs, or if a submission reads what it should not.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.demo import mangle
from autograder.demo.roster import roster, with_sources
from autograder.demo.stubs import exercise
from autograder.grading.classroom import Submission, grade_all
from autograder.handback.gradescope import bundle
from autograder.handback.gradescope.__main__ import shown

NAME = "hw14"
SPY = """
import os
read = []
source = "/autograder/source/"
for path in (
    os.__file__, source, source + ".course-seed", source + "solutions/hw14/quiz.toml", source + "solutions/hw14/hw14.py",
    source + "solutions/hw14/judges", source + "solutions/hw14/judges/ewc.py", "/autograder/submission",
    "/autograder/submission_metadata.json", f"/proc/{os.getppid()}/mem", f"/proc/{os.getppid()}/environ",
):
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb")
        read.append(os.path.basename(path))
    except PermissionError:
        pass
raise RuntimeError(f"read {read}")
"""
KEPT = "RuntimeError: read ['os.py']"
"""What the spy's feedback says where everything was there, and it could read nothing but what all may."""

MOUNT = """
below=/
for layer in $1; do
    mkdir -p "$layer/upper" "$layer/work" "$layer/root"
    mount -t overlay overlay -o "lowerdir=$below,upperdir=$layer/upper,workdir=$layer/work" "$layer/root"
    below=$layer/root
done
mount --rbind /dev "$below/dev"
shift
exec chroot "$below" "$@"
"""

FIELDS = {"score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility"}
FIELDS |= {"stdout_visibility", "extra_data", "tests", "leaderboard"}
OF_TEST = {"score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags"}
OF_TEST |= {"visibility", "extra_data"}


def checked(data: bytes) -> dict[str, Any]:
    """Results that keep to Gradescope's specification."""
    found: dict[str, Any] = json.loads(data)
    assert set(found) <= FIELDS
    assert isinstance(found["score"], float)
    for test in found["tests"]:
        assert set(test) <= OF_TEST
        assert 0 <= test["score"] <= test["max_score"]
        assert test["status"] in ("passed", "failed")
        assert test["output_format"] == "text"
    return found


def unpack(archive: Path, home: Path) -> None:
    """Lay out a folder as Gradescope lays out /autograder."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(home / "source")
    shutil.copyfile(home / "source" / "run_autograder", home / "run_autograder")


def hand_in(home: Path, student: str, files: Mapping[str, bytes]) -> None:
    """Put a submission where Gradescope's harness puts it, with what it says of it, and no results yet."""
    for name in ("submission", "results"):
        shutil.rmtree(home / name, ignore_errors=True)
        (home / name).mkdir(parents=True)
    for name, data in files.items():
        (home / "submission" / name).write_bytes(data)
    due = {"id": 25828, "due_date": "2018-07-31T23:00:00.000000-07:00", "late_due_date": None, "total_points": "20.0"}
    about = {"id": 123456, "created_at": "2018-07-01T14:22:32.365935-07:00", "assignment": due}
    about |= {"users": [{"email": student, "id": 1234, "name": "Student User"}], "previous_submissions": []}
    (home / "submission_metadata.json").write_text(json.dumps(about))


def run(script: str, rules: Path, image: Path, container: Path | None = None) -> None:
    """Run a script of /autograder in the image, or in a container; of each the folder ``upper`` is what it adds below.

    The image adds to this machine's files, and has its network and variables; a container has neither.
    """
    apart, layers, kept = (["--net"], f"{image} {container}", {"PATH"}) if container else ([], image, {*os.environ})
    mount = ["unshare", "--mount", *apart, "sh", "-e", "-c", MOUNT, "sh", layers]
    environment = {name: os.environ[name] for name in kept - {"PYTHONPATH"}}
    subprocess.run([*mount, rules, "bash", f"/autograder/{script}"], check=True, env=environment, stdout=sys.stderr)


def main(rules: Annotated[Path, typer.Argument(resolve_path=True)]) -> None:
    """Set up, grade, compare; print what came of it. RULES runs its arguments under those of a plain container."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        assignment = Assignment.load(Course.at(Path(__file__).parents[1]).clone_to(scratch / "course"), NAME)
        image, begin = scratch / "image", time.monotonic()
        unpack(bundle.write(assignment, scratch / "autograder.zip"), image / "upper" / "autograder")
        run("source/setup.sh", rules, image)
        print(f"setup.sh: {time.monotonic() - begin:.0f} s", flush=True)
        class_ = {who: handin for who, handin in roster(assignment).items() if not who.startswith("mistake-")}
        class_["spy"] = f"{NAME}.ipynb", mangle.plain(with_sources(assignment, {exercise(assignment, 0): SPY}))
        homes = {f"{who}@example.edu": scratch / "containers" / who / "upper" / "autograder" for who in class_}
        submissions = []
        for (student, home), (filename, data) in zip(homes.items(), class_.values(), strict=True):
            hand_in(home, student, {filename: data})
            submissions.append(Submission(student, home / "submission" / filename))
        graded = grade_all(assignment, submissions[:-1])  # here there is nothing that the spy could look for
        here = {result.student: shown(result, quiz_open=True) for result in graded}
        seconds, different = [], 0
        for student, home in homes.items():
            begin = time.monotonic()
            run("run_autograder", rules, image, home.parents[1])
            seconds.append(time.monotonic() - begin)
            there = checked((home / "results" / "results.json").read_bytes())
            if there != (wanted := here.get(student, there)):
                different += 1
                print(f"{student}\n  here  {wanted}\n  there {there}", flush=True)
    spied = there["tests"][0]["output"]
    print(f"the spy: {spied}\n{len(seconds)} submissions, {statistics.median(seconds):.1f} s each; {different} differ")
    raise typer.Exit(bool(different) or KEPT not in spied)


if __name__ == "__main__":
    typer.run(main)
