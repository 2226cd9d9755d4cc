# %% mistakes of="bare"
# ~ value + self.value * other.slope => slope  # product-of-slopes
# ~ value + self.value * other.slope => value  # product-one-term
# -         return self + (-other)
# +         other = other if isinstance(other, Dual) else Dual(other)
# +         return Dual(self.value - other.value, self.slope + other.slope)  # difference-sign
# ~ - quotient => + quotient  # quotient-sign
# ~ self.value ** (n - 1) => self.value**n              # power-exponent
# ~ n * self.value ** (n - 1) => self.value ** (n - 1)  # power-factor
# ~ -self + other => self - other  # reversed-difference
# ~ Dual(other) / self => self / other  # reversed-quotient
# ~ result * self.slope => self.value * self.slope  # exp-derivative
# ~ result * result => self.value * self.value  # tanh-derivative
# -         self.slope = slope
# +         self.slope = slope.value if isinstance(slope, Dual) and isinstance(value, Dual) else slope
# +         if isinstance(value, Dual):
# +             self.slope = Dual(slope.value, 0) if isinstance(slope, Dual) else Dual(slope, 0)  # second-order-lost
# ~ = value => = value if isinstance(value, Dual) else float(value)  # through-float
# -         return Dual(quotient, (self.slope + quotient * other.slope) / other.value)
# +         return Dual(quotient, self.slope / other.value - self.value * other.slope / other.value)
# ...
# -         return Dual(other) / self
# +         return Dual(other / self.value, -self.slope * other / (self.value * self.value))  # quotient-not-squared of="quotient-sign"
# ~ self.value * self.slope => result
# ~ self.slope / self.value => 1 / self.value
# ~ (1 - result * result) * self.slope => 1 - result * result  # chain-rule of="exp-derivative"

# %% mistake="torch-autograd"
import operator
import torch

def _t(x):
    return x if isinstance(x, torch.Tensor) else torch.tensor(float(str(x)), dtype=torch.float64)

class Dual:
    def __init__(self, value, slope=0):
        self._value, self._start, self._f = value, slope, lambda x: x

    def _then(self, g):
        out = Dual(self._value, self._start)
        f = self._f
        out._f = lambda x: g(f(x))
        return out

    @property
    def value(self):
        return self._f(_t(self._value)).item()

    @property
    def slope(self):
        x = _t(self._value).requires_grad_()
        return (torch.autograd.grad(self._f(x), x)[0] * _t(self._start)).item()

    def _other(self, other):
        return other._f(_t(other._value)) if isinstance(other, Dual) else other

    def __add__(self, other): return self._then(lambda a: a + self._other(other))
    def __sub__(self, other): return self._then(lambda a: a - self._other(other))
    def __mul__(self, other): return self._then(lambda a: a * self._other(other))
    def __truediv__(self, other): return self._then(lambda a: a / self._other(other))
    def __radd__(self, other): return self._then(lambda a: other + a)
    def __rsub__(self, other): return self._then(lambda a: other - a)
    def __rmul__(self, other): return self._then(lambda a: other * a)
    def __rtruediv__(self, other): return self._then(lambda a: other / a)
    def __neg__(self): return self._then(operator.neg)
    def __pow__(self, n): return self._then(lambda a: a ** n)
    def exp(self): return self._then(torch.exp)
    def log(self): return self._then(torch.log)
    def tanh(self): return self._then(torch.tanh)

# %% style="every operator written out"
class Dual:
    def __init__(self, value, slope=0):
        self.value, self.slope = value, slope

    def __add__(self, other):
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.slope + other.slope)
        return Dual(self.value + other, self.slope)

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, Dual):
            return Dual(self.value - other.value, self.slope - other.slope)
        return Dual(self.value - other, self.slope)

    def __rsub__(self, other):
        return Dual(other - self.value, -self.slope)

    def __mul__(self, other):
        if isinstance(other, Dual):
            return Dual(self.value * other.value, self.slope * other.value + other.slope * self.value)
        return Dual(self.value * other, self.slope * other)

    __rmul__ = __mul__

    def __truediv__(self, other):
        if isinstance(other, Dual):
            top = self.slope * other.value - self.value * other.slope
            return Dual(self.value / other.value, top / (other.value * other.value))
        return Dual(self.value / other, self.slope / other)

    def __rtruediv__(self, other):
        return Dual(other / self.value, -other * self.slope / self.value**2)

    def __neg__(self):
        return Dual(-self.value, -self.slope)

    def __pow__(self, n):
        return Dual(self.value**n, self.slope * n * self.value ** (n - 1))

    def exp(self):
        return Dual(exp(self.value), exp(self.value) * self.slope)

    def log(self):
        return Dual(log(self.value), self.slope / self.value)

    def tanh(self):
        return Dual(tanh(self.value), self.slope * (1 - tanh(self.value) ** 2))

# %% style="one chain rule for all"
from dataclasses import dataclass

@dataclass(frozen=True)
class Dual:
    value: object
    slope: object = 0

    def _apply(self, value, *terms):
        total = 0
        for partial, number in terms:
            if isinstance(number, Dual):
                total = total + partial * number.slope
        return Dual(value, total)

    @staticmethod
    def _of(x):
        return x.value if isinstance(x, Dual) else x

    @classmethod
    def _plus(cls, a, b):
        return cls._apply(None, cls._of(a) + cls._of(b), (1, a), (1, b))

    @classmethod
    def _minus(cls, a, b):
        return cls._apply(None, cls._of(a) - cls._of(b), (1, a), (-1, b))

    @classmethod
    def _times(cls, a, b):
        x, y = cls._of(a), cls._of(b)
        return cls._apply(None, x * y, (y, a), (x, b))

    @classmethod
    def _over(cls, a, b):
        x, y = cls._of(a), cls._of(b)
        return cls._apply(None, x / y, (1 / y, a), (-x / y**2, b))

    def __add__(self, other): return Dual._plus(self, other)
    def __radd__(self, other): return Dual._plus(other, self)
    def __sub__(self, other): return Dual._minus(self, other)
    def __rsub__(self, other): return Dual._minus(other, self)
    def __mul__(self, other): return Dual._times(self, other)
    def __rmul__(self, other): return Dual._times(other, self)
    def __truediv__(self, other): return Dual._over(self, other)
    def __rtruediv__(self, other): return Dual._over(other, self)
    def __neg__(self): return Dual._times(-1, self)
    def __pow__(self, n): return self._apply(self.value**n, (n * self.value ** (n - 1), self))
    def exp(self): return self._apply(exp(self.value), (exp(self.value), self))
    def log(self): return self._apply(log(self.value), (1 / self.value, self))
    def tanh(self): return self._apply(tanh(self.value), (1 - tanh(self.value) ** 2, self))

# %% nothing="zeros"
class Dual:
    def __init__(self, value, slope=0):
        self.value, self.slope = value, slope

    def _any(self, *_):
        return Dual(0, 0)

    __add__ = __sub__ = __mul__ = __truediv__ = __radd__ = __rsub__ = __rmul__ = __rtruediv__ = _any
    __neg__ = __pow__ = exp = log = tanh = _any

# %% nothings of="zeros"
# ~ Dual(0, 0) => Dual(float("nan"), float("nan"))  # NaN
# ~ Dual(0, 0) => Dual(self.value, self.slope)      # unchanged
# ~ = slope => = 0  # no slope at all of="bare"

# %% nothing="torch's engine, held under another name"
import torch

_ENGINE = torch.autograd.Variable._execution_engine  # held before anybody can take it away

def _tensor(x):
    return torch.tensor(float(str(x)), dtype=torch.float64)

def _gradient(output, inputs):
    return _ENGINE.run_backward((output,), (torch.ones_like(output),), False, False, tuple(inputs), allow_unreachable=True, accumulate_grad=False)

class Dual:
    """A tensor that carries its graph; the slope is asked of torch when somebody looks."""

    def __init__(self, value, slope=0):
        self.leaf = _tensor(value).requires_grad_()
        self.start, self.out = slope, self.leaf
        self.leaves = [(self.leaf, slope)]

    @classmethod
    def _made(cls, out, *parents):
        result = cls.__new__(cls)
        result.out, result.leaves = out, [pair for p in parents if isinstance(p, cls) for pair in p.leaves]
        return result

    @property
    def value(self):
        return self.out.item()

    @property
    def slope(self):
        unique = {id(leaf): (leaf, start) for leaf, start in self.leaves}.values()
        found = _gradient(self.out, [leaf for leaf, _ in unique])
        return sum(g.item() * float(str(start)) for g, (_, start) in zip(found, unique) if g is not None)

    def _binary(self, other, f):
        return Dual._made(f(self.out, other.out if isinstance(other, Dual) else other), self, other)

    def __add__(self, other): return self._binary(other, lambda a, b: a + b)
    def __sub__(self, other): return self._binary(other, lambda a, b: a - b)
    def __mul__(self, other): return self._binary(other, lambda a, b: a * b)
    def __truediv__(self, other): return self._binary(other, lambda a, b: a / b)
    def __radd__(self, other): return self._binary(other, lambda a, b: b + a)
    def __rsub__(self, other): return self._binary(other, lambda a, b: b - a)
    def __rmul__(self, other): return self._binary(other, lambda a, b: b * a)
    def __rtruediv__(self, other): return self._binary(other, lambda a, b: b / a)
    def __neg__(self): return self._binary(-1, lambda a, b: a * b)
    def __pow__(self, n): return self._binary(n, lambda a, b: a**b)
    def exp(self): return Dual._made(self.out.exp(), self)
    def log(self): return Dual._made(self.out.log(), self)
    def tanh(self): return Dual._made(self.out.tanh(), self)
