"""Turn a kernel into a generator that stops before each access to an array and at each barrier.

So one Python thread can run thousands of CUDA threads a step at a time, in any order. The function's source is read,
and in it

    a[i]              becomes    (yield (a, i, LINE))
    a[i] = v          becomes    yield (v, a, i, LINE)
    syncthreads()     becomes    (yield LINE)
    f(x), f a @device becomes    (yield from f.body(x))

The rest is left alone, and so are the insides of lambdas, comprehensions and inner functions, which cannot yield for
the kernel: an access there takes place without a stop.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from types import CodeType, FunctionType, ModuleType
from typing import Any

INNER = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.FunctionDef, ast.ClassDef)

Meaning = Callable[[Any], str]
"""What an object that is called in a kernel is: "barrier", "device", "shared" or ""."""


class NoSource(RuntimeError):
    """The kernel's source cannot be read."""


def generator_function(
    function: FunctionType, meaning: Meaning, definition: ast.FunctionDef | None = None
) -> FunctionType:
    """The function as a generator function of the same arguments; the definition is used up, if it is given.

    Raises:
        NoSource: the source cannot be read.
        SyntaxError: the function is not a plain ``def``.
    """
    if definition is None:
        definition = parsed(*source_text(function))
    rewriter = _Rewriter(lambda node: meaning(_resolve(node, function)))
    never = ast.parse("if 0: yield").body  # a kernel without any access must be a generator, too
    definition.body = [*never, *rewriter.body(definition.body)]
    return _compiled(definition, function)


def source_text(function: FunctionType) -> tuple[str, int]:
    """The source of a function, its decorators included, and the number of its first line.

    Raises:
        NoSource: it cannot be read.
    """
    try:
        lines, first = inspect.getsourcelines(function)
    except (OSError, TypeError):
        message = f"The source of {function.__name__} is not at hand: write the kernel in a notebook cell or in a file."
        raise NoSource(message) from None
    return textwrap.dedent("".join(lines)), first


def parsed(text: str, first: int) -> ast.FunctionDef:
    """The definition in a source whose first line has this number.

    Raises:
        SyntaxError: it is not that of a plain ``def``.
    """
    tree = ast.parse(text)
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise SyntaxError("a kernel is a function written with def")
    ast.increment_lineno(tree, first - 1)
    definition.decorator_list = []
    definition.returns = None
    for argument in (*definition.args.posonlyargs, *definition.args.args, *definition.args.kwonlyargs):
        argument.annotation = None
    return definition


def _compiled(definition: ast.FunctionDef, function: FunctionType) -> FunctionType:
    """The rewritten definition with the globals, defaults and enclosed variables of the old one."""
    free = function.__code__.co_freevars
    outer = ast.parse(f"def outer({', '.join(free)}): pass")
    holder = outer.body[0]
    assert isinstance(holder, ast.FunctionDef)
    own = [] if definition.name in free else [ast.Global([definition.name])]  # a global function may call itself
    holder.body = [*own, definition]
    code: CodeType = compile(ast.fix_missing_locations(outer), function.__code__.co_filename, "exec")
    for name in ("outer", definition.name):
        code = next(each for each in code.co_consts if isinstance(each, CodeType) and each.co_name == name)
    cells = dict(zip(free, function.__closure__ or (), strict=True))
    code, closure = code.replace(co_qualname=function.__qualname__), tuple(cells[name] for name in code.co_freevars)
    rewritten = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, closure)
    rewritten.__kwdefaults__ = function.__kwdefaults__
    return rewritten


def _resolve(node: ast.expr, function: FunctionType) -> Any:
    """The value of a name, or of a dotted name of a module, in the function; None if it is not known yet."""
    if isinstance(node, ast.Attribute):
        holder = _resolve(node.value, function)
        known = isinstance(holder, ModuleType) or type(holder).__module__.startswith("lifelong.cuda")
        return getattr(holder, node.attr, None) if known else None
    if not isinstance(node, ast.Name) or node.id in function.__code__.co_varnames:
        return None
    if node.id in function.__code__.co_freevars:
        cell = (function.__closure__ or ())[function.__code__.co_freevars.index(node.id)]
        try:
            return cell.cell_contents
        except ValueError:  # not bound yet
            return None
    return function.__globals__.get(node.id)


def _yielded(*parts: ast.expr) -> ast.expr:
    return ast.Yield(ast.Tuple(list(parts), ast.Load()))


def _loaded(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _plain(node: ast.Subscript) -> bool:
    """Whether an index is a value, not a slice."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return not any(isinstance(part, ast.Slice | ast.Starred) for part in parts)


class _Rewriter(ast.NodeTransformer):
    """Rewrites statements and expressions of one function body."""

    def __init__(self, meaning: Callable[[ast.expr], str]) -> None:
        self._meaning = meaning
        self._names = 0

    def body(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """The statements, rewritten."""
        result: list[ast.stmt] = []
        for statement in statements:
            new = self.visit(statement)
            result.extend(new if isinstance(new, list) else [new])
        return result

    def visit(self, node: ast.AST) -> Any:
        """Leave inner functions alone; give each new node the position of the node that it replaces."""
        if isinstance(node, INNER):
            return node
        new = super().visit(node)
        for each in new if isinstance(new, list) else [new]:
            if each is not node:
                ast.copy_location(each, node)
                ast.fix_missing_locations(each)
        return new

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load) or not _plain(node):
            return node
        return _yielded(node.value, node.slice, ast.Constant(node.lineno))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        what = self._meaning(node.func)
        if what == "barrier":
            return ast.Yield(ast.Constant(node.lineno))
        self.generic_visit(node)
        if what == "device":
            node.func = ast.Attribute(node.func, "body", ast.Load())
            return ast.YieldFrom(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return node
        return self.visit(ast.copy_location(ast.Assign([node.target], node.value), node))

    def visit_Assign(self, node: ast.Assign) -> Any:
        pairs = [(node.targets[0], node.value)]
        if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = [*zip(node.targets[0].elts, node.value.elts, strict=False)]
        for target, call in pairs:
            if isinstance(target, ast.Name) and isinstance(call, ast.Call) and self._meaning(call.func) == "shared":
                call.keywords.append(ast.keyword("name", ast.Constant(target.id)))
        node.value = self.visit(node.value)
        stores: list[ast.stmt] = []
        node.targets = [self._target(each, stores) for each in node.targets]
        return [node, *stores]

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        """``a[i] += v`` is a load, then an addition, then a store; other threads may come between."""
        if not isinstance(node.target, ast.Subscript) or not _plain(node.target):
            return self.generic_visit(node)
        array, index, value = self._name(), self._name(), self._name()
        line = ast.Constant(node.lineno)
        statements = [
            _assign(array, self.visit(node.target.value)),
            _assign(index, self.visit(node.target.slice)),
            _assign(value, _yielded(_loaded(array), _loaded(index), line)),
            ast.AugAssign(ast.Name(value, ast.Store()), node.op, self.visit(node.value)),
            ast.Expr(_yielded(_loaded(value), _loaded(array), _loaded(index), line)),
        ]
        return [ast.fix_missing_locations(ast.copy_location(each, node)) for each in statements]

    def _target(self, target: ast.expr, stores: list[ast.stmt]) -> ast.expr:
        """The target with a plain name for each cell of an array in it; the stores follow."""
        if isinstance(target, ast.Tuple | ast.List):
            target.elts = [self._target(each, stores) for each in target.elts]
        elif isinstance(target, ast.Subscript) and _plain(target):
            name, line = self._name(), ast.Constant(target.lineno)
            store = _yielded(_loaded(name), self.visit(target.value), self.visit(target.slice), line)
            stores.append(ast.fix_missing_locations(ast.copy_location(ast.Expr(store), target)))
            return ast.copy_location(ast.Name(name, ast.Store()), target)
        return target

    def _name(self) -> str:
        self._names += 1
        return f"_value_{self._names}"


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)
