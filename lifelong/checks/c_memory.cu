int main() {
    int n = number();
    float *x = given<float>(n), *y = given<float>(n), *z = given<float>(n);
    int code = mean(x, y, z, n);
    lifelong::output(&code, sizeof code);
    lifelong::output(z, n * sizeof(float));
    free(x);
    free(y);
    free(z);
}
