// Right kernels in many styles: no finding may be made, and the real compiler takes them all.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <algorithm>

#define TILE 16
#define CHECK(call)                                                                                                    \
    do {                                                                                                               \
        cudaError_t error = (call);                                                                                    \
        if (error != cudaSuccess) {                                                                                    \
            printf("%s\n", cudaGetErrorString(error));                                                                 \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

typedef struct {
    float x, y;
} Point;

__constant__ float filter[3];
__device__ int counter;
__device__ int arrived = 0;

__device__ float square(float x)
{
    return x * x;
}

__global__ void add(const float *a, const float *b, float *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

__global__ void add_strided(const float *a, const float *b, float *c, int n)
{
    for (int i = threadIdx.x + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        c[i] = a[i] + b[i];
}

__global__ void add_one_a_block(const float *a, const float *b, float *c, int n)
{
    c[blockIdx.x] = a[blockIdx.x] + b[blockIdx.x];
}

__global__ void hadamard(const float *x, const float *y, float *z, int rows, int columns, int pitch)
{
    int column = threadIdx.x + blockIdx.x * blockDim.x, row = threadIdx.y + blockIdx.y * blockDim.y;
    if (row < rows && column < columns)
        z[row * pitch + column] = x[row * pitch + column] * y[row * pitch + column];
}

__global__ void block_sum(const float *x, float *sums, int n)
{
    __shared__ float tile[256];
    int t = threadIdx.x, i = t + blockIdx.x * blockDim.x;
    tile[t] = i < n ? x[i] : 0;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (t < stride)
            tile[t] += tile[t + stride];
        __syncthreads();
    }
    if (t == 0)
        sums[blockIdx.x] = tile[0];
}

__global__ void sum_by_atomics(const float *x, float *sum, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        atomicAdd(sum, x[i]);
}

__global__ void reverse(float *x)
{
    extern __shared__ float tile[];
    int t = threadIdx.x;
    tile[t] = x[t];
    __syncthreads();
    x[t] = tile[blockDim.x - 1 - t];
}

__global__ void transpose(const float *x, float *y, int rows, int columns)
{
    __shared__ float tile[TILE][TILE + 1];
    int column = blockIdx.x * TILE + threadIdx.x, row = blockIdx.y * TILE + threadIdx.y;
    if (row < rows && column < columns)
        tile[threadIdx.y][threadIdx.x] = x[row * columns + column];
    __syncthreads();
    column = blockIdx.y * TILE + threadIdx.x;
    row = blockIdx.x * TILE + threadIdx.y;
    if (row < columns && column < rows)
        y[row * rows + column] = tile[threadIdx.x][threadIdx.y];
}

__global__ void multiply(const float *a, const float *b, float *c, int n)
{
    __shared__ float left[TILE][TILE], right[TILE][TILE];
    int row = blockIdx.y * TILE + threadIdx.y, column = blockIdx.x * TILE + threadIdx.x;
    float sum = 0;
    for (int step = 0; step < n; step += TILE) {
        left[threadIdx.y][threadIdx.x] = a[row * n + step + threadIdx.x];
        right[threadIdx.y][threadIdx.x] = b[(step + threadIdx.y) * n + column];
        __syncthreads();
        for (int k = 0; k < TILE; k++)
            sum += left[threadIdx.y][k] * right[k][threadIdx.x];
        __syncthreads();
    }
    c[row * n + column] = sum;
}

__global__ void prefix_sums(float *x)
{
    __shared__ float buffers[2][128];
    int t = threadIdx.x, from = 0;
    buffers[0][t] = x[t];
    __syncthreads();
    for (int distance = 1; distance < 128; distance *= 2) {
        buffers[1 - from][t] = buffers[from][t] + (t >= distance ? buffers[from][t - distance] : 0);
        from = 1 - from;
        __syncthreads();
    }
    x[t] = buffers[from][t];
}

__global__ void convolve(const float *x, float *y, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i > 0 && i < n - 1)
        y[i] = filter[0] * x[i - 1] + filter[1] * x[i] + filter[2] * x[i + 1];
    else if (i < n)
        y[i] = x[i];
}

__global__ void histogram(const float *x, int *counts, int n)
{
    __shared__ int own[8];
    if (threadIdx.x < 8)
        own[threadIdx.x] = 0;
    __syncthreads();
    for (int i = threadIdx.x + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        atomicAdd(&own[(int)x[i] % 8], 1);
    __syncthreads();
    if (threadIdx.x < 8)
        atomicAdd(&counts[threadIdx.x], own[threadIdx.x]);
}

__global__ void lengths(const Point *points, float *result, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n) {
        Point point = points[i];
        result[i] = square(point.x) + square(point.y);
    }
}

template <typename T> __global__ void fill(T *x, T value, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        x[i] = value;
}

template <typename T, int N> __global__ void turned(T *x)
{
    static __shared__ T tile[N];
    tile[threadIdx.x] = x[threadIdx.x];
    __syncthreads();
    x[threadIdx.x] = tile[N - 1 - threadIdx.x];
}

__global__ void warp_sums(const float *x, float *sums)
{
    float sum = __ldg(&x[threadIdx.x]);
    for (int distance = 16; distance > 0; distance /= 2)
        sum += __shfl_down_sync(0xffffffff, sum, distance);
    sum = __shfl_sync(0xffffffff, sum, 0);
    if (__shfl_xor_sync(0xffffffff, sum, 1) == sum && __all_sync(0xffffffff, sum > 0) && threadIdx.x % 32 == 0)
        sums[threadIdx.x / 32] = sum;
}

__global__ void threes(unsigned *x, int *sum)
{
    __shared__ int cells[32];
    int t = threadIdx.x;
    unsigned found = __ballot_sync(0xffffffff, t % 3 == 0);
    cells[t] = found >> t & 1;
    __syncwarp();
    for (int stride = 16; stride > 0; stride /= 2) {
        int other = t < stride ? cells[t + stride] : 0;
        __syncwarp();
        cells[t] += other;
        __syncwarp();
    }
    if (t == 0)
        *x = found, *sum = cells[0] + __popc(found);
}

__global__ void fours(const float4 *x, float4 *y, int n)
{
    int i = threadIdx.x;
    if (i < n) {
        float4 v = x[i];
        y[i] = make_float4(v.w, v.z, v.y, v.x);
    }
}

__global__ void count_all()
{
    atomicAdd(&counter, 1);
}

__global__ void largest(const float *x, int *result, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        atomicMax(result, (int)x[i]);
}

__global__ void last_block_adds(const float *x, float *sums, float *total)
{
    __shared__ int last;
    if (threadIdx.x == 0) {
        sums[blockIdx.x] = x[blockIdx.x];
        __threadfence();
        last = atomicAdd(&arrived, 1) == gridDim.x - 1;
        if (last) {
            float sum = 0;
            for (int block = 0; block < gridDim.x; block++)
                sum += sums[block];
            *total = sum;
        }
    }
}

int failures = 0;

void expect(const char *name, bool right)
{
    printf("%s %s\n", name, right ? "right" : "WRONG");
    failures += !right;
}

int main(void)
{
    const int n = 500, size = n * sizeof(float);
    float a[500], b[500], c[500];
    float *d_a, *d_b, *d_c;
    int *d_i;
    bool right = true;
    for (int i = 0; i < n; i++)
        a[i] = i, b[i] = 2 * i;
    CHECK(cudaMalloc((void **)&d_a, size));
    CHECK(cudaMalloc(&d_b, size));
    CHECK(cudaMalloc(&d_c, size));
    CHECK(cudaMalloc(&d_i, 8 * sizeof(int)));
    CHECK(cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice));

    for (int way = 0; way < 3; way++) {
        CHECK(cudaMemset(d_c, 0, size));
        if (way == 0)
            add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
        else if (way == 1)
            add_strided<<<2, 64>>>(d_a, d_b, d_c, n);
        else
            add_one_a_block<<<n, 1>>>(d_a, d_b, d_c, n);
        CHECK(cudaGetLastError());
        CHECK(cudaDeviceSynchronize());
        CHECK(cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost));
        for (int i = 0; i < n; i++)
            right &= c[i] == 3 * i;
    }
    expect("additions", right);

    dim3 block(8, 8), grid((18 + block.x - 1) / block.x, (25 + block.y - 1) / block.y);
    cudaMemset(d_c, 0, size);
    hadamard<<<grid, block>>>(d_a, d_b, d_c, 25, 18, 20);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    right = true;
    for (int i = 0; i < n; i++)
        right &= c[i] == (i % 20 < 18 ? a[i] * b[i] : 0);
    expect("hadamard", right);

    block_sum<<<2, 256>>>(d_a, d_c, n);
    cudaMemcpy(c, d_c, 2 * sizeof(float), cudaMemcpyDeviceToHost);
    expect("block_sum", c[0] == 255 * 128 && c[0] + c[1] == 499 * 250);

    cudaMemset(d_c, 0, sizeof(float));
    sum_by_atomics<<<4, 128>>>(d_a, d_c, n);
    cudaMemcpy(c, d_c, sizeof(float), cudaMemcpyDeviceToHost);
    expect("sum_by_atomics", c[0] == 499 * 250);

    cudaMemcpy(d_c, a, size, cudaMemcpyHostToDevice);
    reverse<<<1, 100, 100 * sizeof(float)>>>(d_c);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    expect("reverse", c[0] == 99 && c[99] == 0 && c[100] == 100);

    cudaMemset(d_c, 0, size);
    transpose<<<dim3(2, 2), dim3(TILE, TILE)>>>(d_a, d_c, 20, 25);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    expect("transpose", c[1] == 25 && c[20] == 1 && c[499] == 499);

    cudaMemset(d_b, 0, size);
    fill<float><<<1, 256>>>(d_b, 1.0f, 256);
    multiply<<<1, dim3(TILE, TILE)>>>(d_a, d_b, d_c, TILE);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    expect("multiply", c[0] == 120 && c[16] == 376);

    cudaMemcpy(d_c, a, size, cudaMemcpyHostToDevice);
    prefix_sums<<<1, 128>>>(d_c);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    expect("prefix_sums", c[127] == 127 * 64 && c[3] == 6);

    const float weights[3] = {1, -2, 1};
    cudaMemcpyToSymbol(filter, weights, sizeof(weights));
    convolve<<<4, 128>>>(d_a, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    expect("convolve", c[0] == 0 && c[250] == 0 && c[499] == 499);

    int counts[8];
    cudaMemset(d_i, 0, sizeof(counts));
    histogram<<<3, 64>>>(d_a, d_i, n);
    cudaMemcpy(counts, d_i, sizeof(counts), cudaMemcpyDeviceToHost);
    expect("histogram", counts[0] == 63 && counts[7] == 62);

    lengths<<<2, 128>>>((const Point *)d_a, d_c, n / 2);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    expect("lengths", c[1] == 13);

    int total = 0;
    count_all<<<3, 50>>>();
    cudaMemcpyFromSymbol(&total, counter, sizeof(int));
    expect("count_all", total == 150);

    cudaMemset(d_i, 0, sizeof(int));
    largest<<<4, 128>>>(d_a, d_i, n);
    cudaMemcpy(&total, d_i, sizeof(int), cudaMemcpyDeviceToHost);
    expect("largest", total == 499);

    last_block_adds<<<10, 2>>>(d_a, d_b, d_c);
    cudaMemcpy(c, d_c, sizeof(float), cudaMemcpyDeviceToHost);
    expect("last_block_adds", c[0] == 45);

    cudaStream_t stream;
    float *pinned, *padded;
    size_t pitch;
    CHECK(cudaStreamCreate(&stream));
    CHECK(cudaMallocHost(&pinned, size));
    CHECK(cudaMemcpyAsync(d_b, a, size, cudaMemcpyHostToDevice, stream));
    turned<float, 64><<<1, 64, 0, stream>>>(d_b);
    warp_sums<<<1, 64, 0, stream>>>(d_b, d_c);
    CHECK(cudaMemcpyAsync(pinned, d_c, 2 * sizeof(float), cudaMemcpyDeviceToHost, stream));
    CHECK(cudaStreamSynchronize(stream));
    expect("warp_sums", pinned[0] == 47.5 * 32 && pinned[1] == 15.5 * 32);
    fours<<<1, 32>>>((const float4 *)d_b, (float4 *)d_c, 16);
    CHECK(cudaMemcpy(pinned, d_c, 4 * sizeof(float), cudaMemcpyDeviceToHost));
    expect("fours", pinned[0] == 60 && pinned[3] == 63);
    threes<<<1, 32>>>((unsigned *)d_i, d_i + 1);
    CHECK(cudaMemcpy(counts, d_i, 2 * sizeof(int), cudaMemcpyDefault));
    expect("threes", (unsigned)counts[0] == 0x49249249 && counts[1] == 22);
    CHECK(cudaMallocPitch(&padded, &pitch, 18 * sizeof(float), 25));
    CHECK(cudaMemcpy2D(padded, pitch, a, 20 * sizeof(float), 18 * sizeof(float), 25, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy2D(pinned, 72, padded, pitch, 72, 25, cudaMemcpyDeviceToHost));
    expect("pitched", pinned[18] == 20 && cudaGetErrorString(cudaErrorIllegalAddress)[0] == 'a');
    cudaFree(padded);
    cudaFreeHost(pinned);
    cudaStreamDestroy(stream);

    float *both;
    CHECK(cudaMallocManaged(&both, 3 * sizeof(float)));
    std::copy(a + 1, a + 3, both);
    memset(both + 2, 0, sizeof(float));
    add<<<1, 1>>>(both, both + 1, both + 2, 1);
    CHECK(cudaDeviceSynchronize());
    expect("managed", both[2] == 3);

    cudaFree(both);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
    cudaFree(d_i);
    return failures;
}
