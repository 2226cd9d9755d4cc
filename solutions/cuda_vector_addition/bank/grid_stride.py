# %% mistakes of="bare"
# -     for i in range(threadIdx.x + blockIdx.x * blockDim.x, n, blockDim.x * gridDim.x):
# +     i = threadIdx.x + blockIdx.x * blockDim.x
# +     if i < n:                                                              # no-loop
# +     for i in range(threadIdx.x + blockIdx.x * blockDim.x, n, blockDim.x):  # stride-block
# +     for i in range(threadIdx.x + blockIdx.x * blockDim.x, n, gridDim.x):   # stride-grid
# +     for i in range(threadIdx.x + blockIdx.x * blockDim.x, n):              # stride-one
# +     for i in range(threadIdx.x, n, gridDim.x * blockDim.x):                # starts-at-thread
# ~ blockDim.x * gridDim.x => gridDim.x * blockDim.x
# ~ alpha * x[i] + y[i] => alpha * x[i]  # y-forgotten
# ~ alpha * x[i] => x[i]  # alpha-forgotten
# -     if i < n:
# -         y[i] = alpha * x[i] + y[i]
# +     while i <= n:
# +         y[i] += alpha * x[i]
# +         i += gridDim.x * blockDim.x  # less-or-equal of="no-loop"

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

# %% nothings of="y-forgotten"
# ~ alpha * x[i] => 0.0                   # zeros
# ~ alpha * x[i] => float('nan')          # NaN
# ~ alpha * x[i] => -alpha * x[i] - y[i]  # negated
# -     for i in range(threadIdx.x + blockIdx.x * blockDim.x, n, gridDim.x * blockDim.x):
# -         y[i] = alpha * x[i]
# +     pass  # no work
