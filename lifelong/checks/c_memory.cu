int main() {
    int n = lifelong::number(), before = lifelong::number();
    float *x = lifelong::given<float>(n), *y = lifelong::given<float>(n), *z = lifelong::given<float>(n);
    if (before) {
        float *much = (float *)std::calloc(before, sizeof(float)), *means = (float *)std::malloc(before * sizeof(float));
        (void)mean(much, much, means, before);
        std::free(much);
        std::free(means);
        (void)cudaGetLastError();
    }
    int code = mean(x, y, z, n);
    lifelong::output(&code, sizeof code);
    lifelong::output(z, n * sizeof(float));
    std::free(x);
    std::free(y);
    std::free(z);
}
