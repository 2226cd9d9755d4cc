"""Drive ``yaml_objects`` with harmless and hostile texts; a canary tells the host whether any code ran."""

import sys
from types import ModuleType
from typing import Any

import yaml

from .common import Inputs, Names, Outputs, raised

CANARY = "course_canary"
"""A module that can be imported by name only while a text is loaded; calling anything in it leaves a trace."""


class Made:
    """An object that remembers what it was made from."""

    def __init__(self, **content: Any) -> None:
        self.content = _copied(content)


def _copied(value: Any) -> Any:
    """Lists and dicts as they are at this moment."""
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value


def probe(names: Names, inputs: Inputs) -> Outputs:
    """What was built, as nested lists, or the error; and whether ``yaml.SafeLoader`` is another one than before."""
    load = names["load"]

    def maker(name: str) -> Any:
        def make(**content: Any) -> Made:
            inputs["host"](name)
            return Made(**{"": name}, **content)

        return make

    allowed = {name: maker(name) for name in inputs["allowed"]}
    module = ModuleType(CANARY)
    module.sing = lambda *_, **__: inputs["host"](CANARY)
    sys.modules[CANARY] = module
    tables = {name: dict(getattr(yaml.SafeLoader, name)) for name in ("yaml_constructors", "yaml_multi_constructors")}
    try:
        load(f"!obj:{inputs['before']} {{}}", {inputs["before"]: dict})  # what it allows, no later call does
        if inputs["hostile"]:
            told: dict[str, Any] = dict(raised(lambda: load(inputs["text"], allowed)))
        else:
            told = {"built": _plain(load(inputs["text"], allowed), {})}
        return told | {"changed": not _refuses()}
    finally:
        del sys.modules[CANARY]
        for name, table in tables.items():  # a loader that changed it for everybody has changed it for itself only
            setattr(yaml.SafeLoader, name, table)


def _refuses() -> bool:
    """Whether plain YAML still refuses our tag."""
    try:
        yaml.safe_load("!obj:a.B {}")
    except Exception as error:  # of another kind where a constructor of ours is at work
        return isinstance(error, yaml.YAMLError)
    return False


def _plain(value: Any, numbers: dict[int, int]) -> Any:
    """Objects as [number of the object, name, content]; the same object has the same number."""
    if isinstance(value, Made):
        if id(value) in numbers:
            return ["same", numbers[id(value)]]
        number = numbers[id(value)] = len(numbers)
        content = {key: _plain(each, numbers) for key, each in value.content.items() if key}
        return ["object", number, value.content[""], content]
    if isinstance(value, dict):
        return {str(key): _plain(each, numbers) for key, each in value.items()}
    return [_plain(each, numbers) for each in value] if isinstance(value, list) else value
