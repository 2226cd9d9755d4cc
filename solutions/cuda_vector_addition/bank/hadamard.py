# %% mistake="pitch-ignored" of="bare"
# -         i = row * pitch + column
# +         i = row * columns + column

# %% mistake="column-times-pitch" of="^"
# +         i = column * pitch + row

# %% mistake="x-is-the-row" of="bare"
# -     column = threadIdx.x + blockIdx.x * blockDim.x
# -     row = threadIdx.y + blockIdx.y * blockDim.y
# +     column = threadIdx.y + blockIdx.y * blockDim.y
# +     row = threadIdx.x + blockIdx.x * blockDim.x

# %% mistake="no-guard" of="bare"
# -     if row < rows and column < columns:
# +     if True:

# %% mistake="no-guard-for-rows" of="^"
# +     if column < columns:

# %% mistake="no-guard-for-columns" of="^"
# +     if row < rows:

# %% mistake="guards-the-pitch" of="^"
# +     if row < rows and column < pitch:

# %% mistake="less-or-equal" of="^"
# +     if row <= rows and column <= columns:

# %% mistake="sum" of="bare"
# -         c[i] = a[i] * b[i]
# +         c[i] = a[i] + b[i]

# %% style="early return"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    x = blockIdx.x * blockDim.x + threadIdx.x
    y = blockIdx.y * blockDim.y + threadIdx.y
    if x >= columns or y >= rows:
        return
    c[x + y * pitch] = a[x + y * pitch] * b[x + y * pitch]

# %% style="strides in both directions"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    for y in range(blockIdx.y * blockDim.y + threadIdx.y, rows, blockDim.y * gridDim.y):
        start = y * pitch
        for x in range(blockIdx.x * blockDim.x + threadIdx.x, columns, blockDim.x * gridDim.x):
            value = a[start + x]
            value *= b[start + x]
            c[start + x] = value

# %% nothing="zeros" of="bare"
# -         c[i] = a[i] * b[i]
# +         c[i] = 0.0

# %% nothing="NaN" of="^"
# +         c[i] = float('nan')

# %% nothing="negated" of="^"
# +         c[i] = -a[i] * b[i]

# %% nothing="the first factor" of="^"
# +         c[i] = a[i]

# %% nothing="no work" of="bare"
# -     if row < rows and column < columns:
# +     if False:
