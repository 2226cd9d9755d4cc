"""The museum of real libraries: live where one is installed; elsewhere what it printed when it was last run."""

import json
from importlib.util import find_spec
from pathlib import Path
from textwrap import indent
from typing import NamedTuple

RECORDINGS = Path(__file__).with_name("museum.json")
"""Written by ``autograder museum --record``, never by hand."""


class Recording(NamedTuple):
    """A run of one of the museum's cells, with the real library.

    Attributes:
        name: as the cell enters it in the ledger.
        version, python: of the library and of Python.
        date: of the run, ISO 8601.
        source: fingerprint of the cell that was run.
        line, net: largest differences from PyTorch's weights or outputs.
        said: what the cell printed.
    """

    name: str
    version: str
    python: str
    date: str
    source: str
    line: float
    net: float
    said: str


def recordings() -> dict[str, Recording]:
    """All that is recorded, by module, in the lecture's order."""
    recorded = json.loads(RECORDINGS.read_text(encoding="utf-8"))
    return {module: Recording(**each) for module, each in recorded.items()}


def here(module: str, *others: str) -> bool:
    """True if the modules can be imported; otherwise prints what the cell printed where they could."""
    if all(find_spec(name.partition(".")[0]) for name in (module, *others)):
        return True
    run = recordings()[module]
    print(f"Not installed here. Recorded on {run.date}, {module} {run.version}, Python {run.python}:")
    print(indent(run.said, "    "))
    return False
