# %% [markdown]
# # Homework: arrays
#
# Two functions and a question, thirteen points. Write code in the cells that begin with `# exercise: …`. The cell below each one tries
# it on small examples; your marks come from other numbers, drawn for you alone. What you answer in words a person reads.

# %%
import numpy as np

# %% [markdown]
# ## Exercise: how alike are two vectors? (4 points)
#
# The cosine of the angle between two vectors says how alike their directions are:
#
# $$\cos(a,b)=\frac{\sum_i a_ib_i}{\lVert a\rVert\,\lVert b\rVert}$$
#
# It is 1 for the same direction, 0 for a right angle, −1 for opposite directions. For $a=(3,4)$ and $b=(0,-2)$ it is
# $-8/(5\cdot2)=$ **−0.8**. If one of the vectors is zero everywhere, return 0.

# %% nbgrader={"grade": false, "grade_id": "cosine", "locked": false, "schema_version": 3, "solution": true, "task": false}
# exercise: cosine
def cosine(a, b):
    """The cosine of the angle between two vectors.

    Args:
        a, b: arrays of the same length.

    Returns:
        One number in [-1, 1]; 0 if a or b is zero everywhere.
    """
    ### BEGIN SOLUTION
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    if lengths == 0:
        return 0.0
    return a @ b / lengths
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cosine-test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
assert np.isclose(cosine(np.array([3.0, 4.0]), np.array([0.0, -2.0])), -0.8), "the cosine of (3, 4) and (0, -2) is -0.8"
assert cosine(np.array([3.0, 4.0]), np.zeros(2)) == 0, "where one vector is zero, the answer is 0"

# %% [markdown]
# ## Exercise: smooth a series (6 points)
#
# The moving average replaces each run of `window` neighbours by its mean. Of $n$ values there are $n-\text{window}+1$ such runs: of
# $(1, 3, 5, 1)$ with a window of 2 the result is $(2, 4, 3)$. If there are fewer values than `window`, the result is empty.

# %% nbgrader={"grade": false, "grade_id": "moving_average", "locked": false, "schema_version": 3, "solution": true, "task": false}
# exercise: moving_average
def moving_average(values, window):
    """The mean of each run of neighbours.

    Args:
        values: an array of n numbers; it stays as it is.
        window: how many neighbours make a run, at least 1.

    Returns:
        An array of n - window + 1 means; an empty one if n < window.
    """
    ### BEGIN SOLUTION
    runs = len(values) - window + 1
    return np.array([values[start : start + window].mean() for start in range(runs)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "moving_average-test", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
series = np.array([1.0, 3.0, 5.0, 1.0])
assert np.allclose(moving_average(series, 2), [2, 4, 3]), "the means of (1, 3), (3, 5) and (5, 1) are 2, 4 and 3"
assert len(moving_average(series, 5)) == 0, "there is no run of five among four values"

# %% [markdown]
# ## Question: the best step (3 points)
#
# The slope of $f$ at $x$ is about $\frac{f(x+h)-f(x)}{h}$. Why does its error first shrink with $h$, and then grow again? Say where each of
# the two errors comes from and how it depends on $h$, in three or four sentences. Write in the cell below: a double click opens it.

# %% [markdown] nbgrader={"grade": true, "grade_id": "best_step", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# <!-- exercise: best_step -->
# ### BEGIN SOLUTION
# The series is cut off after its second term, which leaves an error of about $\tfrac{h}{2}|f''(x)|$: it shrinks with $h$. The two values are
# rounded, each by about $\varepsilon|f(x)|$, and dividing by $h$ makes that $2\varepsilon|f(x)|/h$: it grows when $h$ shrinks. The sum is least
# where both are about the same, near $h=\sqrt\varepsilon$, which is $10^{-8}$ in double precision.
# - 1 point: the series is cut off: the error shrinks with h
# - 1 point: the values are rounded: the error grows as h shrinks
# - 1 point: how each depends on h, as h and as 1/h
# ### END SOLUTION
