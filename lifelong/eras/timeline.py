"""Who came when, ended when, brought what, from whom; the facts and their sources are in timeline.toml."""

import tomllib
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    """One name of the story.

    Attributes:
        name: as its makers write it.
        first: year of the first public release, or of the paper if that came first.
        brought: what was new, or newly easy.
        source: where first and ended are said.
        ended: year after which its makers added nothing more, or None.
        parents: names of entries that it took over ideas or code from.
    """

    name: str
    first: int
    brought: str
    source: str
    ended: int | None = None
    parents: tuple[str, ...] = ()


def _read(kind: str) -> tuple[Entry, ...]:
    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))[kind]
    return tuple(Entry(**table | {"parents": tuple(table.get("parents", ()))}) for table in tables)


FRAMEWORKS = _read("frameworks")
"""What computes and differentiates."""

AROUND = _read("around")
"""What builds on them, or is used beside them."""

TIMELINE = FRAMEWORKS + AROUND
