"""Judge ``yaml_objects``: what is built from kind texts, and what hostile ones achieve."""

import copy
import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

import numpy as np

from autograder.judging import RAISED, Case, Check, Exercise, Mistakes, Slip, Tree, ended

from .checks import chosen, known, refused

CANARY = "course_canary"
PARTS = ("train", "model", "layers", "data", "costs", "monitor", "optim", "blocks")
CLASSES = ("Train", "MLP", "Linear", "MNIST", "SGD", "Dropout", "Step", "Space")


REFUSED = Mistakes(beside=__file__).table["refused"]
"""By case, what is to be refused."""


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
        return kind(name, text, built=REFUSED.get(name), made=[], hostile=True, named=named)

    def thing(number: int, name: str, **content: Any) -> list[Any]:
        return ["object", number, name, content]

    flat = f"!obj:{one} {{ size: {a}, rate: 1.5 }}"
    plain = f"first: [{a}, {b}]\nsecond: {{third: text}}\n"
    quoted = f"text: '!obj:{other} {{}}'  # !obj:{other} {{}}"
    nested = f"""
!obj:{one} {{
    rate: 0.{b}5, seed: null,
    model: !obj:{two} {{ layers: [ !obj:{three} {{ size: {a} }}, !obj:{three} {{ size: {b} }} ] }},
    notes: {{ best: !obj:{four} {{}}, name: 'run {c}', code: '{c}' }}
}}
"""
    model = thing(1, two, layers=[thing(2, three, size=a), thing(3, three, size=b)])
    notes = {"best": thing(4, four), "name": f"run {c}", "code": str(c)}
    outer = thing(0, one, rate=float(f"0.{b}5"), seed=None, model=model, notes=notes)
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
    unknown = {"namesake": f"evil.{called}", "longer": f"{one}s", "shorter": one[:-1], "importable": f"{CANARY}.sing"}
    unknown |= {"builtin": "dict", "sibling": f"{part}.dict"}
    return [
        kind("one", flat, built=thing(0, one, size=a, rate=1.5), made=[one]),
        kind("plain", plain, built={"first": [a, b], "second": {"third": "text"}}, made=[]),
        kind("nested", nested, built=outer, made=[three, three, two, four, one]),
        kind("quoted", quoted, built={"text": f"!obj:{other} {{}}"}, made=[]),
        kind("shared", shared, built=trained, made=[two, two, three, one]),
        hostile("not allowed", f"!obj:{one} {{ inner: !obj:{other} {{ size: {a} }} }}", other),
        *(hostile(case, f"!obj:{name} {{ size: {a} }}", name) for case, name in unknown.items()),
        hostile("apply", f"!!python/object/apply:{CANARY}.sing [{a}]"),
        hostile("new", f"- {a}\n- !!python/object/new:{CANARY}.sing [{b}]"),
        hostile("inside", f"!obj:{one} {{ size: !!python/object/apply:{CANARY}.sing [{a}] }}"),
        hostile("import", f"rate: !import '{CANARY}.sing'"),
        hostile("pickle", f"model: !pkl: 'model{a}.pkl'"),
        hostile("tuple", f"shape: !!python/tuple [{a}, {b}]"),
        hostile("complex", f"!obj:{one} {{ rate: !!python/complex {a}+{b}j }}"),
        hostile("no colon", f"!obj{one} {{ size: {a} }}"),
        hostile("pickled object", f"object: !pkl:{one} {{ size: {a} }}"),
    ]


def read(inputs: Tree, outputs: Tree) -> Tree:
    """The outputs with what was made, in this order, and whether something was run that is not allowed: both were told."""
    asked = outputs["asked"][:10_000]
    return {**outputs, "made": [name for name in asked if name != CANARY], "ran": CANARY in asked}


def _kept(inputs: Tree, outputs: Tree) -> Slip | None:
    words = "yaml.SafeLoader itself was changed: derive a class of your own."
    return Slip("safe-loader-changed", words) if outputs["changed"] else None


def _refused(inputs: Tree, outputs: Tree) -> Slip | None:
    """An error, and no code has run."""
    if outputs["ran"]:
        return Slip("runs-code", "A text with a tag of Python's has run code that nobody allowed.")
    words = "A text with a tag that is neither plain YAML nor `!obj:` should be refused."
    return None if outputs["error"] else Slip("tag-not-refused", words)


@dataclass(eq=False)
class Thing:
    """An object of a text, known by its identity."""

    name: str
    content: dict[str, Any]


def built(inputs: Tree, wrong: Collection[str]) -> Any:
    """What is built from a kind text, by someone who makes the mistakes of these names."""
    originals: dict[int, Any] = {}
    things: dict[int, Thing] = {}
    alike: dict[str, Thing] = {}

    def made(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: made(each) for key, each in value.items()}
        if not isinstance(value, list) or value[:1] not in (["object"], ["same"]):
            return [made(each) for each in value] if isinstance(value, list) else value
        if value[0] == "same":
            return made(originals[value[1]]) if "copies" in wrong else things[value[1]]
        _, number, name, content = value
        originals[number], content = value, made(content)
        if "shallow" in wrong:
            content = {key: type(each)() if isinstance(each, list | dict) else each for key, each in content.items()}
        content = copy.deepcopy(content) if "arguments-copied" in wrong else content
        things[number] = Thing(inputs["allowed"][-1] if "last-class-for-all" in wrong else name, content)
        if "alike-is-the-same" in wrong:
            told = json.dumps([name, content], default=lambda thing: id(thing))
            things[number] = alike.setdefault(told, things[number])
        return things[number]

    return told_apart(made(inputs["right"]["built"]), {})


def told_apart(value: Any, numbers: dict[int, int]) -> Any:
    """Objects as the probe tells them: [number, name, content], or the number of one that came before."""
    if isinstance(value, Thing):
        if id(value) in numbers:
            return ["same", numbers[id(value)]]
        number = numbers[id(value)] = len(numbers)
        return ["object", number, value.name, told_apart(value.content, numbers)]
    if isinstance(value, dict):
        return {key: told_apart(each, numbers) for key, each in value.items()}
    return [told_apart(each, numbers) for each in value] if isinstance(value, list) else value


POSITIONAL = "probe.<locals>.maker.<locals>.make() takes 0 positional arguments but 1 was given"


def mistaken(inputs: Tree, wrong: Collection[str]) -> dict[str, Any]:
    """What a text achieves where someone makes the mistakes of these names; nothing where they do not show."""
    text, error = inputs["text"], "another error" if "." in inputs["named"] else "ValueError"
    if not inputs["hostile"]:
        ends = {"content-as-one-argument": ended("TypeError", POSITIONAL), "allowed-refused": {RAISED: "ValueError"}}
        if (raised := chosen(wrong, ends, {})) and inputs["right"]["made"]:
            return raised
        return {"built": built(inputs, wrong)} | ({"changed": True} if "safe-loader-changed" in wrong else {})
    accepted, harmless = {"error": "", "ran": False}, "/tuple" in text or "/complex" in text
    answers = {
        "unsafe-loader": accepted if harmless else {"ran": True} if "!!python" in text else {},
        "pythons-own-tags": accepted if harmless else {},
        "imports-anything": {"ran": True} if CANARY in inputs["named"] else {"error": error},
        "falls-back-to-builtins": {"error": ""} if inputs["named"] == "dict" else {},
        "unknown-is-none": {"error": ""},
        "key-error": {"error": "KeyError"},
        "other-tags-accepted": accepted if text.startswith(("rate", "model")) else {},
    }
    return dict(chain.from_iterable(answers[name].items() for name in wrong if name in answers))


MISTAKES = known(__file__, mistaken)

kind = partial(Check, expected=lambda inputs: inputs["right"])
then = partial(Check, needs=("one",))
NAMES, KINDS = (
    ("not allowed", "namesake", "longer", "shorter", "importable", "builtin", "sibling"),
    ("one", "nested", "shared"),
)
OTHER_TAGS = ("apply", "new", "inside", "tuple", "complex", "import", "pickle", "no colon", "pickled object")
CHECKS = (
    kind("one", "An object from a mapping, and plain YAML", share=0.15, cases=("one", "plain")),
    kind(
        "nested",
        "Objects in lists and dicts of objects, and texts that look like one",
        share=0.2,
        cases=("nested", "quoted"),
    ),
    kind("shared", "An anchor and its alias are one object", share=0.15),
    then("kept", "yaml.SafeLoader stays as it was", share=0.05, cases=KINDS, complaint=_kept),
    then(
        "not allowed",
        "Names that are not allowed are refused and named",
        share=0.2,
        cases=NAMES,
        expected=lambda _: {"ran": False},
        complaint=lambda inputs, outputs: refused(outputs, [inputs["named"]], inputs["right"]["built"]),
    ),
    then("hostile", "No other tag runs anything", share=0.25, cases=OTHER_TAGS, complaint=_refused),
)

EXERCISE = Exercise("yaml_objects", draw, CHECKS, read=read, host=lambda _: lambda _: None, **MISTAKES)
