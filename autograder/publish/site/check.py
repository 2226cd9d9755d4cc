"""Every page of a site opened in a real browser, on a phone and a desk, light and dark: what is wrong with it?

``python -m autograder.publish.site.check build/site`` looks at all pages; with a further word, only at those whose
paths hold it.
"""

import http.server
import os
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import quote

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

WINDOWS = {"phone": (390, 844), "desk": (1280, 900)}
"""Widths and heights in CSS pixels."""

RULES: dict[Literal["light", "dark"], dict[str, object]] = {
    "light": {},
    "dark": {"runOnly": ["color-contrast", "link-in-text-block"]},
}
"""The themes, and axe-core's options in each: in the second only colours differ."""

PARTS = 16
"""A browser looks at every 16th page, and as many browsers run at once as there are processors."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Fault(NamedTuple):
    """Something wrong with a page: where, as seen how, and what."""

    page: str
    look: str
    words: str


def faults(folder: Path, word: str = "") -> Iterator[Fault]:
    """What is wrong with the pages of a site whose path holds ``word``, as it is found.

    Each page is opened once without scripts, where it must show its text, and once in each window and theme: there it
    must not write an error to the console, ask another server for anything, be wider than the window, or break a rule
    of axe-core's, its best practices included.
    """
    pages = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    chosen = [name for name in pages if word in name]
    parts = [chosen[first::PARTS] for first in range(min(PARTS, len(chosen)))]
    with served(folder) as address, ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(partial(_faults, address), parts):
            yield from found


def _faults(address: str, names: Sequence[str]) -> list[Fault]:
    """The faults of some pages, seen by one browser."""
    found: list[Fault] = []
    with chromium() as browser:
        plain, scripted = browser.new_context(java_script_enabled=False), browser.new_context()
        for name in names:
            page = plain.new_page()
            page.goto(f"{address}/{quote(name)}")
            if len(page.inner_text("main, [role=main]")) < 40:
                found.append(Fault(name, "without scripts", "shows no text"))
            page.close()
            page = scripted.new_page()
            found += _looks(page, name, address)
            page.close()
    return found


def _looks(page: Page, name: str, address: str) -> Iterator[Fault]:
    found: list[Fault] = []
    page.on("console", lambda said: found.append(Fault(name, "console", said.text)) if said.type == "error" else None)
    page.on("pageerror", lambda error: found.append(Fault(name, "console", str(error))))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/{quote(name)}")
    slides = "[...document.querySelectorAll('.slide')]"
    tall = page.evaluate(f"{slides}.filter((each) => each.scrollHeight > innerHeight + 1).length")
    found += [Fault(name, "slides", f"{tall} taller than the window of {page.viewport_size}")] if tall else []
    page.evaluate(AXE_SCRIPT)
    for window, (width, height) in WINDOWS.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme, rules in RULES.items():
            page.emulate_media(color_scheme=theme)
            look = f"{window}, {theme}"
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(Fault(name, look, f"is {wide} pixels wide in a window of {width}"))
            seen = page.evaluate("(options) => axe.run(options)", {"resultTypes": ["violations"], **rules})
            for rule in seen["violations"]:
                words = (" ".join(node["html"].split())[:160] for node in rule["nodes"])
                found += [Fault(name, look, f"{rule['id']}: {rule['help']}: {each}") for each in words]
    found += [Fault(name, "request", each) for each in asked if not each.startswith((address, "data:"))]
    yield from dict.fromkeys(found)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server of the folder's files, on this machine alone; its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: the faults are what is told."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, else the one that ``playwright install chromium`` has fetched."""
    own = next(filter(None, map(shutil.which, BROWSERS)), None)
    confined = [] if os.geteuid() else ["--no-sandbox"]  # Chromium refuses to confine root's pages
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=own, args=[*confined, "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


def main(folder: Path, word: str = "") -> int:
    """Print what is wrong; 1 if there is anything, else 0."""
    count = 0
    for fault in faults(folder, word):
        count += 1
        print(f"{fault.page} ({fault.look}): {fault.words}", flush=True)
    pages = sum(word in path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    print(f"{pages} pages, each without scripts and in {len(WINDOWS) * len(RULES)} looks: {count or 'no'} faults")
    return min(count, 1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:3]))
