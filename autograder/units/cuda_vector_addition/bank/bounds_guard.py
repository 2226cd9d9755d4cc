# %% mistake="no-guard"
@kernel
def fahrenheit(celsius, result, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    result[i] = 1.8 * celsius[i] + 32

# %% mistake="less-or-equal"
@kernel
def fahrenheit(celsius, result, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if i <= n:
        result[i] = 1.8 * celsius[i] + 32

# %% mistake="one-short"
@kernel
def fahrenheit(celsius, result, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if i < n - 1:
        result[i] = 1.8 * celsius[i] + 32

# %% mistake="guards-the-thread"
@kernel
def fahrenheit(celsius, result, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if threadIdx.x < n:
        result[i] = 1.8 * celsius[i] + 32

# %% mistake="inverted"
@kernel
def fahrenheit(celsius, result, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if i >= n:
        result[i] = 1.8 * celsius[i] + 32

# %% mistake="first-cell-lost"
@kernel
def fahrenheit(celsius, result, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if 0 < i < n:
        result[i] = 1.8 * celsius[i] + 32

# %% mistake="guards-the-block-size"
@kernel
def fahrenheit(celsius, result, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if i < blockDim.x:
        result[i] = 1.8 * celsius[i] + 32

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

# %% nothing="constant"
@kernel
def fahrenheit(celsius, result, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if i < n:
        result[i] = 32

# %% nothing="NaN"
@kernel
def fahrenheit(celsius, result, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if i < n:
        result[i] = float('nan')

# %% nothing="negated"
@kernel
def fahrenheit(celsius, result, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if i < n:
        result[i] = -1.8 * celsius[i] - 32

# %% nothing="no work"
@kernel
def fahrenheit(celsius, result, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if False:
        result[i] = 1.8 * celsius[i] + 32

# %% nothing="everything by one thread of each block, without a guard"
@kernel
def fahrenheit(celsius, result, n):
    for i in range(n + 3):
        result[i] = 1.8 * celsius[i] + 32
