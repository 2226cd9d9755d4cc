"""How quickly a command can begin: what is imported before the first word of it is read."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.heavy


def test_the_command_line_starts_without_pytorch() -> None:
    code = "import sys, json, autograder.cli.main; print(json.dumps([name for name, it in sys.modules.items() if it]))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)
    assert "autograder.cli.main" in loaded
    assert not {"torch", "torchvision", "lifelong", "rfc3987_syntax"} & set(loaded)
