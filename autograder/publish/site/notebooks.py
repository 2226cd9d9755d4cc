"""A notebook as the site shows it."""

import html

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.course.lecture import stills
from autograder.course.setup_cell import is_setup_cell
from autograder.course.source import grade_id, is_graded, is_solution


def as_read(notebook: NotebookNode) -> NotebookNode:
    """A lecture or a release with set-up folded away, each exercise with its points, every picture in words as well.

    Code that only draws is left out, and so are cells that only ask for an answer or a mark.
    """
    shown = stills(notebook)
    points = {grade_id(cell): cell.metadata.nbgrader.get("points") for cell in shown.cells if is_graded(cell)}
    cells = []
    for cell in shown.cells:
        name, solution, tags = grade_id(cell) or "", is_solution(cell), _tags(cell)
        if (is_graded(cell) and not solution) or (solution and name.startswith("quiz-")):
            continue
        if solution:
            worth = points.get(f"{name}-test", points.get(name))
            label = f"{'Question' if cell.cell_type == 'markdown' else 'Exercise'} <b>{html.escape(name)}</b>"
            label += "" if worth is None else f" <span>{worth:g} point{'' if worth == 1 else 's'}</span>"
            cells.append(new_markdown_cell(f'<p class="label">{label}</p>'))
        if cell.source.strip() or cell.get("outputs"):
            prompt = "Look" if "hide-output" in tags else "Set-up"
            shown_so = {"image": {"alt": _alternative(cell)}, "code_prompt_show": prompt, "code_prompt_hide": prompt}
            cell.metadata = {"tags": tags, "mystnb": shown_so}
            cells.append(cell)
        if solution and cell.cell_type == "code":
            cells.append(new_markdown_cell(f'Then run `check("{name}")`'))
    shown.cells = cells
    return shown


def _tags(cell: NotebookNode) -> list[str]:
    """What MyST-NB is told of a cell by its tags; ``exercise`` becomes a class, for the style sheet."""
    if cell.cell_type == "code" and is_setup_cell(cell.source):
        return ["hide-input"]
    hidden = ["remove-input"] if cell.metadata.get("jupyter", {}).get("source_hidden") else []
    look = ["hide-output"] if cell.metadata.get("look") and cell.get("outputs") else []
    return hidden + look or (["exercise"] if is_solution(cell) else [])


def _alternative(cell: NotebookNode) -> str:
    """What a cell's pictures show, in words."""
    about = [output.get("metadata", {}).get("image/png", {}).get("alt", "") for output in cell.get("outputs", [])]
    return " ".join(filter(None, about))


def opening(notebook: NotebookNode, name: str) -> tuple[str, str]:
    """A notebook's title and what its first cell says after it; its name and nothing where that cell has no title."""
    title, _, rest = notebook.cells[0].source.partition("\n")
    return (title.removeprefix("# "), f"{rest}\n") if title.startswith("# ") else (name, "")
