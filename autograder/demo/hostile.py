"""Submissions that attack the grader: each a full solution with an attack in it, whose honest cells earn marks."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

EQUAL_TO_EVERYTHING = '''
class Always:
    """Claims to be whatever it is compared with."""
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __bool__(self): return True
    def __float__(self): return 1.0
    def __getattr__(self, name): return Always()
    def __call__(self, *arguments, **options): return Always()
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __abs__(self): return 0.0
'''


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        name: of the sample student who hands it in.
        aim: what success would be.
        costs: the exercises that the attack itself gives up; all others are honest and must get full marks.
        apply: turns a solved notebook into the attack.
    """

    name: str
    aim: str
    costs: frozenset[str]
    apply: Callable[[NotebookNode], NotebookNode]


def _cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    found = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    return {name: cell for name, cell in found.items() if name}


def _replace(sources: dict[str, str]) -> Callable[[NotebookNode], NotebookNode]:
    """The solved notebook with other sources in some solution cells."""

    def apply(notebook: NotebookNode) -> NotebookNode:
        notebook = copy.deepcopy(notebook)
        for exercise, source in sources.items():
            _cells(notebook)[exercise].source = f"# exercise: {exercise}\n{source}"
        return notebook

    return apply


def _first(source: str, sources: dict[str, str] | None = None) -> Callable[[NotebookNode], NotebookNode]:
    """The solved notebook with an extra cell before all others."""

    def apply(notebook: NotebookNode) -> NotebookNode:
        notebook = _replace(sources or {})(notebook)
        notebook.cells.insert(0, new_code_cell(source, id="extra"))
        return notebook

    return apply


def _skip_execution(notebook: NotebookNode) -> NotebookNode:
    """Tags that make nbgrader skip the graded cells and give full marks, over an EWC that is not written."""
    notebook = _replace({"ewc": "class EWC(QuadraticPenalty):\n    pass"})(notebook)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata["tags"] = ["skip-execution"]
            cell.outputs = [new_output("execute_result", data={"text/plain": "4.0"}, execution_count=1)]
    return notebook


def _more_points(notebook: NotebookNode) -> NotebookNode:
    """Graded cells worth a thousand points each, with new ids and no lock."""
    notebook = _replace({"mas": "class MAS(QuadraticPenalty):\n    pass"})(notebook)
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if nbgrader.get("grade"):
            nbgrader.update(points=1000, locked=False, schema_version=1)
    return notebook


DROP_ASSERTS = """
ip = get_ipython()
ip.input_transformers_cleanup.append(
    lambda lines: [line for line in lines if not line.lstrip().startswith(("assert", "check("))])
import lifelong, lifelong.checks
lifelong.check = lifelong.checks.check = check = lambda *arguments: None
"""

READ_OUTSIDE = """
import os, sys
system = ("/proc", "/sys", "/dev", "/usr", sys.prefix, sys.base_prefix)
secrets = []
for folder, folders, files in os.walk("/", onerror=None):
    folders[:] = [name for name in folders if os.path.join(folder, name) not in system]
    wanted = ("solutions", "judge", "bank", "course.", "gradebook", ".course", "submitted", "quiz.toml")
    secrets += [os.path.join(folder, name) for name in folders + files if name.startswith(wanted)]
for folder in ("..", "../..", "/work", "/home", "/root", "/proc/1/root", "/proc/1/cwd"):
    try:
        secrets += [name for name in os.listdir(folder) if name.startswith(wanted)]
    except OSError:
        pass
print(secrets)
"""

SCRIPT = """
from IPython.display import HTML, Javascript, display
display(HTML("<script>document.title = 'owned'</script><img src=x onerror=\\"document.title='owned'\\">"))
display(Javascript("document.title = 'owned'"))
"""

ATTACKS = (
    Attack("eve-skip-execution", "full marks through a tag", frozenset({"ewc"}), _skip_execution),
    Attack("eve-more-points", "a thousand points", frozenset({"mas"}), _more_points),
    Attack(
        "eve-drop-asserts",
        "tests that are not run",
        frozenset({"ewc"}),
        _first(
            DROP_ASSERTS, {"ewc": "class EWC(QuadraticPenalty):\n    def importance(self, model, batches): return {}"}
        ),
    ),
    Attack(
        "eve-equal-to-everything",
        "answers that equal any expected value",
        frozenset({"metrics"}),
        _replace({"metrics": EQUAL_TO_EVERYTHING + "average_accuracy = forgetting = backward_transfer = Always()"}),
    ),
    Attack("eve-read-outside", "other students' work, the key, the gradebook", frozenset(), _first(READ_OUTSIDE)),
    Attack(
        "eve-exit", "marks lost by the whole class", frozenset({"ewc"}), _replace({"ewc": "import os\nos._exit(0)"})
    ),
    Attack(
        "eve-loop",
        "a grader that never ends",
        frozenset({"mas"}),
        _replace(
            {"mas": "class MAS(QuadraticPenalty):\n    def importance(self, model, batches):\n        while True: pass"}
        ),
    ),
    Attack(
        "eve-memory",
        "a machine without memory",
        frozenset({"permutation"}),
        _replace({"permutation": "def permute(images, permutation):\n    return torch.ones(10**11)"}),
    ),
    Attack("eve-script", "code that runs in the teacher's browser", frozenset(), _first(SCRIPT)),
)
