# %% style="offsets from the centre"
@kernel
def convolve(image, weights, result, rows, columns, k):
    x = blockIdx.x * blockDim.x + threadIdx.x
    y = blockIdx.y * blockDim.y + threadIdx.y
    if x >= columns or y >= rows:
        return
    p = (k - 1) // 2
    s = 0.0
    for dy in range(-p, p + 1):
        if y + dy < 0 or y + dy >= rows:
            continue
        for dx in range(-p, p + 1):
            if 0 <= x + dx < columns:
                s += image[y + dy][x + dx] * weights[dy + p][dx + p]
    result[y][x] = s

# %% style="bounds of the loops"
@kernel
def convolve(image, weights, result, rows, columns, k):
    c = blockIdx.x * blockDim.x + threadIdx.x
    r = blockIdx.y * blockDim.y + threadIdx.y
    p = k // 2
    if r < rows and c < columns:
        result[r, c] = sum(
            weights[i - r + p, j - c + p] * image[i, j]
            for i in range(max(r - p, 0), min(r + p + 1, rows))
            for j in range(max(c - p, 0), min(c + p + 1, columns))
        )

# %% style="a device function for the halo"
@device
def pixel(image, r, c, rows, columns):
    return image[r, c] if 0 <= r < rows and 0 <= c < columns else 0.0


@kernel
def convolve(image, weights, result, rows, columns, k):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows and column < columns:
        result[row, column] = 0.0
        for u in range(k):
            for v in range(k):
                result[row, column] += weights[u, v] * pixel(image, row + u - k // 2, column + v - k // 2, rows, columns)

# %% style="a sum in one name"
@kernel
def convolve(image, weights, result, rows, columns, k):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows and column < columns:
        total = 0.0
        for u in range(k):
            for v in range(k):
                r, c = row + u - k // 2, column + v - k // 2
                if 0 <= r < rows and 0 <= c < columns:
                    total += weights[u, v] * image[r, c]
        result[row, column] = total

# %% mistake="flipped" of="a sum in one name"
# -                     total += weights[u, v] * image[r, c]
# +                     total += weights[k - 1 - u, k - 1 - v] * image[r, c]

# %% mistake="weights-transposed" of="^"
# +                     total += weights[v, u] * image[r, c]

# %% mistake="not-added-up" of="^"
# +                     total = weights[u, v] * image[r, c]

# %% mistake="flipped" of="a sum in one name"
# -                 r, c = row + u - k // 2, column + v - k // 2
# +                 r, c = row - u + k // 2, column - v + k // 2

# %% mistake="not-centred" of="^"
# +                 r, c = row + u, column + v

# %% mistake="border-left-out" of="a sum in one name"
# -     if row < rows and column < columns:
# +     if k // 2 <= row < rows - k // 2 and k // 2 <= column < columns - k // 2:

# %% mistake="no-guard" of="^"
# +     if True:

# %% mistake="no-halo-guard" of="a sum in one name"
# -                 if 0 <= r < rows and 0 <= c < columns:
# +                 if True:

# %% mistake="negative-halo" of="^"
# +                 if r < rows and c < columns:

# %% mistake="upper-halo" of="^"
# +                 if r >= 0 and c >= 0:

# %% mistake="less-or-equal" of="^"
# +                 if 0 <= r <= rows and 0 <= c <= columns:

# %% mistake="zero-is-outside" of="^"
# +                 if 0 < r < rows and 0 < c < columns:

# %% mistake="edge-repeated" of="a sum in one name"
# +                 r, c = min(max(r, 0), rows - 1), min(max(c, 0), columns - 1)
#                   if 0 <= r < rows and 0 <= c < columns:

# %% nothing="zeros" of="a sum in one name"
# -         result[row, column] = total
# +         result[row, column] = 0 * total

# %% nothing="NaN" of="^"
# +         result[row, column] = float('nan') * total

# %% nothing="negated" of="^"
# +         result[row, column] = -total

# %% nothing="the image"
@kernel
def convolve(image, weights, result, rows, columns, k):
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows and column < columns:
        result[row, column] = image[row, column]

# %% nothing="no work" of="a sum in one name"
# -     if row < rows and column < columns:
# +     if False:

# %% nothing="the weights forgotten" of="a sum in one name"
# -                     total += weights[u, v] * image[r, c]
# +                     total += 1.0 * image[r, c]
