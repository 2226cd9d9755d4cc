"""Whether a library of the museum is installed here, said aloud when it is not."""

from importlib.util import find_spec


def here(module: str) -> bool:
    """True if the module can be imported; otherwise prints that the cell is skipped, and how to see it run."""
    if find_spec(module) is not None:
        return True
    print(f"{module} is not installed here: skipped. `autograder museum` runs it where it still installs.")
    return False
