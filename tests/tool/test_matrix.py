"""The tool on other systems, on request: Debian 12 and 13, and interpreters of this machine; see docs/contributors.md."""

import os
import subprocess

import pytest

from tests.places import ROOT

FOLDER = os.environ.get("MATRIX", "")
PYTHONS = ["", *os.environ.get("MATRIX_PYTHONS", "").split()]


@pytest.mark.heavy
@pytest.mark.skipif(not FOLDER, reason="takes root, the registries, gigabytes and an hour: MATRIX=FOLDER asks for it")
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("suite", ["bookworm", "trixie"])
def test_the_tool_works_there(suite: str, python: str) -> None:
    subprocess.run([ROOT / "tests" / "matrix.sh", FOLDER, suite, *python.split()], check=True)
