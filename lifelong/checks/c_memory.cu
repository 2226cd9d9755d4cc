int main() {
    int n = lifelong::number();
    float *x = lifelong::given<float>(n), *y = lifelong::given<float>(n), *z = lifelong::given<float>(n);
    int code = mean(x, y, z, n);
    lifelong::output(&code, sizeof code);
    lifelong::output(z, n * sizeof(float));
    std::free(x);
    std::free(y);
    std::free(z);
}
