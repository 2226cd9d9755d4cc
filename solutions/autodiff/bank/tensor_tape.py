# %% style="every operator written out"
def _raw(x):
    return x.value if isinstance(x, Tensor) else np.asarray(x)

class Tensor(Node):
    __array_ufunc__ = None

    @staticmethod
    def _record(value, *pairs):
        def undone(x, pull):
            return lambda g: unbroadcast(pull(g), x.value.shape)
        return Tensor(value, [(x, undone(x, pull)) for x, pull in pairs if isinstance(x, Tensor)])

    def __add__(self, other):
        return Tensor._record(self.value + _raw(other), (self, lambda g: g), (other, lambda g: g))

    def __sub__(self, other):
        return Tensor._record(self.value - _raw(other), (self, lambda g: g), (other, lambda g: -g))

    def __rsub__(self, other):
        return Tensor._record(_raw(other) - self.value, (self, lambda g: -g))

    def __mul__(self, other):
        return Tensor._record(self.value * _raw(other), (self, lambda g: g * _raw(other)), (other, lambda g: g * self.value))

    def __truediv__(self, other):
        a, b = self.value, _raw(other)
        return Tensor._record(a / b, (self, lambda g: g / b), (other, lambda g: -(g * a) / b**2))

    def __rtruediv__(self, other):
        a, b = _raw(other), self.value
        return Tensor._record(a / b, (self, lambda g: -g * a / b / b))

    __radd__, __rmul__ = __add__, __mul__

    def __matmul__(self, other):
        return Tensor(self.value @ _raw(other), [(x, pull) for x, pull in (
            (self, lambda g: np.dot(g, np.transpose(_raw(other)))),
            (other, lambda g: np.dot(np.transpose(self.value), g))) if isinstance(x, Tensor)])

    def sum(self, axis=None, keepdims=False):
        shape = np.sum(self.value, axis=axis, keepdims=True).shape
        return Tensor(np.sum(self.value, axis=axis, keepdims=keepdims),
                      [(self, lambda g: np.broadcast_to(np.reshape(g, shape), self.value.shape))])

    def relu(self):
        return Tensor(np.maximum(self.value, 0), [(self, lambda g: np.where(self.value > 0, g, 0))])

    def exp(self):
        return Tensor(np.exp(self.value), [(self, lambda g: np.exp(self.value) * g)])

    def log(self):
        return Tensor(np.log(self.value), [(self, lambda g: g / self.value)])

# %% style="quotient by inverse, sums by ones" of="bare"
# -         return Tensor(
# -             self.value / other.value,
# -             [
# -                 (self, lambda g: unbroadcast(g / other.value, self.value.shape)),
# -                 (other, lambda g: unbroadcast(-g * self.value / (other.value * other.value), other.value.shape)),
# -             ],
# -         )
# +         inverse = 1 / other.value
# +         return self * Tensor(inverse, [(other, lambda g: -g * inverse * inverse)])
# ...
# ~ g + np.zeros_like(self.value) => np.ones_like(self.value) * g
# ...
# -         return Tensor(self.value * (self.value > 0), [(self, lambda g: g * (self.value > 0))])
# +         return Tensor(np.where(self.value > 0, self.value, 0), [(self, lambda g: np.where(self.value > 0, g, 0))])

# %% mistakes of="bare"
# -         return self + (-1) * other
# +         other = other if isinstance(other, Tensor) else Tensor(np.asarray(other))
# +         return Tensor(self.value - other.value, [(self, lambda g: unbroadcast(g, self.value.shape)), (other, lambda g: unbroadcast(g, other.value.shape))])  # difference-sign
# ~ -g => g  # quotient-sign
# -             [(self, lambda g: g @ other.value.T), (other, lambda g: self.value.T @ g)],
# +             [(self, lambda g: g @ other.value), (other, lambda g: self.value @ g)],      # matrices-not-transposed
# +             [(self, lambda g: other.value.T @ g), (other, lambda g: g @ self.value.T)],  # matrices-in-wrong-order
# -             if axis is not None and not keepdims:
# -                 g = np.expand_dims(g, axis)
# -             return g + np.zeros_like(self.value)
# +             return g + np.zeros_like(self.value)  # sum-along-the-wrong-axis
# +             return g                              # sum-not-spread
# ~ g * (self.value > 0) => g * (g > 0)  # relu-asks-the-gradient
# ~ g * (self.value > 0) => g            # relu-lets-all-through
# -                 (self, lambda g: unbroadcast(g, self.value.shape)),
# -                 (other, lambda g: unbroadcast(g, other.value.shape)),
# +                 (self, lambda g: g),
# +                 (other, lambda g: g),
# ...
# ~ unbroadcast(g * other.value, self.value.shape) => g * other.value
# ~ unbroadcast(g * self.value, other.value.shape) => g * self.value
# ...
# -         return Tensor(self.value - other.value, [(self, lambda g: unbroadcast(g, self.value.shape)), (other, lambda g: unbroadcast(g, other.value.shape))])
# +         return Tensor(self.value - other.value, [(self, lambda g: g), (other, lambda g: -g)])
# ...
# -                 (self, lambda g: unbroadcast(g / other.value, self.value.shape)),
# -                 (other, lambda g: unbroadcast(-g * self.value / (other.value * other.value), other.value.shape)),
# +                 (self, lambda g: g / other.value),
# +                 (other, lambda g: -g * self.value / (other.value * other.value)),  # broadcasting-not-undone of="difference-sign"
# -                 (self, lambda g: unbroadcast(g * other.value, self.value.shape)),
# -                 (other, lambda g: unbroadcast(g * self.value, other.value.shape)),
# +                 (self, lambda g: unbroadcast(g * self.value, self.value.shape)),
# +                 (other, lambda g: unbroadcast(g * other.value, other.value.shape)),
# ...
# -         return Tensor(self.value - other.value, [(self, lambda g: unbroadcast(g, self.value.shape)), (other, lambda g: unbroadcast(g, other.value.shape))])
# +         return Tensor(self.value - other.value, [(self, lambda g: unbroadcast(g, self.value.shape)), (other, lambda g: unbroadcast(-g, other.value.shape))])  # product-swapped of="difference-sign"

# %% mistake="torch-autograd"
import torch

class Tensor(Node):
    __array_ufunc__ = None

    def _make(self, f, *operands):
        raw = [o.value if isinstance(o, Tensor) else o for o in operands]
        tensors = [torch.tensor([float(str(x)) for x in np.ravel(a)], dtype=torch.float64).reshape(np.shape(a)).requires_grad_() for a in raw]
        y = f(*tensors)
        def pull(k):
            def go(g):
                seed = torch.tensor([float(str(x)) for x in np.ravel(g)], dtype=torch.float64).reshape(y.shape)
                return torch.autograd.grad(y, tensors[k], seed, retain_graph=True)[0].numpy()
            return go
        return Tensor(y.detach().numpy(), [(o, pull(k)) for k, o in enumerate(operands) if isinstance(o, Tensor)])

    def __add__(self, other): return self._make(lambda a, b: a + b, self, other)
    def __sub__(self, other): return self._make(lambda a, b: a - b, self, other)
    def __mul__(self, other): return self._make(lambda a, b: a * b, self, other)
    def __truediv__(self, other): return self._make(lambda a, b: a / b, self, other)
    def __radd__(self, other): return self._make(lambda a, b: a + b, other, self)
    def __rsub__(self, other): return self._make(lambda a, b: a - b, other, self)
    def __rmul__(self, other): return self._make(lambda a, b: a * b, other, self)
    def __rtruediv__(self, other): return self._make(lambda a, b: a / b, other, self)
    def __matmul__(self, other): return self._make(lambda a, b: a @ b, self, other)
    def sum(self, axis=None, keepdims=False):
        return self._make(lambda a: a.sum() if axis is None else a.sum(dim=axis, keepdim=keepdims), self)
    def relu(self): return self._make(lambda a: a.relu(), self)
    def exp(self): return self._make(lambda a: a.exp(), self)
    def log(self): return self._make(lambda a: a.log(), self)

# %% mistake="through-float" of="bare"
# +     def __init__(self, value, parents=()):
# +         super().__init__(np.asarray(value, dtype=float), parents)
# + 
#       __array_ufunc__ = None  # so that `array * tensor` asks the tensor, and not NumPy entry by entry

# %% nothing="torch's engine, held under another name" of="torch-autograd"
#   import torch
# + 
# + _ENGINE = torch.autograd.Variable._execution_engine  # held before anybody can take it away
# ...
# -                 return torch.autograd.grad(y, tensors[k], seed, retain_graph=True)[0].numpy()
# +                 return _ENGINE.run_backward((y,), (seed,), True, False, (tensors[k],), allow_unreachable=True, accumulate_grad=False)[0].numpy()

# %% nothing="unchanged"
class Tensor(Node):
    def _any(self, *_, **__):
        return Value(self.value, [(self, lambda g: g)])

    __add__ = __sub__ = __mul__ = __truediv__ = __radd__ = __rsub__ = __rmul__ = __rtruediv__ = _any
    __array_ufunc__ = None
    __matmul__ = sum = relu = exp = log = _any

# %% nothings of="unchanged"
# -         return Value(self.value, [(self, lambda g: g)])
# +         return Value(np.zeros_like(self.value), [(self, lambda g: np.zeros_like(self.value))])  # zeros
# +         return Value(self.value * float("nan"), [(self, lambda g: self.value * float("nan"))])  # NaN
