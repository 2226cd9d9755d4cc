"""Compute an expression with the student's Tensors, and follow what its operators recorded."""

import numpy as np

from lifelong.digits import Precise

from .numbers_as_text import array, reported
from .programs import gradient_by_paths
from .watch import Inputs, Names, Outputs, watched

ROW, TABLE = [1.0, 2.0, 4.0], [[1.0, 2.0, 4.0], [8.0, 0.5, 16.0], [32.0, 64.0, 0.25]]
LONG = "2.7182818284590452353602874713526624977572470936999"


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """An expression's value, and what its pulls make of a drawn gradient, path by path; an error is told with the expression."""
    tensor = names["Tensor"]
    arrays = [array(inputs, tree) for tree in inputs["arrays"]]
    leaves = [tensor(each.copy()) for each in arrays]
    row, table = np.array(ROW), np.array(TABLE)
    known = {"array": row, "table": table, "digits": Precise(LONG), **dict(zip("abc", leaves, strict=False))}
    seed = array(inputs, inputs["seed"])
    before = seed.copy()
    try:
        output = eval(inputs["expression"], known)
        gradients = gradient_by_paths(output, leaves, seed)
    except Exception as error:
        error.args = (f"{error}{', ' * bool(str(error))}in `{inputs['expression']}`",)
        raise
    pairs = [(row, ROW), (table, TABLE), *((leaf.value, each) for leaf, each in zip(leaves, arrays, strict=True))]
    kept = all(bool(np.array_equal(*pair)) for pair in pairs)
    answers = {f"gradient {number}": each for number, each in enumerate(gradients)}
    given = bool(np.array_equal(seed, before))
    return reported(value=output.value, **answers) | {"kept": kept, "given": given}
