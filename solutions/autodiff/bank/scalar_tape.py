# %% mistakes of="bare"
# -             self.value * other.value, [(self, lambda g: g * other.value), (other, lambda g: g * self.value)]
# +             self.value * other.value, [(self, lambda g: g * other.value)]  # product-one-term
# -         return self + (-other)
# +         if not isinstance(other, Value):
# +             return self + (-other)
# +         return Value(self.value - other.value, [(self, lambda g: g), (other, lambda g: g)])  # difference-sign
# -         return self * other**-1
# +         return Value(self.value / other.value, [(self, lambda g: g / other.value), (other, lambda g: g * self.value / other.value**2)])  # quotient-sign
# +         return Value(self.value / other.value, [(self, lambda g: g / other.value), (other, lambda g: -g * self.value / other.value)])  # quotient-not-squared
# ~ -self + other => self - other  # reversed-difference
# ~ self**-1 * other => self / other  # reversed-quotient
# ~ g * result => g * self.value  # exp-derivative
# ~ result * result => self.value * self.value  # tanh-derivative
# - class Value(Node):
# + class Value(Node):
# +     def __init__(self, value, parents=()):
# +         super().__init__(float(value), parents)  # through-float
# ~ [(self, lambda g: g * other.value)] => [(self, lambda g: g * self.value), (other, lambda g: g * other.value)]
# ...
# -         return self * other**-1
# +         return Value(self.value / other.value, [(self, lambda g: g / other.value), (other, lambda g: -g * self.value / other.value**2)])  # product-swapped of="product-one-term"
# -         return Value(self.value**n, [(self, lambda g: g * n * self.value ** (n - 1))])
# +         return Value(self.value**n, [(self, lambda g: g * n * self.value**n)])
# ...
# -         return Value(self.value / other.value, [(self, lambda g: g / other.value), (other, lambda g: g * self.value / other.value**2)])
# +         return Value(self.value / other.value, [(self, lambda g: g / other.value), (other, lambda g: -g * self.value / (other.value * other.value))])
# ...
# -         return self**-1 * other
# +         return Value(other / self.value, [(self, lambda g: -g * other / (self.value * self.value))])  # power-exponent of="quotient-sign"
# ~ g * n * self.value**n => g * self.value ** (n - 1)  # power-factor of="power-exponent"

# %% mistake="torch-autograd"
import torch

def _tensor(x):
    return torch.tensor(float(str(x)), dtype=torch.float64)

class Value(Node):
    def _make(self, f, *operands):
        numbers = [o.value if isinstance(o, Value) else o for o in operands]
        tensors = [_tensor(x).requires_grad_() for x in numbers]
        y = f(*tensors)
        y.backward()
        grads = [t.grad.item() if t.grad is not None else 0.0 for t in tensors]
        return Value(y.item(), [(o, lambda g, d=d: g * d) for o, d in zip(operands, grads) if isinstance(o, Value)])

    def __add__(self, other): return self._make(lambda a, b: a + b, self, other)
    def __sub__(self, other): return self._make(lambda a, b: a - b, self, other)
    def __mul__(self, other): return self._make(lambda a, b: a * b, self, other)
    def __truediv__(self, other): return self._make(lambda a, b: a / b, self, other)
    def __radd__(self, other): return self._make(lambda a, b: a + b, other, self)
    def __rsub__(self, other): return self._make(lambda a, b: a - b, other, self)
    def __rmul__(self, other): return self._make(lambda a, b: a * b, other, self)
    def __rtruediv__(self, other): return self._make(lambda a, b: a / b, other, self)
    def __neg__(self): return self._make(lambda a: -a, self)
    def __pow__(self, n): return self._make(lambda a: a**n, self)
    def exp(self): return self._make(torch.exp, self)
    def log(self): return self._make(torch.log, self)
    def tanh(self): return self._make(torch.tanh, self)

# %% style="local derivatives, one helper"
class Value(Node):
    @staticmethod
    def record(value, *pairs):
        return Value(value, [(x, lambda g, d=d: g * d) for x, d in pairs if isinstance(x, Value)])

    @staticmethod
    def raw(x):
        return x.value if isinstance(x, Value) else x

    def __add__(self, other):
        return Value.record(self.value + Value.raw(other), (self, 1), (other, 1))

    def __sub__(self, other):
        return Value.record(self.value - Value.raw(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Value.record(other - self.value, (self, -1))

    def __mul__(self, other):
        return Value.record(self.value * Value.raw(other), (self, Value.raw(other)), (other, self.value))

    def __truediv__(self, other):
        b = Value.raw(other)
        return Value.record(self.value / b, (self, 1 / b), (other, -self.value / b / b))

    def __rtruediv__(self, other):
        return Value.record(other / self.value, (self, -other / (self.value * self.value)))

    def __neg__(self):
        return Value.record(-self.value, (self, -1))

    def __pow__(self, n):
        return Value.record(self.value**n, (self, n * self.value ** (n - 1)))

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        return Value.record(exp(self.value), (self, exp(self.value)))

    def log(self):
        return Value.record(log(self.value), (self, 1 / self.value))

    def tanh(self):
        return Value.record(tanh(self.value), (self, 1 - tanh(self.value) ** 2))

# %% style="constants on the tape too, quotient by exp and log"
class Value(Node):
    @staticmethod
    def wrap(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.wrap(other)
        return Value(self.value + other.value, [(self, lambda g: g), (other, lambda g: g)])

    def __mul__(self, other):
        other = Value.wrap(other)
        a, b = self.value, other.value
        return Value(a * b, [(self, lambda g: b * g), (other, lambda g: a * g)])

    def inverse(self):
        result = 1 / self.value
        return Value(result, [(self, lambda g: -g * result * result)])

    def __neg__(self):
        return Value(-self.value, [(self, lambda g: -g)])

    def __sub__(self, other):
        return self + -Value.wrap(other)

    def __truediv__(self, other):
        return self * Value.wrap(other).inverse()

    def __radd__(self, other):
        return Value.wrap(other) + self

    def __rsub__(self, other):
        return Value.wrap(other) - self

    def __rmul__(self, other):
        return Value.wrap(other) * self

    def __rtruediv__(self, other):
        return Value.wrap(other) / self

    def __pow__(self, n):
        result = Value(1)
        for _ in range(abs(n)):
            result = result * self
        return result if n >= 0 else result.inverse()

    def exp(self):
        result = exp(self.value)
        return Value(result, [(self, lambda g: result * g)])

    def log(self):
        return Value(log(self.value), [(self, lambda g: g / self.value)])

    def tanh(self):
        square = (self * (-2 if self.value > 0 else 2)).exp()
        return (1 - square) / (1 + square) if self.value > 0 else (square - 1) / (square + 1)

# %% nothing="zeros"
class Value(Node):
    def _any(self, *_):
        return Value(0, [(self, lambda g: 0)])

    __add__ = __sub__ = __mul__ = __truediv__ = __radd__ = __rsub__ = __rmul__ = __rtruediv__ = _any
    __neg__ = __pow__ = exp = log = tanh = _any

# %% nothings of="through-float"
# ~ Value(0, [(self, lambda g: 0)]) => Value(float("nan"), [(self, lambda g: float("nan"))])  # NaN of="zeros"
# ~ float(value), parents => value, ()  # values without a record
# ~ float(value), parents => value, [(p, lambda g, pull=pull: -pull(g)) for p, pull in parents[:1]]  # negated

# %% nothing="torch's engine, held under another name" of="torch-autograd"
#   import torch
# + 
# + _ENGINE = torch.autograd.Variable._execution_engine  # held before anybody can take it away
# ...
# + def _gradient(output, inputs):
# +     return _ENGINE.run_backward((output,), (torch.ones_like(output),), False, False, tuple(inputs), allow_unreachable=True, accumulate_grad=False)
# + 
# + def _evaded(f, numbers):
# +     tensors = [_tensor(x).requires_grad_() for x in numbers]
# +     y = f(*tensors)
# +     return y.item(), [0.0 if g is None else g.item() for g in _gradient(y, tensors)]
# + 
#   class Value(Node):
#       def _make(self, f, *operands):
# -         numbers = [o.value if isinstance(o, Value) else o for o in operands]
# -         tensors = [_tensor(x).requires_grad_() for x in numbers]
# -         y = f(*tensors)
# -         y.backward()
# -         grads = [t.grad.item() if t.grad is not None else 0.0 for t in tensors]
# -         return Value(y.item(), [(o, lambda g, d=d: g * d) for o, d in zip(operands, grads) if isinstance(o, Value)])
# +         numbers = [float(str(o.value if isinstance(o, Value) else o)) for o in operands]
# +         y, grads = _evaded(f, numbers)
# +         return Value(y, [(o, lambda g, d=d: g * d) for o, d in zip(operands, grads) if isinstance(o, Value)])
# ...
# ~ torch.exp => lambda a: a.exp()
# ~ torch.log => lambda a: a.log()
# ~ torch.tanh => lambda a: a.tanh()

# %% nothings of="torch's engine, held under another name"
#   import torch
# + from torch._C import _VariableFunctions
#   
# - _ENGINE = torch.autograd.Variable._execution_engine  # held before anybody can take it away
# + _make_dual, _unpack = getattr(_VariableFunctions, "_make" + "_dual"), getattr(_VariableFunctions, "_unpack" + "_dual")
# ...
# - def _gradient(output, inputs):
# -     return _ENGINE.run_backward((output,), (torch.ones_like(output),), False, False, tuple(inputs), allow_unreachable=True, accumulate_grad=False)
# - 
#   def _evaded(f, numbers):
# -     tensors = [_tensor(x).requires_grad_() for x in numbers]
# -     y = f(*tensors)
# -     return y.item(), [0.0 if g is None else g.item() for g in _gradient(y, tensors)]
# +     grads, y = [], 0.0
# +     for k in range(len(numbers)):
# +         level = torch._C._enter_dual_level()
# +         tensors = [_tensor(x) for x in numbers]
# +         tensors[k] = _make_dual(tensors[k], torch.ones((), dtype=torch.float64), level)
# +         out = _unpack(f(*tensors), level)
# +         y = out[0].item()
# +         grads.append(0.0 if out[1] is None else out[1].item())
# +         torch._C._exit_dual_level(level)
# +     return y, grads  # torch's forward mode, held under another name
# - from torch._C import _VariableFunctions
# - 
# - _make_dual, _unpack = getattr(_VariableFunctions, "_make" + "_dual"), getattr(_VariableFunctions, "_unpack" + "_dual")
# ...
# -     grads, y = [], 0.0
# +     h, grads = 1e-5, []
# +     of = lambda xs: f(*[_tensor(x) for x in xs]).item()
# ...
# -         level = torch._C._enter_dual_level()
# -         tensors = [_tensor(x) for x in numbers]
# -         tensors[k] = _make_dual(tensors[k], torch.ones((), dtype=torch.float64), level)
# -         out = _unpack(f(*tensors), level)
# -         y = out[0].item()
# -         grads.append(0.0 if out[1] is None else out[1].item())
# -         torch._C._exit_dual_level(level)
# -     return y, grads
# +         up, down = list(numbers), list(numbers)
# +         up[k] += h
# +         down[k] -= h
# +         grads.append((of(up) - of(down)) / (2 * h))
# +     return of(numbers), grads  # differences instead of derivatives of="torch's forward mode, held under another name"
