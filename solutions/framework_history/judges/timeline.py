"""Judge ``timeline``: what happened when, and who was first; no part of the key ever goes into the sandbox."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree

from .checks import check

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


mistake = Mistakes(lambda wrong: lambda inputs: wrong)
mistake.named("torchnet-of-the-slide", {"Torchnet": 2015}, "crowd").says(
    "The slide has Torchnet's year wrong: look at the date of its repository and of its workshop paper."
)
mistake.named("tensorflow-of-the-slide", {"TensorFlow": 2016}, "crowd").says(
    "A slide files TensorFlow a year too late, among define-by-run: look for when it became open source."
)
mistake.named("theano-of-the-slide", {"end of Theano": 2019}, "ends").says(
    "The slide has the end of Theano two years too late: the announcement came before version 1.0."
)
mistake.named("theano-begun", {"Theano": 2008}, "first").says(
    "That is when Theano's development began; the paper came two years later."
)
mistake.named("pytorch-alpha", {"PyTorch": 2016}, "convergence").says(
    "The first alphas went round a few months before; the public announcement came in the next year."
)
mistake.named("define-by-run-by-tensorflow", {"by run": "TensorFlow"}, "running").says(
    "TensorFlow 1 was define-then-run; it became eager years later."
)
mistake.named("compiler-by-tensorflow", {"compiler": "TensorFlow"}, "parts").says(
    "Five years before TensorFlow another framework compiled formulas for the GPU."
)
mistake.named("numpy-by-theano", {"numpy": "Theano"}, "running").says(
    "Theano's gradients are of its own formulas; plain NumPy code with its loops came with another."
)


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
