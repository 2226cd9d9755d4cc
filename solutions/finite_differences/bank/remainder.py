# %% style="the series of the remainder"
from math import comb, perm

def remainder(n, x, h):
    total = 0 * x * h
    for k in range(5, n + 1, 2):
        weight = (8 - 2**k) * 2
        total = total - comb(n, k) * weight * x ** (n - k) * h ** (k - 1) / 12
    return total

def mean_point(n, x, h):
    power = 30 * remainder(n, Fraction(x), Fraction(h)) / Fraction(h) ** 4 / perm(n, 5)
    return float(power) ** (1 / (n - 5))

# %% style="a loop over weights"
def remainder(n, x, h):
    estimate = 0
    for offset, weight in ((-2, 1), (-1, -8), (1, 8), (2, -1)):
        estimate += weight * (x + offset * h) ** n
    return n * x ** (n - 1) - estimate / (12 * h)

def mean_point(n, x, h):
    fifth = 1
    for k in range(5):
        fifth *= n - k
    return np.power(remainder(n, x, h) * 30 / h**4 / fifth, 1 / (n - 5))

# %% style="bisection for c"
def remainder(n, x, h):
    f = lambda t: t**n
    slope = (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h)
    return n * x ** (n - 1) - slope

def mean_point(n, x, h):
    rest, low, high = remainder(n, x, h), x - 2 * h, x + 2 * h
    for _ in range(60):
        c = (low + high) / 2
        if h**4 / 30 * n * (n - 1) * (n - 2) * (n - 3) * (n - 4) * c ** (n - 5) < rest:
            low = c
        else:
            high = c
    return c

# %% mistake="series-cut" of="the series of the remainder"
# ~ range(5, n + 1, 2) => range(5, min(n, 7) + 1, 2)

# %% mistake="sign"
def remainder(n, x, h):
    return (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12 * h) - n * x ** (n - 1)


def mean_point(n, x, h):
    factor = n * (n - 1) * (n - 2) * (n - 3) * (n - 4)
    rest = n * x ** (n - 1) - (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12 * h)
    return (30 * rest / (h**4 * factor)) ** (1 / (n - 5))

# %% mistakes of="sign"
# -     return (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12 * h) - n * x ** (n - 1)
# +     return 4 * h**4                                                    # always-4h4
# +     return h**4 / 30 * n * (n - 1) * (n - 2) * (n - 3) * (n - 4) * x ** (n - 5) if n >= 5 else 0 * x  # fifth-derivative-at-x
# +     return n * x ** (n - 1) - ((x + h) ** n - (x - h) ** n) / (2 * h)  # central
# +     return (n * x ** (n - 1) - (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12 * h)) / (n * x ** (n - 1)) if x or n == 1 else Fraction(0)  # relative
# +     return abs(n * x ** (n - 1) - (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12 * h))  # absolute
# +     rest = n * x ** (n - 1) - (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12 * h)
# +     return rest.limit_denominator() if isinstance(rest, Fraction) else rest  # short-denominator
# +     rest = n * x ** (n - 1) - (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12 * h)
# +     return vars(remainder).setdefault(str((n, h)), rest)               # remembers-another-x
# +     rest = n * x ** (n - 1) - (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12 * h)
# +     return vars(remainder).setdefault((n, x, h), rest)                 # mixes-types
# +     near, far = (Fraction(each) if isinstance(x, Fraction) else each for each in (8 / 12, 1 / 12))
# +     return n * x ** (n - 1) - (near * ((x + h) ** n - (x - h) ** n) - far * ((x + 2 * h) ** n - (x - 2 * h) ** n)) / h  # made-of-floats
# +     x, h = float(x), float(h)
# +     return n * x ** (n - 1) - (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12 * h)  # floats-inside
# +     return n * x ** (n - 1) - (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12.0 * h)  # floats-inside
# +     return n * x ** (n - 1) - (8 * ((x + h) ** n - (x - h) ** n) - ((x + 2 * h) ** n - (x - 2 * h) ** n)) / (12 * h)
# ...
# -     return (30 * rest / (h**4 * factor)) ** (1 / (n - 5))
# +     return (rest / (h**4 * factor)) ** (1 / (n - 5))  # point-without-30
# -     return (rest / (h**4 * factor)) ** (1 / (n - 5))
# +     return (30 * rest / (h**4 * np.prod(np.arange(1.0, n + 1)))) ** (1 / (n - 5))  # point-wrong-factorial of="point-without-30"
# +     return x                                                                       # point-is-x of="point-without-30"

# %% nothing="zeros"
def remainder(n, x, h):
    return 0

mean_point = remainder

# %% nothings of="zeros"
# ~ return 0 => return Fraction(1, 7)  # a constant
# ~ return 0 => return float('nan')    # NaN
# ~ return 0 => return None            # None
# -     return (30 * rest / (h**4 * factor)) ** (1 / (n - 5))
# +     return -((30 * rest / (h**4 * factor)) ** (1 / (n - 5)))  # negated of="sign"
