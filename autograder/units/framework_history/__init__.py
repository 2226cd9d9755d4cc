"""framework_history, what each generation of frameworks invented: its exercises in the notebook's order.

Graphs and models that a student's code builds leave the sandbox as plain data and are run here; logs of calls are
judged together with numbers that only those calls can have made.
"""

from __future__ import annotations

from autograder.exercise import Exercise
from autograder.units.framework_history import (
    bagging_trainer,
    gradient_tape,
    keras_graph,
    onnx_exchange,
    scan_loop,
    session_run,
    sgd_engine,
    simplify,
    symbolic_grad,
    theano_function,
    timeline,
    torch7_containers,
    yaml_objects,
)

EXERCISES: tuple[Exercise, ...] = tuple(
    module.EXERCISE
    for module in (
        bagging_trainer,
        symbolic_grad,
        simplify,
        theano_function,
        scan_loop,
        torch7_containers,
        yaml_objects,
        keras_graph,
        session_run,
        gradient_tape,
        sgd_engine,
        onnx_exchange,
        timeline,
    )
)
"""Every exercise of the assignment that is judged by running code."""
