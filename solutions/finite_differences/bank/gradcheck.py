# %% style="forward differences and a norm of the difference"
def gradcheck(f, claimed, x):
    claimed, x = np.array(claimed, dtype=float), np.array(x, dtype=float)
    if claimed.shape != x.shape:
        return False, None
    middle, slopes = f(x), np.zeros_like(x)
    for index in np.ndindex(x.shape):
        moved = x.copy()
        moved[index] += 1e-7
        slopes[index] = (f(moved) - middle) / 1e-7
    off = np.nan_to_num(np.abs(claimed - slopes), nan=np.inf, posinf=np.inf)
    return np.linalg.norm(off) < 1e-4 * np.linalg.norm(slopes), off.argmax()

# %% style="the complex step"
def gradcheck(f, claimed, x):
    if claimed.shape != x.shape:
        return False, None
    slopes = []
    for i in range(x.size):
        z = x.astype(complex)
        z.flat[i] += 1e-20j
        slopes.append(np.imag(f(z)) / 1e-20)
    error = abs(claimed.ravel() - np.array(slopes))
    error[~np.isfinite(error)] = np.inf
    worst = int(np.argmax(error))
    return bool(error[worst] < 1e-6 * max(abs(s) for s in slopes)), worst

# %% style="each entry, with a floor"
def gradcheck(f, claimed, x):
    if np.shape(claimed) != np.shape(x):
        return False, None
    numbers = list(np.ravel(claimed))
    slopes = []
    for i in range(len(numbers)):
        up, down = x.copy(), x.copy()
        up.flat[i] += 1e-6
        down.flat[i] -= 1e-6
        slopes.append((f(up) - f(down)) / (up.flat[i] - down.flat[i]))
    floor = 1e-2 * max(abs(slope) for slope in slopes)
    errors = [abs(a - b) / max(abs(a), abs(b), floor) if np.isfinite(a) else float("inf") for a, b in zip(numbers, slopes)]
    worst = int(np.argmax([abs(a - b) if np.isfinite(a) else float("inf") for a, b in zip(numbers, slopes)]))
    return all(error < 1e-3 for error in errors), worst

# %% mistake="absolute-tolerance"
def gradcheck(f, claimed, x):
    if np.shape(claimed) != np.shape(x):
        return False, None
    flat = x.reshape(-1)
    numerical = np.zeros(flat.size)
    for i in range(flat.size):
        step = np.zeros(flat.size)
        step[i] = 1e-5
        up, down = (flat + step).reshape(x.shape), (flat - step).reshape(x.shape)
        numerical[i] = (f(up) - f(down)) / 2e-5
    given = claimed.reshape(-1)
    error = np.abs(given - numerical)
    size = np.abs(numerical).max()
    worst = int(np.where(np.isfinite(error), error, np.inf).argmax())
    return bool(error.max() <= 1e-5), worst

# %% mistakes of="absolute-tolerance"
# -     return bool(error.max() <= 1e-5), worst
# +     return bool((error <= 1e-4 * np.abs(numerical)).all()), worst             # relative-to-each-entry
# +     return bool(error.max() <= 1e-4 * np.median(np.abs(numerical))), worst    # scale-of-zeros
# +     return bool(np.allclose(given, numerical, rtol=1e-4)), worst              # allclose
# +     return bool(error.mean() <= 1e-4 * size), worst                           # mean-of-errors
# +     return bool(error.max() <= 1e-13 * size), worst                           # never-passes
# +     return bool(error.max() <= 1e-4 * np.abs(given).max()), worst             # infinity-passes
# +     return bool(error.max() <= 1e-4 * size), (worst,)                         # index-per-axis
# +     return bool((given - numerical).max() <= 1e-4 * size), worst              # sign-of-the-error
# +     return bool(abs(given.sum() - numerical.sum()) <= 1e-4 * size), worst     # sums-cancel
# +     return bool(abs(np.linalg.norm(given) - np.linalg.norm(numerical)) <= 1e-4 * np.linalg.norm(numerical)), worst  # norms-only
# +     return bool(error[0] <= 1e-4 * size), worst                               # only-the-first
# +     return bool((error[:-1] <= 1e-4 * size).all()), worst                     # misses-the-last
# +     return bool(error.max() <= 2e-2 * size), worst                            # too-lenient
# +     return not bool(error.max() > 1e-4 * size), worst                         # nan-passes
# +     return bool(error.max() <= 1e-4 * size), int(np.abs(numerical).argmax())  # wrong-place
# +     return bool(error.max() <= 1e-4 * size), int(np.nanargmax(error))         # names-no-nan
# +     return bool(error.max() <= 1e-4 * size), int((~(error <= 1e-4 * size)).argmax())  # first-that-is-off
# +     return bool((error <= 1e-4 * size).any()), worst                          # median-of-errors
# +     return bool(error.max() <= 1e-4 * numerical.max()), worst                 # scale-with-its-sign
# +     return bool(given @ numerical > 0.9999999 * np.linalg.norm(given) * np.linalg.norm(numerical)), worst  # directions-only
# +     return bool(error[1:].max() <= 1e-4 * size), worst                        # misses-the-first
# +     return bool(error[-1] <= 1e-4 * size), worst                              # only-the-last
# +     return bool(error.max() > 1e-4 * size), worst                             # the-other-way-round
# +     return worst, bool(error.max() <= 1e-4 * size)                            # pair-swapped
# +     return bool(error.max() <= 1e-4 * size)                                   # no-pair
# +     return bool(error.max() <= 1e-4 * size) and x.ndim == 1, worst            # refuses-matrices
# +     return bool(error.max() <= 1e-4 * size), int(np.append(0, np.flatnonzero(~(error <= 1e-4 * size)))[-1])  # last-that-is-off
# +     return bool(error.max() <= 1e-4 * size), int((error / np.abs(numerical)).argmax())  # worst-of-its-own
# +     return bool(error.max() <= 1e-4 * size), worst + 1                        # counts-from-one
# +     return bool(error.max() <= 1e-4 * size), None                             # names-none
# +     x += 1e-9
# +     return bool(error.max() <= 1e-4 * size), worst                            # changes-arguments
# -     if np.shape(claimed) != np.shape(x):
# -         return False, None
# ...
# ~ given - numerical => given[: x.size] - numerical[: given.size]
# ...
# -     return bool(error.max() <= 1e-5), worst
# +     return bool((np.abs(given[: x.size] - numerical[: given.size]) <= 1e-4 * size).all() and claimed.size == x.size), worst  # shape-broadcast

# %% mistake="coarse-differences" of="too-lenient"
# ~ step[i] = 1e-5 => step[i] = 1e-2
# ~ / 2e-5 => / 2e-2
# ~ 2e-2 * size => 1e-4 * size

# %% mistake="differences-doubled" of="too-lenient"
# ~ / 2e-5 => / 1e-5
# ~ 2e-2 => 1e-4

# %% mistake="shape-has-a-place" of="too-lenient"
# ~ False, None => False, 0
# ~ 2e-2 => 1e-4

# %% nothings of="absolute-tolerance"
# ~ bool(error.max() <= 1e-5), worst => True, 0                        # always True
# ~ bool(error.max() <= 1e-5), worst => False, 0                       # always False
# ~ bool(error.max() <= 1e-5), worst => float('nan'), 0                # NaN
# ~ bool(error.max() <= 1e-5) => not bool(error.max() <= 1e-4 * size)  # negated

# %% nothing="None"
def gradcheck(f, claimed, x):
    return None
