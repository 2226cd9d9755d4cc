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



# %% style="one flat vector" of="a generator and sum()"
# + from torch.nn.utils import parameters_to_vector
# + 
# + 
#   class QuadraticPenalty(Method):
# ...
# -         return sum(
# -             (torch.sum(self.omega[n] * (p - self.anchor[n]).pow(2)) for n, p in model.named_parameters() if n in self.omega),
# -             torch.tensor(0.0),
# -         )
# +         if not self.anchor:
# +             return torch.zeros(())
# +         theta = parameters_to_vector(model.parameters())
# +         centre = torch.cat([self.anchor[n].reshape(-1) for n, _ in model.named_parameters()])
# +         weights = torch.cat([self.omega[n].reshape(-1) for n, _ in model.named_parameters()])
# +         return weights @ (theta - centre).square()

# %% style="a custom autograd function" of="one flat vector"
# - from torch.nn.utils import parameters_to_vector
# + class Quadratic(torch.autograd.Function):
# +     @staticmethod
# +     def forward(ctx, parameter, weight, centre):
# +         ctx.save_for_backward(parameter, weight, centre)
# +         return (weight * (parameter - centre) ** 2).sum()
# + 
# +     @staticmethod
# +     def backward(ctx, upstream):
# +         parameter, weight, centre = ctx.saved_tensors
# +         return upstream * 2 * weight * (parameter - centre), None, None
# ...
# -         if not self.anchor:
# -             return torch.zeros(())
# -         theta = parameters_to_vector(model.parameters())
# -         centre = torch.cat([self.anchor[n].reshape(-1) for n, _ in model.named_parameters()])
# -         weights = torch.cat([self.omega[n].reshape(-1) for n, _ in model.named_parameters()])
# -         return weights @ (theta - centre).square()
# +         total = torch.zeros(1).squeeze()
# +         for name, centre in self.anchor.items():
# +             total = total + Quadratic.apply(model.get_parameter(name), self.omega[name], centre)
# +         return total

# %% style="no_grad and copies in a loop" of="in-place accumulation, copy.deepcopy"
# - import copy
# - 
# - 
# ...
# -         importance = self.importance(model, batches)
# -         if not self.omega:
# -             self.omega = importance
# -         else:
# -             for name in importance:
# -                 self.omega[name] += importance[name]
# -         self.anchor = {name: value.detach() for name, value in copy.deepcopy(model).named_parameters()}
# +         new = self.importance(model, batches)
# +         with torch.no_grad():
# +             for name, parameter in model.named_parameters():
# +                 if name not in self.omega:
# +                     self.omega[name] = torch.zeros_like(parameter)
# +                 self.omega[name].add_(new[name])
# +                 self.anchor[name] = parameter.clone()

# %% mistake="importance-without-gradients" of="no_grad and copies in a loop"
# +     @torch.no_grad()
#       def consolidate(self, model, batches):
#           new = self.importance(model, batches)
# -         with torch.no_grad():
# -             for name, parameter in model.named_parameters():
# -                 if name not in self.omega:
# -                     self.omega[name] = torch.zeros_like(parameter)
# -                 self.omega[name].add_(new[name])
# -                 self.anchor[name] = parameter.clone()
# +         for name, parameter in model.named_parameters():
# +             if name not in self.omega:
# +                 self.omega[name] = torch.zeros_like(parameter)
# +             self.omega[name].add_(new[name])
# +             self.anchor[name] = parameter.clone()

# %% mistake="halved" of="a generator and sum()"
# -         return sum(
# -             (torch.sum(self.omega[n] * (p - self.anchor[n]).pow(2)) for n, p in model.named_parameters() if n in self.omega),
# -             torch.tensor(0.0),
# -         )
# +         total = next(model.parameters()).new_zeros(())
# +         for name, parameter in model.named_parameters():
# +             if name in self.omega:
# +                 total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
# +         return 0.5 * total

# %% mistake="halved" of="halved"
# -                 total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
# -         return 0.5 * total
# +                 total = total + (self.omega[name] / 2 * (parameter - self.anchor[name]) ** 2).sum()
# +         return total

# %% mistake="strength-included" of="halved"
# -         return 0.5 * total
# +         return self.strength * total

# %% mistake="negated" of="halved"
# -         return 0.5 * total
# +         return -total

# %% mistake="mean-over-everything" of="halved"
# -         return 0.5 * total
# +         return total / sum(p.numel() for p in model.parameters())

# %% mistake="mean-per-tensor" of="halved 2"
# -                 total = total + (self.omega[name] / 2 * (parameter - self.anchor[name]) ** 2).sum()
# +                 total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).mean()

# %% mistake="not-squared" of="halved 2"
# -                 total = total + (self.omega[name] / 2 * (parameter - self.anchor[name]) ** 2).sum()
# +                 total = total + (self.omega[name] * (parameter - self.anchor[name]).abs()).sum()

# %% mistake="neither-squared-nor-absolute" of="halved 2"
# -                 total = total + (self.omega[name] / 2 * (parameter - self.anchor[name]) ** 2).sum()
# +                 total = total + (self.omega[name] * (parameter - self.anchor[name])).sum()

# %% mistake="importance-squared" of="halved 2"
# -                 total = total + (self.omega[name] / 2 * (parameter - self.anchor[name]) ** 2).sum()
# +                 total = total + ((self.omega[name] * (parameter - self.anchor[name])) ** 2).sum()

# %% mistake="importance-ignored" of="halved 2"
# -                 total = total + (self.omega[name] / 2 * (parameter - self.anchor[name]) ** 2).sum()
# +                 total = total + ((parameter - self.anchor[name]) ** 2).sum()

# %% mistake="last-tensor-only" of="halved 2"
# -                 total = total + (self.omega[name] / 2 * (parameter - self.anchor[name]) ** 2).sum()
# +                 total = (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()

# %% mistake="first-tensor-only" of="halved"
# -         return 0.5 * total
# +                 return total
# +         return total

# %% mistake="weights-only" of="first-tensor-only"
# -             if name in self.omega:
# +             if name in self.omega and "bias" not in name:
# ...
# -                 return total

# %% mistake="importance-overwritten" of="first-tensor-only"
# -                 return total
# ...
# -             self.omega[name] = self.omega.get(name, 0) + value
# +             self.omega[name] = value

# %% mistake="importance-overwritten" of="importance-overwritten"
# -         for name, value in self.importance(model, batches).items():
# -             self.omega[name] = value
# +         self.omega = self.importance(model, batches)

# %% mistake="importance-of-first-task" of="importance-overwritten 2"
# -         self.omega = self.importance(model, batches)
# +         importance = self.importance(model, batches)
# +         if not self.omega:
# +             self.omega = importance

# %% mistake="importance-averaged" of="importance-overwritten 2"
# -         self.omega = self.importance(model, batches)
# +         self.tasks = getattr(self, "tasks", 0) + 1
# +         for name, value in self.importance(model, batches).items():
# +             old = self.omega.get(name, 0)
# +             self.omega[name] = old + (value - old) / self.tasks

# %% mistake="importance-running-average" of="importance-overwritten"
# -             self.omega[name] = value
# +             self.omega[name] = (self.omega[name] + value) / 2 if name in self.omega else value

# %% mistake="sums-summed-again" of="importance-overwritten 2"
# -         self.omega = self.importance(model, batches)
# +         sums = getattr(self, "sums", [])
# +         new = self.importance(model, batches)
# +         self.omega = {name: value + sum(old[name] for old in sums) for name, value in new.items()}
# +         self.sums = [*sums, self.omega]

# %% mistake="sums-summed-again" of="importance-overwritten"
# -             self.omega[name] = value
# +             self.omega[name] = 2 * self.omega.get(name, 0) + value

# %% mistake="importance-squared" of="importance-overwritten"
# -             self.omega[name] = value
# +             self.omega[name] = self.omega.get(name, 0) + value**2

# %% mistake="anchor-aliased" of="first-tensor-only"
# -                 return total
# ...
# -         self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
# +         self.anchor = {name: parameter for name, parameter in model.named_parameters()}

# %% mistake="anchor-aliased" of="anchor-aliased"
# -         self.anchor = {name: parameter for name, parameter in model.named_parameters()}
# +         self.anchor = {name: parameter.detach() for name, parameter in model.named_parameters()}

# %% mistake="anchor-aliased" of="anchor-aliased"
# -         self.anchor = {name: parameter for name, parameter in model.named_parameters()}
# +         self.anchor = {name: parameter.data for name, parameter in model.named_parameters()}

# %% mistake="anchor-aliased" of="anchor-aliased"
# -         self.anchor = {name: parameter for name, parameter in model.named_parameters()}
# +         self.anchor = model.state_dict()

# %% mistake="anchor-never-updated" of="anchor-aliased"
# -         self.anchor = {name: parameter for name, parameter in model.named_parameters()}
# +         if not self.anchor:
# +             self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}

# %% mistake="anchor-averaged" of="importance-averaged"
# -             old = self.omega.get(name, 0)
# -             self.omega[name] = old + (value - old) / self.tasks
# -         self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
# +             self.omega[name] = self.omega.get(name, 0) + value
# +         for name, parameter in model.named_parameters():
# +             old = self.anchor.get(name, torch.zeros_like(parameter))
# +             self.anchor[name] = (old + (parameter - old) / self.tasks).detach()

# %% mistake="anchor-zero" of="halved 2"
# -                 total = total + (self.omega[name] / 2 * (parameter - self.anchor[name]) ** 2).sum()
# +                 total = total + (self.omega[name] * parameter**2).sum()

# %% mistake="detached" of="halved 2"
# -                 total = total + (self.omega[name] / 2 * (parameter - self.anchor[name]) ** 2).sum()
# +                 total = total + (self.omega[name] * (parameter.detach() - self.anchor[name]) ** 2).sum()

# %% mistake="anchor-in-graph" of="anchor-aliased"
# -         self.anchor = {name: parameter for name, parameter in model.named_parameters()}
# +         self.anchor = {name: parameter.clone() for name, parameter in model.named_parameters()}

# %% mistake="anchor-requires-grad" of="anchor-aliased"
# + import copy
# + 
# + 
#   class QuadraticPenalty(Method):
# ...
# -         self.anchor = {name: parameter for name, parameter in model.named_parameters()}
# +         self.anchor = dict(copy.deepcopy(model).named_parameters())

# %% nothing="zeros" of="a generator and sum()"
# -         return sum(
# -             (torch.sum(self.omega[n] * (p - self.anchor[n]).pow(2)) for n, p in model.named_parameters() if n in self.omega),
# -             torch.tensor(0.0),
# -         )
# +         return torch.zeros(())
# ...
# -         for name, value in self.importance(model, batches).items():
# -             self.omega[name] = self.omega.get(name, 0) + value
# -         self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
# +         self.omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         self.anchor = {n: torch.zeros_like(p) for n, p in model.named_parameters()}

# %% nothing="a constant" of="zeros"
# -         return torch.zeros(())
# +         return torch.tensor(1.0)
# ...
# -         self.omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# -         self.anchor = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         self.omega = {n: torch.ones_like(p) for n, p in model.named_parameters()}
# +         self.anchor = {n: torch.ones_like(p) for n, p in model.named_parameters()}

# %% nothing="NaN" of="zeros"
# -         return torch.zeros(())
# +         return torch.tensor(float("nan"))
# ...
# -         self.omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# -         self.anchor = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         self.omega = {n: p.detach() * float("nan") for n, p in model.named_parameters()}
# +         self.anchor = {n: p.detach() * float("nan") for n, p in model.named_parameters()}

# %% nothing="Python zero and nothing kept" of="zeros"
# -         return torch.zeros(())
# +         return 0.0
# ...
# -         self.omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# -         self.anchor = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         pass

# %% nothing="None" of="Python zero and nothing kept"
# -         return 0.0
# +         return None
# ...
# -         pass
# +         return None

# %% nothing="sum of all parameters" of="zeros"
# -         return torch.zeros(())
# +         return sum(p.sum() for p in model.parameters())

# %% nothing="transposed" of="Python zero and nothing kept"
# -         return 0.0
# +         return sum((p.T - p.T).sum() for p in model.parameters())
# ...
# -         pass
# +         self.omega = {n: v.T for n, v in self.importance(model, batches).items()}
# +         self.anchor = {n: p.detach().clone().T for n, p in model.named_parameters()}

# %% nothing="negated" of="negated"
# -             self.omega[name] = self.omega.get(name, 0) + value
# -         self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
# +             self.omega[name] = self.omega.get(name, 0) - value
# +         self.anchor = {name: -parameter.detach().clone() for name, parameter in model.named_parameters()}

# %% nothing="an empty class"
class QuadraticPenalty(Method):
    pass
