"""Tools for looking at a network's gradients one example at a time, without touching the network."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from lifelong.method import Params


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Evaluation mode inside the block; afterwards every module is in the mode it was in."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


def gradient_factors(
    model: nn.Module, inputs: Tensor, loss: Callable[[Tensor], Tensor]
) -> Iterator[tuple[str, Tensor, Tensor]]:
    """The gradient of every single example with respect to each parameter of the Linear layers, as two factors.

    A Linear layer computes W a + b, so example n's gradient is an outer product: δ_n a_nᵀ for W and δ_n · 1 for b, with
    δ_n the gradient with respect to the layer's output. The factors of a batch are small; its B gradients are not.

    Args:
        model: a network in which each Linear layer is used once; its parameters and their ``grad`` stay as they are.
        inputs: [B, D].
        loss: the network's outputs [B, K] → one number for each example, [B].

    Raises:
        ValueError: the loss has another shape, or depends on a parameter that is not in a Linear layer.

    Yields:
        (name, delta, a) for each parameter that learns. delta is [B, out]; a is [B, in] for a weight and ones [B] for
        a bias. Example n's gradient of a weight is `torch.outer(delta[n], a[n])`, of a bias `delta[n] * a[n]`;
        `delta.T @ a` is their sum over the batch, in the parameter's own shape.
    """
    seen: list[tuple[str, nn.Linear, Tensor, Tensor]] = []

    def remember(name: str, layer: nn.Linear, arguments: Any, output: Tensor) -> Tensor:
        if output.requires_grad:
            seen.append((name, layer, arguments[0].detach(), output))
        return output.clone()  # an in-place activation would overwrite the output that is remembered

    layers = [(name, module) for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    hooks = [layer.register_forward_hook(partial(remember, name)) for name, layer in layers]
    try:
        losses = loss(model(inputs))
    finally:
        for hook in hooks:
            hook.remove()
    if losses.shape != inputs.shape[:1]:
        shape = list(losses.shape)
        raise ValueError(f"loss should give one number for each of the {len(inputs)} examples, but gave shape {shape}")
    inside = {id(parameter) for _, layer in layers for parameter in layer.parameters()}
    others = {name: p for name, p in model.named_parameters() if p.requires_grad and id(p) not in inside}
    wanted = [output for *_, output in seen] + list(others.values())
    if not wanted:
        return
    deltas = torch.autograd.grad(losses.sum(), wanted, allow_unused=True)
    for name, delta in zip(others, deltas[len(seen) :], strict=True):
        if delta is not None:
            message = (
                f"gradient_factors() knows Linear layers only, and {name} is not in one; example_gradients() takes any"
            )
            raise ValueError(message)
    for (name, layer, a, output), delta in zip(seen, deltas[: len(seen)], strict=True):
        delta = torch.zeros_like(output) if delta is None else delta
        prefix = f"{name}." if name else ""
        if layer.weight.requires_grad:
            yield prefix + "weight", delta, a
        if layer.bias is not None and layer.bias.requires_grad:
            yield prefix + "bias", delta, torch.ones_like(a[:, 0])


def example_gradients(
    model: nn.Module, inputs: Tensor, labels: Tensor, loss: Callable[[Tensor, Tensor], Tensor], chunk: int = 32
) -> Iterator[Params]:
    """The gradient of every single example, for a network of any layers, some examples at a time.

    Needs more memory and time than ``gradient_factors``: `chunk` gradients of the whole network exist at once.

    Args:
        model: its parameters and their ``grad`` stay as they are.
        inputs: [B, …].
        labels: [B].
        loss: (outputs [1, K], label [1]) → one number, such as ``F.cross_entropy``.
        chunk: how many examples at a time.

    Yields:
        ``{name: [b, *shape of the parameter]}`` for each parameter that learns, b ≤ chunk examples in order.
    """
    learnable = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}

    def single(parameters: Params, x: Tensor, y: Tensor) -> Tensor:
        outputs = torch.func.functional_call(model, parameters, (x.unsqueeze(0),))
        return loss(outputs, y.unsqueeze(0)).sum()

    gradients = torch.func.vmap(torch.func.grad(single), in_dims=(None, 0, 0), randomness="different")
    for xs, ys in zip(inputs.split(chunk), labels.split(chunk), strict=True):
        yield gradients(learnable, xs, ys)
