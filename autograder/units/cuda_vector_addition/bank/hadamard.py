# %% mistake="pitch-ignored"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows and column < columns:
        i = row * columns + column
        c[i] = a[i] * b[i]

# %% mistake="column-times-pitch"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows and column < columns:
        i = column * pitch + row
        c[i] = a[i] * b[i]

# %% mistake="x-is-the-row"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.y + blockIdx.y * blockDim.y
    row = threadIdx.x + blockIdx.x * blockDim.x
    if row < rows and column < columns:
        i = row * pitch + column
        c[i] = a[i] * b[i]

# %% mistake="no-guard"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if True:
        i = row * pitch + column
        c[i] = a[i] * b[i]

# %% mistake="no-guard-for-rows"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if column < columns:
        i = row * pitch + column
        c[i] = a[i] * b[i]

# %% mistake="no-guard-for-columns"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows:
        i = row * pitch + column
        c[i] = a[i] * b[i]

# %% mistake="guards-the-pitch"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows and column < pitch:
        i = row * pitch + column
        c[i] = a[i] * b[i]

# %% mistake="less-or-equal"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row <= rows and column <= columns:
        i = row * pitch + column
        c[i] = a[i] * b[i]

# %% mistake="sum"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows and column < columns:
        i = row * pitch + column
        c[i] = a[i] + b[i]

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

# %% nothing="zeros"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows and column < columns:
        i = row * pitch + column
        c[i] = 0.0

# %% nothing="NaN"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows and column < columns:
        i = row * pitch + column
        c[i] = float('nan')

# %% nothing="negated"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows and column < columns:
        i = row * pitch + column
        c[i] = -a[i] * b[i]

# %% nothing="the first factor"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows and column < columns:
        i = row * pitch + column
        c[i] = a[i]

# %% nothing="no work"
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if False:
        i = row * pitch + column
        c[i] = a[i] * b[i]
