# %% mistakes of="bare"
# ~ row * pitch => row * columns                  # pitch-ignored
# ~ row * pitch + column => column * pitch + row  # column-times-pitch
# ~ threadIdx.x + blockIdx.x * blockDim.x => threadIdx.y + blockIdx.y * blockDim.y
# ~ row = threadIdx.y + blockIdx.y * blockDim.y => row = threadIdx.x + blockIdx.x * blockDim.x  # x-is-the-row
# ~ row < rows and column < columns => True                               # no-guard
# ~ row < rows and column < columns => column < columns                   # no-guard-for-rows
# ~ row < rows and column < columns => row < rows                         # no-guard-for-columns
# ~ column < columns => column < pitch                                    # guards-the-pitch
# ~ row < rows and column < columns => row <= rows and column <= columns  # less-or-equal
# ~ a[i] * b[i] => a[i] + b[i]  # sum

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
# ~ a[i] * b[i] => 0.0           # zeros
# ~ a[i] * b[i] => float('nan')  # NaN
# ~ a[i] => -a[i]                # negated
# ~ a[i] * b[i] => a[i]          # the first factor
# ~ row < rows and column < columns => False  # no work
