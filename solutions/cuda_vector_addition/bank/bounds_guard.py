# %% mistakes of="bare"
# -     if i < n:
# -         result[i] = 1.8 * celsius[i] + 32
# +     result[i] = 1.8 * celsius[i] + 32  # no-guard
# ~ i < n => i <= n           # less-or-equal
# ~ i < n => i < n - 1        # one-short
# ~ i < n => threadIdx.x < n  # guards-the-thread
# ~ i < n => i >= n           # inverted
# ~ i < n => 0 < i < n        # first-cell-lost
# ~ i < n => i < blockDim.x   # guards-the-block-size
# ~ 1.8 * celsius[i] + 32 => 1.8 * celsius[i]  # offset-forgotten
# ~ threadIdx.x + blockIdx.x * blockDim.x => threadIdx.x  # thread-only
# ~ if i < n: => for i in range(threadIdx.x * n, n):        # written-twice

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
# ~ 1.8 * celsius[i] + 32 => 32                      # constant
# ~ 1.8 * celsius[i] + 32 => float('nan')            # NaN
# ~ 1.8 * celsius[i] + 32 => -1.8 * celsius[i] - 32  # negated
# ~ i < n => False  # no work
