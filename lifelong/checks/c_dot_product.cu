int main() {
    int n = lifelong::number(), grid = lifelong::number(), block = lifelong::number();
    float *x, *y, *result, *hosts[] = {lifelong::given<float>(n), lifelong::given<float>(n)}, sum;
    cudaMalloc(&x, n * sizeof(float));
    cudaMalloc(&y, n * sizeof(float));
    cudaMalloc(&result, sizeof(float));
    cudaMemset(result, 0, sizeof(float));
    cudaMemcpy(x, hosts[0], n * sizeof(float), cudaMemcpyHostToDevice);
    cudaMemcpy(y, hosts[1], n * sizeof(float), cudaMemcpyHostToDevice);
    void (*kernel)(const float *, const float *, float *, int) = dot;
    (void)kernel;
    auto call = [=](const float *x, const float *y, float *result, int n) LIFELONG_CALL { dot(x, y, result, n); };
    lifelong::launch(0, "dot", call, grid, block)(x, y, result, n);
    cudaMemcpy(&sum, result, sizeof sum, cudaMemcpyDeviceToHost);
    lifelong::output(&sum, sizeof sum);
    cudaFree(x);
    cudaFree(y);
    cudaFree(result);
    std::free(hosts[0]);
    std::free(hosts[1]);
}
