# %% style="a square table"
def richardson(estimate, h, levels, p=2, stride=2):
    T = np.zeros((levels, levels))
    for i in range(levels):
        T[i, 0] = estimate(h * 0.5**i)
        for j in range(1, i + 1):
            factor = 2.0 ** (p + (j - 1) * stride)
            T[i, j] = T[i, j - 1] + (T[i, j - 1] - T[i - 1, j - 1]) / (factor - 1)
    return T[-1, -1]

# %% style="recursion with memory"
from functools import lru_cache

def richardson(estimate, h, levels, p=2, stride=2):
    @lru_cache(maxsize=None)
    def entry(i, j):
        if j == 0:
            return estimate(h / 2**i)
        q = p + (j - 1) * stride
        return (2**q * entry(i, j - 1) - entry(i - 1, j - 1)) / (2**q - 1)

    return entry(levels - 1, levels - 1)

# %% style="solving for the limit"
def richardson(estimate, h, levels, p=2, stride=2):
    steps = np.array([0.5**i for i in range(levels)])
    powers = [0] + [p + k * stride for k in range(levels - 1)]
    values = [estimate(h * step) for step in steps]
    return np.linalg.solve(np.stack([steps**power for power in powers], axis=1), values)[0]

# %% mistake="same-power-every-column"
def richardson(estimate, h, levels, p=2, stride=2):
    row = [estimate(h / 2**j) for j in range(levels)]
    for k in range(levels - 1):
        q = p
        row = [(2 ** q * fine - coarse) / (2 ** q - 1) for coarse, fine in zip(row, row[1:])]
    return row[0]

# %% mistakes of="same-power-every-column"
# ~ q = p => q = p + k                 # stride-ignored
# ~ q = p => q = p + 2 * k             # stride-always-2
# ~ q = p => q = p + (k + 1) * stride  # starts-one-late
# ~ q = p => q = 2 + 2 * k             # powers-of-4
# ~ q = p => q = p * 2**k              # power-doubles
# ~ q = p => q = p + k * stride
# ~ 2 ** q * fine - coarse => 2 ** q * coarse - fine                   # coarse-and-fine-swapped
# ~ q = p => q = p + k * stride
# ~ (2 ** q * fine - coarse) / (2 ** q - 1) => 2 ** q * fine - coarse  # not-divided
# ~ h / 2**j => h * 2 ** (levels - 1 - j)
# ~ q = p => q = p + k * stride  # doubles-h
# ~ h / 2**j => h / (j + 1)
# ~ q = p => q = p + k * stride  # divides-h-by-level

# %% mistake="first-column-only"
def richardson(estimate, h, levels, p=2, stride=2):
    row = [estimate(h / 2**j) for j in range(levels)]
    for k in range(min(1, levels - 1)):
        q = p + k * stride
        row = [(2 ** q * fine - coarse) / (2 ** q - 1) for coarse, fine in zip(row, row[1:])]
    return row[-1]

# %% mistake="first-columns-only" of="first-column-only"
# ~ min(1, levels - 1) => min(3, levels - 1)

# %% mistake="no-extrapolation" of="first-column-only"
# ~ min(1, levels - 1) => 0

# %% mistake="overwrites-too-early" of="first-column-only"
# -     for k in range(min(1, levels - 1)):
# +     for k in range(levels - 1):
# ...
# -         row = [(2 ** q * fine - coarse) / (2 ** q - 1) for coarse, fine in zip(row, row[1:])]
# +         for i in range(k + 1, levels):
# +             row[i] = (2 ** q * row[i] - row[i - 1]) / (2 ** q - 1)

# %% mistake="one-value-carried"
def richardson(estimate, h, levels, p=2, stride=2):
    best = estimate(h)
    for k in range(1, levels):
        q = p + (k - 1) * stride
        best = (2**q * estimate(h / 2**k) - best) / (2**q - 1)
    return best

# %% mistake="asks-again"
def richardson(estimate, h, levels, p=2, stride=2):
    if levels == 1:
        return estimate(h)
    q = p + (levels - 2) * stride
    fine = richardson(estimate, h / 2, levels - 1, p, stride)
    coarse = richardson(estimate, h, levels - 1, p, stride)
    return (2**q * fine - coarse) / (2**q - 1)

# %% mistake="two-levels-at-least" of="a square table"
# -     T = np.zeros((levels, levels))
# +     levels = max(levels, 2)
# +     T = np.zeros((levels, levels))

# %% mistake="stops-at-agreement" of="a square table"
# -             T[i, j] = T[i, j - 1] + (T[i, j - 1] - T[i - 1, j - 1]) / (factor - 1)
# +             T[i, j] = T[i, j - 1] + (T[i, j - 1] - T[i - 1, j - 1]) / (factor - 1)
# +         if i and abs(T[i, i] - T[i - 1, i - 1]) < 1e-9:
# +             return T[i, i]

# %% mistake="remembers-another-estimate" of="a square table"
# ~ stride=2): => stride=2, seen={}):
# ~ estimate(h * 0.5**i) => seen.setdefault(h * 0.5**i, estimate(h * 0.5**i))

# %% nothings of="zeros"
# ~ 2 ** q * coarse - fine => 2 ** q * fine - coarse
# ~ row[0] => 0.0  # zeros of="coarse-and-fine-swapped"
# ~ 0.0 => 7.0           # a constant
# ~ 0.0 => float('nan')  # NaN
# ~ 0.0 => -row[0]       # negated
# ~ 0.0 => None          # None

# %% nothing="the coarsest estimate, asked twice"
def richardson(estimate, h, levels, p=2, stride=2):
    return estimate(h) + 0 * estimate(h / 2) + 1e-3
