# %% style="vander and math.factorial"
import math

def stencil(offsets, derivative=1):
    A = np.vander(np.array(offsets, float), increasing=True).T
    b = [0.0] * len(offsets)
    b[derivative] = math.factorial(derivative)
    return list(np.linalg.solve(A, b))

# %% style="Taylor rows, each over k!"
from math import factorial

def stencil(offsets, derivative=1):
    n = len(offsets)
    A = np.array([[s**k / factorial(k) for s in offsets] for k in range(n)], dtype=float)
    b = np.zeros(n)
    b[derivative] = 1
    return np.linalg.inv(A) @ b

# %% style="derivatives of Lagrange's polynomials"
def stencil(offsets, derivative=1):
    weights = []
    for j, s in enumerate(offsets):
        polynomial = np.poly1d([1.0])
        for i, t in enumerate(offsets):
            if i != j:
                polynomial *= np.poly1d([1.0, -t]) / (s - t)
        weights.append(polynomial.deriv(derivative)(0.0))
    return np.array(weights)

# %% mistake="no-factorial"
def stencil(offsets, derivative=1):
    offsets = np.asarray(offsets, dtype=float)
    b = np.zeros(len(offsets))
    b[derivative] = 1.0
    w = np.linalg.solve(offsets[None, :] ** np.arange(len(offsets))[:, None], b)
    return w

# %% mistakes of="no-factorial"
# -     b[derivative] = 1.0
# -     w = np.linalg.solve(offsets[None, :] ** np.arange(len(offsets))[:, None], b)
# +     b[derivative] = np.prod(np.arange(1, derivative + 1))
# +     w = np.linalg.pinv(offsets[None, :] ** np.arange(1, len(offsets) + 1)[:, None]) @ b  # powers-from-one
# +     b[derivative] = np.prod(np.arange(1, derivative + 1))
# +     w = np.linalg.pinv(offsets[None, :] ** np.arange(derivative + 1)[:, None]) @ b[: derivative + 1]  # too-few-equations
# ~ b[derivative] => b[1]                                                             # only-first
# ~ b[derivative] = 1.0 => b[derivative - 1] = np.prod(np.arange(1, derivative + 1))  # off-by-one
# -     b = np.zeros(len(offsets))
# -     b[derivative] = 1.0
# +     offsets = -offsets
# +     b = np.zeros(len(offsets))
# +     b[derivative] = np.prod(np.arange(1, derivative + 1))  # mirrored
# +     offsets = offsets[0] + np.arange(len(offsets))
# +     b = np.zeros(len(offsets))
# +     b[derivative] = np.prod(np.arange(1, derivative + 1))  # equally-spaced
# +     offsets = np.sort(offsets)
# +     b = np.zeros(len(offsets))
# +     b[derivative] = np.prod(np.arange(1, derivative + 1))  # sorted

# %% nothings of="zeros"
# -     offsets = -offsets
# ...
# ~ return w => return 0 * w  # zeros of="mirrored"
# ~ 0 * w => np.ones_like(w)   # ones
# ~ 0 * w => w * float('nan')  # NaN
# ~ 0 * w => -w                # negated
# ~ 0 * w => offsets           # the offsets
# ~ 0 * w => w[:, None]        # a column
