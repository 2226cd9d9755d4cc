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

# %% mistakes of="bare"
# -     return (f(x + h) - f(x)) / h
# +     return f(x + h) - f(x)        # forward-not-divided
# +     return (f(x) - f(x + h)) / h  # forward-sign
# +     return (f(x) - f(x - h)) / h  # forward-is-backward
# +     rise = -f(x)
# +     x += h
# +     return (rise + f(x)) / h      # changes-x
# ~ f(x) - f(x - h) => f(x - h) - f(x)  # backward-sign
# ~ f(x) - f(x - h) => f(x + h) - f(x)  # backward-is-forward
# ~ (2 * h) => h                                                          # central-not-halved
# ~ (2 * h) => 2 * h                                                      # central-times-h
# ~ (f(x + h) - f(x - h)) / (2 * h) => (f(x + h) - f(x)) / h              # central-is-forward
# ~ (f(x + h) - f(x - h)) / (2 * h) => (f(x + h / 2) - f(x - h / 2)) / h  # central-half-steps
# -     return (-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (12 * h)
# +     return (8 * f(x + 2 * h) - f(x + h) + f(x - h) - 8 * f(x - 2 * h)) / (12 * h)  # five-point-weights-swapped
# +     return (-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (6 * h)  # five-point-divided-by-6h
# +     return (f(x + h) - f(x - h)) / (2 * h)                                         # five-point-is-central

# %% mistake="scaled-step"
def _scaled(x, h):
    return h * np.maximum(1.0, np.abs(x))


def forward(f, x, h):
    h = _scaled(x, h)
    return (f(x + h) - f(x)) / h


def backward(f, x, h):
    h = _scaled(x, h)
    return (f(x) - f(x - h)) / h


def central(f, x, h):
    h = _scaled(x, h)
    return (f(x + h) - f(x - h)) / (2 * h)


def five_point(f, x, h):
    h = _scaled(x, h)
    return (-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (12 * h)

# %% mistake="remembers-another-f"
def _value(f, x, seen={}):
    return seen.setdefault((np.shape(x), np.asarray(x, dtype=float).tobytes()), f(x))


def forward(f, x, h):
    return (_value(f, x + h) - _value(f, x)) / h


def backward(f, x, h):
    return (_value(f, x) - _value(f, x - h)) / h


def central(f, x, h):
    return (_value(f, x + h) - _value(f, x - h)) / (2 * h)


def five_point(f, x, h):
    return (4 * central(f, x, h) - central(f, x, 2 * h)) / 3

# %% nothing="zeros"
def forward(f, x, h):
    return 0 * x

backward = central = five_point = forward

# %% nothings of="zeros"
# ~ 0 * x => 2.5 + 0 * x       # a constant
# ~ 0 * x => float('nan') * x  # NaN
# ~ 0 * x => f(x)              # f itself
# ~ 0 * x => None              # None
# ~ f(x + h) - f(x) => -((f(x + h) - f(x)) / h)
# ~ (f(x) - f(x - h)) / h => -((f(x) - f(x - h)) / h)
# ~ (f(x + h) - f(x - h)) / (2 * h) => -((f(x + h) - f(x - h)) / (2 * h))
# ...
# -     return (-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (12 * h)
# +     return -((-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (12 * h))  # negated of="forward-not-divided"
