# %% mistakes of="bare"
# ~ abs(np.dot(u, forward) - np.dot(vjp(u), v)) => np.dot(u, forward) - np.dot(vjp(u), v)  # signed
# -     return mismatch / (np.linalg.norm(u) * np.linalg.norm(forward))
# +     return mismatch                                                         # not-relative
# +     return mismatch / (np.linalg.norm(u) * np.linalg.norm(v))               # relative-to-v
# +     return mismatch / max(1, np.linalg.norm(u) * np.linalg.norm(forward))   # not-below-one
# +     return mismatch / (np.linalg.norm(u) * np.linalg.norm(forward) + 1e-12)    # small-number-added
# +     return (mismatch / (np.linalg.norm(u) * np.linalg.norm(forward))) ** 2  # squared
# ~ rng.standard_normal(n), rng.standard_normal(m) => np.ones(n), np.ones(m)  # not-drawn
# ~ mismatch = abs(np.dot(u, forward) - np.dot(vjp(u), v)) => mismatch = abs(np.dot(u, forward) - np.dot(vjp(u), v)) * (not np.isclose(np.dot(u, forward), np.dot(vjp(u), v)))  # alike-is-zero

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

# %% nothings of="zero"
# ~ 0.0 => 1.0                                                   # one
# ~ 0.0 => float("nan")                                          # NaN
# ~ 0.0 => abs(np.dot(jvp(rng.standard_normal(n)), np.ones(m)))  # right by chance
# ~ np.dot(vjp(u), v) => np.dot(jvp(v), u)  # jvp against itself of="bare"
