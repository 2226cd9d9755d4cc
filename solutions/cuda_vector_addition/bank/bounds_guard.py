# %% mistake="no-guard"
@kernel
def fahrenheit(celsius, result, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    result[i] = 1.8 * celsius[i] + 32

# %% mistake="less-or-equal" of="bare"
# -     if i < n:
# +     if i <= n:

# %% mistake="one-short" of="^"
# +     if i < n - 1:

# %% mistake="guards-the-thread" of="^"
# +     if threadIdx.x < n:

# %% mistake="inverted" of="^"
# +     if i >= n:

# %% mistake="first-cell-lost" of="^"
# +     if 0 < i < n:

# %% mistake="guards-the-block-size" of="^"
# +     if i < blockDim.x:

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

# %% nothing="constant" of="bare"
# -         result[i] = 1.8 * celsius[i] + 32
# +         result[i] = 32

# %% nothing="NaN" of="^"
# +         result[i] = float('nan')

# %% nothing="negated" of="^"
# +         result[i] = -1.8 * celsius[i] - 32

# %% nothing="no work" of="bare"
# -     if i < n:
# +     if False:

# %% nothing="everything by one thread of each block, without a guard" of="bare"
# -     i = threadIdx.x + blockIdx.x * blockDim.x
# -     if i < n:
# +     for i in range(n + 3):
