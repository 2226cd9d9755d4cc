# %% mistake="no-loop" of="bare"
# -     for i in range(threadIdx.x + blockIdx.x * blockDim.x, n, blockDim.x * gridDim.x):
# +     i = threadIdx.x + blockIdx.x * blockDim.x
# +     if i < n:

# %% mistake="stride-block" of="^"
# +     for i in range(threadIdx.x + blockIdx.x * blockDim.x, n, blockDim.x):

# %% mistake="stride-grid" of="^"
# +     for i in range(threadIdx.x + blockIdx.x * blockDim.x, n, gridDim.x):

# %% mistake="stride-one" of="^"
# +     for i in range(threadIdx.x + blockIdx.x * blockDim.x, n):

# %% mistake="starts-at-thread" of="^"
# +     for i in range(threadIdx.x, n, gridDim.x * blockDim.x):

# %% mistake="less-or-equal"
@kernel
def saxpy(alpha, x, y, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    while i <= n:
        y[i] += alpha * x[i]
        i += gridDim.x * blockDim.x

# %% mistake="y-forgotten"
@kernel
def saxpy(alpha, x, y, n):
    for i in range(threadIdx.x + blockIdx.x * blockDim.x, n, gridDim.x * blockDim.x):
        y[i] = alpha * x[i]

# %% style="while"
@kernel
def saxpy(alpha, x, y, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    step = gridDim.x * blockDim.x
    while i < n:
        y[i] += alpha * x[i]
        i += step

# %% style="a contiguous chunk for each thread"
@kernel
def saxpy(alpha, x, y, n):
    threads = gridDim.x * blockDim.x
    chunk = (n + threads - 1) // threads
    first = (threadIdx.x + blockIdx.x * blockDim.x) * chunk
    for i in range(first, min(first + chunk, n)):
        y[i] = y[i] + alpha * x[i]

# %% style="break"
@kernel
def saxpy(alpha, x, y, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    while True:
        if i >= n:
            break
        old = y[i]
        y[i] = alpha * x[i] + old
        i = i + gridDim.x * blockDim.x

# %% nothing="zeros" of="y-forgotten"
# -         y[i] = alpha * x[i]
# +         y[i] = 0.0

# %% nothing="NaN" of="^"
# +         y[i] = float('nan')

# %% nothing="negated" of="^"
# +         y[i] = -alpha * x[i] - y[i]

# %% nothing="alpha forgotten" of="^"
# +         y[i] = x[i] + y[i]

# %% nothing="no work"
@kernel
def saxpy(alpha, x, y, n):
    pass
