"""Ask the student for one column of the table."""

from collections.abc import Mapping
from typing import Any

from .numbers_as_text import number, reported
from .watch import watched


@watched
def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """One column of the table."""
    arguments = [number(inputs, text) for text in inputs["arguments"]]
    return reported(column=names[f"wengert_{inputs['column']}"](*arguments))
