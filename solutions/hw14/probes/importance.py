"""Drive the ``importance(model, batches)`` of a student's class; shared by the exercises that measure it on data."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from .common import Batches, Inputs, Names, Outputs, Snapshot, build_model, form, plain, use

Measure = Callable[[Any, nn.Module, Any, Mapping[str, Any]], Any]
"""(method, model, batches, problem) → the student's result."""


def drive(
    class_name: str,
    names: Names,
    inputs: Inputs,
    measure: Measure = lambda method, model, batches, problem: method.importance(model, batches),
) -> Outputs:
    """Measure the importance of one task, or of the two tasks ``inputs["tasks"]`` one after another."""
    method = names[class_name]()
    if "tasks" in inputs:
        return _two_tasks(names, method, inputs["tasks"], measure)
    return _one_task(method, inputs, measure)


def _one_task(method: Any, problem: Inputs, measure: Measure) -> Outputs:
    """The importance with its form and its side effects.

    Returns:
        {"omega": by name, "type", "entries" (see ``form``), "keeps_parameters", "keeps_gradients", "keeps_buffers",
        "keeps_mode", "keeps_batches", "has_gradients": whether a ``.grad`` is not
        zero at the end, "trained": whether a forward pass ran in training mode}.
    """
    model = build_model(problem["spec"], problem["parameters"])
    model.train(problem["training"])
    if problem["used"]:
        use(model)
    method.begin_task(model)
    modes: list[bool] = []
    hook = model.register_forward_pre_hook(lambda module, _: modes.append(module.training))
    given = {name: value.clone() for name, value in problem.items() if isinstance(value, Tensor)}
    before = Snapshot(model)
    result = measure(method, model, Batches(problem), problem)
    kept = before.same_as(Snapshot(model))
    hook.remove()
    return {
        "omega": result,
        **form(result, model),
        **{f"keeps_{part}": same for part, same in kept.items()},
        "keeps_batches": all(torch.equal(problem[name], value) for name, value in given.items()),
        "has_gradients": any(each.grad is not None and bool(each.grad.any()) for each in model.parameters()),
        "trained": any(modes),
    }


def _two_tasks(names: Names, method: Any, tasks: Any, measure: Measure) -> Outputs:
    """Two tasks with one method: each task's importance, and what ``consolidate`` makes of them.

    ``consolidate`` is inherited as a rule, and its faults belong to the exercise ``penalty``. So the same is done with
    a class that has nothing but what it inherits from the student's QuadraticPenalty ("control"), to be compared.

    Returns:
        {"first", "second": by name, "omega": by name or None, "control": likewise}.
    """
    models = [build_model(task["spec"], task["parameters"]) for task in tasks]
    measured = []
    for model, task in zip(models, tasks, strict=True):
        method.begin_task(model)
        measured.append(plain(measure(method, model, Batches(task), task)))
    control = controlled(names["QuadraticPenalty"], measured, models)
    omega = control and _consolidated(type(method)(), models, [Batches(task) for task in tasks])
    return {"first": measured[0], "second": measured[1], "omega": omega, "control": control}


def controlled(base: Any, measured: Any, models: Any) -> Any:
    """Ω after tasks of these importances by the student's QuadraticPenalty, and nothing else."""

    class Control(base):
        def importance(self, model: nn.Module, batches: Any) -> dict[str, Tensor]:
            if not torch.is_grad_enabled():
                raise RuntimeError("no importance can be measured where gradients are switched off")
            return {name: value.clone() for name, value in measured[batches].items()}

    return _consolidated(Control(), models, range(len(measured)))


def _consolidated(method: Any, models: Any, batches: Any) -> Any:
    """Ω after the tasks; None where ``consolidate`` fails or is not written yet."""
    try:
        for model, task in zip(models, batches, strict=True):
            method.begin_task(model)
            method.consolidate(model, task)
        return plain(method.omega)
    except Exception:
        return None
