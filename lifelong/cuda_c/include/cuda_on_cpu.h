// CUDA C on a CPU: what a program may use of CUDA, declared for g++. The Python side puts this header before the
// program and turns `kernel<<<grid, block, shared>>>(arguments)` into a call of lifelong::launch.
#pragma once

#ifdef LIFELONG_CLOSED
// A program that is graded: what writes through a pointer it is given goes to functions of ours, which look first. All
// others that it may call are named in closed.py.
#include <cstdarg>
extern "C" {
void *memcpy(void *, const void *, __SIZE_TYPE__) noexcept asm("lifelong_memcpy");
void *memmove(void *, const void *, __SIZE_TYPE__) noexcept asm("lifelong_memcpy");
void *memset(void *, int, __SIZE_TYPE__) noexcept asm("lifelong_memset");
int printf(const char *, ...) asm("lifelong_printf");
int snprintf(char *, __SIZE_TYPE__, const char *, ...) noexcept asm("lifelong_snprintf");
int puts(const char *) asm("lifelong_puts");
int putchar(int) asm("lifelong_putchar");
}
#endif

#include <cfloat>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <type_traits>

#ifdef LIFELONG_CLOSED
#include <cassert>
#include <ctime>

#include "streams.h"
extern "C" {
int lifelong_fprintf(FILE *, const char *, ...);
int lifelong_fflush(FILE *);
time_t lifelong_time(time_t *);
}
namespace lifelong {
extern const bool closed;
const bool closed = true;
} // namespace lifelong
#define fprintf lifelong_fprintf
#define fflush lifelong_fflush
#define time lifelong_time
#endif

#define LIFELONG_OWN __attribute__((no_sanitize("thread")))
// Where a kernel's arguments meet its parameters, what stands in the program is evaluated, too: default arguments.
#ifdef LIFELONG_CLOSED
#define LIFELONG_CALL
#else
#define LIFELONG_CALL LIFELONG_OWN
#endif

#define __global__ __attribute__((noinline))
#define __device__
#define __host__
#define __forceinline__ inline
#define __inline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
// Aligned beyond the 48 KiB that they may have, variables of the device have room between them: what runs over the end
// of one does not come to the next.
#define LIFELONG_VARIABLE(space) __attribute__((section("lifelong_" space), aligned(65536)))
#define __shared__ static LIFELONG_VARIABLE("shared")
#define __constant__ LIFELONG_VARIABLE("constant")
#define LIFELONG_DEVICE_VARIABLE LIFELONG_VARIABLE("device")

struct uint3 {
    unsigned x, y, z;
};

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
    constexpr dim3(uint3 size) : x(size.x), y(size.y), z(size.z) {}
};

#define LIFELONG_VECTORS(kind, number)                                                                                 \
    struct alignas(2 * sizeof(number)) kind##2 { number x, y; };                                                       \
    struct kind##3 { number x, y, z; };                                                                                \
    struct alignas(sizeof(number) < 8 ? 4 * sizeof(number) : 16) kind##4 { number x, y, z, w; };
struct alignas(8) uint2 { unsigned x, y; };
struct alignas(16) uint4 { unsigned x, y, z, w; };
LIFELONG_VECTORS(int, int)
LIFELONG_VECTORS(uchar, unsigned char)
LIFELONG_VECTORS(float, float)
LIFELONG_VECTORS(double, double)
// No functions: what they returned would be stored where nobody looks (closed.py).
#define LIFELONG_MADE2(kind, number, x, y) (kind##2{number(x), number(y)})
#define LIFELONG_MADE3(kind, number, x, y, z) (kind##3{number(x), number(y), number(z)})
#define LIFELONG_MADE4(kind, number, x, y, z, w) (kind##4{number(x), number(y), number(z), number(w)})
#define make_int2(...) LIFELONG_MADE2(int, int, __VA_ARGS__)
#define make_int3(...) LIFELONG_MADE3(int, int, __VA_ARGS__)
#define make_int4(...) LIFELONG_MADE4(int, int, __VA_ARGS__)
#define make_uint2(...) LIFELONG_MADE2(uint, unsigned, __VA_ARGS__)
#define make_uint3(...) LIFELONG_MADE3(uint, unsigned, __VA_ARGS__)
#define make_uint4(...) LIFELONG_MADE4(uint, unsigned, __VA_ARGS__)
#define make_uchar4(...) LIFELONG_MADE4(uchar, (unsigned char), __VA_ARGS__)
#define make_float2(...) LIFELONG_MADE2(float, float, __VA_ARGS__)
#define make_float3(...) LIFELONG_MADE3(float, float, __VA_ARGS__)
#define make_float4(...) LIFELONG_MADE4(float, float, __VA_ARGS__)
#define make_double2(...) LIFELONG_MADE2(double, double, __VA_ARGS__)
#define make_double3(...) LIFELONG_MADE3(double, double, __VA_ARGS__)
#define make_double4(...) LIFELONG_MADE4(double, double, __VA_ARGS__)

extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;
constexpr int warpSize = 32;

enum cudaError_t {
#define LIFELONG_ERROR(name, number, text) name = number,
#include "errors.h"
#undef LIFELONG_ERROR
};
using cudaError = cudaError_t;

enum cudaMemcpyKind {
    cudaMemcpyHostToHost = 0,
    cudaMemcpyHostToDevice = 1,
    cudaMemcpyDeviceToHost = 2,
    cudaMemcpyDeviceToDevice = 3,
    cudaMemcpyDefault = 4,
};

using cudaStream_t = struct CUstream_st *;
using cudaEvent_t = struct CUevent_st *;

struct cudaDeviceProp {
    char name[256];
    size_t totalGlobalMem, sharedMemPerBlock;
    int warpSize, maxThreadsPerBlock, maxThreadsDim[3], maxGridSize[3], major, minor, multiProcessorCount;
};

namespace lifelong {

cudaError_t allocate(int line, void **pointer, size_t bytes, bool managed);
cudaError_t release(int line, void *pointer);
cudaError_t reset(int line);
cudaError_t copy(int line, void *to, const void *from, size_t bytes, cudaMemcpyKind kind);
cudaError_t fill(int line, void *pointer, int value, size_t bytes);
cudaError_t allocate_host(int line, void **pointer, size_t bytes);
cudaError_t release_host(int line, void *pointer);
cudaError_t must_succeed(cudaError_t error, const char *call, int line);
unsigned rank(); // of the thread in its block
/// Waits for the threads of the warp that the mask names; what each has handed in, by lane, and who they were.
const uint64_t *exchange(int line, unsigned mask, uint64_t value, unsigned *there = nullptr);
cudaError_t last_error(bool reset);
void touch(const void *pointer, size_t bytes); // before something of ours writes where the program says
void barrier(int line);
void fence();
void yield();
void atomic(int line, const void *pointer, size_t bytes);
void *dynamic_shared();
void run(int line, const char *name, dim3 grid, dim3 block, size_t shared, void (*kernel)(void *), void *arguments);

/// Arguments are taken by value at the launch, as CUDA does; then every thread of the grid calls the kernel.
template <class Kernel> struct Launch {
    int line;
    const char *name;
    Kernel kernel;
    dim3 grid, block;
    size_t shared;

    template <class... Arguments> LIFELONG_OWN void operator()(Arguments... arguments) {
        auto body = [=, this]() LIFELONG_OWN { kernel(arguments...); };
        lifelong::run(line, name, grid, block, shared, &call<decltype(body)>, &body);
    }

    template <class Body> LIFELONG_OWN static void call(void *body) { (*static_cast<Body *>(body))(); }
};

template <class Kernel>
LIFELONG_OWN Launch<Kernel> launch(int line, const char *name, Kernel kernel, dim3 grid, dim3 block,
                                   size_t shared = 0, cudaStream_t = nullptr) {
    return {line, name, kernel, grid, block, shared};
}

/// An atomic operation: look at the cell, replace it by update(old), return old.
template <class T, class Update> LIFELONG_OWN T atomically(int line, T *cell, Update update) {
    static_assert(std::is_scalar_v<T>, "atomic operations are for numbers");
    lifelong::atomic(line, cell, sizeof(T));
    T old = *cell;
    *cell = update(old);
    return old;
}

template <class T> LIFELONG_OWN cudaError_t allocate_typed(int line, T **pointer, size_t bytes, bool managed = false) {
    void *made = *pointer;
    cudaError_t error = lifelong::allocate(line, &made, bytes, managed);
    lifelong::touch(pointer, sizeof *pointer);
    *pointer = static_cast<T *>(made);
    return error;
}

template <class T> LIFELONG_OWN cudaError_t allocate_pinned(int line, T **pointer, size_t bytes) {
    void *made = nullptr;
    cudaError_t error = allocate_host(line, &made, bytes);
    lifelong::touch(pointer, sizeof *pointer);
    *pointer = static_cast<T *>(made);
    return error;
}

/// Rows that begin at addresses which a device likes.
template <class T> LIFELONG_OWN cudaError_t allocate_pitched(int line, T **pointer, size_t *pitch, size_t width, size_t rows) {
    lifelong::touch(pitch, sizeof *pitch);
    *pitch = (width + 511) / 512 * 512;
    return lifelong::allocate_typed(line, pointer, *pitch * rows);
}

LIFELONG_OWN inline cudaError_t copy_rows(int line, void *to, size_t to_pitch, const void *from, size_t from_pitch,
                                          size_t width, size_t rows, cudaMemcpyKind kind) {
    cudaError_t error = cudaSuccess;
    for (size_t row = 0; row < rows && !error; row++)
        error = copy(line, (char *)to + row * to_pitch, (const char *)from + row * from_pitch, width, kind);
    return error;
}

LIFELONG_OWN inline cudaError_t fill_rows(int line, void *to, size_t pitch, int value, size_t width, size_t rows) {
    cudaError_t error = cudaSuccess;
    for (size_t row = 0; row < rows && !error; row++)
        error = fill(line, (char *)to + row * pitch, value, width);
    return error;
}

constexpr unsigned all_of_warp(unsigned mask = 0xffffffff) { return mask; }

/// What the thread of that lane has handed in; its own value where there is none.
template <class T> LIFELONG_OWN T from_lane(int line, unsigned mask, T value, bool there, unsigned lane) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8, "threads exchange numbers of up to 8 bytes");
    union { uint64_t bits; T number; } cell{};
    cell.number = value;
    cell.bits = lifelong::exchange(line, mask, cell.bits)[there ? lane % 32 : rank() % 32];
    return cell.number;
}
template <class T> LIFELONG_OWN T shuffle(int line, unsigned mask, T value, int from, int width = 32) {
    return lifelong::from_lane(line, mask, value, true, rank() % 32 / width * width + unsigned(from) % width);
}
template <class T> LIFELONG_OWN T shuffle_down(int line, unsigned mask, T value, unsigned by, int width = 32) {
    return lifelong::from_lane(line, mask, value, rank() % width + by < (unsigned)width, rank() + by);
}
template <class T> LIFELONG_OWN T shuffle_up(int line, unsigned mask, T value, unsigned by, int width = 32) {
    return lifelong::from_lane(line, mask, value, rank() % width >= by, rank() - by);
}
template <class T> LIFELONG_OWN T shuffle_xor(int line, unsigned mask, T value, int with, int width = 32) {
    return lifelong::from_lane(line, mask, value, with < width, rank() ^ with);
}
LIFELONG_OWN inline unsigned ballot(int line, unsigned mask, int holds) {
    unsigned found = 0, there;
    const uint64_t *seen = lifelong::exchange(line, mask, holds != 0, &there);
    for (int lane = 0; lane < 32; lane++)
        found |= (there >> lane & unsigned(seen[lane])) << lane;
    return found;
}

// What the course's own main() uses to pass raw arrays in and out.
size_t input(void *to, size_t bytes);
void output(const void *from, size_t bytes);

} // namespace lifelong

#define cudaMalloc(pointer, bytes) lifelong::allocate_typed(__LINE__, pointer, bytes)
#define cudaMallocManaged(pointer, bytes, ...) lifelong::allocate_typed(__LINE__, pointer, bytes, true)
#define cudaMallocPitch(...) lifelong::allocate_pitched(__LINE__, __VA_ARGS__)
#define cudaMallocHost(pointer, bytes, ...) lifelong::allocate_pinned(__LINE__, pointer, bytes)
#define cudaHostAlloc(pointer, bytes, flags) lifelong::allocate_pinned(__LINE__, pointer, bytes)
#define cudaFreeHost(pointer) lifelong::release_host(__LINE__, pointer)
#define cudaFree(pointer) lifelong::release(__LINE__, pointer)
#define cudaDeviceReset() lifelong::reset(__LINE__)
#define cudaMemcpy(to, from, bytes, kind) lifelong::copy(__LINE__, to, from, bytes, kind)
#define cudaMemcpyAsync(to, from, bytes, kind, ...) lifelong::copy(__LINE__, to, from, bytes, kind)
#define cudaMemcpy2D(...) lifelong::copy_rows(__LINE__, __VA_ARGS__)
#define cudaMemset(pointer, value, bytes) lifelong::fill(__LINE__, pointer, value, bytes)
#define cudaMemsetAsync(pointer, value, bytes, ...) lifelong::fill(__LINE__, pointer, value, bytes)
#define cudaMemset2D(...) lifelong::fill_rows(__LINE__, __VA_ARGS__)
#define cudaMemcpyToSymbol(symbol, from, bytes, ...) lifelong::copy(__LINE__, (void *)&symbol, from, bytes, cudaMemcpyHostToDevice)
#define cudaMemcpyFromSymbol(to, symbol, bytes, ...) lifelong::copy(__LINE__, to, (const void *)&symbol, bytes, cudaMemcpyDeviceToHost)
#define cudaGetLastError() lifelong::last_error(true)
#define cudaPeekAtLastError() lifelong::last_error(false)
#define __syncthreads() lifelong::barrier(__LINE__)
#define __threadfence() lifelong::fence()
#define __threadfence_block() lifelong::fence()
#define __threadfence_system() lifelong::fence()
#define __syncwarp(...) ((void)lifelong::exchange(__LINE__, lifelong::all_of_warp(__VA_ARGS__), 0))
#define __shfl_sync(...) lifelong::shuffle(__LINE__, __VA_ARGS__)
#define __shfl_up_sync(...) lifelong::shuffle_up(__LINE__, __VA_ARGS__)
#define __shfl_down_sync(...) lifelong::shuffle_down(__LINE__, __VA_ARGS__)
#define __shfl_xor_sync(...) lifelong::shuffle_xor(__LINE__, __VA_ARGS__)
#define __ballot_sync(mask, holds) lifelong::ballot(__LINE__, mask, bool(holds))
#define __any_sync(mask, holds) (lifelong::ballot(__LINE__, mask, bool(holds)) != 0)
#define __all_sync(mask, holds) (lifelong::ballot(__LINE__, mask, !(holds)) == 0)
#define __ldg(pointer) (*(pointer))
#define __expf expf
#define __logf logf
#define __sinf sinf
#define __cosf cosf
#define __powf powf
#define __fdividef(x, y) ((float)(x) / (float)(y))
#define __fadd_rn(x, y) ((float)(x) + (float)(y))
#define __fsub_rn(x, y) ((float)(x) - (float)(y))
#define __fmul_rn(x, y) ((float)(x) * (float)(y))
#define __fdiv_rn(x, y) ((float)(x) / (float)(y))
#define __fmaf_rn fmaf
#define __popc(x) __builtin_popcount(x)
#define __clz(x) lifelong::leading_zeros(x)
#define __ffs(x) __builtin_ffs(x)

inline cudaError_t cudaDeviceSynchronize() { return cudaSuccess; }
inline cudaError_t cudaSetDevice(int) { return cudaSuccess; }
LIFELONG_OWN inline cudaError_t cudaGetDeviceCount(int *count) { return lifelong::touch(count, sizeof *count), *count = 1, cudaSuccess; }
LIFELONG_OWN inline cudaError_t cudaGetDevice(int *device) { return lifelong::touch(device, sizeof *device), *device = 0, cudaSuccess; }
cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int device);
const char *cudaGetErrorString(cudaError_t error);
const char *cudaGetErrorName(cudaError_t error);
cudaError_t cudaEventCreate(cudaEvent_t *event);
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream = nullptr);
cudaError_t cudaEventSynchronize(cudaEvent_t event);
cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t start, cudaEvent_t end);
cudaError_t cudaEventDestroy(cudaEvent_t event);
cudaError_t cudaStreamCreate(cudaStream_t *stream);
cudaError_t cudaStreamDestroy(cudaStream_t stream);
// What is asked of a stream is done at once.
enum { cudaEventDefault, cudaEventBlockingSync, cudaEventDisableTiming, cudaStreamDefault = 0, cudaStreamNonBlocking };
enum { cudaHostAllocDefault, cudaHostAllocPortable, cudaHostAllocWriteCombined = 4 };
enum { cudaMemAttachGlobal = 1, cudaMemAttachHost, cudaCpuDeviceId = -1 };
inline cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned) { return cudaStreamCreate(stream); }
inline cudaError_t cudaStreamSynchronize(cudaStream_t) { return cudaSuccess; }
inline cudaError_t cudaStreamQuery(cudaStream_t) { return cudaSuccess; }
inline cudaError_t cudaStreamWaitEvent(cudaStream_t, cudaEvent_t, unsigned = 0) { return cudaSuccess; }
inline cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned) { return cudaEventCreate(event); }
inline cudaError_t cudaEventQuery(cudaEvent_t) { return cudaSuccess; }
inline cudaError_t cudaMemPrefetchAsync(const void *, size_t, int, cudaStream_t = nullptr) { return cudaSuccess; }

#define LIFELONG_ATOMIC(name, expression)                                                                              \
    template <class T, class V> LIFELONG_OWN T name(int line, T *cell, V value_) {                                     \
        T value = static_cast<T>(value_);                                                                              \
        return lifelong::atomically(line, cell, [=](T old) LIFELONG_OWN { return static_cast<T>(expression); });       \
    }
namespace lifelong {
LIFELONG_ATOMIC(atomic_add, old + value)
LIFELONG_ATOMIC(atomic_sub, old - value)
LIFELONG_ATOMIC(atomic_max, old < value ? value : old)
LIFELONG_ATOMIC(atomic_min, value < old ? value : old)
LIFELONG_ATOMIC(atomic_and, old &value)
LIFELONG_ATOMIC(atomic_or, old | value)
LIFELONG_ATOMIC(atomic_xor, old ^ value)
LIFELONG_ATOMIC(atomic_inc, old >= value ? 0 : old + 1)
LIFELONG_ATOMIC(atomic_dec, old == 0 || old > value ? value : old - 1)

template <class T, class V> LIFELONG_OWN T atomic_exchange(int line, T *cell, V value) {
    yield(); // so that a thread that waits for a lock lets the one that holds it go on
    return lifelong::atomically(line, cell, [=](T) LIFELONG_OWN { return static_cast<T>(value); });
}

template <class T, class C, class V> LIFELONG_OWN T atomic_compare(int line, T *cell, C compare, V value) {
    yield();
    return lifelong::atomically(line, cell,
                                [=](T old) LIFELONG_OWN { return old == static_cast<T>(compare) ? static_cast<T>(value) : old; });
}
} // namespace lifelong
#define atomicAdd(...) lifelong::atomic_add(__LINE__, __VA_ARGS__)
#define atomicSub(...) lifelong::atomic_sub(__LINE__, __VA_ARGS__)
#define atomicMax(...) lifelong::atomic_max(__LINE__, __VA_ARGS__)
#define atomicMin(...) lifelong::atomic_min(__LINE__, __VA_ARGS__)
#define atomicAnd(...) lifelong::atomic_and(__LINE__, __VA_ARGS__)
#define atomicOr(...) lifelong::atomic_or(__LINE__, __VA_ARGS__)
#define atomicXor(...) lifelong::atomic_xor(__LINE__, __VA_ARGS__)
#define atomicInc(...) lifelong::atomic_inc(__LINE__, __VA_ARGS__)
#define atomicDec(...) lifelong::atomic_dec(__LINE__, __VA_ARGS__)
#define atomicExch(...) lifelong::atomic_exchange(__LINE__, __VA_ARGS__)
#define atomicCAS(...) lifelong::atomic_compare(__LINE__, __VA_ARGS__)

inline int min(int a, int b) { return b < a ? b : a; }
inline unsigned min(unsigned a, unsigned b) { return b < a ? b : a; }
inline float min(float a, float b) { return fminf(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline int max(int a, int b) { return a < b ? b : a; }
inline unsigned max(unsigned a, unsigned b) { return a < b ? b : a; }
inline float max(float a, float b) { return fmaxf(a, b); }
inline double max(double a, double b) { return fmax(a, b); }
inline float rsqrtf(float x) { return 1 / sqrtf(x); }
namespace lifelong {
inline int leading_zeros(int x) { return x ? __builtin_clz(x) : 32; }
} // namespace lifelong

#include "cooperative_groups.h"
