"""A crash of a student's code in one sentence: what was called with which input, the error, the student's own line."""

import dis
import inspect
import linecache
import traceback
from pathlib import Path
from types import FrameType

from lifelong.checks.expect import NOTEBOOK, show

CHECKS = Path(__file__).parent
MARKER = "# exercise: "
LONGEST = 160
"""The longest text of a call's inputs."""

REBINDING = ("STORE_FAST", "STORE_DEREF", "DELETE_FAST")
"""Instructions that make an argument something else."""


def crashed(error: BaseException, did: str = "") -> str:
    """What an error was, in one sentence without any frame of ours; ``did`` stands for an error that says nothing."""
    walked = traceback.walk_tb(error.__traceback__)
    places = [place for place in walked if place[0].f_globals.get("__name__") == NOTEBOOK]
    if isinstance(error, SyntaxError) and not places:
        return f"The cell cannot be read: {error.msg} (line {error.lineno}: `{(error.text or '').strip()[:120]}`)."
    calls = [frame for frame, _ in places if frame.f_code.co_flags & inspect.CO_NEWLOCALS]  # of no module, and no class
    message = " ".join(str(error).split())[:300]
    did = did or f"stopped with {type(error).__name__}{': ' * bool(message)}{message}"
    subject = _call(calls[0]) if calls else "The cell" if places else _asked(error)
    return f"{subject} {did}{_where(places)}"


def unwritten_function(error: NotImplementedError) -> str:
    """The function that says it is not written, e.g. ``"EWC.importance"``; empty if PyTorch says it can't do something."""
    *_, (frame, number) = traceback.walk_tb(error.__traceback__)
    line = linecache.getline(frame.f_code.co_filename, number)
    return frame.f_code.co_qualname if not line or "NotImplementedError" in line else ""


def _asked(error: BaseException) -> str:
    """What a check had asked for, where none of the notebook's code was reached, e.g. ``"`central(f, x, h)`"``."""
    frames = [each for each in traceback.extract_tb(error.__traceback__) if Path(each.filename).parent == CHECKS]
    if not frames or frames[-1].lineno != frames[-1].end_lineno:
        return "The call"
    line = linecache.getline(frames[-1].filename, frames[-1].lineno or 0).encode()
    return f"`{line[frames[-1].colno : frames[-1].end_colno].decode()}`"


def _call(frame: FrameType) -> str:
    """The call that a frame is of, with the arguments that are still what they were when it began."""
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    steps = list(dis.get_instructions(code))
    back = [step.offset for step in steps if step.opname.startswith("JUMP_BACK")]  # in a loop, all
    last = max([*back, frame.f_lasti])
    stored = {str(step.argval) for step in steps if step.opname.startswith(REBINDING) and step.offset < last}
    kept = {name: show(frame.f_locals[name]) for name in frame.f_locals.keys() - stored if name in names}
    text = ", ".join(kept.get(name, "…") for at, name in enumerate(names) if at or name != "self")
    called = code.co_qualname.replace(".<locals>", "")
    return f"{called}({text if len(text) <= LONGEST else text[:LONGEST] + '…'})"


def _where(places: list[tuple[FrameType, int]]) -> str:
    """The line of the exercise's cell that was reached last, and the one of another cell that it led to."""
    lines = [(frame.f_code.co_filename, number) for frame, number in places]
    exercises = [place for place in lines if linecache.getline(place[0], 1).startswith(MARKER)]
    own = exercises[-1:] or lines[-1:]
    further = [place for place in lines[-1:] if own and place[0] != own[0][0]]
    said = [f"line {number} of its cell: `{_text(file, number)}`" for file, number in own]
    said += [f"which leads to line {number} of another cell: `{_text(file, number)}`" for file, number in further]
    return f" ({', '.join(said)})." if said else "."


def _text(file: str, number: int) -> str:
    return linecache.getline(file, number).strip()[:120]
