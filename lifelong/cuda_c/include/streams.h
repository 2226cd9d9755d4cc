// What programs of exercises use of <iostream>: the library's own streams call through tables that a program could change.
#pragma once

#include <cstdio>

namespace std {
struct ostream {};
struct end_of_line {};
struct flushing {};
inline ostream cout, cerr;
inline constexpr end_of_line endl{};
inline constexpr flushing flush{};
inline ostream &operator<<(ostream &to, const char *text) { return printf("%s", text), to; }
inline ostream &operator<<(ostream &to, char letter) { return printf("%c", letter), to; }
inline ostream &operator<<(ostream &to, bool number) { return printf("%d", number), to; }
inline ostream &operator<<(ostream &to, int number) { return printf("%d", number), to; }
inline ostream &operator<<(ostream &to, unsigned number) { return printf("%u", number), to; }
inline ostream &operator<<(ostream &to, long number) { return printf("%ld", number), to; }
inline ostream &operator<<(ostream &to, unsigned long number) { return printf("%lu", number), to; }
inline ostream &operator<<(ostream &to, double number) { return printf("%g", number), to; }
inline ostream &operator<<(ostream &to, const void *pointer) { return printf("%p", pointer), to; }
inline ostream &operator<<(ostream &to, end_of_line) { return printf("\n"), to; }
inline ostream &operator<<(ostream &to, flushing) { return to; }
} // namespace std
