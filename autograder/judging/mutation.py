"""Small changes to a source, each of which usually makes it wrong: on Python's syntax tree, and on C that stands in a text."""

import ast
import difflib
import re
import warnings
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

OPERATORS: dict[type[ast.AST], tuple[type[Any], ...]] = {
    **{ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult, ast.FloorDiv)},
    **{ast.FloorDiv: (ast.Div,), ast.Mod: (ast.FloorDiv,), ast.Pow: (ast.Mult,), ast.MatMult: (ast.Mult,)},
    **{ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE)},
    **{ast.Eq: (ast.NotEq, ast.In), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,)},
    **{ast.Is: (ast.IsNot, ast.Eq), ast.IsNot: (ast.Is,), ast.And: (ast.Or,), ast.Or: (ast.And,)},
    **{ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,)},
}
ALIKE = "sum mean max min zeros ones zeros_like ones_like sin cos any all argmax argmin floor ceil real imag train eval append extend items keys sqrt square log exp".split()
"""Pairs of names of functions and methods, of which one is easily taken for the other."""
OTHERS = dict(zip(ALIKE, (ALIKE[at ^ 1] for at in range(len(ALIKE))), strict=True))
ITERATED = ("[*({})][:2]", "[*({})][1:]", "[*({})][:-1]", "[*({})][::-1]", "dict.fromkeys({})")
"""What a loop may run over by mistake: only the first two, all but the first or the last, backwards, each once."""
SIZES = ("2", "3", "10")
"""Built in for a size, as a text's example has it."""
SPOILERS = ("clear()", "fill(7)", "data.fill_(7)", "train(not {0}.training)")
"""What changes a caller's list or dict, array, tensor, or model; for anything else, the mutant fails."""
C_TOKENS = (
    (r"<=", "<"), (r"(?<![<-])<(?![<=])", "<="), (r">=", ">"), (r"==", "!="), (r"!=", "=="), (r"&&", "||"),
    (r"\+=", "="), (r" \+ ", " - "), (r" - ", " + "), (r" \* ", " / "), (r" / ", " * "), (r"\b1\b", "2"), (r"\b0\b", "1"),
    (r"\.x\b", ".y"), (r"(?m)^.*;$", ";"), (r"HostToDevice", "DeviceToHost"), (r"DeviceToHost", "HostToDevice"),
)  # fmt: skip


def mutations(source: str, public: Sequence[str], most: int, chosen: Random) -> dict[str, str]:
    """Changed sources, at most so many and chosen so, each with its difference in a line.

    Of functions and classes that are ``public`` the arguments belong to somebody else.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic
        return {}
    count = sum(1 for _ in _each(tree, public))
    drawn = {*chosen.sample(range(count), min(most, count))}
    before, found = ast.unparse(tree), dict[str, str]()
    warnings.simplefilter("ignore", SyntaxWarning)
    for at, _ in enumerate(_each(tree, public)):
        if at in drawn:
            try:
                after = ast.unparse(ast.fix_missing_locations(tree))
                compile(after, "cell", "exec")
            except (SyntaxError, ValueError):
                continue
            if after != before:
                found.setdefault(after, _difference(before, after))
    return found


def _difference(before: str, after: str) -> str:
    old, new = ([re.sub(r"\s+", " ", line.strip()) for line in text.split("\n")] for text in (before, after))
    lines = [*difflib.unified_diff(old, new, lineterm="", n=0)][2:]
    return "  ".join(line for line in lines if line[:2] != "@@")[:300]


def _each(tree: Any, public: Sequence[str]) -> Iterator[None]:
    """Changes the tree, yields, and changes it back, in every way that there is."""
    nodes = list(ast.walk(tree))
    names = [each.arg for each in nodes if isinstance(each, ast.arg)]
    names += [each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]
    texts = [each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    words = [each for each in texts if 0 < len(each) < 20]
    unseen = {part for each in nodes if isinstance(each, ast.Raise | ast.JoinedStr) for part in ast.walk(each)}
    for top in (each for each in tree.body if getattr(each, "name", None) in public):
        for function in getattr(top, "body", ()) if isinstance(top, ast.ClassDef) else [top]:
            if isinstance(function, ast.FunctionDef):
                yield from _spoilt(function)
    for node in (each for each in nodes if each not in unseen):
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr) and field not in ("annotation", "returns"):
                loops = [_parsed(form.format(ast.unparse(value))) for form in ITERATED if field == "iter"]
                for new in (*loops, *instead(value, [*dict.fromkeys(names)], words)):
                    setattr(node, field, new)
                    yield
                setattr(node, field, value)
            elif isinstance(value, list) and field not in ("decorator_list", "targets"):
                whole = list(value)
                for parts in _lists(whole, [*dict.fromkeys(names)], words):
                    value[:] = parts
                    yield
                value[:] = whole


def _lists(whole: list[Any], names: list[str], words: list[Any]) -> Iterator[list[Any]]:
    """A list of statements, arguments, operands or conditions with one of them changed, dropped, doubled, or swapped."""
    for at, each in enumerate(whole):
        before, behind = whole[:at], whole[at + 1 :]
        if isinstance(each, ast.stmt):
            yield from ([*before, *new, *behind] for new in _statements(each))
        elif isinstance(each, ast.expr):
            yield from ([*before, new, *behind] for new in instead(each, names, words))
            yield from ([*before, behind[0], each, *behind[1:]] for _ in behind[:1])
        if isinstance(each, ast.expr | ast.keyword):
            yield [*before, *behind]


def _statements(node: Any) -> Iterator[list[Any]]:
    """What may stand in a statement's place."""
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if docstring or isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Pass):
        return
    yield [ast.Pass()]
    match node:
        case ast.Expr():
            yield [node, node]
        case ast.AugAssign(target, op, value):
            yield from ([node, node], [ast.Assign([target], value)])
            yield from ([ast.AugAssign(target, other(), value)] for other in OPERATORS.get(type(op), ()))
        case ast.Assign([ast.Name() | ast.Attribute() as place], ast.BinOp(left, op, right)):
            if ast.unparse(place) == ast.unparse(left):
                yield [ast.AugAssign(place, op, right)]
        case ast.With(body=body) | ast.If(body=body, orelse=[]):
            yield body
        case ast.If(body=body, orelse=orelse):
            yield from (body, orelse)


def instead(node: ast.expr, names: list[str], words: list[Any]) -> Iterator[ast.expr]:
    """What may stand in an expression's place; of names and words, only those given."""
    text = ast.unparse(node)
    match node:
        case ast.BinOp(left, op, right):
            yield from (ast.BinOp(left, other(), right) for other in OPERATORS.get(type(op), ()))
            yield from (left, right, ast.BinOp(right, op, left))
        case ast.BoolOp(op, values):
            yield ast.BoolOp(OPERATORS[type(op)][0](), values)
        case ast.UnaryOp(_, operand):
            yield operand
        case ast.Compare(left, [op], [right]):
            yield from (ast.Compare(left, [other()], [right]) for other in OPERATORS[type(op)])
            if isinstance(op, ast.Is | ast.IsNot) and ast.unparse(right) == "None":
                yield left if isinstance(op, ast.IsNot) else ast.UnaryOp(ast.Not(), left)
            if isinstance(op, ast.In):
                yield _parsed(f"{ast.unparse(right)}.get({ast.unparse(left)})")
        case ast.IfExp(_, body, orelse):
            yield from (body, orelse)
        case ast.Constant(bool() as truth):
            yield ast.Constant(not truth)
        case ast.Constant(int() | float() as number):
            yield from (ast.Constant(new) for new in (number + 1, number - 1, 2 * number, -number))
        case ast.Constant(str() as program) if ";\n" in program:
            for pattern, new in C_TOKENS:
                for at in re.finditer(pattern, program):
                    yield ast.Constant(f"{program[: at.start()]}{new}{program[at.end() :]}")
        case ast.Constant(word) if word in words:
            yield from (ast.Constant(other) for other in words[words.index(word) + 1 :][:1] + words[:1])
        case ast.Dict([], []) | ast.List([]):  # shared by all calls and objects
            yield _parsed(f"globals().setdefault('_shared', {text})")
        case ast.Name(name, ast.Load()) if name in names:
            yield from (ast.Name(names[(names.index(name) + step) % len(names)], ast.Load()) for step in (1, -1))
        case ast.Attribute(value, name, ast.Load()):
            yield from (value, ast.Attribute(value, OTHERS.get(name, name), ast.Load()))
        case ast.Subscript(value, ast.Slice(lower, upper, step), ast.Load()):
            for bounds in ((None, upper, step), (lower, None, step), (lower, upper, None)):
                yield ast.Subscript(value, ast.Slice(*bounds), ast.Load())
        case ast.Subscript(value, _, ast.Load()):
            yield value
        case ast.Call(function, arguments, _):
            yield from arguments[:1]
            if isinstance(function, ast.Attribute):
                yield function.value
            yield _parsed(text.replace(ast.unparse(function), OTHERS.get(ast.unparse(function), "list"), 1))
            if ast.unparse(function) in ("range", "enumerate", "torch.arange", "np.arange"):
                yield _parsed(f"[*{text}, len([*{text}])]")
    if re.search(r"^len\(|\.shape\[[^]]*\]$|\.size\(\d*\)$|\.numel\(\)$", text):
        yield from map(_parsed, SIZES)


def _spoilt(node: ast.FunctionDef) -> Iterator[None]:
    """The same answer, but what one argument holds is lost."""
    whole = node.body
    for name in (each.arg for each in node.args.args if each.arg != "self"):
        for spoiler in SPOILERS:
            node.body = [ast.Try(whole, [], [], ast.parse(f"{name}.{spoiler.format(name)}").body)]
            yield
    node.body = whole


def _parsed(text: str) -> ast.expr:
    return ast.parse(f"({text})", mode="eval").body
