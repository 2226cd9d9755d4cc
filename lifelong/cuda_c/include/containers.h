// What programs of exercises use of <vector>: the library's own returns structs into memory, where nobody would see it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <type_traits>

namespace std {
template <class T> class vector {
    T *cells = nullptr;
    size_t count = 0, room = 0;

  public:
    using value_type = T;
    using size_type = size_t;
    using iterator = T *;
    using const_iterator = const T *;

    vector() {}
    explicit vector(size_t size) { resize(size); }
    vector(size_t size, const T &value) { resize(size, value); }
    vector(initializer_list<T> values) { assign(values.begin(), values.end()); }
    template <class Iterator, class = enable_if_t<!is_integral<Iterator>::value>> vector(Iterator first, Iterator last)
    {
        assign(first, last);
    }
    vector(const vector &other) { assign(other.begin(), other.end()); }
    vector &operator=(const vector &other)
    {
        if (this != &other)
            assign(other.begin(), other.end());
        return *this;
    }
    ~vector() { delete[] cells; }

    size_t size() const { return count; }
    size_t capacity() const { return room; }
    bool empty() const { return count == 0; }
    T *data() { return cells; }
    const T *data() const { return cells; }
    T *begin() { return cells; }
    T *end() { return cells + count; }
    const T *begin() const { return cells; }
    const T *end() const { return cells + count; }
    T &operator[](size_t at) { return cells[at]; }
    const T &operator[](size_t at) const { return cells[at]; }
    T &at(size_t at) { return at < count ? cells[at] : (abort(), cells[0]); }
    T &front() { return cells[0]; }
    T &back() { return cells[count - 1]; }
    const T &back() const { return cells[count - 1]; }

    void reserve(size_t wanted)
    {
        if (wanted <= room)
            return;
        T *moved = new T[wanted]();
        for (size_t at = 0; at < count; at++)
            moved[at] = cells[at];
        delete[] cells;
        cells = moved;
        room = wanted;
    }
    void resize(size_t size) { resize(size, T()); }
    void resize(size_t size, const T &value)
    {
        reserve(size);
        for (size_t at = count; at < size; at++)
            cells[at] = value;
        count = size;
    }
    template <class Iterator> void assign(Iterator first, Iterator last)
    {
        count = 0;
        for (; first != last; ++first)
            push_back(*first);
    }
    void push_back(const T &value)
    {
        T kept = value;
        if (count == room)
            reserve(room ? 2 * room : 4);
        cells[count++] = kept;
    }
    template <class... Values> void emplace_back(Values... values) { push_back(T(values...)); }
    void pop_back() { count--; }
    void clear() { count = 0; }
};
} // namespace std
