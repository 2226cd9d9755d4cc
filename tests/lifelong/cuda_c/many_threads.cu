
__global__ void k(int *a, int n) { int i = threadIdx.x + blockIdx.x * blockDim.x; if (i < n) a[i] = i; }
int main() {
    int n = 100000, *d, *h = new int[n];
    cudaMalloc(&d, 4 * n);
    k<<<(n + 255) / 256, 256>>>(d, n);
    cudaMemcpy(h, d, 4 * n, cudaMemcpyDeviceToHost);
    cudaFree(d);
    int last = h[n - 1];
    delete[] h;
    return last == n - 1 ? 0 : 1;
}
