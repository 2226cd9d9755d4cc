// Programs that would leave the sight of the pretended device, each with what is said of it: words of the compiler's
// error, or the kind of the finding. In each, `act(n)` is called by a main() of the course.

// == fopen: cannot call `fopen`
#include <stdio.h>
void act(int n) { fprintf(fopen("report", "w"), "{}"); }
// == own_prototype: no function `write`
long write(int, const void *, unsigned long);
void act(int n) { write(3, "{}", 2); }
// == linkage: extern
extern "C" long write(int, const void *, unsigned long);
void act(int n) { write(3, "{}", 2); }
// == constructor: __attribute__
__attribute__((constructor)) void early() {}
void act(int n) {}
// == constructor_in_brackets: attributes
[[gnu::constructor]] void early() {}
void act(int n) {}
// == assembler_pasted: assembler
#define PASTE(a, b) a##b
void act(int n) { PASTE(as, m)("nop"); }
// == assembler_spliced: assembler
void act(int n) { as\
m("nop"); }
// == assembler_behind_a_raw_string: literals
const char *text = R"(")"; void act(int n) { asm("nop"); } const char *other = R"(")";
// == assembler_behind_a_separator: literals
void act(int n) { int x = 1'0; asm("nop"); int y = 0'1; }
// == pragma_operator: zero-size
_Pragma("GCC diagnostic ignored \"-Wpedantic\"") struct Room { int n, cells[0]; };
void act(int n) { Room room; for (int i = 0; i < 9; i++) room.cells[i] = 0x401000; }
// == no_size_by_a_template: zero-size
template <int N> struct Room { int n, cells[N]; };
void act(int n) { Room<0> room; for (int i = 0; i < 9; i++) room.cells[i] = 0x401000; }
// == pretends_to_be_a_system_header: the line
# 5 "a.h" 3
void act(int n) {}
// == pointer_to_function: through pointers
void act(int n) { ((void (*)())0x401000)(); }
// == function_in_a_variable: through pointers
template <class F> void call(F f) { f(); }
void other() {}
void act(int n) { call(other); }
// == label_in_a_variable: through pointers
void act(int n) { void *places[] = {&&x, &&y}; goto *places[n & 1]; x: n = 3; y: n = 4; }
// == virtual: cannot call
struct A { virtual void f() {} };
void act(int n) { (new A)->f(); }
// == struct_is_returned_to: into a variable first
struct S { long a[9]; };
S f() { S s; s.a[0] = 1; return s; }
void act(int n) { *(S *)0x404100 = n ? f() : f(); }
// == struct_is_returned_to_before_main: into a variable first
struct S { long a[9]; };
S f() { S s; s.a[0] = 1; return s; }
int done = (*(S *)0x404100 = f(), 1);
void act(int n) {}
// == struct_is_made_in_place_before_main: into a variable first
struct S { long a[9]; };
S f() { S s; s.a[0] = 1; return s; }
int done = (new ((void *)0x404100) S(f()), 1);
void act(int n) {}
// == struct_is_made_in_place: into a variable first
struct S { long a[9]; };
S f() { S s; s.a[0] = 1; return s; }
void act(int n) { new ((void *)0x404100) S(f()); }
// == placement: `new` and `delete` of its own
void *operator new(unsigned long, void *place) { return place; }
void act(int n) {}
// == at_the_end: cannot call `atexit`
#include <stdlib.h>
void last() {}
void act(int n) { atexit(last); }
// == at_the_end_by_a_destructor: cleaned up at its end
#include <vector>
std::vector<int> all(3);
void act(int n) {}
// == devices_check_by_argument_dependent_lookup: wild
struct Mine {};
void atomic(int, Mine **, unsigned long) {}
void act(int n) { atomicExch((Mine **)0x404100, (Mine *)0x1); }
// == devices_touch_by_argument_dependent_lookup: wild
struct Mine {};
void touch(Mine **, unsigned long) {}
void act(int n) { cudaMalloc((Mine **)0x404100, 8); }
// == not_here: `std::string` is nothing that a program has here
#include <string>
void act(int n) { std::string text = "a"; }
// == own_malloc: define `malloc`
#include <stdlib.h>
void *malloc(size_t n) { return 0; }
void act(int n) {}
// == devices_own: begin with `lifelong`
namespace lifelong { void open_device(bool); }
void act(int n) { lifelong::open_device(true); }
// == others_headers: includes only
#define HEADER <unistd.h>
#include HEADER
void act(int n) {}
// == builtin: `__builtin_memcpy`
void act(int n) { __builtin_memcpy((void *)0x404100, "x", 1); }
// == return_address: wild
void act(int n) { long x = 0, *p = &x; for (int i = 0; i < 9; i++) p[i] = 0x401000; }
// == return_address_by_memset: wild
#include <string.h>
void act(int n) { long x = 0; (memset)(&x, 1, 80); }
// == frames_above_main: wild
void act(int n) { long x = 0, *p = &x; p[60] = 1; }
// == counters: wild
int own;
void act(int n) { for (long i = 1; i < 60000; i++) (&own)[i] = 1; }
// == printf_that_writes: wild
#include <stdio.h>
void act(int n) { printf("%2$d%1$n", (int *)0x404100, 7); }
// == printf_that_writes_a_size: wild
#include <stdio.h>
void act(int n) { printf("%*d%Zn", 42, 1, (size_t *)0x404100); }
// == printf_that_ends_a_conversion_early: wild
#include <stdio.h>
void act(int n) { printf("%5 %n", (int *)0x404100); }
// == snprintf: wild
#include <stdio.h>
void act(int n) { snprintf((char *)0x404100, 8, "x"); }
// == stream_of_its_own: wild
#include <stdio.h>
long fake[30];
void act(int n) { stdout = (FILE *)fake; }
// == pointer_that_cudaMalloc_sets: wild
void act(int n) { cudaMalloc((void **)0x404100, 8); }
// == copy_to_anywhere: wild
void act(int n) { cudaMemcpy((void *)0x404100, &n, 4, cudaMemcpyDefault); }
// == event_anywhere: wild
void act(int n) { cudaEventRecord((cudaEvent_t)0x404100); }
// == free_anything: wild
#include <stdlib.h>
void act(int n) { free((void *)0x404100); }
// == kernels_return_address: wild
__global__ void k() { long x, *p = &x; for (int i = 0; i < 30; i++) p[i] = 0x401000; }
void act(int n) { k<<<1, 4>>>(); }
// == what_another_thread_has: wild
__global__ void k(long *where, int *out)
{
    int own = threadIdx.x;
    if (threadIdx.x == 0) where[0] = (long)&own;
    __syncthreads();
    if (threadIdx.x == 1) out[0] = *(int *)where[0];
}
void act(int n) { long *w; int *d; cudaMalloc(&w, 8); cudaMalloc(&d, 4); k<<<1, 2>>>(w, d); }
// == default_argument: wild
__global__ void k(int x = *(int *)0x404100 = 1) {}
void act(int n) { k<<<1, 1>>>(); }
// == struct_in_place_of_a_kernel: wild
struct Poke { int *p, x = *p = 1; };
void act(int n) { Poke<<<1, 1>>>((int *)0x404100); }
// == struct_in_place_of_a_number: for numbers
struct Poke { int *p, x = *p = 1; } poke;
void act(int n) { atomicExch(&poke, (int *)0x404100); }
// == another_threads_stack: wild
__device__ void f(long *p) { for (int i = 0; i < 30; i++) p[i - 3 * 8192] = 0x401000; }
__global__ void k() { long x; f(&x); }
void act(int n) { k<<<1, 64>>>(); }
// == who_touched_it_is_wiped: api-in-kernel
__global__ void k() { __shared__ int sums[4]; sums[0] = 1; cudaMemset(sums, 0, 4); }
void act(int n) { k<<<1, 4>>>(); }
// == over_the_guard: stack
__global__ void k(int *p) { char room[200000]; room[p[0]] = 1; p[0] = room[0]; }
void act(int n) { int *d; cudaMalloc(&d, 4); cudaMemset(d, 0, 4); k<<<1, 4>>>(d); }
// == directive_by_its_second_spelling: a second spelling of #
#define HASH %:
HASH define PASTE(a, b) a%:%:b
void act(int n) { PASTE(as, m)("nop"); }
// == list_of_arguments_anywhere: cannot call `__builtin_va_start`
void f(int n, ...) { va_list own; va_start(own, n); va_copy(*(va_list *)0x404100, own); }
void act(int n) { f(n, 1); }
// == room_on_the_stack: cannot call `alloca`
#include <stdlib.h>
void act(int n) { alloca(n); }
// == copy_that_becomes_code_in_place: cannot call `strcpy`
#include <string.h>
void act(int n) { strcpy((char *)0x404100, "x"); }
// == struct_is_returned_to_by_a_lambda: into a variable first
struct S { long a[9]; };
auto f = [] { S s; s.a[0] = 1; return s; };
void act(int n) { *(S *)0x404100 = f(); }
// == struct_is_returned_to_without_a_name: into a variable first
struct S { long a[9]; };
namespace { S f() { S s; s.a[0] = 1; return s; } }
void act(int n) { *(S *)0x404100 = f(); }
// == frames_to_come: wild
#include <stdio.h>
void act(int n) { char room[8]; snprintf(room - 700, 100, "%99d", n); }
// == large_struct: wild
struct B { char a[100000]; } b;
void act(int n) { *(B *)0x404100 = b; }
// == struct_goes_to_a_function_unseen: into a variable first
struct S { int n; };
__device__ S sum;
__device__ int get(S s) { return s.n; }
__global__ void k(int *p) { p[threadIdx.x] = get(sum); }
void act(int n) {}
// == struct_comes_from_a_function_unseen: into a variable first
struct S { int n; };
__device__ S one() { S s; s.n = 1; return s; }
__global__ void k() { __shared__ S cells[2]; cells[threadIdx.x % 2] = one(); }
void act(int n) { k<<<1, 4>>>(); }
// == struct_in_an_array_goes_unseen: into a variable first
struct S { int n; };
__device__ int get(const char *, S s) { return s.n; }
__global__ void k(S *p, int *sums) { sums[threadIdx.x] = get("a, b)", p[0]); }
void act(int n) {}
// == launch_in_a_launch: within another launch
template <class X> struct B {};
template <class X, int n = 0> struct C {};
struct A { A() {} template <class X> bool operator<<(X) const { return true; } };
int f = 1; struct Q { int x = 1; }; constexpr Q q; constexpr const Q *P = &q; template <int N> void k(int) {}
void act(int n)
{
    A a; B<C<int, 0>> b;
    auto h = f < (0); bool z = a.operator
                                                                                                                   <<<B<C<int, 0>>>(b); bool y = 1 > 0, w = 1 > 0; k<P->x><<<1, 1>>>(zzzzz;
struct Y : decltype(h) { void *p; operator void *() const { return p; } };
Y y{h, (void *)0x404100}; input(y, 4); }
