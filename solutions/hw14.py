# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %%
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from lifelong import Method

# %% nbgrader={"grade": false, "grade_id": "permutation", "locked": false, "schema_version": 3, "solution": true, "task": false}
# exercise: permutation
def permute(images, permutation):
    """Reorder the pixels of every image in the same way.

    Args:
        images: pixels, [N, 784], uint8 or float; stays as it is.
        permutation: the numbers 0 … 783 in another order, [784], int64.

    Returns:
        A new tensor [N, 784] of the same dtype, with out[:, j] = images[:, permutation[j]].
    """
    ### BEGIN SOLUTION
    return images[:, permutation]
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "metrics", "locked": false, "schema_version": 3, "solution": true, "task": false}
# exercise: metrics
def average_accuracy(R):
    """The mean accuracy over all tasks after the last one: mean over j of R[T-1, j].

    Args:
        R: accuracies in [0, 1], [T, T] float tensor or array, T ≥ 2; R[i, j] is measured on task j after training task i.

    Returns:
        One number.
    """
    ### BEGIN SOLUTION
    return R[-1].mean()
    ### END SOLUTION


def forgetting(R):
    """How far each earlier task has fallen from its best: mean over j < T-1 of (max over l < T-1 of R[l, j]) - R[T-1, j]."""
    ### BEGIN SOLUTION
    R = torch.as_tensor(R)
    best = R[:-1, :-1].max(dim=0).values
    return (best - R[-1, :-1]).mean()
    ### END SOLUTION


def backward_transfer(R):
    """What later tasks did to earlier ones: mean over j < T-1 of R[T-1, j] - R[j, j]. Negative means forgetting."""
    ### BEGIN SOLUTION
    R = torch.as_tensor(R)
    return (R[-1] - R.diagonal())[:-1].mean()
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "given-evaluating", "locked": true, "schema_version": 3, "solution": false, "task": false}
@contextmanager
def evaluating(model):
    """Evaluation mode inside the block; afterwards every module is in the mode it was in."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


def factors(model, inputs, loss):
    """The gradients of every single example, as two factors a parameter.

    For a Linear layer the gradient of example n is an outer product: δ_n a_nᵀ for the weight, δ_n · 1 for the bias.
    Only the factors are kept, because 128 gradients of 1.5 million numbers each would fill 800 MB.

    Args:
        model: a network in which each Linear layer is used at most once; its `.grad`s stay as they are.
        inputs: [B, D].
        loss: outputs [B, K] → one number for each example, [B].

    Yields:
        (name, delta, a) for each parameter that can learn; delta is [B, out], a is [B, in] for a weight and ones [B]
        for a bias, so that `delta.T @ a` is the gradient of the batch's summed loss, in the parameter's own shape.
    """
    seen = []

    def remember(name):
        def hook(layer, arguments, output):
            if output.requires_grad:
                seen.append((name, layer, arguments[0].detach(), output))
            return output.clone()  # an in-place ReLU would change the output that we remember

        return hook

    layers = [(name, module) for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    hooks = [layer.register_forward_hook(remember(name)) for name, layer in layers]
    try:
        losses = loss(model(inputs))
    finally:
        for hook in hooks:
            hook.remove()
    if not seen:
        return
    deltas = torch.autograd.grad(losses.sum(), [output for *_, output in seen], allow_unused=True)
    for (name, layer, a, _), delta in zip(seen, deltas):
        prefix = f"{name}." if name else ""
        if delta is not None and layer.weight.requires_grad:
            yield prefix + "weight", delta, a
        if delta is not None and layer.bias is not None and layer.bias.requires_grad:
            yield prefix + "bias", delta, torch.ones_like(a[:, 0])


# %% nbgrader={"grade": false, "grade_id": "penalty", "locked": false, "schema_version": 3, "solution": true, "task": false}
# exercise: penalty
class QuadraticPenalty(Method):
    """A guard around the last task's weights: P(θ) = Σ Ω (θ − θ*)², where Ω says how much each weight matters."""

    def __init__(self):
        super().__init__()
        self.omega = {}  # Ω by parameter name, summed over the finished tasks
        self.anchor = {}  # θ* by parameter name, the weights at the end of the last finished task

    def importance(self, model, batches):
        """How much each parameter mattered to the task just finished; EWC, MAS and the others fill this in."""
        raise NotImplementedError("each method has an importance of its own")

    def penalty(self, model):
        """The penalty P(θ), without λ and without ½.

        Args:
            model: the network; its parameters are θ.

        Returns:
            A scalar tensor that can be differentiated with respect to the parameters; 0 before the first task has ended.
        """
        ### BEGIN SOLUTION
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total
        ### END SOLUTION

    def consolidate(self, model, batches):
        """Remember the task just finished: add its importance to `self.omega`, copy the parameters to `self.anchor`.

        Args:
            model: the network at the end of the task.
            batches: (inputs, labels) of the task's training data, to be handed to `self.importance(model, batches)`.
        """
        ### BEGIN SOLUTION
        for name, importance in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + importance
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
        ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "ewc", "locked": false, "schema_version": 3, "solution": true, "task": false}
# exercise: ewc
class EWC(QuadraticPenalty):
    """Elastic weight consolidation (Kirkpatrick et al. 2017): importance is the diagonal of the empirical Fisher."""

    def importance(self, model, batches):
        """Ω = (1/N) Σ_n g_n², g_n the gradient of example n's own cross-entropy, with its label from the data."""
        ### BEGIN SOLUTION
        omega = {name: torch.zeros_like(parameter) for name, parameter in model.named_parameters()}
        count = 0
        with evaluating(model):
            for inputs, labels in batches:
                count += len(inputs)
                loss = lambda outputs: F.cross_entropy(outputs, labels, reduction="none")
                for name, delta, a in factors(model, inputs, loss):
                    omega[name] += (delta**2).T @ a**2
        return {name: total / count for name, total in omega.items()}
        ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "mas", "locked": false, "schema_version": 3, "solution": true, "task": false}
# exercise: mas
class MAS(QuadraticPenalty):
    """Memory aware synapses (Aljundi et al. 2018): importance is how much the output would move."""

    def importance(self, model, batches):
        """Ω = (1/N) Σ_n |∂‖f(x_n)‖²/∂θ|, f(x_n) the network's output for example n, before any softmax. No labels."""
        ### BEGIN SOLUTION
        omega = {name: torch.zeros_like(parameter) for name, parameter in model.named_parameters()}
        count = 0
        with evaluating(model):
            for inputs, _ in batches:
                count += len(inputs)
                for name, delta, a in factors(model, inputs, lambda outputs: (outputs**2).sum(dim=1)):
                    omega[name] += delta.abs().T @ a.abs()
        return {name: total / count for name, total in omega.items()}
        ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "si", "locked": false, "schema_version": 3, "solution": true, "task": false}
# exercise: si
class SI(QuadraticPenalty):
    """Synaptic intelligence (Zenke et al. 2017): importance is what each weight did for the loss along the way."""

    damping = 0.1

    def begin_task(self, model):
        """Remember θ_start and set the path integral ω to 0."""
        ### BEGIN SOLUTION
        self.start = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
        self.path = {name: torch.zeros_like(parameter) for name, parameter in self.start.items()}
        ### END SOLUTION

    def observe(self, gradients, steps):
        """One step further along the path: ω −= g · Δ."""
        ### BEGIN SOLUTION
        for name, gradient in gradients.items():
            self.path[name] -= gradient * steps[name]
        ### END SOLUTION

    def importance(self, model, batches):
        """Ω of this task = relu(ω) / ((θ_end − θ_start)² + damping)."""
        ### BEGIN SOLUTION
        return {
            name: self.path[name].relu() / ((parameter.detach() - self.start[name]) ** 2 + self.damping)
            for name, parameter in model.named_parameters()
        }
        ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "rwalk", "locked": false, "schema_version": 3, "solution": true, "task": false}
# exercise: rwalk
class RWalk(QuadraticPenalty):
    """Riemannian walk (Chaudhry et al. 2018): a running Fisher plus a score for what each weight did on the way."""

    alpha = 0.9
    interval = 10
    epsilon = 1e-3

    def __init__(self):
        super().__init__()
        self.fisher = {}  # F, carried on over the tasks
        self.score = {}  # s, averaged over the finished tasks

    def begin_task(self, model):
        """Nothing has been walked in this task yet: its score, ω, d and the count of steps are 0."""
        ### BEGIN SOLUTION
        self.task_score = {name: torch.zeros_like(p) for name, p in model.named_parameters()}
        self.path = {name: torch.zeros_like(zeros) for name, zeros in self.task_score.items()}
        self.moved = {name: torch.zeros_like(zeros) for name, zeros in self.task_score.items()}
        self.count = 0
        ### END SOLUTION

    def observe(self, gradients, steps):
        """F ← α g² + (1−α) F (the very first step sets F = g²); ω −= g Δ; d += Δ; every `interval` steps, score."""
        ### BEGIN SOLUTION
        for name, gradient in gradients.items():
            before = self.fisher.get(name, gradient**2)
            self.fisher[name] = self.alpha * gradient**2 + (1 - self.alpha) * before
            self.path[name] -= gradient * steps[name]
            self.moved[name] += steps[name]
        self.count += 1
        if self.count % self.interval == 0:
            self.score_interval()
        ### END SOLUTION

    def score_interval(self):
        """s += relu(ω / (½ F d² + ε)), then ω = d = 0."""
        ### BEGIN SOLUTION
        for name, fisher in self.fisher.items():
            path, moved = self.path[name], self.moved[name]
            self.task_score[name] += (path / (0.5 * fisher * moved**2 + self.epsilon)).relu()
            path.zero_()
            moved.zero_()
        ### END SOLUTION

    def importance(self, model, batches):
        """F / max F + s / max s, each maximum over all parameters together; where it is 0, so is its term."""
        ### BEGIN SOLUTION
        if self.count % self.interval:
            self.score_interval()
        if self.score:
            self.score = {name: (before + self.task_score[name]) / 2 for name, before in self.score.items()}
        else:
            self.score = self.task_score
        omega = {name: torch.zeros_like(score) for name, score in self.score.items()}
        for values in (self.fisher, self.score):
            largest = max((float(value.max()) for value in values.values()), default=0.0)
            if largest > 0:
                for name, value in values.items():
                    omega[name] += value / largest
        return omega
        ### END SOLUTION

    def consolidate(self, model, batches):
        """As in QuadraticPenalty, except that the new Ω replaces the old one."""
        ### BEGIN SOLUTION
        self.omega = self.importance(model, batches)
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
        ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "scp", "locked": false, "schema_version": 3, "solution": true, "task": false}
# exercise: scp
def sphere(slices, dimensions, generator=None):
    """Directions drawn uniformly from the unit sphere, [slices, dimensions] float32."""
    ### BEGIN SOLUTION
    normal = torch.randn(slices, dimensions, generator=generator)
    return normal / normal.norm(dim=1, keepdim=True)
    ### END SOLUTION


class SCP(QuadraticPenalty):
    """Sliced Cramér preservation (Kolouri et al. 2020): importance is how the mean output moves, slice by slice."""

    slices = 100

    def importance(self, model, batches, directions=None):
        """Ω = (1/L) Σ_l (∂(ξ_l·φ̄)/∂θ)², φ̄ the mean output over all N examples. No labels."""
        ### BEGIN SOLUTION
        learnable = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
        jacobian, count = [], 0  # jacobian[k][name] = ∂(Σ_n f_k(x_n))/∂θ
        with evaluating(model):
            for inputs, _ in batches:
                count += len(inputs)
                summed = model(inputs).sum(dim=0)
                jacobian = jacobian or [{n: torch.zeros_like(p) for n, p in model.named_parameters()} for _ in summed]
                for rows, output in zip(jacobian, summed):
                    gradients = torch.autograd.grad(
                        output, list(learnable.values()), retain_graph=True, allow_unused=True
                    )
                    for name, gradient in zip(learnable, gradients):
                        if gradient is not None:
                            rows[name] += gradient
        if directions is None:
            directions = sphere(self.slices, len(jacobian))
        omega = {}
        for name, parameter in model.named_parameters():
            rows = torch.stack([row[name] for row in jacobian]) / count
            omega[name] = torch.zeros_like(parameter)
            for xi in directions.to(rows):
                omega[name] += torch.tensordot(xi, rows, dims=1) ** 2 / len(directions)
        return omega
        ### END SOLUTION
