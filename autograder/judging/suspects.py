"""Mistakes that are on no list: two known ones at once, and a formula of the judge's with one place of it changed."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache, partial
from itertools import combinations
from typing import Any

import numpy as np

from autograder.judging.exercise import Exercise, Guarded, Mistake
from autograder.judging.mistakes import Changed
from autograder.judging.mutation import instead

SHORTEST = 8
"""Characters of the part of a formula that is told, where it is part of more."""

PLENTY = 12
"""So many whole numbers or truths have to be wrong as a suspect has them; of fractions, one is as good as ten."""


LONG = 1000
"""Whole numbers from here on tell as much as fractions."""

BUILT_IN = [str(size) for size in (*range(2, 11), 16, 32, 64, 100, 128, 255, 256, 500, 512, 1000, 1024)]
"""What stands for a size in texts and examples, and is left in by mistake."""


@cache
def suspects(exercise: Exercise) -> tuple[tuple[Mistake, tuple[Mistake, ...]], ...]:
    """All mistakes of these kinds, with those that they consist of; one that fails for some inputs says nothing of them.

    They are the same for each submission, as are their oracles, so that a case asks each once.
    """
    return tuple(_suspects(exercise))


def _suspects(exercise: Exercise) -> Iterator[tuple[Mistake, tuple[Mistake, ...]]]:
    yield from ((guarded(each), ()) for each in exercise.variants)
    for formula in exercise.formulas:
        for old, new, function in _changed(formula.function):
            words = f"Your answer is what comes out with `{new}` in place of `{old}`."
            yield guarded(Mistake(f"{new} for {old}", words, formula.oracle(function), formula.checks)), ()
    for first, second in combinations((*exercise.mistakes, *exercise.variants), 2):
        both = first.expected.also(second.expected) if isinstance(first.expected, Changed) else None
        if both is not None:
            checks = first.checks + second.checks if first.checks and second.checks else ()
            words = f"Two things at once. {first.message} And: {second.message}"
            unless = tuple(name for name in first.unless + second.unless if name not in checks)
            pair = Mistake(f"{first.name} + {second.name}", words, both, checks, unless)
            yield guarded(pair), (guarded(first), guarded(second))


def _without_brackets(text: str) -> Iterator[str]:
    """The formula with each pair of its brackets left out in turn, but those of calls."""
    opened = list[int]()
    for at, sign in enumerate(text):
        if sign == "(":
            opened.append(at)
        elif sign == ")" and not re.match(r"[\w\])]", text[(start := opened.pop()) - 1 : start]):
            yield f"{text[:start]}{text[start + 1 : at]}{text[at + 1 :]}"


THROUGHOUT = [
    *("{0} / 2", "2 * {0}", "{0} + 1", "{0} - 1", "-{0}", "abs({0})", "trunc({0})", "1", "2"),
    *(f"min({{0}}, {most})" for most in (1, 2, 3, 4)),
    *(f"max({{0}}, 1e-{digits:02d})" for digits in range(2, 13)),
]
"""What an argument may be taken for throughout: with limits, because of small numbers or of large ones."""


@cache
def guarded(mistake: Mistake) -> Mistake:
    """The same mistake, which says nothing of inputs that do not suit it."""

    oracle = Guarded(mistake.expected)
    return Mistake(mistake.name, mistake.message, oracle, mistake.checks, mistake.unless)


def telling(wrong: Any) -> int:
    """How many whole numbers a suspect's answer is worth, of which it may hold a few by chance; zeros tell nothing."""
    if isinstance(wrong, Mapping | list | tuple):
        return sum(map(telling, wrong.values() if isinstance(wrong, Mapping) else wrong))
    values = np.asarray(wrong)
    values = values[values != 0] if values.dtype.kind == "f" else values
    fractions = values.dtype.kind == "f" and not np.allclose(values, np.round(values), rtol=1e-9, atol=0)
    long = values.dtype.kind in "iu" and bool((np.abs(values) >= LONG).any())
    return int(values.size) * (10 if fractions or long else 1)


@cache
def _changed(function: Callable[..., Any]) -> tuple[tuple[str, str, Callable[..., Any]], ...]:
    """The function with one place changed, in every way that there is, each behind the text there, before and after."""
    try:
        definition: Any = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError):  # it has no source, or is a lambda within something
        return ()
    if not isinstance(definition, ast.FunctionDef):
        return ()
    definition.decorator_list = []
    given = [each for each in ast.walk(definition.args) if isinstance(each, ast.arg)]
    arguments = {each.arg: each.annotation is not None and ast.unparse(each.annotation) == "int" for each in given}
    parts = (*definition.body, *definition.args.defaults, *definition.args.kw_defaults)
    places = [place for part in parts if part for place in _places(part)]
    parents = {
        id(node): parent for part in parts if part for parent in ast.walk(part) for node in ast.iter_child_nodes(parent)
    }
    found = []

    def note(old: str, new: str) -> None:
        namespace = dict(function.__globals__)
        exec(compile(ast.fix_missing_locations(ast.Module([definition], [])), "<formula>", "exec"), namespace)
        found.append((old, new, namespace[definition.name]))

    for parent, put, node in places:
        told: Any = node
        while len(ast.unparse(told)) < SHORTEST and isinstance(outer := parents.get(id(told)), ast.expr | ast.keyword):
            told = outer
        old = ast.unparse(told)
        for new in _instead(node, arguments, returned=isinstance(parent, ast.Return)):
            put(new)
            note(old, ast.unparse(new if told is node else told))
        put(node)
    named = [each for _, _, each in places if isinstance(each, ast.Name) and each.id in arguments]
    whole = getattr(definition.body[-1], "value", definition)
    for one, other in combinations(sorted({each.id for each in named}), 2):
        old, there = ast.unparse(whole), [(each, each.id) for each in named if each.id in (one, other)]
        for each, name in there:
            each.id = other if name == one else one
        note(old, ast.unparse(whole))
        for each, name in there:
            each.id = name
    throughout = [(name, text, partial(_with_argument, function, name, text)) for name, text in _arguments(function)]
    return (*sorted(found, key=lambda each: len(each[1])), *throughout)


def _arguments(function: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    """Each argument, and what may stand in its place everywhere: a half, its neighbour, a limit, its default."""
    parameters = _signature(function).parameters
    for name, parameter in parameters.items():
        yield from ((name, form.format(name)) for form in THROUGHOUT)
        yield from ((name, other) for other in parameters if other != name)
        if parameter.default is not parameter.empty:
            yield name, repr(parameter.default)


_signature = cache(inspect.signature)


def _with_argument(function: Callable[..., Any], name: str, text: str, *given: Any, **named: Any) -> Any:
    """The function's value where an argument is made of all of them by a formula."""
    bound = _signature(function).bind(*given, **named)
    bound.apply_defaults()
    bound.arguments[name] = eval(text, {"trunc": np.trunc}, dict(bound.arguments))
    return function(*bound.args, **bound.kwargs)


def _places(tree: Any) -> Iterator[tuple[ast.AST, Callable[[ast.expr], None], ast.expr]]:
    """Each expression within, with what holds it, and what puts another one in its place."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if isinstance(value, ast.expr):
                yield parent, partial(setattr, parent, field), value
            for at, each in enumerate(value if isinstance(value, list) else ()):
                if isinstance(each, ast.expr):
                    yield parent, partial(value.__setitem__, at), each


def _instead(node: ast.expr, arguments: Mapping[str, bool], *, returned: bool) -> Iterator[ast.expr]:
    """What may stand in an expression's place by mistake; of arguments, whether each is a size."""
    yield from instead(node, [*arguments], [])
    text = ast.unparse(node)
    texts = [f"-{text}", f"abs({text})", *_without_brackets(text)] if returned else []
    match node:
        case ast.BinOp(left, ast.Add(), right):
            yield ast.BinOp(left, ast.Mult(), right)
        case ast.BinOp(left, ast.Mult(), right):
            yield ast.BinOp(left, ast.Add(), right)
        case ast.Constant(int() as number):
            texts += [f"{10 * number}", f"{number / 10:g}"]
    match node:
        case ast.BinOp(left, op, ast.BinOp(first, other, second)):  # the brackets are forgotten
            yield ast.BinOp(ast.BinOp(left, op, first), other, second)
        case ast.BinOp(ast.BinOp(left, op, first), other, second):  # there are brackets where none belong
            yield ast.BinOp(left, op, ast.BinOp(first, other, second))
            yield ast.BinOp(ast.BinOp(left, other, second), op, first)
        case ast.Name(name, ast.Load()) if name in arguments:
            texts += [
                form.format(name)
                for form in ("({} + 1)", "({} - 1)", "(2 * {})", "({} / 2)", "({} // 2)", "(-{})", "abs({})")
            ]
            texts += [*arguments, *(BUILT_IN if arguments[name] else ())]
        case ast.Call(function, values, keywords):
            yield from values[1:]
            left_out = ([*keywords[:at], *keywords[at + 1 :]] for at in range(len(keywords)))
            yield from (ast.Call(function, values, each) for each in left_out)
            if len(values) == 2:
                yield from (ast.Call(function, values[::-1], keywords), ast.BinOp(values[0], ast.Add(), values[1]))
    for text in texts:
        with suppress(SyntaxError):
            yield ast.parse(text, mode="eval").body
