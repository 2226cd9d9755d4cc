"""Drafts and temporary folders: gone with their process, cleared away after a killed one, left while one lives."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.files import create_atomically, scratch, write_atomically

HOLD = """
import sys, time
from pathlib import Path
from autograder import files
with files.{manager} as path:
    print(path, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def held_by_another(manager: str) -> tuple[subprocess.Popen[str], Path]:
    """A process that holds a draft or a folder, and the path of it."""
    process = subprocess.Popen([sys.executable, "-c", HOLD.format(manager=manager)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_folder_lives_as_long_as_its_process(temporary: Path) -> None:
    other, theirs = held_by_another("scratch()")
    with scratch() as ours:
        (ours / "file").write_text("x")
        assert {theirs, ours} == set(temporary.iterdir())
    assert list(temporary.iterdir()) == [theirs]
    other.kill()
    other.communicate()
    with scratch() as ours:
        assert list(temporary.iterdir()) == [ours]
    assert not list(temporary.iterdir())


def test_a_draft_lives_as_long_as_its_process(tmp_path: Path) -> None:
    target = tmp_path / "marks.ipynb"
    target.write_bytes(b"old")
    other, theirs = held_by_another(f"_draft(Path({str(target)!r}), b'half', 0o644)")
    assert (target.read_bytes(), theirs.read_bytes()) == (b"old", b"half")
    write_atomically(target, b"new")
    assert theirs.exists()
    other.kill()
    other.communicate()
    write_atomically(target, b"newer")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"newer"]


def test_other_files_beside_it_stay(tmp_path: Path) -> None:
    for name in (".marks.ipynb", "marks.ipynb.old", ".other.ipynb.x"):
        (tmp_path / name).touch()
    write_atomically(tmp_path / "marks.ipynb", b"new")
    assert len(list(tmp_path.iterdir())) == 4


def test_the_first_to_create_a_file_wins(tmp_path: Path) -> None:
    path = tmp_path / ".seed"
    create_atomically(path, b"first", 0o600)
    create_atomically(path, b"second", 0o600)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"first", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").touch()
    with pytest.raises(OSError, match="folder"):
        write_atomically(tmp_path / "folder", b"new")
    assert os.listdir(tmp_path) == ["folder"]
