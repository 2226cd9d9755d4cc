"""Runs one exhibit. Started as a script by the Python of a room, which may hold NumPy and one old library, no more."""

import importlib
import importlib.util
import json
import platform
import sys
from importlib import metadata
from pathlib import Path

import numpy as np


def main(task_path: str) -> None:
    """Run the exhibit of a task; the last line on stdout is the reply, as JSON."""
    task = json.loads(Path(task_path).read_text())
    spec = importlib.util.spec_from_file_location("problem", task["problem"])
    assert spec is not None
    assert spec.loader is not None
    problem = importlib.util.module_from_spec(spec)
    sys.modules["problem"] = problem  # dataclasses look their module up
    spec.loader.exec_module(problem)
    line_weights, net_weights = ([np.array(weight) for weight in weights] for weights in task["truth"])
    ledger = problem.Ledger(truth=(line_weights, net_weights))
    names = {
        "__name__": "__main__",
        "np": np,
        "line": ledger.line,
        "net": ledger.net,
        "line_weights": line_weights,
        "net_weights": net_weights,
        "ledger": ledger,
        "here": lambda *modules: True,
    }
    exec(compile(task["source"], "exhibit", "exec"), names)
    module = importlib.import_module(task["module"])
    version = getattr(module, "__version__", None) or metadata.version(task["module"])
    ((name, (line, net)),) = ledger.entries.items()
    reply = {"name": name, "version": version, "python": platform.python_version(), "line": line, "net": net}
    print(json.dumps(reply))


if __name__ == "__main__":
    main(sys.argv[1])
