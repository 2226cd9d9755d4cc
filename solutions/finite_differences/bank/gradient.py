# %% style="rows of the identity"
def gradient(f, x, h=1e-6):
    x = np.array(x, dtype=float)
    base = f(x)
    steps = h * np.eye(x.size)
    return np.array([(f(x + step.reshape(x.shape)) - base) / h for step in steps]).reshape(x.shape)

# %% style="moved and put back on a copy"
def gradient(f, x, h=1e-6):
    work = np.array(x, dtype=np.float64, order="C")
    flat = work.reshape(-1)
    start = f(work)
    slopes = []
    for i in range(flat.size):
        kept = flat[i]
        flat[i] = kept + h
        slopes.append((f(work) - start) / (flat[i] - kept))
        flat[i] = kept
    return np.reshape(slopes, np.shape(x))

# %% style="nditer"
def gradient(f, x, h=1e-6):
    point = np.asarray(x).astype(float)
    result = np.empty(point.shape)
    here = f(point.copy())
    it = np.nditer(point, flags=["multi_index"])
    for value in it:
        there = point.copy()
        there[it.multi_index] = value + h
        result[it.multi_index] = (f(there) - here) / h
    return result

# %% mistake="steps-add-up" of="bare"
# +     moved = x.copy()
#       result = np.zeros_like(x)
# ...
# -         moved = x.copy()

# %% mistake="all-at-once"
def gradient(f, x, h=1e-6):
    x = np.asarray(x, dtype=float)
    return np.full(x.shape, (f(x + h) - f(x)) / h)

# %% mistakes of="bare"
# ~ f(moved) - middle => middle - f(moved)        # sign
# ~ (f(moved) - middle) / h => f(moved) - middle  # not-divided
# ~ f(moved) => f(moved.reshape(-1))              # f-of-flat
# ~ return result => return result.reshape(-1)  # flat
# ~ += h => -= h  # backward of="sign"
# ~ np.ndindex(x.shape) => range(len(x))          # whole-rows
# ~ middle = f(x) => middle = (f(x), f(x))[0]     # one-call-too-many
# ~ x = np.asarray(x, dtype=float) => x, h = np.asarray(x, dtype=float), 1e-6  # step-built-in
# -         moved[index] += h
# -         result[index] = (f(moved) - middle) / h
# +         moved[index] += h * x[index]
# +         result[index] = (f(moved) - middle) / (h * x[index])  # relative-step
# -         moved[index] += h
# -         result[index] = (f(moved) - middle) / h
# +         step = h * max(1.0, abs(x[index]))
# +         moved[index] += step
# +         result[index] = (f(moved) - middle) / step  # scaled-step
# -         moved = x.copy()
# -         moved[index] += h
# +         moved = np.copy(x, order="K")
# +         moved.reshape(-1)[np.ravel_multi_index(index, x.shape)] += h  # copy-is-no-view
# -     middle = f(x)
# ...
# ~ middle => f(x)  # f-of-x-every-time
# -         moved = x.copy()
# -         moved[index] += h
# -         result[index] = (f(moved) - f(x)) / h
# +         up, down = x.copy(), x.copy()
# +         up[index] += h / 2
# +         down[index] -= h / 2
# +         result[index] = (f(up) - f(down)) / h  # central of="f-of-x-every-time"
# -     x = np.asarray(x, dtype=float)
# ...
# ~ np.zeros_like(x) => np.zeros(x.shape)
# ~ += h => += np.array(h).astype(x.dtype)  # integers-cut-the-step

# %% mistake="changes-x"
def gradient(f, x, h=1e-6):
    shape = np.shape(x)
    x = np.asarray(x)
    if x.dtype.kind != 'f':
        x = x.astype(float)
    middle = f(x)
    result = np.zeros(shape)
    for index in np.ndindex(shape):
        x[index] += h
        result[index] = (f(x) - middle) / h
        x[index] -= h
    x += 1e-9
    return result

# %% nothings of="bare"
# ~ return result => return 0 * result             # zeros
# ~ return result => return np.ones_like(result)   # a constant
# ~ return result => return result * float('nan')  # NaN
# ~ return result => return -result                # negated
# ~ return result => return x                      # x itself
# ~ return result => return None                   # None
