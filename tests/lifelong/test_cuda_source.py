"""A kernel that is graded runs from its text: what runs is what was looked at."""

import re

import numpy as np
import pytest

from lifelong.cuda import device_array
from lifelong.cuda.source import build


@pytest.mark.parametrize("default", ["[]", "-np.ceil([0.0, 0.0])", "not []"])
def test_defaults_are_not_shared_between_threads(default: str) -> None:
    text = f"def k(x, sign=-1, sums={default}): x[0] = 1"
    own = {"kind": "kernel", "text": text, "line": 1}
    with pytest.raises(TypeError, match=re.escape(f"have the default `{default}`")):
        build({"kernel": "k", "functions": {"k": own}, "values": {}, "known": {}})


def test_what_runs_is_what_was_looked_at() -> None:
    """Python's lines end where its tokens say; files are read by lines that end at more characters."""
    text = "# \u2028def k(x): import os #\u2028\ndef k(x): x[0] = 1"
    own = {"kind": "kernel", "text": text, "line": 1}
    cells = device_array((1,), np.float32)
    build({"kernel": "k", "functions": {"k": own}, "values": {}, "known": {}})[1, 1](cells)
    assert cells.values()[0] == 1


SECRET_WAYS = {
    "cannot use `box`, in which is of type": ({"box": [{}]}, "box[0][0] = 1"),
    "does not support item assignment": ({"box": [[0]]}, "box[0][0] = 1"),
    "cannot be launched in a kernel": ({}, "other[1, 1](x)"),
}


@pytest.mark.parametrize("words", SECRET_WAYS)
def test_threads_share_no_memory_that_is_not_watched(words: str) -> None:
    values, body = SECRET_WAYS[words]
    texts = {"other": "def other(x): x[0] = 1", "k": f"def k(x): {body}"}
    functions = {name: {"kind": "kernel", "text": text, "line": 1} for name, text in texts.items()}
    cells = device_array((1,), np.float32)
    with pytest.raises((TypeError, RuntimeError), match=re.escape(words)):
        build({"kernel": "k", "functions": functions, "values": values, "known": {}})[1, 1](cells)
