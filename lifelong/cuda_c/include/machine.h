// The pretended device, as memory.cpp, threads.cpp and report.cpp see it.
#pragma once

#include "cuda_on_cpu.h"

namespace lifelong {

enum class Space { device, host, shared, device_variable, constant, host_variable };

/// Who touched a byte last. A phase is the stretch of one block between two barriers, numbered through the program.
struct Cell {
    uint32_t wrote = 0, read = 0, read_before = 0;         // phases
    uint16_t writer = 0, reader = 0, reader_before = 0;    // threads within their block
    bool known = false, atomic = false;                    // has a value; was last written atomically
};

/// A piece of memory that a program may use.
struct Object {
    uintptr_t begin;
    size_t size, span; // span: with the guards around it
    Space space;
    int line;          // of its cudaMalloc
    const void *place; // of its malloc, in the program's code
    const char *name;  // of a variable
    bool live, managed;
    Cell *cells; // one a byte; none for what only the host may touch
};

/// What runs at this moment.
struct Moment {
    bool kernel = false, fenced = false, acquired = false; // the last two of the block: a fence, an atomic operation
    uint16_t thread = 0;                                        // number within its block
    uint32_t phase = 1, launch_start = 1, block_start = 1, barrier = 1; // phases, the last since the last barrier
    uint32_t warps[32] = {};                                    // by warp: the phase in which its threads met last
    long long atomics = 0, written = 0, fetched = 0; // so far: operations, bytes by kernels, bytes that reach the host
    long long writers = 0;                           // so far: threads of all launches that have written
    uint32_t wrote_in[1024] = {};                    // by number within its block: where a thread of it wrote last
};
extern Moment now;

struct Access {
    uintptr_t address;
    size_t bytes;
    bool write, atomic;
    const void *place; // in the program's code
    int line;          // where the place is not known
};

/// One line of the report, with who and where. Ends the program if `fatal`.
struct Report {
    explicit Report(const char *kind);
    Report &text(const char *key, const char *value);
    Report &number(const char *key, long long value);
    Report &access(const Access &access);
    Report &object(const Object &object, uintptr_t address);
    Report &thread(const char *key, uint32_t phase, uint16_t thread);
    void tell();
    [[noreturn]] void fatal();
};

void open_device(bool open);
void launch_failed(int line, cudaError_t error);
void start_block(size_t dynamic_bytes);
uint32_t block_of(uint32_t phase);
void hand_over();                 // after a fence, an atomic operation: other blocks may see what this one has written
bool handed_over(uint32_t phase); // by the block of that phase, and the running one has looked
bool is_fibre_stack(uintptr_t address);
bool is_own_stack(uintptr_t address); // of the thread that runs
uintptr_t &fibre_base();              // where the frames of the program's own functions begin on its stack; 0: not yet
bool is_fibre_guard(uintptr_t address);
void check_ends();

} // namespace lifelong
