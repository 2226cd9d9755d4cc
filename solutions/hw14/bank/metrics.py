# %% style="Python loops"
def average_accuracy(R):
    T = len(R)
    return sum(float(R[T - 1][j]) for j in range(T)) / T

def forgetting(R):
    T = len(R)
    total = 0.0
    for j in range(T - 1):
        best = max(float(R[l][j]) for l in range(T - 1))
        total += best - float(R[T - 1][j])
    return total / (T - 1)

def backward_transfer(R):
    T = len(R)
    total = 0.0
    for j in range(T - 1):
        total += float(R[T - 1][j]) - float(R[j][j])
    return total / (T - 1)

# %% style="NumPy"
import numpy as np


def average_accuracy(R):
    R = np.asarray(R)
    return R[-1].mean()

def forgetting(R):
    R = np.asarray(R)
    return (R[:-1, :-1].max(axis=0) - R[-1, :-1]).mean()

def backward_transfer(R):
    R = np.asarray(R)
    return (R[-1, :-1] - np.diag(R)[:-1]).mean()

# %% style="torch in float64"
def average_accuracy(R):
    return torch.as_tensor(R, dtype=torch.float64)[-1].mean().item()

def forgetting(R):
    R = torch.as_tensor(R, dtype=torch.float64)
    return (R[:-1].amax(0) - R[-1])[:-1].mean().item()

def backward_transfer(R):
    R = torch.as_tensor(R, dtype=torch.float64)
    return (R[-1] - torch.diag(R))[:-1].sum().item() / (len(R) - 1)

# %% style="nested lists"
def average_accuracy(R):
    rows = R.tolist()
    return sum(rows[-1]) / len(rows)

def forgetting(R):
    rows = R.tolist()
    columns = list(zip(*rows))[:-1]
    return sum(max(column[:-1]) - column[-1] for column in columns) / len(columns)

def backward_transfer(R):
    rows = R.tolist()
    n = len(rows) - 1
    return sum(rows[n][j] - rows[j][j] for j in range(n)) / n

# %% style="0-d tensors and trace"
def average_accuracy(R):
    R = torch.as_tensor(R)
    return torch.mean(R[len(R) - 1, :])

def forgetting(R):
    R = torch.as_tensor(R)
    best, _ = torch.max(R[: len(R) - 1, : len(R) - 1], dim=0)
    return torch.mean(best - R[len(R) - 1, : len(R) - 1])

def backward_transfer(R):
    R = torch.as_tensor(R)
    T = R.shape[0]
    return (R[T - 1].sum() - torch.trace(R)) / (T - 1)

# %% mistake="acc-diagonal" of="NumPy"
# -     return R[-1].mean()
# +     return np.diag(R).mean()

# %% mistake="acc-column" of="^"
# +     return R[:, -1].mean()

# %% mistake="acc-whole-matrix" of="^"
# +     return R.mean()

# %% mistake="acc-without-last-task" of="^"
# +     return R[-1, :-1].mean()

# %% mistake="acc-sum" of="^"
# +     return R[-1].sum()

# %% mistake="acc-first-row" of="^"
# +     return R[0].mean()

# %% mistake="acc-lower-triangle" of="NumPy"
# -     R = np.asarray(R)
# -     return R[-1].mean()
# +     T = len(R)
# +     values = [float(R[i][j]) for i in range(T) for j in range(i + 1)]
# +     return sum(values) / len(values)

# %% mistake="forgetting-sign" of="NumPy"
# -     return (R[:-1, :-1].max(axis=0) - R[-1, :-1]).mean()
# +     return (R[-1, :-1] - R[:-1, :-1].max(axis=0)).mean()

# %% mistake="forgetting-counts-last-row" of="^"
# +     return (R.max(axis=0) - R[-1])[:-1].mean()

# %% mistake="forgetting-from-diagonal" of="^"
# +     return (np.diag(R) - R[-1])[:-1].mean()

# %% mistake="forgetting-since-learning" of="^"
# +     T = len(R)
# +     return np.mean([max(R[j : T - 1, j]) - R[-1, j] for j in range(T - 1)])

# %% mistake="forgetting-divided-by-T" of="^"
# +     return (R[:-1, :-1].max(axis=0) - R[-1, :-1]).sum() / len(R)

# %% mistake="forgetting-with-last-task" of="^"
# +     return (R[:-1].max(axis=0) - R[-1]).mean()

# %% mistake="forgetting-transposed" of="^"
# +     return (R[:-1, :-1].max(axis=1) - R[:-1, -1]).mean()

# %% mistake="forgetting-sum" of="^"
# +     return (R[:-1, :-1].max(axis=0) - R[-1, :-1]).sum()

# %% mistake="transfer-sign" of="NumPy"
# -     return (R[-1, :-1] - np.diag(R)[:-1]).mean()
# +     return (np.diag(R) - R[-1])[:-1].mean()

# %% mistake="transfer-divided-by-T" of="^"
# +     return (R[-1] - np.diag(R)).mean()

# %% mistake="transfer-from-best" of="^"
# +     return (R[-1, :-1] - R[:-1, :-1].max(axis=0)).mean()

# %% mistake="transfer-previous-row" of="^"
# +     return (R[-1] - R[-2])[:-1].mean()

# %% mistake="transfer-transposed" of="^"
# +     return (R[:, -1] - np.diag(R))[:-1].mean()

# %% mistake="transfer-sum" of="^"
# +     return (R[-1] - np.diag(R)).sum()

# %% nothing="zeros"
def average_accuracy(R):
    return 0.0

forgetting = backward_transfer = average_accuracy

# %% nothing="one" of="zeros"
# -     return 0.0
# +     return 1.0

# %% nothing="NaN" of="^"
# +     return float("nan")

# %% nothing="None" of="^"
# +     return None

# %% nothing="True" of="^"
# +     return True

# %% nothing="the matrix" of="^"
# +     return R

# %% nothing="negated"
def average_accuracy(R):
    return -R[-1].mean()

def forgetting(R):
    return -(R[:-1, :-1].max() - R[-1, :-1]).mean()

def backward_transfer(R):
    return R.mean()

# %% nothing="transposed"
import numpy as np


def average_accuracy(R):
    return R.T[-1].mean()

def forgetting(R):
    return (R.T[:-1, :-1].max() - R.T[-1, :-1]).mean()

def backward_transfer(R):
    R = np.asarray(R).T
    return (R[-1, :-1] - np.diag(R)[:-1]).mean()

# %% nothing="per task"
def average_accuracy(R):
    return R[-1]

def forgetting(R):
    return R[0] - R[-1]

def backward_transfer(R):
    return R[-1] - R[0]
