// Planted faults, one a section: `// == name: kind`. The finding must point at the line marked `// here`.
#include <stdio.h>
#include <stdlib.h>
#include <cuda_runtime.h>
#define BYTES (64 * sizeof(int))

__global__ void count_up(int *a)
{
    a[threadIdx.x] = threadIdx.x; // here
}

static int *device_ints(int n, int value)
{
    int *d;
    cudaMalloc(&d, n * sizeof(int));
    cudaMemset(d, value, n * sizeof(int));
    return d;
}

// == no_guard: bounds
__global__ void no_guard(int *a, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    a[i] = i; // here
}
void case_no_guard()
{
    no_guard<<<2, 64>>>(device_ints(100, 0), 100);
}

// == guard_off_by_one: bounds
__global__ void guard_off_by_one(int *a, int n)
{
    int i = threadIdx.x;
    if (i <= n)
        a[i] = i; // here
}
void case_guard_off_by_one()
{
    guard_off_by_one<<<1, 128>>>(device_ints(100, 0), 100);
}

// == minus_one: bounds
__global__ void minus_one(const int *a, int *b)
{
    int i = threadIdx.x;
    b[i] = a[i - 1]; // here
}
void case_minus_one()
{
    minus_one<<<1, 64>>>(device_ints(64, 0), device_ints(64, 0));
}

// == far_out: bounds
__global__ void far_out(int *a)
{
    a[threadIdx.x * 4096] = 1; // here
}
void case_far_out()
{
    far_out<<<1, 4>>>(device_ints(16, 0));
}

// == shared_out: index
__global__ void shared_out(int *a)
{
    __shared__ int tile[64];
    tile[threadIdx.x + 1] = 1; // here
    a[threadIdx.x] = 0;
}
void case_shared_out()
{
    shared_out<<<1, 64>>>(device_ints(64, 0));
}

// == dynamic_shared_out: bounds
__global__ void dynamic_shared_out(int *a)
{
    extern __shared__ int tile[];
    tile[threadIdx.x] = 1; // here
    a[threadIdx.x] = tile[threadIdx.x];
}
void case_dynamic_shared_out()
{
    dynamic_shared_out<<<1, 64, 32 * sizeof(int)>>>(device_ints(64, 0));
}

// == copy_too_much: bounds
void case_copy_too_much()
{
    int *host = (int *)malloc(BYTES);
    int *d = device_ints(63, 0);
    cudaMemcpy(host, d, BYTES, cudaMemcpyDeviceToHost); // here
}

// == host_overflow: bounds
void case_host_overflow()
{
    int *host = (int *)malloc(BYTES);
    for (int i = 0; i <= 64; i++)
        host[i] = i; // here
}

// == leak: leak
void case_leak()
{
    int *d;
    cudaMalloc(&d, BYTES);
    count_up<<<1, 64>>>(d);
}

// == host_leak: host-leak
void case_host_leak()
{
    int *host = (int *)malloc(BYTES);
    host[0] = 1;
}

// == lonely_shuffle: divergent-warp
__global__ void lonely_shuffle(int *a)
{
    int value = threadIdx.x;
    if (threadIdx.x < 16)
        value = __shfl_down_sync(0xffffffff, value, 1); // here
    __syncthreads();
    a[threadIdx.x] = value;
}
void case_lonely_shuffle()
{
    lonely_shuffle<<<1, 32>>>(device_ints(32, 0));
}

// == not_of_the_mask: divergent-warp
__global__ void not_of_the_mask(int *a)
{
    a[threadIdx.x] = __any_sync(0xffff, threadIdx.x == 3); // here
}
void case_not_of_the_mask()
{
    not_of_the_mask<<<1, 32>>>(device_ints(32, 0));
}

// == race_beyond_a_warp: race
__global__ void race_beyond_a_warp(int *a)
{
    a[threadIdx.x] = threadIdx.x;
    __syncwarp();
    a[threadIdx.x] += a[63 - threadIdx.x]; // here
}
void case_race_beyond_a_warp()
{
    race_beyond_a_warp<<<1, 64>>>(device_ints(64, 0));
}

// == too_few_blocks: unwritten-output
void case_too_few_blocks()
{
    int *d, host[64];
    cudaMalloc(&d, BYTES);
    count_up<<<64 / 48, 48>>>(d);
    cudaMemcpy(host, d, BYTES, cudaMemcpyDeviceToHost); // here
    cudaFree(d);
}

// == one_thread: unwritten-output
void case_one_thread()
{
    int *d, host[64];
    cudaMalloc(&d, BYTES);
    count_up<<<1, 1>>>(d);
    cudaMemcpy(host, d, BYTES, cudaMemcpyDeviceToHost); // here
    cudaFree(d);
}

// == block_too_large: failed-launch
void case_block_too_large()
{
    int *d = device_ints(2048, 0);
    count_up<<<1, 2048>>>(d); // here
    cudaFree(d);
}

// == no_blocks: failed-launch
void case_no_blocks()
{
    int *d = device_ints(64, 0);
    count_up<<<64 / 128, 128>>>(d); // here
    cudaFree(d);
}

// == host_pointer: host-pointer
__global__ void read_it(const int *a, int *b)
{
    b[threadIdx.x] = a[threadIdx.x]; // here
}
void case_host_pointer()
{
    int *host = (int *)malloc(BYTES);
    read_it<<<1, 64>>>(host, device_ints(64, 0));
}

// == stack_pointer: host-pointer
__global__ void add_two(int a, int b, int *c)
{
    *c = a + b; // here
}
void case_stack_pointer()
{
    int c;
    add_two<<<1, 1>>>(2, 7, &c);
}

// == host_variable: host-variable
int factor = 3;
__global__ void scale(int *a)
{
    a[threadIdx.x] = factor; // here
}
void case_host_variable()
{
    scale<<<1, 64>>>(device_ints(64, 0));
}

// == device_pointer: device-pointer
void case_device_pointer()
{
    int *d = device_ints(64, 0);
    printf("%d\n", d[0]); // here
}

// == forgotten_copy: device-pointer
void case_forgotten_copy()
{
    int *d = device_ints(64, 0), sum = 0;
    for (int i = 0; i < 64; i++)
        sum += d[i]; // here
    printf("%d\n", sum);
}

// == wrong_direction: direction
void case_wrong_direction()
{
    int host[64] = {0};
    int *d = device_ints(64, 0);
    cudaMemcpy(d, host, BYTES, cudaMemcpyDeviceToHost); // here
}

// == swapped_arguments: direction
void case_swapped_arguments()
{
    int host[64] = {0};
    int *d = device_ints(64, 0);
    cudaMemcpy(d, host, BYTES, cudaMemcpyHostToDevice);
    cudaMemcpy(d, host, BYTES, cudaMemcpyDeviceToHost); // here
}

// == double_free: free
void case_double_free()
{
    int *d = device_ints(64, 0);
    cudaFree(d);
    cudaFree(d); // here
}

// == free_of_device_pointer: free
void case_free_of_device_pointer()
{
    free(device_ints(64, 0)); // here
}

// == cuda_free_of_host_pointer: free
void case_cuda_free_of_host_pointer()
{
    int *host = (int *)malloc(BYTES);
    cudaFree(host); // here
}

// == used_after_free: freed
void case_used_after_free()
{
    int *d = device_ints(64, 0), host[64];
    cudaFree(d);
    cudaMemcpy(host, d, BYTES, cudaMemcpyDeviceToHost); // here
}

// == unchecked_allocation: null
void case_unchecked_allocation()
{
    int *d;
    cudaMalloc(&d, size_t(1) << 40);
    cudaMemset(d, 0, BYTES); // here
}

// == unwritten_input: unwritten
__global__ void increase(int *a)
{
    a[threadIdx.x] += 1; // here
}
void case_unwritten_input()
{
    int *d;
    cudaMalloc(&d, BYTES);
    increase<<<1, 64>>>(d);
}

// == atomic_on_unwritten: unwritten
__global__ void add_up(int *sum)
{
    atomicAdd(sum, 1); // here
}
void case_atomic_on_unwritten()
{
    int *d;
    cudaMalloc(&d, sizeof(int));
    add_up<<<1, 64>>>(d);
}

// == race_between_blocks: race
__global__ void total(const int *a, int *sum)
{
    *sum += a[threadIdx.x]; // here
}
void case_race_between_blocks()
{
    total<<<4, 1>>>(device_ints(4, 0), device_ints(1, 0));
}

// == race_that_a_fence_does_not_order: race
__global__ void total_behind_a_fence(const int *a, int *sum)
{
    __threadfence();
    *sum += a[threadIdx.x]; // here
}
void case_race_that_a_fence_does_not_order()
{
    total_behind_a_fence<<<4, 1>>>(device_ints(4, 0), device_ints(1, 0));
}

// == same_cell: race
__global__ void same_cell(int *a)
{
    a[threadIdx.x / 2] = threadIdx.x; // here
}
void case_same_cell()
{
    same_cell<<<1, 64>>>(device_ints(64, 0));
}

// == missing_barrier_first: unwritten
__global__ void reversed(int *a)
{
    __shared__ int tile[64];
    tile[threadIdx.x] = a[threadIdx.x];
    a[threadIdx.x] = tile[63 - threadIdx.x]; // here
}
void case_missing_barrier_first()
{
    reversed<<<1, 64>>>(device_ints(64, 0));
}

// == missing_barrier_in_loop: race
__global__ void tree(int *a)
{
    __shared__ int tile[64];
    int t = threadIdx.x;
    tile[t] = a[t];
    __syncthreads();
    for (int stride = 32; stride > 0; stride /= 2)
        if (t < stride)
            tile[t] += tile[t + stride]; // here
    if (t == 0)
        a[0] = tile[0];
}
void case_missing_barrier_in_loop()
{
    tree<<<1, 64>>>(device_ints(64, 0));
}

// == barrier_in_if: divergent-barrier
__global__ void barrier_in_if(int *a, int n)
{
    if (threadIdx.x < n) {
        a[threadIdx.x] = 0;
        __syncthreads(); // here
    }
}
void case_barrier_in_if()
{
    barrier_in_if<<<1, 64>>>(device_ints(64, 0), 50);
}

// == return_before_barrier: divergent-barrier
__global__ void return_before_barrier(int *a, int n)
{
    if (threadIdx.x >= n)
        return;
    a[threadIdx.x] = 0;
    __syncthreads(); // here
}
void case_return_before_barrier()
{
    return_before_barrier<<<1, 64>>>(device_ints(64, 0), 50);
}

// == two_barriers: divergent-barrier
__global__ void two_barriers(int *a)
{
    if (threadIdx.x % 2)
        __syncthreads();
    else
        a[threadIdx.x] = 0, __syncthreads(); // here
}
void case_two_barriers()
{
    two_barriers<<<1, 64>>>(device_ints(64, 0));
}

// == index_on_host: outside-kernel
void case_index_on_host()
{
    printf("%u\n", threadIdx.x); // here
}

// == write_to_constant: constant
__constant__ int weights[4];
__global__ void write_to_constant(int *a)
{
    weights[0] = a[0]; // here
}
void case_write_to_constant()
{
    write_to_constant<<<1, 1>>>(device_ints(4, 0));
}

// == device_variable_on_host: device-variable
__device__ int counter;
__global__ void count()
{
    atomicAdd(&counter, 1);
}
void case_device_variable_on_host()
{
    count<<<1, 64>>>();
    printf("%d\n", counter); // here
}

// == null_pointer: null
void case_null_pointer()
{
    count_up<<<1, 64>>>((int *)nullptr);
}

// == endless: timeout
__global__ void endless(volatile int *a)
{
    while (a[0] == 0) // nobody ever writes it
        ;
}
void case_endless()
{
    endless<<<1, 1>>>(device_ints(1, 0));
}

// == division: division
__global__ void division(int *a, int n)
{
    a[0] = 7 / n; // here
}
void case_division()
{
    division<<<1, 1>>>(device_ints(1, 0), 0);
}

// == recursion: stack
__device__ __noinline__ int deeper(int n)
{
    volatile int room[64];
    room[n % 64] = n;
    return n == 0 ? 0 : deeper(n - 1) + room[n % 64];
}
__global__ void recursion(int *a)
{
    a[0] = deeper(100000);
}
void case_recursion()
{
    recursion<<<1, 1>>>(device_ints(1, 0));
}

// == local_array: index
void case_local_array()
{
    int squares[8];
    for (int i = 0; i <= 8; i++)
        squares[i] = i * i; // here
}

// == local_array_in_kernel: index
__global__ void local_array_in_kernel(int *a)
{
    int own[4];
    for (int i = 4; i >= 0; i--)
        own[i] = i; // here
    a[0] = own[0];
}
void case_local_array_in_kernel()
{
    local_array_in_kernel<<<1, 1>>>(device_ints(1, 0));
}
