#include <assert.h>
#include <iostream>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <algorithm>
#include <iomanip>
#include <numeric>
#include <time.h>
#include <vector>
#include <cuda_runtime.h>
#include <cooperative_groups.h>
#include <helper_cuda.h>
using namespace std;
namespace cg = cooperative_groups;

#define CHECK(call)                                                                                                    \
    do {                                                                                                               \
        cudaError_t error_ = (call);                                                                                   \
        if (error_ != cudaSuccess) {                                                                                   \
            fprintf(stderr, "%s:%d %s\n", __FILE__, __LINE__, cudaGetErrorString(error_));                             \
            exit(EXIT_FAILURE);                                                                                        \
        }                                                                                                              \
    } while (0)

struct Room { int cells[40]; };
struct Hall { int cells[20000]; } hall, other_hall;
template <class T> struct Pair { T a, b; T sum() const { return a + b; } };
Room furnished(int n) { Room room; room.cells[0] = n; return room; }
Room first = furnished(1), others[2] = {furnished(2), furnished(3)};
dim3 blocks = dim3(1, 2);
int counts[3];
static float factors[2] = {1, 2};
__constant__ int base = 2;

__device__ void swap_them(int &a, int &b) { int old = a; a = b; b = old; }
__device__ int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
__global__ void k(int *out)
{
    extern __shared__ int tile[];
    int own[5], *p = own;
#pragma unroll
    for (int i = 0; i < 5; i++)
        p[i] = i;
    swap_them(own[0], own[4]);
    Room room = {}, other;
    other = room;
    memset(own + 1, 0, 8);
    tile[threadIdx.x] = fibonacci(6) + own[0] + other.cells[2] + base;
    __syncthreads();
    out[threadIdx.x] = tile[blockDim.x - 1 - threadIdx.x];
}

template <class T> __global__ void grouped(T *out, float4 *four)
{
    __shared__ T cells[32];
    cg::thread_block block = cg::this_thread_block();
    auto tile = cg::tiled_partition<8>(block);
    cells[31 - block.thread_rank()] = tile.shfl_down((T)threadIdx.x, 4) + __shfl_xor_sync(0xffffffff, (T)0, 1);
    block.sync();
    out[threadIdx.x] = __ldg(out + threadIdx.x) + cells[threadIdx.x];
    if (threadIdx.x == 0)
        *four = make_float4(1, 2, 3, 4);
}

void act(int n)
{
    static int calls = n;
    assert(first.cells[0] + others[1].cells[0] == 4 && blocks.y == 2);
    int *d, h[4], *copy = (int *)malloc(sizeof h);
    clock_t start = clock();
    srand(time(NULL));
    CHECK(cudaMalloc((void **)&d, sizeof h));
    k<<<1, 4, sizeof h>>>(d);
    CHECK(cudaGetLastError());
    CHECK(cudaMemcpy(h, d, sizeof h, cudaMemcpyDeviceToHost));
    memcpy(copy, h, sizeof h);
    counts[n % 3] = ++calls;
    factors[1] *= 2;
    hall = other_hall;
    if (std::isnan(factors[0]) || std::signbit(factors[1]) || abs(hall.cells[n]) > labs(INT_MAX) || factors[0] == INFINITY)
        exit(1);
    Pair<int> pair{copy[1], 1};
    switch (n) {
    case 0: puts("0"); break;
    case 1: puts("1"); break;
    case 2: puts("2"); break;
    case 3: printf("three %d\n", pair.sum()); break;
    case 4: puts("4"); break;
    case 5: puts("5"); break;
    }
    char text[20];
    snprintf(text, sizeof text, "%g", sqrt(fabs(factors[1])));
    cout << text << " " << h[0] << endl;
    assert(clock() >= start);
    int *out, copied[32];
    float4 *four, v;
    checkCudaErrors(cudaMallocManaged(&out, sizeof copied));
    checkCudaErrors(cudaMalloc(&four, sizeof v));
    memset(out, 0, sizeof copied);
    grouped<<<1, 32>>>(out, four);
    getLastCudaError("grouped");
    cudaMemcpyAsync(&v, four, sizeof v, cudaMemcpyDeviceToHost, 0);
    memcpy(copied, out, sizeof copied);
    assert(copied[31] == 4 && copied[0] == 31 && v.w == 4);
    cudaFree(four);
    cudaFree(out);
    vector<Room> rooms(2), more_rooms = rooms;
    rooms[1] = furnished(2);
    more_rooms.push_back(furnished(4));
    vector<float> sums = {3, 1, 2};
    sort(sums.begin(), sums.end());
    assert(sums[2] == 3 && accumulate(sums.begin(), sums.end(), 0.0f) == 6 && more_rooms.size() == 3 && rooms.back().cells[0] == 2);
    int *more = new int[n];
    delete[] more;
    free(copy);
    cudaFree(d);
}
