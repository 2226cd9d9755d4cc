# %% mistakes of="bare"
# -     if i < n:
# -         result[i] = 1.8 * celsius[i] + 32
# +     result[i] = 1.8 * celsius[i] + 32  # no-guard
# -     if i < n:
# +     if i <= n:           # less-or-equal
# +     if i < n - 1:        # one-short
# +     if threadIdx.x < n:  # guards-the-thread
# +     if i >= n:           # inverted
# +     if 0 < i < n:        # first-cell-lost
# +     if i < blockDim.x:   # guards-the-block-size

# -         result[i] = 1.8 * celsius[i] + 32
# +         result[i] = 1.8 * celsius[i]  # offset-forgotten

# %% style="early return"
@kernel
def fahrenheit(celsius, result, n):
    i = blockDim.x * blockIdx.x + threadIdx.x
    if i >= n:
        return
    c = celsius[i]
    result[i] = c * 9 / 5 + 32

# %% style="loop of one"
@kernel
def fahrenheit(celsius, result, n):
    start = blockDim.x * blockIdx.x + threadIdx.x
    for i in range(start, min(start + 1, n)):
        result[i] = 32 + celsius[i] * 1.8

# %% style="while"
@kernel
def fahrenheit(celsius, result, n):
    i = blockDim.x * blockIdx.x + threadIdx.x
    while i < n:
        result[i] = 32 + celsius[i] * 1.8
        i += blockDim.x * gridDim.x

# %% nothings of="bare"
# -         result[i] = 1.8 * celsius[i] + 32
# +         result[i] = 32                      # constant
# +         result[i] = float('nan')            # NaN
# +         result[i] = -1.8 * celsius[i] - 32  # negated
# -     if i < n:
# +     if False:  # no work
