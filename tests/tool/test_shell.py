"""How the sandbox's shell turns a cell into Python, beside IPython's way; in a process of its own, where a shell stays."""

import json
import subprocess
import sys

import nbformat

from tests.places import COURSE, ROOT

ODD = [
    *("%time x = 1\ny = 2", "!ls\nx = 1", "x = !ls\ny = 1", "x?\ny = 1", "a\n?b", "a = lambda: 0\n/a", "a = 5\na %b"),
    *(
        "    a = 1\n    b = 2",
        "\n\na = 1\nb = 2",
        ">>> a = 1\n>>> b = 2",
        "In [1]: a = 1\n   ...: b = 2",
        "x = 1\r\ny = 2",
    ),
    *(
        "ls",
        "exit",
        "a = 1\nls",
        "a = (1\n%b)",
        "...\na = 1",
        "x = '''\n%magic\n!ls\n'''\ny = 1",
        "%%bash\nls",
        "a = 1;\nb;",
    ),
]

SCRIPT = """
import json, sys, warnings
from IPython.core.interactiveshell import InteractiveShell
from autograder.sandbox.inside.shell import make_shell

shell = make_shell("1")
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    cells = json.load(sys.stdin)
    ours = [shell.transform_cell(cell).rstrip("\\n") for cell in cells]
    own = [InteractiveShell.transform_cell(shell, cell).rstrip("\\n") for cell in cells]
print(json.dumps([[cell for cell, *ways in zip(cells, ours, own) if ways[0] != ways[1]], len(seen)]))
"""


def test_a_cell_becomes_the_python_that_ipython_makes_of_it_and_nothing_warns() -> None:
    paths = sorted(COURSE.root.glob("assignments/*/*.ipynb"))
    cells = [cell.source for path in paths for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    given = json.dumps([*ODD, *cells, "label = '\\d'\nx = 1"])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], input=given, capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert json.loads(done.stdout) == [[], 0]
