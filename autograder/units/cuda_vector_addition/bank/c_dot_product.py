# %% mistake="no-stride"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int t = threadIdx.x;
    float sum = 0;
    int i = t + blockIdx.x * blockDim.x;
    if (i < n)
        sum += x[i] * y[i];
    sums[t] = sum;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (t < stride)
            sums[t] += sums[t + stride];
        __syncthreads();
    }
    if (t == 0)
        atomicAdd(result, sums[0]);
}
"""

# %% mistake="strides-by-block"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int t = threadIdx.x;
    float sum = 0;
    for (int i = t + blockIdx.x * blockDim.x; i < n; i += blockDim.x)
        sum += x[i] * y[i];
    sums[t] = sum;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (t < stride)
            sums[t] += sums[t + stride];
        __syncthreads();
    }
    if (t == 0)
        atomicAdd(result, sums[0]);
}
"""

# %% mistake="sum-of-x"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int t = threadIdx.x;
    float sum = 0;
    for (int i = t + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        sum += x[i];
    sums[t] = sum;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (t < stride)
            sums[t] += sums[t + stride];
        __syncthreads();
    }
    if (t == 0)
        atomicAdd(result, sums[0]);
}
"""

# %% mistake="race-in-block"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int t = threadIdx.x;
    float sum = 0;
    for (int i = t + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        sum += x[i] * y[i];
    sums[t] = sum;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (t < stride)
            sums[t] += sums[t + stride];
    }
    if (t == 0)
        atomicAdd(result, sums[0]);
}
"""

# %% mistake="reads-unwritten"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int t = threadIdx.x;
    float sum = 0;
    for (int i = t + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        sum += x[i] * y[i];
    sums[t] = sum;
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (t < stride)
            sums[t] += sums[t + stride];
        __syncthreads();
    }
    if (t == 0)
        atomicAdd(result, sums[0]);
}
"""

# %% mistake="race-between-blocks"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int t = threadIdx.x;
    float sum = 0;
    for (int i = t + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        sum += x[i] * y[i];
    sums[t] = sum;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (t < stride)
            sums[t] += sums[t + stride];
        __syncthreads();
    }
    if (t == 0)
        result[0] += sums[0];
}
"""

# %% mistake="race-between-blocks"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int t = threadIdx.x;
    float sum = 0;
    for (int i = t + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        sum += x[i] * y[i];
    sums[t] = sum;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (t < stride)
            sums[t] += sums[t + stride];
        __syncthreads();
    }
    if (t == 0)
        *result = sums[0];
}
"""

# %% mistake="divergent-barrier"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int t = threadIdx.x;
    float sum = 0;
    for (int i = t + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        sum += x[i] * y[i];
    sums[t] = sum;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (t < stride) {
            sums[t] += sums[t + stride];
            __syncthreads();
        }
    }
    if (t == 0)
        atomicAdd(result, sums[0]);
}
"""

# %% mistake="no-guard"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int t = threadIdx.x;
    float sum = 0;
    for (int i = t + blockIdx.x * blockDim.x; i <= n; i += blockDim.x * gridDim.x)
        sum += x[i] * y[i];
    sums[t] = sum;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (t < stride)
            sums[t] += sums[t + stride];
        __syncthreads();
    }
    if (t == 0)
        atomicAdd(result, sums[0]);
}
"""

# %% mistake="atomic-per-thread"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    for (int i = threadIdx.x + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        atomicAdd(result, x[i] * y[i]);
}
"""

# %% style="stride doubled"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int t = threadIdx.x;
    float sum = 0;
    for (int i = t + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        sum += x[i] * y[i];
    sums[t] = sum;
    __syncthreads();
    for (int stride = 1; stride < blockDim.x; stride *= 2) {
        if (t % (2 * stride) == 0)
            sums[t] += sums[t + stride];
        __syncthreads();
    }
    if (t == 0)
        atomicAdd(result, sums[0]);
}
"""

# %% style="the first thread adds up, a chunk of elements for each thread"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int threads = blockDim.x * gridDim.x, chunk = (n + threads - 1) / threads;
    int start = (threadIdx.x + blockIdx.x * blockDim.x) * chunk;
    sums[threadIdx.x] = 0;
    for (int i = start; i < start + chunk && i < n; i++)
        sums[threadIdx.x] += x[i] * y[i];
    __syncthreads();
    if (threadIdx.x == 0) {
        float total = 0;
        for (int t = 0; t < blockDim.x; t++)
            total += sums[t];
        atomicAdd(&result[0], total);
    }
}
"""

# %% nothing="nothing is done"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
}
"""

# %% nothing="NaN"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    if (threadIdx.x + blockIdx.x == 0)
        result[0] = NAN;
}
"""

# %% nothing="a constant"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    if (threadIdx.x + blockIdx.x == 0)
        result[0] = 10100;
}
"""

# %% nothing="n"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    if (threadIdx.x + blockIdx.x == 0)
        result[0] = n;
}
"""

# %% nothing="wrong sign"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int t = threadIdx.x;
    float sum = 0;
    for (int i = t + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        sum += x[i] * y[i];
    sums[t] = sum;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (t < stride)
            sums[t] += sums[t + stride];
        __syncthreads();
    }
    if (t == 0)
        atomicAdd(result, -sums[0]);
}
"""

# %% mistake="endless"
def dot_program():
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    float sum = 0;
    while (i < n)
        sum += x[i] * y[i];
    atomicAdd(result, sum);
}
"""
