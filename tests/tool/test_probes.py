"""Probes, for real: in which fork they are called, what they get there, and what a host answers them."""

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.execution import Execution
from autograder.judging.exercise import Outcome
from autograder.sandbox import Limits, Sandbox, Setup, Use
from tests.processes import descendants, wait_for

pytestmark = pytest.mark.heavy

LIMITS = Limits(cell_seconds=3.0, grace_seconds=1.0, submission_seconds=30.0, output_mb=8)


def test_a_source_is_probed_where_no_student_code_has_run(tmp_path: Path) -> None:
    """What the student patches is gone there; what taking it out raises, or sends, is told as any answer's."""
    probe = "import math\ndef source(names): return names['work']()\ndef probe(source, inputs): return {'pi': math.pi, 'text': source['text']}"
    tmp_path.chmod(0o755)
    (tmp_path / "apart.py").write_text(probe)
    (tmp_path / "within.py").write_text(probe.replace("def source", "def other").replace("source['text']", "None"))
    solution = new_code_cell("", metadata={"nbgrader": {"grade_id": "apart", "solution": True}})
    with Sandbox(Setup(probes={"unit": tmp_path}, limits=LIMITS)) as sandbox:
        assert sandbox.apart == {"apart"}
        for work, expected in {
            "return {'text': 'x' * 3}": {"pi": math.pi, "text": "xxx"},
            "return {'other': 1}": "NotDefined",
            "1 / 0": "ZeroDivisionError",
            "raise RuntimeError": "RuntimeError",
            "return 'no tree'": "error",
            "return {'text': eval('[' * 15 + ']' * 15)}": {"pi": math.pi, "text": json.loads("[" * 15 + "]" * 15)},
        }.items():
            solution.source = f"import math\nmath.pi = 3\ndef work():\n    {work}"
            with Execution(sandbox, new_notebook(cells=[solution]), {}, {}, 0) as execution:
                within, (reply, again) = (execution.probe([(name, {})] * 2, 5.0) for name in ("within", "apart"))
            assert within[0].value == {"pi": 3, "text": None}
            assert reply == again
            assert expected in (reply.value, (reply.error or {}).get("type"))
            assert min(execution.report["cpu_seconds"], execution.report["faults"]) > 0


def test_what_is_asked_apart_goes_on_where_it_waits(tmp_path: Path) -> None:
    probe = "calls = []\ndef source(names): return {}\ndef probe(source, inputs): return {'calls': calls.append(1) or len(calls)}"
    tmp_path.chmod(0o755)
    (tmp_path / "apart.py").write_text(probe)
    with Sandbox(Setup(probes={"unit": tmp_path}, limits=LIMITS)) as sandbox:
        before = len(descendants(os.getpid()))
        with Execution(sandbox, new_notebook(), {}, {}, 0) as execution:

            def asked(use: Use = Use.ONCE) -> Any:
                replies = execution.probe([("apart", {})] * 2, 5.0, use=use)
                return [reply.value and reply.value["calls"] for reply in replies]

            assert [asked(Use.WAIT), asked(Use.RESUME), asked(Use.RESUME)] == [[1, 2], [3, 4], [1, 2]]
            assert [asked(Use.WAIT), asked()] == [[1, 2], [1, 2]]
            assert asked(Use.WAIT) == [1, 2]
        assert wait_for(lambda: len(descendants(os.getpid())) == before, 10)


def test_a_host_answers_and_notes_what_it_is_asked(tmp_path: Path) -> None:
    """Also where the student's code lies about it, asks nonsense or too much, or asks without listening."""
    tmp_path.chmod(0o755)
    probe = "def probe(names, inputs): return {'value': names['work'](inputs['host']), 'asked': 'nothing'}"
    (tmp_path / "asks.py").write_text(probe)
    with Sandbox(Setup(probes={"unit": tmp_path}, limits=LIMITS)) as sandbox, sandbox.open() as session:
        for work, expected in {
            "return ask(3) + ask(0.5)": {"value": 9.0, "asked": [3, 0.5]},
            "return [ask(each) for each in np.ones(2)]": {"value": [3.0, 3.0], "asked": [1.0, 1.0]},
            "return ask('x')": "ValueError",
            "ask('x' * (1 << 20))": Outcome.TIMEOUT,
            "while True: ask.args[0].send('ask', 1)": Outcome.TIMEOUT,
        }.items():
            session.run(f"import numpy as np\ndef work(ask):\n    {work}")
            (reply,) = session.probe([("asks", {"host": lambda number: 2 * number + 1})], 1.0)
            assert expected in (reply.value, (reply.error or {}).get("type"), reply.outcome), work


def test_a_fork_waits_until_something_else_is_asked(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "counts.py").write_text("def probe(names, inputs): return {'value': names['work']()}")
    calls = [("counts", {})]
    with Sandbox(Setup(probes={"unit": tmp_path}, limits=LIMITS)) as sandbox, sandbox.open() as session:

        def asked(use: Use = Use.ONCE) -> Any:
            (reply,) = session.probe(calls, 1.0, use=use)
            return (reply.value or {}).get("value", reply.outcome)

        def others() -> int:
            return len(descendants(os.getpid()))

        session.run("count = 0\ndef work():\n    global count\n    count += 1\n    return count")
        alone = others()
        assert [asked(Use.WAIT), asked(Use.RESUME), asked(Use.RESUME)] == [1, 2, 1]
        assert [asked(Use.WAIT), asked(Use.BESIDE), session.waiting, asked(Use.RESUME)] == [1, 1, True, 2]
        assert [asked(Use.WAIT), session.waiting, others() - alone] == [1, True, 1]
        assert [session.run("print(count)").outputs[0].text, session.waiting, others() - alone] == ["0\n", False, 0]
        assert [asked(Use.WAIT), session.run("", names=["work", "play"]).missing, asked(Use.RESUME)] == [1, {"play"}, 1]
        assert [asked(Use.WAIT), asked()] == [1, 1]
        assert wait_for(lambda: others() == alone, 10)
        session.run(
            "import os, threading\nwait = threading.Event().wait\ndef work():\n    threading.Timer(0.2, os._exit, [1]).start()\n    return 1"
        )
        assert asked(Use.WAIT) == 1
        assert wait_for(lambda: others() == alone, 10)
        assert [asked(Use.RESUME), asked(Use.RESUME)] == [Outcome.DIED, 1]
        session.run("count = 0\ndef work():\n    global count\n    count += 1\n    while count > 1: pass\n    return 1")
        assert [asked(Use.WAIT), asked(Use.RESUME), session.waiting] == [1, Outcome.TIMEOUT, False]
        assert [asked(Use.RESUME), session.alive] == [1, True]
