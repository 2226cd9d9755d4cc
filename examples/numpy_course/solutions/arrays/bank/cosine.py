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
# +                                  # zero-by-zero
# -     return a @ b / lengths
# +     return a @ b                 # dot-product
# +     return abs(a @ b) / lengths  # no-sign


# %% mistake="squared-lengths" of="unit vectors"
# -     lengths = np.sqrt((a**2).sum() * (b**2).sum())
# +     lengths = (a**2).sum() * (b**2).sum()


# %% mistake="changes-arguments"
def cosine(a, b):
    for each in (a, b):
        length = np.linalg.norm(each)
        if length == 0:
            return 0.0
        each /= length
    return a @ b


# %% nothings of="solution"
# -     return a @ b / lengths
# +     return -(a @ b) / lengths  # the wrong sign
# +     a @ b / lengths            # no return


# %% nothing="zeros"
def cosine(a, b):
    return 0.0


# %% nothing="NaN" of="zeros"
# -     return 0.0
# +     return np.nan
