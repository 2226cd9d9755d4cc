"""Tools for looking at a network's gradients one example at a time, without touching the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


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
        model: a network in which each Linear layer is used once; its parameters and `.grad`s stay as they are.
        inputs: [B, D].
        loss: the network's outputs [B, K] → one number for each example, [B].

    Yields:
        (name, delta, a) for each parameter that learns. delta is [B, out]; a is [B, in] for a weight and ones [B] for
        a bias. Example n's gradient of a weight is `torch.outer(delta[n], a[n])`, of a bias `delta[n] * a[n]`;
        `delta.T @ a` is their sum over the batch, in the parameter's own shape.
    """
    seen: list[tuple[str, nn.Linear, Tensor, Tensor]] = []

    def remember(name: str) -> Callable[[nn.Linear, Any, Tensor], Tensor]:
        def hook(layer: nn.Linear, arguments: Any, output: Tensor) -> Tensor:
            if output.requires_grad:
                seen.append((name, layer, arguments[0].detach(), output))
            return output.clone()  # an in-place activation would overwrite the output that is remembered

        return hook

    layers = [(name, module) for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    hooks = [layer.register_forward_hook(remember(name)) for name, layer in layers]
    try:
        losses = loss(model(inputs))
    finally:
        for hook in hooks:
            hook.remove()
    if losses.shape != inputs.shape[:1]:
        raise ValueError(
            f"loss should give one number for each of the {len(inputs)} examples, but gave shape {list(losses.shape)}"
        )
    deltas = torch.autograd.grad(losses.sum(), [output for *_, output in seen], materialize_grads=True) if seen else ()
    for (name, layer, a, _), delta in zip(seen, deltas, strict=True):
        prefix = f"{name}." if name else ""
        if layer.weight.requires_grad:
            yield prefix + "weight", delta, a
        if layer.bias is not None and layer.bias.requires_grad:
            yield prefix + "bias", delta, torch.ones_like(a[:, 0])
