#include <stdio.h>

__device__ int a[9], b[9], c[9];
__device__ int last{8}, *none;

__global__ void add(int n)
{
    int i = threadIdx.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

int main()
{
    int host[9], found, *d;
    for (int i = 0; i < 9; i++)
        host[i] = i + 1;
    cudaMemcpyToSymbol(a, host, sizeof host);
    cudaMemcpyToSymbol(b, host, sizeof host);
    add<<<1, 32>>>(9);
    cudaMemcpyFromSymbol(host, c, sizeof host);
    cudaMemcpyFromSymbol(&found, last, sizeof found);
    cudaMalloc(&d, sizeof host);
    cudaDeviceReset();
    printf("%d %d\n", host[8], found);
}
