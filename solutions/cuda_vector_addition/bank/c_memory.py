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

# %% mistakes of="bare"
# -         error = cudaGetLastError();
# +   # unchecked-launch
# -     if (error == cudaSuccess)
# -         error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
# +   # no-copy-back
# -         error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
# +         cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);          # unchecked-copy
# +         error = cudaMemcpy(z, d_z, n, cudaMemcpyDeviceToHost);      # copies-elements
# +         for (int i = 0; i < n; i++)
# +             z[i] = d_z[i];                                          # device-pointer
# +         error = cudaMemcpy(malloc(bytes), d_z, bytes, cudaMemcpyDeviceToHost);
# +     if (error == cudaSuccess)
# +         error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);  # host-leak
# ~ d_x, bytes => d_x, n  # bytes-forgotten
# ~ (n + 255) / 256, 256 => 1, n     # one-block
# ~ (n + 255) / 256 => n / 256       # rounds-down
# ~ (x[i] + y[i]) / 2 => (x[i] + y[i]) * (1 / 2)  # integer-half
# ~ return error; => return error == cudaSuccess ? error : cudaErrorInvalidValue;  # other-code
# ~ cudaFree(d_x); => if (error != cudaSuccess) exit(1); cudaFree(d_x);            # exits
# ~ cudaFree(d_z); => error = cudaFree(d_z);                                       # code-lost
# ~ *d_x = NULL, *d_y = NULL, *d_z = NULL => *d_x, *d_y, *d_z  # uninitialised-freed
# ~ x, bytes, cudaMemcpyHostToDevice => x, bytes, cudaMemcpyDeviceToHost  # wrong-direction
# -     cudaFree(d_z);
# +                     # leak
# +     cudaFree(d_y);  # freed-twice
# ~ d_x, d_y => x, y  # host-pointer
# -     if (i < n)
# -         z[i] = (x[i] + y[i]) / 2;
# +     z[i] = (x[i] + y[i]) / 2;  # no-guard
# ~ mean(const float *x, const float *y, float *z, int n) => mean(const float *x, const float *y_, float *z, int n)
# ~ *d_x => *y = (float *)y_, *d_x
# ~ d_y, y => y, d_y  # wrong-direction
# -     if (error == cudaSuccess)
# -         error = cudaMalloc(&d_y, bytes);
# -     if (error == cudaSuccess)
# -         error = cudaMalloc(&d_z, bytes);
# +     if (error != cudaSuccess)
# +         return error;
# +     error = cudaMalloc(&d_y, bytes);
# +     if (error != cudaSuccess)
# +         return error;
# +     error = cudaMalloc(&d_z, bytes);
# +     if (error != cudaSuccess)
# +         return error;  # leak-on-failure

# %% style="goto to a single way out" of="unchecked-allocation"
# -     cudaMalloc(&d_x, bytes);
# -     cudaMalloc(&d_y, bytes);
# -     cudaMalloc(&d_z, bytes);
# +     cudaError_t error;
# +     d_x = d_y = d_z = NULL;
# +     if ((error = cudaMalloc(&d_x, bytes)) != cudaSuccess) goto end;
# +     if ((error = cudaMalloc(&d_y, bytes)) != cudaSuccess) goto end;
# +     if ((error = cudaMalloc(&d_z, bytes)) != cudaSuccess) goto end;
# ...
# -     cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
# +     if ((error = cudaGetLastError()) != cudaSuccess) goto end;
# +     error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
# + end:
# ...
# ~ return cudaGetLastError(); => return error;
# ~ cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice); => if ((error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice))) goto end;
# ~ cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice); => if ((error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice))) goto end;

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

# %% nothings of="nothing is done"
# -     return cudaSuccess;
# +     for (int i = 0; i < n; i++)
# +         z[i] = 0;
# +     return cudaSuccess;                # zeros
# +     return cudaErrorMemoryAllocation;  # a code alone
# ~ z[i] = 0; => z[i] = -(x[i] + y[i]) / 2;  # wrong sign of="zeros"

# %% mistakes of="zeros"
# +     if (cudaGetLastError() != cudaSuccess) {
# +         cudaFree(d_x);
# +         cudaFree(d_y);
# +         return cudaSuccess;
# +     }
#       cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
# ...
# +     cudaError_t error = cudaGetLastError();
#       cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
# ...
# ~ return cudaGetLastError(); => return error;  # success-after-failure of="unchecked-allocation"
# ~ z[i] = 0; => z[i] = (x[i] + y[i]) / 2;  # on-the-host

# %% mistake="used-after-free" of="no-copy-back"
# +     if (error == cudaSuccess)
# +         error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
#       return error;
