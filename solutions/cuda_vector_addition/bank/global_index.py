# %% mistakes of="bare"
# ~ i = threadIdx.x + blockIdx.x * blockDim.x => i = threadIdx.x                                # thread-only
# ~ i = threadIdx.x + blockIdx.x * blockDim.x => i = blockIdx.x                                 # block-only
# ~ i = threadIdx.x + blockIdx.x * blockDim.x => i = threadIdx.x * blockDim.x + blockIdx.x      # swapped
# ~ i = threadIdx.x + blockIdx.x * blockDim.x => i = blockIdx.x + threadIdx.x * gridDim.x       # strided
# ~ i = threadIdx.x + blockIdx.x * blockDim.x => i = threadIdx.x + blockIdx.x * gridDim.x       # grid-dim
# ~ i = threadIdx.x + blockIdx.x * blockDim.x => i = threadIdx.x + blockIdx.x                   # no-product
# ~ i = threadIdx.x + blockIdx.x * blockDim.x => i = threadIdx.x + blockIdx.x * blockDim.x + 1  # one-based
# ~ threadIdx.y + blockIdx.y * blockDim.y => threadIdx.x + blockIdx.x * blockDim.x
# ~ column = threadIdx.x + blockIdx.x * blockDim.x => column = threadIdx.y + blockIdx.y * blockDim.y  # row-and-column
# ~ threadIdx.y + blockIdx.y * blockDim.y => threadIdx.y
# ~ column = threadIdx.x + blockIdx.x * blockDim.x => column = threadIdx.x                            # thread-only
# ~ blockDim.y => blockDim.x  # block-dim-x-twice
# ~ blockIdx.x + blockIdx.y * gridDim.x => blockIdx.x * gridDim.y + blockIdx.y  # by-columns
# ~ gridDim.x => gridDim.y                                                      # wrong-width

# %% style="device functions"
@device
def along_x():
    return blockIdx.x * blockDim.x + threadIdx.x


@device
def along_y():
    return blockIdx.y * blockDim.y + threadIdx.y


@kernel
def label_1d(label):
    label[along_x()] = 1000 * blockIdx.x + threadIdx.x


@kernel
def label_2d(label):
    label[along_y()][along_x()] = blockIdx.y * gridDim.x + blockIdx.x

# %% style="plain helper, from the module"
import lifelong.cuda as cuda

def where(thread, block, size):
    return block * size + thread

@cuda.kernel
def label_1d(label):
    label[where(cuda.threadIdx.x, cuda.blockIdx.x, cuda.blockDim.x)] = cuda.threadIdx.x + cuda.blockIdx.x * 1000

@cuda.kernel
def label_2d(label):
    r = where(cuda.threadIdx.y, cuda.blockIdx.y, cuda.blockDim.y)
    c = where(cuda.threadIdx.x, cuda.blockIdx.x, cuda.blockDim.x)
    n = cuda.gridDim.x * cuda.blockIdx.y
    label[r, c] = n + cuda.blockIdx.x

# %% nothings of="bare"
# ~ 1000 * blockIdx.x + threadIdx.x => 0
# ~ blockIdx.x + blockIdx.y * gridDim.x => 0  # zeros
# ~ 1000 * blockIdx.x + threadIdx.x => -(1000 * blockIdx.x + threadIdx.x) - 1
# ~ blockIdx.x * gridDim.y + blockIdx.y => -blockIdx.x - blockIdx.y * gridDim.x - 1  # negated of="by-columns"
# - @kernel
#   def label_1d(label):
# ...
# - @kernel
# +   # plain functions of="bare"
