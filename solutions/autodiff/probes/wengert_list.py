"""Ask the student for one column of the table."""

from contextlib import suppress

from .numbers_as_text import number, reported
from .watch import Inputs, Names, Outputs, watched


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """One column of the table; then the student's own values, and the column that they get once these have been asked for."""
    arguments = [number(inputs, text) for text in inputs["arguments"]]
    ask = names[f"wengert_{inputs['column']}"]
    told = reported(column=ask(*arguments))
    with suppress(Exception):
        own = reported(values=names["wengert_values"](*arguments[:2]))["values"]
        return told | {"values": own, "later": reported(column=ask(*arguments))["column"]}
    return told
