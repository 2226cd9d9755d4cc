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

# %% mistakes of="a sum in one name"
# ~ u, v => k - 1 - u, k - 1 - v  # flipped
# ~ u, v => v, u                  # weights-transposed
# ~ += weights => = weights       # not-added-up
# -                 r, c = row + u - k // 2, column + v - k // 2
# +                 r, c = row - u + k // 2, column - v + k // 2                  # flipped
# +                 r, c = row + u, column + v                                    # not-centred
# +                 r, c = row + u - k // 2, column + v - k // 2
# +                 r, c = min(max(r, 0), rows - 1), min(max(c, 0), columns - 1)  # edge-repeated
# -     if row < rows and column < columns:
# +     if k // 2 <= row < rows - k // 2 and k // 2 <= column < columns - k // 2:  # border-left-out
# +     if True:                                                                   # no-guard
# ~ 0 <= r < rows and 0 <= c < columns => True                                  # no-halo-guard
# ~ 0 <= r < rows and 0 <= c < columns => r < rows and c < columns              # negative-halo
# ~ 0 <= r < rows and 0 <= c < columns => r >= 0 and c >= 0                     # upper-halo
# ~ 0 <= r < rows and 0 <= c < columns => 0 <= r <= rows and 0 <= c <= columns  # less-or-equal
# ~ 0 <= r < rows and 0 <= c < columns => 0 < r < rows and 0 < c < columns      # zero-is-outside

# %% nothings of="a sum in one name"
# ~ = total => = 0 * total             # zeros
# ~ = total => = float('nan') * total  # NaN
# ~ = total => = -total                # negated
# ~ row < rows and column < columns => False  # no work
# ~ = total => = image[row, column]  # the image
# ~ weights[u, v] => 1.0  # the weights forgotten
