# %% mistakes of="bare"
# -         parameters = [node.value - rate * node.grad for node in nodes]
# +         parameters = [node.value + rate * node.grad for node in nodes]                           # ascent
# +         parameters = [node.value - rate * len(rows) * node.grad for node in nodes]               # summed-loss
# +         parameters = [n.value - rate * n.grad if n.value.ndim == 2 else n.value for n in nodes]  # biases-left
# +         for parameter, node in zip(parameters, nodes):
# +             parameter -= rate * node.grad                                                        # in-place
# -         loss = criterion((Tensor(x[rows]) @ W1 + b1).relu() @ W2 + b2, labels[rows])
# +         loss = criterion((Tensor(x) @ W1 + b1).relu() @ W2 + b2, labels)  # all-rows
# ~ losses = [] => losses, first = [], parameters
# ~ parameter in parameters => parameter in first  # same-start
# -         losses.append(loss.value)
# -         parameters = [node.value - rate * node.grad for node in nodes]
# +         parameters = [node.value - rate * node.grad for node in nodes]
# +         W1, b1, W2, b2 = [Tensor(parameter) for parameter in parameters]
# +         losses.append(criterion((Tensor(x[rows]) @ W1 + b1).relu() @ W2 + b2, labels[rows]).value)  # loss-after-step
# ~ Tensor(parameter) => Tensor(np.array(parameter, dtype=float))  # through-float
# ~ losses = [] => losses, total = [], [0, 0, 0, 0]
# ...
# -         parameters = [node.value + rate * node.grad for node in nodes]
# +         total = [old + node.grad for old, node in zip(total, nodes)]
# +         parameters = [node.value - rate * g for node, g in zip(nodes, total)]  # gradients-pile-up of="ascent"

# %% mistake="torch-autograd"
import torch

def BACK(y, xs):
    return torch.autograd.grad(y, xs)

def _t(a):
    return torch.tensor([float(str(x)) for x in np.ravel(a)], dtype=torch.float64).reshape(np.shape(a))

def criterion(logits, labels):
    return None

def train(parameters, x, labels, batches, rate):
    weights, losses = [_t(p).requires_grad_() for p in parameters], []
    x, labels = _t(x), torch.as_tensor(labels)
    for rows in batches:
        W1, b1, W2, b2 = weights
        loss = torch.nn.functional.cross_entropy((x[rows] @ W1 + b1).relu() @ W2 + b2, labels[rows])
        gradients = BACK(loss, weights)
        losses.append(loss.item())
        weights = [(w - float(str(rate)) * g).detach().requires_grad_() for w, g in zip(weights, gradients)]
    return [w.detach().numpy() for w in weights], losses

# %% nothing="torch's engine, held under another name" of="torch-autograd"
#   import torch
# + 
# + _ENGINE = torch.autograd.Variable._execution_engine  # held before anybody can take it away
# + 
# + def _gradient(output, inputs):
# +     return _ENGINE.run_backward((output,), (torch.ones_like(output),), False, False, tuple(inputs), allow_unreachable=True, accumulate_grad=False)
# ...
# ~ torch.autograd.grad => _gradient

# %% style="all of it as single operations of the tape"
def criterion(logits, labels):
    hot = np.eye(logits.value.shape[1])[labels]
    top = logits.value.max(axis=1, keepdims=True)
    z = logits - top
    logp = z - z.exp().sum(axis=1, keepdims=True).log()
    return (logp * hot).sum() * (-1 / len(labels))

def train(parameters, x, labels, batches, rate):
    nodes = [Tensor(parameter.copy()) for parameter in parameters]
    losses = []
    for rows in batches:
        W1, b1, W2, b2 = nodes
        hidden = (Tensor(x[rows]) @ W1 + b1).relu()
        loss = criterion(hidden @ W2 + b2, labels[rows])
        losses.append(loss.value)
        backward(loss)
        for node in nodes:
            node.value = node.value - rate * node.grad
    return [node.value for node in nodes], losses

# %% style="layer by layer, without the tape"
def criterion(logits, labels):
    return nll(log_softmax(logits), labels)

def train(parameters, x, labels, batches, rate):
    W1, b1, W2, b2 = parameters
    losses = []
    for rows in batches:
        before = x[rows] @ W1 + b1
        hidden = np.maximum(before, 0)
        z = hidden @ W2 + b2
        losses.append(criterion(z, labels[rows]))
        delta = log_softmax_backward(z, nll_backward(z, labels[rows], 1))
        back = (delta @ W2.T) * (before > 0)
        W2, b2 = W2 - rate * (hidden.T @ delta), b2 - rate * delta.sum(axis=0)
        W1, b1 = W1 - rate * (x[rows].T @ back), b1 - rate * back.sum(axis=0)
    return [W1, b1, W2, b2], losses

# %% nothing="zeros"
def criterion(logits, labels):
    return logits

def train(parameters, x, labels, batches, rate):
    return [0 * p for p in parameters], [0.0] * len(batches)

# %% nothings of="zeros"
# ~ [0 * p for p in parameters], [0.0] => [p * float("nan") for p in parameters], [float("nan")]  # NaN
# ~ [0 * p for p in parameters], [0.0] => [p.copy() for p in parameters], [1.0986122886681098]    # untrained
