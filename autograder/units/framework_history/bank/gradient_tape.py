# %% mistake="through-float"
class Tape:

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        Tape.open.append(self)
        return self

    def __exit__(self, *exception):
        Tape.open.remove(self)

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = float(value)

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    while abs(x.value * x.value - a.value) > tolerance:
        x = (x + a / x) / 2
    return x

# %% mistake="overwritten"
class Tape:

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        Tape.open.append(self)
        return self

    def __exit__(self, *exception):
        Tape.open.remove(self)

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    while abs(x.value * x.value - a.value) > tolerance:
        x = (x + a / x) / 2
    return x

# %% mistake="difference-sign"
class Tape:

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        Tape.open.append(self)
        return self

    def __exit__(self, *exception):
        Tape.open.remove(self)

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, 1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    while abs(x.value * x.value - a.value) > tolerance:
        x = (x + a / x) / 2
    return x

# %% mistake="product-swapped"
class Tape:

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        Tape.open.append(self)
        return self

    def __exit__(self, *exception):
        Tape.open.remove(self)

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, self.value), (other, number(other)))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    while abs(x.value * x.value - a.value) > tolerance:
        x = (x + a / x) / 2
    return x

# %% mistake="product-one-term"
class Tape:

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        Tape.open.append(self)
        return self

    def __exit__(self, *exception):
        Tape.open.remove(self)

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    while abs(x.value * x.value - a.value) > tolerance:
        x = (x + a / x) / 2
    return x

# %% mistake="quotient-sign"
class Tape:

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        Tape.open.append(self)
        return self

    def __exit__(self, *exception):
        Tape.open.remove(self)

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    while abs(x.value * x.value - a.value) > tolerance:
        x = (x + a / x) / 2
    return x

# %% mistake="quotient-not-squared"
class Tape:

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        Tape.open.append(self)
        return self

    def __exit__(self, *exception):
        Tape.open.remove(self)

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    while abs(x.value * x.value - a.value) > tolerance:
        x = (x + a / x) / 2
    return x

# %% mistake="always-recorded"
class Tape:

    everything = []

    def __init__(self):
        self.entries = Tape.everything

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    Tape.everything.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    while abs(x.value * x.value - a.value) > tolerance:
        x = (x + a / x) / 2
    return x

# %% mistake="adds-up-between-calls"
class Tape:

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        Tape.open.append(self)
        return self

    def __exit__(self, *exception):
        Tape.open.remove(self)

    def gradient(self, y, xs):
        totals = self.__dict__.setdefault("totals", {})
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        for x in xs:
            totals[x] = totals.get(x, 0) + adjoint.get(x, 0)
        return [totals[x] for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    while abs(x.value * x.value - a.value) > tolerance:
        x = (x + a / x) / 2
    return x

# %% mistake="three-rounds"
class Tape:

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        Tape.open.append(self)
        return self

    def __exit__(self, *exception):
        Tape.open.remove(self)

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    for _ in range(3):
        x = (x + a / x) / 2
    return x

# %% mistake="five-rounds"
class Tape:

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        Tape.open.append(self)
        return self

    def __exit__(self, *exception):
        Tape.open.remove(self)

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    for _ in range(5):
        x = (x + a / x) / 2
    return x

# %% mistake="no-absolute-value"
class Tape:

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        Tape.open.append(self)
        return self

    def __exit__(self, *exception):
        Tape.open.remove(self)

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    while x.value * x.value - a.value > tolerance:
        x = (x + a / x) / 2
    return x

# %% mistake="compares-the-root"
class Tape:

    open = []  # the tapes that are open now

    def __init__(self):
        self.entries = []

    def __enter__(self):
        Tape.open.append(self)
        return self

    def __exit__(self, *exception):
        Tape.open.remove(self)

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in Tape.open:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    while abs(x.value - a.value) > tolerance:
        x = (x + a / x) / 2
    return x

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

# %% style="one open tape at a time would not do: a stack"
STACK = []


class Tape:


    def __init__(self):
        self.entries = []

    def __enter__(self):
        STACK.append(self)
        return self

    def __exit__(self, *exception):
        assert STACK.pop() is self

    def gradient(self, y, xs):
        adjoint = {y: 1}
        for result, slopes in reversed(self.entries):
            for operand, slope in slopes:
                adjoint[operand] = adjoint.get(operand, 0) + adjoint.get(result, 0) * slope
        return [adjoint.get(x, 0) for x in xs]


def number(x):
    return x.value if isinstance(x, Variable) else Fraction(x)


def recorded(value, *slopes):
    result = Variable(value)
    for tape in STACK:
        tape.entries.append((result, [pair for pair in slopes if isinstance(pair[0], Variable)]))
    return result


class Variable:

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return recorded(self.value + number(other), (self, 1), (other, 1))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return recorded(self.value - number(other), (self, 1), (other, -1))

    def __rsub__(self, other):
        return Variable(other) - self

    def __mul__(self, other):
        return recorded(self.value * number(other), (self, number(other)), (other, self.value))

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        b = number(other)
        return recorded(self.value / b, (self, 1 / b), (other, -self.value / b**2))

    def __rtruediv__(self, other):
        return Variable(other) / self


def heron(a, tolerance):
    x = a
    while abs(x.value * x.value - a.value) > tolerance:
        x = (x + a / x) / 2
    return x

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

# %% nothing="ones and the argument"
class Tape:
    def __init__(self):
        self.entries = []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def gradient(self, y, xs):
        return [1 for _ in xs]


class Variable:
    def __init__(self, value):
        self.value = value

    def same(self, other):
        return Variable(self.value)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = same


def heron(a, tolerance):
    return Variable(a.value)

# %% nothing="floats"
class Tape:
    def __init__(self):
        self.entries = []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def gradient(self, y, xs):
        return [0.5 for _ in xs]


class Variable:
    def __init__(self, value):
        self.value = value

    def same(self, other):
        return Variable(float(self.value))

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = same


def heron(a, tolerance):
    return Variable(float(a.value) ** 0.5)

# %% nothing="torch's tape"
import torch


class Tape:
    def __init__(self):
        self.entries = []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def gradient(self, y, xs):
        return [torch.autograd.grad(y.tensor, x.tensor, retain_graph=True, allow_unused=True)[0] for x in xs]


class Variable:
    def __init__(self, value, tensor=None):
        self.tensor = torch.tensor(float(value), dtype=torch.float64, requires_grad=True) if tensor is None else tensor
        self.value = self.tensor.item()

    def of(self, other, function):
        return Variable(0, function(self.tensor, other.tensor if isinstance(other, Variable) else float(other)))

    def __add__(self, other): return self.of(other, lambda a, b: a + b)
    def __radd__(self, other): return self.of(other, lambda a, b: a + b)
    def __sub__(self, other): return self.of(other, lambda a, b: a - b)
    def __rsub__(self, other): return self.of(other, lambda a, b: b - a)
    def __mul__(self, other): return self.of(other, lambda a, b: a * b)
    def __rmul__(self, other): return self.of(other, lambda a, b: a * b)
    def __truediv__(self, other): return self.of(other, lambda a, b: a / b)
    def __rtruediv__(self, other): return self.of(other, lambda a, b: b / a)


def heron(a, tolerance):
    x = a
    while abs(x.value**2 - a.value) > tolerance:
        x = (x + a / x) / 2
    return x
