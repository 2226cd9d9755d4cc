"""Compute an expression with the student's Tensors, and follow what its operators recorded."""

import numpy as np

from lifelong.digits import Precise

from .numbers_as_text import array, reported
from .programs import gradient_by_paths
from .watch import Inputs, Names, Outputs, watched

LONG = "2.7182818284590452353602874713526624977572470936999"


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """An expression's value, and what its pulls make of a drawn gradient, path by path; an error is told with the expression."""
    tensor = names["Tensor"]
    arrays = [array(inputs, tree) for tree in inputs["arrays"]]
    leaves = [tensor(each.copy()) for each in arrays]
    given = {"array": np.array([1.0, 2.0, 4.0]), "digits": Precise(LONG), **dict(zip("abc", leaves, strict=False))}
    try:
        output = eval(inputs["expression"], given)
        gradients = gradient_by_paths(output, leaves, array(inputs, inputs["seed"]))
    except Exception as error:
        error.args = (f"{error}{', ' * bool(str(error))}in `{inputs['expression']}`",)
        raise
    kept = all(bool(np.array_equal(leaf.value, each)) for leaf, each in zip(leaves, arrays, strict=True))
    answers = {f"gradient {number}": each for number, each in enumerate(gradients)}
    return reported(value=output.value, **answers) | {"kept": kept}
