"""Commands, in this process and in others, the processes below this one, and waiting for what they do."""

import os
import subprocess
import sys
import time
from contextlib import chdir, suppress
from pathlib import Path

import psutil
from typer.testing import CliRunner

from autograder.cli.main import app


def command(folder: Path, *arguments: str, module: str = "", status: int = 0) -> str:
    """What a command says that is run in a folder and ends with this status; a module's in a process of its own."""
    if not module:
        with chdir(folder):
            ended = CliRunner().invoke(app, arguments)
        if ended.exception and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        assert ended.exit_code == status, ended.output
        return ended.output
    line = [sys.executable, "-m", module, *arguments]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # where nbgrader finds alembic
    environment = os.environ | {"PATH": path}
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def descendants(root: int) -> dict[int, str]:
    """The living processes below one, each with its command line; none where it has ended itself."""
    found = {}
    with suppress(psutil.NoSuchProcess):
        for each in psutil.Process(root).children(recursive=True):
            with suppress(psutil.Error):  # it has ended meanwhile
                ended = each.status() == psutil.STATUS_ZOMBIE  # or its first thread has, and others live
                if not ended or each.num_threads() > 1:
                    found[each.pid] = "\0".join([] if ended else each.cmdline())
    return found


def wait_for(condition: object, seconds: float = 900.0) -> bool:
    """Whether a condition comes true in time."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
