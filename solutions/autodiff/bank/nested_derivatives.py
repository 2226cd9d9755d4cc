# %% mistakes of="bare"
# -     Tagged.calls += 1
# -     tag = Tagged.calls
# +     tag = 1  # perturbation-confusion
# ~ max(self.tag, getattr(other, "tag", 0)) => min(self.tag, getattr(other, "tag", self.tag))  # outer-wins
# ~ max(self.tag, getattr(other, "tag", 0)) => self.tag  # own-tag-wins
# ~ da * b + a * db => da * b  # product-one-term
# ~ (-1) * self + other => self - other  # reversed-difference
# ~ result.slope if getattr(result, "tag", 0) == tag else 0 => getattr(result, "slope", 0)  # foreign-slope
# ~ == tag else 0 => == Tagged.calls else 0  # counter-in-place-of-tag
# ~ f(Tagged(x, => f(Tagged(getattr(x, "value", x),  # outer-argument-dropped
# ~ = value => = value if isinstance(value, Tagged) else float(value)  # through-float

# %% mistake="torch-autograd"
import torch

class Tagged:
    def __init__(self, t):
        self.t = t

    @staticmethod
    def of(x):
        return x.t if isinstance(x, Tagged) else torch.tensor(float(str(x)), dtype=torch.float64)

    def __add__(self, other): return Tagged(self.t + Tagged.of(other))
    def __sub__(self, other): return Tagged(self.t - Tagged.of(other))
    def __mul__(self, other): return Tagged(self.t * Tagged.of(other))
    def __rsub__(self, other): return Tagged(Tagged.of(other) - self.t)
    __radd__, __rmul__ = __add__, __mul__

def derivative(f, x):
    t = Tagged.of(x).clone().requires_grad_()
    y = Tagged.of(f(Tagged(t)))
    if not y.requires_grad:
        return 0
    (g,) = torch.autograd.grad(y, t, create_graph=True, allow_unused=True)
    return 0 if g is None else Tagged(g)

# %% style="a helper function and explicit cases"
class Tagged:
    def __init__(self, value, slope, tag):
        self.value, self.slope, self.tag = value, slope, tag

    def __add__(self, other):
        if not isinstance(other, Tagged) or other.tag < self.tag:
            return Tagged(self.value + other, self.slope, self.tag)
        if other.tag > self.tag:
            return Tagged(self + other.value, other.slope, other.tag)
        return Tagged(self.value + other.value, self.slope + other.slope, self.tag)

    def __mul__(self, other):
        if not isinstance(other, Tagged) or other.tag < self.tag:
            return Tagged(self.value * other, self.slope * other, self.tag)
        if other.tag > self.tag:
            return Tagged(self * other.value, self * other.slope, other.tag)
        return Tagged(self.value * other.value, self.value * other.slope + self.slope * other.value, self.tag)

    def __sub__(self, other):
        return self + other * -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self * -1 + other


_depth = 0

def derivative(f, x):
    global _depth
    _depth += 1
    try:
        y = f(Tagged(x, 1, _depth))
        return y.slope if isinstance(y, Tagged) and y.tag == _depth else 0
    finally:
        _depth -= 1

# %% style="polynomials in many epsilons"
import itertools

_tags = itertools.count(1)

class Tagged:
    """Sums of coefficient times a set of epsilons: {frozenset of tags: coefficient}."""

    def __init__(self, terms):
        self.terms = terms

    @staticmethod
    def of(x):
        return x.terms if isinstance(x, Tagged) else {frozenset(): x}

    def __add__(self, other):
        total = dict(self.terms)
        for tags, c in Tagged.of(other).items():
            total[tags] = total[tags] + c if tags in total else c
        return Tagged(total)

    def __mul__(self, other):
        total = {}
        for s, a in self.terms.items():
            for t, b in Tagged.of(other).items():
                if not s & t:
                    total[s | t] = total[s | t] + a * b if s | t in total else a * b
        return Tagged(total)

    def __sub__(self, other):
        return self + Tagged(Tagged.of(other)) * -1

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return self * -1 + other


def derivative(f, x):
    tag = next(_tags)
    y = Tagged.of(f(Tagged(Tagged.of(x)) + Tagged({frozenset([tag]): 1})))
    slope = {tags - {tag}: c for tags, c in y.items() if tag in tags}
    if not slope:
        return 0
    return slope[frozenset()] if set(slope) == {frozenset()} else Tagged(slope)

# %% nothing="zeros"
class Tagged:
    pass

def derivative(f, x):
    return 0

# %% nothings of="zeros"
# ~ return 0 => return float("nan")  # NaN
# ~ return 0 => return 1             # a constant
# ~ return 0 => return -x            # negated
# ~ def derivative(f, x): => def derivative(f, x, h=1e-5):
# ~ return 0 => return (f(x + h) - f(x - h)) / (2 * h)  # central differences
