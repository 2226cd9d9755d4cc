"""Hostile archives and names are refused, each by its name."""

import io
import os
import struct
import tarfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.collect import archive, collect
from autograder.collect.archive import Found, Refused, walk
from autograder.collect.attempt import file_name
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from tests.places import written
from tests.tool.collect.downloads import notebook, run, submitted, zipped

# --- Hostile archives -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../../escaped.ipynb", "/etc/escaped", "a/../../escaped", "..\\..\\escaped.ipynb", "C:\\escaped.ipynb", "a\x01b"],
)
def test_paths_that_lead_out_are_refused_by_name(name: str, assignment: Assignment, tmp_path: Path) -> None:
    zipped(tmp_path / "c.zip", {name: notebook(assignment), "ada_1_2_hw1.ipynb": notebook(assignment)})
    before = {path for path in tmp_path.rglob("*") if "course" not in path.parts}
    collected = run(tmp_path / "c.zip", assignment)
    assert [row.student for row in collected.rows] == ["ada-1"]
    assert "leads out" in collected.refused[0].reason
    assert {path for path in tmp_path.rglob("*") if "course" not in path.parts} == before


def test_links_are_refused(assignment: Assignment, tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        link = zipfile.ZipInfo("ada/hw1.ipynb")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    written(tmp_path / "in" / "c.zip", file.getvalue())
    (tmp_path / "in" / "bo").symlink_to("/etc")
    (tmp_path / "in" / "cy.ipynb").symlink_to("/etc/passwd")
    collected = run(tmp_path / "in", assignment)
    assert [row.student for row in collected.rows] == ["c"]  # of whom the zip is kept, for a person
    assert {entry.name for entry in collected.refused} == {"bo", "cy.ipynb", "c.zip/ada/hw1.ipynb", "c.zip"}


def test_bombs_are_stopped_and_named(assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBER", 2_000_000)
    monkeypatch.setattr(archive, "MAX_SHARE", 3_000_000)
    monkeypatch.setattr(archive, "MAX_LIST", 300_000)
    many = zipped(None, {f"{number}.txt": bytes(1_000_000) for number in range(9)})
    deep = zipped(None, {"a.txt": b"a"})
    for _ in range(4):
        deep = zipped(None, {"deeper.zip": deep})
    declared = bytearray(zipped(None, {"lies.bin": bytes(9_000_000)}))
    at = declared.rindex(b"PK\x01\x02")
    declared[at + 24 : at + 28] = struct.pack("<I", 10)  # a central directory that declares ten bytes
    with zipfile.ZipFile(packed := io.BytesIO(), "w", zipfile.ZIP_LZMA) as made:
        made.writestr("hw1.ipynb", notebook(assignment))
    nameless = bytearray(zipped(None, {"a": b"x"}))
    nameless[(at := nameless.rindex(b"PK\x01\x02")) + 28 : at + 32] = struct.pack("<HH", 0, 1)  # "a" is in no name
    files = {"ada_1_1_huge.ipynb": bytes(50_000_000), "bo_2_2_many.zip": many, "cy_3_3_deep.zip": deep}
    files |= {"dee_4_4_lies.zip": bytes(declared), "eve_5_5_hw1.ipynb": notebook(assignment)}
    files |= {"gus_7_7_long.ipynb": bytes(2_000_001), "submission_metadata.yml": b"[" * 5000}
    files |= {"hal_8_8_lzma.zip": packed.getvalue()[:60] + bytes(30) + packed.getvalue()[90:]}
    files |= {"ida_9_9_nameless.zip": bytes(nameless), "joe_10_10_empty.zip": zipped(None, {})}
    lists = {"kim_11_11_away.zip": 30, "lee_12_12_list.zip": 4000, "mia_13_13_longer.zip": 8000}
    files |= {name: zipped(None, {f"/{at}": b"" for at in range(many)}) for name, many in lists.items()}
    zipped(tmp_path / "c.zip", {**files, "fay_6_6_broken.zip": many[:200] + many[-100:]})
    collected = run(tmp_path / "c.zip", assignment)
    reasons = {entry.name.split("/")[1]: entry.reason for entry in collected.refused}
    once = Counter(entry.name for entry in collected.refused)
    assert [name for name, number in once.items() if number > 1] == ["c.zip/kim_11_11_away.zip"]
    assert "bomb" in reasons["ada_1_1_huge.ipynb"]
    assert "bomb" in reasons["bo_2_2_many.zip"]
    assert reasons["gus_7_7_long.ipynb"] == "It unpacks to more than 2 MB: an archive bomb."
    assert "deep" in reasons["cy_3_3_deep.zip"]
    assert {"dee_4_4_lies.zip", "hal_8_8_lzma.zip", "ida_9_9_nameless.zip"} <= reasons.keys()
    assert "nothing in it" in reasons["joe_10_10_empty.zip"]
    said = [entry.reason for entry in collected.refused if "kim" in entry.name]
    assert said[archive.REFUSALS :] == [
        "20 more of what is in it is not taken.",
        "There is nothing in it that is taken; it is kept as it is.",
    ]
    assert "3 MB in all" in reasons["lee_12_12_list.zip"]
    assert "more files than anybody" in reasons["mia_13_13_longer.zip"]
    assert {"kim-11", "lee-12", "mia-13"} <= submitted(assignment.course).keys()
    assert "eve-5" in submitted(assignment.course)
    assert "fay-6" in submitted(assignment.course)  # a broken zip is handed over as it is, to be said by ingest
    (scratch := tmp_path / "scratch").mkdir()
    kept = {each.file for each in walk(tmp_path / "c.zip", scratch, str) if isinstance(each, Found)}
    assert sum(file.stat().st_size for file in {*scratch.iterdir()} - kept) < 100_000  # of a bomb nothing is left


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300), name=st.sampled_from(["a.zip", "a.ipynb"]))
def test_any_bytes_are_a_file_or_refused(data: bytes, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    base = zipped(None, {"ada_1_2_hw1.ipynb": b"{}"})
    source = written(folder / name, base[: len(base) // 2] + data + base[len(base) // 2 :])
    (folder / "scratch").mkdir()
    entries = list(walk(source, folder / "scratch", str))
    assert all(isinstance(each, Found | Refused) for each in entries)
    assert entries


@given(st.text(max_size=200))
def test_any_name_becomes_a_files_name(name: str) -> None:
    kept = file_name(name)
    assert kept not in ("", ".", "..")
    assert len(os.fsencode(kept)) <= 121
    assert not set(kept) & set('<>:"/\\|?*\x00')


def test_names_of_windows_and_macos(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    data = notebook(assignment)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(zipfile.ZipInfo("Zoe\u0308/hw1.ipynb"), data)  # decomposed, as macOS writes
    # without the flag for UTF-8, as old archivers write
    raw = file.getvalue().replace(struct.pack("<H", 0x800), struct.pack("<H", 0))
    (tmp_path / "c.zip").write_bytes(raw)
    run(tmp_path / "c.zip", assignment)
    written(tmp_path / "in" / "bo" / "CON.ipynb", data)
    run(tmp_path / "in", assignment)
    assert set(submitted(course)) == {"Zoë", "bo"}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_an_archive_of_another_kind_is_no_students_file(mode: Any, assignment: Assignment, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "download", mode) as archive:
        for student in ("ada", "bo"):
            info = tarfile.TarInfo(f"{student}/hw1.ipynb")
            info.size = len(data := notebook(assignment))
            archive.addfile(info, io.BytesIO(data))
    collected = collect(tmp_path / "download", assignment)
    assert not collected.rows
    assert "unpack it, and collect the folder" in collected.refused[0].reason
