"""Judge ``moving_average``: the mean of each run of neighbours."""

import numpy as np

from autograder.judging import Function

judge = Function("moving_average")


@judge.oracle
def right(values, window):
    return [float(np.mean(values[at : at + window])) for at in range(len(values) - window + 1)]


@judge.draw(0.5)
def some(rng):
    """The means of all runs."""
    return [(rng.uniform(-5, 5, size=size), window) for size, window in ((9, 3), (20, 6), (7, 2))]


@judge.draw(0.3, needs=("some",))
def extremes(rng):
    """A window of one value, and one of all values."""
    return [(rng.uniform(1, 5, size=6), 1), (rng.uniform(1, 5, size=6), 6)]


@judge.draw(0.2, needs=("some",))
def too_few(rng):
    """It is empty where there are fewer values than the window has."""
    return [(rng.normal(size=3), 4), (rng.normal(size=2), 5)]


@judge.mistake()
def sums(values, window):
    """You add up each run; divide by the window for its mean."""
    return window * np.array(right(values, window))


@judge.mistake()
def last_run_missing(values, window):
    """You leave the last run out: of n values there are n − window + 1 runs."""
    return right(values[:-1], window)


@judge.mistake()
def padded(values, window):
    """You return as many means as values; leave out the runs that reach over an end."""
    return np.convolve(values, np.ones(window) / window, mode="same")


@judge.mistake("too-few")
def swapped_by_convolve(values, window):
    """`np.convolve` swaps its arguments where the window is the longer one; return an empty array there."""
    return np.convolve(values, np.ones(window) / window, mode="valid")


EXERCISE = judge.exercise()
