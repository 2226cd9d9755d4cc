"""The set-up cell that notebooks begin with: it makes the course's package importable, and changes nothing installed."""

from autograder.paths import AUTOGRADER

TITLE = '#@title Set-up: run this first { display-mode: "form" }'


def setup_cell(package: str) -> str:
    """What ``{{setup}}`` in a source stands for; ``{{repository}}`` and ``{{tag}}`` are filled in as everywhere."""
    template = (AUTOGRADER / "templates" / "setup_cell.py.j2").read_text(encoding="utf-8").strip()
    return f"{TITLE}\n{template}".replace("{{package}}", package)


def is_setup_cell(source: str) -> bool:
    """Whether a code cell is the set-up cell of some package."""
    return source.startswith(TITLE)
