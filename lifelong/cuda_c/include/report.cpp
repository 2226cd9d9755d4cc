// What was found, one JSON object a line, into the file that LIFELONG_REPORT names; limits; raw arrays in and out.
#include "machine.h"

#include <csignal>
#include <cstdarg>
#include <ctime>
#include <fcntl.h>
#include <initializer_list>
#include <sys/resource.h>
#include <unistd.h>

namespace lifelong {

constexpr int FAULT = 86; // the exit status of a program that was stopped
constexpr size_t LONGEST = 4096;
constexpr int MOST_LINES = 400;

static int report_file = -1, input_file = -1, output_file = -1, lines = 0;
static char line_buffer[LONGEST];
static size_t used = 0;

static void add(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void add(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(line_buffer + used, LONGEST - used, format, arguments);
    va_end(arguments);
    used += written > 0 && used + written < LONGEST ? written : 0;
}

extern uint3 thread_index asm("threadIdx"), block_index asm("blockIdx");
extern dim3 block_size asm("blockDim"), grid_size asm("gridDim");

static void add_three(const char *key, unsigned x, unsigned y, unsigned z) {
    add(", \"%s\": [%u, %u, %u]", key, x, y, z);
}

Report::Report(const char *kind) {
    used = 0;
    add("{\"kind\": \"%s\"", kind);
    if (now.kernel) {
        add_three("thread", thread_index.x, thread_index.y, thread_index.z);
        add_three("block", block_index.x, block_index.y, block_index.z);
    }
}

Report &Report::text(const char *key, const char *value) {
    char plain[200];
    size_t length = 0;
    for (; *value && length + 1 < sizeof plain; value++)
        if (*value >= ' ' && *value != '"' && *value != '\\')
            plain[length++] = *value;
    plain[length] = 0;
    add(", \"%s\": \"%s\"", key, plain);
    return *this;
}

Report &Report::number(const char *key, long long value) {
    add(", \"%s\": %lld", key, value);
    return *this;
}

Report &Report::access(const Access &access) {
    number("write", access.write).number("atomic", access.atomic).number("bytes", access.bytes);
    return access.line ? number("line", access.line) : number("place", (long long)access.place);
}

Report &Report::object(const Object &object, uintptr_t address) {
    static const char *const SPACES[] = {"device",          "host",     "shared",
                                         "device-variable", "constant", "host-variable"};
    text("space", SPACES[(int)object.space]).text("name", object.name).number("size", object.size);
    number("offset", (long long)(address - object.begin)).number("allocated_line", object.line);
    return object.place ? number("allocated_place", (long long)object.place) : *this;
}

Report &Report::thread(const char *key, uint32_t phase, uint16_t thread) {
    uint32_t block = block_of(phase);
    char name[40];
    add_three(key, thread % block_size.x, thread / block_size.x % block_size.y,
              thread / block_size.x / block_size.y);
    snprintf(name, sizeof name, "%s_block", key);
    add_three(name, block % grid_size.x, block / grid_size.x % grid_size.y, block / grid_size.x / grid_size.y);
    return *this;
}

void Report::tell() {
    add("}\n");
    if (lines++ < MOST_LINES && write(report_file, line_buffer, used) < 0)
        _exit(FAULT);
}

void Report::fatal() {
    tell();
    fflush(stdout);
    _exit(FAULT);
}

static void on_signal(int number, siginfo_t *info, void *context) {
    auto *machine = static_cast<ucontext_t *>(context);
    uintptr_t address = (uintptr_t)info->si_addr;
    bool overflow = number == SIGSEGV && is_fibre_guard(address);
    Report report(overflow ? "stack" : number == SIGFPE ? "division" : number == SIGSEGV ? "segfault" : "signal");
#if defined(__x86_64__)
    report.number("place", machine->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
    report.number("place", machine->uc_mcontext.pc);
#endif
    report.number("signal", number).fatal();
}

static int open_named(const char *variable, int flags) {
    const char *path = getenv(variable);
    return path ? open(path, flags | O_CLOEXEC, 0600) : -1;
}

static void limit(int resource, const char *variable) {
    if (const char *text = getenv(variable)) {
        rlim_t value = strtoull(text, nullptr, 10);
        rlimit wanted{value, value};
        setrlimit(static_cast<__rlimit_resource>(resource), &wanted);
    }
}

static void at_end(int status, void *) {
    if (status == 0)
        check_ends();
    Report("end").number("status", status).number("atomics", now.atomics)
        .number("written", now.written).number("writers", now.writers).number("fetched", now.fetched).tell();
}

__attribute__((constructor(102))) static void prepare() {
    report_file = open_named("LIFELONG_REPORT", O_WRONLY | O_APPEND);
    input_file = open_named("LIFELONG_INPUT", O_RDONLY);
    output_file = open_named("LIFELONG_OUTPUT", O_WRONLY | O_TRUNC);
    limit(RLIMIT_CPU, "LIFELONG_CPU_SECONDS");
    limit(RLIMIT_FSIZE, "LIFELONG_FILE_BYTES");
    limit(RLIMIT_AS, "LIFELONG_MEMORY_BYTES");
    limit(RLIMIT_CORE, "LIFELONG_CORE_BYTES");
    static char stack[64 << 10];
    stack_t own{stack, 0, sizeof stack};
    sigaltstack(&own, nullptr);
    struct sigaction action {};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
        sigaction(number, &action, nullptr);
    on_exit(at_end, nullptr);
}

size_t input(void *to, size_t bytes) {
    size_t done = 0;
    for (ssize_t got; done < bytes && (got = read(input_file, (char *)to + done, bytes - done)) > 0;)
        done += got;
    return done;
}

void output(const void *from, size_t bytes) {
    for (ssize_t sent; bytes > 0 && (sent = write(output_file, from, bytes)) > 0; bytes -= sent)
        from = (const char *)from + sent;
}

} // namespace lifelong

const char *cudaGetErrorName(cudaError_t error) {
    switch (error) {
#define LIFELONG_ERROR(name, number, text) case name: return #name;
#include "errors.h"
#undef LIFELONG_ERROR
    }
    return "unrecognized error code";
}
const char *cudaGetErrorString(cudaError_t error) {
    switch (error) {
#define LIFELONG_ERROR(name, number, text) case name: return text;
#include "errors.h"
    }
    return "unrecognized error code";
}

cudaError_t lifelong::must_succeed(cudaError_t error, const char *call, int line) {
    if (!error)
        return error;
    fprintf(stderr, "CUDA error at line %d code=%d(%s) \"%s\" (%s)\n", line, error, cudaGetErrorName(error), call, cudaGetErrorString(error));
    exit(EXIT_FAILURE);
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int) {
    lifelong::touch(properties, sizeof *properties);
    *properties = {"a CPU that pretends", size_t(64) << 20, 48 << 10, 32, 1024, {1024, 1024, 64}, {2147483647, 65535, 65535}, 7, 5, 1};
    return cudaSuccess;
}

struct CUevent_st {
    timespec time;
};

cudaError_t cudaEventCreate(cudaEvent_t *event) { return lifelong::touch(event, sizeof *event), *event = new CUevent_st{}, cudaSuccess; }
cudaError_t cudaEventDestroy(cudaEvent_t event) { return delete event, cudaSuccess; }
cudaError_t cudaEventSynchronize(cudaEvent_t) { return cudaSuccess; }
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t) {
    return lifelong::touch(event, sizeof *event), clock_gettime(CLOCK_MONOTONIC, &event->time), cudaSuccess;
}
cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t start, cudaEvent_t end) {
    lifelong::touch(milliseconds, sizeof *milliseconds);
    *milliseconds = (end->time.tv_sec - start->time.tv_sec) * 1e3f + (end->time.tv_nsec - start->time.tv_nsec) * 1e-6f;
    return cudaSuccess;
}

struct CUstream_st {
    int number;
};

cudaError_t cudaStreamCreate(cudaStream_t *stream) { return lifelong::touch(stream, sizeof *stream), *stream = new CUstream_st{}, cudaSuccess; }
cudaError_t cudaStreamDestroy(cudaStream_t stream) { return delete stream, cudaSuccess; }

// ------------------------------------------------------------------------------------------------ what a closed program prints

/// Only what is known to write nothing: %n does wherever the program says, and so do %Zn and what else a C library knows.
static void check_format(const char *format) {
    while ((format = strchr(format, '%'))) {
        if (*++format != '%') { // behind a width, % may as well begin the next
            format += strspn(format, "0123456789$-+ #'I*.hlLqjzt");
            if (!*format)
                return;
            if (!strchr("diouxXeEfFgGaAcspm", *format))
                lifelong::Report("wild").number("write", 1).fatal();
        }
        format++;
    }
}

extern "C" {
int lifelong_fprintf(FILE *stream, const char *format, ...) {
    va_list arguments;
    check_format(format);
    va_start(arguments, format);
    int written = vfprintf(stream == stderr ? stderr : stdout, format, arguments);
    va_end(arguments);
    return written;
}
int lifelong_printf(const char *format, ...) {
    va_list arguments;
    check_format(format);
    va_start(arguments, format);
    int written = vprintf(format, arguments);
    va_end(arguments);
    return written;
}
int lifelong_snprintf(char *to, size_t size, const char *format, ...) {
    va_list arguments;
    check_format(format);
    if (size)
        lifelong::touch(to, size);
    va_start(arguments, format);
    int written = vsnprintf(to, size, format, arguments);
    va_end(arguments);
    return written;
}
int lifelong_puts(const char *text) { return puts(text); }
int lifelong_putchar(int letter) { return putchar(letter); }
int lifelong_fflush(FILE *) { return fflush(stdout); }
time_t lifelong_time(time_t *to) {
    if (to)
        lifelong::touch(to, sizeof *to);
    return time(to);
}
}
