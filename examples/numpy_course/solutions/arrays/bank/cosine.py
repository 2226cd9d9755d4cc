# %% style="unit vectors"
def cosine(a, b):
    lengths = np.sqrt((a**2).sum() * (b**2).sum())
    if lengths == 0:
        return 0.0
    return np.inner(a, b) / lengths


# %% style="a loop, and a tiny number in place of a test"
def cosine(a, b):
    dot = first = second = 0.0
    for x, y in zip(a, b):
        dot += x * y
        first += x * x
        second += y * y
    return dot / max(first * second, 1e-30) ** 0.5


# %% mistake="zero-by-zero" of="*"
# -     if lengths == 0:
# -         return 0.0


# %% mistakes of="solution"
# -     if lengths == 0:
# -         return 0.0
# +   # zero-by-zero
# ~ a @ b / lengths => a @ b  # dot-product
# ~ a @ b => abs(a @ b)       # no-sign


# %% mistake="squared-lengths" of="unit vectors"
# ~ np.sqrt((a**2).sum() * (b**2).sum()) => (a**2).sum() * (b**2).sum()


# %% mistake="changes-arguments"
def cosine(a, b):
    for each in (a, b):
        length = np.linalg.norm(each)
        if length == 0:
            return 0.0
        each /= length
    return a @ b


# %% nothings of="solution"
# ~ a @ b => -(a @ b)                          # the wrong sign
# ~ return a @ b / lengths => a @ b / lengths  # no return


# %% nothing="zeros"
def cosine(a, b):
    return 0.0


# %% nothing="NaN" of="zeros"
# ~ 0.0 => np.nan
