// The grid: blocks one after another, the threads of a block in turns, each on a stack of its own from one barrier to
// the next. The order is shuffled, for a GPU promises none.
#include "machine.h"

#include <sys/mman.h>
#include <ucontext.h>
#include <vector>

/// The built-in variables; the program sees them as constants.
namespace lifelong {
uint3 thread_index asm("threadIdx"), block_index asm("blockIdx");
dim3 block_size asm("blockDim"), grid_size asm("gridDim");

constexpr size_t STACK = 64 << 10, GUARD = 4096, MOST_THREADS = 1024, SHARED_MOST = 48 << 10;

enum class State : uint8_t { waiting, ready, at_barrier, in_warp, done };

struct Fibre {
    ucontext_t context;
    uint16_t thread;
    int line; // of the barrier at which it waits
    State state;
    uintptr_t base;
    uint32_t mask, met;      // of its warp: whom it waits for, and who was there
    uint64_t value, seen[32]; // what it hands in, and what it gets, by lane
};

static Fibre fibres[MOST_THREADS];
static uint16_t stack_of[MOST_THREADS]; // by thread
static std::vector<uint16_t> free_stacks;
static uintptr_t stacks = 0;
static ucontext_t scheduler;
static Fibre *current;
static void (*body)(void *);
static void *body_arguments;
static std::vector<uint32_t> blocks; // by phase since the launch
static uint32_t random_state = 1;

static uint32_t random_below(uint32_t n) {
    random_state = random_state * 1664525u + 1013904223u;
    return uint32_t((uint64_t(random_state) * n) >> 32);
}

static void shuffled(std::vector<uint32_t> &order, uint32_t count) {
    order.resize(count);
    for (uint32_t at = 0; at < count; at++) {
        uint32_t other = random_below(at + 1);
        order[at] = order[other];
        order[other] = at;
    }
}

bool is_fibre_stack(uintptr_t address) { return stacks && address - stacks < MOST_THREADS * STACK; }
bool is_own_stack(uintptr_t address) { return (address - stacks) / STACK == stack_of[current->thread]; }
uintptr_t &fibre_base() { return current->base; }
bool is_fibre_guard(uintptr_t address) { return is_fibre_stack(address) && (address - stacks) % STACK < GUARD; }
uint32_t block_of(uint32_t phase) { return blocks[phase - now.launch_start]; }

static void prepare_stacks() {
    void *made = mmap(nullptr, MOST_THREADS * STACK, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (made == MAP_FAILED)
        abort();
    stacks = (uintptr_t)made;
    for (size_t at = MOST_THREADS; at-- > 0;) {
        mprotect((void *)(stacks + at * STACK), GUARD, PROT_NONE);
        free_stacks.push_back(at);
    }
}

static uint3 position(uint32_t number, dim3 size) {
    return {number % size.x, number / size.x % size.y, number / size.x / size.y};
}

static void live() {
    body(body_arguments);
    current->state = State::done;
    swapcontext(&current->context, &scheduler);
}

static void start(Fibre &fibre) {
    uint16_t stack = free_stacks.back();
    free_stacks.pop_back();
    stack_of[fibre.thread] = stack;
    fibre.base = 0;
    getcontext(&fibre.context);
    fibre.context.uc_stack.ss_sp = (void *)(stacks + stack * STACK + GUARD);
    fibre.context.uc_stack.ss_size = STACK - GUARD;
    fibre.context.uc_link = nullptr;
    makecontext(&fibre.context, live, 0);
}

static void resume(Fibre &fibre) {
    if (fibre.state == State::waiting)
        start(fibre);
    fibre.state = State::ready;
    current = &fibre;
    now.thread = fibre.thread;
    thread_index = position(fibre.thread, block_size);
    swapcontext(&scheduler, &fibre.context);
    if (fibre.state == State::done)
        free_stacks.push_back(stack_of[fibre.thread]);
}

static void leave() {
    swapcontext(&current->context, &scheduler);
}

void barrier(int line) {
    if (!now.kernel)
        Report("outside-kernel").number("line", line).number("barrier", 1).fatal();
    current->line = line;
    current->state = State::at_barrier;
    leave();
}

unsigned rank() { return current && now.kernel ? current->thread : 0; }

const uint64_t *exchange(int line, unsigned mask, uint64_t value, unsigned *there) {
    if (!now.kernel)
        Report("outside-kernel").number("line", line).number("barrier", 1).fatal();
    current->line = line;
    current->mask = mask;
    current->value = value;
    current->state = State::in_warp;
    leave();
    if (there)
        *there = current->met;
    return current->seen;
}

/// Let threads of a warp go on that wait for each other, once all whom they wait for are there; whether any could.
static bool release_warps(uint32_t count, uint32_t number) {
    bool released = false;
    const Fibre *alone = nullptr, *other = nullptr;
    for (uint32_t first = 0; first < count; first += 32) {
        uint32_t size = count - first < 32 ? count - first : 32, met = 0;
        for (uint32_t lane = 0; lane < size; lane++) {
            Fibre &fibre = fibres[first + lane];
            uint32_t wanted = fibre.mask & (size == 32 ? ~0u : (1u << size) - 1), there = 0;
            if (fibre.state != State::in_warp)
                continue;
            for (uint32_t at = 0; at < size; at++) {
                Fibre &mate = fibres[first + at];
                bool waits = mate.state == State::in_warp && mate.mask == fibre.mask;
                there |= uint32_t(waits || mate.state == State::done) << at;
                if ((wanted >> at & 1) && !waits && mate.state != State::done)
                    alone = &fibre, other = &mate;
            }
            if (!(wanted >> lane & 1))
                alone = other = &fibre;
            else if ((there & wanted) == wanted)
                met |= 1u << lane;
        }
        for (uint32_t lane = 0; lane < size; lane++)
            if (met >> lane & 1) {
                Fibre &fibre = fibres[first + lane];
                fibre.met = 0;
                for (uint32_t at = 0; at < size; at++)
                    if ((met >> at & 1) && fibres[first + at].mask == fibre.mask)
                        fibre.met |= 1u << at, fibre.seen[at] = fibres[first + at].value;
            }
        for (uint32_t lane = 0; lane < size; lane++)
            if (met >> lane & 1)
                fibres[first + lane].state = State::ready;
        if (met) {
            now.warps[first / 32] = ++now.phase;
            blocks.push_back(number);
            released = true;
        }
    }
    if (released || !alone)
        return released;
    now.thread = alone->thread;
    thread_index = position(alone->thread, block_size);
    Report report("divergent-warp");
    report.number("line", alone->line).thread("other", now.phase, other->thread).fatal();
}

void yield() {
    if (now.kernel)
        leave();
}

// A fence orders what one block does; another knows of it only by an atomic operation on either side.
static std::vector<uint8_t> handed; // by block
void fence() { now.fenced = true; }
void hand_over() {
    if (!now.kernel)
        return;
    now.acquired = true;
    if (now.fenced)
        handed[block_of(now.phase)] = 1;
}
bool handed_over(uint32_t phase) { return now.acquired && handed[block_of(phase)]; }

/// All threads of a block are at barriers or done: they must all be at the same one.
static void check_barrier(uint32_t count) {
    const Fibre *waiting = nullptr, *other = nullptr;
    for (uint32_t at = 0; at < count; at++)
        if (fibres[at].state == State::at_barrier && !waiting)
            waiting = &fibres[at];
    for (uint32_t at = 0; at < count && waiting; at++)
        if (fibres[at].state != State::at_barrier || fibres[at].line != waiting->line)
            other = &fibres[at];
    if (!other)
        return;
    now.thread = waiting->thread;
    thread_index = position(waiting->thread, block_size);
    Report report("divergent-barrier");
    report.number("line", waiting->line).thread("other", now.phase, other->thread);
    report.number("other_line", other->state == State::at_barrier ? other->line : 0).fatal();
}

static void run_block(uint32_t number, size_t shared, std::vector<uint32_t> &order) {
    uint32_t count = block_size.x * block_size.y * block_size.z;
    block_index = position(number, grid_size);
    now.block_start = now.barrier = now.phase;
    now.fenced = now.acquired = false;
    blocks.push_back(number);
    start_block(shared);
    for (uint32_t at = 0; at < count; at++)
        fibres[at].thread = at, fibres[at].state = State::waiting;
    shuffled(order, count);
    for (bool going = true; going;) {
        bool again = true;
        while (again) { // a thread that yields is still ready
            again = false;
            for (uint32_t at : order)
                if (fibres[at].state == State::waiting || fibres[at].state == State::ready) {
                    resume(fibres[at]);
                    again |= fibres[at].state == State::ready;
                }
        }
        if (release_warps(count, number))
            continue;
        check_barrier(count);
        going = false;
        for (uint32_t at = 0; at < count; at++)
            if (fibres[at].state == State::at_barrier)
                fibres[at].state = State::ready, going = true;
        now.barrier = ++now.phase;
        if (going)
            blocks.push_back(number);
    }
}

static cudaError_t refusal(dim3 grid, dim3 block, size_t shared) {
    auto volume = [](dim3 size) { return (unsigned __int128)size.x * size.y * size.z; };
    if (volume(grid) == 0 || volume(block) == 0 || volume(block) > MOST_THREADS || block.z > 64)
        return cudaErrorInvalidConfiguration;
    if (grid.x > 2147483647u || grid.y > 65535 || grid.z > 65535)
        return cudaErrorInvalidConfiguration;
    return shared > SHARED_MOST ? cudaErrorInvalidValue : cudaSuccess;
}

void run(int line, const char *name, dim3 grid, dim3 block, size_t shared, void (*kernel)(void *), void *arguments) {
    if (now.kernel)
        Report("api-in-kernel").number("line", line).fatal();
    // a device without room for a single block: what a program makes of it can be tried
    cudaError_t error = getenv("LIFELONG_NO_LAUNCH") ? cudaErrorInvalidConfiguration : refusal(grid, block, shared);
    Report report("launch");
    report.number("line", line).text("name", name).number("code", error);
    report.number("grid_x", grid.x).number("grid_y", grid.y).number("grid_z", grid.z);
    report.number("block_x", block.x).number("block_y", block.y).number("block_z", block.z).tell();
    if (error)
        return launch_failed(line, error);
    if (!stacks)
        prepare_stacks();
    body = kernel;
    body_arguments = arguments;
    grid_size = grid;
    block_size = block;
    now.kernel = true;
    now.launch_start = now.phase;
    blocks.clear();
    open_device(true);
    static std::vector<uint32_t> order, threads; // kept: the program's own heap would run out
    shuffled(order, grid.x * grid.y * grid.z);
    handed.assign(order.size(), 0);
    for (uint32_t number : order)
        run_block(number, shared, threads);
    open_device(false);
    now.kernel = false;
}

} // namespace lifelong
