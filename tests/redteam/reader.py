"""Attacks on whoever reads the results, those that are more than cells; the others are in reader.toml."""

from .corpus import Aim, Handin, Work, attack

OWN = "document.title='owned'"


@attack(Aim.LEAK)
def attachments_elsewhere(work: Work) -> None:
    """Attachments and file names that lead out of the folder."""
    work.prose("![a](attachment:../../../../tmp/redteam-attachment.png)")
    work.notebook.cells[0]["attachments"] = {"../../../../tmp/redteam-attachment.png": {"image/png": "iVBORw0KGgo="}}


@attack(Aim.HARM, student='<img src=x onerror="x">')
def name_as_html(work: Work) -> Handin:
    """The name of the folder and of the file are tags."""
    return {f"<script>{OWN[:9]}<script>.ipynb": work.bytes()}


@attack(Aim.DENIAL)
def tables_without_end(work: Work) -> None:
    """Text packed with tables, quotes and brackets, over which a renderer broods."""
    texts = ("|a" * 9_000 + "\n" + "|-" * 9_000, "|-|-\n" * 3_900, "|\n|-\n" * 3_300, "a|b\n-|-\n" * 2_400)
    for text in texts:
        work.prose(text)


@attack(Aim.DENIAL)
def brooding_markdown(work: Work) -> None:
    """Emphasis, links, quotes and lists nested thousands deep."""
    texts = [unit * (18_000 // len(unit)) for unit in ("*_", "[", "> ", "![", "<", "- ", "$")]
    texts.insert(5, "`" * 9_000 + "a")
    for text in texts:
        work.prose(text)
