"""The judges of an assignment, found by file name: ``judges/ID.py`` judges the exercise ID."""

import hashlib
import importlib
import sys
from pathlib import Path
from types import ModuleType

from autograder.judging.exercise import Exercise


class JudgeError(ValueError):
    """A judge's file does not define what it should; the message names the file."""


def judges(folder: Path) -> dict[str, Exercise]:
    """The exercises that a folder's modules define, by id.

    A module that defines no exercise is what several judges share; they import it by ``from .shared import …``.

    Args:
        folder: an assignment's judges.

    Raises:
        JudgeError: a module defines an exercise of another id than its own name, or one that is not well formed.
    """
    package = _package(folder)
    found: dict[str, Exercise] = {}
    for path in sorted(folder.glob("*.py")):
        try:
            module = importlib.import_module(f"{package}.{path.stem}")
        except ValueError as error:
            raise JudgeError(f"{path}: {error}") from error
        except Exception as error:
            raise JudgeError(f"{path} cannot be imported: {type(error).__name__}: {error}") from error
        defined = {value.id: value for value in vars(module).values() if isinstance(value, Exercise)}
        if defined and path.stem not in defined:
            name = next(iter(defined))
            raise JudgeError(f"{path} defines the exercise {name!r}: its file's name must be {name}.py.")
        found |= {name: exercise for name, exercise in defined.items() if name == path.stem}
    return found


def _package(folder: Path) -> str:
    """The name under which a folder's modules are imported: one of its own, for several courses may be open at once."""
    place = str(folder.resolve())
    name = f"judges_{hashlib.sha256(place.encode()).hexdigest()[:16]}"
    if name not in sys.modules:
        package = ModuleType(name, f"The judges in {place}.")
        package.__path__ = [place]
        sys.modules[name] = package
    return name
