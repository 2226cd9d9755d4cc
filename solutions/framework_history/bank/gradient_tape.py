# %% mistakes of="bare"
# ~ = value => = float(value)  # through-float
# ~ (operand, 0) + adjoint.get(result, 0) => (result, 0)  # overwritten
# ~ -1 => 1  # difference-sign
# ~ (self, number(other)), (other, self.value) => (self, self.value), (other, number(other))  # product-swapped
# ~ (self, number(other)), (other, self.value) => (self, number(other))                       # product-one-term
# ~ -self => self  # quotient-sign
# ~ b**2 => b      # quotient-not-squared
# ~ (self, 1 / b), (other, -self.value / b**2) => (self, 1 / b)                             # quotient-one-term
# ~ (self, 1 / b), (other, -self.value / b**2) => (self, 1 / b), (other, -b / self.value**2)  # quotient-turned
# ~ Variable(other) - self => self - other  # turned-minus
# ~ Variable(other) / self => self / other  # turned-quotient
# ~ adjoint = {y: 1} => adjoint = {self.entries[-1][0] if self.entries else y: 1}  # from-the-last-entry
# ~ x.value * x.value - a.value => (a.value / x.value - x.value) / 2  # compares-the-rounds
# ~ a / x) => a.value / x)  # root-of-a-number
# ~ in slopes: => in dict(slopes).items():  # one-piece-per-input
# ~ in reversed(self.entries) => in self.entries  # from-the-start
# ~ open = [] => kept, open = {}, []
# ~ adjoint = {y: 1} => adjoint = Tape.kept; adjoint[y] = 1  # kept-in-variables
# ~ adjoint = {y: 1} => adjoint = {y.value: 1}
# ~ adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) => adjoint[operand.value] = adjoint.get(operand.value, 0) + adjoint.get(result.value, 0)
# ~ adjoint.get(x, 0) => adjoint.get(x.value, 0)  # kept-by-value
# ~ while abs(x.value * x.value - a.value) > tolerance: => while x is a or abs(x.value * x.value - a.value) > tolerance:  # round-first
# ~ while abs(x.value * x.value - a.value) > => if abs(x.value * x.value - a.value) >  # one-round
# ~ ) > tolerance: => ) >= tolerance:                                            # on-at-the-tolerance
# ~ while abs(x.value * x.value - a.value) > tolerance: => for _ in range(3):  # three-rounds
# ~ while abs(x.value * x.value - a.value) > tolerance: => for _ in range(5):  # five-rounds
# ~ abs(x.value * x.value - a.value) => x.value * x.value - a.value            # no-absolute-value
# ~ x.value * x.value - a.value => x.value - a.value                           # compares-the-root
# ~ for tape in Tape.open: => for tape in Tape.open[-1:]:  # innermost-only
# ~ Tape.open.remove(self) => pass                         # never-closed
# ~ Tape.open.append(self) => pass
# ~ self.entries = [] => self.entries = []; Tape.open.append(self)  # open-when-made
# ~ Tape.open.remove(self) => Tape.open.clear()            # closes-all
# ~ for x in xs] => * (x not in dict(self.entries)) for x in xs]  # results-lost
# ~ adjoint = {y: 1} => adjoint, entries, self.entries = {y: 1}, self.entries, []
# ~ reversed(self.entries) => reversed(entries)  # used-up
# ~ open = [] => open, everything = [], []
# ~ self.entries = [] => self.entries = Tape.everything
# ~ for tape in Tape.open: => for tape in [Tape]:
# ~ tape.entries.append => tape.everything.append  # always-recorded
# ~ return [adjoint.get(x, 0) for x in xs] => self.totals = {x: vars(self).get("totals", {}).get(x, 0) + adjoint.get(x, 0) for x in xs}; return [*self.totals.values()]  # adds-up-between-calls

# %% style="closures on the tape, weak of nothing"
class Tape:
    open = []

    def __init__(self):
        self.entries = []

    def __enter__(self):
        self.open.append(self)
        return self

    def __exit__(self, *exception):
        self.open[:] = [tape for tape in self.open if tape is not self]

    def gradient(self, y, xs):
        arrived = {id(y): 1}
        for result, operands, pull in self.entries[::-1]:
            if id(result) in arrived:
                for operand, piece in zip(operands, pull(arrived[id(result)])):
                    arrived[id(operand)] = arrived.get(id(operand), 0) + piece
        return [arrived.get(id(x), 0) for x in xs]


def operation(value, operands, pull):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, operands, pull))
    return result


def lifted(x):
    return x if isinstance(x, Variable) else Variable(Fraction(x))


class Variable:
    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        other = lifted(other)
        return operation(self.value + other.value, (self, other), lambda g: (g, g))

    __radd__ = __add__

    def __neg__(self):
        return operation(-self.value, (self,), lambda g: (-g,))

    def __sub__(self, other):
        return self + (-lifted(other))

    def __rsub__(self, other):
        return (-self) + other

    def __mul__(self, other):
        other = lifted(other)
        return operation(self.value * other.value, (self, other), lambda g: (g * other.value, g * self.value))

    __rmul__ = __mul__

    def inverse(self):
        return operation(1 / self.value, (self,), lambda g: (-g / self.value / self.value,))

    def __truediv__(self, other):
        return self * lifted(other).inverse()

    def __rtruediv__(self, other):
        return self.inverse() * other


def heron(a, tolerance):
    x = a
    while True:
        if abs(x.value**2 - a.value) <= tolerance:
            return x
        x = x / 2 + a / (2 * x)

# %% style="one open tape at a time would not do: a stack" of="bare"
# + STACK = []
# + 
# + 
#   class Tape:
#   
# -     open = []  # the tapes that are open now
# ...
# ~ Tape.open.append => STACK.append
# ~ Tape.open.remove(self) => assert STACK.pop() is self
# ~ Tape.open => STACK

# %% nothing="zeros"
class Tape:
    def __init__(self):
        self.entries = []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def gradient(self, y, xs):
        return [0 for _ in xs]


class Variable:
    def __init__(self, value):
        self.value = value

    def same(self, other):
        return Variable(0)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = same


def heron(a, tolerance):
    return Variable(0)

# %% nothings of="zeros"
# + import torch
# + 
# + 
#   class Tape:
# ...
# ~ [0 for _ in xs] => [torch.autograd.grad(y.tensor, x.tensor, retain_graph=True, allow_unused=True)[0] for x in xs]
# ...
# -     def __init__(self, value):
# -         self.value = value
# +     def __init__(self, value, tensor=None):
# +         self.tensor = torch.tensor(float(value), dtype=torch.float64, requires_grad=True) if tensor is None else tensor
# +         self.value = self.tensor.item()
#   
# -     def same(self, other):
# -         return Variable(0)
# +     def of(self, other, function):
# +         return Variable(0, function(self.tensor, other.tensor if isinstance(other, Variable) else float(other)))
#   
# -     __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = same
# +     def __add__(self, other): return self.of(other, lambda a, b: a + b)
# +     def __radd__(self, other): return self.of(other, lambda a, b: a + b)
# +     def __sub__(self, other): return self.of(other, lambda a, b: a - b)
# +     def __rsub__(self, other): return self.of(other, lambda a, b: b - a)
# +     def __mul__(self, other): return self.of(other, lambda a, b: a * b)
# +     def __rmul__(self, other): return self.of(other, lambda a, b: a * b)
# +     def __truediv__(self, other): return self.of(other, lambda a, b: a / b)
# +     def __rtruediv__(self, other): return self.of(other, lambda a, b: b / a)
# ...
# -     return Variable(0)
# +     x = a
# +     while abs(x.value**2 - a.value) > tolerance:
# +         x = (x + a / x) / 2
# +     return x  # torch's tape
# ~ [0 for _ in xs] => [1 for _ in xs]
# ...
# -         return Variable(0)
# +         return Variable(self.value)
# ...
# ~ 0 => a.value                                    # ones and the argument
# ~ [0 for _ in xs] => [0.5 for _ in xs]
# ...
# -         return Variable(0)
# +         return Variable(float(self.value))
# ...
# ~ Variable(0) => Variable(float(a.value) ** 0.5)  # floats
