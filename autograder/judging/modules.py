"""The judges of an assignment, found by file name: ``judges/ID.py`` judges the exercise ID."""

import hashlib
import importlib
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder.judging.exercise import Case, Exercise


class JudgeError(ValueError):
    """A judge's file does not define what it should; the message names the file."""


def judges(folder: Path) -> dict[str, Exercise]:
    """The exercises that a folder's modules define, by id.

    A module that defines no exercise is what several judges share; they import it by ``from .shared import …``. The
    file ``small.toml`` beside them has a list of small cases for some of the exercises, ``crashes.toml`` errors with one
    cause in any of them, see ``Exercise``.

    Raises:
        JudgeError: a module defines an exercise of another id than its own name, or one that is not well formed; or
            small.toml names what there is not.
    """
    package = _package(folder)
    found, crashes = dict[str, Exercise](), _table(folder / "crashes.toml")
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
        found |= {name: replace(each, crashes=crashes) for name, each in defined.items() if name == path.stem}
    file = folder / "small.toml"
    for name, rows in _table(file).items():
        try:
            found[name] = with_small(found[name], rows)
        except LookupError as error:
            raise JudgeError(f"{file}: [[{name}]] names an exercise or a case that there is not: {error}.") from error
    return found


def _table(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def with_small(exercise: Exercise, rows: Sequence[Mapping[str, Any]]) -> Exercise:
    """The exercise with small cases: of each its name, and the inputs that are other than in a case drawn by that name.

    A row with a list ``each`` is a case for each table in it, with what the row and the table say.
    """
    drawn = {case.name: case.inputs for case in exercise.draw(np.random.default_rng(0))}
    whole = [{**row, **each} for row in rows for each in row.get("each", [{}])]
    said = [(row["case"], {name: each for name, each in row.items() if name not in ("case", "each")}) for row in whole]
    return replace(exercise, small=tuple(Case(name, {**drawn[name], **_like(drawn[name], row)}) for name, row in said))


def _like(drawn: Any, value: Any) -> Any:
    """A value of a table as an array wherever the drawn one is an array, of its kind of number."""
    if isinstance(value, Mapping):
        sample = next(iter(drawn.values()), None)
        return {key: _like(drawn.get(key, sample), each) for key, each in value.items()}
    if isinstance(drawn, list) and drawn and isinstance(value, list):
        return [_like(drawn[0], each) for each in value]
    return np.asarray(value, drawn.dtype) if isinstance(drawn, np.ndarray) else value


def _package(folder: Path) -> str:
    """The name under which a folder's modules are imported: one of its own, for several courses may be open at once."""
    place = str(folder.resolve())
    name = f"judges_{hashlib.sha256(place.encode()).hexdigest()[:16]}"
    if name not in sys.modules:
        package = ModuleType(name, f"The judges in {place}.")
        package.__path__ = [place]
        sys.modules[name] = package
    return name
