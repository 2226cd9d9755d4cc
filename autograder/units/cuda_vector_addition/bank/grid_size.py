# %% mistake="floor"
def blocks_for(n, threads):
    return n // threads


def grid_for(rows, columns, block):
    return blocks_for(columns, block[0]), blocks_for(rows, block[1])

# %% mistake="one-more"
def blocks_for(n, threads):
    return n // threads + 1


def grid_for(rows, columns, block):
    return blocks_for(columns, block[0]), blocks_for(rows, block[1])

# %% mistake="exact-quotient"
def blocks_for(n, threads):
    return n / threads


def grid_for(rows, columns, block):
    return blocks_for(columns, block[0]), blocks_for(rows, block[1])

# %% mistake="rounded"
def blocks_for(n, threads):
    return round(n / threads)


def grid_for(rows, columns, block):
    return blocks_for(columns, block[0]), blocks_for(rows, block[1])

# %% mistake="float"
import numpy as np

def blocks_for(n, threads):
    return float(np.ceil(n / threads))


def grid_for(rows, columns, block):
    return blocks_for(columns, block[0]), blocks_for(rows, block[1])

# %% mistake="one-more"
def blocks_for(n, threads):
    return (n + threads) // threads


def grid_for(rows, columns, block):
    return blocks_for(columns, block[0]), blocks_for(rows, block[1])

# %% mistake="x-and-y"
def blocks_for(n, threads):
    return -(-n // threads)


def grid_for(rows, columns, block):
    return blocks_for(rows, block[1]), blocks_for(columns, block[0])

# %% mistake="rows-along-x"
def blocks_for(n, threads):
    return -(-n // threads)


def grid_for(rows, columns, block):
    return blocks_for(rows, block[0]), blocks_for(columns, block[1])

# %% style="ceil"
import math

def blocks_for(n, threads):
    return math.ceil(n / threads)


def grid_for(rows, columns, block):
    x, y = block
    return math.ceil(columns / x), math.ceil(rows / y)

# %% style="remainder"
def blocks_for(n, threads):
    return n // threads + (n % threads > 0)


def grid_for(rows, columns, block):
    return blocks_for(columns, block[0]), blocks_for(rows, block[1])

# %% style="one off twice"
def blocks_for(n, threads):
    return (n - 1) // threads + 1


def grid_for(rows, columns, block):
    return blocks_for(columns, block[0]), blocks_for(rows, block[1])

# %% nothing="zero"
def blocks_for(n, threads):
    return 0


def grid_for(rows, columns, block):
    return blocks_for(columns, block[0]), blocks_for(rows, block[1])

# %% nothing="one"
def blocks_for(n, threads):
    return 1


def grid_for(rows, columns, block):
    return 1, 1

# %% nothing="n"
def blocks_for(n, threads):
    return n


def grid_for(rows, columns, block):
    return columns, rows

# %% nothing="negated"
def blocks_for(n, threads):
    return n // -threads


def grid_for(rows, columns, block):
    return blocks_for(columns, block[0]), blocks_for(rows, block[1])

# %% nothing="NaN"
def blocks_for(n, threads):
    return float('nan')


def grid_for(rows, columns, block):
    return blocks_for(columns, block[0]), blocks_for(rows, block[1])
