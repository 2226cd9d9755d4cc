"""Several methods trained one after another in a notebook: whatever is finished is kept, and seen at once."""

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lifelong.budget import budget
from lifelong.checks.crash import crashed
from lifelong.checks.expect import NOTEBOOK
from lifelong.checks.language import told
from lifelong.checks.outcomes import CELLS, cell_of
from lifelong.checks.shown import show_box, watched
from lifelong.engine import run
from lifelong.method import Method
from lifelong.plots.results import accuracy_curves
from lifelong.run_history import History
from lifelong.tasks import Task

DRIVE = Path("/content/drive/MyDrive")
"""Where Colab mounts a student's Drive."""
TRIED = 32
"""Examples of a task with which a method is tried before any is trained: two steps."""


def train(
    methods: Mapping[type[Method], float], tasks: Sequence[Task], *, epochs: int, folder: Path | None = None
) -> list[History]:
    """Train methods one after another; one that crashes is said and left out, and an interrupt ends it early.

    All are tried for two steps of two tasks before the first is trained. After every finished task a checkpoint is kept,
    by method, λ, tasks, epochs and code, so that the same call goes on after an interrupt, a crash or a restart.

    Args:
        methods: classes that can be called without arguments, with the λ of each.
        tasks: at least one.
        epochs: passes through each task.
        folder: where checkpoints are kept; by default in Drive when that is mounted, else beside the notebook.

    Returns:
        The histories of those that were trained to the end, in order.
    """
    shelf = folder or _shelf()
    few = [Task(each.train.take(slice(TRIED)), each.test.take(slice(TRIED)), each.permutation) for each in tasks[:2]]
    ready = [kind for kind in methods if _trained(kind, methods[kind], few, epochs=1, batch_size=16, quiet=True)]
    done: list[History] = []
    handle: Any = None
    for number, kind in enumerate(ready, start=1):
        try:
            history = _trained(kind, methods[kind], tasks, epochs=epochs, folder=shelf)
        except KeyboardInterrupt:
            kept = f" Run this cell again to go on: what is finished is kept in {shelf}." if shelf else ""
            show_box(f"✗ Interrupted in {kind.__name__}, method {number} of {len(ready)}.{kept}")
            break
        if history:
            own = {base.__name__: cell_of(base) for base in kind.__mro__ if base.__module__ == NOTEBOOK}
            CELLS.setdefault("training", {}).update(own)
            done.append(history)
            handle = _drawn(done, handle)
            left = statistics.mean(each.seconds for each in done) * (len(ready) - number) / 60
            if left:
                left_words = f"the others take at most some {left:.1f} minutes."
                print(told(f"{number} of {len(ready)} methods are done; {left_words}"))
    return done


def _trained(kind: type[Method], strength: float, tasks: Sequence[Task], **options: Any) -> History | None:
    """The history of one method; None where its code crashes, which is said."""
    try:
        method = kind()
        method.strength = strength
        return run(method, tasks, **options)
    except Exception as error:
        show_box(f"✗ {kind.__name__} is left out. {crashed(error)}")
        return None


def _drawn(done: Sequence[History], handle: Any) -> Any:
    """Draw what is finished, in the place where it was drawn before, if somebody looks on."""
    picture = accuracy_curves(done) if watched() else None
    if picture is None:
        return handle
    from IPython.display import display

    if handle is None:
        return display(picture, display_id=True)
    handle.update(picture)
    return handle


def _shelf() -> Path | None:
    """Where checkpoints are kept; None where a grader trains for a moment."""
    return None if budget() else (DRIVE if DRIVE.is_dir() else Path.cwd()) / "lifelong-runs"
