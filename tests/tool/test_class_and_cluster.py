"""Grading a class again, interrupted, with workers that die, and on a cluster: the same marks, nothing left over."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.course.assignment import Assignment
from autograder.course.course import SEED_FILE, Course
from autograder.demo import mangle
from autograder.demo.roster import with_sources
from autograder.gradebook.generate import register
from autograder.gradebook.record import record, renew_lateness
from autograder.gradebook.reuse import unchanged
from autograder.grading.classroom import find_submissions, grade_all, read
from autograder.grading.cluster import Cluster, ClusterError, is_private
from autograder.grading.fingerprint import CODE, judge_hash
from autograder.grading.pools import Here, Processes
from autograder.grading.result import Result
from autograder.grading.worker import Bundle, OtherCode, work
from tests.places import EXAMPLE, ROOT, described, written
from tests.processes import command, descendants, wait_for
from tests.tool.sandboxes import zygotes

pytestmark = pytest.mark.heavy

NAME = "arrays"
DASK = importlib.util.find_spec("distributed")
dask = pytest.mark.skipif(DASK is None, reason="Dask is not installed: pip install -e '.[cluster]'")


def hand_in(course: Course, student: str, data: bytes) -> Path:
    return written(course.submitted / student / NAME / f"{NAME}.ipynb", data)


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, dict[str, Result]]:
    """A graded and recorded class: right, unwritten, half-written, broken, one without a file and one that lacks a package."""
    course = EXAMPLE.clone_to(tmp_path_factory.mktemp("scale"))
    (course.root / SEED_FILE).write_text("always the same inputs\n")
    assignment = Assignment.load(course, NAME)
    some = dict([*assignment.stubs.items()][::2])
    hand_in(course, "ada", mangle.plain(with_sources(assignment, {})))
    hand_in(course, "bo", mangle.colab(with_sources(assignment, some)))
    hand_in(course, "cy", mangle.plain(assignment.release))
    hand_in(course, "dee", b"<html>not a notebook</html>")
    (course.submitted / "eli" / NAME).mkdir(parents=True)
    lacking = {"cosine": "# exercise: cosine\nfrom no_such_package import cosine"}
    hand_in(course, "fay", mangle.plain(with_sources(assignment, lacking)))
    register(course, NAME)
    results = {each.student: each for each in grade_all(assignment, find_submissions(course, NAME), 2)}
    record(results.values(), course)
    return course, results


@pytest.fixture
def again(taught: tuple[Course, dict[str, Result]], tmp_path: Path) -> Course:
    """A copy of that course, to be changed."""
    shutil.copytree(taught[0].root, tmp_path / "course")
    return Course.at(tmp_path / "course")


def kept(course: Course) -> set[str]:
    assignment = Assignment.load(course, NAME)
    submissions = find_submissions(course, NAME)
    return {each.student for each in unchanged(assignment, submissions, judge_hash(assignment))}


def plain(results: dict[str, Result]) -> dict[str, object]:
    return {student: result.to_json() for student, result in results.items()}


def test_the_class_has_marks_and_what_has_not_changed_is_read_from_the_records(
    taught: tuple[Course, dict[str, Result]],
) -> None:
    course, results = taught
    scores = {student: result.score / result.max for student, result in results.items()}
    assert scores["ada"] == 10 / 13  # the question waits for a person
    assert 0 < scores["bo"] < 1
    assert scores["cy"] == scores["dee"] == scores["eli"] == 0
    assert {student for student, result in results.items() if result.repairs} == {"bo"}
    assignment = Assignment.load(course, NAME)
    found = unchanged(assignment, find_submissions(course, NAME), judge_hash(assignment))
    assert {each.student: each.to_json() for each in found} == {
        student: result for student, result in plain(results).items() if student not in ("eli", "fay")
    }


def test_a_changed_submission_is_graded_again(again: Course) -> None:
    path = again.submitted / "bo" / NAME / f"{NAME}.ipynb"
    path.write_bytes(path.read_bytes() + b"\n")
    assert kept(again) == {"ada", "cy", "dee"}


@pytest.mark.parametrize("name", [SEED_FILE, f"solutions/{NAME}/{NAME}.py", f"assignments/{NAME}/{NAME}.ipynb"])
def test_another_judge_grades_all_again(again: Course, name: str) -> None:
    path = again.root / name
    path.write_bytes(path.read_bytes() + (b"1" if name == SEED_FILE else b"\n"))
    assert kept(again) == set()


def test_work_of_another_student_is_not_taken_for_ones_own(again: Course) -> None:
    """The hidden inputs are others, so a copy of a graded copy is none's result."""
    hand_in(again, "bo", (again.submitted / "ada" / NAME / f"{NAME}.ipynb").read_bytes())
    shutil.copytree(again.autograded / "ada", again.autograded / "bo", dirs_exist_ok=True)
    assert kept(again) == {"ada", "cy", "dee"}


def test_a_mark_that_was_lost_is_graded_again(again: Course) -> None:
    with Gradebook(again.db_url) as gradebook:
        gradebook.find_submission(NAME, "ada").notebooks[0].grades[0].auto_score = 0.25
        gradebook.remove_submission(NAME, "cy")
    (again.autograded / "dee" / NAME / f"{NAME}.ipynb").unlink()
    assert kept(again) == {"bo"}


def test_the_hash_covers_all_code_that_judges() -> None:
    """Every module of this package that is loaded by grading and annotating, in a process of its own."""
    program = (
        "import sys; from pathlib import Path; from autograder.course.course import Course\n"
        "from autograder.course.assignment import Assignment; import autograder.grading.grade, autograder.gradebook.annotation\n"
        f"autograder.grading.grade.exercises_of(Assignment.load(Course.at(Path({str(EXAMPLE.root)!r})), {NAME!r}))\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('autograder.')))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {str(Path(file).relative_to(ROOT / "autograder")) for file in done.stdout.split()}
    silent = {"files.py", "paths.py", "gradebook/__init__.py", "render/__init__.py", "render/tex.py"}  # no mark's
    assert {name for name in loaded if not name.startswith(CODE)} <= silent
    assert all((ROOT / "autograder" / name).exists() for name in CODE)


def test_marks_and_comments_by_hand_survive(again: Course) -> None:
    with Gradebook(again.db_url) as gradebook:
        notebook = gradebook.find_submission(NAME, "ada").notebooks[0]
        notebook.grades[0].manual_score = 0.5
        notebook.comments[0].manual_comment = "See me."
        gradebook.db.commit()

    def by_hand() -> tuple[float, str]:
        with Gradebook(again.db_url) as gradebook:
            notebook = gradebook.find_submission(NAME, "ada").notebooks[0]
            return notebook.grades[0].manual_score, notebook.comments[0].manual_comment

    copy = again.autograded / "ada" / NAME / f"{NAME}.ipynb"
    before = copy.stat().st_mtime_ns
    assert "4 of 6 are as they were" in command(again.root, "grade", NAME, "--json", "first.json")
    assert copy.stat().st_mtime_ns == before
    assert by_hand() == (0.5, "See me.")
    command(again.root, "grade", NAME, "--force", "--json", "second.json")
    assert copy.stat().st_mtime_ns > before
    assert by_hand() == (0.5, "See me.")
    assert json.loads((again.root / "first.json").read_text()) == json.loads((again.root / "second.json").read_text())


def test_lateness_is_renewed_without_grading(again: Course) -> None:
    course = described(again, "[course]", "[late]\nper_day = 0.5\n\n[course]")
    (course.submitted / "ada" / NAME / "timestamp.txt").write_text("2026-01-02 12:00:00 UTC\n")
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_assignment(NAME).duedate = datetime(2026, 1, 2, 11, 0, 0)
        gradebook.db.commit()
    assert "ada" in kept(course)
    renew_lateness(course, NAME)
    with Gradebook(course.db_url) as gradebook:
        ada = gradebook.find_submission(NAME, "ada")
        assert ada.late_submission_penalty == pytest.approx(ada.score / 2)
        assert not gradebook.find_submission(NAME, "bo").late_submission_penalty
        gradebook.find_assignment(NAME).duedate = datetime(2026, 1, 3)
        gradebook.db.commit()
    renew_lateness(course, NAME)
    with Gradebook(course.db_url) as gradebook:
        assert not gradebook.find_submission(NAME, "ada").late_submission_penalty


def test_workers_do_their_algebra_in_one_thread() -> None:
    before = dict(os.environ)
    with Processes(2).open() as executor:
        assert executor.submit(os.getenv, "OPENBLAS_NUM_THREADS").result() == "1"
    assert dict(os.environ) == before


def hear_ctrl_c() -> None:
    """A shell that starts tests in the background makes them deaf to SIGINT, and their children with them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_keeps_what_is_done(taught: tuple[Course, dict[str, Result]], tmp_path: Path) -> None:
    course = taught[0].clone_to(tmp_path / "course")
    shutil.copy2(taught[0].root / SEED_FILE, course.root)
    data = (taught[0].submitted / "ada" / NAME / f"{NAME}.ipynb").read_bytes()
    for number in range(12):
        hand_in(course, f"s{number:02d}", data)
    line = [sys.executable, "-m", "autograder", "grade", NAME, "--jobs", "2"]
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    as_by_a_terminal: Any = {"start_new_session": True, "preexec_fn": hear_ctrl_c}  # in a group of its own
    grading = subprocess.Popen(line, cwd=course.root, **pipes, **as_by_a_terminal)
    copies = f"*/{NAME}/{NAME}.ipynb"
    assert wait_for(lambda: len(list(course.autograded.glob(copies))) >= 3)
    below = descendants(grading.pid)
    assert any("inside.zygote" in each for each in below.values())
    os.killpg(grading.pid, signal.SIGINT)
    output, errors = grading.communicate(timeout=900)
    assert grading.returncode == 130, output + errors
    assert "Run it again to go on." in output
    assert "Traceback" not in output + errors
    assert wait_for(lambda: not any(Path(f"/proc/{process}").exists() for process in below))
    done = kept(course)
    assert 3 <= len(done) < 12
    assert f"{len(done)} of 12 are as they were" in command(course.root, "grade", NAME)
    with Gradebook(course.db_url) as gradebook:
        assert {each.score for each in gradebook.assignment_submissions(NAME)} == {taught[1]["ada"].score}


def test_a_worker_that_dies_costs_nobody_marks(taught: tuple[Course, dict[str, Result]]) -> None:
    course, results = taught
    found = {}
    for result in grade_all(Assignment.load(course, NAME), find_submissions(course, NAME) * 2, 2):
        if not found:
            workers = [each for each, line in descendants(os.getpid()).items() if "spawn_main" in line]
            os.kill(workers[0], signal.SIGKILL)
        found[result.student] = result
    assert plain(found) == plain(results)


def test_other_code_is_refused(taught: tuple[Course, dict[str, Result]]) -> None:
    course, _ = taught
    bundle = Bundle.of(Assignment.load(course, NAME))
    other = Bundle(bundle.name, bundle.files, bundle.seed + b"!", bundle.root, bundle.confined, bundle.judge)
    task = read(find_submissions(course, NAME)[0])
    with Here().open() as executor, pytest.raises(OtherCode, match="another version"):
        executor.submit(work, "a run", other, task).result()
    assert course.seed().decode() not in repr(bundle)  # which Dask writes to its log


@dask
def test_a_cluster_gives_the_same_marks_though_a_worker_is_killed(taught: tuple[Course, dict[str, Result]]) -> None:
    from distributed import LocalCluster

    before, (course, results) = zygotes(), taught
    here: Any = {"dashboard_address": None, "host": "127.0.0.1"}
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **here) as local:
        pool = Cluster.at(local.scheduler_address)
        assert pool.slots == 2
        killed = 0
        found = {}
        for result in grade_all(Assignment.load(course, NAME), find_submissions(course, NAME) * 3, pool=pool):
            if not killed and not result.problem:
                killed = next(iter(local.workers.values())).pid
                os.kill(killed, signal.SIGKILL)
            found[result.student] = result
        assert killed
        assert plain(found) == plain(results)
        assert wait_for(lambda: zygotes() <= before, 60)


@dask
def test_two_gradings_share_a_cluster_and_one_ends_early(taught: tuple[Course, dict[str, Result]]) -> None:
    from distributed import LocalCluster

    before, (course, results) = zygotes(), taught
    assignment, submissions = Assignment.load(course, NAME), find_submissions(course, NAME)
    with (
        LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None, host="127.0.0.1") as local,
        ThreadPoolExecutor(1) as beside,
    ):
        pool = Cluster.at(local.scheduler_address)
        whole = beside.submit(lambda: list(grade_all(assignment, submissions * 2, pool=pool)))
        with closing(grade_all(assignment, [each for each in submissions if each.path] * 2, pool=pool)) as early:
            next(early)
        assert [each.to_json() for each in whole.result() if each != results[each.student]] == []
        assert wait_for(lambda: zygotes() <= before, 60)


@pytest.mark.parametrize(
    ("address", "private"),
    [
        *((f"tcp://{place}:8786", False) for place in ("10.0.0.1", "0.0.0.0", "[2001:db8::1]", "nobody.invalid")),
        *((address, False) for address in ("10.0.0.1:8786", "ws://10.0.0.1:8786")),
        *((f"tcp://{place}:9", True) for place in ("127.0.0.1", "[::1]", "localhost")),
        *((address, True) for address in ("localhost:9", "tls://10.0.0.1:8786")),
    ],
)
def test_a_cluster_is_reached_encrypted_or_here(address: str, private: bool) -> None:
    assert is_private(address) is private
    if not private:
        with pytest.raises(ClusterError, match="tls://"):
            Cluster.at(address)


@dask
def test_no_cluster_is_said_so(again: Course) -> None:
    with pytest.raises(ClusterError, match="No Dask scheduler answers"):
        Cluster.at("tcp://127.0.0.1:9")


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed.scheduler", None)
    with pytest.raises(ClusterError, match=r"lifelong\[cluster\]"):
        Cluster.at("tcp://127.0.0.1:9")
