# %% style="backward is forward with −h, central their mean"
def forward(f, x, h):
    return (f(x + h) - f(x)) / h

def backward(f, x, h):
    return forward(f, x, -h)

def central(f, x, h):
    return (forward(f, x, h) + backward(f, x, h)) / 2

def five_point(f, x, h):
    return (4 * central(f, x, h) - central(f, x, 2 * h)) / 3

# %% style="weights in a table"
def _weighted(f, x, h, table):
    return sum(weight * f(x + offset * h) for offset, weight in table.items()) / h

def forward(f, x, h):
    return _weighted(f, x, h, {0: -1, 1: 1})

def backward(f, x, h):
    return _weighted(f, x, h, {-1: -1, 0: 1})

def central(f, x, h):
    return _weighted(f, x, h, {-1: -0.5, 1: 0.5})

def five_point(f, x, h):
    return _weighted(f, x, h, {-2: 1 / 12, -1: -8 / 12, 1: 8 / 12, 2: -1 / 12})

# %% style="the step that is really taken"
def forward(f, x, h):
    after = x + h
    return (f(after) - f(x)) / (after - x)

def backward(f, x, h):
    before = x - h
    return (f(x) - f(before)) / (x - before)

def central(f, x, h):
    after, before = x + h, x - h
    return (f(after) - f(before)) / (after - before)

def five_point(f, x, h):
    inner = f(x + h) - f(x - h)
    outer = f(x + 2 * h) - f(x - 2 * h)
    return 2 / 3 * inner / h - outer / (12 * h)

# %% style="one entry of an array at a time"
def _each(rule):
    def scheme(f, x, h):
        x = np.asarray(x)
        return np.array([rule(f, t, h) for t in x.reshape(-1)]).reshape(x.shape)
    return scheme

forward = _each(lambda f, x, h: (f(x + h) - f(x)) / h)
backward = _each(lambda f, x, h: (f(x) - f(x - h)) / h)
central = _each(lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h))
five_point = _each(lambda f, x, h: (-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (12 * h))

# %% mistake="forward-not-divided" of="bare"
# -     return (f(x + h) - f(x)) / h
# +     return f(x + h) - f(x)

# %% mistake="forward-sign" of="^"
# +     return (f(x) - f(x + h)) / h

# %% mistake="forward-is-backward" of="^"
# +     return (f(x) - f(x - h)) / h

# %% mistake="backward-sign" of="bare"
# -     return (f(x) - f(x - h)) / h
# +     return (f(x - h) - f(x)) / h

# %% mistake="backward-is-forward" of="^"
# +     return (f(x + h) - f(x)) / h

# %% mistake="central-not-halved" of="bare"
# -     return (f(x + h) - f(x - h)) / (2 * h)
# +     return (f(x + h) - f(x - h)) / h

# %% mistake="central-times-h" of="^"
# +     return (f(x + h) - f(x - h)) / 2 * h

# %% mistake="central-is-forward" of="^"
# +     return (f(x + h) - f(x)) / h

# %% mistake="central-half-steps" of="^"
# +     return (f(x + h / 2) - f(x - h / 2)) / h

# %% mistake="five-point-sign" of="bare"
# -     return (-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (12 * h)
# +     return (f(x + 2 * h) - 8 * f(x + h) + 8 * f(x - h) - f(x - 2 * h)) / (12 * h)

# %% mistake="five-point-outer-sign" of="^"
# +     return (f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) - f(x - 2 * h)) / (12 * h)

# %% mistake="five-point-weights-swapped" of="^"
# +     return (8 * f(x + 2 * h) - f(x + h) + f(x - h) - 8 * f(x - 2 * h)) / (12 * h)

# %% mistake="five-point-divided-by-6h" of="^"
# +     return (-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (6 * h)

# %% mistake="five-point-is-central" of="^"
# +     return (f(x + h) - f(x - h)) / (2 * h)

# %% nothing="zeros"
def forward(f, x, h):
    return 0 * x

backward = central = five_point = forward

# %% nothing="a constant" of="zeros"
# -     return 0 * x
# +     return 2.5 + 0 * x

# %% nothing="NaN" of="^"
# +     return float('nan') * x

# %% nothing="f itself" of="^"
# +     return f(x)

# %% nothing="None" of="^"
# +     return None

# %% nothing="negated" of="forward-not-divided"
# -     return f(x + h) - f(x)
# +     return -((f(x + h) - f(x)) / h)
# ...
# -     return (f(x) - f(x - h)) / h
# +     return -((f(x) - f(x - h)) / h)
# ...
# -     return (f(x + h) - f(x - h)) / (2 * h)
# +     return -((f(x + h) - f(x - h)) / (2 * h))
# ...
# -     return (-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (12 * h)
# +     return -((-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (12 * h))
