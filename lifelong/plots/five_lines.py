"""The poster of framework history: the same five lines as each era wrote them, taken from the cells that have run."""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from IPython.display import HTML

LINES = ("define", "forward", "loss", "backward", "update", "run")
"""What a line of a cell does, as a comment at its end says: the five, and the one that starts what was only drawn."""

MARK = re.compile(r"^\s*(\S.*?),?  # ((?:{0})(?:, (?:{0}))*)\b".format("|".join(LINES)), re.MULTILINE)

QUESTIONS = ("graph by", "gradients", "code runs", "by hand")


class Era(NamedTuple):
    """An era on the poster, with the answers to four questions.

    Attributes:
        name: with its year.
        cells: a piece of text that its cells have and no other era's marked lines.
        graph: who builds the graph.
        gradients: who computes the gradients.
        runs: when code runs.
        hand: what is still written by hand.
    """

    name: str
    cells: str
    graph: str
    gradients: str
    runs: str
    hand: str


def marked(cells: Sequence[str], piece: str) -> dict[str, str]:
    """The marked lines of the cells that have this piece, by what they do, in the order of LINES; of two the later."""
    found = {roles: code for cell in cells if piece in cell for code, roles in MARK.findall(cell)}
    return dict(sorted(found.items(), key=lambda line: LINES.index(line[0].rpartition(" ")[2])))


def unmarked(cell: str) -> str:
    """A cell as it would be without the marks."""
    return re.sub(rf"  # (?:{'|'.join(LINES)})\b.*", "", cell)


def five_lines(cells: Sequence[str], eras: Sequence[Era], before: Sequence[Era] = ()) -> HTML:
    """A card per era: its lines, and four answers, bold where neither the eras before nor a card before has them."""
    cards, seen = [], {answer for era in before for answer in era}
    for era in eras:
        lines = marked(cells, era.cells) or {"–": "run the cells above first"}
        code = "".join(f"<dt>{roles}</dt><dd><code>{escape(line)}</code></dd>" for roles, line in lines.items())
        answers = [answer if answer in seen else f"<b>{answer}</b>" for answer in era[2:]]
        facts = "".join(f"<dt>{name}</dt><dd>{answer}</dd>" for name, answer in zip(QUESTIONS, answers, strict=True))
        kind = ' class="drawn"' if "run" in " ".join(lines) else ""
        cards.append(f"<li><p>{era.name}</p><dl{kind}>{code}</dl><dl>{facts}</dl></li>")
        seen.update(era)
    style = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
    return HTML(f'<style>{style}</style><ol class="eras">{"".join(cards)}</ol>')
