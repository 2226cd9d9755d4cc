// What the course's main() functions share: they read what is handed in, and hand out what came of it.
int number() {
    int n;
    lifelong::input(&n, sizeof n);
    return n;
}
template <class T> T *given(int n) {
    T *made = (T *)malloc(n * sizeof(T));
    lifelong::input(made, n * sizeof(T));
    return made;
}
