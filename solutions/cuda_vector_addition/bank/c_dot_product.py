# %% mistakes of="bare"
# -     for (int i = t + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
# +     int i = t + blockIdx.x * blockDim.x;
# +     if (i < n)                                                                      # no-stride
# +     for (int i = t + blockIdx.x * blockDim.x; i < n; i += blockDim.x)               # strides-by-block
# +     for (int i = t + blockIdx.x * blockDim.x; i <= n; i += blockDim.x * gridDim.x)  # no-guard
# ~ sum += x[i] * y[i]; => sum += x[i];  # sum-of-x
# ~ if (t == 0) => if (true)  # every-thread-adds
# ~ float sum = 0; => int sum = 0;  # whole-numbers
# ~ [256] => [128]                  # array-too-short
# ~ atomicAdd(result, => atomicAdd(result + blockIdx.x,  # one-result
# ~ stride > 0; => stride > 1;      # stops-early
# -         __syncthreads();
# +   # race-in-block
# -     __syncthreads();
# +   # reads-unwritten
# ~ atomicAdd(result, sums[0]); => result[0] += sums[0];  # race-between-blocks
# ~ atomicAdd(result, sums[0]); => *result = sums[0];     # race-between-blocks
# -         if (t < stride)
# +         if (t < stride) {
#               sums[t] += sums[t + stride];
# +             __syncthreads();
# +         }  # divergent-barrier of="race-in-block"

# %% mistake="many-atomics"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    for (int i = threadIdx.x + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        atomicAdd(result, x[i] * y[i]);
}
"""

# %% styles of="bare"
# ~ blockDim.x / 2; stride > 0; stride /= 2 => 1; stride < blockDim.x; stride *= 2
# ~ if (t < stride) => if (t % (2 * stride) == 0)  # stride doubled
# -     for (int i = threadIdx.x + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
# -         atomicAdd(result, x[i] * y[i]);
# +     __shared__ float sums[256];
# +     int threads = blockDim.x * gridDim.x, chunk = (n + threads - 1) / threads;
# +     int start = (threadIdx.x + blockIdx.x * blockDim.x) * chunk;
# +     sums[threadIdx.x] = 0;
# +     for (int i = start; i < start + chunk && i < n; i++)
# +         sums[threadIdx.x] += x[i] * y[i];
# +     __syncthreads();
# +     if (threadIdx.x == 0) {
# +         float total = 0;
# +         for (int t = 0; t < blockDim.x; t++)
# +             total += sums[t];
# +         atomicAdd(&result[0], total);
# +     }  # the first thread adds up, a chunk of elements for each thread of="many-atomics"

# %% nothings of="^"
# +                           # nothing is done
# +     if (threadIdx.x + blockIdx.x == 0)
# +         result[0] = NAN;  # NaN

# %% nothings of="NaN"
# ~ NAN => 10100  # a constant
# ~ NAN => n      # n
# ~ sums[0] => -sums[0]  # wrong sign of="bare"

# %% mistake="endless" of="nothing is done"
# +     int i = threadIdx.x + blockIdx.x * blockDim.x;
# +     float sum = 0;
# +     while (i < n)
# +         sum += x[i] * y[i];
# +     atomicAdd(result, sum);
#   }
