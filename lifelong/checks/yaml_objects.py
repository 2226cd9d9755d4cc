"""Check of `yaml_objects`: objects built from YAML, as in Pylearn2."""

from functools import partial
from typing import Any

from lifelong.checks.expect import CheckFailed, Names, lookup
from lifelong.checks.refusal import refused


def check(names: Names) -> str:
    """An object, a nest, an anchor, and texts that mean ill."""
    load = lookup(names, "load", "yaml_objects")

    class Point:
        def __init__(self, **content: Any) -> None:  # what is filled in later only comes too late
            self.content = {key: type(it)(it) if isinstance(it, list | dict) else it for key, it in content.items()}

    allowed = {"a.Point": Point, "a.List": list}
    point = load("!obj:a.Point {x: 1, y: 2}", allowed)
    if not isinstance(point, Point) or point.content != {"x": 1, "y": 2}:
        raise CheckFailed(f'load("!obj:a.Point {{x: 1, y: 2}}", …) should be Point(x=1, y=2), but is {point!r}.')
    text = "parts: [&p !obj:a.Point {x: 1}, *p], by: {name: *p}, of: !obj:a.Point {it: *p}, like: !obj:a.Point {x: 1}"
    outer = load(f"!obj:a.Point {{{text}}}", allowed)
    parts = outer.content.get("parts", [])
    if len(parts) != 2 or not isinstance(parts[0], Point) or parts[0].content != {"x": 1}:
        message = f"In !obj:a.Point {{parts: [&p !obj:a.Point {{x: 1}}, *p]}}, `parts` should hold two Points, but is {parts!r}: the mapping must be built deep."
        raise CheckFailed(message)
    of, like = outer.content["of"], outer.content["like"]
    if not (parts[0] is parts[1] is outer.content["by"].get("name") is of.content["it"]):
        raise CheckFailed("An alias *p should give the very object of its anchor &p, also within another object.")
    if like is parts[0]:
        raise CheckFailed("Two descriptions that are alike are two objects; only *p is the object of &p.")
    load("!obj:b.Point {}", {"b.Point": Point})
    for name in ("os.getcwd", "b.Point", "evil.Point", "a.Points", "dict", "a.dict"):
        refused(partial(load, f"!obj:{name} {{}}", allowed), f"!obj:{name}, which is not in `allowed`,", name)
    if any(tag is not None and tag.startswith("!obj") for tag in names["yaml"].SafeLoader.yaml_multi_constructors):
        raise CheckFailed("yaml.SafeLoader itself has learnt `!obj:`: add the constructor to a class of your own.")
    for text in ("!!python/object/apply:len [[1, 2]]", "rate: !import 'os.getcwd'", "!pkl:a.Point {x: 1}"):
        try:
            built = load(text, allowed)
        except Exception:  # any error is a refusal
            continue
        raise CheckFailed(f"{text} should be refused, but gives {built!r}.")
    return "objects are built, anchors shared, and what is not allowed is refused."
