"""Gradescope imitated by its documents: does it show what is graded here, and does its container keep the secrets?

``python -m benchmarks.gradescope RULES`` unpacks the zip of hw14 to /autograder, runs setup.sh once, and then run_autograder for
each of the sample class, every time in a new copy of that image and without a network. RULES is a program that runs its arguments
as a plain container would: root with Docker's default capabilities and system calls. Needs root, overlayfs and some 8 GB; ends
with exit code 1 if a results.json differs, or if a submission reads what it should not.
"""

import argparse
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
from typing import Any

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
import json, os
read = []
for name, action in {
    "what-all-may": lambda: open(json.__file__),
    "judge": lambda: open("/autograder/source/solutions/hw14/judges/ewc.py"),
    "key": lambda: open("/autograder/source/solutions/hw14/quiz.toml"),
    "solution": lambda: open("/autograder/source/solutions/hw14/hw14.py"),
    "seed": lambda: open("/autograder/source/.course-seed"),
    "judges": lambda: os.listdir("/autograder/source/solutions/hw14/judges"),
    "hand-ins": lambda: os.listdir("/autograder/submission"),
    "earlier-results": lambda: open("/autograder/submission_metadata.json"),
    "memory": lambda: open(f"/proc/{os.getppid()}/mem", "rb"),
    "environment": lambda: open(f"/proc/{os.getppid()}/environ"),
}.items():
    try:
        action()
        read.append(name)
    except PermissionError:
        pass
raise RuntimeError(f"read {read}")
"""
KEPT = "RuntimeError: read ['what-all-may']"
"""What the spy's feedback says where it could read nothing else, and nothing was amiss."""

MOUNT = """
root=$1/root
mkdir -p "$1/upper" "$1/work" "$root"
mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$root"
mount --rbind /dev "$root/dev"
shift 2
exec chroot "$root" "$@"
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


def run(script: str, container: Path, rules: Path, image: Path | None = None) -> None:
    """Run a script of /autograder in a container, in whose folder ``upper`` is what it adds to its image.

    The image itself adds to this machine's files, and has its network and variables; what is made from it has neither.
    """
    apart, below, kept = (["--net"], f"{image / 'upper'}:/", {"PATH"}) if image else ([], "/", {*os.environ})
    mount = ["unshare", "--mount", *apart, "sh", "-e", "-c", MOUNT, "sh", str(container), below]
    environment = {name: os.environ[name] for name in kept - {"PYTHONPATH"}}
    subprocess.run([*mount, rules, "bash", f"/autograder/{script}"], check=True, env=environment, stdout=sys.stderr)


def main() -> None:
    """Set up, grade, compare; print what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rules", type=Path, help="runs its arguments under the rules of a plain container")
    rules = parser.parse_args().rules.resolve()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        assignment = Assignment.load(Course.at(Path(__file__).parents[1]).clone_to(scratch / "course"), NAME)
        home, begin = scratch / "image" / "upper" / "autograder", time.monotonic()
        unpack(bundle.write(assignment, scratch / "autograder.zip"), home)
        run("source/setup.sh", scratch / "image", rules)
        print(f"setup.sh: {time.monotonic() - begin:.0f} s", flush=True)
        class_ = {who: handin for who, handin in roster(assignment).items() if not who.startswith("mistake-")}
        class_["spy"] = f"{NAME}.ipynb", mangle.plain(with_sources(assignment, {exercise(assignment, 0): SPY}))
        submissions = []
        for student, (filename, data) in class_.items():
            path = scratch / "submitted" / student / filename
            path.parent.mkdir(parents=True)
            path.write_bytes(data)
            submissions.append(Submission(f"{student}@example.edu", path))
        honest = submissions[:-1]  # here there is nothing that the spy could look for
        here = {result.student: shown(result, quiz_open=True) for result in grade_all(assignment, honest)}
        seconds, different = [], 0
        for submission, (filename, data) in zip(submissions, class_.values(), strict=True):
            container, begin = scratch / "containers" / submission.student, time.monotonic()
            hand_in(container / "upper" / "autograder", submission.student, {filename: data})
            run("run_autograder", container, rules, scratch / "image")
            seconds.append(time.monotonic() - begin)
            there = checked((container / "upper" / "autograder" / "results" / "results.json").read_bytes())
            if there != (wanted := here.get(submission.student, there)):
                different += 1
                print(f"{submission.student}\n  here  {wanted}\n  there {there}", flush=True)
    spied = there["tests"][0]["output"]
    print(f"the spy: {spied}\n{len(seconds)} submissions, {statistics.median(seconds):.1f} s each; {different} differ")
    sys.exit(bool(different) or KEPT not in spied)


if __name__ == "__main__":
    main()
