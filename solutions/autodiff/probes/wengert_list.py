"""Ask the student for one column of the table."""

from .numbers_as_text import number, reported
from .watch import Inputs, Names, Outputs, watched


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """One column of the table."""
    arguments = [number(inputs, text) for text in inputs["arguments"]]
    return reported(column=names[f"wengert_{inputs['column']}"](*arguments))
