int main() {
    int n = number(), *a = given<int>(n), *b = given<int>(n), *c = given<int>(n);
    add_vectors(a, b, c, n);
    lifelong::output(c, n * sizeof(int));
    free(a);
    free(b);
    free(c);
}
