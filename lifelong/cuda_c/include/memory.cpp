// Two memories in one address space, kept apart: every load and store of the program is looked at (the compiler
// calls __tsan_read4 and its like before each), and every byte of the device knows who touched it last.
#include "machine.h"

#include <algorithm>
#include <cerrno>
#include <new>
#include <sys/mman.h>

extern "C" {
void *__real_malloc(size_t bytes);
void *__real_realloc(void *pointer, size_t bytes);
void __real_free(void *pointer);
extern char __executable_start, _end;
extern void *__libc_stack_end;
}

namespace lifelong {

Moment now;

constexpr size_t PAGE = 4096, ARENA = size_t(512) << 20, STACK = size_t(8) << 20;
constexpr size_t SHARED_MOST = 48 << 10, GAP = 16 << 10, MOST_VARIABLES = 1000, MOST = ARENA / (3 * PAGE);

static Cell *make_cells(size_t bytes) {
    size_t size = std::max<size_t>(bytes, 1) * sizeof(Cell);
    void *made = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return made == MAP_FAILED ? nullptr : static_cast<Cell *>(made);
}

/// Memory that is handed out piece by piece, and twice only when there is no more, with guards between the pieces.
class Arena {
  public:
    constexpr explicit Arena(size_t guard) : guard(guard) {}
    void reserve(int protection) {
        void *made = mmap(nullptr, ARENA, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        begin = next = made == MAP_FAILED ? 0 : reinterpret_cast<uintptr_t>(made);
        owners = new uint32_t[ARENA / PAGE]();
        // not a vector: that would ask this very arena for memory
        objects = static_cast<Object *>(mmap(nullptr, MOST * sizeof(Object), PROT_READ | PROT_WRITE,
                                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    }
    bool holds(uintptr_t address) const { return begin && address - begin < ARENA; }

    Object *make(size_t bytes, Space space, int line) {
        size_t span = guard + (bytes + PAGE - 1) / PAGE * PAGE + guard;
        if (!begin || bytes > ARENA)
            return nullptr;
        if (next + span > begin + ARENA || count == MOST)
            return again(bytes, span, line);
        Object &object = objects[count++] = {next + guard, bytes, span, space, line, nullptr, "", true, false, nullptr};
        std::fill_n(owners + (next - begin) / PAGE, span / PAGE, uint32_t(count));
        next += span;
        return &object;
    }
    /// The piece in whose stretch, guards included, an address lies.
    Object *around(uintptr_t address) {
        uint32_t owner = owners[(address - begin) / PAGE];
        return owner ? &objects[owner - 1] : nullptr;
    }
    Object *objects = nullptr;
    size_t count = 0;
    uintptr_t begin = 0;

  private:
    /// Only where there is no room left, a piece that was given back.
    Object *again(size_t bytes, size_t span, int line) {
        for (size_t at = 0; at < count; at++)
            if (Object &object = objects[at]; !object.live && object.span >= span) {
                object.size = bytes, object.line = line, object.place = nullptr, object.live = true;
                if (object.space == Space::host)
                    memset((void *)object.begin, 0, bytes);
                return &object;
            }
        return nullptr;
    }
    size_t guard;
    uintptr_t next = 0;
    uint32_t *owners = nullptr;
};

static constinit Arena device(16 * PAGE), host(PAGE);
static Object variables[MOST_VARIABLES];
static size_t variable_count = 0;
extern const bool closed __attribute__((weak)); // whether the program is graded
static size_t device_bytes = 0, device_most = size_t(64) << 20, copies_left = SIZE_MAX;
static cudaError_t failure = cudaSuccess;
static int failure_line = 0;
static bool failure_of_launch = false;
static char dynamic_buffer[SHARED_MOST] __attribute__((aligned(256)));
static Object dynamic_object{0, 0, 0, Space::shared, 0, nullptr, "", true, false, nullptr};
static bool ready = false;

/// The program's own variables, as the linker has placed them: a line each of space, begin, size and name.
static void read_variables() {
    const char *path = getenv("LIFELONG_VARIABLES");
    FILE *file = path ? fopen(path, "r") : nullptr;
    unsigned space;
    size_t begin, size;
    for (char name[100]; file && fscanf(file, "%u %zu %zu %99s", &space, &begin, &size, name) == 4;) {
        Object object{begin, size, size, Space(space), 0, nullptr, strdup(name), true, false, nullptr};
        if (object.space != Space::host_variable) {
            object.span = size + GAP;
            object.cells = make_cells(size);
            for (size_t byte = 0; byte < size && object.space != Space::shared; byte++)
                object.cells[byte].known = true; // what has no initial value is zero
        }
        if (variable_count < MOST_VARIABLES)
            variables[variable_count++] = object;
    }
    if (file)
        fclose(file);
    std::sort(variables, variables + variable_count, [](const Object &a, const Object &b) { return a.begin < b.begin; });
}

__attribute__((constructor(101))) static void prepare() {
    if (const char *text = getenv("LIFELONG_COPIES"))
        copies_left = strtoull(text, nullptr, 10);
    if (const char *text = getenv("LIFELONG_DEVICE_BYTES"))
        device_most = strtoull(text, nullptr, 10);
    device.reserve(PROT_NONE);
    host.reserve(PROT_READ | PROT_WRITE);
    dynamic_object.begin = reinterpret_cast<uintptr_t>(dynamic_buffer);
    dynamic_object.cells = make_cells(SHARED_MOST);
    read_variables();
    ready = device.begin && host.begin;
    if (!ready && &closed)
        abort();
}

void open_device(bool open) {
    mprotect((void *)device.begin, ARENA, open ? PROT_READ | PROT_WRITE : PROT_NONE);
    for (size_t at = 0; at < device.count && !open; at++)
        if (device.objects[at].managed)
            mprotect((void *)device.objects[at].begin, device.objects[at].size, PROT_READ | PROT_WRITE);
}

void *dynamic_shared() { return dynamic_buffer; }

void start_block(size_t dynamic_bytes) {
    dynamic_object.size = dynamic_bytes;
    memset(dynamic_buffer, 0xff, dynamic_bytes);
    for (size_t at = 0; at < variable_count; at++)
        if (variables[at].space == Space::shared)
            memset((void *)variables[at].begin, 0xff, variables[at].size);
}

static Object *variable_at(uintptr_t address) {
    // from a little before its beginning on: the gap belongs to the variable that comes after it, too
    Object *end = variables + variable_count;
    Object *after = std::upper_bound(variables, end, address,
                                     [](uintptr_t a, const Object &variable) { return a < variable.begin; });
    if (after != variables && address - (after - 1)->begin < (after - 1)->span)
        return after - 1;
    return after != end && after->cells && after->begin - address <= GAP ? after : nullptr;
}

static bool is_built_in(uintptr_t address);

/// The piece that an address belongs to, or that it has just missed; nullptr where nothing is known.
static Object *find(uintptr_t address) {
    if (device.holds(address))
        return device.around(address);
    if (host.holds(address))
        return host.around(address);
    if (address - dynamic_object.begin < SHARED_MOST)
        return &dynamic_object;
    if (address < (uintptr_t)&__executable_start || address >= (uintptr_t)&_end || is_built_in(address))
        return nullptr; // threadIdx and its like may be near a variable
    return variable_at(address);
}

static bool on_host_stack(uintptr_t address) {
    uintptr_t end = (uintptr_t)__libc_stack_end;
    return address > end - STACK && address < end + STACK / 8;
}

static bool conflict(uint32_t phase, uint16_t thread) {
    if (phase < now.launch_start)
        return false;
    if (phase < now.block_start)
        return !handed_over(phase);
    bool met = thread / 32 == now.thread / 32 && phase < now.warps[thread / 32];
    return phase >= now.barrier && thread != now.thread && !met;
}

[[noreturn]] static void race(const Access &access, const Object &object, size_t byte, uint32_t phase, uint16_t thread,
                              bool written) {
    Report report("race");
    report.access(access).object(object, access.address + byte).thread("other", phase, thread);
    report.number("other_writes", written);
    report.fatal();
}

/// Note who touches these bytes of the device, and stop where somebody else did so at the same time.
static void note(const Access &access, Object &object) {
    Cell *cells = object.cells + (access.address - object.begin);
    bool shared = object.space == Space::shared;
    if (access.write && !shared) {
        now.written += access.bytes;
        now.writers += now.wrote_in[now.thread] != now.block_start;
        now.wrote_in[now.thread] = now.block_start;
    }
    for (size_t byte = 0; byte < access.bytes; byte++) {
        Cell &cell = cells[byte];
        if (shared && cell.wrote < now.block_start)
            cell = {};
        if (!cell.known && (!access.write || access.atomic))
            Report("unwritten").access(access).object(object, access.address + byte).fatal();
        bool both_atomic = access.atomic && cell.atomic;
        if (cell.wrote && !both_atomic && conflict(cell.wrote, cell.writer))
            race(access, object, byte, cell.wrote, cell.writer, true);
        if (access.write) {
            if (cell.read && conflict(cell.read, cell.reader))
                race(access, object, byte, cell.read, cell.reader, false);
            if (cell.read_before && conflict(cell.read_before, cell.reader_before))
                race(access, object, byte, cell.read_before, cell.reader_before, false);
            cell.wrote = now.phase;
            cell.writer = now.thread;
            cell.known = true;
            cell.atomic = access.atomic;
        } else {
            if (cell.reader != now.thread || cell.read < now.block_start) {
                cell.read_before = cell.read;
                cell.reader_before = cell.reader;
            }
            cell.read = now.phase;
            cell.reader = now.thread;
        }
    }
}

static bool inside(const Object &object, uintptr_t address, size_t bytes) {
    return address >= object.begin && address - object.begin <= object.size &&
           bytes <= object.size - (address - object.begin);
}

static void check_bounds(const Access &access, const Object &object) {
    if (!object.live)
        Report("freed").access(access).object(object, access.address).fatal();
    if (!inside(object, access.address, access.bytes))
        Report("bounds").access(access).object(object, access.address).fatal();
}

// A program that is graded is closed (closed.py): it can write where we see it, and nowhere else. So return addresses,
// saved frame pointers and whatever is ours stay as they are, and control stays where the compiler has put it.
static uintptr_t host_base = 0;

/// Whether a write to the running stack spares the frames of ours above, where each function goes back to, and what
/// lies below: there a function that it calls next has its frame, such as that which writes for it.
__attribute__((noinline)) static bool spares_frames(uintptr_t address, size_t bytes) {
    struct Frame {
        Frame *caller;
        void *back;
    };
    uintptr_t base = now.kernel ? fibre_base() : host_base;
    if (!&closed || !base)
        return true;
    auto *frame = static_cast<Frame *>(__builtin_frame_address(0));
    if (address < (uintptr_t)frame || bytes > base || address > base - bytes)
        return false;
    while (frame && (uintptr_t)frame < base) {
        if (address < (uintptr_t)(frame + 1) && (uintptr_t)frame < address + bytes)
            return false;
        frame = frame->caller > frame ? frame->caller : nullptr;
    }
    return true;
}

static void check_in_kernel(const Access &access) {
    uintptr_t address = access.address;
    if (is_fibre_stack(address)) {
        if (!is_own_stack(address) || (access.write && !spares_frames(address, access.bytes)))
            Report("wild").access(access).fatal();
        return;
    }
    Object *object = find(address);
    if (on_host_stack(address) || (object && object->space == Space::host))
        Report("host-pointer").access(access).fatal();
    if (!object) {
        if (address >= (uintptr_t)&__executable_start && address < (uintptr_t)&_end && !access.write)
            return; // the compiler's own tables, threadIdx and its like
        Report(address < 16 * PAGE ? "null" : "wild").access(access).fatal();
    }
    if (object->space == Space::host_variable) {
        Report("host-variable").access(access).object(*object, address).fatal();
    }
    check_bounds(access, *object);
    if (object->space == Space::constant) {
        if (access.write)
            Report("constant").access(access).object(*object, address).fatal();
        return;
    }
    note(access, *object);
}

/// The host writes to memory that we know nothing of: its own stack, or none of its business.
static void check_unknown(const Access &access) {
    if (access.write && &closed && !(on_host_stack(access.address) && spares_frames(access.address, access.bytes)))
        Report("wild").access(access).fatal();
}

static void check_on_host(const Access &access) {
    uintptr_t address = access.address;
    if (is_built_in(address))
        Report("outside-kernel").access(access).fatal();
    if (address < 16 * PAGE)
        Report("null").access(access).fatal();
    Object *object = find(address);
    if (!object)
        return check_unknown(access);
    if (object->space == Space::host || object->space == Space::host_variable || object->managed) {
        check_bounds(access, *object);
        for (size_t byte = 0; access.write && object->managed && byte < access.bytes; byte++)
            object->cells[address - object->begin + byte].known = true;
        return;
    }
    if (object->space == Space::device)
        Report("device-pointer").access(access).fatal();
    Report("device-variable").access(access).object(*object, address).fatal();
}

static void check(const Access &access) {
    if (!ready)
        return;
    now.kernel ? check_in_kernel(access) : check_on_host(access);
}

void touch(const void *pointer, size_t bytes) {
    if (pointer)
        check({(uintptr_t)pointer, bytes, true, false, nullptr, 0});
}

void atomic(int line, const void *pointer, size_t bytes) {
    now.atomics++;
    check({(uintptr_t)pointer, bytes, true, true, nullptr, line});
    hand_over();
}

// ------------------------------------------------------------------------------------------------ the API

static cudaError_t failed(int line, cudaError_t error) {
    failure = error;
    failure_line = line;
    failure_of_launch = false;
    return error;
}

void launch_failed(int line, cudaError_t error) {
    failed(line, error);
    failure_of_launch = true;
}

cudaError_t last_error(bool reset) {
    cudaError_t error = failure;
    failure_of_launch = false;
    if (reset)
        failure = cudaSuccess;
    return error;
}

cudaError_t allocate(int line, void **pointer, size_t bytes, bool managed) {
    if (now.kernel)
        Report("api-in-kernel").number("line", line).fatal();
    *pointer = nullptr;
    if (bytes == 0)
        return cudaSuccess;
    Object *object = bytes <= device_most - device_bytes ? device.make(bytes, Space::device, line) : nullptr;
    if (object)
        object->cells = make_cells(bytes);
    if (!object || !object->cells)
        return failed(line, cudaErrorMemoryAllocation);
    object->managed = managed;
    if (managed)
        now.fetched += bytes; // the host reads it where it is
    device_bytes += bytes;
    void *made = (void *)object->begin;
    mprotect(made, bytes, PROT_READ | PROT_WRITE);
    memset(made, 0xff, bytes); // NaN and -1: nobody takes them for a result
    if (!managed)
        mprotect(made, bytes, PROT_NONE);
    return *pointer = made, cudaSuccess;
}

static void give_back(Object &object) {
    object.live = false;
    device_bytes -= object.size;
    munmap(object.cells, object.size * sizeof(Cell));
    object.cells = nullptr;
}

cudaError_t release(int line, void *pointer) {
    if (now.kernel)
        Report("api-in-kernel").number("line", line).fatal();
    if (!pointer)
        return cudaSuccess;
    Object *object = find((uintptr_t)pointer);
    Report report("free");
    report.number("line", line).number("on_device", 1);
    if (!object || object->space != Space::device)
        report.text("why", "host").fatal();
    if (!object->live) // CUDA returns an error then, and goes on
        return report.text("why", "twice").object(*object, (uintptr_t)pointer).tell(), failed(line, cudaErrorInvalidValue);
    if (object->begin != (uintptr_t)pointer)
        report.text("why", "middle").object(*object, (uintptr_t)pointer).fatal();
    give_back(*object);
    return cudaSuccess;
}

cudaError_t reset(int line) {
    if (now.kernel)
        Report("api-in-kernel").number("line", line).fatal();
    for (size_t at = 0; at < device.count; at++)
        if (device.objects[at].live)
            give_back(device.objects[at]);
    failure = cudaSuccess;
    failure_of_launch = false;
    return cudaSuccess;
}

static bool on_device(const Object *object) {
    return object && object->space != Space::host && object->space != Space::host_variable;
}

/// One side of a copy: within bounds, and on the side that the direction says.
static Object *side(int line, const void *pointer, size_t bytes, bool write, int expected) {
    uintptr_t address = (uintptr_t)pointer;
    Object *object = find(address);
    Access access{address, bytes, write, false, nullptr, line};
    if (address < 16 * PAGE)
        Report("null").access(access).number("copy", 1).fatal();
    if (object && object->managed)
        expected = -1;
    if (expected >= 0 && on_device(object) != bool(expected))
        Report("direction").access(access).number("expected", expected).fatal();
    if (object)
        check_bounds(access, *object);
    else
        check_unknown(access);
    return object;
}

cudaError_t copy(int line, void *to, const void *from, size_t bytes, cudaMemcpyKind kind) {
    if (now.kernel)
        Report("api-in-kernel").number("line", line).fatal();
    if (bytes == 0)
        return cudaSuccess;
    if (copies_left == 0)
        return failed(line, cudaErrorECCUncorrectable);
    copies_left--;
    if (kind < 0 || kind > cudaMemcpyDefault)
        return failed(line, cudaErrorInvalidValue);
    bool any = kind == cudaMemcpyDefault;
    Object *target = side(line, to, bytes, true, any ? -1 : kind & 1);
    Object *source = side(line, from, bytes, false, any ? -1 : kind >> 1);
    const Cell *known = source ? source->cells : nullptr;
    if (on_device(source) && !on_device(target))
        now.fetched += bytes;
    if (known) {
        known += (uintptr_t)from - source->begin;
        size_t first = 0, unknown = 0;
        for (size_t byte = bytes; byte-- > 0;)
            if (!known[byte].known)
                first = byte, unknown++;
        if (unknown)
            Report("unwritten-output").number("line", line).number("first", first).number("count", unknown)
                .number("bytes", bytes).object(*source, (uintptr_t)from).tell();
    }
    open_device(true);
    memmove(to, from, bytes);
    open_device(false);
    if (target && target->cells)
        for (size_t byte = 0; byte < bytes; byte++) {
            Cell &cell = target->cells[(uintptr_t)to - target->begin + byte];
            cell = {};
            cell.known = known ? known[byte].known : true;
        }
    return cudaSuccess;
}

cudaError_t fill(int line, void *pointer, int value, size_t bytes) {
    if (now.kernel)
        Report("api-in-kernel").number("line", line).fatal();
    if (bytes == 0)
        return cudaSuccess;
    Object *target = side(line, pointer, bytes, true, 1);
    open_device(true);
    memset(pointer, value, bytes);
    open_device(false);
    if (target && target->cells)
        for (size_t byte = 0; byte < bytes; byte++)
            (target->cells[(uintptr_t)pointer - target->begin + byte] = {}).known = true;
    return cudaSuccess;
}

/// What is only known at the end: memory that was never given back, a failed launch that nobody asked about.
void check_ends() {
    for (size_t at = 0; at < device.count; at++)
        if (device.objects[at].live)
            Report("leak").object(device.objects[at], device.objects[at].begin).tell();
    for (size_t at = 0; at < host.count; at++)
        if (host.objects[at].live && (host.objects[at].place || host.objects[at].line)) // C++ objects that live to the end are nobody's fault
            Report("host-leak").object(host.objects[at], host.objects[at].begin).tell();
    if (failure_of_launch)
        Report("failed-launch").number("line", failure_line).number("code", failure).tell();
}

// ------------------------------------------------------------------------------------------------ the host's heap

static void *host_allocate(size_t bytes, const void *place = nullptr) {
    if (!ready)
        return __real_malloc(bytes);
    Object *object = host.make(std::max<size_t>(bytes, 1), Space::host, 0);
    if (!object)
        return errno = ENOMEM, nullptr;
    object->size = bytes;
    object->place = place;
    return (void *)object->begin;
}

static void host_release(void *pointer, const void *place = nullptr, int line = 0) {
    if (!pointer)
        return;
    Object *object = find((uintptr_t)pointer);
    if (!object && !device.holds((uintptr_t)pointer) && !host.holds((uintptr_t)pointer)) {
        if (&closed)
            Report("wild").access({(uintptr_t)pointer, 1, true, false, place, 0}).fatal();
        return __real_free(pointer);
    }
    Report report("free");
    report.number("on_device", 0).number(line ? "line" : "place", line ? line : (long long)place);
    if (!object || object->space != Space::host)
        report.text("why", "device").fatal();
    if (!object->live)
        report.text("why", "twice").object(*object, (uintptr_t)pointer).fatal();
    if (object->begin != (uintptr_t)pointer)
        report.text("why", "middle").object(*object, (uintptr_t)pointer).fatal();
    object->live = false;
}

cudaError_t allocate_host(int line, void **pointer, size_t bytes) {
    Object *object = host.make(std::max<size_t>(bytes, 1), Space::host, line);
    if (!object)
        return failed(line, cudaErrorMemoryAllocation);
    object->size = bytes;
    return *pointer = (void *)object->begin, cudaSuccess;
}

cudaError_t release_host(int line, void *pointer) { return host_release(pointer, nullptr, line), cudaSuccess; }

} // namespace lifelong

using namespace lifelong;

#define HERE __builtin_return_address(0)

extern "C" {
void *__wrap_malloc(size_t bytes) { return host_allocate(bytes, HERE); }
void *__wrap_calloc(size_t count, size_t bytes) {
    size_t total;
    return __builtin_mul_overflow(count, bytes, &total) ? nullptr : host_allocate(total, HERE); // fresh pages are zero
}
void __wrap_free(void *pointer) { host_release(pointer, HERE); }
void *__wrap_realloc(void *pointer, size_t bytes) {
    Object *object = pointer ? find((uintptr_t)pointer) : nullptr;
    if (pointer && !object && !&closed)
        return __real_realloc(pointer, bytes);
    void *made = host_allocate(bytes, HERE);
    if (pointer && !object)
        host_release(pointer, HERE);
    if (made && object)
        memcpy(made, pointer, std::min(bytes, object->size)), host_release(pointer);
    return made;
}

#define HOOKS(size)                                                                                                    \
    void __tsan_read##size(uintptr_t at) { check({at, size, false, false, HERE, 0}); }                                 \
    void __tsan_write##size(uintptr_t at) { check({at, size, true, false, HERE, 0}); }                                 \
    void __tsan_unaligned_read##size(uintptr_t at) { check({at, size, false, false, HERE, 0}); }                       \
    void __tsan_unaligned_write##size(uintptr_t at) { check({at, size, true, false, HERE, 0}); }
HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)
void __tsan_read_range(uintptr_t at, size_t bytes) { check({at, bytes, false, false, HERE, 0}); }
void __tsan_write_range(uintptr_t at, size_t bytes) { check({at, bytes, true, false, HERE, 0}); }
void __tsan_init() {}
void __tsan_func_entry(void *) {
    uintptr_t *frame = static_cast<uintptr_t *>(__builtin_frame_address(0)), caller = *frame;
#if defined(__aarch64__)
    uintptr_t end = *reinterpret_cast<uintptr_t *>(caller); // a frame's record is at its bottom
#else
    uintptr_t end = caller + 2 * sizeof caller;
#endif
    uintptr_t &base = now.kernel ? fibre_base() : host_base;
    if (now.kernel ? !base : base < end)
        base = end;
}
void __tsan_func_exit() {}
void __tsan_vptr_read(void *) {}
void __tsan_vptr_update(void *, void *) {}

void *lifelong_memcpy(void *to, const void *from, size_t bytes) {
    if (bytes && !(now.kernel && !fibre_base())) {
        check({(uintptr_t)from, bytes, false, false, HERE, 0});
        check({(uintptr_t)to, bytes, true, false, HERE, 0});
    }
    return memmove(to, from, bytes);
}
void *lifelong_memmove(void *, const void *, size_t) __attribute__((alias("lifelong_memcpy")));
void *lifelong_memset(void *to, int value, size_t bytes) {
    if (bytes && !(now.kernel && !fibre_base()))
        check({(uintptr_t)to, bytes, true, false, HERE, 0});
    return memset(to, value, bytes);
}

/// What the compiler passes where an index lies outside of an array whose size it knows.
struct OutOfBounds {
    struct {
        const char *file;
        uint32_t line, column;
    } place;
    struct Type {
        uint16_t kind, info;
        char name[1];
    } *array, *index;
};
void __ubsan_handle_out_of_bounds(OutOfBounds *data, uintptr_t index) {
    Report("index").number("line", data->place.line).number("index", (int)index).text("type", data->array->name).fatal();
}
}

void *operator new(size_t bytes) {
    if (void *made = host_allocate(bytes))
        return made;
    throw std::bad_alloc();
}
void *operator new[](size_t bytes) { return operator new(bytes); }
void operator delete(void *pointer) noexcept { host_release(pointer); }
void operator delete[](void *pointer) noexcept { host_release(pointer); }
void operator delete(void *pointer, size_t) noexcept { host_release(pointer); }
void operator delete[](void *pointer, size_t) noexcept { host_release(pointer); }

namespace lifelong {
static bool is_built_in(uintptr_t address) {
    auto in = [address](const auto &variable) { return address - (uintptr_t)&variable < sizeof(variable); };
    return in(threadIdx) || in(blockIdx) || in(blockDim) || in(gridDim);
}
} // namespace lifelong
