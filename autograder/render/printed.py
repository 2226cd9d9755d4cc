"""Pages printed as PDF by a headless Chromium."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.course.course import CourseError
from autograder.processors import processors

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = "--headless --disable-gpu --no-pdf-header-footer".split()


def printed(pages: Sequence[Path]) -> list[Path]:
    """Print each page, an absolute path, beside itself; returns the PDFs.

    Raises:
        CourseError: Chromium is not installed, or has not printed one of them.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise CourseError("A PDF is printed by Chromium, which is not installed: sudo apt-get install chromium")
    confined = [] if os.geteuid() else ["--no-sandbox"]  # Chromium refuses to confine root's pages

    def pdf(page: Path) -> Path:
        made = page.with_suffix(".pdf")
        made.unlink(missing_ok=True)
        with TemporaryDirectory() as profile:
            line = [browser, *FLAGS, *confined, f"--user-data-dir={profile}", f"--print-to-pdf={made}", page.as_uri()]
            done = subprocess.run(line, capture_output=True, text=True, check=False)
        if not made.is_file():
            raise CourseError(f"{browser} has not printed {page}: {' '.join(done.stderr.split())[-300:]}")
        return made

    with ThreadPoolExecutor(processors()) as pool:
        return list(pool.map(pdf, pages))
