"""The set-up cell that notebooks begin with: it makes the course's package importable, and changes nothing installed."""

TITLE = '#@title Set-up: run this first { display-mode: "form" }'

SETUP = """
import importlib.util
import sys
from pathlib import Path

if importlib.util.find_spec("{{package}}") is None:  # does this notebook lie in a copy of the course?
    sys.path += [str(folder) for folder in Path.cwd().parents if (folder / "{{package}}" / "__init__.py").is_file()][:1]

if importlib.util.find_spec("{{package}}") is None:  # as in Colab: fetch it, and leave all else that is installed as it is
    import os
    import subprocess

    print("Fetching the course's package `{{package}}` …")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "git+{{repository}}@{{tag}}"]
    unasked = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}  # git must not wait for a password that nobody can type
    try:
        done = subprocess.run(command, env=unasked, capture_output=True, text=True, timeout=120)
        said = done.stderr.splitlines() if done.returncode else []
    except subprocess.TimeoutExpired:
        said = ["fatal: no answer within two minutes"]
    if said:
        reasons = [line.strip() for line in said if line.strip().startswith(("fatal:", "ERROR:"))]
        raise ImportError(
            f"The course's package `{{package}}` could not be fetched. {(reasons or said)[0]}\\n\\n"
            "* Is there a network? Then run this cell again.\\n"
            "* Without one: download {{repository}} elsewhere, put its folder `{{package}}` beside this notebook, "
            "and run this cell again.\\n"
            "* Does a browser not find that address either? Tell your teacher."
        )
    importlib.invalidate_caches()

import {{package}}"""


def setup_cell(package: str) -> str:
    """What ``{{setup}}`` in a source stands for; ``{{repository}}`` and ``{{tag}}`` are filled in as everywhere."""
    return TITLE + SETUP.replace("{{package}}", package)


def is_setup_cell(source: str) -> bool:
    """Whether a code cell is the set-up cell of some package."""
    return source.startswith(TITLE)
