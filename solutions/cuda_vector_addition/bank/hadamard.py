# %% mistakes of="bare"
# -         i = row * pitch + column
# +         i = row * columns + column  # pitch-ignored
# +         i = column * pitch + row    # column-times-pitch
# -     column = threadIdx.x + blockIdx.x * blockDim.x
# -     row = threadIdx.y + blockIdx.y * blockDim.y
# +     column = threadIdx.y + blockIdx.y * blockDim.y
# +     row = threadIdx.x + blockIdx.x * blockDim.x  # x-is-the-row
# -     if row < rows and column < columns:
# +     if True:                               # no-guard
# +     if column < columns:                   # no-guard-for-rows
# +     if row < rows:                         # no-guard-for-columns
# +     if row < rows and column < pitch:      # guards-the-pitch
# +     if row <= rows and column <= columns:  # less-or-equal
# -         c[i] = a[i] * b[i]
# +         c[i] = a[i] + b[i]  # sum

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

# %% nothings of="bare"
# -         c[i] = a[i] * b[i]
# +         c[i] = 0.0           # zeros
# +         c[i] = float('nan')  # NaN
# +         c[i] = -a[i] * b[i]  # negated
# +         c[i] = a[i]          # the first factor
# -     if row < rows and column < columns:
# +     if False:  # no work
