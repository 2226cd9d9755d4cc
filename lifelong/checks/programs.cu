// What the course's main() functions share: they read what is handed in, and hand out what came of it. All that they call
// is of a namespace that a program cannot add to, or its own overloads would be called.
namespace lifelong {
int number() {
    int n;
    input(&n, sizeof n);
    return n;
}
template <class T> T *given(int n) {
    T *made = (T *)std::malloc(n * sizeof(T));
    lifelong::input(made, n * sizeof(T));
    return made;
}
} // namespace lifelong
