"""Run the whole solution notebook for real: ``python -m benchmarks.notebook`` prints its table and writes its figure.

What an instructor would do by hand: every cell of hw14 with its solutions, 5 tasks × 10 epochs of full permuted MNIST
(``LIFELONG_DATA``, or a network once), by a real kernel. The curves go to benchmarks/hw14.png.
"""

import argparse
import base64
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.course import Course

FIGURE = Path(__file__).with_name("hw14.png")


def report(notebook: NotebookNode) -> str:
    """The table that the notebook prints after training; its figure of the curves is written beside this file."""
    for cell in notebook.cells:
        if cell.source.startswith("plots.accuracy_curves("):
            FIGURE.write_bytes(base64.b64decode(cell.outputs[0].data["image/png"]))
    table = next(cell for cell in notebook.cells if cell.source.startswith("PUBLISHED ="))
    return str(table.outputs[0].text)


def main() -> None:
    """Execute the notebook and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--keep", type=Path, help="write the executed notebook there")
    options = parser.parse_args()
    notebook = Assignment.load(Course.find(), "hw14").solution_notebook()
    start = time.perf_counter()
    NotebookClient(notebook, timeout=None, kernel_name="python3").execute()
    print(f"{time.perf_counter() - start:.0f} s in all")
    if options.keep:
        nbformat.write(notebook, options.keep)
    print(report(notebook))


if __name__ == "__main__":
    main()
