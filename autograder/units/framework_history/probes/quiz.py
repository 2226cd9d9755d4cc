"""Which options the student ticked. It runs inside the sandbox and knows no key."""

from __future__ import annotations

from typing import Any

from lifelong.checks.quiz import chosen_letters

from .common import Inputs, Names, lookup


def probe(names: Names, inputs: Inputs) -> dict[str, Any]:
    """The chosen letters of the question whose answer has the name ``inputs["variable"]``."""
    chosen = chosen_letters(lookup(names, inputs["variable"]), inputs["variable"])
    if not chosen:
        raise NotImplementedError("no option is chosen")
    return {"chosen": chosen}
