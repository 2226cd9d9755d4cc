"""Break the code in one place at a time, drawn blindly from its syntax trees, and see whether the area's tests notice.

``python -m benchmarks.breaks [--seed 1] [--count 100] [--only AREA] [--log FILE]``, as root, prints a row per break and
per area; exit code 1 if one was not noticed. With a log, the same command goes on where it ended. A break may let a wall
fall: so all runs in a copy of the working tree, in a PID namespace of its own, with limits of memory and time.
"""

import argparse
import ast
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

from tests.places import ROOT

AREAS = {
    "ingest": ("ingest/*.py", "ingest_limits ingest damage written habits"),
    "collect": ("collect/*.py", "collect failures"),
    "record": ("gradebook/[!g]*.py", "record export deadline late plugin written class class_and_cluster"),
    "sandbox": ("sandbox/**/*.py", "quiz_judge wire course_settings filter sandbox second_wall outlive"),
    "sanitise": ("render/*.py", "sanitise feedback report site"),
    "release": ("publish/*.py gradebook/gen*.py", "build release late"),
    "judging": (
        "judging/*.py grading/judge_process.py",
        "compare judge relations judge_process quiz_judge function_exercise function_author rehearsal",
    ),
}
"""Area → its modules below ``autograder``, and its tests, folders and files of ``tests/tool``, the fast ones first."""
ALONE = (*"unshare --mount --pid --fork --mount-proc --kill-child prlimit".split(), f"--as={16 << 30}")
AS_ITS_CHILD = ("sh", "-c", '"$@"; exit $?', "sh")
"""The first process of a PID namespace has to take note of orphans' ends, which a shell does."""
PAIRS = [(ast.Eq, ast.NotEq), (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.In, ast.NotIn), (ast.Is, ast.IsNot)]
PATIENCE = 1_800
"""Seconds that an area's tests may take; on a machine with nothing else to do the slowest need 230."""
TURNED = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}
SAID = {"annotation", "returns", "decorator_list", "exc", "cause"}
"""Fields of the syntax tree that decide nothing, or only words."""


class Break(NamedTuple):
    """A line of a module, what kind of change there, in words, and the whole module after it."""

    path: Path
    line: int
    kind: str
    words: str
    module: bytes


def nodes(node: ast.AST) -> Iterator[Any]:
    """The node and all below it that decide something: no annotations, no decorators, no messages."""
    yield node
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and field not in SAID and not isinstance(child, ast.JoinedStr):
                yield from nodes(child)


def changes(node: Any, needed: set[tuple[str, str]]) -> Iterator[tuple[str, ast.expr | ast.stmt, ast.AST]]:
    """Every break of one node: its kind, what is replaced and by what; calls keep the arguments that are needed."""
    match node:
        case ast.If(body=[ast.Raise() | ast.Return() | ast.Continue() | ast.Break()], orelse=[]):
            yield "guard dropped", node, ast.Pass()
        case ast.Expr(ast.Call()) | ast.Raise() | ast.AugAssign() | ast.Assign([ast.Attribute() | ast.Subscript()]):
            yield "statement dropped", node, ast.Pass()
        case ast.Compare(left, [op], others):
            yield "comparison turned", node, ast.Compare(left, [TURNED[type(op)]()], others)
        case ast.BoolOp(op, values):
            yield "and, or swapped", node, ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
        case ast.BinOp(left, ast.BitOr(), ast.Name(name) | ast.Attribute(attr=name)) if name.isupper():
            yield "element dropped", node, left
        case ast.Constant(bool() | int() | float() as value):
            other = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else 2 * value + 1
            yield "constant changed", node, ast.Constant(other)
        case ast.Set(items) | ast.List(items, ctx=ast.Load()) | ast.Tuple(items) if len(items) > 1:
            if not isinstance(node, ast.Tuple) or all(isinstance(each, ast.Constant) for each in items):
                for at in range(len(items)):  # of other tuples the length may count
                    yield "element dropped", node, type(node)(elts=items[:at] + items[at + 1 :], ctx=ast.Load())
        case ast.Call(ast.Name(name) | ast.Attribute(attr=name), arguments, keywords) if name[0].islower():
            for at, each in enumerate(keywords):
                if each.arg and (name, each.arg) not in needed:
                    yield "argument dropped", node, ast.Call(node.func, arguments, keywords[:at] + keywords[at + 1 :])
    for test in getattr(node, "ifs", [getattr(node, "test", getattr(node, "guard", None))]):
        if test is not None and not isinstance(node, ast.Assert):
            yield "condition negated", test, ast.UnaryOp(ast.Not(), test)


def needed_arguments(folder: Path) -> set[tuple[str, str]]:
    """Function and argument of all arguments in modules below a folder that have no default."""
    found = set()
    for node in (node for path in folder.rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))):
        if isinstance(node, ast.FunctionDef):
            plain = node.args.args[: len(node.args.args) - len(node.args.defaults)]
            only = [each for each, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if not value]
            found |= {(node.name, each.arg) for each in plain + only}
    return found


def breaks(area: str) -> Iterator[Break]:
    """All breaks of an area that leave its modules Python."""
    tool = ROOT / "autograder"
    needed = needed_arguments(tool)
    for path in sorted({path for pattern in AREAS[area][0].split() for path in tool.glob(pattern)}):
        source = path.read_bytes()
        starts = [0, *(at + 1 for at, byte in enumerate(source) if byte == ord("\n"))]
        for node in nodes(ast.parse(source)):
            for kind, old, new in changes(node, needed):
                begin = starts[old.lineno - 1] + old.col_offset
                end = starts[(old.end_lineno or 0) - 1] + (old.end_col_offset or 0)
                text = ast.unparse(new) if isinstance(new, ast.Pass) else f"({ast.unparse(new)})"
                module = source[:begin] + text.encode() + source[end:]
                try:
                    ast.parse(module)
                except SyntaxError:  # an elif, a pattern
                    continue
                before, after = (" ".join(words.split())[:90] for words in (source[begin:end].decode(), text))
                yield Break(path.relative_to(ROOT), old.lineno, kind, f"{before} -> {after}", module)


def draw(area: str, count: int, seed: int) -> list[Break]:
    """So many breaks of an area, of all kinds in turn, no two on one line."""
    chance = random.Random(f"{seed} {area}")
    kinds = defaultdict[str, list[Break]](list)
    for each in breaks(area):
        kinds[each.kind].append(each)
    drawn: list[Break] = []
    for kind in cycle(chance.sample(sorted(kinds), len(kinds))):
        lines = {each[:2] for each in drawn}
        left = [each for each in kinds[kind] if each[:2] not in lines]
        if len(drawn) == count:
            break
        drawn += [chance.choice(left)] if left else []
    return drawn


def outcome(copy: Path, area: str, change: Break | None) -> str:
    """How an area's tests end in a copy of the tree, with a break or with none."""
    path = copy / (change.path if change else "README.md")
    intact = path.read_bytes()
    path.write_bytes(change.module if change else intact)
    places = (copy / "tests" / "tool" / name for name in AREAS[area][1].split())
    tests = [place if place.is_dir() else place.with_name(f"test_{place.name}.py") for place in places]
    command = [*ALONE, *AS_ITS_CHILD, sys.executable, "-m", "pytest", "-x", "-q", f"--basetemp={copy}.tmp", *tests]
    environment = os.environ | {"PYTHONPATH": str(copy), "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, stdout=subprocess.DEVNULL, timeout=PATIENCE)
        return "noticed" if done.returncode else "unnoticed"
    except subprocess.TimeoutExpired:
        return "timed out"
    finally:
        path.write_bytes(intact)


def main() -> int:
    """Try what was drawn, after a look whether each area's tests pass unbroken, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--only", choices=AREAS)
    parser.add_argument("--log", type=Path, default=Path(os.devnull))
    options = parser.parse_args()
    shares = Counter(islice(cycle([options.only] if options.only else AREAS), options.count))
    drawn = {area: draw(area, share, options.seed) for area, share in shares.items()}
    done: dict[str, str] = dict(map(json.loads, options.log.read_text().splitlines())) if options.log.is_file() else {}
    ends = defaultdict[str, Counter[str]](Counter)
    listed = 'git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory "$0"'
    with tempfile.TemporaryDirectory(prefix="breaks-") as folder:
        (copy := Path(folder, "tree")).mkdir()
        Path(folder).chmod(0o755)  # walls with another user id have to read it
        subprocess.run(["bash", "-c", listed, copy], cwd=ROOT, check=True)
        for area, change in ((area, change) for area, row in drawn.items() for change in (None, *row)):
            name = f"{change.path}:{change.line} {change.kind}: {change.words}" if change else f"{area}, unbroken"
            if name not in done:
                done[name] = outcome(copy, area, change)
                with options.log.open("a") as log:
                    print(json.dumps([name, done[name]]), file=log)
            print(f"| {name} | {done[name]} |", flush=True)
            if change:
                ends[area][done[name]] += 1
            elif done[name] != "unnoticed":
                raise SystemExit("Not all tests pass without a break.")
    print("\n| area | breaks | noticed | timed out | unnoticed |\n|---|---|---|---|---|")
    for area, end in ends.items():
        print(f"| {area} | {end.total()} | {end['noticed']} | {end['timed out']} | {end['unnoticed']} |")
    return int(any(end["unnoticed"] for end in ends.values()))


if __name__ == "__main__":
    sys.exit(main())
