"""Judge ``timeline``: what happened when, and who was first; no part of the key ever goes into the sandbox."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Slip, Tree

mistake = Mistakes(beside=__file__)
mistake.given()
KEY = mistake.table
YEARS, INTRODUCED = KEY["years"], KEY["introduced"]


def draw(rng: np.random.Generator) -> list[Case]:
    """The two tables, whose entries are asked for in a drawn order."""
    tables = {"years": list(YEARS), "introduced": list(INTRODUCED)}
    return [
        Case(name, {"table": name, "keys": [keys[at] for at in rng.permutation(len(keys))]})
        for name, keys in tables.items()
    ]


def read(inputs: Tree, outputs: Tree) -> dict[str, Any]:
    """One output for every entry."""
    return {key: value for key, value in outputs["table"].items() if isinstance(value, int | str)}


def found(keys: Sequence[str], outputs: Tree) -> dict[str, list[str]]:
    """By what is wrong with them, the entries that are."""
    right, kinds = {**YEARS, **INTRODUCED}, dict[str, list[str]]()
    for key in keys:
        got, due = outputs.get(key), right[key]
        if got != due:
            other = [each for each in keys if got == right[each] and outputs.get(each) == due]
            kind = "exchanged" if other else ""
            if got is None:
                kind = "missing"
            elif str(got).strip().lower() == str(due).lower():
                kind = "year-as-text" if isinstance(due, int) else "spelled-otherwise"
            elif isinstance(due, int):
                kind = kind or ("no-year" if not isinstance(got, int) else "too-late" if got > due else "too-early")
            elif got not in INTRODUCED.values():
                kind = "not-on-the-list"
            kinds.setdefault(kind or "another-was-first", []).append(key)
    return kinds


def off(*keys: str) -> Callable[[Tree, Tree], Slip | None]:
    """The complaint about these entries, which says of each what is wrong with it."""

    def complaint(inputs: Tree, outputs: Tree) -> Slip | None:
        kinds = found(keys, outputs)
        words = (KEY["slips"][kind].format(", ".join(each)) for kind, each in kinds.items())
        return Slip(" + ".join(kinds), " ".join(words)) if kinds else None

    return complaint


def entries(*keys: str) -> Callable[[Tree], dict[str, Any]]:
    """The right entries of one of the tables."""
    return lambda inputs: {key: {**YEARS, **INTRODUCED}[key] for key in keys}


IDEAS = list(INTRODUCED)


def table(name: str, title: str, case: str, share: float, *keys: str) -> Check:
    """A check of these entries of one of the tables."""
    more: Any = {"tolerance": 1e-9, "complaint": off(*keys)}
    return Check(name, title, cases=(case,), share=share, expected=entries(*keys), **more)


years, introduced = ("years", 0.15), ("introduced", 0.2)

CHECKS = (
    table("first", "The first four, 2002 to 2013", *years, "Torch", "Theano", "Torch7", "Pylearn2"),
    table("crowd", "The crowd of 2015 and 2016", *years, "Keras", "Chainer", "TensorFlow", "Torchnet"),
    table("convergence", "2017: dynamic graphs and exchange", *years, "DyNet", "PyTorch", "ONNX"),
    table("ends", "Ends and turns", *years, "end of Theano", "TensorFlow 2.0", "last Chainer"),
    table("parts", "Who: parts, formulas, texts, layers", *introduced, *IDEAS[:4]),
    table("running", "Who: running, recording, batching, exchanging", *introduced, *IDEAS[4:]),
)

EXERCISE = Exercise("timeline", draw, CHECKS, tuple(mistake), read=read)
