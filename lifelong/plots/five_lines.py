"""The poster of framework history: the same five lines as each era wrote them, taken from the cells that have run."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from IPython.display import HTML

from lifelong.plots.history import Entry

LINES = ("define", "forward", "loss", "backward", "update", "run")
"""What a line of a cell does, as a comment at its end says: the five, and the one that starts what was only drawn."""

MARK = re.compile(r"^\s*(\S.*?),?  # ((?:{0})(?:, (?:{0}))*)\b.*".format("|".join(LINES)), re.MULTILINE)
ERAS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""The cards in two groups, one after the other."""


def marked(cells: Sequence[str], piece: str) -> dict[str, str]:
    """The marked lines of the cells that have this piece, by what they do, in the order of LINES; of two the later."""
    found = {roles: code for cell in cells if piece in cell for code, roles in MARK.findall(cell)}
    return dict(sorted(found.items(), key=lambda line: LINES.index(line[0].rpartition(" ")[2])))


def unmarked(cell: str) -> str:
    """A cell as it would be without the marks."""
    return re.sub(rf"  # (?:{'|'.join(LINES)})\b.*", "", cell)


def five_lines(cells: Sequence[str], group: str, entries: Sequence[Entry]) -> HTML:
    """A card per era of a group, with its year from the timeline: its lines, and four answers, bold if no card before has them."""
    first, seen, cards = {entry.name: entry.first for entry in entries}, set[str](), dict[str, list[str]]()
    for name, eras in ERAS.items():
        titled = [{**era, "name": f"{era['name']}, {first[era['name']]}"} for era in eras]
        cards[name] = [_card(era, marked(cells, era["cells"]), seen) for era in titled]
    style = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
    return HTML(f'<style>{style}</style><ol class="eras">{"".join(cards[group])}</ol>')


def _card(era: Mapping[str, str], lines: Mapping[str, str], seen: set[str]) -> str:
    lines = lines or {"–": "run the cells above first"}
    code = "".join(f"<dt>{roles}</dt><dd><code>{escape(line)}</code></dd>" for roles, line in lines.items())
    answers = {question: answer for question, answer in era.items() if question not in ("name", "cells")}
    told = (f"<dt>{question}</dt><dd>{_bold(answer, seen)}</dd>" for question, answer in answers.items())
    kind = ' class="drawn"' if "run" in " ".join(lines) else ""
    return f"<li{kind}><p>{era['name']}</p><dl>{code}</dl><dl>{''.join(told)}</dl></li>"


def _bold(answer: str, seen: set[str]) -> str:
    new = answer not in seen
    seen.add(answer)
    return f"<b>{answer}</b>" if new else answer
