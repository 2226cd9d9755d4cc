# %% mistake="one-thread"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<1, 1>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="one-block"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<1, n>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="rounds-down"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<n / 128, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="rounds-down"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<n / 256, 256>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="no-guard"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="no-guard"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i <= n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="race-between-blocks"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x;
    c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 31) / 32, 32>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="no-copy-back"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="wrong-direction"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(d_c, c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="host-pointer"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(a, b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="bytes-forgotten"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n / 4)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, n);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="leak"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
}
"""

# %% mistake="freed-twice"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_a);
    cudaFree(d_c);
}
"""

# %% mistake="too-few-threads"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    for (; i < n; i += blockDim.x * gridDim.x)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<1, 64>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="idle-block"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<n / 128 + 1, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% style="one thread a block"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<n, 1>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% style="grid-stride loop, dim3"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    for (; i < n; i += blockDim.x * gridDim.x)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<dim3((n - 1) / 256 + 1), dim3(256)>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% style="a helper function, blocks by ceil, in place of pointers indices from the end"
def slide_program():
    return r"""
__device__ int sum(int x, int y)
{
    return x + y;
}

__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = sum(a[i], b[i]);
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(int)ceil(n / 64.0), 64>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% nothing="nothing is done"
def slide_program():
    return r"""
void add_vectors(const int *a, const int *b, int *c, int n)
{
}
"""

# %% nothing="zeros"
def slide_program():
    return r"""
void add_vectors(const int *a, const int *b, int *c, int n)
{
    for (int i = 0; i < n; i++)
        c[i] = 0;
}
"""

# %% nothing="differences, wrong sign"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = -(a[i] + b[i]);
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% nothing="a is copied"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="on-the-host"
def slide_program():
    return r"""
__global__ void device_add(int n)
{
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    device_add<<<(n + 127) / 128, 128>>>(n);
    for (int i = 0; i < n; i++)
        c[i] = a[i] + b[i];
}
"""

# %% mistake="device-pointer"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    for (int i = 0; i < n; i++)
        c[i] = d_c[i];
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="used-after-free"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
}
"""

# %% mistake="race-in-block"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = blockIdx.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="unchecked-allocation"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c = NULL, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""

# %% mistake="host-leak"
def slide_program():
    return r"""
__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c, size = n * sizeof(int);
    cudaMalloc(&d_a, size);
    cudaMalloc(&d_b, size);
    cudaMalloc(&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    int *sums = (int *)malloc(size);
    cudaMemcpy(sums, d_c, size, cudaMemcpyDeviceToHost);
    memcpy(c, sums, size);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}
"""
