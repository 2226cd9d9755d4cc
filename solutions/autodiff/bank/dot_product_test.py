# %% mistake="signed" of="bare"
# -     mismatch = abs(np.dot(u, forward) - np.dot(vjp(u), v))
# +     mismatch = np.dot(u, forward) - np.dot(vjp(u), v)

# %% mistake="not-relative" of="bare"
# -     return mismatch / (np.linalg.norm(u) * np.linalg.norm(forward))
# +     return mismatch

# %% mistake="relative-to-v" of="^"
# +     return mismatch / (np.linalg.norm(u) * np.linalg.norm(v))

# %% mistake="squared" of="^"
# +     return (mismatch / (np.linalg.norm(u) * np.linalg.norm(forward))) ** 2

# %% mistake="not-drawn" of="bare"
# -     v, u = rng.standard_normal(n), rng.standard_normal(m)
# +     v, u = np.ones(n), np.ones(m)

# %% style="sums and a loop"
def dot_product_test(jvp, vjp, n, m, rng):
    v = rng.standard_normal(n)
    u = rng.standard_normal(m)
    there, back = jvp(v), vjp(u)
    left = sum(float(a) * float(b) for a, b in zip(u, there))
    right = sum(float(a) * float(b) for a, b in zip(back, v))
    return abs(left - right) / (sum(u**2) ** 0.5 * sum(there**2) ** 0.5)

# %% style="unit vectors"
def dot_product_test(jvp, vjp, n, m, rng):
    v, u = rng.standard_normal(size=n), rng.standard_normal(size=m)
    forward, reverse = jvp(v), vjp(u)
    scale = np.sqrt(u @ u) * np.sqrt(forward @ forward)
    return np.abs((u / scale) @ forward - reverse @ (v / scale))

# %% nothing="zero"
def dot_product_test(jvp, vjp, n, m, rng):
    return 0.0

# %% nothing="one" of="zero"
# -     return 0.0
# +     return 1.0

# %% nothing="NaN" of="^"
# +     return float("nan")

# %% nothing="right by chance" of="^"
# +     return abs(np.dot(jvp(rng.standard_normal(n)), np.ones(m)))

# %% nothing="jvp against itself" of="bare"
# -     mismatch = abs(np.dot(u, forward) - np.dot(vjp(u), v))
# +     mismatch = abs(np.dot(u, forward) - np.dot(jvp(v), u))
