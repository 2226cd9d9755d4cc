# %% mistakes of="bare"
# -     for axis, size in enumerate(shape):
# -         if size == 1:
# -             g = g.sum(axis=axis, keepdims=True)
# +   # front-only
# - def unbroadcast(g, shape):
# + def unbroadcast(g, shape):
# +     g = np.array(g, dtype=float)  # through-float
# -     return g
# +     axes = tuple(axis for axis, size in enumerate(shape) if size == 1)
# +     return g.sum(axis=axes) if axes else g  # axis-lost of="front-only"
# -         g = g.sum(axis=0)
# +         g = g.mean(axis=0)
# +     for axis, size in enumerate(shape):
# +         if size == 1:
# +             g = g.mean(axis=axis, keepdims=True)  # mean of="front-only"
# ~ g.mean(axis=0) => g[0]
# ~ g.mean(axis=axis, keepdims=True) => g.take([0], axis=axis)  # first-copy of="mean"

# %% mistake="everything"
def unbroadcast(g, shape):
    return g.sum()

# %% mistake="torch-autograd"
import torch

def unbroadcast(g, shape):
    t = torch.tensor([[float(str(x)) for x in row] for row in np.reshape(g, (len(g), -1))], dtype=torch.float64).reshape(np.shape(g))
    x = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    x.expand(t.shape).backward(t)
    return x.grad.numpy()

# %% style="all axes at once"
def unbroadcast(g, shape):
    front = g.ndim - len(shape)
    axes = tuple(range(front)) + tuple(front + k for k, size in enumerate(shape) if size == 1)
    return g.sum(axis=axes).reshape(shape) if axes else g

# %% style="entry by entry"
def unbroadcast(g, shape):
    result = np.zeros(shape, dtype=g.dtype)
    padded = (1,) * (g.ndim - len(shape)) + tuple(shape)
    total = result.reshape(padded)
    for at in np.ndindex(g.shape):
        place = tuple(0 if size == 1 else k for k, size in zip(at, padded))
        total[place] = total[place] + g[at]
    return total.reshape(shape)

# %% nothing="zeros"
def unbroadcast(g, shape):
    return np.zeros(shape)

# %% nothings of="zeros"
# ~ np.zeros(shape) => np.full(shape, float("nan"))  # NaN
# ~ np.zeros(shape) => -np.ones(shape) * g.flat[0]   # negated
# ~ np.zeros(shape) => shape                         # the shape

# %% nothing="torch's engine, held under another name"
import torch

_ENGINE = torch.autograd.Variable._execution_engine  # held before anybody can take it away

def _gradient(output, inputs):
    return _ENGINE.run_backward((output,), (torch.ones_like(output),), False, False, tuple(inputs), allow_unreachable=True, accumulate_grad=False)

def unbroadcast(g, shape):
    flat = torch.tensor([float(str(x)) for x in np.ravel(g)], dtype=torch.float64).reshape(np.shape(g))
    x = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    return _gradient((x.expand(flat.shape) * flat).sum(), [x])[0].numpy()
