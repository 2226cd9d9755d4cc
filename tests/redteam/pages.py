"""What a page, a spreadsheet or a terminal would do with a student's text, beyond showing it."""

import csv
import io
import re
from collections import Counter

from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat import NotebookNode

ACTIVE = frozenset("script iframe frame object embed applet form base link portal template foreignobject".split())
LOADING = frozenset("src srcset poster background data action formaction xlink:href ping manifest".split())
SCHEME = re.compile(r"^\s*(javascript|vbscript|data\s*:\s*text|data:application|file)\b", re.IGNORECASE)
STYLE = re.compile(r"url\s*\(|@import|expression|position\s*:\s*(fixed|absolute|sticky)|behavior", re.IGNORECASE)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
PAINT = re.compile(r"\\(?:[rR]ule|[lr]lap|raise|color|style|class|href|require|def|unicode)\b")
FORMULA = re.compile(r"^[\s]*[=+@\t\r＝＋－＠-](?!\d*\.?\d*$)")


def active(page: str) -> Counter[str]:
    """Everything on the page that does more than stand there: acts, loads, covers, or is one of a kind twice."""
    elements = BeautifulSoup(page, "html.parser", multi_valued_attributes=None).find_all(True)
    found = Counter(f"<{each.name}>" for each in elements if each.name in ACTIVE or each.get("http-equiv") is not None)
    for tag, name, value in ((each.name, *attribute) for each in elements for attribute in each.attrs.items()):
        squeezed = re.sub(r"[\x00-\x20]", "", value)
        if name.startswith("on"):
            found[f"{tag} {name}"] += 1
        elif name in ("href", *LOADING) and SCHEME.match(squeezed):
            found[f"{tag} {name}={squeezed[:30]}"] += 1
        elif (name in LOADING or (name == "href" and tag != "a")) and re.match(r"(https?:)?//", squeezed):
            found[f"{tag} loads {squeezed[:40]}"] += 1
        elif name == "style" and STYLE.search(value):
            found[f"{tag} style={value[:40]}"] += 1
    styles = [str(each.string) for each in elements if each.name == "style"]
    found["style of the student's"] += sum(bool(re.search("owned|31339|display:none}", each)) for each in styles)
    ids = Counter(each["id"] for each in elements if each.has_attr("id"))
    found.update({f"id {name} twice": 1 for name, count in ids.items() if count > 1})
    found.update({f"character {ord(each[0]):#x}": 1 for each in CONTROL.finditer(page)})
    return found


def added(page: str, honest: str) -> list[str]:
    """What is active on a page that is not on an honest student's."""
    return sorted((active(page) - active(honest)).keys())


def painted(notebook: NotebookNode) -> list[str]:
    """The TeX with which a recorded copy would paint on formgrader's page, where MathJax reads all but code."""
    prose = [markdown2html_mistune(cell.source) for cell in notebook.cells if cell.cell_type == "markdown"]
    data = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ())]
    pages = prose + [each[kind] for each in data for kind in ("text/html", "text/latex") if kind in each]
    shown = [re.sub(r"(?s)<(code|pre)\b.*?</\1>", "", page) for page in pages]
    return sorted({f"formula {found}" for text in shown if "$" in text for found in PAINT.findall(text)})


def formulas(text: str) -> list[str]:
    """The fields of a CSV file that a spreadsheet would compute."""
    fields = [field for row in csv.reader(io.StringIO(text)) for field in row]
    return [f"formula {field[:30]!r}" for field in fields if FORMULA.match(field)]


def escapes(text: str) -> list[str]:
    """The control characters in a terminal's text, the 16 colours left out."""
    return sorted({f"character {ord(found[0]):#x}" for found in CONTROL.finditer(re.sub(r"\x1b\[[\d;]*m", "", text))})
