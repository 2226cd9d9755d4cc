"""What a program that is graded may contain, so that what its run reports is true.

Its code shares a process with the pretended device, which watches every load and store of it (``include/memory.cpp``).
That is worth something only as long as nothing else writes and nobody leaves the way that the compiler has laid. So a
closed program has no assembler and no attributes, calls by name only, and only what is listed here; all of that is
looked up in what the compiler has made of it, where no spelling can hide it.
"""

import re
from collections.abc import Iterator

from lifelong.cuda_c.translate import BLANK, SourceError, definitions, line_of, masked

HEADERS = "assert float limits math stdbool stddef stdint stdio stdlib string time cuda cuda_runtime cuda_runtime_api device_launch_parameters vector_types cooperative_groups helper_cuda iostream algorithm initializer_list type_traits vector string numeric chrono iomanip".split()
INCLUDE = re.compile(
    r"^[ \t]*#[ \t]*include\b[ \t]*(?:[<\"](?:c(?!hrono)(?=\w+[>\"]))?([\w]+)(?:\.h)?[>\"])?.*$", re.MULTILINE
)
LIBRARY = re.compile(r"^[ \t]*#[ \t]*include\b[ \t]*[<\"](helper_cuda\.h|vector|algorithm|numeric)[>\"]", re.MULTILINE)
"""Headers that are made part of a program only if it includes them; of others in C++ nothing is there."""
OWN = {"vector": "containers.h"}
"""What stands in for one of them."""

MARKER = re.compile(r"^[ \t]*#[^\n]*$", re.MULTILINE)
OWN_MARKER = re.compile(r'# \d+ "program\.cu"')
WORD = re.compile(r"[^\W\d]\w*")
OURS = frozenset(
    "__global__ __device__ __host__ __shared__ __constant__ __forceinline__ __noinline__ __launch_bounds__ __restrict__ __restrict __syncthreads __threadfence __threadfence_block __threadfence_system __syncwarp __shfl_sync __shfl_up_sync __shfl_down_sync __shfl_xor_sync __ballot_sync __any_sync __all_sync __ldg __expf __logf __sinf __cosf __powf __fdividef __fadd_rn __fsub_rn __fmul_rn __fdiv_rn __fmaf_rn __inline__ __popc __clz __ffs __func__ __FUNCTION__".split()
)
"""The names with two underscores, which belong to compilers, that a program may use."""

REFUSED = {
    r"\b(?:asm|alignas|thread_local)\b": "assembler, `alignas` or `thread_local`",
    r"\bextern\b(?!\s+__shared__)": "`extern`",
    r"\b(?:lifelong|LIFELONG)\w*": "names that begin with `lifelong`",
    r"\bnamespace\s+std\b(?!\s*;)": "things of its own in `std`",
    r"\boperator\s*(?:new|delete)\b": "`new` and `delete` of its own",
    r"\[\s*\[|<:": "attributes",
    r"%:": "a second spelling of #",
    r"\w[\"']": "literals with prefixes or separators",
    r"\\": "backslashes outside of texts",
}
"""What would escape the compiler's instrumentation or our look at the source."""

MATHS = "acos asin atan atan2 cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs fdim floor fma fmax fmin fmod hypot llrint llround log log10 log1p log2 lrint lround nearbyint pow rint round sin sinh sqrt tan tanh tgamma trunc".split()
CALLS = "abort abs atof atoi calloc clock exit free labs malloc memcmp rand realloc srand strcmp strlen strncmp stdout stderr threadIdx blockIdx blockDim gridDim _GLOBAL_OFFSET_TABLE_ __assert_fail __stack_chk_fail".split()
CALL = re.compile(
    rf"(?:{'|'.join(CALLS)}|(?:{'|'.join(MATHS)})[fl]?|lifelong_\w+|__tsan_\w+|__ubsan_handle_out_of_bounds|_Z(?!N?K?S|T|N\d+__)\w+)"
)
SYMBOL = re.compile(r"^[0-9a-f]+ (.{7}) (\S+)\t[0-9a-f]+ +(?:\.hidden )?(.+)$", re.MULTILINE)
JUMP = re.compile(r"^\s+[0-9a-f]+:\s+(?:(?:bnd|notrack) +)*(?:(?:call|jmp)[a-z]* +\*|blr? |br |blra|bra)", re.MULTILINE)
FUNCTION = re.compile(r"^;; Function (.+) \((\S+), funcdef_no", re.MULTILINE)
CALLED = re.compile(r"^ +(?:[^=\"\n]* = )?(?!if |switch )([\w.*$]+) \((?!\*<T)|^ +(__asm__)", re.MULTILINE)
COPIED = re.compile(r"\bmemmove \([^;\n]*, \d+\);")
"""A copy of so many bytes, which might become code in place that nobody watches; of others, a call of ours is made."""
EXPANDED = re.compile(r"__builtin_(?:return_address|unreachable|expect|clzl*)|signbit[fl]?|\.\w+")
"""Calls that the compiler makes code of, all that write nothing."""
WATCHED = re.compile(
    r"^;; Function (?!.*\n\n__attribute__\(\([^\n]*no_sanitize)(_GLOBAL__|__static)?(?:.*\n(?!;; ))*", re.MULTILINE
)
"""A function that is instrumented, and whether it is one of those that set variables before main(), on the host."""
WARNING = re.compile(
    r"^program\.cu:(\d+):.*warning: (ISO C\+\+ forbids (?:zero-size|flexible|variable length) array.*?)(?: \[-W.*)?$",
    re.MULTILINE,
)


def without_includes(source: str) -> str:
    """The program without its includes, what they have is there already, and without what is in its own main().

    Raises:
        SourceError: one is not of those that a program may include.
    """

    def blank(match: re.Match[str]) -> str:
        if match[1] not in HEADERS:
            text = f"a program of an exercise includes only {', '.join(HEADERS[:9])}, time, vector, algorithm, numeric and cuda_runtime."
            raise SourceError(line_of(source, match.start()), text)
        return ""

    mask = masked(source)
    for start, body, end in definitions(mask):
        if re.search(r"\bmain\s*\(", mask[start:body]) and mask[body] == "{":
            source = source[: body + 1] + BLANK.sub(" ", source[body + 1 : end - 1]) + source[end - 1 :]
    return INCLUDE.sub(blank, source)


def preprocessed(text: str) -> str:
    """The preprocessor's output as it is compiled: the program's lines, without pragmas.

    Raises:
        SourceError: it contains what a program of an exercise cannot.
    """
    text = text[text.index('# 1 "program.cu"') :]
    for match in MARKER.finditer(text):
        if not OWN_MARKER.fullmatch(match.group()) and not match.group().startswith("#pragma"):
            raise SourceError(0, f"a program of an exercise cannot have the line `{match.group()[:60]}`.")
    text = re.sub(r"^#pragma[^\n]*", "", text, flags=re.MULTILINE)
    text = re.sub(r"^# (?=\d)", "#line ", text, flags=re.MULTILINE)
    mask = MARKER.sub(lambda match: " " * len(match.group()), masked(text))
    for pattern, what in REFUSED.items():
        if found := re.search(pattern, mask):
            raise SourceError(_line(text, found.start()), f"a program of an exercise cannot have {what}.")
    for match in WORD.finditer(mask):
        word = match.group()
        if (("__" in word) or re.match(r"_[A-Z]", word)) and word not in OURS:
            raise SourceError(_line(text, match.start()), f"a program of an exercise cannot use `{word}`.")
    return text


def _line(text: str, position: int) -> int:
    """The line of the program at a position of the preprocessor's output."""
    marker = [*re.finditer(r'^#line (\d+) "', text[:position], re.MULTILINE)][-1]
    return int(marker[1]) + text.count("\n", marker.end(), position) - 1


def refuse(symbols: str, code: str, tree: str, said: str, source: str) -> None:
    """Look at what the compiler has made of a program.

    Args:
        symbols: the object file's, as ``objdump --syms`` prints them.
        code: its instructions, as ``objdump -d`` does.
        tree: its functions, as ``-fdump-tree-optimized-asmname`` does: every function has the linker's name there.
        said: the compiler's warnings.
        source: the program.

    Raises:
        SourceError: it calls, defines or does what a program of an exercise cannot.
    """
    for line, text in WARNING.findall(said):
        raise SourceError(int(line), f"{text}.")
    for flags, section, name in SYMBOL.findall(symbols):
        if name == "__dso_handle":
            raise SourceError(
                0, "a program of an exercise has nothing outside of functions that is cleaned up at its end."
            )
        if section == "*UND*" and not CALL.fullmatch(name):
            found = re.search(rf"\b{re.escape(name)}\b", masked(source))
            line = line_of(source, found.start()) if found else 0
            raise SourceError(line, f"a program of an exercise cannot call `{name}`.")
        if flags[-1] == "F" and flags[0] in "gu!" and not name.startswith("_Z") and name != "main":
            raise SourceError(0, f"a program of an exercise cannot define `{name}` anew.")
    if JUMP.search(code):
        text = "a program of an exercise calls functions by their names, not through pointers; it has no virtual functions."
        raise SourceError(0, text)
    if COPIED.search(tree):
        raise SourceError(0, "a program of an exercise copies a fixed number of bytes by a loop or by memcpy.")
    own = {linked: name for name, linked in FUNCTION.findall(tree)}
    defined = {name for _, section, name in SYMBOL.findall(symbols) if section != "*UND*"}
    for name in _unwatched(symbols, tree):
        text = f"a program of an exercise puts a struct that `{own.get(name, name)}` takes or returns into a variable first."
        raise SourceError(0, text)
    for call, assembler in CALLED.findall(tree):  # what becomes code in place leaves no symbol
        name = (call or assembler).removeprefix("*")
        if name not in {*own, *defined, "memmove"} and not CALL.fullmatch(name) and not EXPANDED.fullmatch(name):
            raise SourceError(0, f"a program of an exercise cannot call `{name}`.")


def _unwatched(symbols: str, tree: str) -> Iterator[str]:
    """The functions that take structs out of memory or return them into it: the only accesses that are not instrumented.

    What is on the own stack is nobody else's; a launch takes its sizes on the host; what sets variables before main()
    may return into them by their names, and nowhere else.
    """
    variables = "|".join(re.escape(name) for flags, _, name in SYMBOL.findall(symbols) if flags[-1] == "O")
    named = rf"|(?:{variables or '$'})(?![\w$]|\.\d)"
    for function in WATCHED.finditer(re.sub(r'"(?:\\.|[^"\\\n])*"', '""', tree)):
        place = rf"(?:\*(?!<)|MEM|VIEW_|[\w.$#]+(?:\(D\))?->{'' if function[1] else named})"
        call = rf"^ +(?:{place}[^=\n]* = (?P<into>[\w.*$]+) \(|(?:[^=\n]* = )?(?P<of>(?!_ZN8lifelong6launch)[\w.*$]+) \((?:.*, )?{place})"
        yield from (match["into"] or match["of"] for match in re.finditer(call, function[0], re.MULTILINE))
