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

# %% mistakes of="NumPy"
# ~ R[-1] => np.diag(R)      # acc-diagonal
# ~ R[-1] => R[:, -1]        # acc-column
# ~ R[-1] => R               # acc-whole-matrix
# ~ R[-1] => R[-1, :-1]      # acc-without-last-task
# ~ R[-1].mean => R[-1].sum  # acc-sum
# ~ R[-1].mean() => R[-1].sum() / (len(R) - 1)  # acc-divided-by-fewer
# ~ R[-1].mean() => 100 * R[-1].mean()          # in-percent
# ~ R[-1] => R[0]            # acc-first-row
# -     R = np.asarray(R)
# -     return R[-1].mean()
# +     T = len(R)
# +     values = [float(R[i][j]) for i in range(T) for j in range(i + 1)]
# +     return sum(values) / len(values)  # acc-lower-triangle
# -     return (R[:-1, :-1].max(axis=0) - R[-1, :-1]).mean()
# +     return (R[-1, :-1] - R[:-1, :-1].max(axis=0)).mean()                     # forgetting-sign
# +     return (R.max(axis=0) - R[-1])[:-1].mean()                               # forgetting-counts-last-row
# +     return (np.diag(R) - R[-1])[:-1].mean()                                  # forgetting-from-diagonal
# +     T = len(R)
# +     return np.mean([max(R[j : T - 1, j]) - R[-1, j] for j in range(T - 1)])  # forgetting-since-learning
# +     return (R[:-1, :-1].max(axis=0) - R[-1, :-1]).sum() / len(R)             # forgetting-divided-by-T
# +     return (R[:-1].max(axis=0) - R[-1]).mean()                               # forgetting-with-last-task
# +     return (R[:-1, :-1].max(axis=1) - R[:-1, -1]).mean()                     # forgetting-transposed
# +     return (R[:-1, :-1].max(axis=1) - R[-1, :-1]).mean()                     # forgetting-other-axis
# +     return (R[:-1, :-1].max(axis=0) - R[-1, :-1]).sum()                      # forgetting-sum
# ~ (R[-1, :-1] - np.diag(R)[:-1]).mean => (np.diag(R) - R[-1])[:-1].mean     # transfer-sign
# ~ R[-1, :-1] - np.diag(R)[:-1] => R[-1] - np.diag(R)                        # transfer-divided-by-T
# ~ np.diag(R)[:-1] => R[:-1, :-1].max(axis=0)                                # transfer-from-best
# ~ (R[-1, :-1] - np.diag(R)[:-1]).mean => (R[-1] - R[-2])[:-1].mean          # transfer-previous-row
# ~ (R[-1, :-1] - np.diag(R)[:-1]).mean => (R[:, -1] - np.diag(R))[:-1].mean  # transfer-transposed
# ~ (R[-1, :-1] - np.diag(R)[:-1]).mean => (R[-1] - np.diag(R)).sum           # transfer-sum

# %% nothing="zeros"
def average_accuracy(R):
    return 0.0

forgetting = backward_transfer = average_accuracy

# %% nothings of="zeros"
# ~ 0.0 => 1.0           # one
# ~ 0.0 => float("nan")  # NaN
# ~ 0.0 => None          # None
# ~ 0.0 => True          # True
# ~ 0.0 => R             # the matrix

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
