"""The pictures of docs/instructors.md, taken anew of the second course's sample class: ``python -m benchmarks.term_pictures``.

It runs the guide's own commands and marks an answer in a real formgrader. It needs Chromium and ``.[site]``.
"""

import html
import json
import os
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from autograder.publish.site.check import chromium
from tests.places import EXAMPLE, ROOT
from tests.processes import command
from tests.tool.test_formgrader import formgrader, mark

FOLDER = ROOT / "docs" / "term"
WHO = "ida-many-mistakes"
ANSWER = """Cutting the series off leaves an error of about *h* |f''| / 2, which **shrinks** with *h*.
Rounding spoils both values, and dividing by a small *h* makes that worse."""
STYLE = """<style>body { margin: 0; } pre { display: inline-block; margin: 0; padding: 14px 18px; background: #16202c;
color: #e4e9f0; font: 14px/1.35 "DejaVu Sans Mono", monospace; white-space: pre-wrap; max-width: 100ch; }</style>"""


def top(page: Page, name: str, path: Path, height: int) -> None:
    """The picture of the top of a page."""
    page.set_viewport_size({"width": 900, "height": height})
    page.goto(path.as_uri())
    page.screenshot(path=FOLDER / f"{name}.png")


def main() -> None:
    """Grade and mark the sample class and take the pictures."""
    os.environ["AUTOGRADER_SEED"] = "the same inputs in every picture"
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        course, page = Path(folder) / "demo", browser.new_page()
        page.set_default_timeout(300_000)
        command(EXAMPLE.root, "demo", str(course))
        path = course / "submitted" / WHO / "arrays" / "arrays.ipynb"
        notebook = json.loads(path.read_bytes())
        notebook["cells"][-1]["source"] = ANSWER
        path.write_text(json.dumps(notebook), encoding="utf-8")
        command(course, "grade", "arrays")
        with formgrader(course, Path(folder)) as address:
            page.set_viewport_size({"width": 1100, "height": 640})
            page.goto(address)
            page.wait_for_selector("td >> text=Submission #1", state="attached")  # rows come after the page
            page.click("text=Show All Names")
            page.screenshot(path=FOLDER / "formgrader.png")
            mark(page, WHO, "2", "1 + 1 + 0 How does each depend on h?")
            page.set_viewport_size({"width": 1100, "height": 360})  # above are formulas, for which MathJax is fetched
            page.locator("#best_step-comment").evaluate("each => each.scrollIntoView({block: 'end'})")
            page.screenshot(path=FOLDER / "marking.png")
        command(course, "report", "arrays")
        top(page, "report", course / "report" / "arrays.html", 700)
        said = command(course, "explain", WHO, "arrays", "moving_average").split("    case too-few 2")[0].rstrip()
        page.set_content(f"{STYLE}<pre>$ autograder explain {WHO} arrays moving_average\n{html.escape(said)}</pre>")
        page.locator("pre").screenshot(path=FOLDER / "explain.png")
        command(course, "except", "arrays", "--exercise", "cosine", "--dropped", "--reason", "The text was unclear.")
        command(course, "feedback", "arrays")
        top(page, "feedback", course / "feedback" / WHO / "arrays" / "arrays.html", 520)
        page.locator("#best_step").screenshot(path=FOLDER / "written.png")


if __name__ == "__main__":
    main()
