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

# %% mistakes of="upside-down"
# ~ rounding / (p * truncation) => p * truncation / rounding
# ~ float(np.finfo(dtype).eps) => np.finfo(dtype).eps  # upside-down of="bare"
# -     return (p * truncation / rounding) ** (1 / (p + 1))
# +     return (rounding / (p * truncation)) ** 0.5      # always-square-root
# +     return (rounding / truncation) ** (1 / (p + 1))  # forgets-p
# +     return (rounding / truncation / {1: 1, 2: 2}.get(p, 4)) ** {1: 1 / 2, 2: 1 / 3}.get(p, 1 / 5)  # knows-three-orders
# +     return truncation * (rounding / (p * truncation)) ** (p / (p + 1)) + rounding / (rounding / (p * truncation)) ** (1 / (p + 1))  # returns-the-error
# -     return float(np.finfo(dtype).eps) ** (1 / (p + 1)) * max(1.0, abs(x))
# +     return np.sqrt(np.finfo(dtype).eps) * max(1, abs(x))          # thumb-always-square-root of="bare"
# +     return np.finfo(float).eps ** (1 / (p + 1)) * max(1, abs(x))  # thumb-ignores-dtype of="bare"

# %% nothings of="bare"
# ~ (rounding / (p * truncation)) ** (1 / (p + 1)) => 0.0
# ~ float(np.finfo(dtype).eps) ** (1 / (p + 1)) * max(1.0, abs(x)) => 0.0                  # zeros
# ~ (rounding / (p * truncation)) ** (1 / (p + 1)) => 1e-3
# ~ float(np.finfo(dtype).eps) ** (1 / (p + 1)) * max(1.0, abs(x)) => 1.0                  # a constant
# ~ (rounding / (p * truncation)) ** (1 / (p + 1)) => float('nan')
# ~ float(np.finfo(dtype).eps) ** (1 / (p + 1)) * max(1.0, abs(x)) => float('nan')         # NaN
# ~ (rounding / (p * truncation)) ** (1 / (p + 1)) => -((rounding / (p * truncation)) ** (1 / (p + 1)))
# ...
# -     return float(np.finfo(dtype).eps) ** (1 / (p + 1)) * max(1.0, abs(x))
# +     return -(np.finfo(dtype).eps ** (1 / (p + 1))) * max(1, abs(x))                    # negated
# ~ (rounding / (p * truncation)) ** (1 / (p + 1)) => np.finfo(float).eps
# ~ float(np.finfo(dtype).eps) ** (1 / (p + 1)) * max(1.0, abs(x)) => np.finfo(dtype).eps  # epsilon itself
# ~ (rounding / (p * truncation)) ** (1 / (p + 1)) => None
# ~ float(np.finfo(dtype).eps) ** (1 / (p + 1)) * max(1.0, abs(x)) => None                 # None
