"""Judge ``cosine``: the cosine of the angle between two vectors."""

import numpy as np

from autograder.judging import Function

judge = Function("cosine")


@judge.oracle
def right(a, b):
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    return float(np.dot(a, b) / lengths) if lengths else 0.0


@judge.draw(0.8)
def vectors(rng):
    """The cosine of two vectors."""
    drawn = [(rng.normal(size=size), rng.normal(size=size) - 1) for size in (2, 5, 30)]
    return [*drawn, (drawn[0][0], -2 * drawn[0][0])]  # whatever is drawn, one is below 0


@judge.draw(0.2, needs=("vectors",))
def zero(rng):
    """It is 0 where one vector is zero everywhere."""
    return [(rng.normal(size=4), np.zeros(4)), (np.zeros(3), rng.normal(size=3))]


@judge.mistake("vectors")
def dot_product(a, b):
    """You return the dot product; divide it by the lengths of both vectors."""
    return float(a @ b)


@judge.mistake("vectors")
def squared_lengths(a, b):
    """You divide by the squared lengths; take the square roots."""
    return float(a @ b / ((a @ a) * (b @ b)))


@judge.mistake("vectors")
def no_sign(a, b):
    """You drop the sign: vectors in opposite directions have the cosine −1."""
    return abs(right(a, b))


@judge.mistake("zero")
def zero_by_zero(a, b):
    """You divide 0 by 0 where one vector is zero everywhere; return 0 there."""
    return np.nan


EXERCISE = judge.exercise()
