"""The oracle's network: a stack of Linear layers with element-wise activations, in float64 NumPy.

It shares nothing with torch or with the reference solution. With a_n the input of a layer and δ_n the derivative of
example n's own scalar with respect to the layer's output, the gradient of the weight is δ_n a_nᵀ and that of the bias
is δ_n, so every importance of the course has a closed form.

A network is a *spec*, plain data that also crosses the sandbox's wall:
    {"sizes": [in, hidden, …, out], "activation": "relu", "bias": True, "dropout": 0.0}
Parameters are keyed as ``nn.Sequential``'s ``named_parameters()``: "0.weight" [out, in], "0.bias" [out], …
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Spec = Mapping[str, Any]
Arrays = dict[str, Array]
Factors = tuple[Callable[[Array], Array], Callable[[Array], Array]]

Slope = Callable[[Array, Array], Array]

UNCHANGED: Factors = (lambda delta: delta, lambda a: a)

ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "relu": (lambda z: np.maximum(z, 0.0), lambda z: (z > 0).astype(np.float64)),
    "tanh": (np.tanh, lambda z: 1.0 - np.tanh(z) ** 2),
    "sigmoid": (lambda z: 1.0 / (1.0 + np.exp(-z)), lambda z: np.exp(-z) / (1.0 + np.exp(-z)) ** 2),
    "identity": (lambda z: z, np.ones_like),
}
"""By name: the activation and its derivative, both as functions of the pre-activation."""


def linear_prefixes(spec: Spec) -> list[str]:
    """The positions of the Linear layers in the nn.Sequential, as the prefixes of their parameters' names."""
    stride = 3 if spec["dropout"] else 2
    return [str(stride * layer) for layer in range(len(spec["sizes"]) - 1)]


def shapes(spec: Spec) -> dict[str, tuple[int, ...]]:
    """Every parameter's shape, by name."""
    result: dict[str, tuple[int, ...]] = {}
    for prefix, fan_in, fan_out in zip(linear_prefixes(spec), spec["sizes"][:-1], spec["sizes"][1:], strict=True):
        result[f"{prefix}.weight"] = (fan_out, fan_in)
        if spec["bias"]:
            result[f"{prefix}.bias"] = (fan_out,)
    return result


def layers(spec: Spec, parameters: Mapping[str, Array], inputs: Array) -> list[tuple[Array, Array]]:
    """Of a forward pass in eval mode (dropout does nothing) over inputs [N, in]: each Linear layer's input and output."""
    activation, _ = ACTIVATIONS[spec["activation"]]
    found = []
    values = np.asarray(inputs, dtype=np.float64)
    for prefix in linear_prefixes(spec):
        z = values @ np.asarray(parameters[f"{prefix}.weight"], dtype=np.float64).T
        if spec["bias"]:
            z = z + np.asarray(parameters[f"{prefix}.bias"], dtype=np.float64)
        found.append((values, z))
        values = activation(z)
    return found


def forward(spec: Spec, parameters: Mapping[str, Array], inputs: Array) -> Array:
    """The network's output, [N, K]."""
    return layers(spec, parameters, inputs)[-1][1]


def example_gradients(
    spec: Spec,
    parameters: Mapping[str, Array],
    inputs: Array,
    cotangent: Array,
    factors: Factors = UNCHANGED,
    slope: Slope | None = None,
) -> Arrays:
    """Every example's own gradient, [N, *shape] by name; of several scalars of each example, [S, N, *shape].

    Args:
        spec, parameters, inputs: the network and its data.
        cotangent: [N, K] or [S, N, K], the derivative of example n's scalar with respect to its output.
        factors: what is made of δ and a before they are multiplied.
        slope: in place of the activation's derivative, from its argument and value.
    """
    run = layers(spec, parameters, inputs)
    prefixes = linear_prefixes(spec)
    result: Arrays = {}
    delta = np.asarray(cotangent, dtype=np.float64)
    for layer in range(len(prefixes) - 1, -1, -1):
        weight = f"{prefixes[layer]}.weight"
        result[weight] = factors[0](delta)[..., None] * factors[1](run[layer][0])[:, None, :]
        if spec["bias"]:
            result[f"{prefixes[layer]}.bias"] = factors[0](delta)
        if layer:
            z, a = run[layer - 1][1], run[layer][0]
            local = slope(z, a) if slope else ACTIVATIONS[spec["activation"]][1](z)
            delta = delta @ np.asarray(parameters[weight], dtype=np.float64) * local
    return {name: result[name] for name in shapes(spec)}


def output_jacobian(spec: Spec, parameters: Mapping[str, Array], inputs: Array) -> Arrays:
    """∂f_k(x_n)/∂θ, [K, N, *shape] by name."""
    outputs = np.eye(spec["sizes"][-1])
    return example_gradients(spec, parameters, inputs, np.repeat(outputs[:, None], len(inputs), axis=1))


def softmax(outputs: Array) -> Array:
    """Class probabilities of logits [N, K]."""
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def softmax_pulled_back(outputs: Array, cotangent: Array) -> Array:
    """∂L/∂f from ∂L/∂p, p = softmax(f)."""
    p = softmax(outputs)
    return np.asarray(p * (cotangent - (p * cotangent).sum(axis=-1, keepdims=True)))


def onehot(outputs: Array, labels: Array) -> Array:
    """Rows of the identity [N, K], 1 where the label is."""
    return np.asarray(np.eye(outputs.shape[1])[np.asarray(labels)])


def cross_entropy_cotangent(outputs: Array, labels: Array) -> Array:
    """∂ cross_entropy(f_n, y_n) / ∂f_n = softmax(f_n) − onehot(y_n), [N, K]."""
    return softmax(outputs) - onehot(outputs, labels)


def draw_spec(
    rng: np.random.Generator,
    sizes: tuple[int, ...] | None = None,
    activation: str = "relu",
    *,
    bias: bool = True,
    dropout: float = 0.0,
) -> dict[str, Any]:
    """A spec; sizes (3–6 inputs, one hidden layer of 4–7, 3–5 outputs) are drawn unless given."""
    if sizes is None:
        sizes = (int(rng.integers(3, 7)), int(rng.integers(4, 8)), int(rng.integers(3, 6)))
    return {"sizes": [int(size) for size in sizes], "activation": activation, "bias": bias, "dropout": dropout}


def draw_parameters(rng: np.random.Generator, spec: Spec, dtype: str = "float32") -> Arrays:
    """Weights of about unit gain and biases of about ½."""
    result = {}
    for name, shape in shapes(spec).items():
        scale = 1.5 / np.sqrt(shape[1]) if len(shape) == 2 else 0.5
        result[name] = (scale * rng.standard_normal(shape)).astype(dtype)
    return result


def draw_inputs(
    rng: np.random.Generator, spec: Spec, parameters: Mapping[str, Array], count: int, dtype: str = "float32"
) -> Array:
    """Inputs [count, in] which keep every hidden pre-activation at least 0.01 from a kink of the relu."""
    found = np.empty((0, spec["sizes"][0]), dtype)
    while len(found) < count:
        rows = rng.standard_normal((count, spec["sizes"][0])).astype(dtype)
        clear = np.ones(count, dtype=bool)
        for _, z in layers(spec, parameters, rows)[:-1]:
            clear &= np.abs(z).min(axis=1) > 0.01
        found = np.concatenate([found, rows[clear]])
    return found[:count]


def draw_labels(rng: np.random.Generator, spec: Spec, count: int) -> Array:
    """Labels [count], int64, of which no two neighbours are equal, so that batches are never of one class alone."""
    classes = spec["sizes"][-1]
    steps = rng.integers(1, classes, size=count) if classes > 1 else np.zeros(count, dtype=np.int64)
    return np.asarray(np.cumsum(steps) % classes, dtype=np.int64)


def draw_problem(
    rng: np.random.Generator, spec: Spec, batch_sizes: tuple[int, ...], dtype: str = "float32"
) -> dict[str, Any]:
    """A network with its data, as a case's inputs.

    Drawn again until no hidden unit is dead for all examples, so that the importance of every parameter is clearly
    non-zero, and until a label is not the class that the network predicts.

    Returns:
        {"spec", "parameters", "inputs" [N, in], "labels" [N], "batch_sizes" (adding up to N)}.
    """
    count = sum(batch_sizes)
    for _ in range(1000):
        parameters = draw_parameters(rng, spec, dtype)
        inputs = draw_inputs(rng, spec, parameters, count, dtype)
        labels = draw_labels(rng, spec, count)
        surprises = forward(spec, parameters, inputs).argmax(axis=1) != labels
        if _is_lively(spec, parameters, inputs) and (surprises.any() or spec["sizes"][-1] == 1):
            drawn = {"spec": spec, "parameters": parameters, "inputs": inputs, "labels": labels}
            return drawn | {"batch_sizes": list(batch_sizes)}
    raise RuntimeError(f"no lively network of {spec['sizes']} in 1000 draws")


def _is_lively(spec: Spec, parameters: Mapping[str, Array], inputs: Array) -> bool:
    """Whether the mean output depends clearly on every weight matrix and bias."""
    jacobian = output_jacobian(spec, parameters, inputs)
    norms = [float(np.linalg.norm(value.mean(axis=1))) for value in jacobian.values()]
    return min(norms) > 0.05 * max(norms)
