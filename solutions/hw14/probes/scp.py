"""Drive the student's ``sphere`` and SCP."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor, nn

from .common import Batches, Inputs, Names, Outputs, build_model, plain
from .importance import drive


def probe(names: Names, inputs: Inputs) -> Outputs:
    """Directions, an importance with directions of its own, or importances with given ones."""
    if "sphere" in inputs:
        return _sphere(names["sphere"], inputs["sphere"])
    if "settings" in inputs:
        return _own_directions(names["SCP"], inputs)
    return drive("SCP", _with_directions(names, inputs), inputs, _measure)


def _measure(method: Any, model: nn.Module, batches: Any, problem: Inputs) -> Any:
    return method.importance(model, batches, problem["directions"])


def _with_directions(names: Names, inputs: Inputs) -> Names:
    """The namespace, but its SCP uses the first task's directions when consolidate asks for none."""
    if "tasks" not in inputs:
        return names
    given = inputs["tasks"][0]["directions"]
    base: Any = names["SCP"]

    class Given(base):
        def importance(self, model: nn.Module, batches: Any, directions: Any = None) -> Any:
            return super().importance(model, batches, given.clone() if directions is None else directions)

    return {**names, "SCP": Given}


def _sphere(sphere: Any, asked: Inputs) -> Outputs:
    """Directions without a generator, few of them twice, and four times with one: of a seed, again, of another seed, and of the first once more."""
    directions = sphere(asked["slices"], asked["dimensions"])
    generators = [torch.Generator().manual_seed(asked["seed"] + more) for more in (0, 0, 1)]
    few = [sphere(asked["few"], asked["dimensions"], generator=each) for each in generators]
    return {
        "directions": directions,
        "dtype": str(directions.dtype) if isinstance(directions, Tensor) else type(directions).__name__,
        "alike": _alike(*(sphere(asked["few"], asked["dimensions"]) for _ in range(2))),
        "seeded": few[0],
        "seeded again": few[1],
        "seeded otherwise": few[2],
        "restarted": _alike(few[0], sphere(asked["few"], asked["dimensions"], generator=generators[0])),
        **_repeats(few),
        **_moments(directions),
    }


def _repeats(few: list[Any]) -> dict[str, bool]:
    """Whether a seed gives its directions again, and whether another one gives others; only to name a mistake."""
    if not all(isinstance(value, Tensor) and value.shape == few[0].shape for value in few):
        return {}
    return {"same seed": torch.equal(few[0], few[1]), "other seed": torch.equal(few[0], few[2])}


def _moments(directions: Any) -> dict[str, float]:
    """Averages over all rows by which the judge can name a mistake; the judgement itself is made on the rows."""
    if not isinstance(directions, Tensor) or directions.dim() != 2:
        return {}
    rows = directions.detach().double()
    lengths = rows.norm(dim=1)
    unit = rows / lengths.clamp(min=1e-30)[:, None]
    return {
        "length": float(lengths.mean()),
        "inverse": float((1 / lengths.clamp(min=1e-30)).mean()),
        "flatness": float((unit**4).sum(dim=1).mean()),
        "entry": float(rows.mean()),
        "taxicab": float(rows.abs().sum(dim=1).mean()),
        "largest": float(rows.abs().amax(dim=1).mean()),
        "spread": float((rows - rows[:1]).abs().max()),
    }


def _own_directions(scp: Any, inputs: Inputs) -> Outputs:
    """The importance with directions that the method draws itself.

    Returns:
        {"omega", "slices": the method's own number, "asked": the slices it asked ``sphere`` for}; the last only names a
        mistake, for a method may draw its directions without ``sphere``. "of given": the importance with as many slices
        as the case gives directions, which ``sphere`` returns; None where it fails. And "kept": of one slice, whether the
        same method, asked again, has it again, though ``sphere`` draws another.
    """
    asked: list[Any] = []
    namespace = getattr(scp.importance, "__globals__", {})
    sphere: Any = namespace.get("sphere")

    def recorder(*arguments: Any, **options: Any) -> Any:
        asked.append(arguments[0] if arguments else options.get("slices"))
        return sphere(*arguments, **options)

    def given(slices: int, dimensions: int, generator: Any = None) -> Tensor:
        return inputs["given"].clone() if slices == len(inputs["given"]) else torch.zeros(slices, dimensions)

    def measured(method: Any, function: Any, settings: Mapping[str, Any]) -> Any:
        for name, value in settings.items():
            setattr(method, name, value)
        if sphere is not None:
            namespace["sphere"] = function
        try:
            return plain(method.importance(build_model(inputs["spec"], inputs["parameters"]), Batches(inputs)))
        finally:
            if sphere is not None:
                namespace["sphere"] = sphere

    method = scp()
    slices = getattr(method, "slices", None)
    omega = measured(method, recorder, inputs["settings"])
    result = {"omega": omega, "slices": slices, "asked": [*asked], "of given": None, "kept": False}
    with suppress(Exception):
        result["of given"] = measured(scp(), given, {"slices": len(inputs["given"])})
    with suppress(Exception):
        if inputs["settings"] and not _alike(*(sphere(1, len(inputs["given"][0])) for _ in range(2))):
            again = measured(method, recorder, {})
            result["kept"] = all(_alike(again[name], value) for name, value in omega.items())
    return result


def _alike(left: Any, right: Any) -> bool:
    """Whether two tensors hold the same."""
    return isinstance(left, Tensor) and isinstance(right, Tensor) and torch.equal(left, right)
