"""Frames of plain data over a stream: JSON for structure, safetensors for arrays, never pickle.

A frame is a 4-byte length and a payload; a payload is a 4-byte length, JSON ``[kind, body]`` and the arrays that the
body refers to by ``{"$array": [dtype, *shape]}``, those of a dtype in one tensor of that name, one behind the other.
Both sides use this module; the side that reads from the sandbox passes caps.
"""

import json
import math
import select
import socket
import struct
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

Array = np.ndarray[Any, Any]

MEBIBYTE = 1 << 20
LENGTH = struct.Struct(">I")
DIMENSIONS = 64
"""The most that NumPy's arrays have."""


class WireError(Exception):
    """The peer hung up, sent something that is no frame, or went over a cap."""


def pack(kind: str, body: Any) -> bytes:
    """One frame: ``body`` is a tree of dicts with string keys, lists, JSON scalars and NumPy arrays."""
    flat: dict[str, list[Array]] = {}
    text = json.dumps([kind, _detach(body, flat)]).encode()
    blob = save({dtype: np.concatenate(parts) for dtype, parts in flat.items()}) if flat else b""
    return LENGTH.pack(LENGTH.size + len(text) + len(blob)) + LENGTH.pack(len(text)) + text + blob


def _detach(tree: Any, flat: dict[str, list[Array]]) -> Any:
    if isinstance(tree, np.ndarray):
        dtype = tree.dtype.str
        flat.setdefault(dtype, []).append(tree.ravel())
        return {"$array": [dtype, *tree.shape]}
    if isinstance(tree, dict):
        return {key: _detach(value, flat) for key, value in tree.items()}
    return [_detach(value, flat) for value in tree] if isinstance(tree, list | tuple) else tree


def unpack(
    payload: bytes, text_cap: int = 256 * MEBIBYTE, array_kinds: Collection[str] | None = None
) -> tuple[str, Any]:
    """The kind and body of a frame's payload; strings are made fit for UTF-8.

    Args:
        payload: a frame without its length.
        text_cap: the longest JSON text, bytes; three bytes of it can become a hundred in memory.
        array_kinds: the kinds of frames that may carry arrays; None for all.

    Raises:
        WireError: the payload is not what ``pack`` makes, its text is over the cap, or arrays are where none belong.
    """
    try:
        size = LENGTH.unpack_from(payload)[0]
        if size > text_cap:
            raise WireError("too much output")
        end = LENGTH.size + size
        kind, body = json.loads(payload[LENGTH.size : end])
        if not isinstance(kind, str):
            raise WireError("the frame has no kind")
        if end < len(payload) and array_kinds is not None and kind not in array_kinds:
            raise WireError(f"arrays in a frame of kind {kind[:20]!r}")
        sent = load(payload[end:]) if end < len(payload) else {}
        flat = {dtype: each.reshape(-1) for dtype, each in sent.items()}
        return kind, _attach(body, partial(_next, flat, len(payload)))
    except WireError:
        raise
    except (ValueError, TypeError, KeyError, struct.error, RecursionError, SafetensorError, MemoryError) as error:
        raise WireError(f"not a frame: {type(error).__name__}") from None


def _attach(tree: Any, array: Callable[..., Array]) -> Any:
    if isinstance(tree, dict):
        if "$array" in tree:
            return array(*tree["$array"])
        return {_clean(key): _attach(value, array) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_attach(value, array) for value in tree]
    return _clean(tree) if isinstance(tree, str) else tree


def _next(flat: dict[str, Array], most: int, dtype: str, *shape: int) -> Array:
    """The next array of a dtype: no number of the frame is in two of them, so that they are not larger than it."""
    if len(shape) > DIMENSIONS or any(type(length) is not int or not 0 <= length <= most for length in shape):
        raise WireError("an array of nothing that is as long as it likes")
    size = math.prod(shape)
    array, flat[dtype] = flat[dtype][:size].reshape(shape), flat[dtype][size:]
    return array


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


class Stream:
    """Reads frames from a socket with a cap on each and on the total.

    Args:
        sock: a connected stream socket.
        frame_cap: the largest payload, bytes.
        text_cap: the longest JSON text of a frame, bytes.
        total_cap: the most that may ever be read, bytes.
        array_kinds: the kinds of frames that may carry arrays; None for all.

    Attributes:
        read: bytes read so far.
        text: length of the last frame's JSON text, bytes.
    """

    def __init__(
        self,
        sock: socket.socket,
        frame_cap: int = 256 * MEBIBYTE,
        text_cap: int = 256 * MEBIBYTE,
        total_cap: int = 1 << 40,
        array_kinds: Collection[str] | None = None,
    ) -> None:
        self.sock = sock
        self.read = self.text = 0
        self._frame_cap, self._text_cap, self._total_cap = frame_cap, text_cap, total_cap
        self._array_kinds = array_kinds
        self._buffer = bytearray()

    def send(self, kind: str, body: Any) -> None:
        """Send one frame, waiting for as long as the peer needs to take it."""
        self.sock.sendall(pack(kind, body))

    def receive(self, deadline: float | None = None) -> tuple[str, Any] | None:
        """The next frame, or None when ``deadline`` (``time.monotonic()``) passes first.

        Raises:
            WireError: the peer hung up, broke the format or went over a cap.
        """
        while (payload := self.take()) is None:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and (left <= 0 or not select.select([self.sock], [], [], left)[0]):
                return None
            self.fill()
        frame = unpack(payload, self._text_cap, self._array_kinds)
        self.text = LENGTH.unpack_from(payload)[0]
        return frame

    def take(self) -> bytes | None:
        """The payload of the next whole frame in the buffer, or None."""
        if len(self._buffer) < LENGTH.size:
            return None
        size = LENGTH.unpack_from(self._buffer)[0]
        if size > self._frame_cap:
            raise WireError("too much output")
        end = LENGTH.size + size
        if len(self._buffer) < end:
            return None
        payload = bytes(self._buffer[LENGTH.size : end])
        del self._buffer[:end]
        return payload

    def fill(self) -> None:
        """Read what is there into the buffer."""
        try:
            data = self.sock.recv(1 << 18)
        except OSError:
            data = b""
        if not data:
            raise WireError("hung up")
        self.read += len(data)
        if self.read > self._total_cap:
            raise WireError("too much output")
        self._buffer += data
