"""Judge ``yaml_objects``: what is built from kind texts, and what hostile ones achieve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

CANARY = "course_canary"
PARTS = ("train", "model", "layers", "data", "costs", "monitor", "optim", "blocks")
CLASSES = ("Train", "MLP", "Linear", "MNIST", "SGD", "Dropout", "Step", "Space")


def draw(rng: np.random.Generator) -> list[Case]:
    """Kind texts with drawn names and numbers, and one hostile text for each way in."""
    names = [
        f"{part}.{name}" for part, name in zip(rng.permutation(PARTS)[:5], rng.permutation(CLASSES)[:5], strict=True)
    ]
    a, b, c, d = (int(each) for each in rng.integers(1, 1000, 4))
    one, two, three, four, other = (str(each) for each in names)

    def kind(name: str, text: str, built: Any, made: list[str]) -> Case:
        given = {"text": text, "allowed": names[:4], "hostile": False}
        return Case(name, {**given, "right": {"built": built, "made": made, "ran": False}})

    def hostile(name: str, text: str, named: str = "") -> Case:
        return Case(name, {"text": text, "allowed": names[:4], "hostile": True, "named": named})

    def thing(number: int, name: str, **content: Any) -> list[Any]:
        return ["object", number, name, content]

    nested = f"""
!obj:{one} {{
    rate: 0.{b}5,
    model: !obj:{two} {{ layers: [ !obj:{three} {{ size: {a} }}, !obj:{three} {{ size: {b} }} ] }},
    notes: {{ best: !obj:{four} {{}}, name: 'run {c}' }}
}}
"""
    shared = f"""
!obj:{one} {{
    data: &train !obj:{two} {{ size: {c} }},
    monitor: [ *train, !obj:{two} {{ size: {c} }} ],
    algorithm: !obj:{three} {{ source: *train, steps: {d} }}
}}
"""
    return [
        kind("one", f"!obj:{one} {{ size: {a}, rate: 1.5 }}", thing(0, one, size=a, rate=1.5), [one]),
        kind(
            "plain",
            f"first: [{a}, {b}]\nsecond: {{third: text}}\n",
            {"first": [a, b], "second": {"third": "text"}},
            [],
        ),
        kind(
            "nested",
            nested,
            thing(
                0,
                one,
                rate=float(f"0.{b}5"),
                model=thing(1, two, layers=[thing(2, three, size=a), thing(3, three, size=b)]),
                notes={"best": thing(4, four), "name": f"run {c}"},
            ),
            [three, three, two, four, one],
        ),
        kind(
            "shared",
            shared,
            thing(
                0,
                one,
                data=thing(1, two, size=c),
                monitor=[["same", 1], thing(2, two, size=c)],
                algorithm=thing(3, three, source=["same", 1], steps=d),
            ),
            [two, two, three, one],
        ),
        hostile("not allowed", f"!obj:{one} {{ inner: !obj:{other} {{ size: {a} }} }}", other),
        hostile("importable", f"!obj:{CANARY}.sing {{ size: {a} }}", f"{CANARY}.sing"),
        hostile("apply", f"!!python/object/apply:{CANARY}.sing [{a}]"),
        hostile("new", f"- {a}\n- !!python/object/new:{CANARY}.sing [{b}]"),
        hostile("inside", f"!obj:{one} {{ size: !!python/object/apply:{CANARY}.sing [{a}] }}"),
        hostile("import", f"rate: !import '{CANARY}.sing'"),
        hostile("pickle", f"model: !pkl: 'model{a}.pkl'"),
    ]


def _right(inputs: Tree) -> dict[str, Any]:
    return {} if inputs["hostile"] else {**inputs["right"], "changed": False}


def _kind(inputs: Tree, outputs: Tree) -> str | None:
    return "`yaml.SafeLoader` itself was changed: derive a class of your own." if outputs["changed"] else None


def _named(inputs: Tree, outputs: Tree) -> str | None:
    if outputs["error"] != "ValueError":
        return "a name that is not in `allowed` should be a ValueError."
    return None if inputs["named"] in outputs["message"] else "the ValueError's message should hold the name."


def _refused(inputs: Tree, outputs: Tree) -> str | None:
    if outputs["ran"]:
        return "the text has run code that nobody allowed."
    return None if outputs["error"] else "a text with such a tag should be refused."


def _changed(change: Callable[[Any], Any]) -> Callable[[Tree], dict[str, Any]]:
    """Kind texts whose result is changed throughout."""

    def expected(inputs: Tree) -> dict[str, Any]:
        return {} if inputs["hostile"] else {"built": change(inputs["right"]["built"])}

    return expected


def _copies(built: Any) -> Any:
    """Each alias an object of its own, numbered in the order in which they are met."""
    originals: dict[int, Any] = {}
    count = 0

    def walk(value: Any) -> Any:
        nonlocal count
        if isinstance(value, list) and value[:1] == ["object"]:
            originals[value[1]] = value
            number, count = count, count + 1
            return ["object", number, value[2], {key: walk(each) for key, each in value[3].items()}]
        if isinstance(value, list) and value[:1] == ["same"]:
            return walk(originals[value[1]])
        if isinstance(value, list):
            return [walk(each) for each in value]
        return {key: walk(each) for key, each in value.items()} if isinstance(value, dict) else value

    return walk(built)


def _outer_only(built: Any) -> Any:
    """What is left when the values were not yet built: lists and dicts are empty."""

    def walk(value: Any) -> Any:
        if isinstance(value, list) and value[:1] == ["object"]:
            return ["object", value[1], value[2], {key: walk(each) for key, each in value[3].items()}]
        if isinstance(value, list) and value[:1] != ["same"]:
            return []
        return {} if isinstance(value, dict) else value

    return walk(built)


EXERCISE = Exercise(
    id="yaml_objects",
    draw=draw,
    checks=(
        Check(
            "one",
            "An object from a mapping, and plain YAML",
            share=0.2,
            cases=("one", "plain"),
            expected=_right,
            complaint=_kind,
        ),
        Check(
            "nested",
            "Objects in lists and dicts of objects",
            share=0.2,
            cases=("nested",),
            expected=_right,
            complaint=_kind,
        ),
        Check(
            "shared",
            "An anchor and its alias are one object",
            share=0.15,
            cases=("shared",),
            expected=_right,
            complaint=_kind,
        ),
        Check(
            "not allowed",
            "Names that are not allowed are refused and named",
            share=0.2,
            cases=("not allowed", "importable"),
            expected=lambda inputs: {"ran": False},
            complaint=_named,
            needs=("one",),
        ),
        Check(
            "hostile",
            "No other tag runs anything",
            share=0.25,
            cases=("apply", "new", "inside", "import", "pickle"),
            complaint=_refused,
            needs=("one",),
        ),
    ),
    mistakes=(
        Mistake(
            "unsafe-loader",
            "Your loader is built on one that runs `!!python/…` tags: whoever writes the text runs code on your machine. Derive from yaml.SafeLoader.",
            lambda inputs: {"ran": True} if "!!python" in inputs["text"] else {},
            ("hostile",),
        ),
        Mistake(
            "imports-anything",
            "`!obj:` imports whatever the text names: look the name up in `allowed`, and import nothing.",
            lambda inputs: {"ran": True} if CANARY in inputs["named"] else {"error": "another error"},
            ("not allowed",),
        ),
        Mistake(
            "unknown-is-none",
            "A name that is not allowed is passed over in silence: raise a ValueError that names it.",
            lambda inputs: {"error": ""},
            ("not allowed",),
        ),
        Mistake(
            "shallow",
            "Values in lists and dicts are not there yet when the object is made: construct_mapping(node, deep=True).",
            _changed(_outer_only),
            ("nested",),
        ),
        Mistake(
            "copies",
            "An alias should be the very object of its anchor, not another one like it.",
            _changed(_copies),
            ("shared",),
        ),
        Mistake(
            "safe-loader-changed",
            "yaml.SafeLoader itself was changed, for everybody: derive a class of your own, and add to that.",
            lambda inputs: {"changed": True},
            ("one", "nested", "shared"),
        ),
        Mistake(
            "other-tags-accepted",
            "Tags that are neither plain YAML nor `!obj:` are taken for plain values: refuse them.",
            lambda inputs: {"error": "", "ran": False} if inputs["text"].startswith(("rate", "model")) else {},
            ("hostile",),
        ),
    ),
)
