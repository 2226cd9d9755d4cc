# %% mistake="unchecked-allocation"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x, *d_y, *d_z;
    size_t bytes = n * sizeof(float);
    cudaMalloc(&d_x, bytes);
    cudaMalloc(&d_y, bytes);
    cudaMalloc(&d_z, bytes);
    cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
    cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return cudaGetLastError();
}
"""

# %% mistake="unchecked-launch"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% mistake="no-copy-back"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% mistake="copies-elements"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, n, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% mistake="bytes-forgotten"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, n);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% mistake="wrong-direction"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyDeviceToHost);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% mistake="wrong-direction"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y_, float *z, int n)
{
    float *y = (float *)y_, *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(y, d_y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% mistake="leak"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    return error;
}
"""

# %% mistake="freed-twice"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_y);
    return error;
}
"""

# %% mistake="host-pointer"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(x, y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% mistake="leak-on-failure"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error != cudaSuccess)
        return error;
    error = cudaMalloc(&d_y, bytes);
    if (error != cudaSuccess)
        return error;
    error = cudaMalloc(&d_z, bytes);
    if (error != cudaSuccess)
        return error;
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% mistake="success-after-failure"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x, *d_y, *d_z;
    size_t bytes = n * sizeof(float);
    cudaMalloc(&d_x, bytes);
    cudaMalloc(&d_y, bytes);
    cudaMalloc(&d_z, bytes);
    if (cudaGetLastError() != cudaSuccess) {
        cudaFree(d_x);
        cudaFree(d_y);
        return cudaSuccess;
    }
    cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
    cudaError_t error = cudaGetLastError();
    cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% style="goto to a single way out"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x, *d_y, *d_z;
    size_t bytes = n * sizeof(float);
    cudaError_t error;
    d_x = d_y = d_z = NULL;
    if ((error = cudaMalloc(&d_x, bytes)) != cudaSuccess) goto end;
    if ((error = cudaMalloc(&d_y, bytes)) != cudaSuccess) goto end;
    if ((error = cudaMalloc(&d_z, bytes)) != cudaSuccess) goto end;
    cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
    if ((error = cudaGetLastError()) != cudaSuccess) goto end;
    error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
end:
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% style="one allocation for all three"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

#define TRY(call)                      \
    do {                               \
        cudaError_t error = (call);    \
        if (error != cudaSuccess) {    \
            cudaFree(all);             \
            return error;              \
        }                              \
    } while (0)

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *all = NULL;
    TRY(cudaMalloc((void **)&all, 3 * n * sizeof(float)));
    TRY(cudaMemcpy(all, x, n * sizeof(float), cudaMemcpyHostToDevice));
    TRY(cudaMemcpy(all + n, y, n * sizeof(float), cudaMemcpyHostToDevice));
    mean_kernel<<<(n + 63) / 64, 64>>>(all, all + n, all + 2 * n, n);
    TRY(cudaGetLastError());
    TRY(cudaDeviceSynchronize());
    TRY(cudaMemcpy(z, all + 2 * n, n * sizeof(float), cudaMemcpyDeviceToHost));
    return cudaFree(all);
}
"""

# %% nothing="nothing is done"
def mean_program():
    return r"""
cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    return cudaSuccess;
}
"""

# %% nothing="zeros"
def mean_program():
    return r"""
cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    for (int i = 0; i < n; i++)
        z[i] = 0;
    return cudaSuccess;
}
"""

# %% nothing="a code alone"
def mean_program():
    return r"""
cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    return cudaErrorMemoryAllocation;
}
"""

# %% nothing="wrong sign"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = -(x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% mistake="on-the-host"
def mean_program():
    return r"""
cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    for (int i = 0; i < n; i++)
        z[i] = (x[i] + y[i]) / 2;
    return cudaSuccess;
}
"""

# %% mistake="no-guard"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% mistake="device-pointer"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        for (int i = 0; i < n; i++)
            z[i] = d_z[i];
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""

# %% mistake="used-after-free"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    return error;
}
"""

# %% mistake="host-leak"
def mean_program():
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(malloc(bytes), d_z, bytes, cudaMemcpyDeviceToHost);
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""
