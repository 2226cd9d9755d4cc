# %% mistakes of="bare"
# ~ sums[blockIdx.x] => sums[0]  # one-cell-for-all
# ~ x[i] if i < n else 0.0 => x[i]  # tail-not-zero
# ~ x[i] => x[t]                    # block-ignored
# ~ stride > 0 => stride > 1  # stops-early
# ~ blockDim.x // 2 => blockDim.x  # beyond-the-tile
# ~ if t == 0: => if True:  # written-twice
# ~ shared.array(blockDim.x, => shared.array(256,  # tile-too-small
# -     tile[t] = x[i] if i < n else 0.0
# +     if i < n:
# +         tile[t] = x[i]  # tile-not-filled
# -     if t == 0:
# -         sums[blockIdx.x] = tile[0]
# +     sums[blockIdx.x] = tile[t]  # every-thread-writes
# -         syncthreads()
# +             syncthreads()  # divergent-barrier
# +                            # no-barrier-between-steps
# -     i = t + blockIdx.x * blockDim.x
# +     i = t + blockIdx.x * blockDim.x
# +     if i >= n:
# +         return  # divergent-barrier
# -     syncthreads()
# +   # no-barrier-after-loading
# -         syncthreads()
# +   # no-barrier-after-loading of="no-barrier-after-loading"

# %% mistake="alone"
@kernel
def block_sum(x, sums, n):
    if threadIdx.x == 0:
        total = 0.0
        for t in range(blockDim.x):
            i = t + blockIdx.x * blockDim.x
            if i < n:
                total += x[i]
        sums[blockIdx.x] = total

# %% mistake="alone" of="one-cell-for-all"
# ~ stride > 0 => False
# ...
# -         sums[0] = tile[0]
# +         total = 0.0
# +         for k in range(blockDim.x):
# +             total += tile[k]
# +         sums[blockIdx.x] = total

# %% style="barrier at the top of the loop"
@kernel
def block_sum(x, sums, n):
    t, i = threadIdx.x, threadIdx.x + blockIdx.x * blockDim.x
    tile = shared.array((blockDim.x,), 'float32')
    tile[t] = 0
    if i < n:
        tile[t] = x[i]
    half = blockDim.x >> 1
    while half:
        syncthreads()
        if t < half:
            tile[t] = tile[t] + tile[t + half]
        half >>= 1
    if t == 0:
        sums[blockIdx.x] = tile[0]

# %% style="neighbours first"
@kernel
def block_sum(x, sums, n):
    t = threadIdx.x
    i = blockIdx.x * blockDim.x + t
    tile = shared.array(blockDim.x, np.float64)
    tile[t] = x[i] if i < n else 0
    syncthreads()
    s = 1
    while s < blockDim.x:
        if t % (2 * s) == 0:
            tile[t] += tile[t + s]
        syncthreads()
        s *= 2
    if threadIdx.x == 0:
        sums[blockIdx.x] = tile[0]

# %% style="device function"
@device
def fold(tile, t, stride):
    if t < stride:
        tile[t] += tile[t + stride]
    syncthreads()


@kernel
def block_sum(x, sums, n):
    t = threadIdx.x
    tile = shared.array(blockDim.x)
    i = t + blockDim.x * blockIdx.x
    tile[t] = x[i] if i < n else 0.0
    syncthreads()
    stride = blockDim.x
    while stride > 1:
        stride //= 2
        fold(tile, t, stride)
    if t == 0:
        sums[blockIdx.x] = tile[0]

# %% style="atomics on a shared cell"
@kernel
def block_sum(x, sums, n):
    total = shared.array(1)
    if threadIdx.x == 0:
        total[0] = 0.0
    syncthreads()
    i = threadIdx.x + blockDim.x * blockIdx.x
    if i < n:
        atomicAdd(total, 0, x[i])
    syncthreads()
    if threadIdx.x == 0:
        sums[blockIdx.x] = total[0]

# %% style="a second array at every step"
@kernel
def block_sum(x, sums, n):
    t = threadIdx.x
    tiles = shared.array((2, blockDim.x))
    i = t + blockDim.x * blockIdx.x
    tiles[0, t] = x[i] if i < n else 0.0
    syncthreads()
    now, width = 0, blockDim.x
    while width > 1:
        width //= 2
        if t < width:
            tiles[1 - now, t] = tiles[now, 2 * t] + tiles[now, 2 * t + 1]
        syncthreads()
        now = 1 - now
    if t == 0:
        sums[blockIdx.x] = tiles[now, 0]

# %% nothings of="bare"
# ~ tile[0] => 0.0                   # zeros
# ~ tile[0] => float('nan')          # NaN
# ~ tile[0] => -tile[0]              # negated
# ~ tile[0] => x[i]                  # the first cell
# ~ tile[0] => tile[0] / blockDim.x  # means
# ~ t == 0 => False  # no work
