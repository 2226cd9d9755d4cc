"""Judge ``timeline``: what happened when, and who was first; no part of the key ever goes into the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

YEARS = {
    "Torch": 2002,  # IDIAP-RR 02-46
    "Theano": 2010,  # SciPy 2010
    "Torch7": 2011,  # BigLearn, NIPS workshop 2011
    "Pylearn2": 2013,  # arXiv:1308.4214
    "Keras": 2015,  # first release, March 2015
    "Chainer": 2015,  # first release, June 2015
    "TensorFlow": 2015,  # November 2015
    "Torchnet": 2016,  # June 2016
    "DyNet": 2017,  # arXiv:1701.03980
    "PyTorch": 2017,  # January 2017
    "ONNX": 2017,  # September 2017
    "end of Theano": 2017,  # 28 September 2017
    "TensorFlow 2.0": 2019,  # September 2019
    "last Chainer": 2019,  # v7, December 2019
}

INTRODUCED = {
    "bagging": "Torch",
    "compiler": "Theano",
    "text": "Pylearn2",
    "sequential": "Keras",
    "numpy": "Autograd",
    "by run": "Chainer",
    "session": "TensorFlow",
    "batching": "DyNet",
    "exchange": "ONNX",
}

GROUPS: dict[str, tuple[str, float, tuple[str, ...]]] = {
    "first": ("The first four, 2002 to 2013", 0.15, ("Torch", "Theano", "Torch7", "Pylearn2")),
    "crowd": ("The crowd of 2015 and 2016", 0.15, ("Keras", "Chainer", "TensorFlow", "Torchnet")),
    "convergence": ("2017: dynamic graphs and exchange", 0.15, ("DyNet", "PyTorch", "ONNX")),
    "ends": ("Ends and turns", 0.15, ("end of Theano", "TensorFlow 2.0", "last Chainer")),
}
IDEAS: dict[str, tuple[str, float, tuple[str, ...]]] = {
    "parts": ("Who: parts, formulas, texts, layers", 0.2, ("bagging", "compiler", "text", "sequential")),
    "running": (
        "Who: running, recording, batching, exchanging",
        0.2,
        ("numpy", "by run", "session", "batching", "exchange"),
    ),
}


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


def _of(table: Mapping[str, Any], keys: tuple[str, ...]) -> Callable[[Tree], dict[str, Any]]:
    return lambda inputs: {key: table[key] for key in keys}


def _believed(name: str, message: str, group: str, **wrong: Any) -> Mistake:
    """The mistake of someone who believes these entries; spaces in keys are underscores here."""
    entries = {key.replace("_", " "): value for key, value in wrong.items()}
    return Mistake(name, message, lambda inputs: entries, (group,))


def _checks(table: Mapping[str, Any], groups: Mapping[str, tuple[str, float, tuple[str, ...]]], case: str) -> Any:
    return [
        Check(name, title, share=share, cases=(case,), expected=_of(table, keys), tolerance=1e-9)
        for name, (title, share, keys) in groups.items()
    ]


EXERCISE = Exercise(
    id="timeline",
    draw=draw,
    read=read,
    checks=(*_checks(YEARS, GROUPS, "years"), *_checks(INTRODUCED, IDEAS, "introduced")),
    mistakes=(
        _believed(
            "torchnet-of-the-slide",
            "The slide has Torchnet's year wrong: look at the date of its repository and of its workshop paper.",
            "crowd",
            Torchnet=2015,
        ),
        _believed(
            "tensorflow-of-the-slide",
            "A slide files TensorFlow a year too late, among define-by-run: look for when it became open source.",
            "crowd",
            TensorFlow=2016,
        ),
        _believed(
            "theano-of-the-slide",
            "The slide has the end of Theano two years too late: the announcement came before version 1.0.",
            "ends",
            end_of_Theano=2019,
        ),
        _believed(
            "theano-begun",
            "That is when Theano's development began; the paper came two years later.",
            "first",
            Theano=2008,
        ),
        _believed(
            "pytorch-alpha",
            "The first alphas went round a few months before; the public announcement came in the next year.",
            "convergence",
            PyTorch=2016,
        ),
        _believed(
            "define-by-run-by-tensorflow",
            "TensorFlow 1 was define-then-run; it became eager years later.",
            "running",
            by_run="TensorFlow",
        ),
        _believed(
            "compiler-by-tensorflow",
            "Five years before TensorFlow another framework compiled formulas for the GPU.",
            "parts",
            compiler="TensorFlow",
        ),
        _believed(
            "numpy-by-theano",
            "Theano's gradients are of its own formulas; plain NumPy code with its loops came with another.",
            "running",
            numpy="Theano",
        ),
    ),
)
