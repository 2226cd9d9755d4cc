"""CUDA C on a CPU: planted faults are found at their lines, right kernels raise no alarm, and NVRTC takes them."""

import ctypes
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder.course.assignment import Assignment
from autograder.grading.fingerprint import judge_hash
from autograder.grading.grade import grade_notebook
from autograder.judging.verdict import State
from autograder.sandbox import Sandbox
from benchmarks.gpu import agreement, main
from lifelong.cuda_c import CompileError, Executable, Limits, NoCompiler, compile_program, run_cuda
from lifelong.cuda_c.compiler import _run
from lifelong.cuda_c.gpu import GpuProgram, as_parameters, entry_name, has_gpu, time_addition
from lifelong.cuda_c.messages import SENTENCES, explain
from lifelong.cuda_c.nvrtc import compile_ptx, device_compiler
from lifelong.cuda_c.runner import Finding, _report, run_program
from lifelong.cuda_c.translate import device_code, kernels, masked, translate
from lifelong.plots import devices as figures
from tests.course.bank_reference import COURSE
from tests.course.lecture_reference import drawn
from tests.places import table
from tests.tool.sandboxes import setup

pytestmark = pytest.mark.heavy

PLACE = Path(__file__).parent / "cuda_c"
FAULTS = (PLACE / "faults.cu").read_text(encoding="utf-8")
RIGHT = (PLACE / "right.cu").read_text(encoding="utf-8")
FORGED = re.split(r"^// == (\w+): (.*)\n", (PLACE / "forged.cu").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
UNCOMPILED = table("lifelong/cuda_c/uncompiled.toml")["program"]
ACT = "int main() { int n; lifelong::input(&n, 4); act(n); lifelong::output(&n, 4); }"
CASES = re.findall(r"^// == (\w+): ([\w-]+)$", FAULTS, re.MULTILINE)


def test_a_compiler_that_takes_too_long_is_ended_with_what_it_has_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lifelong.cuda_c.compiler.SECONDS", 0.2)
    done = _run(["sh", "-c", "sleep 3600 & wait"], tmp_path)  # whoever waits for its output waits an hour
    assert done.returncode != 0
    assert "takes too long" in done.stderr


needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="no g++")
needs_nvrtc = pytest.mark.skipif(device_compiler() is None, reason="neither NVRTC nor nvcc")


def section(name: str) -> str:
    """The lines of a planted fault."""
    return FAULTS.split(f"// == {name}: ")[1].split("// ==")[0]


@pytest.fixture(scope="module")
def faulty() -> Executable:
    choices = "".join(f"case {number}: case_{name}(); break;" for number, (name, _) in enumerate(CASES))
    main = "int main() { int which; lifelong::input(&which, sizeof which); switch (which) {" + choices + "} }"
    return compile_program(FAULTS, main)


@needs_compiler
@pytest.mark.parametrize("number", range(len(CASES)), ids=[name for name, _ in CASES])
def test_a_planted_fault_is_found_at_its_line(number: int, faulty: Executable) -> None:
    name, kind = CASES[number]
    run = run_program(faulty, [np.array([number], dtype=np.int32)], limits=Limits(seconds=1))
    found = [finding for finding in run.findings if finding.kind == kind]
    assert found, f"{name}: {[finding.kind for finding in run.findings]}"
    lines = FAULTS.splitlines()
    if "// here" in section(name):
        assert "// here" in lines[found[0].line - 1]
    text = explain(found[0], FAULTS)
    assert kind in {"leak", "host-leak", "timeout", "stack"} or f"line {found[0].line}, `" in text
    assert "{" not in text.split("`")[-1]


@needs_compiler
@pytest.mark.parametrize(("words", "source"), list(zip(FORGED[1::3], FORGED[2::3], strict=True)), ids=FORGED[::3])
def test_a_closed_program_does_nothing_unseen(words: str, source: str) -> None:
    if words in SENTENCES:
        run = run_program(compile_program(source, ACT), [np.array([3], dtype=np.int32)], [("i4", 1)], Limits(seconds=5))
        assert ([finding.kind for finding in run.findings], run.outputs) == ([words], ())
    else:
        with pytest.raises(CompileError, match=re.escape(words)):
            compile_program(source, ACT)


@needs_compiler
def test_a_closed_program_may_do_what_textbooks_do() -> None:
    program = compile_program((PLACE / "honest.cu").read_text(encoding="utf-8"), ACT)
    run = run_program(program, [np.array([3], dtype=np.int32)], [("i4", 1)])
    assert (run.findings, run.status, run.stdout) == ((), 0, "three 15\n2 14\n")


@needs_compiler
def test_right_kernels_raise_no_alarm() -> None:
    shown = run_cuda(RIGHT)
    assert shown is not None
    assert shown.run.findings == ()
    assert shown.run.status == 0
    assert shown.text.count(" right") == 19
    assert len({grid.name for grid in shown.run.launches}) >= 15


@needs_nvrtc
def test_the_real_compiler_takes_all_right_kernels() -> None:
    ptx = compile_ptx(RIGHT)
    # a template becomes code where it is used, which is on the host
    names = [name for name in kernels(RIGHT) if name not in ("fill", "turned")]
    assert len(names) >= 15
    for name in names:
        assert entry_name(ptx, name) in ptx
    with pytest.raises(KeyError):
        entry_name(ptx, "nothing")


@needs_nvrtc
def test_the_real_compiler_points_at_the_line() -> None:
    source = "\n#include <stdio.h>\n__global__ void k(float *a)\n{\n    a[0] = b;\n}\nint main() { return 0; }\n"
    with pytest.raises(CompileError) as caught:
        compile_ptx(source)
    assert caught.value.messages == [(4, 'identifier "b" is undefined')]
    assert "    a[0] = b;".strip() in str(caught.value)


@needs_compiler
@pytest.mark.parametrize("case", UNCOMPILED)
def test_a_message_of_the_compiler_points_at_the_students_line(case: dict[str, Any]) -> None:
    with pytest.raises(CompileError) as caught:
        compile_program(case["source"])
    assert caught.value.messages[0][0] == case["line"]
    assert case["word"] in caught.value.messages[0][1]
    assert len(caught.value.messages) <= 3
    assert "whole.cpp" not in str(caught.value)


def test_translation_keeps_every_line_and_launches_in_comments_and_strings() -> None:
    for source in (FAULTS, RIGHT):
        assert masked(source).count("\n") == len(masked(source)) - len(masked(source).replace("\n", ""))
        assert len(masked(source)) == len(source)
        assert [*map(len, device_code(source).split("\n"))] == [*map(len, source.split("\n"))]
        translated = translate(source).split("\n")
        assert len(translated) == len(source.split("\n"))
        for before, after in zip(source.split("\n"), translated, strict=True):
            assert before == after or re.search(r"<<<|__shared__|__device__|#include", before)
    source = '// k<<<1, 1>>>()\nconst char *text = "k<<<1, 1>>>()"; /* k<<<1,\n1>>>() */'
    assert translate(source) == source


@needs_compiler
def test_a_launch_takes_any_form_of_grid() -> None:
    run = run_cuda((PLACE / "launches.cu").read_text(encoding="utf-8")).run
    assert (run.stdout, run.findings) == ("8 7 7\n", ())
    launches = [(grid.blocks, grid.threads, grid.line) for grid in run.launches]
    assert launches == [((1, 1, 3), (1, 1, 1), 7), ((1, 1, 1), (1, 1, 1), 9)]


@needs_compiler
def test_arrays_go_in_and_out_raw() -> None:
    program = compile_program(
        "void twice(double *x, int n) { for (int i = 0; i < n; i++) x[i] *= 2; }",
        "int main() { int n; lifelong::input(&n, 4); double x[8]; lifelong::input(x, n * 8); twice(x, n); lifelong::output(x, n * 8); }",
    )
    x = np.array([0.1, -3.0, 1e300])
    run = run_program(program, [np.array([3], dtype=np.int32), x], [("f8", 3)])
    assert np.array_equal(run.outputs[0], 2 * x)
    assert run_program(program, [np.array([2], dtype=np.int32), x], [("f8", 3)]).outputs == ()


@needs_compiler
def test_a_program_cannot_use_up_the_machine() -> None:
    endless = compile_program('#include <stdio.h>\nint main() { while (1) puts("spam"); }')
    run = run_program(endless, limits=Limits(seconds=2, output_mb=1))
    assert len(run.stdout) <= 1 << 20
    assert run.findings
    greedy = 'int main() { char *p = (char *)malloc((size_t)1 << 40); printf("%d", p == NULL); free(p); }'
    assert run_cuda(f"#include <stdio.h>\n#include <stdlib.h>\n{greedy}").run.stdout == "1"


@needs_compiler
def test_the_devices_memory_ends_where_it_is_said_to() -> None:
    source = "int main() { int *d; cudaError_t e = cudaMalloc(&d, 4096); puts(cudaGetErrorString(e)); cudaFree(d); }"
    program = compile_program(f"#include <stdio.h>\n{source}")
    assert run_program(program).stdout == "no error\n"
    assert run_program(program, limits=Limits(device_bytes=4095)).stdout == "out of memory\n"


@needs_compiler
def test_variables_of_the_device_count_as_its_memory_and_a_reset_frees_what_was_allocated() -> None:
    run = run_cuda((PLACE / "variables.cu").read_text(encoding="utf-8")).run
    assert (run.findings, run.stdout) == ((), "18 8\n")
    assert (run.written, run.writers, run.fetched) == (36, 9, 40)


@needs_compiler
def test_many_threads_take_seconds() -> None:
    run = run_cuda((PLACE / "many_threads.cu").read_text(encoding="utf-8")).run
    assert (run.status, run.findings) == (0, ())


def test_without_a_compiler_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoCompiler, match="apt-get install g\\+\\+"):
        compile_program("int main() { return 17; }")


def test_a_report_may_hold_anything() -> None:
    """Findings come from a file that the program itself could have written."""
    for kind in ("something new", "race", "launch", "failed-launch"):
        assert explain(Finding(kind, 3, {}), "a\nb\nc") == f"line 3, `c`: {kind}"
    lines = [b'{"kind": "launch"}', b'{"kind": "end", "atomics": "0"}', b"[" * 99999, b"\xff", b'{"kind": "leak"}']
    assert _report(b"\n".join(lines)) == [{"kind": "leak"}]


def test_parameters_are_passed_by_pointer() -> None:
    tensor = torch.zeros(3)
    pointers, kept = as_parameters([tensor, 7, 2.5])
    assert ctypes.cast(pointers[0], ctypes.POINTER(ctypes.c_void_p))[0] == tensor.data_ptr()
    assert ctypes.cast(pointers[1], ctypes.POINTER(ctypes.c_int))[0] == 7
    assert ctypes.cast(pointers[2], ctypes.POINTER(ctypes.c_float))[0] == 2.5
    assert len(kept) == 3


@pytest.mark.skipif(not has_gpu(), reason="no GPU")
def test_a_real_gpu_gives_the_hosts_sums() -> None:
    timing = time_addition(RIGHT, "add", 1 << 20)
    assert timing.kernel > 0
    program = GpuProgram(RIGHT)
    x, sums = torch.arange(500.0, device="cuda"), torch.zeros(2, device="cuda")
    program.launch("block_sum", (2, 1, 1), (256, 1, 1), [x, sums, 500])
    assert sums.sum().item() == 499 * 250


def test_the_benchmark_for_a_gpu_does_what_it_can_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--small", "--seeds", "2", "--out", str(tmp_path / "gpu.json")]
    main(command)
    main([*command, "--cpu", str(tmp_path / "gpu.json")])
    rows = json.loads((tmp_path / "gpu.json").read_text(encoding="utf-8"))["rows"]
    assert sum("lines" in row or "right" in row for row in rows) == 9
    assert sum(row.get("epochs") == 10 and "percent" in row for row in rows) == 12
    assert capsys.readouterr().out.count("+0.00 ± ") == 6
    assert agreement([1.0, 3.0], [2.0, 4.0]) == "-1.00 ± 1.41, equal"
    assert agreement([1.0, 3.0], [7.0, 9.0]) == "-6.00 ± 1.41, not equal"


def test_transactions_of_a_warp() -> None:
    by_stride = {0: 1, 1: 4, 2: 8, 8: 32, 1000: 32}
    assert {stride: figures.transactions(stride=stride) for stride in by_stride} == by_stride
    assert figures.transactions(stride=1, offset=3) == 5
    assert figures.transactions(stride=1, width=8) == 8


def test_the_figure_that_needs_a_gpu_is_drawn() -> None:
    assert drawn(figures.gpu_times(0.01, 0.001, 0.02, 1000))


def test_without_the_compiler_the_exercises_in_c_wait_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept, named, and no zero in silence; the simulator's exercises are graded as ever."""
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name, *more: None if name == "g++" else which(name, *more))
    assignment = Assignment.load(COURSE, "cuda_vector_addition")
    with Sandbox(setup(assignment.name), private=[COURSE.root]) as sandbox:
        notebook = assignment.solution_notebook()
        graded = grade_notebook(notebook, assignment, "someone", sandbox, only={"c_slide", "bounds_guard"})
    states = {verdict.exercise: verdict for verdict in graded.verdicts}
    assert states["bounds_guard"].state is State.CORRECT
    assert states["c_slide"].state is State.UNGRADABLE
    assert "g++" in states["c_slide"].messages[0]
    before = judge_hash(assignment)
    monkeypatch.setattr(shutil, "which", which)
    assert judge_hash(assignment) != before, "once there is a compiler, it is graded again"
