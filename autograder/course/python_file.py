"""A Python file of the course's own, such as a command or a sample class, as a module."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def load(path: Path) -> ModuleType:
    """The module that a file defines; it is run now, and it may define dataclasses.

    Raises:
        Exception: whatever the file raises.
    """
    name = f"course_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module
