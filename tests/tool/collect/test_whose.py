"""Whose file it is, is decided at the outermost level of a source; nothing inside can be another student's."""

import os
import shutil
import tempfile
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from autograder.collect import Roster, archive, collect
from autograder.collect.archive import Refused, walk
from autograder.course.assignment import Assignment
from autograder.gradebook.timestamp import read_timestamp
from autograder.grading.classroom import find_submissions
from tests.places import written
from tests.tool.collect.downloads import TABLES, notebook, run, submitted, zipped

CLASS = "id,name,participant\nbob,Bob Builder,7\nmallory,Mallory Mean,8\n12,Trudy Tall,9\n13,Li Na,10\n"
CANVAS = "id,name,canvas_id\nbob,Wang Wei,101\nmallory,Mallory Mean,201\neve,Wei Wang,\nadam,Anna Lee,\n"
TO_COME = "bob+hw1+2999-01-01 00:00:00 UTC"
FILE = "assignsubmission_file_"
INNER = [f"{TO_COME}/hw1.ipynb", "bob_101_999999999_hw1.ipynb", f"Bob Builder_7_{FILE}/hw1.ipynb"]
INNER += [f"Bob Builder_7_{FILE}hw1.ipynb", "bob/hw1.ipynb", "13/hw1.ipynb", "hw1/bob/hw1.ipynb", "bob_hw1.ipynb"]


def listed(text: str, folder: Path) -> Roster:
    return Roster.read(written(folder / "class.csv", text.encode()))


@pytest.mark.parametrize("with_roster", [True, False])
@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("outer", ["mallory", "12"])
@pytest.mark.parametrize("inner", INNER)
def test_nothing_in_a_hand_in_names_another(
    inner: str, outer: str, packed: bool, with_roster: bool, assignment: Assignment, tmp_path: Path
) -> None:
    bobs, theirs = notebook(assignment), notebook(assignment, "x * 2")
    own = {f"{outer}.zip": zipped(None, {inner: theirs})} if packed else {f"{outer}/{inner}": theirs}
    zipped(tmp_path / "c.zip", {"bob/hw1.ipynb": bobs, **own})
    collected = run(tmp_path / "c.zip", assignment, listed(CLASS, tmp_path) if with_roster else None)
    assert submitted(assignment.course) == {"bob": bobs, outer: theirs}
    assert not any(row.attempt.when or row.late for row in collected.rows)


@pytest.mark.parametrize("folder", ["mallory", "Mallory Mean_8_assignsubmission_file_"])
def test_who_hands_in_alone_is_no_class(folder: str, assignment: Assignment, tmp_path: Path) -> None:
    members = {f"{folder}/{name}/hw1.ipynb": notebook(assignment, name) for name in ("bob", "li na")}
    zipped(tmp_path / "c.zip", members)
    run(tmp_path / "c.zip", assignment, listed(CLASS, tmp_path))
    run(tmp_path / "c.zip", assignment)  # and then mallory is known without a class list
    assert {student.partition("-")[0] for student in submitted(assignment.course)} <= {"mallory", "mallorymean"}


@pytest.mark.parametrize(("names", "students"), TABLES["beginnings"])
def test_where_the_students_begin(names: str, students: str, assignment: Assignment, tmp_path: Path) -> None:
    data = notebook(assignment)
    files = {each: zipped(None, {"hw1.ipynb": data} if ".zip" in each else {}) or data for each in names.split()}
    zipped(tmp_path / "c.zip", files)
    run(tmp_path / "c.zip", assignment)
    assert " ".join(submitted(assignment.course)) == students


@pytest.mark.parametrize(("names", "owner", "nobodys"), TABLES["doubts"])
def test_what_may_be_two_students_is_nobodys(
    names: str, owner: str, nobodys: int, assignment: Assignment, tmp_path: Path
) -> None:
    files = names.split(", ")
    zipped(tmp_path / "c.zip", {each: notebook(assignment, f"2 * x + 0 * {at}") for at, each in enumerate(files)})
    roster = listed(CLASS if "file_" in names or "/" in names or "Li" in names else CANVAS, tmp_path)
    collected = run(tmp_path / "c.zip", assignment, roster)
    assert [(row.student, row.older) for row in collected.rows] == ([(owner, 0)] if owner else [])
    assert len(collected.nobody) == nobodys
    taken = 0 if nobodys or len(files) == 1 else 1
    kept = {notebook(assignment, f"2 * x + 0 * {taken}")} if owner else set()
    assert set(submitted(assignment.course).values()) == kept


def test_times_to_come_are_refused_and_named(assignment: Assignment, tmp_path: Path) -> None:
    files = {f"{TO_COME}/hw1.ipynb": notebook(assignment), f"Bob Builder_7_{FILE}/a.py": b"x = 1"}
    zipped(tmp_path / "c.zip", files)
    text = CLASS.replace("participant", "participant,submitted").replace(",7", ",7,2999-01-01 00:00:00")
    collected = run(tmp_path / "c.zip", assignment, listed(text, tmp_path))
    assert [row.attempt.when for row in collected.rows] == [None]
    assert "2999-01-01 at 00:00 UTC, which is still to come" in collected.nobody[0].reason
    assert [(each.name, "2999" in each.reason) for each in collected.refused] == [("bob", True)]
    stamp = written(assignment.course.submitted / "bob" / "hw1" / "timestamp.txt", b"2999-01-01 00:00:00 UTC")
    written(stamp.with_name("hw1.ipynb"), notebook(assignment))  # by hand
    collected = run(tmp_path / "c.zip", assignment, listed(text, tmp_path))
    assert [(row.attempt.when, row.older) for row in collected.rows] == [(None, 1)]


def test_times_in_a_zip_that_was_handed_in_decide_no_order(assignment: Assignment, tmp_path: Path) -> None:
    for day, inner in ((20, 2098), (21, 1999)):
        packed, outer = BytesIO(), zipfile.ZipInfo("bob.zip", (2026, 11, day, 12, 0, 0))
        with zipfile.ZipFile(packed, "w") as made:
            made.writestr(zipfile.ZipInfo("hw1.ipynb", (inner, 1, 1, 0, 0, 0)), notebook(assignment, f"{day}"))
        with zipfile.ZipFile(tmp_path / f"{day}.zip", "w") as made:
            made.writestr(outer, packed.getvalue())
            made.writestr("ada.zip", b"")
    for day in (21, 20):
        run(tmp_path / f"{day}.zip", assignment)
    assert submitted(assignment.course)["bob"] == notebook(assignment, "21")


@pytest.mark.parametrize("kind", ["folder", "files", "one", "loose"])
def test_a_bomb_uses_its_owners_share_alone(
    kind: str, assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_SHARE", 4_000_000)
    monkeypatch.setattr(archive, "MIN_MEMBER", 100_000)
    (tmp_path / "scratch").mkdir()
    large = zipped(None, {f"{at}.bin": bytes(1_000_000) for at in range(3)})
    bombs = {
        "folder": {f"mallory/{at}.zip": large for at in range(9)},
        "files": {"mallory.zip": zipped(None, {f"{at}.txt": b"" for at in range(99)})},
        "one": {"mallory.zip": zipped(None, {"a.zip": large, "b.zip": large})},
        "loose": {f"mallory/{at}.bin": bytes(3_000_000) for at in range(20)},
    }[kind]
    read, sizes = zipfile.ZipExtFile.read, []
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda *of: sizes.append(len(data := read(*of))) or data)
    bombs["bob.zip"] = zipped(None, {"hw1.ipynb": notebook(assignment)})
    zipped(tmp_path / "c.zip", {**bombs, "zoe/hw1.ipynb": notebook(assignment)})
    collected = run(tmp_path / "c.zip", assignment)
    others = {each: data for each, data in submitted(assignment.course).items() if each != "mallory"}
    assert others == dict.fromkeys(("bob", "zoe"), notebook(assignment))
    assert sum(sizes) < 60_000_000  # the rest is refused unread
    assert collected.refused
    assert all("mallory" in each.name and "archive bomb" in each.reason for each in collected.refused)
    walked = walk(tmp_path / "c.zip", tmp_path / "scratch", lambda outer: outer[0])
    assert any(isinstance(each, Refused) for each in walked)
    assert sum(path.stat().st_size for path in (tmp_path / "scratch").iterdir()) < 4_200_000


def test_a_name_that_is_no_text_stops_nothing(assignment: Assignment, tmp_path: Path) -> None:
    data = notebook(assignment)
    written(Path(os.fsdecode(os.fsencode(tmp_path / "in" / "ada") + b"/hw\xff.ipynb")), data)
    run(tmp_path / "in", assignment)
    assert submitted(assignment.course) == {"ada": data}


@pytest.mark.parametrize("name", ["c.zip", "text.zip", "class.ipynb", "download"])
def test_a_zip_that_is_cut_short_is_named_as_one(name: str, assignment: Assignment, tmp_path: Path) -> None:
    whole = zipped(None, {"ada/hw1.ipynb": notebook(assignment), "bo/hw1.ipynb": notebook(assignment)})
    done = run(written(tmp_path / name, b"text" if name == "text.zip" else whole[: len(whole) // 2]), assignment)
    assert [(each.name, each.reason) for each in done.refused] == [(name, "This zip is cut short: download it again.")]
    assert done.rows == done.nobody == ()


def test_what_only_ends_like_a_zip_is_a_file(assignment: Assignment, tmp_path: Path) -> None:
    data = notebook(assignment) + zipped(None, {"a": b""})[-22:]
    assert run(written(tmp_path / "ada.ipynb", data), assignment).refused == ()
    assert submitted(assignment.course) == {"ada": data}


@pytest.mark.parametrize("link", ["mallory", "mallory/hw1", "mallory/hw1/hw1.ipynb", "mallory/hw1/deep"])
def test_links_among_what_was_handed_in_lead_nowhere(link: str, assignment: Assignment, tmp_path: Path) -> None:
    course, bobs = assignment.course, notebook(assignment)
    written(course.submitted / "bob" / "hw1" / "hw1.ipynb", bobs)
    path = course.submitted / link
    path.parent.mkdir(parents=True, exist_ok=True)
    target = "bob" if link == "mallory" else "bob/hw1/hw1.ipynb" if "ipynb" in link else "bob/hw1"
    path.symlink_to(os.path.relpath(course.submitted / target, path.parent))
    found = {each.student: bool(each.path) for each in find_submissions(course, "hw1")}
    assert found == {"bob": True, "mallory": False}
    theirs = notebook(assignment, "x * 2")
    zipped(tmp_path / "c.zip", {"mallory/hw1.ipynb": theirs, "zoe/hw1.ipynb": theirs})
    rows = collect(tmp_path / "c.zip", assignment).rows
    assert submitted(course) == {"bob": bobs, "mallory": theirs, "zoe": theirs}
    assert all(row.older == 0 for row in rows)
    assert datetime.now() > datetime.fromtimestamp((course.submitted / "bob" / "hw1" / "hw1.ipynb").stat().st_mtime)
    stamp = course.submitted / "bob" / "hw1" / "timestamp.txt"
    stamp.symlink_to(written(course.root / "time", b"2026-01-02 12:00:00 UTC"))
    assert read_timestamp(stamp.parent) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another account's files")
@pytest.mark.parametrize(
    ("handed_in", "students", "stranger"),
    [
        ([("bin", "bin"), ("daemon", "games"), ("sync", "root")], ["bin", "sync"], "games"),  # the grader may add some
        ([("ada", "root"), ("ada", "games")], ["ada"], "games"),
        ([("ada", "games"), ("bob", "games")], ["ada", "bob"], ""),  # one account for all, as on some hubs
    ],
)
def test_in_the_exchange_no_account_hands_in_for_another(
    handed_in: list[tuple[str, str]], students: list[str], stranger: str, assignment: Assignment, tmp_path: Path
) -> None:
    for at, (student, account) in enumerate(handed_in):
        name = f"{student}+hw1+2026-11-20 10:00:0{at} UTC"
        path = written(tmp_path / "in" / name / "hw1.ipynb", notebook(assignment))
        shutil.chown(path, account)
    collected = run(tmp_path / "in", assignment)
    assert [(row.student, row.older) for row in collected.rows] == [(student, 0) for student in students]
    told = [f"the account {stranger} has put it there" in each.reason for each in collected.nobody]
    assert told == [True] * bool(stranger)


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="ext4 knows no times so late")
def test_a_file_of_the_far_future_stops_nothing(assignment: Assignment) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as place:
        path = written(Path(place, "ada", "hw1.ipynb"), notebook(assignment))
        written(Path(place, "bob", "hw1.ipynb"), notebook(assignment))
        os.utime(path, (3e11, 3e11))
        run(Path(place), assignment)
    assert sorted(submitted(assignment.course)) == ["ada", "bob"]


def test_what_a_spreadsheet_would_evaluate_is_nobodys_name(assignment: Assignment, tmp_path: Path) -> None:
    zipped(tmp_path / "c.zip", {f"{name}.ipynb": notebook(assignment) for name in ("=1+cmd|' C calc'!A0", "ada")})
    assert len(run(tmp_path / "c.zip", assignment).nobody) == 1
    assert sorted(submitted(assignment.course)) == ["ada"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not read")
def test_what_may_not_be_read_is_named() -> None:
    with tempfile.TemporaryDirectory() as place:
        closed = [
            written(Path(place, "ada", "hw1.ipynb"), b"{}"),
            written(Path(place, "bob", "hw1.ipynb"), b"{}").parent,
        ]
        Path(place).chmod(0o755)
        for path in closed:
            path.chmod(0)
        os.seteuid(65534)
        try:
            names = [each.name for each in walk(Path(place), Path(place), str) if isinstance(each, Refused)]
        finally:
            os.seteuid(0)
    assert names == ["ada/hw1.ipynb", "bob"]
