# %% mistakes of="bare"
# -     a1 = a3 + a4
# +     a1 = a3
# +     a1 = a4  # shared-overwritten
# ~ a2 * 2 * x1 => a2 * x1  # square-once
# ~ a1 * x1 - a4 => a1 * x1  # direct-use-forgotten
# ~ -a5 => a5  # quotient-sign
# - def wengert_values(x1, x2):
# + def wengert_values(x1, x2):
# +     x1, x2 = float(x1), float(x2)  # through-float
# ~ d1 * x2 + x1 * d2 => d1 * x2
# ~ t1 - d2 => t1  # direction-ignored

# %% mistake="torch-autograd"
import torch

def _v(x1, x2):
    v1, v2 = x1 * x2, x1 * x1
    return [v1, v2, v1 + v2, v1 - x2, (v1 + v2) / (v1 - x2)]

def wengert_values(x1, x2):
    return _v(x1, x2)

def wengert_tangents(x1, x2, d1, d2):
    x1, x2, d1, d2 = (torch.tensor(float(str(x)), dtype=torch.float64) for x in (x1, x2, d1, d2))
    return torch.func.jvp(lambda a, b: torch.stack(_v(a, b)), (x1, x2), (d1, d2))[1].tolist()

def wengert_adjoints(x1, x2):
    x1, x2 = (torch.tensor(float(str(x)), dtype=torch.float64, requires_grad=True) for x in (x1, x2))
    v = _v(x1, x2)
    torch.stack(v[-1:]).sum().backward()
    return [0, 0, 0, 0, 1, x1.grad.item(), x2.grad.item()]

# %% style="formulas written out"
def wengert_values(x1, x2):
    return [x1 * x2, x1**2, x1 * x2 + x1**2, x1 * x2 - x2, (x1 * x2 + x1**2) / (x1 * x2 - x2)]

def wengert_tangents(x1, x2, d1, d2):
    p, q = x1 * x2 + x1**2, x1 * x2 - x2
    dp, dq = d1 * x2 + d2 * x1 + 2 * x1 * d1, d1 * x2 + d2 * x1 - d2
    return [d1 * x2 + d2 * x1, 2 * x1 * d1, dp, dq, (dp * q - p * dq) / q**2]

def wengert_adjoints(x1, x2):
    p, q = x1 * x2 + x1**2, x1 * x2 - x2
    gradient = [wengert_tangents(x1, x2, 1, 0)[-1], wengert_tangents(x1, x2, 0, 1)[-1]]
    return [1 / q - p / q**2, 1 / q, 1 / q, -p / q**2, 1, *gradient]

# %% style="tuples, and adjoints that are added to"
def wengert_values(x1, x2):
    v1 = x1 * x2
    v2 = x1 ** 2
    return v1, v2, v1 + v2, v1 - x2, (v1 + v2) / (v1 - x2)

def wengert_tangents(x1, x2, d1, d2):
    v1, v2, v3, v4, v5 = wengert_values(x1, x2)
    t1 = x1 * d2 + x2 * d1
    t2 = x1 * d1 + d1 * x1
    return t1, t2, t1 + t2, t1 - d2, ((t1 + t2) * v4 - v3 * (t1 - d2)) / (v4 * v4)

def wengert_adjoints(x1, x2):
    _, _, v3, v4, _ = wengert_values(x1, x2)
    a = [0.0] * 7
    a[4] += 1
    a[2] += a[4] / v4
    a[3] -= a[4] * v3 / v4**2
    a[0] += a[3]
    a[6] -= a[3]
    a[0] += a[2]
    a[1] += a[2]
    a[5] += 2 * x1 * a[1]
    a[5] += x2 * a[0]
    a[6] += x1 * a[0]
    return a

# %% nothing="zeros"
def wengert_values(*numbers):
    return [0] * 5

wengert_tangents = wengert_values

def wengert_adjoints(x1, x2):
    return [0] * 7

# %% nothings of="zeros"
# ~ [0] * 5 => [float("nan")] * 5
# ~ [0] => [float("nan")]  # NaN
# ~ [v1, v2, v3, v4, v5] => [-v1, -v2, -v3, -v4, -v5]
# ...
# -     _, _, _, v4, v5 = wengert_values(x1, x2)
# +     v4 = x1 * x2 - x2
# +     v5 = (x1 * x2 + x1 * x1) / v4
#       t1 = d1 * x2 + x1 * d2
# ...
# ~ [t1, t2, t3, t4, t5] => [-t for t in [t1, t2, t3, t4, t5]]
# ...
# -     _, _, _, v4, v5 = wengert_values(x1, x2)
# +     v4 = x1 * x2 - x2
# +     v5 = (x1 * x2 + x1 * x1) / v4
# ...
# ~ [a1, a2, a3, a4, a5, b1, b2] => [-a for a in [a1, a2, a3, a4, a5, b1, b2]]  # negated of="bare"

# %% nothing="the expected numbers of the text"
def wengert_values(x1, x2):
    return [6, 4, 10, 3, 10 / 3]

def wengert_tangents(x1, x2, d1, d2):
    return [3, 4, 7, 3, -1]

def wengert_adjoints(x1, x2):
    return [-7 / 9, 1 / 3, 1 / 3, -10 / 9, 1, -1, -4 / 9]

# %% nothing="central differences"
def wengert_values(x1, x2):
    return None

def _v(x1, x2):
    v1, v2 = x1 * x2, x1 * x1
    return [v1, v2, v1 + v2, v1 - x2, (v1 + v2) / (v1 - x2)]

def wengert_tangents(x1, x2, d1, d2):
    h = 1e-6
    up, down = _v(x1 + h * d1, x2 + h * d2), _v(x1 - h * d1, x2 - h * d2)
    return [(a - b) / (2 * h) for a, b in zip(up, down)]

def wengert_adjoints(x1, x2):
    return [0, 0, 0, 0, 1, wengert_tangents(x1, x2, 1, 0)[-1], wengert_tangents(x1, x2, 0, 1)[-1]]
