"""Frames: what is packed comes back, and no bytes whatever do more than raise WireError."""

import contextlib
import json
import socket
import time
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.inside.plain import to_arrays, to_plain
from autograder.sandbox.inside.wire import LENGTH, Stream, WireError, pack, unpack
from benchmarks.mutate import mutated_bytes

pytestmark = pytest.mark.heavy

arrays = hnp.arrays(
    st.sampled_from([np.float32, np.float64, np.int64, np.uint8, np.bool_]), hnp.array_shapes(min_dims=0, min_side=0)
)
scalars = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text()
trees = st.recursive(scalars | arrays, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)


def same(left: Any, right: Any) -> bool:
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right or (left != left and right != right))


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize("value", [1 << 63, 1j, np.array(["a"]), np.ma.array([1.0]), {"x": {1}}, ENDLESS])
def test_of_what_is_no_plain_data_only_the_kind_leaves(value: Any) -> None:
    text = json.dumps(to_plain(value))
    assert "$opaque" in text
    assert len(text) < 200
    assert to_plain(np.array([None]))["$opaque"] == "numpy.ndarray of NoneType"


def test_arrays_that_students_get_are_their_own() -> None:
    (first,), second = to_arrays([[np.frombuffer(b"x", np.uint8)], {"x": np.frombuffer(b"y", np.uint8)}], tensors=False)
    first += second["x"]  # what comes over the wire cannot be written to
    assert first == [sum(b"xy")]


@given(trees)
def test_round_trip(tree: Any) -> None:
    kind, body = unpack(pack("reply", tree)[LENGTH.size :])
    assert kind == "reply"
    assert same(tree, body)


@settings(max_examples=2000, deadline=None)
@given(st.randoms(use_true_random=False))
def test_mutated_frames_raise_only_wire_errors(random: Random) -> None:
    payload = pack("reply", {"value": {"omega": np.ones((2, 3)), "x": [1.0, "a"]}})[LENGTH.size :]
    with contextlib.suppress(WireError):
        unpack(mutated_bytes(payload, random))


HUGE_JSON = ["[" * 100_000, '{"a":' * 50_000, "[" + "9" * 10_000]


@pytest.mark.parametrize(
    "text",
    [
        *HUGE_JSON,
        "[1]",
        "[1, 2]",
        "null",
        '["x", {"$array": "7"}]',
        '["x", {"$array": {}}]',
        '["x", {"$array": ["<f8", 1]}]',
    ],
)
def test_odd_json(text: str) -> None:
    with pytest.raises(WireError):
        unpack(LENGTH.pack(len(text)) + text.encode())


def test_lone_surrogates_are_made_fit_for_files() -> None:
    text = json.dumps(["output", {"text": "\ud800", "\ud800": ""}]).encode()
    body = unpack(LENGTH.pack(len(text)) + text)[1]
    "".join([*body, *body.values()]).encode()


def test_lists_of_nothing_cannot_fill_the_hosts_memory() -> None:
    payload = pack("reply", [[]] * 10_000)[LENGTH.size :]
    assert unpack(payload, text_cap=100_000)[0] == "reply"
    with pytest.raises(WireError, match="too much"):
        unpack(payload, text_cap=1_000)


def test_arrays_only_where_they_belong() -> None:
    payload = pack("output", {"text": np.zeros(2)})[LENGTH.size :]
    assert unpack(payload)[0] == "output"
    with pytest.raises(WireError, match="arrays in a frame of kind 'output'"):
        unpack(payload, array_kinds=("reply",))


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (np.zeros(2), '["reply", [{"$array": ["<f8", 2]}, {"$array": ["<f8", 2]}]]'),
        (np.zeros(2), '["reply", {"x": [{"$array": ["<f8", 2]}], "y": {"z": {"$array": ["<f8", 1]}}}]'),
        (np.zeros(2), '["reply", {"$array": ["<f8", 3]}]'),
        (np.zeros(2), '["reply", {"$array": ["<f8", -1]}]'),
        (np.zeros(2), '["reply", {"$array": ["<f8", 2.0]}]'),
        (np.zeros(2), '["reply", {"$array": ["<f4", 2]}]'),
        (np.zeros(2), '["reply", {"$array": ["<f8"' + ", 1" * 100 + "]}]"),
        (np.zeros((0, 1 << 40)), '["reply", {"$array": ["<f8", 0, 1099511627776]}]'),
        (np.zeros((1 << 50, 0, 1)), '["reply", {"$array": ["<f8", 1125899906842624, 0, 1]}]'),
    ],
)
def test_arrays_are_no_larger_than_what_was_sent(tree: Any, text: str) -> None:
    payload = pack("reply", tree)[LENGTH.size :]
    blob = payload[LENGTH.size + LENGTH.unpack_from(payload)[0] :]
    with pytest.raises(WireError):
        unpack(LENGTH.pack(len(text)) + text.encode() + blob)


@pytest.mark.parametrize("payload", [b"", b"x", LENGTH.pack(9)])
def test_what_is_cut_short_is_no_frame(payload: bytes) -> None:
    with pytest.raises(WireError):
        unpack(payload)


def test_a_stream_gives_whole_frames_one_by_one_until_it_ends() -> None:
    ours, theirs = socket.socketpair()
    stream = Stream(theirs)
    turned = np.arange(6).reshape(2, 3).T
    sent = pack("a", {"x": turned}) + pack("b", "two")
    ours.sendall(sent[:9])
    assert stream.receive(time.monotonic() + 0.01) is None
    assert stream.receive(time.monotonic() - 1) is None
    ours.sendall(sent[9:])
    kind, body = stream.receive() or ("", {})
    assert (kind, body["x"].tolist()) == ("a", turned.tolist())
    assert stream.receive() == ("b", "two")
    assert (stream.read, stream.text) == (len(sent), len(b'["b", "two"]'))
    ours.close()
    with pytest.raises(WireError, match="hung up"):
        stream.receive(time.monotonic() + 5)
    theirs.close()
    with pytest.raises(WireError, match="hung up"):
        stream.receive()


def test_caps() -> None:
    ours, theirs = socket.socketpair()
    ours.sendall(LENGTH.pack(1000))
    with pytest.raises(WireError, match="too much"):
        Stream(theirs, frame_cap=999).receive()
    ours, theirs = socket.socketpair()
    for _ in range(3):
        ours.sendall(pack("x", "y" * 100))
    stream = Stream(theirs, total_cap=200)
    with pytest.raises(WireError, match="too much"):
        [stream.receive() for _ in range(3)]
