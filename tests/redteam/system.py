"""Attacks on the machine, those that are more than cells; the others are in system.toml."""

import gzip
import io
import zipfile
from pathlib import PurePath

from .corpus import Aim, Handin, Link, Work, attack


@attack(Aim.LEAK, ungradable=True)
def linked_submission(work: Work) -> Handin:
    """The file that is handed in is a link to the solutions."""
    return {"hw14.ipynb": Link(PurePath("build/source/hw14/hw14.ipynb"))}


@attack(Aim.LEAK)
def linked_neighbours(work: Work) -> Handin:
    """Links to the seed and the gradebook beside an honest notebook, to be copied along."""
    links = {"data.txt": ".course-seed", "timestamp.txt": "course.toml", "book.db": "gradebook.db"}
    return {"hw14.ipynb": work.bytes(), **{name: Link(PurePath(target)) for name, target in links.items()}}


@attack(Aim.DENIAL, ungradable=True)
def zip_bomb(work: Work) -> bytes:
    """An archive that unpacks to a gigabyte, under a notebook's name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(16):
            archive.writestr(f"../../../../tmp/redteam-zip-{number}", bytes(1 << 26))
    return packed.getvalue()


@attack(Aim.DENIAL, ungradable=True)
def gzip_bomb(work: Work) -> bytes:
    """A compressed notebook of a quarter of a gigabyte."""
    return gzip.compress(b'{"cells": [' + b" " * (1 << 28), 9)


@attack(Aim.DENIAL, ungradable=True)
def million_lists(work: Work) -> bytes:
    """Twenty megabytes of notebook that take gigabytes in memory."""
    return b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [' + b"{}," * 6_000_000 + b"{}]}"
