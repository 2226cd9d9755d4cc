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

# %% style="grid-stride loop, dim3" of="one thread a block"
# ~ if (i < n) => for (; i < n; i += blockDim.x * gridDim.x)
# ~ n, 1 => dim3((n - 1) / 256 + 1), dim3(256)

# %% style="a helper function, blocks by ceil, in place of pointers indices from the end" of="one thread a block"
# + __device__ int sum(int x, int y)
# + {
# +     return x + y;
# + }
# + 
#   __global__ void device_add(const int *a, const int *b, int *c, int n)
# ...
# ~ c[i] = a[i] + b[i]; => c[i] = sum(a[i], b[i]);
# ~ n, 1 => (int)ceil(n / 64.0), 64

# %% mistakes of="one thread a block"
# ~ n, 1 => 1, 1                                                        # one-thread
# ~ n, 1 => 1, n                                                        # one-block
# ~ n, 1 => n / 128, 128                                                # rounds-down
# ~ n, 1>>>(d_a, d_b, d_c, n) => (n + 127) / 128, 128>>>(a, b, d_c, n)  # host-pointer
# ~ n, 1 => n / 128 + 1, 128                                            # idle-block
# ~ n, 1 => 128, (n + 127) / 128                                        # launch-swapped
# ~ n, 1 => (n + 127) / 128 + 1, 128                                    # spare-blocks
# ~ if (i < n) => if (i < 512)
# ~ n, 1 => (n + 255) / 256, 256                                        # built-in-size
# -     device_add<<<n, 1>>>(d_a, d_b, d_c, n);
# -     cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
# +     device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
# +     cudaMemcpy(d_c, c, size, cudaMemcpyDeviceToHost);        # wrong-direction
# +     device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);  # no-copy-back
# ~ int i = threadIdx.x + blockIdx.x * blockDim.x; => int i = blockIdx.x;
# ~ n, 1 => (n + 127) / 128, 128  # race-in-block
# ~ int i = blockIdx.x; => int i = threadIdx.x + blockIdx.x * blockDim.x;
# ~ if (i < n) => if (i <= n)  # no-guard of="race-in-block"
# -     if (i <= n)
# -         c[i] = a[i] + b[i];
# +     c[i] = a[i] + b[i];  # no-guard of="no-guard"
# ~ (n + 127) / 128, 128 => n / 256, 256  # rounds-down of="no-guard 2"
# ~ x + blockIdx.x * blockDim.x => x
# ~ n / 256, 256 => (n + 31) / 32, 32  # race-between-blocks of="rounds-down 2"
# ~ if (i <= n) => if (i < n / 4)
# ~ cudaMalloc(&d_c, size); => cudaMalloc(&d_c, n);  # bytes-forgotten of="no-guard"
# ~ if (i <= n) => if (i < n)
# ~ cudaMalloc(&d_c, size); => cudaMalloc(&d_c, n);  # bytes-forgotten of="no-guard"

# %% mistakes of="no-copy-back"
# -     cudaFree(d_a);
# -     cudaFree(d_b);
# +     cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
# +     cudaFree(d_a);
# +     cudaFree(d_a);  # freed-twice
# -     cudaFree(d_c);
# +     cudaFree(d_c);
# +     cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);  # used-after-free
# -     cudaFree(d_a);
# -     cudaFree(d_c);
# +   # leak of="freed-twice"
# ~ dim3((n - 1) / 256 + 1), dim3(256) => 1, 64  # too-few-threads of="grid-stride loop, dim3"

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

# %% mistakes of="wrong-direction"
# -     cudaMemcpy(d_c, c, size, cudaMemcpyDeviceToHost);
# +     for (int i = 0; i < n; i++)
# +         c[i] = d_c[i];      # device-pointer
# +     int *sums = (int *)malloc(size);
# +     cudaMemcpy(sums, d_c, size, cudaMemcpyDeviceToHost);
# +     memcpy(c, sums, size);  # host-leak
# ~ *d_c => *d_c = NULL
# ...
# -     cudaMalloc(&d_c, size);
# ...
# ~ n, 1 => (n + 127) / 128, 128  # unchecked-allocation of="one thread a block"

# %% nothing="nothing is done" of="c_dot_product/nothing is done"
# ~ dot_program => slide_program
# ...
# - __global__ void dot(const float *x, const float *y, float *result, int n)
# + void add_vectors(const int *a, const int *b, int *c, int n)

# %% nothing="zeros" of="nothing is done"
# +     for (int i = 0; i < n; i++)
# +         c[i] = 0;
#   }

# %% nothings of="no-guard 2"
# -     c[i] = a[i] + b[i];
# +     if (i < n)
# +         c[i] = -(a[i] + b[i]);  # differences, wrong sign
# +     if (i < n)
# +         c[i] = a[i];            # a is copied
