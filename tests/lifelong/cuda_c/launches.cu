
#include <stdio.h>
template <class T, int K> __global__ void k(T *a) { a[blockIdx.z] = K; }
int main() {
    float *d, h[3];
    cudaMalloc(&d, sizeof(h));
    dim3 grid(1, 1, 3);
    k<float, 7><<<grid,
        dim3(1, 1), 0>>>(d);
    k<float, (3 > 2) ? 8 : 9> <<< 1, 1.0f >>> (d);
    cudaMemcpy(h, d, sizeof(h), cudaMemcpyDeviceToHost);
    cudaFree(d);
    printf("%g %g %g\n", h[0], h[1], h[2]);
}
