# %% mistakes of="bare"
# ~ z - np.log(np.exp(z).sum(axis=1, keepdims=True)) => np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
# ~ np.exp(log_softmax(z)) => log_softmax(z)  # no-log
# ~ z.max(axis=1, keepdims=True) => z.max(axis=0, keepdims=True)
# ~ np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) => z - np.log(np.exp(z).sum(axis=0, keepdims=True))
# ...
# -     return g - log_softmax(z) * g.sum(axis=1, keepdims=True)
# +     e = np.exp(z - z.max(axis=1, keepdims=True))
# +     return g - e / e.sum(axis=1, keepdims=True) * g.sum(axis=1, keepdims=True)  # wrong-axis of="no-log"
# -     z = z - z.max(axis=1, keepdims=True)
# +   # overflow
# -     return g - np.exp(log_softmax(z)) * g.sum(axis=1, keepdims=True)
# +     p = np.exp(log_softmax(z))
# +     return p * (g - (p * g).sum(axis=1, keepdims=True))  # softmax-backward
# +     return g - np.exp(log_softmax(z))                    # only-for-nll
# +     return g - np.exp(log_softmax(z)) * g                # sum-missing
# ~ mean => sum                                   # nll-sum
# ~ -logp => logp                                 # nll-sign
# ~ logp[np.arange(len(labels)), labels] => logp  # nll-all-entries
# ~ -g / len(labels) => -g  # backward-not-divided
# ~ -g => g                 # backward-sign
# ~ -g => -1                # backward-seed
# ~ np.zeros_like(logp) => np.exp(log_softmax(logp)) * g / len(labels)
# ~ = -g => -= g  # backward-fused

# %% mistake="torch-autograd"
import torch

def BACK(y, x, g):
    return torch.autograd.grad(y, x, g)[0]

def _t(a, grad=False):
    t = torch.tensor([float(str(x)) for x in np.ravel(a)], dtype=torch.float64).reshape(np.shape(a))
    return t.requires_grad_() if grad else t

def log_softmax(z):
    return torch.log_softmax(_t(z), 1).numpy()

def log_softmax_backward(z, g):
    z = _t(z, True)
    return BACK(torch.log_softmax(z, 1), z, _t(g)).numpy()

def nll(logp, labels):
    return torch.nn.functional.nll_loss(_t(logp), torch.as_tensor(labels)).item()

def nll_backward(logp, labels, g):
    z = _t(logp, True)
    return BACK(torch.nn.functional.nll_loss(z, torch.as_tensor(labels)), z, _t(g)).numpy()

# %% nothing="torch's engine, held under another name" of="torch-autograd"
#   import torch
# + 
# + _ENGINE = torch.autograd.Variable._execution_engine  # held before anybody can take it away
# ...
# -     return torch.autograd.grad(y, x, g)[0]
# +     return _ENGINE.run_backward((y,), (g,), False, False, (x,), allow_unreachable=True, accumulate_grad=False)[0]

# %% mistake="through-float" of="bare"
# +     z = np.array(z, dtype=float)
#       z = z - z.max(axis=1, keepdims=True)
# ...
# +     logp = np.array(logp, dtype=float)
#       return -logp[np.arange(len(labels)), labels].mean()
# ...
# ~ np.zeros_like(logp) => np.zeros_like(np.array(logp, dtype=float))

# %% style="row by row"
def _log_sum_exp(row):
    top = max(row)
    return top + log(sum(exp(x - top) for x in row))

def log_softmax(z):
    return np.array([[x - _log_sum_exp(row) for x in row] for row in z])

def log_softmax_backward(z, g):
    rows = []
    for row, grad in zip(z, g):
        total = sum(grad)
        rows.append([d - exp(x - _log_sum_exp(row)) * total for x, d in zip(row, grad)])
    return np.array(rows)

def nll(logp, labels):
    return -sum(row[label] for row, label in zip(logp, labels)) / len(labels)

def nll_backward(logp, labels, g):
    rows = [[0] * len(row) for row in logp]
    for n, label in enumerate(labels):
        rows[n][label] = -g / len(labels)
    return np.array(rows)

# %% style="one-hot and Jacobians"
def log_softmax(z):
    shifted = z - np.max(z, axis=-1)[:, None]
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1))[:, None]

def log_softmax_backward(z, g):
    rows = []
    for logp, grad in zip(log_softmax(z), g):
        K = len(logp)
        J = np.array([[(1 if k == j else 0) - exp(logp[j]) for j in range(K)] for k in range(K)])
        rows.append(grad @ J)
    return np.array(rows)

def nll(logp, labels):
    return -(np.eye(logp.shape[1])[labels] * logp).sum() / len(labels)

def nll_backward(logp, labels, g):
    return -np.eye(logp.shape[1])[labels] * g / len(labels)

# %% nothing="zeros"
def log_softmax(z, *others):
    return np.zeros(z.shape)

log_softmax_backward = nll_backward = log_softmax

def nll(logp, labels):
    return 0

# %% nothings of="zeros"
# ~ np.zeros(z.shape) => np.full(z.shape, float("nan"))
# ~ return 0 => return float("nan")  # NaN
# ~ z - np => -z + np
# ~ g - np.exp(log_softmax(z)) => -g + np.exp(-log_softmax(z))
# ~ -g / len(labels) => g / len(labels)  # negated of="nll-sign"

# %% nothing="arguments handed back"
def log_softmax(z, *others):
    return z

log_softmax_backward = nll = nll_backward = log_softmax
