"""Judge ``timeline``: what happened when, and who was first; no part of the key ever goes into the sandbox."""

import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree

from .checks import check

KEY = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
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


mistake = Mistakes(lambda gives: lambda inputs: gives)
for name, known in KEY["mistakes"].items():
    mistake.named(name, known["gives"], *known["checks"]).says(known["says"])


def entries(*keys: str) -> Callable[[Tree], dict[str, Any]]:
    """The right entries of one of the tables."""
    return lambda inputs: {key: {**YEARS, **INTRODUCED}[key] for key in keys}


years = partial(check, cases=("years",), share=0.15, tolerance=1e-9)
introduced = partial(check, cases=("introduced",), share=0.2, tolerance=1e-9)

CHECKS = (
    years("first", "The first four, 2002 to 2013", expected=entries("Torch", "Theano", "Torch7", "Pylearn2")),
    years("crowd", "The crowd of 2015 and 2016", expected=entries("Keras", "Chainer", "TensorFlow", "Torchnet")),
    years("convergence", "2017: dynamic graphs and exchange", expected=entries("DyNet", "PyTorch", "ONNX")),
    years("ends", "Ends and turns", expected=entries("end of Theano", "TensorFlow 2.0", "last Chainer")),
    introduced("parts", "Who: parts, formulas, texts, layers", expected=entries(*list(INTRODUCED)[:4])),
    introduced("running", "Who: running, recording, batching, exchanging", expected=entries(*list(INTRODUCED)[4:])),
)

EXERCISE = Exercise("timeline", draw, CHECKS, tuple(mistake), read=read)
