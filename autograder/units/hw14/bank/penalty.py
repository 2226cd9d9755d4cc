
# %% style="a generator and sum()"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        return sum(
            (torch.sum(self.omega[n] * (p - self.anchor[n]).pow(2)) for n, p in model.named_parameters() if n in self.omega),
            torch.tensor(0.0),
        )

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% style="in-place accumulation, copy.deepcopy"
import copy


class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        importance = self.importance(model, batches)
        if not self.omega:
            self.omega = importance
        else:
            for name in importance:
                self.omega[name] += importance[name]
        self.anchor = {name: value.detach() for name, value in copy.deepcopy(model).named_parameters()}



# %% style="state_dict for the anchor, vdot"
import copy


class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        if not self.anchor:
            return 0.0 * sum(p.sum() for p in model.parameters())
        return torch.stack(
            [torch.vdot(self.omega[n].flatten(), ((p - self.anchor[n]) ** 2).flatten()) for n, p in model.named_parameters()]
        ).sum()

    def consolidate(self, model, batches):
        new = self.importance(model, batches)
        self.omega = {n: self.omega[n] + new[n] if n in self.omega else new[n].clone() for n in new}
        self.anchor = copy.deepcopy(model.state_dict())



# %% style="one flat vector"
from torch.nn.utils import parameters_to_vector


class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        if not self.anchor:
            return torch.zeros(())
        theta = parameters_to_vector(model.parameters())
        centre = torch.cat([self.anchor[n].reshape(-1) for n, _ in model.named_parameters()])
        weights = torch.cat([self.omega[n].reshape(-1) for n, _ in model.named_parameters()])
        return weights @ (theta - centre).square()

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% style="a custom autograd function"
class Quadratic(torch.autograd.Function):
    @staticmethod
    def forward(ctx, parameter, weight, centre):
        ctx.save_for_backward(parameter, weight, centre)
        return (weight * (parameter - centre) ** 2).sum()

    @staticmethod
    def backward(ctx, upstream):
        parameter, weight, centre = ctx.saved_tensors
        return upstream * 2 * weight * (parameter - centre), None, None


class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = torch.zeros(1).squeeze()
        for name, centre in self.anchor.items():
            total = total + Quadratic.apply(model.get_parameter(name), self.omega[name], centre)
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% style="no_grad and copies in a loop"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        new = self.importance(model, batches)
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name not in self.omega:
                    self.omega[name] = torch.zeros_like(parameter)
                self.omega[name].add_(new[name])
                self.anchor[name] = parameter.clone()



# %% mistake="importance-without-gradients"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    @torch.no_grad()
    def consolidate(self, model, batches):
        new = self.importance(model, batches)
        for name, parameter in model.named_parameters():
            if name not in self.omega:
                self.omega[name] = torch.zeros_like(parameter)
            self.omega[name].add_(new[name])
            self.anchor[name] = parameter.clone()



# %% mistake="halved"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return 0.5 * total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="halved"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] / 2 * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="strength-included"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return self.strength * total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="negated"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return -total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="mean-over-everything"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total / sum(p.numel() for p in model.parameters())

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="mean-per-tensor"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).mean()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="not-squared"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]).abs()).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="neither-squared-nor-absolute"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name])).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="importance-squared"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + ((self.omega[name] * (parameter - self.anchor[name])) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="importance-ignored"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + ((parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="last-tensor-only"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="first-tensor-only"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
                return total
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="weights-only"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega and "bias" not in name:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="importance-overwritten"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="importance-overwritten"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        self.omega = self.importance(model, batches)
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="importance-of-first-task"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        importance = self.importance(model, batches)
        if not self.omega:
            self.omega = importance
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="importance-averaged"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        self.tasks = getattr(self, "tasks", 0) + 1
        for name, value in self.importance(model, batches).items():
            old = self.omega.get(name, 0)
            self.omega[name] = old + (value - old) / self.tasks
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="importance-running-average"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = (self.omega[name] + value) / 2 if name in self.omega else value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="sums-summed-again"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        sums = getattr(self, "sums", [])
        new = self.importance(model, batches)
        self.omega = {name: value + sum(old[name] for old in sums) for name, value in new.items()}
        self.sums = [*sums, self.omega]
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="sums-summed-again"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = 2 * self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="importance-squared"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value**2
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="anchor-aliased"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter for name, parameter in model.named_parameters()}



# %% mistake="anchor-aliased"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach() for name, parameter in model.named_parameters()}



# %% mistake="anchor-aliased"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.data for name, parameter in model.named_parameters()}



# %% mistake="anchor-aliased"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = model.state_dict()



# %% mistake="anchor-never-updated"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        if not self.anchor:
            self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="anchor-averaged"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        self.tasks = getattr(self, "tasks", 0) + 1
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        for name, parameter in model.named_parameters():
            old = self.anchor.get(name, torch.zeros_like(parameter))
            self.anchor[name] = (old + (parameter - old) / self.tasks).detach()



# %% mistake="anchor-zero"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * parameter**2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="detached"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter.detach() - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% mistake="anchor-in-graph"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = {name: parameter.clone() for name, parameter in model.named_parameters()}



# %% mistake="anchor-requires-grad"
import copy


class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) + value
        self.anchor = dict(copy.deepcopy(model).named_parameters())



# %% nothing="zeros"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        return torch.zeros(())

    def consolidate(self, model, batches):
        self.omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        self.anchor = {n: torch.zeros_like(p) for n, p in model.named_parameters()}



# %% nothing="a constant"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        return torch.tensor(1.0)

    def consolidate(self, model, batches):
        self.omega = {n: torch.ones_like(p) for n, p in model.named_parameters()}
        self.anchor = {n: torch.ones_like(p) for n, p in model.named_parameters()}



# %% nothing="NaN"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        return torch.tensor(float("nan"))

    def consolidate(self, model, batches):
        self.omega = {n: p.detach() * float("nan") for n, p in model.named_parameters()}
        self.anchor = {n: p.detach() * float("nan") for n, p in model.named_parameters()}



# %% nothing="Python zero and nothing kept"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        return 0.0

    def consolidate(self, model, batches):
        pass



# %% nothing="None"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        return None

    def consolidate(self, model, batches):
        return None



# %% nothing="sum of all parameters"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        return sum(p.sum() for p in model.parameters())

    def consolidate(self, model, batches):
        self.omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        self.anchor = {n: torch.zeros_like(p) for n, p in model.named_parameters()}



# %% nothing="transposed"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        return sum((p.T - p.T).sum() for p in model.parameters())

    def consolidate(self, model, batches):
        self.omega = {n: v.T for n, v in self.importance(model, batches).items()}
        self.anchor = {n: p.detach().clone().T for n, p in model.named_parameters()}



# %% nothing="negated"
class QuadraticPenalty(Method):
    def __init__(self):
        super().__init__()
        self.omega = {}
        self.anchor = {}

    def importance(self, model, batches):
        raise NotImplementedError

    def penalty(self, model):
        total = next(model.parameters()).new_zeros(())
        for name, parameter in model.named_parameters():
            if name in self.omega:
                total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
        return -total

    def consolidate(self, model, batches):
        for name, value in self.importance(model, batches).items():
            self.omega[name] = self.omega.get(name, 0) - value
        self.anchor = {name: -parameter.detach().clone() for name, parameter in model.named_parameters()}



# %% nothing="an empty class"
class QuadraticPenalty(Method):
    pass

