"""Damage notebooks and frames at random: on their JSON's structure, on their text, on their bytes."""

import copy
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from autograder.sandbox.inside.wire import LENGTH

Path = list[Any]
"""Keys and indices that lead from a JSON tree's root to one of its nodes."""

ODD_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, float("nan"), float("-inf"), 10**40, "", "\ud800", "\x00\u202e\u2028", "../../etc/passwd",
    "x" * 5000, [], {}, [[]], {"": None}, [None, 1, "a"], {"$array": ["<f8", 1]}, {"$array": []}, {"$opaque": 1},
)  # fmt: skip
ODD_BYTES = (
    b"[", b"{", b'"', b"null", b"1e999", b"\\u0000", b"\\ud83d", b"-", b"\xff\xfe", b"\x00", b"\r", b"]" * 40, b"[" * 3000,
)  # fmt: skip
ODD_LINES = (
    "# exercise: {exercise}", "#exercise :  {exercise}  ", "# exercise: nobody", "# %%", "# In[1]:", '"""', "'''",
    "{name} = 1", "def {name}(", "class {name}:", "\tpass", "    return", "%%javascript", "!ls", "A = True  #@param",
)  # fmt: skip
ODD_KEYS = ("cells", "cell_type", "metadata", "source", "nbgrader", "grade_id", "id", "tags", "worksheets", "input", "")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252")


def mutated_notebook(original: bytes, random: Random) -> bytes:
    """A submission's file with one to many faults; two of three times they are faults of its JSON, not of its bytes."""
    if random.random() < 1 / 3:
        return mutated_bytes(original, random)
    tree = json.loads(original)
    for _ in range(random.choice((1, 1, 2, 4, 12))):
        if random.random() < 0.4:
            _mutate_cells(tree, random)
        else:
            tree = mutate_tree(tree, random)
    text = json.dumps(tree, ensure_ascii=random.random() < 0.5, indent=random.choice((None, 1)))
    data = text.encode(random.choice(ENCODINGS) if random.random() < 0.2 else "utf-8", "replace")
    return mutated_bytes(data, random) if random.random() < 0.15 else data


def mutated_bytes(original: bytes, random: Random) -> bytes:
    """The bytes with pieces overwritten, deleted, repeated, moved, cut off, or replaced by odd ones."""
    data = bytearray(original)
    for _ in range(random.choice((1, 1, 3, 20))):
        at, size = random.randrange(len(data) + 1), random.choice((1, 1, 2, 50, 2000))
        match random.randrange(6):
            case 0:
                data[at : at + size] = random.randbytes(min(size, len(data) - at))
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = data[at : at + size]
            case 3:
                piece = data[at : at + size]
                del data[at : at + size]
                to = random.randrange(len(data) + 1)
                data[to:to] = piece
            case 4:
                data[at : at + 1] = random.choice(ODD_BYTES)
            case _:
                if random.random() < 0.1:
                    del data[at:]
    return bytes(data)


def mutate_tree(tree: Any, random: Random) -> Any:
    """The tree, changed in place at one node; a new tree where the change was to its root."""
    paths = _paths(tree)
    path = random.choice(paths)
    if not path:
        return random.choice((tree, [tree], {"cells": tree}, *copy.deepcopy(ODD_VALUES[-4:])))
    parent, key = _node(tree, path[:-1]), path[-1]
    match random.randrange(7):
        case 0:
            del parent[key]
        case 1:
            parent[key] = copy.deepcopy(random.choice(ODD_VALUES))
        case 2:
            parent[key] = copy.deepcopy(_node(tree, random.choice(paths)))
        case 3 if isinstance(parent, list):
            parent.insert(random.randrange(len(parent) + 1), copy.deepcopy(parent[key]))
        case 3:
            parent[random.choice(ODD_KEYS)] = parent.pop(key)
        case 4:
            parent[key] = random.choice(([parent[key]], {"x": parent[key]}, str(parent[key])[:9999]))
        case 5 if isinstance(parent[key], list):
            random.shuffle(parent[key])
        case _ if isinstance(parent[key], str):
            parent[key] = mutated_text(parent[key], random)
        case _:
            for _ in range(random.choice((3, 30))):
                parent[key] = [parent[key]]
    return tree


def mutated_text(text: str, random: Random, names: Sequence[str] = ("x",)) -> str:
    """The text with lines taken out, doubled, swapped or put in; some of those mean something to the reader."""
    lines = text.split("\n")
    for _ in range(random.choice((1, 1, 3))):
        at = random.randrange(len(lines) + 1)
        match random.randrange(5):
            case 0:
                name = random.choice(names)
                lines.insert(at, random.choice(ODD_LINES).replace("{exercise}", name).replace("{name}", name))
            case 1:
                del lines[at : at + random.choice((1, 1, 5))]
            case 2:
                lines[at:at] = lines[at : at + 3]
            case 3:
                random.shuffle(lines)
            case _:
                lines.insert(at, str(random.choice(ODD_VALUES))[:200] * random.choice((1, 1, 50)))
    return "\n".join(lines)


def _mutate_cells(tree: Any, random: Random) -> None:
    """What only makes sense to a notebook: cells copied, merged, split, moved, of another kind or another's id."""
    cells = tree.get("cells") if isinstance(tree, dict) else None
    if not isinstance(cells, list) or not cells or not all(isinstance(cell, dict) for cell in cells):
        return
    one, other = random.choice(cells), random.choice(cells)
    at = random.randrange(len(cells))
    ids = [identity for cell in cells if isinstance(identity := _grade_id(cell), str)] or ["x"]
    actions: tuple[Callable[[], Any], ...] = (
        lambda: cells.insert(at, copy.deepcopy(one)),
        lambda: cells.remove(one),
        lambda: random.shuffle(cells),
        lambda: one.update(source=[*_lines(one), *_lines(other)]),
        lambda: one.update(source=_lines(one)[at:], cell_type=random.choice(("code", "markdown", "raw", "heading", 3))),
        lambda: one.update(metadata=copy.deepcopy(other.get("metadata"))),
        lambda: one.update(metadata={"nbgrader": {"grade_id": random.choice(ids), "solution": True}, "tags": ["x"]}),
        lambda: one.update(source=mutated_text("".join(_lines(one)), random, ids)),
        lambda: one.update(id=other.get("id")),
        lambda: cells.extend(copy.deepcopy(cells[at : at + 40])),
        lambda: tree.update(nbformat=random.choice((1, 3, 4, 5, "4", None)), worksheets=[{"cells": cells}]),
        lambda: tree.pop("cells"),
    )
    random.choice(actions)()


def _grade_id(cell: dict[str, Any]) -> Any:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None


def _lines(cell: dict[str, Any]) -> list[str]:
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    return [line for line in lines if isinstance(line, str)]


def _paths(tree: Any) -> list[Path]:
    """The way to every node; of long lists and deep trees only the beginning."""
    found: list[Path] = []
    waiting: list[tuple[Path, Any]] = [([], tree)]
    while waiting:
        path, node = waiting.pop()
        found.append(path)
        if len(path) < 20 and isinstance(node, dict | list):
            items = node.items() if isinstance(node, dict) else enumerate(node[:500])
            waiting += [([*path, key], inner) for key, inner in items]
    return found


def _node(tree: Any, path: Path) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def mutated_frame(frame: bytes, random: Random) -> bytes:
    """A packed frame with faults in its lengths, its JSON, its arrays' header or its bytes."""
    start = 2 * LENGTH.size
    if random.random() < 0.5 or len(frame) < start:
        return mutated_bytes(frame, random)
    end = start + LENGTH.unpack_from(frame, LENGTH.size)[0]
    text, blob = frame[start:end], frame[end:]
    if blob and random.random() < 0.4:
        blob = _mutated_arrays(blob, random)
    else:
        tree = json.loads(text)
        for _ in range(random.choice((1, 1, 3))):
            tree = mutate_tree(tree, random)
        text = json.dumps(tree).encode()
    size = len(text) if random.random() < 0.9 else random.choice((0, 1, len(text) + 1, (1 << 32) - 1))
    payload = LENGTH.pack(size) + text + blob
    length = len(payload) if random.random() < 0.9 else random.choice((0, 3, len(payload) + 9, (1 << 32) - 1))
    return LENGTH.pack(length) + payload


def _mutated_arrays(blob: bytes, random: Random) -> bytes:
    """Safetensors with another header: wrong names, dtypes, shapes and offsets."""
    size = int.from_bytes(blob[:8], "little")
    header = json.loads(blob[8 : 8 + size])
    entry = random.choice(list(header.values()))
    dtype = random.choice(("BF16", "F8_E4M3", "F16", "BOOL", "I64", "U64", "C64", "F32", "nonsense", 3))
    shape = random.choice(([-1], [0, 7], [1 << 62, 4], [2, 3, 1], [], None, [True], [10**30]))
    offsets = random.choice(([0, 0], [8, 0], [0, 1 << 60], [-8, 8], [0], "x", [4, 28]))
    field, value = random.choice((("dtype", dtype), ("shape", shape), ("data_offsets", offsets)))
    entry[field] = value
    changed = json.dumps(mutate_tree(header, random) if random.random() < 0.3 else header).encode()
    return len(changed).to_bytes(8, "little") + changed + blob[8 + size :]
