# %% mistakes of="bare"
# -     return [node.grad.slope if isinstance(node.grad, Dual) else 0 for node in inputs]
# +     return [node.grad.value if isinstance(node.grad, Dual) else node.grad for node in inputs]  # gradient
# +     return [(node.grad.value if isinstance(node.grad, Dual) else node.grad) * d for node, d in zip(inputs, v)]  # gradient-times-v
# ~ [Value(Dual(value, slope)) for value, slope in zip(x, v)] => [Value(Dual(value, 1)) for value in x]  # v-ignored
# ~ Dual(value, slope) => Dual(float(value), float(slope))                                               # through-float

# %% mistake="diagonal"
def hessian_vector(f, x, v):
    result = []
    for i in range(len(x)):
        inputs = [Value(Dual(value, v[i] if i == j else 0)) for j, value in enumerate(x)]
        backward(f(inputs))
        g = inputs[i].grad
        result.append(g.slope if isinstance(g, Dual) else 0)
    return result

# %% mistake="torch-autograd"
import torch

def hessian_vector(f, x, v):
    x = torch.tensor([float(str(a)) for a in x], dtype=torch.float64)
    v = torch.tensor([float(str(a)) for a in v], dtype=torch.float64)
    return torch.autograd.functional.hvp(lambda t: f(list(t)), x, v)[1].tolist()

# %% style="row by row, then the product"
def hessian_vector(f, x, v):
    n, total = len(x), [0] * len(x)
    for j in range(n):
        inputs = [Value(Dual(value, 1 if i == j else 0)) for i, value in enumerate(x)]
        backward(f(inputs))
        for i, node in enumerate(inputs):
            if isinstance(node.grad, Dual):
                total[i] = total[i] + node.grad.slope * v[j]
    return total

# %% style="dual numbers inside dual numbers, no tape"
def hessian_vector(f, x, v):
    result = []
    for i in range(len(x)):
        y = f([Dual(Dual(a, d), Dual(1 if i == j else 0, 0)) for j, (a, d) in enumerate(zip(x, v))])
        result.append(y.slope.slope if isinstance(y.slope, Dual) else 0)
    return result

# %% style="differences of differences in 300 digits, as the text allows"
from lifelong import digits

def hessian_vector(f, x, v):
    before, digits._CONTEXT.prec = digits._CONTEXT.prec, 300
    try:
        h = Precise("1e-60")

        def at(i, s, t):
            return f([a + t * d + (s if i == j else 0) for j, (a, d) in enumerate(zip(x, v))])

        return [(at(i, h, h) - at(i, h, -h) - at(i, -h, h) + at(i, -h, -h)) / (4 * h * h) for i in range(len(x))]
    finally:
        digits._CONTEXT.prec = before

# %% nothing="zeros"
def hessian_vector(f, x, v):
    return [0] * len(x)

# %% nothing="NaN"
def hessian_vector(f, x, v):
    return [float("nan")] * len(x)

# %% nothing="the direction"
def hessian_vector(f, x, v):
    return list(v)

# %% nothing="negated" of="bare"
# ~ node.grad.slope if isinstance(node.grad, Dual) else 0 => -node.grad.slope if isinstance(node.grad, Dual) else -1

# %% nothing="torch's engine, held under another name"
import torch

_ENGINE = torch.autograd.Variable._execution_engine  # held before anybody can take it away

def _tensor(x):
    return torch.tensor(float(str(x)), dtype=torch.float64)

def hessian_vector(f, x, v):
    x = [_tensor(a).requires_grad_() for a in x]
    y = f(x)
    def gradient(out, create):
        return _ENGINE.run_backward((out,), (torch.ones_like(out),), create, create, tuple(x), allow_unreachable=True, accumulate_grad=False)
    g = gradient(y, True)
    s = sum(a * float(str(d)) for a, d in zip(g, v))
    return [0.0 if h is None else h.item() for h in gradient(s, False)]

# %% nothing="a difference of gradients"
def hessian_vector(f, x, v):
    h = 1e-6
    def gradient(t):
        nodes = [Value(a + t * d) for a, d in zip(x, v)]
        backward(f(nodes))
        return [node.grad for node in nodes]
    return [(a - b) / (2 * h) + 0 for a, b in zip(gradient(h), gradient(-h))] if f else []
