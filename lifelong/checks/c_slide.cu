int main() {
    int n = lifelong::number(), before = lifelong::number();
    int *a = lifelong::given<int>(n), *b = lifelong::given<int>(n), *c = lifelong::given<int>(n);
    if (before)
        add_vectors(a, b, c, before);
    add_vectors(a, b, c, n);
    lifelong::output(c, n * sizeof(int));
    std::free(a);
    std::free(b);
    std::free(c);
}
