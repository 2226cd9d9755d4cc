# %% style="by logarithms"
def best_h(p, truncation, rounding):
    return np.exp((np.log(rounding) - np.log(p) - np.log(truncation)) / (p + 1))

def rule_of_thumb(x, p, dtype=np.float64):
    size = abs(x) if abs(x) > 1 else 1
    return size * 2.0 ** (np.log2(np.finfo(dtype).eps) / (p + 1))

# %% style="a search on a fine grid"
def best_h(p, truncation, rounding):
    h = np.logspace(-18, 2, 20001)
    return h[np.argmin(truncation * h**p + rounding / h)]

def rule_of_thumb(x, p, dtype=np.float64):
    eps = dtype(1)
    while dtype(1) + eps / dtype(2) > dtype(1):
        eps = eps / dtype(2)
    return np.power(float(eps), 1 / (p + 1)) * np.maximum(np.abs(x), 1)

# %% style="bisection on the derivative"
def best_h(p, truncation, rounding):
    low, high = 1e-20, 1e3
    for _ in range(200):
        middle = (low * high) ** 0.5
        if p * truncation * middle ** (p - 1) > rounding / middle**2:
            high = middle
        else:
            low = middle
    return low

def rule_of_thumb(x, p, dtype=np.float64):
    eps = {np.float64: 2**-52, np.float32: 2**-23}[dtype]
    return best_h(p, 1 / p, eps) * max(abs(x), 1)

# %% mistake="forgets-p"
def best_h(p, truncation, rounding):
    return (rounding / truncation) ** (1 / (p + 1))


def rule_of_thumb(x, p, dtype=np.float64):
    return np.finfo(dtype).eps ** (1 / (p + 1)) * max(1.0, abs(x))

# %% mistake="wrong-root" of="forgets-p"
# -     return (rounding / truncation) ** (1 / (p + 1))
# +     return (rounding / (p * truncation)) ** (1 / p)

# %% mistake="upside-down" of="forgets-p"
# -     return (rounding / truncation) ** (1 / (p + 1))
# +     return (p * truncation / rounding) ** (1 / (p + 1))

# %% mistake="returns-the-error" of="forgets-p"
# -     return (rounding / truncation) ** (1 / (p + 1))
# +     return truncation * (rounding / (p * truncation)) ** (p / (p + 1)) + rounding / (rounding / (p * truncation)) ** (1 / (p + 1))

# %% mistake="always-square-root" of="forgets-p"
# -     return (rounding / truncation) ** (1 / (p + 1))
# +     return (rounding / (p * truncation)) ** 0.5

# %% mistake="thumb-wrong-root" of="bare"
# -     return float(np.finfo(dtype).eps) ** (1 / (p + 1)) * max(1.0, abs(x))
# +     return np.finfo(dtype).eps ** (1 / p) * max(1, abs(x))

# %% mistake="thumb-always-square-root" of="thumb-wrong-root"
# -     return np.finfo(dtype).eps ** (1 / p) * max(1, abs(x))
# +     return np.sqrt(np.finfo(dtype).eps) * max(1, abs(x))

# %% mistake="thumb-ignores-dtype" of="thumb-wrong-root"
# -     return np.finfo(dtype).eps ** (1 / p) * max(1, abs(x))
# +     return np.finfo(float).eps ** (1 / (p + 1)) * max(1, abs(x))

# %% mistake="thumb-ignores-x" of="thumb-wrong-root"
# -     return np.finfo(dtype).eps ** (1 / p) * max(1, abs(x))
# +     return np.finfo(dtype).eps ** (1 / (p + 1))

# %% mistake="thumb-vanishes-at-zero" of="thumb-wrong-root"
# -     return np.finfo(dtype).eps ** (1 / p) * max(1, abs(x))
# +     return np.finfo(dtype).eps ** (1 / (p + 1)) * abs(x)

# %% nothing="zeros"
def best_h(p, truncation, rounding):
    return 0.0


def rule_of_thumb(x, p, dtype=np.float64):
    return 0.0

# %% nothing="a constant"
def best_h(p, truncation, rounding):
    return 1e-3


def rule_of_thumb(x, p, dtype=np.float64):
    return 1.0

# %% nothing="NaN"
def best_h(p, truncation, rounding):
    return float('nan')


def rule_of_thumb(x, p, dtype=np.float64):
    return float('nan')

# %% nothing="negated"
def best_h(p, truncation, rounding):
    return -((rounding / (p * truncation)) ** (1 / (p + 1)))


def rule_of_thumb(x, p, dtype=np.float64):
    return -(np.finfo(dtype).eps ** (1 / (p + 1))) * max(1, abs(x))

# %% nothing="epsilon itself"
def best_h(p, truncation, rounding):
    return np.finfo(float).eps


def rule_of_thumb(x, p, dtype=np.float64):
    return np.finfo(dtype).eps

# %% nothing="None"
def best_h(p, truncation, rounding):
    return None


def rule_of_thumb(x, p, dtype=np.float64):
    return None
