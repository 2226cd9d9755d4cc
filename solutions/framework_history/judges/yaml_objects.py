"""Judge ``yaml_objects``: what is built from kind texts, and what hostile ones achieve."""

from functools import partial
from itertools import count
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree

from .checks import check, known, named

CANARY = "course_canary"
PARTS = ("train", "model", "layers", "data", "costs", "monitor", "optim", "blocks")
CLASSES = ("Train", "MLP", "Linear", "MNIST", "SGD", "Dropout", "Step", "Space")


def draw(rng: np.random.Generator) -> list[Case]:
    """Kind texts with drawn names and numbers, and one hostile text for each way in."""
    drawn = zip(rng.permutation(PARTS)[:5], rng.permutation(CLASSES)[:5], strict=True)
    names = [f"{part}.{name}" for part, name in drawn]
    a, b, c, d = (int(each) for each in rng.integers(1, 1000, 4))
    one, two, three, four, other = names

    def kind(name: str, text: str, *, built: Any, made: list[str], **more: Any) -> Case:
        given = {"text": text, "allowed": names[:4], "before": other, "hostile": False, "named": "", **more}
        return Case(name, {**given, "right": {"built": built, "made": made, "ran": False}})

    def hostile(name: str, text: str, named: str = "") -> Case:
        return kind(name, text, built=None, made=[], hostile=True, named=named)

    def thing(number: int, name: str, **content: Any) -> list[Any]:
        return ["object", number, name, content]

    flat = f"!obj:{one} {{ size: {a}, rate: 1.5 }}"
    plain = f"first: [{a}, {b}]\nsecond: {{third: text}}\n"
    nested = f"""
!obj:{one} {{
    rate: 0.{b}5,
    model: !obj:{two} {{ layers: [ !obj:{three} {{ size: {a} }}, !obj:{three} {{ size: {b} }} ] }},
    notes: {{ best: !obj:{four} {{}}, name: 'run {c}' }}
}}
"""
    model = thing(1, two, layers=[thing(2, three, size=a), thing(3, three, size=b)])
    notes = {"best": thing(4, four), "name": f"run {c}"}
    outer = thing(0, one, rate=float(f"0.{b}5"), model=model, notes=notes)
    shared = f"""
!obj:{one} {{
    data: &train !obj:{two} {{ size: {c} }},
    monitor: [ *train, !obj:{two} {{ size: {c} }} ],
    algorithm: !obj:{three} {{ source: *train, steps: {d} }}
}}
"""
    monitor = [["same", 1], thing(2, two, size=c)]
    algorithm = thing(3, three, source=["same", 1], steps=d)
    trained = thing(0, one, data=thing(1, two, size=c), monitor=monitor, algorithm=algorithm)
    part, called = one.split(".")
    unknown = {"namesake": f"evil.{called}", "longer": f"{one}s", "importable": f"{CANARY}.sing"}
    unknown |= {"builtin": "dict", "sibling": f"{part}.dict"}
    return [
        kind("one", flat, built=thing(0, one, size=a, rate=1.5), made=[one]),
        kind("plain", plain, built={"first": [a, b], "second": {"third": "text"}}, made=[]),
        kind("nested", nested, built=outer, made=[three, three, two, four, one]),
        kind("shared", shared, built=trained, made=[two, two, three, one]),
        hostile("not allowed", f"!obj:{one} {{ inner: !obj:{other} {{ size: {a} }} }}", other),
        *(hostile(case, f"!obj:{name} {{ size: {a} }}", name) for case, name in unknown.items()),
        hostile("apply", f"!!python/object/apply:{CANARY}.sing [{a}]"),
        hostile("new", f"- {a}\n- !!python/object/new:{CANARY}.sing [{b}]"),
        hostile("inside", f"!obj:{one} {{ size: !!python/object/apply:{CANARY}.sing [{a}] }}"),
        hostile("import", f"rate: !import '{CANARY}.sing'"),
        hostile("pickle", f"model: !pkl: 'model{a}.pkl'"),
    ]


def read(inputs: Tree, outputs: Tree) -> Tree:
    """The outputs with what was made, in this order, and whether something was run that is not allowed: both were told."""
    asked = outputs["asked"][:10_000]
    return {**outputs, "made": [name for name in asked if name != CANARY], "ran": CANARY in asked}


def _unchanged(inputs: Tree, outputs: Tree) -> str | None:
    return "`yaml.SafeLoader` itself was changed: derive a class of your own." if outputs["changed"] else None


def _named(inputs: Tree, outputs: Tree) -> str | None:
    """A ValueError with the name that is not allowed."""
    otherwise = "a name that is not in `allowed` should be a ValueError."
    unnamed = "the ValueError's message should hold the name."
    return named(outputs, [inputs["named"]], otherwise=otherwise, unnamed=unnamed)


def _refused(inputs: Tree, outputs: Tree) -> str | None:
    """An error, and no code has run."""
    if outputs["ran"]:
        return "the text has run code that nobody allowed."
    return None if outputs["error"] else "a text with such a tag should be refused."


def mistaken(inputs: Tree, wrong: str) -> dict[str, Any]:
    """What a text achieves where someone makes the mistake of this name; nothing where it does not show."""
    text, error = inputs["text"], "another error" if "." in inputs["named"] else "ValueError"
    return {
        "unsafe-loader": {"ran": True} if "!!python" in text else {},
        "imports-anything": {"ran": True} if CANARY in inputs["named"] else {"error": error},
        "falls-back-to-builtins": {"error": ""} if inputs["named"] == "dict" else {},
        "unknown-is-none": {"error": ""},
        "key-error": {"error": "KeyError"},
        "safe-loader-changed": {"changed": True},
        "other-tags-accepted": {"error": "", "ran": False} if text.startswith(("rate", "model")) else {},
    }[wrong]


mistake = Mistakes(beside=__file__)
known(mistake, mistaken)


@mistake("nested")
def shallow(inputs: Tree) -> Tree:
    """Values in lists and dicts are not there yet when the object is made: construct_mapping(node, deep=True)."""

    def walk(value: Any) -> Any:
        if isinstance(value, list) and value[:1] == ["object"]:
            return [*value[:3], {key: walk(each) for key, each in value[3].items()}]
        return type(value)() if isinstance(value, list | dict) else value

    return {"built": walk(inputs["right"]["built"])}


@mistake("shared")
def copies(inputs: Tree) -> Tree:
    """An alias should be the very object of its anchor, not another one like it."""
    originals: dict[int, Any] = {}
    numbers = count()

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: walk(each) for key, each in value.items()}
        if not isinstance(value, list):
            return value
        if value[:1] == ["same"]:
            return walk(originals[value[1]])
        if value[:1] == ["object"]:
            originals[value[1]] = value
            return ["object", next(numbers), value[2], walk(value[3])]
        return [walk(each) for each in value]

    return {"built": walk(inputs["right"]["built"])}


kind = partial(check, expected=lambda inputs: inputs["right"])
then = partial(check, needs=("one",))
NAMES, KINDS = ("not allowed", "namesake", "longer", "importable", "builtin", "sibling"), ("one", "nested", "shared")
refused = partial(then, cases=NAMES, expected=lambda inputs: {"ran": False})
OTHER_TAGS = ("apply", "new", "inside", "import", "pickle")
CHECKS = (
    kind("one", "An object from a mapping, and plain YAML", share=0.15, cases=("one", "plain")),
    kind("nested", "Objects in lists and dicts of objects", share=0.2),
    kind("shared", "An anchor and its alias are one object", share=0.15),
    then("kept", "yaml.SafeLoader stays as it was", share=0.05, cases=KINDS, complaint=_unchanged, fixed=True),
    refused("not allowed", "Names that are not allowed are refused and named", share=0.2, complaint=_named),
    then("hostile", "No other tag runs anything", share=0.25, cases=OTHER_TAGS, complaint=_refused),
)

EXERCISE = Exercise("yaml_objects", draw, CHECKS, tuple(mistake), read=read, host=lambda _: lambda _: None)
