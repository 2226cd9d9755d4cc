"""A kernel as text: taken out of a notebook, held to the language of kernels, and made a kernel again elsewhere.

Whoever grades a kernel wants to know how it came to its numbers, and a notebook's process may say anything. So the
kernel's source leaves it, with the functions and numbers that it names, and runs where no other code of the notebook
has. That is closed only as long as a kernel cannot reach beyond threads, arrays and numbers, which the syntax tree
shows: no import, no attribute but those listed here, no name but its own and those that came along.
"""

import ast
import builtins
import inspect
import linecache
import math
from collections.abc import Callable, Mapping
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from lifelong import cuda
from lifelong.cuda.kernel import Device, Kernel
from lifelong.cuda.rewrite import parsed, source_text

MODULES: dict[str, ModuleType] = {"lifelong.cuda": cuda, "math": math, "numpy": np}
PARTS = {
    "lifelong.cuda": "atomicAdd atomicCAS atomicExch atomicMax atomicMin atomicSub blockDim blockIdx gridDim shared shared.array syncthreads threadIdx",
    "math": " ".join(name for name in vars(math) if name[0] != "_"),
    "numpy": "abs bool_ ceil cos exp float32 float64 floor inf int32 int64 log maximum minimum nan pi sin sqrt tanh uint8 uint32",
}
KNOWN = {f"{module}.{part}" for module, parts in PARTS.items() for part in parts.split()}
"""What a kernel may take from modules."""

BUILTINS = "abs all any bool divmod enumerate float int len max min pow print range reversed round sum tuple zip NotImplementedError".split()
FIELDS = frozenset("x y z shape size ndim dtype nbytes append".split())
"""Attributes of what is no module."""

KINDS: dict[str, Callable[..., Any]] = {"kernel": Kernel, "device": Device, "function": lambda plain, _: plain}

GRAMMAR = (
    *(ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr),
    *(ast.For, ast.While, ast.If, ast.Expr, ast.Pass, ast.Break, ast.Continue, ast.Raise, ast.Assert, ast.IfExp),
    *(ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.keyword, ast.Constant, ast.Name, ast.Attribute),
    *(ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.Starred, ast.ListComp, ast.GeneratorExp, ast.comprehension),
    *(ast.JoinedStr, ast.FormattedValue, ast.boolop, ast.operator, ast.unaryop, ast.cmpop, ast.expr_context),
)
REST = "it computes with numbers, reads and writes cells by their index, and calls math, other functions of this language and what lifelong.cuda has for threads"


def take(names: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A kernel's source with all that it names, as JSON.

    Args:
        names: the notebook's.
        name: the kernel's.

    Returns:
        {"kernel": its name, "functions": {name: {"kind": "kernel", "device" or "function", "text": …, "line": …}},
        "values": {name: number, text or list of such}, "known": {name: what of ``KNOWN`` or ``MODULES`` it is}}.

    Raises:
        TypeError: the name is no kernel's, or the kernel names what has no place in one.
        NoSource: the source cannot be read.
        SyntaxError: it is not that of a plain ``def``.
    """
    if not isinstance(names[name], Kernel):
        raise TypeError(f"`{name}` is not a kernel: decorate a function with @kernel")
    functions: dict[str, Any] = {}
    values: dict[str, Any] = {}
    known: dict[str, str] = {}
    places = {id(_place(path)): path for path in KNOWN} | {id(module): path for path, module in MODULES.items()}
    home = _function(names[name])[1].__globals__
    waiting = [(name, names[name])]
    while waiting:
        called, value = waiting.pop()
        kind, function = _function(value)
        if isinstance(value, np.generic):
            value = value.item()
        if id(value) in places:
            known[called] = places[id(value)]
        elif isinstance(function, FunctionType) and (function is not value or function.__globals__ is home):
            if called not in functions:
                text, line = source_text(function)
                functions[called] = {"kind": kind, "text": text, "line": line}
                scope = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
                waiting += [(each, scope[each]) for each in _loaded(parsed(text, line)) if each in scope]
        elif isinstance(value, int | float | str | tuple) or value is None:
            values[called] = _unchanging(called, value)
        else:
            raise TypeError(f"a kernel cannot use `{called}`, {_article(value)}: {REST}")
    return {"kernel": name, "functions": functions, "values": values, "known": known}


def build(data: Mapping[str, Any]) -> Kernel:
    """The kernel that ``take`` has taken.

    Raises:
        TypeError: it has something in it that a kernel's language does not allow.
        KeyError, ValueError: this is nothing that ``take`` returns.
    """
    known = {name: path for name, path in data["known"].items() if path in KNOWN or path in MODULES}
    scope: dict[str, Any] = {name: _unchanging(name, each) for name, each in data["values"].items()}
    scope |= {name: _place(path) for name, path in known.items()}
    scope |= {"__builtins__": {name: getattr(builtins, name) for name in BUILTINS}, "__name__": "kernels"}
    made: Any = None
    for name, each in data["functions"].items():
        text, line = str(each["text"]), int(each["line"])
        definition = parsed(text, line)
        _Language(definition, {*data["functions"], *data["values"]}, known).visit(definition)
        function = _compiled(definition, "\n" * (line - 1) + text, scope)
        scope[name] = KINDS[each["kind"]](function, definition)  # what runs is what was looked at, not read again
        made = scope[name] if name == data["kernel"] else made
    if not isinstance(made, Kernel):
        raise ValueError("there is no kernel in this")
    return made


def _compiled(definition: ast.FunctionDef, cell: str, scope: dict[str, Any]) -> Any:
    """The function; lines of errors in it are those of its cell, whose text is put where tracebacks look for it."""
    file, own = f"<ipython-input-{len(linecache.cache)}>", dict[str, Any]()
    linecache.cache[file] = (len(cell), None, cell.splitlines(keepends=True), file)
    exec(compile(ast.Module([definition], []), file, "exec"), scope, own)
    return own[definition.name]


def _unchanging(name: str, data: Any) -> Any:
    """A value that all threads may read, for none can change it: else it were memory that nobody watches.

    Raises:
        TypeError: it is neither number nor text, nor made of such.
    """
    if isinstance(data, tuple | list):
        return tuple(_unchanging(name, each) for each in data)
    if data is not None and not isinstance(data, int | float | str):
        raise TypeError(f"a kernel cannot use `{name}`, in which is {_article(data).removeprefix('which is ')}: {REST}")
    return data


def _function(value: Any) -> tuple[str, Any]:
    """What kind of function of a kernel's something is, and the plain function in it."""
    if isinstance(value, Kernel):
        return "kernel", value._device._function
    return ("device", value._function) if isinstance(value, Device) else ("function", value)


def _place(path: str) -> Any:
    """What a path of ``KNOWN`` or ``MODULES`` leads to."""
    module = next(name for name in MODULES if path == name or path.startswith(f"{name}."))
    found: Any = MODULES[module]
    for part in path[len(module) + 1 :].split(".") if path != module else ():
        found = getattr(found, part)
    return found


def _article(value: Any) -> str:
    """What a thing is, in words."""
    name = getattr(value, "__name__", None)
    return f"which is {name}" if isinstance(name, str) else f"which is of type {type(value).__name__}"


def _loaded(definition: ast.FunctionDef) -> set[str]:
    """The names that a definition takes from outside, builtins included."""
    return {node.id for node in ast.walk(definition) if isinstance(node, ast.Name)} - _own(definition)


def _own(definition: ast.FunctionDef) -> set[str]:
    """The names that a definition binds."""
    bound = {node.id for node in ast.walk(definition) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return bound | {node.arg for node in ast.walk(definition) if isinstance(node, ast.arg)}


class _Language(ast.NodeVisitor):
    """Refuses what a kernel cannot contain; the message names it."""

    def __init__(self, definition: ast.FunctionDef, given: set[str], known: Mapping[str, str]) -> None:
        self._definition, self._known = definition, known
        self._own = _own(definition)
        self._names = self._own | given

    def visit(self, node: ast.AST) -> None:
        """Each node must be of the grammar."""
        if not isinstance(node, GRAMMAR) or (isinstance(node, ast.FunctionDef) and node is not self._definition):
            self._refuse(f"contain `{ast.unparse(node).splitlines()[0][:60]}`", node)
        super().visit(node)

    def visit_arguments(self, node: ast.arguments) -> None:
        """Defaults are made once, for all threads: only what cannot change is left to them."""
        for default in (*node.defaults, *(each for each in node.kw_defaults if each)):
            value = default
            while isinstance(value, ast.UnaryOp):
                value = value.operand
            if not isinstance(value, ast.Constant):
                self._refuse(f"have the default `{ast.unparse(default)[:60]}`", default)
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        path = "" if node.id in self._own else self._known.get(node.id, "")
        allowed = path in KNOWN if path else node.id in self._names or node.id in BUILTINS
        if node.id.startswith("__") or (not allowed and (path or hasattr(builtins, node.id))):
            self._refuse(f"use `{path or node.id}`", node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        path, root = node.attr, node.value
        while isinstance(root, ast.Attribute):
            path, root = f"{root.attr}.{path}", root.value
        if isinstance(root, ast.Name) and root.id not in self._own and root.id in self._known:
            path = f"{self._known[root.id]}.{path}"
            allowed = path in KNOWN or (path.rpartition(".")[0] in KNOWN and node.attr in FIELDS)
        else:
            path, allowed = ast.unparse(node)[:60], node.attr in FIELDS
            self.visit(node.value)
        if not allowed or not isinstance(node.ctx, ast.Load):
            self._refuse(f"use `{path}`", node)

    def visit_Call(self, node: ast.Call) -> None:
        """In the message, what is called."""
        try:
            self.visit(node.func)
        except TypeError as error:
            raise TypeError(str(error).replace("cannot use `", "cannot call `", 1)) from None
        for each in (*node.args, *node.keywords):
            self.visit(each)

    def _refuse(self, what: str, node: ast.AST) -> None:
        raise TypeError(f"a kernel cannot {what} (line {getattr(node, 'lineno', 0)}): {REST}")
